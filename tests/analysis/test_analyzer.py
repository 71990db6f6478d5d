"""Analysis: words, readings and character pairs, and that nothing breaks or is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer

analyzer = Analyzer()

SAME_TERM = [
    # One word, two spellings that the dictionary joins.
    ("子ども", "こども"),
    ("取組み", "取り組み"),
    ("障がい", "障害"),
    ("橋りょう", "橋梁"),
    # Spellings the dictionary leaves apart and our folding joins.
    ("ごみ", "ゴミ"),
    ("セキュリティ", "セキュリティー"),
    ("霞ヶ関", "霞が関"),
    ("ヴィーガン", "ビーガン"),
    # Width, case, variants and radicals.
    ("ＤＸ", "dx"),
    ("髙齢者", "高齢者"),
    ("⺠間", "民間"),
    # One number, written in four ways.
    ("1億2,000万", "120000000"),
    ("５２，０１４千", "52014000"),
    ("一億二千万", "1億2千万"),
]


@pytest.mark.parametrize(("first", "second"), SAME_TERM)
def test_spellings_meet_in_one_term(first: str, second: str) -> None:
    assert [t.term for t in analyzer.words(first)] == [t.term for t in analyzer.words(second)]


def test_compound_sits_on_its_first_part_and_parts_advance() -> None:
    words = analyzer.words("ふるさと納税と生成AI")
    found = {token.term: (token.position, token.start, token.end) for token in words}
    assert found["ふるさと納税"] == (0, 0, 6)
    assert found["古里"] == (0, 0, 4)
    assert found["納税"] == (1, 4, 6)
    assert found["生成ai"] == (2, 7, 11)
    assert found["ai"] == (3, 9, 11)


def test_particles_do_not_part_a_phrase_but_commas_do() -> None:
    near = [token.position for token in analyzer.words("子どもの医療費")]
    apart = [token.position for token in analyzer.words("子ども、医療費")]
    assert min(near[1:]) == 1
    assert min(apart[1:]) == 2


def test_kanji_never_meet_by_sound() -> None:
    terms = {token.term for token in analyzer.words("見")}
    assert not terms & {token.term for token in analyzer.words("健")}


def test_bigrams_keep_figures_and_latin_words_whole() -> None:
    terms = [token.term for token in analyzer.bigrams("19,90円のAI活用")]
    assert terms == ["^19,90", "19,90円", "円の", "のai", "ai活", "活用", "用$"]


READINGS = [
    # The C unit's reading and those of its parts.
    ("ふるさと納税", {"フルサトノウゼイ", "フルサト", "ノウゼイ"}),
    ("窓口", {"マドグチ"}),
    # Figures and signs have none.
    ("2025・β", {"ベータ"}),
]


@pytest.mark.parametrize(("text", "readings"), READINGS)
def test_readings(text: str, readings: set[str]) -> None:
    assert {token.term for token in analyzer.readings(text)} == readings


AWKWARD = [
    "",
    "\0\0",
    "\ud800のあと",
    "\u200b",
    "あ" * 60_000,
    "予算、" * 30_000,
    "𠮷" * 20_000,
    "a" * 50_000,
    "1" * 5_000,
    "ﷺ" * 3_000,
]


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_no_string_breaks_the_analysis(text: str) -> None:
    assert "".join(analyzer.segment(text)) == text
    for token in analyzer.words(text):
        assert 0 <= token.start < token.end <= len(text)


def test_a_megabyte_without_a_sentence_end_is_analysed() -> None:
    assert len(analyzer.words("防災対策" * 250_000)) == 500_000


japanese = st.text(
    st.one_of(
        st.sampled_from("防災対策ふるさと納税のサーバー生成AI、。\n　1,２㈱㎡ﾃﾞ髙⺠β´"),
        st.characters(),
    ),
    max_size=80,
)


@given(japanese)
@settings(max_examples=150)
def test_segmentation_loses_nothing(text: str) -> None:
    assert "".join(analyzer.segment(text)) == text


@given(japanese)
@settings(max_examples=150)
def test_postings_are_the_tokens(text: str) -> None:
    analysis, postings = analyzer.analyze(text), analyzer.postings(text)
    for tokens, indexed in (
        (analysis.words, postings.words),
        (analysis.readings, postings.readings),
    ):
        expected: dict[str, set[int]] = {}
        for token in tokens:
            expected.setdefault(token.term, set()).add(token.position)
        assert {term: set(at) for term, at in indexed.items()} == expected
        assert all(at == sorted(set(at)) for at in indexed.values())
    assert [token.term for token in analysis.bigrams] == postings.bigrams


def test_threads_share_an_analyzer() -> None:
    texts = [f"令和{n}年度の防災対策とふるさと納税" for n in range(200)]
    alone = [analyzer.words(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(analyzer.words, texts)) == alone
