"""Has this record the shape it claims? Checked here once, so that no later stage meets another.

Two tables say which keys a record has and what may stand in each. A key that is missing, or holds
another type, is named; keys that are not in the tables are let through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from indexer.contract import program_from_json
from indexer.model import MoneyState, Role
from indexer.sources.document import SourceFormat

_NUMBER_MAXIMUM = 2**53
_MILLIONS_MAXIMUM = _NUMBER_MAXIMUM / 10**6
_NUMBERS = (float, int)
"""Whole numbers up to here survive every JSON reader and every column of an index."""
_ID = re.compile(r"[^\s/?#%\x00-\x1f]{1,200}")


class ShapeError(ValueError):
    """What is wrong, as the end of a sentence that begins with file and line."""


Check = Callable[[object], bool]


def format_of(record: object) -> SourceFormat | None:
    """Which kind of record this is, by the keys no other kind has; ``None`` for neither."""
    if not isinstance(record, dict):
        return None
    if "公開年度" in record and "事業番号" in record:
        return "review_sheets"
    if "document" in record and "title" in record:
        return "export"
    return None


def check_export_record(record: Mapping[str, Any]) -> None:
    """A record as ``contract.program_to_json`` writes it. Raises :class:`ShapeError`."""
    _check_keys(record, _PROGRAM, "")
    _check_keys(record["document"], _DOCUMENT, "document.")
    for key in ("amount", "previous_amount", "printed_change"):
        _check_money(record.get(key), key)
    for index, forecast in enumerate(record.get("forecasts") or ()):
        _check_money(forecast["amount"], f"forecasts[{index}].amount")
    for index, execution in enumerate(record.get("executions") or ()):
        _check_money(execution["amount"], f"executions[{index}].amount")
    _check_classification(record.get("classification"))
    _check_funding(record.get("funding"))
    spans = record.get("description_lines")
    if spans is not None and len(spans) != len(record.get("description") or ()):
        raise ShapeError(_wrong("description_lines", "段落と同じ数"))
    try:
        program_from_json(record)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ShapeError(
            f"は事業の記録として読めない（{error}）ので、書き方を直してください。"
        ) from error


def check_review_sheet(record: Mapping[str, Any]) -> None:
    """A national review sheet. Raises :class:`ShapeError`."""
    _check_keys(record, _SHEET, "")
    for index, row in enumerate(record["予算"]):
        for key, value in row.items():
            check = _is_year if key == "年度" else _is_amount
            if not check(value):
                raise ShapeError(_wrong(f"予算[{index}].{key}", "年か百万円単位の数"))
        if "年度" not in row:
            raise ShapeError(_missing(f"予算[{index}].年度"))
    years = [row["年度"] for row in record["予算"]]
    if len(set(years)) < len(years):
        raise ShapeError(_wrong("予算", "一つの年度につき一つの行"))


def _check_keys(record: Mapping[str, Any], table: Mapping[str, _Rule], prefix: str) -> None:
    for key, rule in table.items():
        if key not in record:
            if rule.required:
                raise ShapeError(_missing(prefix + key))
            continue
        value = record[key]
        if value is None and not rule.required:
            continue
        if not rule.check(value):
            raise ShapeError(_wrong(prefix + key, rule.words))


def _check_money(value: object, key: str) -> None:
    """``{"yen", "state", "raw"}``, where only the states value and zero have a number."""
    if value is None:
        return
    if not isinstance(value, dict):
        raise ShapeError(_wrong(key, "金額の記録（yen・state・raw）"))
    for inner in ("yen", "state", "raw"):
        if inner not in value:
            raise ShapeError(_missing(f"{key}.{inner}"))
    if value["state"] not in list(MoneyState):
        raise ShapeError(_wrong(f"{key}.state", f"次のどれか（{'・'.join(MoneyState)}）"))
    has_number = value["state"] in (MoneyState.VALUE, MoneyState.ZERO)
    if has_number != _is_whole(value["yen"]) or not (has_number or value["yen"] is None):
        raise ShapeError(_wrong(f"{key}.yen", "円の整数（value・zero 以外では null）"))
    if value["state"] == MoneyState.ZERO and value["yen"] != 0:
        raise ShapeError(_wrong(f"{key}.yen", "0"))
    _check_keys(value, _MONEY, f"{key}.")


def _check_classification(value: object) -> None:
    """``{"side", "kan", "ko", "moku", "setsu"}``: numbers and names of the legal levels."""
    if value is None:
        return
    if not isinstance(value, dict) or not _is_text(value.get("side")):
        raise ShapeError(_wrong("classification", "款・項・目の記録（side など）"))
    levels = [value[name] for name in ("kan", "ko", "moku") if value.get(name) is not None]
    setsu = value.get("setsu") or []
    if not isinstance(setsu, list) or not all(map(_is_level, (*levels, *setsu))):
        raise ShapeError(_wrong("classification", "番号（number）と名前（name）の記録"))
    for index, item in enumerate(setsu):
        _check_money(item.get("amount"), f"classification.setsu[{index}].amount")


def _is_level(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    number = value.get("number")
    return _is_text(value.get("name")) and (number is None or _is_text(number))


def _check_funding(value: object) -> None:
    """財源内訳: an amount of money by each source."""
    if value is None:
        return
    if not isinstance(value, dict):
        raise ShapeError(_wrong("funding", "財源ごとの金額の記録"))
    for name, money in value.items():
        _check_money(money, f"funding.{name}")


def _missing(key: str) -> str:
    return f"にキー {key} がないので、値を書いてください。"


def _wrong(key: str, words: str) -> str:
    return f"の {key} は{words}でないといけないので、値を直してください。"


class _Rule:
    """What may stand under a key, in code and in words."""

    def __init__(self, check: Check, words: str, required: bool = False) -> None:
        self.check = check
        self.words = words
        self.required = required


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _NUMBER_MAXIMUM


def _is_year(value: object) -> bool:
    return _is_whole(value) and isinstance(value, int) and 1868 <= value <= 2199


def _is_amount(value: Any) -> bool:
    # 28 in a sheet, so no more than this: JSON's true and false are of neither type.
    return value is None or (type(value) in _NUMBERS and abs(value) < _MILLIONS_MAXIMUM)


def _is_line(value: object) -> bool:
    return _is_whole(value) and isinstance(value, int) and 0 <= value <= 10**8


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _object_of(rules: Mapping[str, Check]) -> Check:
    """An object with at least these keys."""
    return lambda value: (
        isinstance(value, dict)
        and all(key in value and check(value[key]) for key, check in rules.items())
    )


def _is_span(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_line(item) for item in value)


def _is_text_or_null(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_forecast(value: object) -> bool:
    has_keys = _object_of({"fiscal_year": _is_year, "amount": lambda v: isinstance(v, dict)})
    return has_keys(value) and isinstance(value, dict) and _is_text_or_null(value.get("label"))


def _is_contents_entry(value: object) -> bool:
    has_keys = _object_of({"order": _is_whole, "line": _is_line})
    if not (has_keys(value) and isinstance(value, dict)):
        return False
    return value.get("page") is None or _is_whole(value["page"])


def _is_source(value: object) -> bool:
    return isinstance(value, dict) and all(
        value.get(key) is None or _is_line(value[key]) for key in ("first_line", "last_line")
    )


def _is_printed(value: object) -> bool:
    """Line number → text. The number is bounded: lines are rebuilt as a list."""
    return isinstance(value, dict) and all(
        re.fullmatch(r"[1-9][0-9]{0,6}", key) and isinstance(text, str)
        for key, text in value.items()
    )


_is_execution = _object_of({"fiscal_year": _is_year, "amount": lambda v: isinstance(v, dict)})
_HEADING = _object_of({"number": _is_text_or_null, "title": _is_text, "line": _is_line})

_TEXT = _Rule(_is_text, "文字列")
_TEXTS = _Rule(_list_of(_is_text), "文字列の配列")
_YEAR = _Rule(_is_year, "西暦の年")
_LINE = _Rule(_is_line, "行番号")
_HEADINGS = _Rule(_list_of(_HEADING), "見出し（number・title・line）の配列")
_IDENTIFIER = _Rule(_is_id, "空白や / を含まない文字列", required=True)

_MONEY = {"raw": _Rule(_is_text, "文字列", required=True), "unit": _TEXT, "line": _LINE}

_PROGRAM = {
    "id": _IDENTIFIER,
    "title": _Rule(_is_name, "空でない文字列", required=True),
    "document": _Rule(lambda value: isinstance(value, dict), "文書の記録", required=True),
    "role": _Rule(lambda value: value in list(Role), f"次のどれか（{'・'.join(Role)}）"),
    **dict.fromkeys(("account", "section", "section_number", "status", "status_raw"), _TEXT),
    **dict.fromkeys(("policy_goal", "policy_goal_number", "department", "bureau"), _TEXT),
    **dict.fromkeys(("number", "parent_id", "group_id"), _TEXT),
    **dict.fromkeys(("child_ids", "description", "inherited", "flags"), _TEXTS),
    "description_lines": _Rule(_list_of(_is_span), "最初と最後の行番号の配列"),
    "page": _Rule(_is_whole, "整数"),
    "forecasts": _Rule(
        _list_of(_is_forecast),
        "年ごとの記録（fiscal_year・amount・label）の配列",
    ),
    **dict.fromkeys(("started", "ended"), _YEAR),
    "executions": _Rule(_list_of(_is_execution), "年ごとの記録（fiscal_year・amount）の配列"),
    "contents": _Rule(_is_contents_entry, "目次の記録（order・line・page）"),
    "evidence": _Rule(
        _list_of(_object_of({"field": _is_text, "line": _is_line})),
        "根拠の記録（field・line）の配列",
    ),
    "source": _Rule(_is_source, "出所の記録（path・行番号）"),
    "printed": _Rule(_is_printed, "行番号から行への対応"),
}

_DOCUMENT = {
    "id": _IDENTIFIER,
    "title": _Rule(_is_name, "空でない文字列", required=True),
    **dict.fromkeys(("publisher", "publisher_code", "fiscal_year_label", "account"), _TEXT),
    **dict.fromkeys(("amount_unit", "forecast_unit", "kind", "licence", "source_url"), _TEXT),
    **dict.fromkeys(("path", "sha256", "encoding"), _TEXT),
    "fiscal_year": _YEAR,
    "inferred": _TEXTS,
    "sections": _HEADINGS,
    "goals": _HEADINGS,
}

_SHEET = {
    "公開年度": _Rule(_is_year, "西暦の年", required=True),
    "事業番号": _Rule(_is_name, "空でない文字列", required=True),
    "事業名": _Rule(_is_name, "空でない文字列", required=True),
    "府省庁": _Rule(_is_name, "空でない文字列", required=True),
    "開始年度": _Rule(_is_whole, "西暦の年"),
    "終了年度": _Rule(_is_whole, "西暦の年"),
    **dict.fromkeys(("担当部局庁", "担当課室", "事業目的", "事業概要"), _TEXT),
    **dict.fromkeys(("会計区分", "主要施策"), _TEXTS),
    "予算": _Rule(
        _list_of(lambda value: isinstance(value, dict)), "年度ごとの記録の配列", required=True
    ),
}
