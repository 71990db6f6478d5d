"""Names typed in kana are found where they stand, without trying every stretch."""

from __future__ import annotations

from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.answers import scanning
from indexer.answers.answerer import Answerer
from indexer.answers.lexicon import Lexicon, sound_of
from indexer.answers.scanning import heard_names


def every_stretch(lexicon: Lexicon, key: str) -> list[tuple[int, int]]:
    """The plain way: every stretch of four characters and more, the longest first."""
    return [
        (start, start + length)
        for length in range(len(key), 3, -1)
        for start in range(len(key) - length + 1)
        if sound_of(key[start : start + length]) in lexicon.names_by_sound.phrases
    ]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_same_names_as_by_trying_every_stretch(
    ask_chapter: Answerer, data: st.DataObject
) -> None:
    """Names, cut names and long vowels in any order: ぼうさい, ぼーさい, ほーむたうん."""
    lexicon = ask_chapter._lexicon
    names = sorted(lexicon.names_by_sound.phrases)
    piece = st.one_of(
        st.sampled_from(names),
        st.sampled_from(names).map(lambda name: name[:5]),
        st.text("ーあうおこほのぼっゃ", max_size=6),
    )
    key = "".join(data.draw(st.lists(piece, max_size=4)))[:80]
    found = heard_names(key, 0, len(key), lexicon.names_by_sound)
    assert found == every_stretch(lexicon, key)


def test_a_long_run_of_kana_is_heard_a_bounded_number_of_times(ask_chapter: Answerer) -> None:
    """1,000 kana once took most of a minute: each start is heard once, not each stretch."""
    scanner = ask_chapter._scanner
    scanner.scan("あいうえおかき")  # what is made once, is made
    with mock.patch.object(scanning, "sound_of", side_effect=sound_of) as heard:
        scanner.scan("あ" * 1000)
    assert heard.call_count <= 1000
