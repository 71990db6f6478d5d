"""Which programme does a description mean? Titles, parts of titles, kana, typos, words of the text.

From sure to unsure, and the first step that finds anything decides:

    1 the whole title, or its reading                     ホームタウンちよだ応援事業, ほーむたうん…
    2 every telling word stands in the title              軽井沢の解体 → 軽井沢少年自然の家の解体
    3 the title with a slip of the keyboard               ホームタウンちよだ応援事行
    4 every telling word stands in title, text, headings  ふるさと納税を使った新しい仕組み

One clear winner is the programme; several close ones are choices; a telling word that no
programme accounts for means it is not there (``missing``), however close the rest comes.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from indexer.analysis.synonyms import municipal_synonyms_of
from indexer.answers.candidates import (
    TITLE_MARGIN,
    UNRESOLVED,
    Candidate,
    Resolution,
    decide,
    rank,
    with_ordinals,
)
from indexer.answers.lexicon import Entry, Lexicon, bare, compact, sound_of
from indexer.answers.mentions import Mention, MentionReader, Word
from indexer.answers.mistyped_titles import MistypedTitles
from indexer.answers.vocabulary import Vocabulary, key_of
from indexer.answers.word_places import Places, WordPlaces

_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_KANJI = re.compile(r"[一-鿿々]")
_SEGMENT = re.compile(r"[のはがをにでと\s、・]")
_NEARLY = 0.9
"""How alike a mistyped title and a title are that differ by a letter."""
_SCORED = 400
"""How many programmes are weighed against each other; a word may stand in thousands."""


class Resolver:
    """Resolves descriptions against one lexicon."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._words = WordPlaces(lexicon, vocabulary)
        self._mistyped = MistypedTitles(lexicon)
        self._reader = MentionReader(lexicon.analyzer, vocabulary)

    def mention_of(self, text: str) -> Mention:
        """Cut a description into words."""
        mention = self._reader.read(text)
        named = tuple(self._named_words(mention))
        return Mention(mention.text, (*mention.words, *named)) if named else mention

    def _named_words(self, mention: Mention) -> Iterable[Word]:
        """Names no dictionary knows (みどりん号) are words when the books print them."""
        typed = [word.typed for word in mention.telling]
        for segment in _SEGMENT.split(mention.text):
            key = key_of(segment)
            if len(key) < 4 or any(word in segment for word in typed):
                continue
            if self._lexicon.holding(key, "title") or self._lexicon.holding(key, "body"):
                yield Word(segment, (key,), (), True, 2.0)

    def resolve(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """The programmes among ``allowed`` (indexes of entries) that ``mention`` may mean."""
        if not mention.text or not allowed:
            return Resolution()
        found = self._by_steps(mention, allowed)
        if found.candidates:
            return found
        widened = self._in_other_words(mention, found.missing)
        again = self._by_steps(widened, allowed) if widened is not None else UNRESOLVED
        return again if again.candidates else found

    def _by_steps(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        steps = (
            self._by_title,
            self._by_words,
            self._mistyped.find,
            self._by_text,
            self._by_letters,
            self._by_most,
        )
        for step in steps:
            found = with_ordinals(step(mention, allowed), mention, self._lexicon)
            if found.step == "words" and found.is_clear:
                found = self._unless_a_slip(found, mention, allowed)
            if found.candidates:
                return self._among_siblings(self._unless_common(found, mention, allowed), mention)
        return Resolution(missing=self._missing(mention, allowed))

    def _unless_a_slip(
        self, found: Resolution, mention: Mention, allowed: frozenset[int]
    ) -> Resolution:
        """中校体育館の空調: a letter short of 中学校体育館の空調, and no name of the parent."""
        best = found.candidates[0].entry
        if len(found.candidates) < 2 or compact(mention.text) in best.title:
            return found
        slip = self._mistyped.find(mention, allowed & {c.entry.index for c in found.candidates})
        nearly = slip.is_clear and slip.candidates[0].score >= _NEARLY
        return slip if nearly and slip.candidates[0].entry != best else found

    def _in_other_words(self, mention: Mention, missing: Sequence[str]) -> Mention | None:
        """太陽光パネル for a book that prints 太陽光発電: words that no book of the index holds.

        Only words of three letters or more: 緑地 is no 公園 to those who ask for it.
        """
        text = mention.text
        for typed in (*_SEGMENT.split(mention.text), *missing):
            if len(typed) < 3 or typed not in text:
                continue
            others = (o for o in municipal_synonyms_of(typed) if len(o) >= 3)
            known = next((o for o in others if self._lexicon.holding(key_of(o), "title")), None)
            if known is not None:
                text = text.replace(typed, known)
        return self.mention_of(text) if text != mention.text else None

    def _among_siblings(self, found: Resolution, mention: Mention) -> Resolution:
        """A parent, one of whose children is told by the words: 軽井沢の建物."""
        if not found.is_clear or found.step == "title":
            return found
        parent = found.candidates[0].entry.program
        children = [self._lexicon.by_id[i] for i in parent.child_ids if i in self._lexicon.by_id]
        if len(children) < 2:
            return found
        telling = [
            [w.typed for w in mention.telling if child.index in self._words.holding(w, "title")]
            for child in children
        ]
        own = {
            w.typed
            for w in mention.telling
            if found.candidates[0].entry.index in self._words.holding(w, "title")
        }
        if own - set().union(*telling):
            return found  # a word of the parent's title that no child's holds
        shared = set(telling[0]).intersection(*telling[1:])
        apart = [i for i, words in enumerate(telling) if set(words) - shared]
        if len(apart) != 1:
            return found
        child = replace(found.candidates[0], entry=children[apart[0]])
        return replace(found, candidates=(child, *found.candidates))

    def _unless_common(
        self, found: Resolution, mention: Mention, allowed: frozenset[int]
    ) -> Resolution:
        """One word alone (情報, 解体) that several programmes hold asks which of them is meant."""
        if not found.is_clear or found.step not in ("words", "text") or len(mention.words) != 1:
            return found
        word = mention.words[0]
        best = found.candidates[0]
        if best.score >= 0.75 or len(word.typed) < 2:
            return found
        titles, bodies, _ = self._words.places(word)
        holding = (titles | bodies) & allowed
        told = len([i for i in self._family_of(best.entry) if i in titles]) <= 2
        others = holding - {best.entry.index}
        if best.entry.program.parent_id and told:  # 軽井沢 tells one child from the other
            others -= self._family_of(best.entry)
        ranked = sorted(others, key=lambda i: (i not in titles, i))
        more = tuple(Candidate(self._lexicon.entries[i], 0.0, "alias") for i in ranked[:7])
        return replace(found, candidates=(best, *more), is_common=bool(more))

    def _family_of(self, entry: Entry) -> frozenset[int]:
        """The indexes of a parent and its children, one of which ``entry`` is."""
        program = entry.program
        parent = self._lexicon.programs.get(program.parent_id or program.id, program)
        known = self._lexicon.by_id
        return frozenset(known[i].index for i in (parent.id, *parent.child_ids) if i in known)

    def resolve_title(self, text: str, allowed: frozenset[int]) -> Resolution:
        """A whole title, question words inside it and all: 摂取費用の助成 for 接種費用の助成."""
        mention = self.mention_of(text)
        found = self._by_title(mention, allowed)
        return found if found.candidates or len(text) < 6 else self._mistyped.find(mention, allowed)

    def _by_title(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """The whole title, with or without signs and の, or its reading."""
        key = bare(compact(mention.text))
        same = [e for e in self._lexicon.by_bare_title.get(key, ()) if e.index in allowed]
        if same:
            return decide([Candidate(e, 1.0, "exact") for e in same], "title")
        if len(key) < 4:
            return Resolution()
        sound = sound_of(self._lexicon.reading(mention.text))
        heard = [
            Candidate(entry, 1.0, "reading")
            for entry in self._lexicon.by_sound.get(sound, ())
            if entry.index in allowed
        ]
        if not heard and _mostly_kana(key):
            heard = self._by_sound_part(sound, allowed)
        return decide(heard, "reading")

    def _by_sound_part(self, sound: str, allowed: frozenset[int]) -> list[Candidate]:
        """Part of a title's reading: ほーむたうんちよだ."""
        if len(sound) < 4:
            return []
        return [
            Candidate(entry, len(sound) / len(title), "reading")
            for entry, title in zip(self._lexicon.entries, self._lexicon.sounds, strict=True)
            if entry.index in allowed and sound in title
        ]

    def _by_words(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """Every telling word stands in the title."""
        words = mention.telling
        if not words:
            return Resolution()
        key = compact(mention.text)
        whole = self._lexicon.holding(key, "title") & allowed if len(mention.words) > 1 else ()
        if len(whole) == 1 and len(key) >= 4:
            # 書かない窓口 is the beginning of one title, though 窓口 stands in several.
            (only,) = whole
            candidate = self._title_candidate(mention, self._lexicon.entries[only])
            return Resolution((candidate,), True, step="words")
        holding = allowed
        for word in words:
            holding = holding & self._words.holding(word, "title")
        if len(holding) > _SCORED:  # the shortest titles are said most completely
            entries = self._lexicon.entries
            holding = frozenset(
                heapq.nsmallest(_SCORED, holding, key=lambda i: (len(entries[i].title), i))
            )
        candidates = [self._title_candidate(mention, self._lexicon.entries[i]) for i in holding]
        return self._choose(candidates, mention)

    def _title_candidate(self, mention: Mention, entry: Entry) -> Candidate:
        covered, alias = 0, False
        for word in mention.words:
            form = next(
                (f for f in word.forms if compact(f) and compact(f) in entry.title),
                None,
            )
            covered += len(form) if form else 0
            alias = alias or (form is not None and form != word.forms[0])
        share = min(1.0, covered / max(1, len(bare(entry.title))))
        return Candidate(entry, share, "synonym" if alias else "alias")

    def _choose(self, candidates: list[Candidate], mention: Mention) -> Resolution:
        """A clear winner by how much of the title was said; a family by its parent or one child."""
        ranked = rank(candidates)
        if len(ranked) <= 1:
            return Resolution(tuple(ranked), bool(ranked), step="words")
        family = self._family_choice(ranked)
        ahead = ranked[0].score - max(c.score for c in ranked[1:])
        told = ranked[0].score >= 0.75 and ahead >= TITLE_MARGIN
        if family is not None and not told:
            return Resolution((family, *(c for c in ranked if c != family)), True, step="words")
        best, second = ranked[0], ranked[1]
        whole = mention.text and compact(mention.text) in best.entry.title
        leans = best.score - second.score >= TITLE_MARGIN and (best.score >= 0.6 or not whole)
        # Words that several titles hold (図書館) ask to choose, unless they are nearly a title.
        clear = leans and best.score >= 0.75
        return Resolution(tuple(ranked), clear, step="words", leans=leans)

    def _family_choice(self, ranked: Sequence[Candidate]) -> Candidate | None:
        """A parent and its children only: the one child said, else the parent."""
        by_id = {c.entry.program.id: c for c in ranked}
        parents = [c for c in ranked if c.entry.program.child_ids]
        if len(parents) != 1:
            return None
        parent = parents[0]
        children = [by_id[i] for i in parent.entry.program.child_ids if i in by_id]
        if len(children) + 1 != len(ranked):
            return None
        return children[0] if len(children) == 1 else parent

    def _by_text(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """Every telling word stands somewhere in the programme."""
        words = self._demanded(mention)
        if not words:
            return Resolution()
        places = [self._words.places(word) for word in words]
        holding = allowed
        for titles, bodies, contexts in places:
            holding = holding & (titles | bodies | contexts)
        holding = frozenset(
            i for i in holding if any(i in titles or i in bodies for titles, bodies, _ in places)
        )
        if len(holding) > _SCORED:
            said = Counter(i for titles, _, _ in places for i in titles & holding)
            holding = frozenset(heapq.nsmallest(_SCORED, holding, key=lambda i: (-said[i], i)))
        held = [self._words.places(word) for word in mention.words]
        candidates = [
            self._text_candidate(mention, self._lexicon.entries[i], held) for i in holding
        ]
        if len(words) < len(mention.telling):
            # 町立病院の建て替え: without a word of the title, no word may be left aside.
            candidates = [c for c in candidates if self._accounts_for(mention, words, c.entry)]
        ranked = rank(candidates)
        if len(ranked) < 2:
            return Resolution(tuple(ranked), bool(ranked), step="text")
        margin = 0.12 if len(words) > 1 else 0.2
        clear = ranked[0].score - ranked[1].score >= margin
        return Resolution(tuple(ranked[:8]), clear, step="text")

    def _accounts_for(self, mention: Mention, words: Sequence[Word], entry: Entry) -> bool:
        if any(entry.index in self._words.holding(word, "title") for word in words):
            return True
        apart = [s for s in _SEGMENT.split(mention.text) if any(w.typed in s for w in words)]
        if len(apart) > 1:
            return True
        return all(self._words.holds(word, entry) for word in mention.telling)

    def _demanded(self, mention: Mention) -> tuple[Word, ...]:
        """Words a text must hold; 使い方 may be 操作方法 when two plainer words already fit."""
        plain = tuple(w for w in mention.telling if not _HIRAGANA.search(w.typed))
        return plain if len(plain) >= 2 else mention.telling

    def _by_most(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """All but one of at least four telling words: people add words of their own."""
        words = self._demanded(mention)
        unknown = [w for w in words if not any(p & allowed for p in self._words.places(w))]
        nearly = self._by_nearly_a_title(mention, unknown, allowed)
        if nearly.candidates:
            return nearly
        if len(words) < 4 or len(unknown) != 1:
            return Resolution()
        rest = tuple(w for w in mention.words if w is not unknown[0])
        # 旧熱海千代田荘の解体 differs from a title in the one word that matters.
        titled = self._by_words(Mention(mention.text, rest), allowed)
        if titled.candidates:
            return Resolution()
        found = self._by_text(Mention(mention.text, rest), allowed)
        return Resolution(found.candidates, found.is_clear, (unknown[0].typed,), "text")

    def _by_nearly_a_title(
        self, mention: Mention, unknown: Sequence[Word], allowed: frozenset[int]
    ) -> Resolution:
        """多言語の外国人相談窓口: a word before の that no book knows, and nearly a whole title.

        The word stays ``missing``, so that the answer says it was left aside.
        """
        if len(unknown) != 1 or not mention.text.startswith(f"{unknown[0].typed}の"):
            return UNRESOLVED
        rest = self.mention_of(mention.text[len(unknown[0].typed) + 1 :])
        found = self._by_words(rest, allowed)
        whole = found.is_clear and found.candidates[0].score >= 0.6
        if not whole or len(rest.telling) < 2:
            return UNRESOLVED
        return replace(found, missing=(unknown[0].typed,), step="most")

    def _by_letters(self, mention: Mention, allowed: frozenset[int]) -> Resolution:
        """The description itself stands in the text, though no word of it is known: みどりん号."""
        key = key_of(mention.text)
        if len(key) < 3 or mention.telling:
            return Resolution()
        for where in ("title", "body"):
            holding = sorted(self._lexicon.holding(key, where) & allowed)
            if holding:
                found = [Candidate(self._lexicon.entries[i], 1.0, "alias") for i in holding]
                return Resolution(tuple(found[:8]), len(found) == 1, step="text")
        return Resolution()

    def _text_candidate(self, mention: Mention, entry: Entry, held: Sequence[Places]) -> Candidate:
        """Title words count most, words near each other in the text next, headings least."""
        total = sum(word.weight for word in mention.words) or 1.0
        got = 0.0
        sentences = self._lexicon.bodies[entry.index].replace("\n", "。").split("。")
        closest = max((self._in_sentence(mention, s) for s in sentences), default=0.0)
        for word, (titles, bodies, contexts) in zip(mention.words, held, strict=True):
            if entry.index in titles:
                got += word.weight
            elif entry.index in bodies:
                got += 0.6 * word.weight
            elif entry.index in contexts:
                got += 0.4 * word.weight
        return Candidate(entry, (got + 0.4 * closest) / total, "synonym")

    def _in_sentence(self, mention: Mention, sentence: str) -> float:
        return sum(w.weight for w in mention.words if any(f in sentence for f in w.forms))

    def holds(self, word: Word, entry: Entry) -> bool:
        """Whether the programme accounts for the word anywhere."""
        return self._words.holds(word, entry)

    def topic(self, words: Iterable[Word], allowed: frozenset[int]) -> frozenset[int]:
        """The programmes that hold every telling word in title, text or headings."""
        holding = allowed
        for word in words:
            titles, bodies, contexts = self._words.places(word)
            holding = holding & (titles | bodies | contexts)
        return holding

    def nearest(
        self, mention: Mention, allowed: frozenset[int], limit: int = 3
    ) -> tuple[Entry, ...]:
        """Programmes to offer when the one described is not there."""
        scores: dict[int, float] = {}
        for word in mention.telling:
            for weight, where in zip((1.0, 0.5, 0.2), self._words.places(word), strict=True):
                for i in where & allowed:
                    scores[i] = scores.get(i, 0.0) + weight * word.weight
        near = [i for i in self._lexicon.similar((compact(mention.text),)) if i in allowed]
        entries = [self._lexicon.entries[i] for i in sorted(near)]
        titles = [entry.title for entry in entries]
        for _, score, at in process.extract(
            compact(mention.text),
            titles,
            scorer=fuzz.ratio,
            score_cutoff=45,
            limit=limit,
        ):
            scores[entries[at].index] = scores.get(entries[at].index, 0.0) + score / 50
        ranked = sorted(scores, key=lambda i: (-scores[i], i))
        return tuple(self._lexicon.entries[i] for i in ranked[:limit])

    def _missing(self, mention: Mention, allowed: frozenset[int]) -> tuple[str, ...]:
        return tuple(
            word.typed
            for word in mention.telling
            if not any(places & allowed for places in self._words.places(word))
        )


def _mostly_kana(key: str) -> bool:
    return len(_HIRAGANA.findall(key)) >= 0.8 * len(key)
