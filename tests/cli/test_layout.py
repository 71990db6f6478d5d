"""Do columns line up under kanji, and do marks appear on terminals only?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.commands import layout
from indexer.commands.columns import pad, width, wrap
from indexer.commands.terminal import shown


# Terminal columns, where characters differ from bytes and from code points.
@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("予算", 4),  # kanji take two
        ("ｶﾅ", 2),  # half-width kana take one
        ("Ａ", 2),  # full-width letters take two
        ("が", 2),  # a mark that combines takes none
        ("", 0),
    ],
)
def test_width(text: str, columns: int) -> None:
    """As a terminal counts."""
    assert width(text) == columns


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))), st.integers(0, 40))
def test_pad_fills_exactly(text: str, columns: int) -> None:
    """Never less than asked, never a cut."""
    assert width(pad(text, columns)) == max(columns, width(text))
    assert pad(text, columns, right=True).endswith(text)


@given(st.text(st.sampled_from("予算a b、。（）1")), st.integers(8, 40))
def test_wrap_loses_nothing(text: str, columns: int) -> None:
    """Only spaces at the ends of lines go."""
    assert "".join(wrap(text, columns)).replace(" ", "") == text.replace(" ", "")


def test_wrap_keeps_punctuation_off_the_start() -> None:
    """行頭禁則: a line does not begin with 、 or 。."""
    assert wrap("予算書を読む。次", 12) == ["予算書を読む。", "次"]


def test_mark_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The range is coloured; take the colour away and the text is what was printed."""
    monkeypatch.setattr(layout, "has_colour", lambda: True)
    marked = shown(layout.mark("生成AIの活用", [(0, 4)]))
    assert marked.startswith("\x1b[")
    assert "生成AI\x1b[0mの活用" in marked


def test_mark_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe, or with NO_COLOR, nothing is added."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert layout.mark("生成AIの活用", [(0, 4)]) == "生成AIの活用"
