"""Folding: what counts as one letter, and the way back to the printed text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.folding import fold, fold_text

FOLDED = [
    # Full-width figures and Latin, as the national part of the books prints them.
    ("令和７年度　ＤＸ", "令和7年度 dx"),
    # Half-width katakana whose voiced mark is a character of its own.
    ("ﾃﾞｲｻｰﾋﾞｽ", "デイサービス"),
    # Kangxi radicals from PDF text: U+2F45, U+2FAE; NFKC knows these.
    ("⽅⾮", "方非"),
    # CJK radical supplement, which NFKC leaves: U+2EA0 for 民, U+2EDD for 食.
    ("⺠⻝", "民食"),
    # Variant kanji of names.
    ("髙齢者 齋藤 﨑", "高齢者 斎藤 崎"),
    # A hyphen where a long vowel belongs, in three code points; other hyphens stay hyphens.
    ("サ－バ− A－B", "サーバー a-b"),
    # Squared and circled characters become several.
    ("㈱①㎡", "(株)1m2"),
    # Zero width spaces of national sheets and variation selectors leave nothing behind.
    ("予\u200b算葛\U000e0100", "予算葛"),
    # A lone surrogate and NUL still give a text that can be encoded.
    ("a\ud800b\0c", "a\ufffdb c"),
    # A superscript minus folds to U+2212 first, and then to a hyphen.
    ("10⁻", "10-"),
]


@pytest.mark.parametrize(("printed", "folded"), FOLDED)
def test_folds(printed: str, folded: str) -> None:
    assert fold_text(printed) == folded


def test_span_of_a_character_that_became_several_is_the_whole_character() -> None:
    folded = fold("幅2㎡以上")
    start = folded.text.index("2以")
    assert folded.original[slice(*folded.span(start, start + 1))] == "㎡"


any_text = st.text(st.characters(), max_size=60)


@given(any_text)
def test_every_text_folds_to_one_that_can_be_encoded_and_mapped_back(text: str) -> None:
    folded = fold(text)
    folded.text.encode()
    length = len(folded.text)
    spans = [folded.span(index, index + 1) for index in range(length)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert folded.span(0, length)[1] <= len(text)


@given(any_text)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once
