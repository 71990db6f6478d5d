"""Synonyms: from the dictionary, from the municipal table, and never the word itself."""

from __future__ import annotations

import pytest

from indexer.analysis.folding import fold_text
from indexer.analysis.synonyms import SYNONYMS_MAXIMUM, synonyms_of

FOUND = [
    # The municipal table: what a general dictionary does not know.
    ("街灯", "街路灯"),
    ("学童保育", "放課後児童クラブ"),
    ("マイナカード", "マイナンバーカード"),
    # The dictionary's groups.
    ("引っ越し", "転居"),
    ("人工知能", "AI"),
    # Width and case of what is typed do not matter.
    ("ｄｘ", "デジタルトランスフォーメーション"),
]


@pytest.mark.parametrize(("typed", "other"), FOUND)
def test_finds(typed: str, other: str) -> None:
    assert fold_text(other) in map(fold_text, synonyms_of(typed))


def test_a_starred_word_is_found_but_does_not_call() -> None:
    # 保育園 finds 認定こども園; who types 保育施設 means all of them and gets no list of kinds.
    assert "認定こども園" in synonyms_of("保育園")
    assert "保育園" not in synonyms_of("保育施設")


@pytest.mark.parametrize("typed", ["補助金", "整備", "ごみ", "", "！", "防災" * 9000])
def test_never_itself_and_never_many(typed: str) -> None:
    found = synonyms_of(typed)
    assert fold_text(typed) not in map(fold_text, found)
    assert len(found) <= SYNONYMS_MAXIMUM
