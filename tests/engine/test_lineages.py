"""Which programmes are one through the fiscal years, and what does folding them leave?"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine import query as q
from indexer.engine.interface import AddedDocument, Change, InYear, Selection
from indexer.engine.reader import EngineReader
from indexer.engine.store import Store
from indexer.lineage import lineage_of
from indexer.model import Document, Program, Publisher
from tests.engine.corpus import ANALYZER, added, book, program, yen

BOOK = Document("b", "予算", "b.txt", Publisher("千代田区"), 2025)


@contextmanager
def opened(*books: AddedDocument) -> Iterator[EngineReader]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "index", analyzer=ANALYZER, processes=1)
        store.write(added(*books))
        with store.open() as reader:
            yield reader


def years(first: int, titles: Sequence[str], publisher: str = "千代田区") -> list[AddedDocument]:
    """The same programmes in one book a year, from ``first`` on as many as ``titles``."""
    return [
        book(
            f"{publisher}-{year}",
            [program(1, title, "防災", document=f"{publisher}-{year}", amount=year)],
            publisher=publisher,
            fiscal_year=year,
        )
        for year, title in enumerate(titles, first)
    ]


def listed(reader: EngineReader, query: q.Query | None = None, **more: object) -> list[str]:
    selection = Selection(query or q.Everything(), fold=True, limit=100)
    found = reader.evaluate(replace(selection, **more))  # type: ignore[arg-type]
    assert found.total == len(found.matches)
    return [match.program_id for match in found.matches]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # wide letters in one year's book, narrow ones in the next
        ({"title": "全庁ＬＡＮの保守管理"}, {"title": "全庁LANの保守管理"}, True),
        # a middle dot or a space more or less
        ({"title": "防災意識の普及・啓発"}, {"title": "防災意識の普及啓発"}, True),
        ({"title": "子育て 応援"}, {"title": "子育て応援"}, True),
        # another programme
        ({"title": "防災意識の普及"}, {"title": "防災意識の普及啓発"}, False),
        # what changes from year to year and makes no other programme of it
        ({"department": "総務課"}, {"department": "企画課"}, True),
        ({"number": "0001"}, {"number": "新27-0021"}, True),
        # 事務費 of another 部
        ({"section": "総務部"}, {"section": "福祉部"}, False),
    ],
)
def test_the_same_programme(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    plain = Program(id="1", document_id="b", title="事務費")
    keys = [lineage_of(replace(plain, **facts), BOOK, None) for facts in (one, other)]  # type: ignore[arg-type]
    assert keys[0] is not None
    assert keys[1] is not None
    assert (keys[0].key == keys[1].key) is same


@pytest.mark.parametrize(
    ("document", "whole"),
    [
        # never across publishers
        (replace(BOOK, publisher=Publisher("中央区")), None),
        # 委託料 of another programme
        (BOOK, "街路灯の整備"),
    ],
)
def test_another_programme(document: Document, whole: str | None) -> None:
    found = Program(id="1", document_id="b", title="委託料")
    assert lineage_of(found, document, whole) != lineage_of(found, BOOK, None)


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (replace(BOOK, publisher=None), "委託料"),
        (replace(BOOK, fiscal_year=None), "委託料"),
        # a title of nothing but marks
        (BOOK, "―"),
    ],
)
def test_a_programme_of_which_too_little_is_known(document: Document, title: str) -> None:
    assert lineage_of(Program(id="1", document_id="b", title=title), document, None) is None


def test_the_newest_year_that_matches_is_shown() -> None:
    with opened(*years(2023, ["橋 の 補修", "橋 の 補修", "橋 の 補修"])) as reader:
        assert listed(reader) == ["千代田区-2025-1"]
        assert listed(reader, q.Range("amount", high=2024)) == ["千代田区-2024-1"]
        assert listed(reader, filters={"fiscal_year": (2023,)}) == ["千代田区-2023-1"]
        (found,) = reader.years(["千代田区-2024-1"])
        assert found == tuple(
            InYear(year, f"千代田区-{year}-1", yen(year)) for year in (2025, 2024, 2023)
        )


def test_two_publishers_with_one_title() -> None:
    books = [*years(2024, ["防災", "防災"]), *years(2024, ["防災", "防災"], publisher="中央区")]
    with opened(*books) as reader:
        assert listed(reader) == ["中央区-2025-1", "千代田区-2025-1"]
        numbers = reader.lineages(["千代田区-2024-1", "千代田区-2025-1", "中央区-2025-1", "?"])
        assert numbers[0] == numbers[1] != numbers[2]
        assert numbers[3] == -1
        assert reader.years(["?"]) == ((),)


def test_twins_of_one_year() -> None:
    """Of two with one title in a year, none is taken for the one of another year; but what tells
    them apart there is followed through the years."""
    before = [program(1, "研修", document="a", department="総務課")]
    before += [program(2, "研修", document="a", department="企画課")]
    before += [program(3, "橋", document="a"), program(4, "橋", document="a")]
    after = [program(1, "研修", document="b", department="企画課")]
    after += [program(2, "研修", document="b", department="総務課"), program(3, "橋", document="b")]
    books = [book("a", before, fiscal_year=2024), book("b", after, fiscal_year=2025)]
    with opened(*books) as reader:
        assert sorted(listed(reader)) == ["a-3", "a-4", "b-1", "b-2", "b-3"]
        ((_, newer, _), (_, older, _)) = reader.years(["b-1"])[0]
        assert (newer, older) == ("b-1", "a-2")


def test_the_score_is_that_of_the_best_year() -> None:
    old = program(1, "橋", "補修 補修 補修", document="a")
    new = program(1, "橋", "補修 を 続ける 予定 の もの", document="b")
    other = program(2, "道", "補修 補修", document="b")
    books = [book("a", [old], fiscal_year=2024), book("b", [new, other], fiscal_year=2025)]
    with opened(*books) as reader:
        apart = reader.evaluate(Selection(q.Term("body", "補修")))
        folded = reader.evaluate(Selection(q.Term("body", "補修"), fold=True))
    assert [match.program_id for match in apart.matches] == ["a-1", "b-2", "b-1"]
    assert [(m.program_id, m.best_id) for m in folded.matches] == [("b-1", "a-1"), ("b-2", "b-2")]
    assert folded.matches[0].score == apart.matches[0].score
    assert (folded.total, folded.total_rows, apart.total, apart.total_rows) == (2, 3, 3, 3)


def test_every_year_of_what_is_found_in_one() -> None:
    with opened(*years(2023, ["橋", "橋", "道"])) as reader:
        in_one_year = q.Range("amount", 2023, 2023)
        assert reader.count(in_one_year) == 1
        assert reader.count(q.InAnyYear(in_one_year)) == 2


def test_grown_bit_by_bit_folds_like_built_at_once(tmp_path: Path) -> None:
    books = years(2020, ["橋"] * 6)
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    for one in reversed(books):
        store.write(Change([one]))
    with store.open() as reader, opened(*books) as at_once:
        ids = ["千代田区-2022-1"]
        assert listed(reader) == listed(at_once) == ["千代田区-2025-1"]
        assert reader.years(ids) == at_once.years(ids)


TITLES = ("橋", "道", "防災", "研修")
shapes = st.lists(
    st.tuples(
        st.sampled_from(TITLES),
        st.integers(2023, 2025),
        st.sampled_from(["千代田区", "中央区"]),
        st.sampled_from(["総務課", "企画課", None]),
        st.sampled_from([None, 0, 5, 70]),
    ),
    max_size=14,
    unique_by=lambda shape: shape[:3],  # no twins: they have a test of their own
)
filters = st.dictionaries(
    st.sampled_from(["department", "publisher"]),
    st.sampled_from([("総務課",), ("千代田区",), ("企画課", "中央区")]),
    max_size=2,
)


@given(shapes, filters, st.sampled_from(["relevance", "amount", "title"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_folding_as_by_hand(
    found: list[tuple[str, int, str, str | None, int | None]],
    wanted: dict[str, tuple[str, ...]],
    sort: str,
) -> None:
    """Totals, facets and pages are those of the rows put together one by one."""
    books = defaultdict(list)
    for title, year, publisher, department, amount in found:
        name = f"{publisher}-{year}"
        number = TITLES.index(title)
        books[name].append(
            program(number, title, document=name, department=department, amount=amount)
        )
    kept = [
        (title, year, publisher, department, amount)
        for title, year, publisher, department, amount in found
        if department in wanted.get("department", (department,))
        and publisher in wanted.get("publisher", (publisher,))
    ]
    newest: dict[tuple[str, str], int] = {}
    for title, year, publisher, *_ in kept:
        newest[title, publisher] = max(year, newest.get((title, publisher), 0))
    made = [
        book(name, programs, publisher=name[:-5], fiscal_year=int(name[-4:]))
        for name, programs in sorted(books.items())
    ]
    with opened(*made) as reader:
        selection = Selection(
            q.Everything(), wanted, ("fiscal_year", "department"), sort=sort, fold=True, limit=100
        )
        whole = reader.evaluate(selection)
        pages = [
            match
            for offset in range(0, whole.total + 2, 2)
            for match in reader.evaluate(replace(selection, offset=offset, limit=2)).matches
        ]
    assert pages == list(whole.matches)
    assert (whole.total, whole.total_rows) == (len(newest), len(kept))
    assert whole.total_yen == sum(amount or 0 for *_, amount in kept)
    expected = {f"{p}-{year}-{TITLES.index(title)}" for (title, p), year in newest.items()}
    assert {match.program_id for match in whole.matches} == expected
    if sort == "amount":
        amounts = {f"{p}-{y}-{TITLES.index(t)}": amount for t, y, p, _, amount in kept}
        shown = [amounts[match.program_id] for match in whole.matches]
        assert shown == sorted(shown, key=lambda amount: (amount is None, -(amount or 0)))
    counted = {value.value: value.count for value in whole.facets["fiscal_year"] if value.count}
    assert counted == Counter(year for _, year, *_ in kept)
    if "department" not in wanted:
        values = {(title, p, department) for title, _, p, department, _ in kept if department}
        by_department = Counter(department for *_, department in values)
        assert {v.value: v.count for v in whole.facets["department"] if v.count} == by_department
