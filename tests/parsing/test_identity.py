"""Ids come from content, so a permalink outlives reindexing and new neighbours."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parsing.identity import IdentityKey, document_id, program_ids

KEY = IdentityKey(
    "131016", 2025, "一般会計", "政策経営部", ("組織変革の推進",), "企画課", "基本構想"
)


def test_id_is_readable() -> None:
    """Publisher code and year stand before the hash."""
    (identifier,) = program_ids([KEY])
    assert re.fullmatch(r"131016-2025-[0-9a-f]{10}", identifier)


@pytest.mark.parametrize(
    "change",
    [
        # not part of the identity while nothing else has the same title
        {"department": "総務課"},
        {"goal": None},
        # another printing of the same title
        {"title_path": ("組織変革の 推進",)},
        {"section": "政策 経営部"},
    ],
)
def test_what_leaves_an_id_alone(change: dict[str, object]) -> None:
    assert program_ids([dataclasses.replace(KEY, **change)]) == program_ids([KEY])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"publisher": "131024"},
        {"fiscal_year": 2026},
        {"account": "国民健康保険事業会計"},
        {"section": "総務部"},
        {"title_path": ("親の事業", "組織変革の推進")},
        {"kind": "group"},
    ],
)
def test_what_makes_another_id(change: dict[str, object]) -> None:
    assert program_ids([dataclasses.replace(KEY, **change)]) != program_ids([KEY])  # type: ignore[arg-type]


KEYS = st.lists(
    st.builds(
        IdentityKey,
        publisher=st.sampled_from(["131016", "架空区"]),
        fiscal_year=st.sampled_from([2025, None]),
        account=st.sampled_from(["一般会計", None]),
        section=st.sampled_from(["総務部", None]),
        title_path=st.sampled_from([("甲",), ("乙",), ("甲", "乙")]),
        department=st.sampled_from(["総務課", "企画課", None]),
        goal=st.sampled_from(["安心", None]),
    ),
    max_size=12,
)


@given(KEYS)
def test_ids_differ_and_fit_a_url(keys: list[IdentityKey]) -> None:
    identifiers = program_ids(keys)
    assert len(set(identifiers)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9-]+", identifier) for identifier in identifiers)


@given(KEYS, st.randoms())
def test_order_and_neighbours_do_not_matter(keys: list[IdentityKey], rng: object) -> None:
    """Keys that differ by content keep their ids in any order and company."""
    different = list(dict.fromkeys(keys))
    known = dict(zip(different, program_ids(different), strict=True))
    shuffled = sorted(different, key=lambda key: hash((key, id(rng))))
    assert dict(zip(shuffled, program_ids(shuffled), strict=True)) == known
    newcomer = dataclasses.replace(KEY, title_path=("新しい事業",))
    grown = [newcomer, *different]
    assert program_ids(grown)[1:] == tuple(known[key] for key in different)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("chiyoda-2025-05", r"chiyoda-2025-05"),
        ("books/a.md", r"books-a-[0-9a-f]{10}"),
        ("道路.txt", r"[0-9a-f]{10}"),
    ],
)
def test_document_ids(key: str, expected: str) -> None:
    """A manifest's id as it is; a path as a slug that two paths never share."""
    assert re.fullmatch(expected, document_id(key))


def test_paths_that_look_alike_stay_apart() -> None:
    paths = ["a/b.md", "a-b.md", "a_b.md", "A/b.md", "a/b.txt", "道路.txt", "公園.txt"]
    assert len({document_id(path) for path in paths}) == len(paths)
