"""Typed kana and romaji: what they are read as, and where they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.readings import cut_reading, cut_romaji, reading_of_typed

INDEXED = frozenset(
    [
        "フルサト",
        "ノウゼイ",
        "フルサトノウゼイ",
        "マドグチ",
        "カイセツ",
        "コウツウ",
        "キョウ",
        "セイ",
        "キョウセイ",
        "セイキ",
        "キカク",
        "カク",
        "ハシ",
    ]
)

TYPED = [
    # Hiragana and katakana, long vowels at the end folded as in the index.
    ("まどぐち", "マドグチ"),
    ("サーバー", "サーバ"),
    # Romaji: Hepburn, Kunrei, macrons, a hyphen.
    ("tsunami", "ツナミ"),
    ("tunami", "ツナミ"),
    ("kōtsū", "コウツウ"),
    ("furusato-nouzei", "フルサトノウゼイ"),
    # What cannot be romaji, or is too short to be told from an abbreviation.
    ("digital", ""),
    ("LAN", ""),
    ("dx", ""),
    # Kanji are never looked up by sound.
    ("健", ""),
    ("窓口", ""),
]


@pytest.mark.parametrize(("typed", "reading"), TYPED)
def test_reading_of_typed(typed: str, reading: str) -> None:
    assert reading_of_typed(typed) == reading


CUT = [
    # One word before two.
    ("フルサトノウゼイ", ("フルサトノウゼイ",)),
    # Two words, and a particle between that is not indexed.
    ("マドグチカイセツ", ("マドグチ", "カイセツ")),
    ("マドグチノカイセツ", ("マドグチ", "カイセツ")),
    # The longer pieces where several cuts are possible.
    ("キョウセイキカク", ("キョウセイ", "キカク")),
]


@pytest.mark.parametrize(("reading", "pieces"), CUT)
def test_cuts(reading: str, pieces: tuple[str, ...]) -> None:
    assert cut_reading(reading, INDEXED.__contains__)[0] == pieces


@pytest.mark.parametrize("reading", ["", "ハ", "ドグチ", "マドグチノ", "ア" * 100])
def test_what_is_not_indexed_is_not_cut(reading: str) -> None:
    assert cut_reading(reading, INDEXED.__contains__) == ()


def test_romaji_without_its_long_vowels() -> None:
    assert cut_romaji("コツ", INDEXED.__contains__) == (("コウツウ",),)
    assert cut_romaji("フルサトノゼイ", INDEXED.__contains__)[0] == ("フルサトノウゼイ",)


@given(st.text(st.sampled_from("フルサトノウゼイマドグチカキョセハシ"), max_size=30))
def test_pieces_spell_the_reading(reading: str) -> None:
    for pieces in cut_reading(reading, INDEXED.__contains__):
        assert all(piece in INDEXED for piece in pieces)
        rest = reading
        for piece in pieces:
            rest = rest[rest.index(piece) + len(piece) :]
