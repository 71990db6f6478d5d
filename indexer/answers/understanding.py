"""What does a question ask? From its claims to a typed plan, or to a refusal.

The order of the decisions is the meaning of this file: what no index could answer, whose book,
which year, what is done with the programmes (ranked, counted, compared …), which programmes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from indexer.answers.answer import Kind
from indexer.answers.binding import Binder
from indexer.answers.claims import Scan
from indexer.answers.conditions import Conditions, asks_yes_or_no, filter_claims
from indexer.answers.fields import asked_fields, is_alternative
from indexer.answers.lexicon import Entry, Lexicon, compact, publisher_of
from indexer.answers.linking import Link, Linker
from indexer.answers.naming import Namer, Naming
from indexer.answers.operations import Operations, wants_operation
from indexer.answers.plan import (
    ASKED_AGAIN,
    KIND_OF_FIELD,
    MONEY_FIELDS,
    Context,
    Entity,
    Field,
    Plan,
)
from indexer.answers.program_plans import ProgramPlans
from indexer.answers.refusal import Refusal, Refuser
from indexer.answers.resolution import Resolver
from indexer.answers.set_plans import SetPlans
from indexer.answers.vocabulary import key_of
from indexer.answers.years import YearReading, read_year
from indexer.model import Program

# 申込期限, 貸出冊数: what tables and plans have columns of.
_COLUMN = re.compile(
    r"(?P<of>.{2,}?)(?:の|\s)(?P<column>[^のはがを\s]{1,10}(?:数|率|額|料|賃|期限|期間|期日|日時|時間|年数|時期"
    r"|面積|距離|重量|量|先|者|業者|条件|基準|要件|書類|結果|方法|順位|番号|残高|残|単価|価格|点))"
)
_DESCRIBING = frozenset({"title", "status", "status_word", "section", "department", "policy_goal"})
"""What describes a programme beside what nobody claimed; the other claims say what is asked, and of
whose book and year."""


class Understander:
    """Turns scanned questions into plans over one lexicon."""

    def __init__(self, lexicon: Lexicon, resolver: Resolver, linker: Linker) -> None:
        self._lexicon = lexicon
        self._resolver = resolver
        self._linker = linker
        self._namer = Namer(lexicon, resolver)
        self._conditions = Conditions(lexicon)
        self._refuser = Refuser(lexicon)
        self._programs = ProgramPlans(lexicon, resolver, self._namer, self._refuser, linker)
        self._sets = SetPlans(lexicon, self._refuser)
        self._operations = Operations(lexicon, resolver, self._namer, self._refuser)
        self.binder = Binder(self._namer, linker)

    def link(self, scan: Scan, today: date | None) -> Link:
        """The programmes that a question comes nearest to, among the books it asks of."""
        return self._linked(self._context(scan, today))

    def _linked(self, context: Context) -> Link:
        return self._linker.link(self._described_by(context.scan), context.allowed)

    def _described_by(self, scan: Scan) -> str:
        """What of a question describes a programme."""
        said = [(piece.start, piece.text) for piece in self._namer.pieces(scan)]
        said += [
            (claim.start, scan.folded.text[claim.start : claim.end])
            for claim in scan.claims
            if claim.tag in _DESCRIBING
        ]
        return " ".join(text for _, text in sorted(said))

    def understand(self, scan: Scan, today: date | None) -> Plan | Refusal:
        """The plan of a question, or why there is none."""
        understood = self._understand(scan, today)
        if isinstance(understood, Refusal) and understood.kind is Kind.AMOUNT:
            return replace(understood, kind=self._kind(scan))
        return understood

    def _understand(self, scan: Scan, today: date | None) -> Plan | Refusal:
        refused = self._refuser.outright(scan)
        if refused is not None:
            return refused
        places = scan.of("place")
        if places:
            return self._refuser.publisher_not_indexed(places[0].value)
        context = self._context(scan, today)
        naming = self._namer.name(scan, context.allowed, filter_claims(scan))
        if self._is_nowhere_now(context, naming):
            naming = self._in_older_books(context, naming)
        context = self._of_its_publisher(context, naming)
        other_place = self._of_another_place(scan, naming)
        if other_place is not None:
            return self._refuser.publisher_not_indexed(other_place)
        constrained = self._constrained(scan, naming, context)
        if constrained is not None:
            return constrained
        if context.year.column == "missing" and context.year.figures is not None:
            everything = frozenset(e.index for e in self._lexicon.entries)
            elsewhere = self._namer.name(scan, everything, filter_claims(scan))
            return self._refuser.year_not_indexed(context.year.figures, _programs(elsewhere))
        if wants_operation(scan, naming):
            planned = self._operations.plan(
                scan, context.year, context.filters, naming, context.allowed
            )
            if planned is not None:
                return planned
        if naming.entities and not self._is_topic(scan, naming):
            return self._programs.plan(context, naming)
        return self._about_a_set(context, naming)

    def _is_topic(self, scan: Scan, naming: Naming) -> bool:
        """「防災の取り組みは何がありますか」 wants all, however well one title fits."""
        if naming.by_title or naming.resolution.step in ("title", "reading"):
            return False
        return scan.has("topic:marker", "op:list") and not self._asks_one(scan)

    def _context(self, scan: Scan, today: date | None) -> Context:
        filters = self._conditions.read(scan)
        lexicon = self._lexicon
        year = read_year(scan, lexicon, filters.publishers, today)
        if scan.has("field:executed"):
            # The sheet of a later year prints what was spent in the year asked for.
            latest = lexicon.latest_year()
            year = replace(year, book=latest, figures=latest, column="amount", is_stated=False)
        filters = replace(filters, year=year.book)
        if filters.state == "completes" and year.column == "forecast":
            filters = replace(filters, state_year=year.figures)
        readings = {
            name: read_year(scan, lexicon, (name,) if name else (), today)
            for name in lexicon.newest
            if not filters.publishers or name in filters.publishers
        }
        allowed = frozenset[int]().union(
            *(
                indexes
                for (name, fiscal_year), indexes in lexicon.scopes.items()
                if name in readings
                and fiscal_year
                == (readings[name].book if year.is_stated else lexicon.newest.get(name))
            )
        )
        return Context(scan, year, filters, allowed, readings)

    def _of_its_publisher(self, context: Context, naming: Naming) -> Context:
        """A named programme's year is read by the books of its own publisher."""
        if not naming.entities:
            return context
        document = self._lexicon.documents[naming.entities[0].program.document_id]
        year = context.readings.get(publisher_of(document))
        if year is None or not year.is_stated:
            return context
        return replace(context, year=year, filters=replace(context.filters, year=year.book))

    def _of_another_place(self, scan: Scan, naming: Naming) -> str | None:
        """札幌市の窓口の混雑緩和: a place that the programme found does not speak of."""
        found = [e.program.id for e in naming.entities]
        found += [c.entry.program.id for c in naming.resolution.candidates]
        entries = [self._lexicon.by_id[i] for i in found]
        for place in scan.named_places:
            key = compact(place.value)
            if entries and not any(self._speaks_of(entry, key) for entry in entries):
                return place.value
        return None

    def _speaks_of(self, entry: Entry, key: str) -> bool:
        program = entry.program
        headings = (program.section, program.department, program.policy_goal)
        texts = (self._lexicon.body_of(program), *(key_of(one) for one in headings if one))
        return key in entry.title or any(key in text for text in texts)

    def _is_nowhere_now(self, context: Context, naming: Naming) -> bool:
        """A programme is described that no newest book holds, and no year is asked for."""
        if context.year.is_stated or naming.entities or naming.resolution.candidates:
            return False
        scan = context.scan
        described = naming.by_title or (naming.mention is not None and naming.mention.telling)
        return bool(described) and not (
            wants_operation(scan, naming) or scan.has("topic:marker", "op:list")
        )

    def _in_older_books(self, context: Context, naming: Naming) -> Naming:
        """児童館の建て替え is printed in last year's book only: the newest that holds it."""
        older = frozenset[int]().union(
            *(
                indexes
                for (name, year), indexes in self._lexicon.scopes.items()
                if name in context.readings and self._lexicon.newest.get(name) != year
            )
        )
        found = self._namer.name(context.scan, older, filter_claims(context.scan))
        return found if found.entities else naming

    def _constrained(self, scan: Scan, naming: Naming, context: Context) -> Refusal | None:
        program = naming.entities[0].program if naming.entities else None
        refused = self._refuser.constraining(scan, program)
        if refused is not None and refused.programs == () and naming.resolution.candidates:
            near = tuple(c.entry.program for c in naming.resolution.candidates[:3])
            return replace(refused, programs=near)
        if refused is None and naming.constrained:
            return self._refuser.field_not_in_book(naming.constrained[0], _programs(naming))
        return refused

    def _about_a_set(self, context: Context, naming: Naming) -> Plan | Refusal:
        scan = context.scan
        unknown = self._conditions.unknown_unit(scan)
        if unknown is not None:
            return self._refuser.not_found(unknown, kind=Kind.LIST)
        mention = naming.mention
        if mention is not None and (mention.telling or (mention.text and context.filters.is_empty)):
            return self._about_description(context, naming)
        if context.filters.is_empty:
            return self._sets.about_nothing(context)
        return self._sets.plan(context, context.filters)

    def _about_description(self, context: Context, naming: Naming) -> Plan | Refusal:
        scan, found = context.scan, naming.resolution
        assert naming.mention is not None
        kind = self._kind(scan)
        narrowed = self._operations.topic_filters(scan, context.filters, context.allowed)
        as_set = scan.has("topic:marker", "op:list", "domain") or not context.filters.is_empty
        if narrowed is not None and as_set and not self._asks_one(scan):
            return self._sets.plan(context, narrowed)
        described = self._described(scan, naming)
        shared = self._shared_text(context, naming)
        if shared is not None:
            return shared
        linked = self._by_meaning(context, naming)
        if linked is not None:
            return linked
        if found.candidates:
            programs = [c.entry.program for c in found.candidates]
            return self._refuser.ambiguous(
                described, programs, kind, ASKED_AGAIN.get(kind, "の予算額は？")
            )
        other = self._in_other_year(context, naming)
        if other is not None:
            return other
        if self._is_chat(scan, naming):
            return self._refuser.out_of_domain()
        column = self._of_a_column(naming.mention.text, context)
        if column is not None:
            return column
        near = [e.program for e in self._resolver.nearest(naming.mention, context.allowed)]
        return self._refuser.not_found(described, near, kind)

    def _by_meaning(self, context: Context, naming: Naming) -> Plan | Refusal | None:
        """地震とか災害に備えるイベントの宣伝にいくら使う: a fact of a programme that the search
        is sure of, each of whose telling words it holds, be it by a word near in meaning."""
        asked = self._facts_asked(context.scan)
        pieces = self._namer.pieces(context.scan)
        if naming.mention is None or not asked or Field.TEXT in asked or not pieces:
            return None
        described = self._described_by(context.scan)
        link = self._linker.link(described, context.allowed)
        # Where something is written may be asked of anything that is printed.
        is_place = asked == (Field.PAGE,) and link.is_likely and link.holds(described)
        said = context.scan.folded.text[naming.start : naming.end]
        is_told = bool(self._lexicon.analyzer.verbs(said))
        # The department of what is printed in passing is that of the programme; the amount is not,
        # unless it is asked of the programme: フードドライブをやる事業の予算.
        of_programme = context.scan.has("domain", "which:programme")
        is_whole = of_programme or not set(asked) & MONEY_FIELDS
        is_meant = is_place or link.names(described, in_passing=is_whole)
        if not is_meant and not link.tells(described, is_told=is_told):
            return None
        typed = context.scan.typed(pieces[0].start, pieces[-1].end)
        entity = Entity(link.hits[0].program, typed, "synonym")
        named = replace(naming, entities=(entity,), extra=())
        return self._programs.plan(context, named)

    def _facts_asked(self, scan: Scan) -> tuple[Field, ...]:
        """The columns asked for; 拡充ですか縮小ですか and 新規の事業ですか ask for the status."""
        asked = asked_fields(scan)
        of_status = is_alternative(scan) or (scan.has("status") and asks_yes_or_no(scan))
        return asked or ((Field.STATUS,) if of_status else ())

    def _of_a_column(self, text: str, context: Context) -> Refusal | None:
        """耐震化の助成の申込期限: the programme is there, a column of that name is not."""
        match = _COLUMN.fullmatch(text)
        if match is None:
            return None
        found = self._resolver.resolve(self._resolver.mention_of(match["of"]), context.allowed)
        if not found.is_clear:
            return None
        return self._refuser.field_not_in_book(
            match["column"], (found.candidates[0].entry.program,)
        )

    def _shared_text(self, context: Context, naming: Naming) -> Plan | Refusal | None:
        """A question about the text that all members of one group share: any of them tells."""
        groups = {c.entry.program.group_id for c in naming.resolution.candidates}
        if len(groups) != 1 or None in groups or asked_fields(context.scan) != (Field.TEXT,):
            return None
        best = naming.resolution.candidates[0]
        typed = context.scan.typed(naming.start, naming.end)
        entity = Entity(best.entry.program, typed, best.how, best.score)
        extra = naming.mention.telling if naming.mention else ()
        return self._programs.plan(context, replace(naming, entities=(entity,), extra=extra))

    def _asks_one(self, scan: Scan) -> bool:
        """担当課は, 何ページ, 新しい事業ですか: asked of one programme, even when 事業 is said."""
        if scan.has("op:list", "topic:marker", "predicate:exists"):
            return False
        return bool(asked_fields(scan)) or is_alternative(scan) or asks_yes_or_no(scan)

    def _in_other_year(self, context: Context, naming: Naming) -> Plan | Refusal | None:
        """The programme is there, but in another year's book than the one asked for."""
        if not context.year.is_stated or naming.mention is None:
            return None
        everything = frozenset(e.index for e in self._lexicon.entries) - context.allowed
        found = self._resolver.resolve(naming.mention, everything)
        if not found.is_clear or context.year.figures is None:
            return None
        entry = found.candidates[0].entry
        if asked_fields(context.scan) == (Field.TEXT,):
            # 令和6年度はなぜ開かれなかったのか: the newest text speaks of former years too.
            typed = context.scan.typed(naming.start, naming.end)
            entity = Entity(entry.program, typed, found.candidates[0].how)
            year = YearReading(entry.document.fiscal_year, entry.document.fiscal_year)
            named = replace(naming, entities=(entity,), extra=naming.mention.telling)
            return self._programs.plan(replace(context, year=year), named)
        if self._prints_as_previous(context, entry):
            book = entry.document.fiscal_year
            figures = book - 1 if book is not None else None
            year = replace(context.year, book=book, figures=figures, column="previous_amount")
            typed = context.scan.typed(naming.start, naming.end)
            entity = Entity(entry.program, typed, found.candidates[0].how)
            named = replace(naming, entities=(entity,))
            return self._programs.plan(replace(context, year=year), named)
        reading = context.readings.get(publisher_of(entry.document))
        if reading is not None and reading.column == "missing":
            return self._refuser.year_not_indexed(context.year.figures, (entry.program,))
        return self._refuser.not_found(naming.mention.text, (entry.program,))

    def _prints_as_previous(self, context: Context, entry: Entry) -> bool:
        """Whether last year's figure, asked for, is printed beside this year's all the same."""
        reading = context.readings.get(publisher_of(entry.document), context.year)
        asked, book = reading.figures, entry.document.fiscal_year
        fields = set(asked_fields(context.scan)) or {Field.AMOUNT}
        return (
            asked is not None
            and book == asked + 1
            and fields <= {Field.AMOUNT, Field.PREVIOUS}
            and entry.program.previous_amount.yen is not None
        )

    def _is_chat(self, scan: Scan, naming: Naming) -> bool:
        """Nothing of a budget is in the question, neither words nor programmes."""
        if scan.has("refuse:OUT_OF_DOMAIN"):
            return True
        budget = (
            scan.group("field") or scan.group("op") or scan.group("text") or scan.group("which")
        )
        if budget or scan.has("domain", "status", "year", "money", "topic:marker", "relative"):
            return False
        words = naming.mention.telling if naming.mention else ()
        everything = frozenset(e.index for e in self._lexicon.entries)
        if any(self._resolver.topic((word,), everything) for word in words):
            return False
        return bool(re.search(r"[ぁ-ん]{3,}", scan.key))

    def _kind(self, scan: Scan) -> Kind:
        fields = asked_fields(scan)
        return KIND_OF_FIELD[fields[0]] if fields else Kind.AMOUNT

    def _described(self, scan: Scan, naming: Naming) -> str:
        start, end = naming.start, naming.end
        after = re.match(r"(?:事業|の事業)", scan.key[end:])
        text = scan.typed(start, end + (after.end() if after else 0))
        return text or (naming.mention.text if naming.mention else "")


def _programs(naming: Naming) -> tuple[Program, ...]:
    return tuple(entity.program for entity in naming.entities)
