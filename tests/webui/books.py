"""Books that the web tests serve beside the bundled chapter, as the project's own JSONL.

former      last year's book of the same publisher: same, changed, ended programmes
many        forty programmes in twelve departments: paging and "すべて見る"
hostile     text that tries to be markup, script, a formula or a header
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from indexer.contract import program_to_json
from indexer.model import (
    Document,
    Execution,
    Forecast,
    Money,
    MoneyState,
    Paragraph,
    Program,
    Publisher,
)

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "{{7*7}}${7*7}#{7*7}{% raw %}",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">押す</a>',
    "&lt;b&gt;二重&lt;/b&gt;",
    "\u202e反対から読む文字",
    "<!--<script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    'x" autofocus onfocus=alert(1) y="',
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '＝HYPERLINK("http://x")', "=cmd|' /C calc'!A0")

FORMER = Document(
    "former-2024",
    "令和6年度予算 政策経営部",
    "former.jsonl",
    Publisher("千代田区", "131016"),
    2024,
    "令和6年度",
    "一般会計",
    "千円",
    "百万円",
    "事業説明",
)
MANY = Document(
    "many-2025",
    "令和7年度 事業別予算書",
    "many.jsonl",
    Publisher("見本市", "999999"),
    2025,
    "令和7年度",
    "一般会計",
    "千円",
    kind="事業別予算書",
)
HOSTILE = Document(
    "hostile-2023",
    f"令和5年度 {PAYLOADS[0]}",
    "hostile.jsonl",
    Publisher(PAYLOADS[1]),
    2023,
    "令和5年度",
    source_url="javascript:alert(1)",
    licence=PAYLOADS[3],
)


def money(thousands: int | None, raw: str | None = None) -> Money:
    """An amount in 千円; ``None`` is a printed dash."""
    if thousands is None:
        return Money(None, MoneyState.NONE, raw or "— 千円", "千円")
    state = MoneyState.VALUE if thousands else MoneyState.ZERO
    return Money(thousands * 1000, state, raw or f"{thousands:,}千円", "千円")


def paragraph(text: str) -> tuple[Paragraph, ...]:
    """Published as data: there is no printed line (0)."""
    return (Paragraph(text, 0, 0),)


def former_programs() -> Iterable[Program]:
    rows = (
        ("全庁ＬＡＮの保守管理", 1_897_740, "情報システム課"),
        ("情報セキュリティ対策の推進", 143_113, "情報システム課"),
        ("庁舎の改修", 20_000, "施設経営課"),
    )
    for place, (title, thousands, department) in enumerate(rows):
        yield Program(
            id=f"former-{place}",
            document_id=FORMER.id,
            title=title,
            section="政策経営部",
            status="継続",
            department=department,
            amount=money(thousands),
            previous_amount=money(thousands - 500),
            description=paragraph("昨年度の説明です。"),
        )


def many_programs() -> Iterable[Program]:
    for n in range(40):
        yield Program(
            id=f"many-{n}",
            document_id=MANY.id,
            title=f"見本となる事業その{n + 1}",
            section=f"第{n % 3 + 1}部",
            status=("新規", "拡充", "継続")[n % 3],
            department=f"見本{n % 12 + 1}課",
            policy_goal=f"目標{n % 9 + 1}",
            amount=money(1_000 * (n + 1)),
            previous_amount=money(None if n % 3 == 0 else 20_000),
            forecasts=(Forecast(2026, "R8", money(2_000)),),
            started=2020 if n == 0 else None,
            ended=2027 if n == 0 else None,
            executions=(Execution(2024, money(700)), Execution(2023, money(None))) * (n == 0),
            page=n + 1,
            description=paragraph("地域の安全と子育てを支える見本の事業です。" * 4),
        )


def hostile_programs() -> Iterable[Program]:
    for n, text in enumerate((*PAYLOADS, *FORMULAS)):
        yield Program(
            id=f"hostile-{n}",
            document_id=HOSTILE.id,
            title=text,
            section=text,
            status=text,
            department=text,
            policy_goal=text,
            account=text,
            status_raw=text,
            amount=money(-(n + 1), text),
            previous_amount=money(n + 5, text),
            executions=(Execution(2022, money(n, text)),),
            page=n,
            description=paragraph(f"敵意 {text}"),
        )


def write_books(folder: Path) -> None:
    """Write the three books into ``folder``."""
    books = (
        (FORMER, former_programs()),
        (MANY, many_programs()),
        (HOSTILE, hostile_programs()),
    )
    for document, programs in books:
        lines = (orjson.dumps(program_to_json(program, document)) for program in programs)
        (folder / document.path).write_bytes(b"\n".join(lines) + b"\n")
