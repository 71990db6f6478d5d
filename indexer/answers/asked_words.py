"""Which words of a question tell the sentence it wants to hear?

Of 「医療的ケア児の看護師の巡回先は何園ですか」 the title says 医療的ケア児; 看護師 and 巡回 lead to
the sentence. A noun that no part of the programme accounts for (延長料金 of a programme that
prints 利用料) is ``unsaid``: its figure is not the one the book prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.answers.claims import Scan
from indexer.answers.lexicon import Entry, compact
from indexer.answers.mentions import Word
from indexer.answers.resolution import Resolver
from indexer.answers.vocabulary import key_of

_SILENT = ("filler", "year", "relative", "title", "publisher", "topic", "domain", "pronoun")
_TELLS = re.compile(r"[一-鿿々ァ-ヺa-z0-9]|[ぁ-ゖー]{4}")
_NOUN_AFTER = re.compile(r"[一-鿿々]")
_NOUN = re.compile(r"[一-鿿]ども|こども|おとな|[一-鿿々]{2,}|[ァ-ヺー]{2,}|[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The words of a question beside its interrogative, as they stand in a programme."""

    said: tuple[str, ...] = ()
    """Words that its text holds; those of the title among them."""
    unsaid: tuple[str, ...] = ()
    """Nouns that it holds nowhere."""


def read_asked_words(scan: Scan, entry: Entry, body: str, resolver: Resolver) -> AskedWords:
    """The words of ``scan`` by whether ``entry`` (whose text is ``body``, a key) holds them."""
    text = _without_claims(scan)
    said: list[str] = []
    unsaid: list[str] = []
    for word in resolver.mention_of(text).words:
        form = _form_in(word, body)
        if form is not None and _TELLS.search(word.typed) and (word.telling or len(form) > 1):
            said.append(form)
        elif word.telling and _is_named(word, scan) and not resolver.holds(word, entry):
            unsaid.append(word.typed)
    return AskedWords(tuple(dict.fromkeys(said)), tuple(dict.fromkeys(unsaid)))


def is_of_title(word: str, entry_title: str) -> bool:
    """Whether a word stands in the title: it tells the programme more than the sentence."""
    return compact(word) in entry_title


def _without_claims(scan: Scan) -> str:
    """The question without what is read already; 定員 and 運賃 stay, for a text may say them."""
    text = list(scan.folded.text)
    for claim in scan.claims:
        if claim.tag in _SILENT or ":" not in claim.tag:
            text[claim.start : claim.end] = "、" * (claim.end - claim.start)
    return "".join(text)


def _form_in(word: Word, body: str) -> str | None:
    forms = (*word.forms, *(part for part in word.parts if len(part) > 1))
    return next((form for form in forms if form and key_of(form) in body), None)


def _is_named(word: Word, scan: Scan) -> bool:
    """延長 of 延長料金はいくら narrows what is asked; 開催 of いつ開催 and 交換しますか do not."""
    at = scan.folded.text.find(word.typed)
    end = at + len(word.typed)
    if at < 0 or not _NOUN.fullmatch(word.typed):
        return False
    if any(claim.start < end and claim.end > at for claim in scan.claims):
        return False
    # 運賃は子どもはいくら: of a price, up to the last word that asks.
    first = max if scan.has("text:price", "text:howmuch") else min
    asking = [claim.start for claim in scan.group("text") + scan.group("field")]
    asked = first(asking, default=len(scan.key))
    follows = scan.folded.text[end:]
    compound = end == asked or bool(_NOUN_AFTER.match(follows))
    return end <= asked and (compound or bool(re.match(r"[のはが]", follows)))
