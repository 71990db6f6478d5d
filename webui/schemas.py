"""Which shape has each JSON answer? The component schemas of the OpenAPI description.

The shapes are written once, here, as the contract names them; a test holds every answer of the
running API against them, so that a key that is added to an answer without its schema fails.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from indexer.library import (
    AbstentionCode,
    AnswerKind,
    AnswerStatus,
    Fold,
    MatchKind,
    Sort,
    TakenAs,
)
from indexer.model import MoneyState, Role, Severity

Schema = dict[str, Any]


def text(description: str = "", **more: Any) -> Schema:
    """A string."""
    return _described({"type": "string", **more}, description)


def whole(description: str = "", **more: Any) -> Schema:
    """An integer."""
    return _described({"type": "integer", **more}, description)


def number(description: str = "") -> Schema:
    """Any number."""
    return _described({"type": "number"}, description)


def yes_or_no(description: str = "") -> Schema:
    """A truth value."""
    return _described({"type": "boolean"}, description)


def some(item: Schema, description: str = "") -> Schema:
    """A list of ``item``."""
    return _described({"type": "array", "items": item}, description)


def one_of(kind: type[StrEnum], description: str = "") -> Schema:
    """One of the names of an enumeration of the model."""
    return text(description, enum=[str(member) for member in kind])


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    kind = schema.get("type")
    if isinstance(kind, str) and "enum" not in schema:
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """A component by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object with these keys; all of them are there except the ``optional`` ones. Keys may be
    added later, so the description does not forbid others."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def by_name(values: Schema) -> Schema:
    """An object whose keys are names of its own."""
    return {"type": "object", "additionalProperties": values}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if description else schema


HEADING = record(
    number=or_null(text()), title=text(), line=whole("この見出しの行番号（1から。なければ0）")
)
MONEY = record(
    yen=or_null(whole("円。state が value か zero のときだけ整数")),
    state=one_of(MoneyState, "数字があるか、ないならその理由"),
    raw=text("予算書の表記そのまま"),
    unit=or_null(text("印刷された単位")),
    line=or_null(whole("印刷された行（1から）")),
)
LEVEL = record(number=or_null(text()), name=text("款・項・目の名前"))
DOCUMENT = record(
    id=text(),
    title=text(),
    publisher=or_null(text("発行者")),
    publisher_code=or_null(text()),
    fiscal_year=or_null(whole("会計年度が始まる西暦の年。令和7年度は2025")),
    fiscal_year_label=or_null(text()),
    account=or_null(text("会計")),
    amount_unit=or_null(text()),
    forecast_unit=or_null(text()),
    kind=or_null(text()),
    licence=or_null(text("利用条件")),
    source_url=or_null(text("入手元")),
    path=text(),
    sha256=text(),
    encoding=text(),
    inferred=some(text(), "本文から推定した項目"),
    sections=some(ref("Heading")),
    goals=some(ref("Heading")),
    url=text("このサイトでの住所"),
)
PROGRAMME = record(
    ("printed",),
    id=text(),
    title=text("事業名"),
    document=ref("Document"),
    account=or_null(text("会計")),
    section=or_null(text("部局")),
    section_number=or_null(text()),
    policy_goal=or_null(text("目標")),
    policy_goal_number=or_null(text()),
    status=or_null(text("区分")),
    status_raw=or_null(text("区分の表記そのまま")),
    department=or_null(text("担当課")),
    bureau=or_null(text("担当する局・庁。担当課の表記のはじめの部分")),
    amount=ref("Money"),
    previous_amount=ref("Money"),
    printed_change=or_null(ref("Money")),
    change_yen=or_null(whole("前年度との差（円）")),
    change_ratio=or_null(number("前年度との差の割合。0.543 は +54.3%")),
    forecasts=some(
        record(fiscal_year=or_null(whole()), label=text(), amount=ref("Money")), "後年度の見込額"
    ),
    started=or_null(whole("事業開始年度")),
    ended=or_null(whole("事業終了（予定）年度")),
    executed=or_null(ref("Money")),
    executed_fiscal_year=or_null(whole("executed がどの会計年度の執行額か")),
    executions=some(
        record(fiscal_year=whole(), amount=ref("Money")), "年度ごとの執行額。新しい年度から"
    ),
    classification=or_null(
        record(
            side={"enum": ["expenditure", "revenue"], "description": "歳出か歳入か"},
            kan=or_null(LEVEL),
            ko=or_null(LEVEL),
            moku=or_null(LEVEL),
            setsu=some(record(number=text(), name=text(), amount=ref("Money")), "節"),
        )
    ),
    funding=or_null(
        record(
            national_prefectural=ref("Money"),
            bonds=ref("Money"),
            other=ref("Money"),
            general=ref("Money"),
        )
    ),
    page=or_null(whole("予算書のページ")),
    role=one_of(Role, "予算書のなかの位置"),
    number=or_null(text("事業番号")),
    parent_id=or_null(text()),
    group_id=or_null(text()),
    child_ids=some(text()),
    description=some(text(), "事業の説明（段落）"),
    description_lines=some(some(whole()), "段落の最初と最後の行"),
    inherited=some(text(), "まとめ記載から受け継いだ項目"),
    contents=or_null(record(order=whole(), line=whole(), page=or_null(whole()))),
    evidence=some(record(field=text(), line=whole())),
    flags=some(text()),
    source=record(
        path=text(),
        first_line=or_null(whole()),
        last_line=or_null(whole()),
        pages=or_null(some(whole(), "ファイルの何ページ目から何ページ目まで（PDFのみ）")),
        boxes=some(some(number()), "ページと左・上・右・下（ポイント、左上が原点）"),
    ),
    url=text("このサイトでの住所"),
    printed=by_name(text()),
)
YEAR = record(
    fiscal_year=or_null(whole("会計年度（西暦）")),
    program_id=text("その年度の事業のID"),
    amount=ref("Money"),
)
FACET_VALUE = record(
    value={"type": ["string", "integer"]},
    count=whole("件数。数え方は total と同じ", minimum=0),
    yen=whole("予算額の合計（円）。親と内訳を二重に数えない"),
    previous_yen=whole("前年度予算額の合計（円）"),
    selected=yes_or_no(),
    toggle_url=text("この値を加えた、または外した検索"),
)
HIT = record(
    program=ref("Programme"),
    years=some(
        ref("Year"), "この1件に含まれる年度。新しい年度から。年度ごとに並べたときは、その年度だけ"
    ),
    complete=yes_or_no("すべての言葉を含むか。いいえなら近い事業"),
    score=number(),
    snippets=some(
        record(
            field=text(),
            text=text("印刷された文字そのまま"),
            ranges=some(some(whole()), "一致した範囲（始まり、終わり）"),
            line=or_null(whole()),
            page=or_null(whole()),
        )
    ),
    why=some(record(kind=one_of(MatchKind), typed=text(), matched=text()), "見つかった理由"),
)
FILTERS = by_name({"anyOf": [some(text()), whole("円")]})
SEARCH_RESULT = record(
    query=record(
        text=text(),
        filters=FILTERS,
        sort=one_of(Sort),
        offset=whole(minimum=0),
        limit=whole(),
        literal=yes_or_no(),
        near=yes_or_no(),
        fold=one_of(Fold, "1件が、年度をまとめた事業（programs）か、一つの年度の事業（none）か"),
        remarks=some(text(), "読み取りについての注意"),
        understood=some(
            record(typed=text(), facet=text(), value=text(), label=text()), "言葉から読んだ条件"
        ),
    ),
    total=whole("件数。fold が programs のときは、年度をまとめた事業の数", minimum=0),
    total_rows=whole("年度ごとに数えた事業の数", minimum=0),
    total_yen=whole("予算額の合計（円）。見つかったすべての年度の額を足したもの"),
    previous_total_yen=whole(),
    near_total=whole("すべての件数の後に並ぶ、近い事業の数", minimum=0),
    confidence=or_null(number("最初の事業が探されたものである見込み（0〜1）")),
    hits=some(ref("Hit")),
    facets=by_name(some(ref("FacetValue"))),
    facet_totals=by_name(whole("facet_limit で省いたものを含む、値の数", minimum=0)),
    did_you_mean=some(text()),
    next_steps=some(
        record(message=text(), query=record(text=text(), filters=FILTERS, sort=one_of(Sort))),
        "見つからないときの次の手段",
    ),
    took_ms=number(),
    url=text("同じ検索のページ"),
)
VALUE = record(
    number=or_null(number("unit が円なら円の整数、%なら百分率")),
    unit=or_null(text("円、%、件、倍、頁")),
    text=or_null(text("数字でない答え")),
    display=text("読みやすい書き方"),
    fiscal_year=or_null(whole()),
    basis=or_null(text("当初予算、前年度予算、見込額")),
)
ANSWER = record(
    status=one_of(
        AnswerStatus, "shown と abstained は答えではない。passages に近い記載があることがある"
    ),
    kind=one_of(AnswerKind),
    text=text("一文の答え"),
    value=or_null(ref("Value")),
    rows=some(
        record(
            program_id=or_null(text()),
            title=text(),
            field=or_null(text()),
            value=or_null(ref("Value")),
        ),
        "一覧と集計では全件",
    ),
    interpretation=record(
        ja=text("質問の読み取り"),
        search_url=text(),
        entity=or_null(record(typed=text(), matched=text(), how=text())),
        assumptions=some(text()),
        unused_words=some(text(), "何にも読み取られなかった言葉"),
        bound=some(
            record(**{"typed": text(), "as": one_of(TakenAs), "value": text()}),
            "質問のそれぞれの部分を何と読み取ったか",
        ),
    ),
    evidence=some(
        record(
            program_id=or_null(text()),
            document_id=text(),
            page=or_null(whole()),
            line=or_null(whole()),
            field=text(),
            quote=text("印刷された行の文字そのまま"),
        )
    ),
    derivation=or_null(
        record(
            op=text("sum、count、avg、max、min、sub、div"),
            args=some(number()),
            result=or_null(number()),
            n_matched=whole(minimum=0),
            n_with_value=whole(minimum=0),
            excluded=some(text()),
            excluded_reason=or_null(text()),
        )
    ),
    alternatives=some(record(question=text(), program_id=or_null(text()))),
    warnings=some(text()),
    abstention=or_null(
        record(
            code=one_of(AbstentionCode),
            message_ja=text(),
            nearest=some(text()),
            suggestions=some(text()),
        )
    ),
    passages=some(
        record(
            program_id=text(),
            title=text("事業名"),
            document_id=text(),
            page=or_null(whole()),
            line=or_null(whole("文が始まる行")),
            quote=text("印刷された文の文字そのまま"),
            amount=ref("Money"),
        ),
        "答えではなく、質問に近い記載（3つまで、近いものから）。amount はその事業の予算額",
    ),
)
WHOLE_DOCUMENT = {
    **DOCUMENT,
    "properties": {
        **DOCUMENT["properties"],
        "program_ids": some(text()),
        "lines": some(text(), "印刷された行"),
        "problems": some(
            record(line=or_null(whole()), kind=text(), message=text(), severity=one_of(Severity)),
            "読み取りの問題",
        ),
        "checks": some(
            record(
                name=text(),
                expected=text(),
                found=text(),
                ok=yes_or_no(),
                line=or_null(whole()),
            ),
            "照合の結果",
        ),
    },
    "required": [*DOCUMENT["required"], "program_ids", "lines", "problems", "checks"],
}
SUGGESTIONS = {
    "type": "array",
    "description": "OpenSearch Suggestions：打った言葉と、その続き",
    "items": {"anyOf": [text(), some(text())]},
    "minItems": 2,
    "maxItems": 2,
}
PROBLEM = record(
    ("parameter",),
    type=text("誤りの種類"),
    title=text(),
    status=whole(),
    detail=text("直し方を添えた一文"),
    instance=text(),
    parameter=text("読み取れなかった指定の名前"),
)

SCHEMAS: dict[str, Schema] = {
    "Heading": HEADING,
    "Money": MONEY,
    "Document": DOCUMENT,
    "WholeDocument": WHOLE_DOCUMENT,
    "Documents": record(documents=some(ref("Document"))),
    "Programme": PROGRAMME,
    "FacetValue": FACET_VALUE,
    "Year": YEAR,
    "Hit": HIT,
    "SearchResult": SEARCH_RESULT,
    "Value": VALUE,
    "Answer": ANSWER,
    "Suggestions": SUGGESTIONS,
    "Problem": PROBLEM,
}
"""Every component schema by its name."""
