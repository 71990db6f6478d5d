"""A programme's sentences are verbatim, in printed order, and lose nothing but what parts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.passages import passages_of
from tests.engine.corpus import program


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        # The chapter prints several sentences to a paragraph.
        ("防災を図ります。 イベントを実施します。", ["防災を図ります。", "イベントを実施します。"]),
        # A list item has no full stop.
        ("(1) 保守委託", ["(1) 保守委託"]),
        # A line of dots or dashes says nothing.
        ("……\n道路を直します。", ["道路を直します。"]),
    ],
)
def test_sentences(body: str, sentences: list[str]) -> None:
    found = passages_of(program(1, "題名", body))
    assert [passage.text for passage in found] == ["題名", *sentences]
    assert [passage.field for passage in found] == ["title", *["description"] * len(sentences)]


@given(st.text(alphabet="予算あア。\n 、1・", max_size=60))
def test_every_letter_is_in_a_sentence_and_in_order(body: str) -> None:
    """Put together again, the letters are those of the text."""
    found = "".join(passage.text for passage in passages_of(program(1, "題", body))[1:])
    assert [c for c in found if c.isalnum()] == [c for c in body if c.isalnum()]
