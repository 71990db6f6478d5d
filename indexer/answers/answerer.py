"""What is the answer to this question? The public door of question answering.

    Answerer(reader).ask("ホームタウンちよだ応援事業の予算はいくらですか").text

A question is scanned, understood into a plan, executed over every programme of the generation,
said by templates and verified; what fails on the way becomes a typed refusal. Nothing is
generated: a number that is not in the rows cannot appear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from indexer.analysis.analyzer import Analyzer
from indexer.answers.answer import (
    Abstention,
    Alternative,
    Answer,
    Derivation,
    Evidence,
    Interpretation,
    Kind,
    MatchedEntity,
    Row,
    Status,
)
from indexer.answers.claims import Scan
from indexer.answers.evidence import EvidenceFinder, Finding
from indexer.answers.executing import Executor
from indexer.answers.lexicon import Lexicon, ProgramSource
from indexer.answers.linking import Linker
from indexer.answers.plan import KIND_OF_FIELD, Operation, Plan
from indexer.answers.refusal import Refusal, Refuser
from indexer.answers.resolution import Resolver
from indexer.answers.scanning import Scanner
from indexer.answers.understanding import Understander
from indexer.answers.verification import recomputes, untraced_numbers
from indexer.answers.vocabulary import load_vocabulary
from indexer.answers.wording import read_plan, search_url
from indexer.search.searcher import Searcher

_KIND_OF_OPERATION = {
    Operation.LIST: Kind.LIST,
    Operation.REMOVED: Kind.LIST,
    Operation.CHECK: Kind.YESNO,
    Operation.COMPARE: Kind.COMPARE,
    Operation.GROUP: Kind.GROUP,
}
_SHOWN = "そのままの答えは見つかりませんでした。近い記載："
_CORRECTED = "お尋ねの前提と予算書が違います。"


class Answerer:
    """Answers questions over one generation of the index. Safe to share between threads."""

    def __init__(self, reader: ProgramSource, searcher: Searcher | None = None) -> None:
        vocabulary = load_vocabulary()
        self._lexicon = Lexicon(reader, Analyzer())
        self._linker = Linker(searcher, self._lexicon, EvidenceFinder(self._lexicon))
        resolver = Resolver(self._lexicon, vocabulary, self._linker)
        self._scanner = Scanner(self._lexicon, vocabulary, self._linker)
        self._understander = Understander(self._lexicon, resolver, self._linker)
        self._executor = Executor(self._lexicon, resolver, vocabulary)
        self._refuser = Refuser(self._lexicon)
        self._names = (
            tuple(name for values in self._lexicon.values.values() for name in values)
            + self._lexicon.publishers
        )

    def warm(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Make now what the first questions would wait for, until ``stopped`` says so.

        Safe beside questions from other threads.
        """
        self._lexicon.warm(stopped)

    def ask(self, question: str, today: date | None = None) -> Answer:
        """The answer to ``question``; never raises for anything a person can type.

        ``today`` only words the assumption about 今年 and 去年: they are read against the newest
        indexed book.
        """
        scan = self._scanner.scan(question[:1000])
        understood = self._understander.understand(scan, today)
        if isinstance(understood, Refusal):
            return self._refuse(understood, scan, today)
        findings, corrections = self._executor.execute(understood)
        answer = self._compose(understood, findings, corrections)
        binder = self._understander.binder
        unbound = binder.unbound(scan, understood)
        if unbound and answer.status is Status.ANSWERED:
            programs = tuple(entity.program for entity in understood.entities)
            return self._refuse(self._refuser.unbound(unbound, programs), scan, today)
        reading = replace(answer.interpretation, bound=binder.bound(scan, understood))
        answer = replace(answer, interpretation=reading)
        derivations = tuple(
            f.derivation for f in (*findings, *corrections) if f.derivation is not None
        )
        return self._verified(answer, question, scan, derivations, today)

    def _verified(
        self,
        answer: Answer,
        question: str,
        scan: Scan,
        derivations: tuple[Derivation, ...],
        today: date | None,
    ) -> Answer:
        """Withhold an answer with a number nobody can trace, or a derivation that is off."""
        sound = all(recomputes(derivation) for derivation in derivations)
        if sound and not untraced_numbers(answer, question, self._names, derivations):
            return answer
        return self._refuse(self._refuser.unparsed(scan), scan, today)

    def _compose(
        self, plan: Plan, findings: tuple[Finding, ...], corrections: tuple[Finding, ...]
    ) -> Answer:
        main = findings[0]
        rows = (
            main.rows
            if len(findings) == 1
            else tuple(
                row
                for finding in (findings[:1] if plan.also else findings)
                for row in self._executor.rows_of(plan, finding)
            )
        )
        evidence = dict.fromkeys(
            line for finding in (*findings, *corrections) for line in finding.evidence
        )
        warnings = [w for finding in findings for w in finding.warnings]
        warnings += [correction.text for correction in corrections]
        if self._has_supplements(rows, tuple(evidence)):
            warnings.append("補正予算の額（補正額）を含みます。当初予算額ではありません。")
        text = "".join(finding.text for finding in (*corrections, *findings))
        answer = Answer(
            self._status(plan, findings, corrections),
            self._kind(plan, main),
            text,
            main.value,
            rows,
            self._interpretation(plan),
            tuple(evidence),
            next((f.derivation for f in findings if f.derivation is not None), None),
            self._alternatives(plan, main),
            tuple(dict.fromkeys(warnings)),
        )
        return replace(answer, abstention=self._abstention(plan, findings, corrections))

    def _has_supplements(self, rows: tuple[Row, ...], evidence: tuple[Evidence, ...]) -> bool:
        ids = {row.program_id for row in rows} | {line.program_id for line in evidence}
        programs = (self._lexicon.programs.get(program_id or "") for program_id in ids)
        return any(program and "supplement" in program.flags for program in programs)

    def _kind(self, plan: Plan, main: Finding) -> Kind:
        if plan.operation is Operation.LOOKUP:
            return KIND_OF_FIELD[plan.fields[0]]
        if plan.operation is Operation.RANK and plan.ranking is not None:
            single = plan.ranking.count == 1 and not plan.ranking.everything
            return Kind.AGGREGATE if single else Kind.LIST
        return _KIND_OF_OPERATION.get(plan.operation, Kind.AGGREGATE)

    def _status(
        self, plan: Plan, findings: tuple[Finding, ...], corrections: tuple[Finding, ...]
    ) -> Status:
        missing = [finding for finding in findings if finding.code is not None]
        if len(missing) == len(findings) and not any(f.is_partial for f in missing):
            return Status.ABSTAINED
        if missing or corrections or any(f.is_partial for f in findings):
            return Status.PARTIAL
        return Status.ANSWERED

    def _abstention(
        self, plan: Plan, findings: tuple[Finding, ...], corrections: tuple[Finding, ...]
    ) -> Abstention | None:
        near = tuple(entity.program.id for entity in plan.entities[:3])
        for finding in (*corrections, *findings):
            if finding.code is not None:
                return Abstention(finding.code, finding.text, near, self._ways(plan))
        return None

    def _ways(self, plan: Plan) -> tuple[str, ...]:
        if not plan.entities:
            return self._refuser.examples()
        title = plan.entities[0].program.title
        return (f"{title}の予算額は？", f"{title}の担当課は？", f"{title}は何をする事業？")

    def _alternatives(self, plan: Plan, main: Finding) -> tuple[Alternative, ...]:
        others = self._executor.other_readings(plan)
        return main.alternatives + tuple(
            Alternative(f"{program.title}の予算額は？", program.id) for program in others
        )

    def _interpretation(self, plan: Plan) -> Interpretation:
        entity = plan.entities[0] if plan.entities else None
        matched = MatchedEntity(entity.typed, entity.program.title, entity.how) if entity else None
        assumptions = list(plan.assumptions)
        if entity is not None and entity.how != "exact":
            assumptions.append(f"「{entity.typed}」を「{entity.program.title}」と読みました。")
        return Interpretation(
            read_plan(plan, self._lexicon),
            search_url(plan),
            matched,
            tuple(assumptions),
            plan.unused_words,
        )

    def _refuse(self, refusal: Refusal, scan: Scan, today: date | None) -> Answer:
        ids = tuple(program.id for program in refusal.programs)
        reading = self._executor.reading_of_refusal(refusal, scan)
        if refusal.code is None:
            passages = self._linker.passages_of(refusal.programs[0], scan.original)
            return Answer(
                refusal.status, refusal.kind, refusal.message, None, (), reading, passages=passages
            )
        link = self._understander.link(scan, today)
        is_shown = link.is_worth_showing and refusal.is_open
        return Answer(
            Status.SHOWN if is_shown else refusal.status,
            refusal.kind,
            _SHOWN if is_shown else refusal.message,
            interpretation=reading,
            alternatives=refusal.alternatives,
            abstention=Abstention(refusal.code, refusal.message, ids, refusal.suggestions),
            passages=self._linker.passages(link),
        )
