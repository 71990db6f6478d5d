"""Is a national review sheet the programme it describes, to the yen?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import (
    NOT_PRINTED,
    Execution,
    Money,
    MoneyState,
    ParsedDocument,
    Program,
    Publisher,
)
from indexer.parsing.review_sheets import parse_review_sheets
from indexer.sources.discovery import find_files
from indexer.sources.document import ManifestEntry, SourceDocument
from indexer.sources.reading import read_documents
from tests.national import TABLES, write_tables

Sheet = dict[str, Any]


def sheet(**more: Any) -> Sheet:
    """A sheet of 2015 as published: 特定個人情報の監視・監督に必要な経費."""
    return {
        "公開年度": 2015,
        "事業番号": "0001",
        "事業名": "特定個人情報の監視・監督に必要な経費",
        "開始年度": 2013,
        "終了年度": None,
        "府省庁": "個人情報保護委員会",
        "担当部局庁": "特定個人情報保護委員会事務局",
        "担当課室": "総務課",
        "会計区分": ["一般会計"],
        "事業目的": "監視と監督。\n一つの目的である。",
        "事業概要": "立入検査等を行う。",
        "主要施策": ["その他"],
        "予算": [
            {"年度": 2014, "当初予算": 13.8, "予算計": 13.8, "執行額": 3.43},
            {"年度": 2015, "当初予算": 63.68, "予算計": 63.68},
            {"年度": 2016, "要求額": 320.43},
        ],
    } | more


def parse(*sheets: Sheet, manifest: ManifestEntry | None = None) -> ParsedDocument:
    first = sheets[0]
    return parse_review_sheets(
        SourceDocument(
            path="judgit.ndjson.gz",
            format="review_sheets",
            fingerprint="f",
            sha256="s",
            encoding="utf-8",
            document_key=f"review-sheets-{first['公開年度']}-{first['府省庁']}",
            manifest=manifest,
            records=sheets,
            record_lines=tuple(range(1, len(sheets) + 1)),
        )
    )


def program(**more: Any) -> Program:
    (found,) = parse(sheet(**more)).programs
    return found


def budgets(initial: float | None, year: int = 2015, column: str = "当初予算") -> Any:
    return [{"年度": year, column: initial}]


def test_a_sheet_field_by_field() -> None:
    found = program()
    assert found.title == "特定個人情報の監視・監督に必要な経費"
    assert (found.number, found.section, found.account) == (
        "0001",
        "個人情報保護委員会",
        "一般会計",
    )
    assert found.department == "特定個人情報保護委員会事務局 総務課"
    assert found.bureau == "特定個人情報保護委員会事務局"
    assert (found.started, found.ended) == (2013, None)
    assert found.executions == (
        Execution(2014, Money(3_430_000, MoneyState.VALUE, "3.43百万円", "百万円")),
    )
    assert found.policy_goal == "その他"
    assert (found.status, found.status_raw) == (None, None)
    assert found.amount == Money(63_680_000, MoneyState.VALUE, "63.68百万円", "百万円")
    assert found.previous_amount == Money(13_800_000, MoneyState.VALUE, "13.8百万円", "百万円")
    (request,) = found.forecasts
    assert (request.fiscal_year, request.label) == (2016, "平成28年度要求額")
    assert request.amount.yen == 320_430_000
    assert [paragraph.text for paragraph in found.description] == [
        "監視と監督。",
        "一つの目的である。",
        "立入検査等を行う。",
    ]


def test_the_document_is_one_ministry_in_one_year() -> None:
    document = parse(sheet(), sheet(事業番号="0002")).document
    assert document.title == "平成27年度 行政事業レビューシート（個人情報保護委員会）"
    assert document.publisher is not None
    assert document.publisher.name == "個人情報保護委員会"
    assert (document.fiscal_year, document.fiscal_year_label) == (2015, "平成27年度")
    assert (document.licence, document.amount_unit) == ("CC BY 4.0", "百万円")
    assert document.id.isascii()


@pytest.mark.parametrize(
    ("value", "yen"),
    [
        # thousands of yen, as most sheets have them
        (1.744, 1_744_000),
        (13.8, 13_800_000),
        # single yen
        (1.255612, 1_255_612),
        # what summing floats left behind (予算計 of a real sheet)
        (796.3587500000001, 796_358_750),
        # a nominal sum, real in the data: 4 yen
        (4e-06, 4),
        # trillions stay exact
        (2_345_678.123, 2_345_678_123_000),
        # whole numbers
        (49, 49_000_000),
        (-1, -1_000_000),
    ],
)
def test_million_yen_become_yen_exactly(value: float, yen: int) -> None:
    amount = program(予算=budgets(value)).amount
    assert (amount.yen, amount.state) == (yen, MoneyState.VALUE)


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        # as the sheet has it, never in powers of ten
        (4e-06, "0.000004百万円"),
        (63.68, "63.68百万円"),
        (24270.0, "24270.0百万円"),
        (49, "49百万円"),
    ],
)
def test_the_number_of_the_sheet_is_kept(value: float, raw: str) -> None:
    assert program(予算=budgets(value)).amount.raw == raw


def test_less_than_a_yen_is_below_the_unit() -> None:
    amount = program(予算=budgets(1e-07)).amount
    assert (amount.yen, amount.state) == (None, MoneyState.BELOW_UNIT)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_any_number_of_yen_survives_as_million_yen(yen: int) -> None:
    amount = program(予算=budgets(yen / 1_000_000)).amount
    # a double holds 15 digits for certain
    assert amount.yen is not None or yen == 0
    assert (amount.yen or 0) == yen


@pytest.mark.parametrize(
    ("more", "state"),
    [
        # the sheet says 0 and nothing speaks against it: it lived on a supplement
        ({}, MoneyState.ZERO),
        ({"開始年度": None}, MoneyState.ZERO),
        # begins next year: 新 sheets are published with the request
        ({"開始年度": 2016, "事業番号": "新28-0001"}, MoneyState.NONE),
        # ended last year: the sheet is its last account
        ({"終了年度": 2014}, MoneyState.COMPLETED),
        # ends this year: 0 is 0
        ({"終了年度": 2015}, MoneyState.ZERO),
    ],
)
def test_what_a_zero_of_this_year_says(more: Sheet, state: MoneyState) -> None:
    amount = program(予算=budgets(0.0), **more).amount
    assert amount.state is state
    assert amount.yen == (0 if state is MoneyState.ZERO else None)
    assert amount.raw == "0.0百万円"


@pytest.mark.parametrize(
    ("more", "state"),
    [
        # began this year: there was nothing before
        ({"開始年度": 2015}, MoneyState.NONE),
        # new by its number, the year not given
        ({"開始年度": None, "事業番号": "新27-0001"}, MoneyState.NONE),
        # ran last year without an initial budget
        ({"開始年度": 2013}, MoneyState.ZERO),
    ],
)
def test_what_a_zero_of_last_year_says(more: Sheet, state: MoneyState) -> None:
    assert program(予算=budgets(0.0, 2014), **more).previous_amount.state is state


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        # the last year is this one: nothing is requested any more
        (2015, MoneyState.COMPLETED),
        # it goes on, with a request of 0
        (None, MoneyState.ZERO),
        (2016, MoneyState.ZERO),
    ],
)
def test_what_a_request_of_zero_says(ends: int | None, state: MoneyState) -> None:
    (request,) = program(予算=budgets(0.0, 2016, "要求額"), 終了年度=ends).forecasts
    assert request.amount.state is state


def test_a_year_without_a_row_or_figure_has_no_money() -> None:
    found = program(予算=[{"年度": 2014, "当初予算": None}])
    assert found.amount is NOT_PRINTED
    assert found.previous_amount is NOT_PRINTED
    assert found.forecasts == ()


def executed(*rows: tuple[int, float | None, float | None]) -> Any:
    """予算 rows of year, 予算計 and 執行額."""
    return [{"年度": year, "予算計": plan, "執行額": spent} for year, plan, spent in rows]


def test_executed_money_belongs_to_its_own_year_and_the_newest_leads() -> None:
    rows = executed((2012, 4.0, 3.5), (2013, 4.91, 1.744), (2014, 13.8, 3.43), (2015, 63.68, None))
    found = program(開始年度=2012, 予算=rows)
    assert [(item.fiscal_year, item.amount.yen) for item in found.executions] == [
        (2014, 3_430_000),
        (2013, 1_744_000),
        (2012, 3_500_000),
    ]
    assert found.executed == found.executions[0]
    assert program(予算=budgets(1.0)).executed is None


@pytest.mark.parametrize(
    ("begins", "ends", "plan", "state"),
    [
        # nothing to spend, and nothing spent, while it ran
        (2013, None, 0.0, MoneyState.ZERO),
        # before it began, after it ended
        (2015, None, 0.0, MoneyState.NONE),
        (2010, 2013, 0.0, MoneyState.COMPLETED),
        # there was money in spite of the printed years: 0 is a figure
        (2015, None, 5.0, MoneyState.ZERO),
        (2010, 2013, 5.0, MoneyState.ZERO),
    ],
)
def test_what_a_zero_spent_says(
    begins: int, ends: int | None, plan: float, state: MoneyState
) -> None:
    found = program(開始年度=begins, 終了年度=ends, 予算=executed((2014, plan, 0.0)))
    assert found.executed is not None
    amount = found.executed.amount
    assert (amount.state, amount.yen) == (state, 0 if state is MoneyState.ZERO else None)


@pytest.mark.parametrize(
    ("plan", "spent", "kind"),
    [
        # more than there was: two printed figures disagree
        (10.0, 10.1, "executed_over_budget"),
        # all of it unspent, or not filled in
        (10.0, 0.0, "executed_nothing"),
        (10.0, 10.0, None),
        (0.0, 0.0, None),
        # one of the two is not printed
        (None, 3.0, None),
        (3.0, None, None),
    ],
)
def test_doubtful_executions_are_told_and_kept(
    plan: float | None, spent: float | None, kind: str | None
) -> None:
    parsed = parse(sheet(予算=executed((2014, plan, spent))))
    assert [problem.kind for problem in parsed.problems] == ([kind] if kind else [])
    assert all("0001（2014年度）" in problem.message for problem in parsed.problems)
    if spent is not None:
        assert parsed.programs[0].executions[0].amount.raw == f"{spent}百万円"


@pytest.mark.parametrize(
    ("begins", "ends", "started", "ended", "said"),
    [
        (1957, 2024, 1957, 2024, None),
        (None, None, None, None, None),
        # a sheet that asks for the first money
        (2016, None, 2016, None, None),
        # slips that stand in sheets of the state: 2, 2309, 2030 on a sheet of 2020
        (2, 2020, None, 2020, "「2」"),
        (2309, None, None, None, "「2309」"),
        (2017, None, None, None, "「2017」"),
        (2010, 20, 2010, None, "「20」"),
        # which of the two is wrong cannot be told
        (2015, 2012, None, None, "「2012」"),
    ],
)
def test_years_that_cannot_be_are_told_and_left_empty(
    begins: int | None, ends: int | None, started: int | None, ended: int | None, said: str | None
) -> None:
    parsed = parse(sheet(開始年度=begins, 終了年度=ends, 予算=[]))
    assert (parsed.programs[0].started, parsed.programs[0].ended) == (started, ended)
    assert [problem.kind for problem in parsed.problems] == (["sheet_year_unclear"] if said else [])
    assert all(said is not None and said in problem.message for problem in parsed.problems)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        # 2015–2020
        ("新27-0001", "新規"),
        ("新27-0047-1", "新規"),
        ("0001", None),
        # since 2021 the ministry comes before it
        ("2021-厚労-新21-0001", "新規"),
        ("2021-厚労-20-0001", None),
        ("2022-国交-0117", None),
        # the character alone is no mark
        ("2023-新設庁-22-0001", None),
    ],
)
def test_new_is_said_by_the_number(number: str, status: str | None) -> None:
    assert program(事業番号=number).status == status


@pytest.mark.parametrize(
    ("bureau", "division", "department"),
    [
        # a bracket on the next line belongs to the name
        (
            "政策統括官\n（科学技術・イノベーション担当）",
            None,
            "政策統括官（科学技術・イノベーション担当）",
        ),
        # several names one under another
        (
            "政策統括官",
            "参事官（総括担当）\n参事官（社会基盤担当）",
            "政策統括官 参事官（総括担当）、参事官（社会基盤担当）",
        ),
        # a line break after the last name
        ("大臣官房\n", "総務課\r\n", "大臣官房 総務課"),
        (None, "総務課", "総務課"),
        (None, None, None),
        ("", " ", None),
    ],
)
def test_departments(bureau: str | None, division: str | None, department: str | None) -> None:
    assert program(担当部局庁=bureau, 担当課室=division).department == department


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        # wrapped by hand in a cell
        ("番号制度普及啓発・\n国際協力経費", "番号制度普及啓発・国際協力経費"),
        ("ODA\nproject\n経費", "ODA project経費"),
        (" 経費\n", "経費"),
    ],
)
def test_titles_are_one_line(title: str, expected: str) -> None:
    assert program(事業名=title).title == expected


def test_several_accounts_and_policies_stay_together() -> None:
    found = program(
        会計区分=["一般会計", "労働保険特別会計雇用勘定"], 主要施策=["地方創生", "観光立国"]
    )
    assert found.account == "一般会計、労働保険特別会計雇用勘定"
    assert found.policy_goal == "地方創生、観光立国"
    bare = program(会計区分=[], 主要施策=None)
    assert (bare.account, bare.policy_goal) == (None, None)


def test_ids_rest_on_the_sheet_number_and_not_on_order_or_amount() -> None:
    first, second = sheet(), sheet(事業番号="0002")
    one, two = parse(first, second).programs
    assert one.id != two.id
    assert [p.id for p in parse(second, first).programs] == [two.id, one.id]
    assert program(予算=[]).id == one.id
    assert program(公開年度=2016).id != one.id


def test_a_manifest_adds_licence_and_address_and_notes_what_it_cannot() -> None:
    entry = ManifestEntry(file="x", licence="政府標準利用規約", source_url="https://a.jp/")
    parsed = parse(sheet(), manifest=entry)
    assert parsed.document.licence == "政府標準利用規約"
    assert parsed.document.source_url == "https://a.jp/"
    assert parsed.problems == ()
    (note,) = parse(sheet(), manifest=ManifestEntry(file="x", fiscal_year=2020)).problems
    assert note.kind == "manifest_key_unused"
    assert "fiscal_year" in note.message


class TestTables:
    """The sheets from 2024 on: yen, each figure with its row."""

    @pytest.fixture
    def programs(self, tmp_path: Path) -> dict[str, tuple[Program, ParsedDocument]]:
        write_tables(tmp_path)
        (file,) = find_files([tmp_path])
        parsed = [parse_review_sheets(document) for document in read_documents(file)]
        assert [document.document.publisher for document in parsed] == [
            Publisher("架空庁"), Publisher("虚構省")]  # fmt: skip
        assert {document.document.fiscal_year for document in parsed} == {2024}
        return {p.title: (p, document) for document in parsed for p in document.programs}

    # title, number, status, life, amount, previous, request, executed, account
    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            # begun in the sheet's year: new, and nothing before; 50617000.0 is whole yen
            ("架空データの整備",
             ("001001", "新規", (2024, None), 50_617_000, None, 60_000_000, {}, "一般会計")),
            # one total a year: the rows by account repeat the same money
            ("消防車の研究",
             ("001002", None, (2019, 2026), 4_000_000, 3_000_000, 0, {2023: 2_900_000},
              "一般会計、特別会計　架空特別会計")),
            # 0 stands for 0: a programme that lives on its supplement
            ("橋の点検", ("002001", None, (1998, None), 800, 0, None, {2023: 0}, None)),
        ],
    )  # fmt: skip
    def test_fields(
        self,
        programs: dict[str, tuple[Program, ParsedDocument]],
        title: str,
        expected: tuple[Any, ...],
    ) -> None:
        found, _ = programs[title]
        requests = [forecast.amount.yen for forecast in found.forecasts]
        assert (
            found.number,
            found.status,
            (found.started, found.ended),
            found.amount.yen,
            found.previous_amount.yen,
            requests[0] if requests else None,
            {e.fiscal_year: e.amount.yen for e in found.executions},
            found.account,
        ) == expected

    def test_divisions(self, programs: dict[str, tuple[Program, ParsedDocument]]) -> None:
        """The ministry is the section; the agency and its divisions are the department."""
        found, _ = programs["消防車の研究"]
        assert (found.section, found.bureau) == ("架空庁", "国民保護・防災部")
        assert found.department == "架空消防庁 国民保護・防災部 防災課 応急対策室"

    def test_text(self, programs: dict[str, tuple[Program, ParsedDocument]]) -> None:
        found, _ = programs["架空データの整備"]
        purpose = ["データを整える。", "誰もが使えるようにする。"]
        state, outline = "ばらばらである。", "様式をそろえる。"
        assert [p.text for p in found.description] == [*purpose, state, outline]
        assert found.policy_goal == "データの活用"

    def test_everything_is_quoted_from_its_row(
        self, programs: dict[str, tuple[Program, ParsedDocument]]
    ) -> None:
        for found, document in programs.values():
            lines = document.lines
            money = [found.amount, found.previous_amount]
            money += [e.amount for e in found.executions] + [f.amount for f in found.forecasts]
            for amount in money:
                if amount.raw:
                    assert amount.line is not None
                    assert amount.raw in lines[amount.line - 1].split("\t")
            for field in ("title", "department", "section", "started"):
                value = str(getattr(found, field))
                line = found.line_of(field)
                assert line is not None
                assert value in lines[line - 1]
            for paragraph in found.description:
                assert paragraph.text in lines[paragraph.first_line - 1]
            assert found.first_line is not None
            assert found.last_line is not None
            assert lines[found.first_line - 1] == f"予算事業ID\t{found.number}"
            assert lines[found.last_line - 1].startswith("2024\t")
        for _, document in programs.values():
            assert [claim.line for claim in document.claims] == list(
                range(1, len(document.lines) + 1)
            )

    def test_a_table_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        write_tables(tmp_path, [name for name in TABLES if not name.startswith("2-1")])
        (file,) = find_files([tmp_path])
        for document in read_documents(file):
            parsed = parse_review_sheets(document)
            assert [p.kind for p in parsed.problems] == ["sheet_table_missing"]
            assert all(program.amount == NOT_PRINTED for program in parsed.programs)
