"""Which programmes go with this one? The same in other years and books first, then similar ones.

A programme is the same one as ``indexer.lineage`` has it. Here, where a guess does no harm, it also
is when its title is near enough the same for the same publisher; a renamed one is known by a title
not too far away together with its department and the money: the former book's amount is what this
book prints as last year's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from indexer.analysis.folding import fold_text
from indexer.engine.interface import Reader, Selection
from indexer.engine.query import Among, And, Query, Range, Unscored
from indexer.model import Document, Program

_CANDIDATES = 60
_SAME_TITLE = 90.0
_RENAMED_TITLE = 40.0
_LINEAGE_SCORE = 1.0
_SAID_OF_ITSELF = 120
"""So many letters of a programme tell what it is like."""


def related_programs(
    reader: Reader, program: Program, similar: Sequence[Program], limit: int
) -> tuple[Program, ...]:
    """Lineage first (nearest year first), then the ``similar`` ones, as the search ranks them by
    what the programme says of itself; never the programme or its family."""
    family = {program.id, program.parent_id, program.group_id, *program.child_ids}
    documents = {document.id: document for document in reader.documents()}
    candidates = {found.id: found for found in similar}
    for query in _same_money(program, documents):
        candidates.update({found.id: found for found in _find(reader, query, _CANDIDATES)})
    (years,) = reader.years([program.id])
    in_years = {year.program_id for year in years}
    candidates.update({found.id: found for found in reader.programs(sorted(in_years))})
    others = [found for found in candidates.values() if found.id not in family]
    lineage = [
        found
        for found in others
        if found.id in in_years
        or (
            found.document_id != program.document_id
            and _lineage_score(program, found, documents) >= _LINEAGE_SCORE
        )
    ]
    lineage.sort(key=lambda found: _distance_in_years(program, found, documents))
    same = {found.id for found in lineage}
    alike = [found for found in similar if found.id not in same and found.id not in family]
    return (*lineage, *alike)[:limit]


def said_of_itself(program: Program) -> str:
    """The title and the beginning of the text: what a programme like it would be looked for by."""
    text = "".join(paragraph.text for paragraph in program.description[:1])
    return f"{program.title} {text}"[:_SAID_OF_ITSELF]


def _lineage_score(program: Program, other: Program, documents: dict[str, Document]) -> float:
    """1 and more: the same programme. Title, department and money each add what they prove."""
    mine, theirs = documents[program.document_id], documents[other.document_id]
    if mine.publisher and theirs.publisher and mine.publisher != theirs.publisher:
        return 0.0
    likeness = fuzz.ratio(_plain(program.title), _plain(other.title))
    score = 0.0
    if likeness >= _SAME_TITLE:
        score += 1.0
    elif likeness >= _RENAMED_TITLE:
        score += 0.3 + (likeness - _RENAMED_TITLE) / 200
    else:
        return 0.0
    if program.department and program.department == other.department:
        score += 0.3
    if _money_meets(program, mine, other, theirs) or _money_meets(other, theirs, program, mine):
        score += 0.5
    return score


def _money_meets(later: Program, book: Document, earlier: Program, former: Document) -> bool:
    """Whether the earlier book's amount is what the later one prints as last year's."""
    if book.fiscal_year is None or former.fiscal_year != book.fiscal_year - 1:
        return False
    return bool(earlier.amount.yen) and earlier.amount.yen == later.previous_amount.yen


def _same_money(program: Program, documents: dict[str, Document]) -> Iterable[Query]:
    """Programmes of the neighbouring years that share an amount with this one."""
    year = documents[program.document_id].fiscal_year
    if year is None:
        return
    if program.previous_amount.yen:
        yield _amount_in_year("amount", program.previous_amount.yen, year - 1)
    if program.amount.yen:
        yield _amount_in_year("previous_amount", program.amount.yen, year + 1)


def _amount_in_year(column: str, yen: int, year: int) -> Query:
    return And((Unscored(Range(column, yen, yen)), Unscored(Among("fiscal_year", (year,)))))


def _distance_in_years(
    program: Program, other: Program, documents: dict[str, Document]
) -> tuple[int, int, str]:
    mine = documents[program.document_id].fiscal_year or 0
    theirs = documents[other.document_id].fiscal_year or 0
    return abs(theirs - mine), -theirs, other.id


def _find(reader: Reader, query: Query, limit: int) -> tuple[Program, ...]:
    matches = reader.evaluate(Selection(query=query, limit=limit)).matches
    return reader.programs([match.program_id for match in matches])


def _plain(title: str) -> str:
    return "".join(filter(str.isalnum, fold_text(title)))
