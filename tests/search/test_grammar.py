"""The query language: what is read, what is remarked on, what is never raised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import settings
from indexer.errors import UsageError
from indexer.search.grammar import (
    All,
    Clause,
    Either,
    Excluded,
    FieldIs,
    Quoted,
    Words,
    parse,
    parse_strictly,
)

READ: list[tuple[str, tuple[Clause, ...]]] = [
    # Words are parted by any space, the ideographic one too.
    ("防災　アプリ", (Words("防災"), Words("アプリ"))),
    # Quotes of every make.
    ('"a b" 「c d」 『e』 “f”', (Quoted("a b"), Quoted("c d"), Quoted("e"), Quoted("f"))),
    # Quotes inside a run part it.
    ("千代田区「ホーム」事業", (Words("千代田区"), Quoted("ホーム"), Words("事業"))),
    # Exclusion in three ways.
    ("-広報 －広報 NOT 広報", (Excluded(Words("広報")),) * 3),
    ('-"a b"', (Excluded(Quoted("a b")),)),
    # OR binds closer than a space.
    ("a b OR c", (Words("a"), Either((Words("b"), Words("c"))))),
    ("a | b または c", (Either((Words("a"), Words("b"), Words("c"))),)),
    # または inside a word is no operator.
    ("またはな", (Words("またはな"),)),
    # Groups.
    ("(a OR b) c", (All((Either((Words("a"), Words("b"))),)), Words("c"))),
    # A bracket inside a pasted title belongs to the word.
    ("無償化（仮称） x", (Words("無償化（仮称）"), Words("x"))),
    # Fields, half and full width colon, quoted value.
    ("課:総務課", (FieldIs("department", "総務課", "課:総務課"),)),
    ("区分：新規", (FieldIs("status", "新規", "区分：新規"),)),
    ('課:"災害対策・危機管理課"', (
        FieldIs("department", "災害対策・危機管理課", '課:"災害対策・危機管理課"'),
    )),
    # A colon after a name that is no field is part of the word.
    ("http://x", (Words("http://x"),)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), READ)
def test_reads(text: str, parts: tuple[Clause, ...]) -> None:
    parsed = parse(text)
    assert parsed.root.parts == parts
    assert parsed.remarks == ()


REMARKED = [
    # An opened quote runs to the end, and is said.
    ("「閉じない 言葉", (Quoted("閉じない 言葉"),), "「」が閉じていません"),
    # Operators without their words.
    ("OR 防災", (Words("防災"),), "「OR」の前"),
    ("防災 OR", (Words("防災"),), "「OR」のあと"),
    ("防災 -", (Words("防災"),), "「-」のあと"),
    ("防災 NOT", (Words("防災"),), "「NOT」のあと"),
    # Brackets that do not pair.
    ("防災)", (Words("防災"),), "「）」"),
    ("(防災", (All((Words("防災"),)),), "（）が閉じていません"),
    # A field without a value.
    ("課: 防災", (Words("防災"),), "「課:」のあと"),
]


@pytest.mark.parametrize(("text", "parts", "remark"), REMARKED)
def test_forgives_and_says_so(text: str, parts: tuple[Clause, ...], remark: str) -> None:
    parsed = parse(text)
    assert parsed.root.parts == parts
    assert any(remark in sentence for sentence in parsed.remarks)
    with pytest.raises(UsageError, match=r"。$"):
        parse_strictly(text)


def test_limits_hold_and_are_said() -> None:
    long = parse("防" * (settings.QUERY_CHARACTERS + 1))
    assert long.root.parts == (Words("防" * settings.QUERY_CHARACTERS),)
    assert f"{settings.QUERY_CHARACTERS}文字" in long.remarks[0]
    many = parse(" ".join("a" for _ in range(settings.QUERY_TERMS + 5)))
    assert len(many.root.parts) == settings.QUERY_TERMS
    assert f"{settings.QUERY_TERMS}語" in many.remarks[0]
    deep = parse("(" * 20 + "a")
    assert _depth(deep.root) <= settings.QUERY_NESTING + 1
    assert f"{settings.QUERY_NESTING}段" in deep.remarks[0]


def _depth(clause: Clause) -> int:
    if isinstance(clause, All | Either):
        return 1 + max(map(_depth, clause.parts), default=0)
    return 1 + _depth(clause.part) if isinstance(clause, Excluded) else 0


typed = st.text(
    st.one_of(st.sampled_from('防災 　"「」『』“”()（）-－|:：課部ORNOTまたは'), st.characters()),
    max_size=300,
)


@given(typed)
def test_nothing_typed_raises(text: str) -> None:
    parsed = parse(text)
    assert _terms(parsed.root) <= settings.QUERY_TERMS
    assert all(remark.endswith("。") for remark in parsed.remarks)


def _terms(clause: Clause) -> int:
    if isinstance(clause, All | Either):
        return sum(map(_terms, clause.parts))
    return _terms(clause.part) if isinstance(clause, Excluded) else 1
