"""What does a question typed all in kana say, in the letters of the books?

ほちょうきのじょせいはいくら reads 補聴器の助成はいくら: what is heard like words of titles
becomes those words, unless a longer question word (たんとうか) begins at the same place.
"""

from __future__ import annotations

import re

from indexer.analysis.folding import fold_text, to_hiragana
from indexer.answers.lexicon import Lexicon, sound_of
from indexer.answers.vocabulary import Vocabulary

_LETTER = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々a-z]")
_HIRAGANA = re.compile(r"[ぁ-ゖー]")
_PARTICLE = re.compile(r"[のはがをにでともへや\s、。?!]")
_LONGEST = 24
"""Letters of kana that three words of a title may take."""


def in_printed_words(question: str, lexicon: Lexicon, vocabulary: Vocabulary) -> str:
    """``question`` with the words of titles as they are printed; others as they were typed."""
    text = fold_text(question)
    letters = _LETTER.findall(text)
    if len(letters) < 5 or any(not _HIRAGANA.match(letter) for letter in letters):
        return question
    pieces: list[str] = []
    unknown = 0
    at = 0
    while at < len(text):
        asked = _question_word(text, at, vocabulary)
        end, printed = _title_word(text, at, lexicon)
        if printed and end - at > asked:
            pieces.append(printed)
        else:
            end = at + max(1, asked)
            pieces.append(text[at:end])
        plain = not asked and not printed and not _PARTICLE.match(text[at])
        unknown = unknown + 1 if plain else 0
        if unknown > 1:
            # くみあい of くみあいへんかく is another word: half a name would name another thing.
            return question
        at = end
    return "".join(pieces)


def _question_word(text: str, at: int, vocabulary: Vocabulary) -> int:
    """The length of the question word that begins at ``at``; 0 without one."""
    limit = min(len(text), at + vocabulary.longest)
    known = vocabulary.words
    return next((end - at for end in range(limit, at, -1) if to_hiragana(text[at:end]) in known), 0)


def _title_word(text: str, at: int, lexicon: Lexicon) -> tuple[int, str]:
    """Where the longest word of a title that begins at ``at`` ends, and how it is printed."""
    run = re.compile(r"[ぁ-ゖー]*").match(text, at)
    last = min(run.end() if run else at, at + _LONGEST)
    for end in range(last, at + 2, -1):
        printed = lexicon.title_words_by_sound.get(sound_of(text[at:end]))
        if printed is not None:
            return end, printed
    return at, ""
