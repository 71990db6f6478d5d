"""In which parts of a programme does the index have a sought form? Asked for a page at once.

The index knows which programmes hold which words side by side, so a text is tokenised to find the
place of a word only if the word is in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engine import schema
from indexer.engine.interface import Reader
from indexer.engine.schema import Source
from indexer.search.response import MatchKind
from indexer.search.sought import Form

_WORDS = (schema.TITLE, schema.BODY, schema.CONTEXT)
_READINGS = (schema.TITLE_READING, schema.BODY_READING)
NOWHERE: frozenset[Source] = frozenset()


class Page:
    """The programmes of one page of hits."""

    def __init__(self, reader: Reader, program_ids: Sequence[str]) -> None:
        self._reader = reader
        self._ids = tuple(program_ids)
        self._known: dict[Form, dict[str, frozenset[Source]]] = {}

    def sources(self, program_id: str, form: Form) -> frozenset[Source]:
        """Where a programme holds the form's terms: side by side, or for a compound's parts any
        of them, if it holds all."""
        known = self._known.get(form)
        if known is None:
            known = self._known[form] = self._ask(form)
        return known.get(program_id, NOWHERE)

    def _ask(self, form: Form) -> dict[str, frozenset[Source]]:
        if form.kind is not MatchKind.SUBSTRING:
            return self._holding(form, form.terms)
        each = [self._holding(form, (term,)) for term in dict.fromkeys(form.terms)]
        return {
            program_id: NOWHERE.union(*(held[program_id] for held in each))
            for program_id in self._ids
            if all(program_id in held for held in each)
        }

    def _holding(self, form: Form, terms: tuple[str, ...]) -> dict[str, frozenset[Source]]:
        found: dict[str, set[Source]] = {}
        for field in _READINGS if form.kind is MatchKind.READING else _WORDS:
            for program_id in self._reader.holding(self._ids, field.name, terms):
                found.setdefault(program_id, set()).add(field.source)
        return {program_id: frozenset(sources) for program_id, sources in found.items()}
