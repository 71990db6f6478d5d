"""What does a plan find in the index? Each operation goes to the module that executes it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from indexer.answers.aggregates import Aggregates
from indexer.answers.answer import Code, Interpretation, Kind, Row
from indexer.answers.checking import Checker
from indexer.answers.claims import Scan
from indexer.answers.comparing import Comparer
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.grouping import Grouping
from indexer.answers.lexicon import Lexicon
from indexer.answers.lookup import Lookup
from indexer.answers.passages import PassageFinder
from indexer.answers.plan import Operation, Plan
from indexer.answers.refusal import Refusal
from indexer.answers.resolution import Resolver
from indexer.answers.selection import Selector
from indexer.answers.set_parts import SetParts
from indexer.answers.vocabulary import Vocabulary
from indexer.model import Program

_READINGS_SHOWN = 3


class Executor:
    """Executes plans over one generation. Deterministic: the same plan finds the same things."""

    def __init__(self, lexicon: Lexicon, resolver: Resolver, vocabulary: Vocabulary) -> None:
        evidence = EvidenceFinder(lexicon)
        self._lexicon = lexicon
        self._resolver = resolver
        self._lookup = Lookup(lexicon, evidence, PassageFinder(lexicon, vocabulary))
        self._checker = Checker(lexicon, self._lookup, evidence)
        selector, parts = Selector(lexicon, resolver), SetParts(lexicon, evidence)
        self._aggregates = Aggregates(lexicon, selector, evidence, parts)
        self._grouping = Grouping(lexicon, selector, parts)
        self._comparer = Comparer(lexicon, self._aggregates, evidence)

    def execute(self, plan: Plan) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings of a plan, and the premises of the question put right."""
        if plan.operation in (Operation.LOOKUP, Operation.CHECK) and plan.entities:
            return self._of_programmes(plan)
        others = tuple(self._of_set(replace(plan, operation=operation)) for operation in plan.also)
        return (self._of_set(plan), *others), ()

    def _of_programmes(self, plan: Plan) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        program = plan.entities[0].program
        corrections = self._checker.corrections(program, plan.premises)
        if plan.operation is Operation.CHECK and plan.check is not None:
            return (self._checker.check(program, plan.check, plan),), corrections
        findings = [
            replace(self._lookup.find(entity.program, field, plan), field=str(field))
            for entity in plan.entities
            for field in plan.fields
        ]
        return tuple(findings), corrections

    def _of_set(self, plan: Plan) -> Finding:
        if plan.operation is Operation.REMOVED:
            return self._removed(plan)
        if plan.operation is Operation.CHECK:
            return self._aggregates.any_at_all(plan)
        execute = {
            Operation.LIST: self._aggregates.list_all,
            Operation.COUNT: self._aggregates.count,
            Operation.SUM: self._aggregates.add_up,
            Operation.AVERAGE: self._aggregates.average,
            Operation.RANK: self._aggregates.rank,
            Operation.SHARE: self._aggregates.share,
            Operation.GROUP: self._grouping.group,
            Operation.COMPARE: self._comparer.compare,
        }[plan.operation]
        return execute(plan)

    def _removed(self, plan: Plan) -> Finding:
        publishers = plan.filters.publishers
        scope = publishers[0] if len(publishers) == 1 else None
        year, known = plan.filters.year, self._lexicon.years_of(scope)
        # 「令和6年度にあって令和7年度にない」 names both years; the later one is looked into.
        if year is None or (year + 1 in known and year - 1 not in known):
            year = year + 1 if year is not None else self._lexicon.latest_year(scope)
        if year is None or year - 1 not in known:
            text = "前年度の予算書が索引にないため、なくなった事業は分かりません。"
            return Finding(Kind.LIST, text, code=Code.YEAR_NOT_INDEXED)
        return self._aggregates.removed(plan, year)

    def rows_of(self, plan: Plan, finding: Finding) -> tuple[Row, ...]:
        """A finding among several as rows: its own, or one that says its value."""
        if finding.rows and (
            not plan.entities or finding.field in ("forecast", "children", "text")
        ):
            return finding.rows
        program_id = finding.evidence[0].program_id if finding.evidence else None
        program = self._lexicon.programs.get(program_id or "") or plan.entities[0].program
        return (Row(program.title, finding.value, program.id, finding.field),)

    def other_readings(self, plan: Plan) -> tuple[Program, ...]:
        """Other programmes a description may have meant, to ask for with one click."""
        if len(plan.entities) != 1 or plan.entities[0].how in ("exact",):
            return ()
        mention = self._resolver.mention_of(plan.entities[0].typed)
        entry = self._lexicon.by_id[plan.entities[0].program.id]
        allowed = frozenset(
            e.index
            for e in self._lexicon.entries
            if e.document.fiscal_year == entry.document.fiscal_year
        )
        found = self._resolver.resolve(mention, allowed - {entry.index})
        return tuple(c.entry.program for c in found.candidates[:_READINGS_SHOWN])

    def reading_of_refusal(self, refusal: Refusal, scan: Scan) -> Interpretation:
        """What was understood of a question that is not answered, and a search for it."""
        program = refusal.programs[0].title if refusal.programs else ""
        unused = refusal.unused_words or tuple(
            scan.typed(*chunk) for chunk in scan.chunks if chunk[1] - chunk[0] > 1
        )
        words = (
            " ".join(scan.typed(*chunk).strip("のはがをにで") for chunk in scan.chunks) or program
        )
        url = f"/search?{urlencode({'q': words.strip()})}" if words.strip() else "/search"
        ja = f"「{scan.original.strip()[:60]}」" + (f"（近い事業：{program}）" if program else "")
        return Interpretation(ja, url, unused_words=unused)
