"""Is export → index → export identical?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.contract import JsonObject, program_to_json
from indexer.model import (
    ContentsEntry,
    Document,
    Execution,
    Forecast,
    Heading,
    LineRole,
    Money,
    MoneyState,
    Paragraph,
    ParsedDocument,
    Program,
    Publisher,
    Role,
    SourceLine,
)
from indexer.parsing.export import parse_export
from indexer.sources.discovery import find_files
from indexer.sources.reading import read_documents

LINES = (
    "5 政策経営部",
    "",
    "旧箱根千代田荘・軽井沢少年自然の家の解体 **40,000**千円 (— 千円)",
    "1 旧箱根千代田荘の解体 **24,000**千円 (— 千円)",
    "新規 ▶施設経営課",
    "",
    "既存建物の活用見込みがなく、",
    "解体します。",
    "R8 見込額：- R9 見込額：完了",
)
DOCUMENT = Document(
    id="chiyoda-2025",
    title="令和7年度予算",
    path="books/a.md",
    publisher=Publisher("千代田区", "131016"),
    fiscal_year=2025,
    fiscal_year_label="令和7年度",
    account="一般会計",
    amount_unit="千円",
    sha256="0" * 64,
    encoding="cp932",
    inferred=("account",),
    goals=(Heading("2", "基本構想の実現に向けて", 1),),
    sections=(Heading("5", "政策経営部", 1),),
)
PARENT = Program(
    id="p4",
    document_id="chiyoda-2025",
    title="旧箱根千代田荘・軽井沢少年自然の家の解体",
    role=Role.PARENT,
    section="政策経営部",
    status="新規",
    status_raw="新規",
    department="政策経営部 施設経営課",
    bureau="政策経営部",
    amount=Money(40_000_000, MoneyState.VALUE, "**40,000**千円", "千円", 3),
    previous_amount=Money(None, MoneyState.NONE, "— 千円", "千円", 3),
    printed_change=Money(0, MoneyState.ZERO, "0", "千円", 3),
    forecasts=(
        Forecast(2026, "R8", Money(None, MoneyState.UNDETERMINED, "-", None, 9)),
        Forecast(2027, "R9", Money(None, MoneyState.COMPLETED, "完了", None, 9)),
    ),
    started=2025,
    ended=2026,
    executions=(
        Execution(2024, Money(None, MoneyState.NONE, "0.0百万円", "百万円")),
        Execution(2023, Money(1_744_000, MoneyState.VALUE, "1.744百万円", "百万円")),
    ),
    page=157,
    child_ids=("p4-1",),
    description=(Paragraph("既存建物の活用見込みがなく、解体します。", 7, 8),),
    contents=ContentsEntry(4, 1, 157),
    first_line=3,
    last_line=9,
    evidence=(
        SourceLine("section", 1),
        SourceLine("title", 3),
        SourceLine("status", 5),
        SourceLine("forecasts", 9),
    ),
    flags=("amount_is_sum_of_children",),
)
CHILD = Program(
    id="p4-1",
    document_id="chiyoda-2025",
    title="旧箱根千代田荘の解体",
    role=Role.CHILD,
    number="1",
    status="新規",
    amount=Money(24_000_000, MoneyState.VALUE, "**24,000**千円", "千円", 4),
    parent_id="p4",
    inherited=("status",),
    first_line=4,
    last_line=4,
    evidence=(SourceLine("title", 4), SourceLine("status", 5)),
)


def export(
    programs: Sequence[Program], document: Document = DOCUMENT, lines: Sequence[str] | None = LINES
) -> list[JsonObject]:
    return [program_to_json(program, document, lines) for program in programs]


def parse(folder: Path, records: Sequence[JsonObject]) -> list[ParsedDocument]:
    path = folder / "export.jsonl"
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    (file,) = find_files([path])
    return [parse_export(document) for document in read_documents(file)]


def export_again(parsed: ParsedDocument) -> list[JsonObject]:
    return export(parsed.programs, parsed.document, parsed.lines)


def test_every_field_comes_back(tmp_path: Path) -> None:
    records = export([PARENT, CHILD])
    (parsed,) = parse(tmp_path, records)
    assert parsed.document == DOCUMENT
    assert parsed.programs == (PARENT, CHILD)
    assert export_again(parsed) == records
    assert parsed.problems == ()


def test_printed_lines_come_back_at_their_numbers(tmp_path: Path) -> None:
    (parsed,) = parse(tmp_path, export([PARENT, CHILD]))
    assert parsed.lines == LINES
    roles = {claim.line: claim.role for claim in parsed.claims}
    assert roles == {
        1: LineRole.STRUCTURE,
        2: LineRole.BLANK,
        3: LineRole.STRUCTURE,
        4: LineRole.STRUCTURE,
        5: LineRole.STRUCTURE,
        6: LineRole.BLANK,
        7: LineRole.BODY,
        8: LineRole.BODY,
        9: LineRole.STRUCTURE,
    }
    owners = {claim.line: claim.program_id for claim in parsed.claims}
    # the child's own line is the child's, though it stands within its parent
    assert (owners[3], owners[4], owners[7]) == ("p4", "p4-1", "p4")


def test_an_export_of_a_part_says_what_is_missing(tmp_path: Path) -> None:
    records = export([CHILD])
    (parsed,) = parse(tmp_path, records)
    assert export_again(parsed) == records
    (note,) = parsed.problems
    assert note.kind == "relatives_not_exported"
    assert "1件" in note.message
    # lines no record carries are blank, and the others keep their numbers
    assert parsed.lines == ("", "", "", LINES[3], LINES[4])


def test_an_export_without_printed_lines_comes_back_without(tmp_path: Path) -> None:
    records = export([PARENT, CHILD], lines=None)
    (parsed,) = parse(tmp_path, records)
    assert parsed.lines == ()
    assert parsed.programs == (PARENT, CHILD)
    assert export_again(parsed) == records


def test_records_that_disagree_about_a_line_are_a_problem(tmp_path: Path) -> None:
    first, second = export([PARENT, CHILD])
    second["printed"]["5"] = "拡充 ▶別の課"
    (parsed,) = parse(tmp_path, [first, second])
    (problem,) = parsed.problems
    assert problem.kind == "printed_line_differs"
    assert "2行目" in problem.message
    assert "5行目" in problem.message
    assert parsed.lines[4] == LINES[4]


def test_a_record_with_the_least_there_may_be(tmp_path: Path) -> None:
    record = {"id": "p", "title": "事業", "document": {"id": "d", "title": "本"}}
    (parsed,) = parse(tmp_path, [record])
    assert parsed.programs == (Program(id="p", document_id="d", title="事業"),)
    assert parsed.document == Document(id="d", title="本", path="")


def test_a_manifest_adds_what_the_export_does_not_say(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(
        '[books."export.jsonl"]\nlicence = "CC BY 4.0"\ntitle = "A"\n', encoding="utf-8"
    )
    (parsed,) = parse(tmp_path, export([PARENT, CHILD]))
    assert parsed.document.licence == "CC BY 4.0"
    assert parsed.document.title == DOCUMENT.title
    assert [problem.kind for problem in parsed.problems] == ["manifest_key_unused"]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
NAME = TEXT.filter(str.strip)
MAYBE = st.none() | TEXT
MONEY = st.one_of(
    st.builds(
        Money,
        yen=st.integers(-(10**14), 10**14).filter(bool),
        state=st.just(MoneyState.VALUE),
        raw=TEXT,
        unit=MAYBE,
        line=st.none() | st.integers(1, 20),
    ),
    st.builds(
        Money,
        yen=st.none(),
        state=st.sampled_from(sorted(set(MoneyState) - {MoneyState.VALUE, MoneyState.ZERO})),
        raw=TEXT,
    ),
)
PROGRAM = st.builds(
    Program,
    id=st.just("p"),
    document_id=st.just("chiyoda-2025"),
    title=NAME,
    role=st.sampled_from(Role),
    section=MAYBE,
    status=MAYBE,
    department=MAYBE,
    amount=MONEY,
    previous_amount=MONEY,
    forecasts=st.lists(st.builds(Forecast, st.integers(2020, 2040), TEXT, MONEY), max_size=2).map(
        tuple
    ),
    page=st.none() | st.integers(0, 2000),
    description=st.lists(
        st.builds(Paragraph, TEXT, st.integers(0, 9), st.integers(0, 9)), max_size=3
    ).map(tuple),
    first_line=st.just(2),
    last_line=st.integers(2, 15),
    evidence=st.lists(st.builds(SourceLine, TEXT, st.integers(1, 30)), max_size=3).map(tuple),
    flags=st.lists(TEXT, max_size=2).map(tuple),
)


@given(PROGRAM, st.lists(TEXT.filter(lambda text: not set("\r\n") & set(text)), max_size=20))
def test_any_programme_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, program: Program, lines: list[str]
) -> None:
    records = export([program], lines=lines)
    (parsed,) = parse(tmp_path_factory.getbasetemp(), records)
    assert parsed.programs == (program,)
    # without a printed line there is nothing to carry, and an empty "printed" says the same
    again = export_again(parsed)
    for record in (*records, *again):
        if not record.get("printed"):
            record.pop("printed", None)
    assert again == records
