"""Are counts, sums, filters, ranges and orders right? Held to the same thing done by hand."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine import files
from indexer.engine import query as q
from indexer.engine.interface import Change, Evaluation, Selection
from indexer.engine.reader import EngineReader
from indexer.engine.store import Store
from indexer.model import Program
from tests.engine.corpus import ANALYZER, added, book, program

SECTIONS = ("総務部", "都市部", None)
STATUSES = ("新規", "拡充", None)
FACETS = ("section", "status", "fiscal_year", "document")
Filters = dict[str, tuple[str | int, ...]]
Reading = Callable[[Program], Any]


@st.composite
def books(draw: st.DrawFn) -> list[Program]:
    """Programmes of two books: parents, children, grandchildren, amounts missing or not summed."""
    found: list[Program] = []
    for name in ("a", "b"):
        for number in range(draw(st.integers(0, 8))):
            parent = draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None
            found.append(
                program(
                    number,
                    draw(st.sampled_from(("橋", "道", "橋 道"))),
                    document=name,
                    amount=draw(st.one_of(st.none(), st.integers(-5, 2**53))),
                    previous=draw(st.one_of(st.none(), st.integers(0, 9))),
                    parent=parent,
                    section=draw(st.sampled_from(SECTIONS)),
                    status=draw(st.sampled_from(STATUSES)),
                    flags=draw(st.sampled_from(((), (), ("part_of",)))),
                    page=draw(st.one_of(st.none(), st.integers(1, 3))),
                )
            )
    return found


YEAR = {"a": 2024, "b": 2025}
READ: dict[str, Reading] = {
    "section": lambda p: p.section,
    "status": lambda p: p.status,
    "fiscal_year": lambda p: YEAR[p.document_id],
    "document": lambda p: p.document_id,
}


def index_of(programs: Sequence[Program], folder: str) -> Store:
    store = Store(Path(folder) / "index", analyzer=ANALYZER, processes=1)
    parts = [
        book(name, [p for p in programs if p.document_id == name], fiscal_year=YEAR[name])
        for name in ("b", "a")
    ]
    for part in parts:
        store.write(added(part))
    return store


def money(programs: Sequence[Program], read: Reading) -> int:
    """The sum by the rule of the plan, one programme after the other."""
    by_id = {p.id: p for p in programs}
    total = 0
    for one in programs:
        if not one.is_summed or read(one) is None:
            continue
        parent = EVERY.get(one.parent_id or "")
        while parent is not None:
            counts = parent.id in by_id and parent.is_summed and read(parent) is not None
            if counts:
                break
            parent = EVERY.get(parent.parent_id or "")
        if parent is None:
            total += read(one)
    return total


EVERY: dict[str, Program] = {}


def chosen(programs: Sequence[Program], filters: Filters, but: str = "") -> list[Program]:
    return [
        p
        for p in programs
        if all(READ[name](p) in values for name, values in filters.items() if name != but)
    ]


filters_drawn = st.fixed_dictionaries(
    {},
    optional={
        "section": st.sampled_from((("総務部",), ("総務部", "都市部"), ("ない部",))),
        "status": st.just(("新規",)),
        "fiscal_year": st.sampled_from(((2024,), (2024, 2025))),
    },
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(books(), filters_drawn, st.sampled_from(("橋", "道", None)))
def test_totals_and_facets(programs: list[Program], filters: Filters, word: str | None) -> None:
    EVERY.clear()
    EVERY.update({p.id: p for p in programs})
    matching = [p for p in programs if word is None or word in p.title.split()]
    query = q.Everything() if word is None else q.Term("title", word)
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(files, "_sync"),
        index_of(programs, folder).open() as reader,
    ):
        found = reader.evaluate(Selection(query, filters, FACETS, limit=100))
    left = chosen(matching, filters)
    assert found.total == len(left)
    assert {m.program_id for m in found.matches} == {p.id for p in left}
    assert found.total_yen == money(left, lambda p: p.amount.yen)
    assert found.previous_total_yen == money(left, lambda p: p.previous_amount.yen)
    for name in FACETS:
        check_facet(found, name, matching, filters)


def check_facet(
    found: Evaluation, name: str, matching: Sequence[Program], filters: Filters
) -> None:
    counted = chosen(matching, filters, but=name)
    listed = {READ[name](p) for p in matching} - {None}
    listed |= {v for v in filters.get(name, ()) if v in {READ[name](p) for p in EVERY.values()}}
    values = {value.value: value for value in found.facets[name]}
    assert values.keys() == listed
    for key, value in values.items():
        bucket = [p for p in counted if READ[name](p) == key]
        assert value.count == len(bucket)
        assert value.yen == money(bucket, lambda p: p.amount.yen)
        assert value.previous_yen == money(bucket, lambda p: p.previous_amount.yen)
        assert value.selected == (key in filters.get(name, ()))
    counts = [value.count for value in found.facets[name]]
    assert counts == sorted(counts, reverse=True)


@pytest.fixture
def reader(tmp_path: Path) -> EngineReader:
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    store.write(
        added(
            book(
                "a",
                [
                    program(1, "橋", document="a", amount=300, previous=100, section="土木"),
                    program(2, "道", document="a", amount=None, previous=50, section="土木"),
                    program(3, "川", document="a", amount=0, previous=0, section="河川"),
                    program(4, "海", document="a", amount=300, previous=None, section="河川"),
                    program(5, "池", document="a", amount=-20, previous=10, page=7),
                ],
            )
        )
    )
    return store.open()


def ids(found: Evaluation) -> list[str]:
    return [match.program_id.removeprefix("a-") for match in found.matches]


ORDERS = [
    # Null is neither large nor small: it is last both ways. Equal ones stay in printed order.
    ("amount", True, ["1", "4", "3", "5", "2"]),
    ("amount", False, ["5", "3", "1", "4", "2"]),
    # 200, 0, -30; two have no change.
    ("change", True, ["1", "3", "5", "2", "4"]),
    # 3 went from 0 to 0: no ratio can be given.
    ("change_ratio", True, ["1", "5", "2", "3", "4"]),
    ("title", False, ["3", "1", "5", "4", "2"]),
    ("page", True, ["5", "1", "2", "3", "4"]),
    # No word, no score: printed order.
    ("relevance", True, ["1", "2", "3", "4", "5"]),
]


@pytest.mark.parametrize(("sort", "descending", "expected"), ORDERS)
def test_orders(reader: EngineReader, sort: str, descending: bool, expected: list[str]) -> None:
    selection = Selection(q.Everything(), sort=sort, descending=descending)
    assert ids(reader.evaluate(selection)) == expected
    page = Selection(q.Everything(), sort=sort, descending=descending, offset=1, limit=2)
    assert ids(reader.evaluate(page)) == expected[1:3]


RANGES = [
    # Both ends belong to the range; 0 is an amount.
    (q.Range("amount", 0, 300), ["1", "3", "4"]),
    (q.Range("amount", None, 0), ["3", "5"]),
    # Null is in no range, not even in the one without ends.
    (q.Range("amount"), ["1", "3", "4", "5"]),
    (q.Range("change_ratio", 1.5), ["1"]),
    (q.Not(q.Range("amount")), ["2"]),
    (q.Among("section", ("土木", "ない")), ["1", "2"]),
    (q.Among("fiscal_year", ("2025",)), ["1", "2", "3", "4", "5"]),
    (q.Among("fiscal_year", ("令和",)), []),
    (q.And((q.Not(q.Term("title", "橋")), q.Unscored(q.Among("section", ("土木",))))), ["2"]),
    (q.Or((q.Term("title", "橋"), q.Among("section", ("河川",)))), ["1", "3", "4"]),
    (q.And(()), ["1", "2", "3", "4", "5"]),
    (q.Or(()), []),
    (q.Nothing(), []),
    (q.Phrase("title", ()), []),
    (q.Phrase("title", ("橋",)), ["1"]),
    (q.Prefix("title", ""), []),
    # Half a surrogate pair is in no index and breaks nothing.
    (q.Term("title", "\ud800"), []),
    (q.Prefix("title", "\udfff"), []),
]


@pytest.mark.parametrize(("query", "expected"), RANGES, ids=repr)
def test_filters(reader: EngineReader, query: q.Query, expected: list[str]) -> None:
    assert ids(reader.evaluate(Selection(query))) == expected


UNKNOWN = [
    Selection(q.Term("nowhere", "橋")),
    Selection(q.Range("section", 1)),
    Selection(q.Among("amount", (1,))),
    Selection(q.Everything(), filters={"nowhere": ("x",)}),
    Selection(q.Everything(), facets=("amount",)),
    Selection(q.Everything(), sort="section"),
    Selection(q.Weighted(q.Everything(), 0.0)),
]


@pytest.mark.parametrize("selection", UNKNOWN, ids=repr)
def test_what_the_schema_lacks(reader: EngineReader, selection: Selection) -> None:
    with pytest.raises(ValueError, match=r"nowhere|no such column|not positive"):
        reader.evaluate(selection)


def test_facet_values_are_limited_but_selected_ones_are_shown(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    programs = [program(i, "橋", section=f"部{i % 9}") for i in range(40)]
    store.write(added(book("book", programs)))
    with store.open() as reader:
        found = reader.evaluate(
            Selection(q.Everything(), {"section": ("部8",)}, ("section",), facet_limit=3)
        )
    shown = [(v.value, v.count, v.selected) for v in found.facets["section"]]
    assert shown == [("部0", 5, False), ("部1", 5, False), ("部2", 5, False), ("部8", 4, True)]
    assert found.facet_totals == {"section": 9}


def test_large_sets_are_counted_by_combination(tmp_path: Path) -> None:
    # Few combinations of many programmes, some under a parent in the same or another section.
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    programs = [
        program(
            i,
            "橋" if i % 3 else "道",
            amount=2**50 + i,
            previous=i,
            section=SECTIONS[i % 3],
            status=STATUSES[i % 2],
            parent=i - 6 if i % 5 == 1 and i > 6 else None,
        )
        for i in range(90)
    ]
    store.write(added(book("book", programs)))
    selections = [
        Selection(query, filters, FACETS)
        for query in (q.Everything(), q.Term("title", "橋"))
        for filters in ({}, {"section": ("総務部",)}, {"fiscal_year": (2025,), "status": ("新規",)})
    ]
    module = "indexer.engine.facets"
    with store.open() as reader:
        expected = [reader.evaluate(selection) for selection in selections]
    with mock.patch(f"{module}._COMBINE_FROM", 1), store.open() as reader:
        assert [reader.evaluate(selection) for selection in selections] == expected
        assert any(reader._counter._combinations.values())


def test_expansions_of_a_prefix_are_bounded(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    programs = [program(i, f"橋{i:03}") for i in range(300)]
    store.write(added(book("book", programs)))
    with store.open() as reader:
        assert reader.evaluate(Selection(q.Prefix("title", "橋"))).total == 256
        assert list(reader.terms("title", "橋29"))[:2] == ["橋290", "橋291"]


def test_positions_beyond_16_bits(tmp_path: Path) -> None:
    # A text of 70,000 words: its last positions do not fit the short form of a position.
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    store.write(added(book("book", [program(1, "橋", "x " * 70_000 + "山 谷"), program(2, "橋")])))
    store.verify()
    with store.open() as reader:
        assert reader.evaluate(Selection(q.Phrase("body", ("山", "谷")))).total == 1
        assert reader.evaluate(Selection(q.Phrase("body", ("谷", "山")))).total == 0


def test_a_parent_in_a_circle(tmp_path: Path) -> None:
    # Bad data must not hang: two programmes that name each other as parent.
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    pair = [program(1, "橋", amount=5, parent=2), program(2, "道", amount=7, parent=1)]
    store.write(added(book("book", [*pair, program(3, "川", amount=1, parent=99)])))
    with store.open() as reader:
        assert reader.evaluate(Selection(q.Term("title", "川"))).total_yen == 1
        assert reader.evaluate(Selection(q.Everything())).total == 3


def test_threads_read_one_reader(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    names = ["橋", "道", "川", "海"]
    for part in "abc":
        programs = [
            program(i, f"{names[i % 4]} {names[i % 3]}", "本文 橋 道", document=part)
            for i in range(200)
        ]
        store.write(Change([book(part, programs)]))
    queries = [q.Term("title", n) for n in names] + [q.Phrase("body", ("橋", "道"))]
    with store.open() as alone:
        expected = [alone.evaluate(Selection(query)) for query in queries]
    wrong: list[object] = []
    with store.open() as shared:

        def work() -> None:
            for _ in range(5):
                for query, answer in zip(queries, expected, strict=True):
                    found = shared.evaluate(Selection(query))
                    programs = shared.programs([m.program_id for m in found.matches])
                    if found != answer or len(programs) != len(found.matches):
                        wrong.append(query)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong
