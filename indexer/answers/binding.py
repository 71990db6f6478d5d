"""What was each part of a question taken for, and what was not taken for anything?

An answer is only given to the whole of a question: a year, a number, a status or a thing that the
plan does not speak of would change what is asked (「Xの5年前の予算」「Xを監査した人は」).
"""

from __future__ import annotations

import re

from indexer.analysis.folding import fold_text
from indexer.answers.answer import Bound, TakenAs
from indexer.answers.claims import Claim, Scan
from indexer.answers.linking import Linker
from indexer.answers.naming import Namer, Piece
from indexer.answers.plan import Field, Filters, Plan
from indexer.search.response import Held, Said

_TAKEN_AS = {
    "publisher": TakenAs.PUBLISHER,
    "place": TakenAs.PUBLISHER,
    "year": TakenAs.FISCAL_YEAR,
    "relative": TakenAs.FISCAL_YEAR,
    "section": TakenAs.SECTION,
    "department": TakenAs.DEPARTMENT,
    "unit_name": TakenAs.DEPARTMENT,
    "status": TakenAs.STATUS,
    "status_word": TakenAs.STATUS,
    "account": TakenAs.ACCOUNT,
    "money": TakenAs.AMOUNT,
    "percent": TakenAs.AMOUNT,
    "field": TakenAs.FIELD,
    "text": TakenAs.FIELD,
    "page_number": TakenAs.FIELD,
    "title": TakenAs.TOPIC,
    "topic": TakenAs.TOPIC,
    "domain": TakenAs.TOPIC,
    "policy_goal": TakenAs.TOPIC,
    "filler": TakenAs.POLITENESS,
    "pronoun": TakenAs.POLITENESS,
}
"""By the room of a claim's tag; every other one says what is done with the programmes."""
_COUNT = re.compile(r"[0-9一二三四五六七八九十百千]+[一-鿿]*")
_ALONE = re.compile(r"(?:だけ|のみ)(?=の|は|で)")
_ASKING = re.compile(r"(?<!な)どの|どんな|どう|どれ|どこ|どちら|何|誰|だれ|いつ|なぜ")
"""The words that ask, of which the scan made nothing: どの教科で使われますか."""


class Binder:
    """Binds the parts of questions to plans."""

    def __init__(self, namer: Namer, linker: Linker) -> None:
        self._namer = namer
        self._linker = linker

    def bound(self, scan: Scan, plan: Plan) -> tuple[Bound, ...]:
        """What each part was taken for, in the order of the question."""
        found = [
            (c.start, Bound(scan.typed(c.start, c.end), _taken_as(c), c.value)) for c in scan.claims
        ]
        meant = "、".join(entity.program.title for entity in plan.entities)
        for piece in self._namer.pieces(scan):
            typed = scan.typed(piece.start, piece.end)
            found.append((piece.start, Bound(typed, TakenAs.TOPIC, meant or piece.text)))
        return tuple(bound for _, bound in sorted(found, key=lambda pair: pair[0]))

    def unbound(self, scan: Scan, plan: Plan) -> tuple[str, ...]:
        """The words that say something, and that ``plan`` does not speak of."""
        left = [scan.typed(c.start, c.end) for c in scan.claims if not _is_kept(c, plan)]
        if Field.TEXT in plan.fields:
            return tuple(left)  # What a sentence must hold to answer, its finder knows.
        pieces = self._namer.pieces(scan)
        left.extend(word for piece in pieces for word in _ASKING.findall(piece.text))
        left.extend(self._parts_alone(scan, pieces))
        if not plan.entities:
            return (*left, *self._without_topic(pieces, plan))
        for piece in pieces:
            if not self._is_named(scan, piece, plan):
                left.extend(self._unprinted(piece.text, plan))
        return tuple(dict.fromkeys(left))

    def _without_topic(self, pieces: tuple[Piece, ...], plan: Plan) -> list[str]:
        """What describes programmes while the set is of all of them: no topic was made of it."""
        sets = [plan.filters, *(operand.filters for operand in plan.operands), plan.base]
        if plan.operands or any(
            filters.topic or filters.excluded_topic or filters.ids for filters in sets if filters
        ):
            return []
        return [word for piece in pieces for word in self._namer.things_in(piece.text)]

    def _parts_alone(self, scan: Scan, pieces: tuple[Piece, ...]) -> list[str]:
        """北部路線だけの予算: of a part, whose own amount no book prints."""
        if not any(claim.tag.startswith("field:") for claim in scan.claims):
            return []
        found = [(piece, _ALONE.match(scan.key, piece.end)) for piece in pieces]
        return [scan.typed(piece.start, alone.end()) for piece, alone in found if alone]

    def _is_named(self, scan: Scan, piece: Piece, plan: Plan) -> bool:
        """Whether a piece is what a programme was recognised by."""
        typed = scan.typed(piece.start, piece.end)
        return any(typed in entity.typed for entity in plan.entities)

    def _unprinted(self, text: str, plan: Plan) -> list[str]:
        """The things named in ``text`` that none of the programmes prints."""
        each = [self._linker.said(text, entity.program) for entity in plan.entities]
        counts = [count for count in _COUNT.findall(text) if not self._is_printed(count, plan)]
        return counts or [
            words[0].typed
            for words in zip(*each, strict=True)
            if all(word.held is not Held.PRINTED and _tells(word) for word in words)
        ]

    def _is_printed(self, count: str, plan: Plan) -> bool:
        """Whether a number stands there with what it counts: 5年前 is not 5橋, two years ago."""
        return any(
            count in fold_text(passage.text)
            for entity in plan.entities
            for passage in self._linker.printed(entity.program)
        )


def _taken_as(claim: Claim) -> TakenAs:
    return _TAKEN_AS.get(claim.tag.partition(":")[0], TakenAs.OPERATION)


def _tells(word: Said) -> bool:
    """Whether it changes what is asked: 話 and 分 by themselves do not."""
    is_suffix = len(word.typed) == 1 and word.is_everyday and not word.typed.isnumeric()
    return word.is_thing and not is_suffix


def _is_kept(claim: Claim, plan: Plan) -> bool:
    """Whether the plan speaks of a claim that narrows what is asked."""
    if claim.tag == "status":
        return _speaks_of_status(plan)
    if claim.tag == "money":
        return _is_measured(plan)
    return True


def _speaks_of_status(plan: Plan) -> bool:
    if Field.STATUS in plan.fields or plan.group_by == "status":
        return True
    if plan.check is not None and plan.check.fact in ("status", "direction", "exists"):
        return True
    if any(premise.field == "status" for premise in plan.premises):
        return True
    sets = [plan.filters, *(operand.filters for operand in plan.operands), plan.base]
    return any(_narrows_status(filters) for filters in sets if filters)


def _narrows_status(filters: Filters) -> bool:
    names = {name for name, _ in (*filters.values, *filters.excluded)}
    return "status" in names or bool(filters.topic)


def _is_measured(plan: Plan) -> bool:
    sets = [plan.filters, *(operand.filters for operand in plan.operands), plan.base]
    bounded = any(filters.bounded_money for filters in sets if filters)
    return bounded or plan.check is not None or bool(plan.premises)
