"""What does a question ask? From its claims to a typed plan, or to a refusal.

The order of the decisions is the meaning of this file: what no index could answer, whose book,
which year, what is done with the programmes (ranked, counted, compared …), which programmes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from indexer.answers.answer import Kind
from indexer.answers.checks import asks_yes_or_no, find_check, find_premises, is_open
from indexer.answers.claims import Scan
from indexer.answers.conditions import Conditions, filter_claims
from indexer.answers.fields import asked_fields, fields_beside
from indexer.answers.lexicon import Entry, Lexicon, compact, publisher_of
from indexer.answers.naming import Namer, Naming
from indexer.answers.operations import Operations, wants_operation
from indexer.answers.plan import Check, Entity, Field, Filters, Operation, Plan
from indexer.answers.refusal import Refusal, Refuser
from indexer.answers.resolution import Resolver
from indexer.answers.shape import (
    asks_percent_of_text,
    counter_of,
    holds_members,
    is_alternative,
    kind_of_text,
    says_budget,
)
from indexer.answers.years import YearReading, assume_newest, read_year
from indexer.model import Program

KIND_OF_FIELD = {
    Field.AMOUNT: Kind.AMOUNT,
    Field.PREVIOUS: Kind.AMOUNT,
    Field.CHANGE: Kind.DELTA,
    Field.RATE: Kind.DELTA,
    Field.DEPARTMENT: Kind.DEPARTMENT,
    Field.STATUS: Kind.STATUS,
    Field.FORECAST: Kind.FORECAST,
    Field.PAGE: Kind.PAGE,
    Field.GOAL: Kind.PARENT,
    Field.SECTION: Kind.DEPARTMENT,
    Field.ACCOUNT: Kind.PARENT,
    Field.PARENT: Kind.PARENT,
    Field.CHILDREN: Kind.PARENT,
    Field.TEXT: Kind.TEXT,
    Field.TITLE: Kind.TEXT,
    Field.REQUEST: Kind.AMOUNT,
}
_DESCRIBE = re.compile(
    r"(?:について|に関して|のこと(?:を|が)?|とは)(?:教え|知り|説明|詳し|聞|\s*$|[?。])"
)
_SENTENCE = re.compile(
    r"(?:ました|ます|です|でしょう|する|した|なの|いる|れる|なる)(?:か|の|ん)?[?。\s]*$"
)
# 申込期限, 貸出冊数: what tables and plans have columns of.
_COLUMN = re.compile(
    r"(?P<of>.{2,}?)(?:の|\s)(?P<column>[^のはがを\s]{1,10}(?:数|率|額|料|賃|期限|期間|期日|日時|時間|年数|時期"
    r"|面積|距離|重量|量|先|者|業者|条件|基準|要件|書類|結果|方法|順位|番号|残高|残|単価|価格|点))"
)
_WHAT = re.compile(r"何の(?!件)|どんな|どの[一-鿿]|どういう")
_OF_A_PLACE = re.compile(r"(?:の|は|では|で|、|\s)")
_ASKED = {
    Kind.DEPARTMENT: "の担当課は？",
    Kind.STATUS: "の区分は？",
    Kind.FORECAST: "の見込額は？",
    Kind.PAGE: "は何ページ？",
    Kind.DELTA: "の前年度からの増減額は？",
    Kind.TEXT: "は何をする事業？",
    Kind.PARENT: "の内訳は？",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a question before its operation is decided."""

    scan: Scan
    year: YearReading
    filters: Filters
    allowed: frozenset[int]
    readings: Mapping[str | None, YearReading]
    """The year as read by the books of each publisher: 去年 counts from its newest."""


class Understander:
    """Turns scanned questions into plans over one lexicon."""

    def __init__(self, lexicon: Lexicon, resolver: Resolver) -> None:
        self._lexicon = lexicon
        self._resolver = resolver
        self._namer = Namer(lexicon, resolver)
        self._conditions = Conditions(lexicon)
        self._refuser = Refuser(lexicon)
        self._operations = Operations(lexicon, resolver, self._namer, self._refuser)

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
            everything = frozenset(
                e.index for e in self._lexicon.entries if self._is_latest(e.index)
            )
            elsewhere = self._namer.name(scan, everything, filter_claims(scan))
            return self._refuser.year_not_indexed(context.year.figures, _programs(elsewhere))
        if wants_operation(scan, naming):
            planned = self._operations.plan(
                scan, context.year, context.filters, naming, context.allowed
            )
            if planned is not None:
                return planned
        if naming.entities and not self._is_topic(scan, naming):
            return self._about_programmes(context, naming)
        return self._about_a_set(context, naming)

    def _is_topic(self, scan: Scan, naming: Naming) -> bool:
        """「防災の取り組みは何がありますか」 wants all, however well one title fits."""
        if naming.by_title or naming.resolution.step in ("title", "reading"):
            return False
        if scan.has("predicate:exists") and any(
            holds_members(scan, c) for c in filter_claims(scan)
        ):
            return True
        return scan.has("topic:marker", "op:list") and not self._asks_one(scan)

    def _context(self, scan: Scan, today: date | None) -> Context:
        filters = self._conditions.read(scan)
        lexicon = self._lexicon
        year = read_year(scan, lexicon, filters.publishers, today)
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
            if any(self._speaks_of(entry, key) for entry in entries):
                continue
            described = bool(self._lexicon.holding(key, "title"))  # 東町と西町の無電柱化
            if entries or (not described and _OF_A_PLACE.match(scan.key[place.end :])):
                return place.value
        return None

    def _speaks_of(self, entry: Entry, key: str) -> bool:
        texts = (self._lexicon.bodies[entry.index], self._lexicon.contexts[entry.index])
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
        scan, lexicon = context.scan, self._lexicon
        for year in reversed(lexicon.years):
            allowed = frozenset[int]().union(
                *(
                    indexes
                    for (name, fiscal_year), indexes in lexicon.scopes.items()
                    if fiscal_year == year
                    and name in context.readings
                    and lexicon.newest.get(name) != year
                )
            )
            found = self._namer.name(scan, allowed, filter_claims(scan)) if allowed else naming
            if found.entities and found.resolution.step in ("title", "reading", "words", "slip"):
                return found
        return naming

    def _is_latest(self, index: int) -> bool:
        """Without a year asked, the newest book of each publisher is read."""
        document = self._lexicon.entries[index].document
        return document.fiscal_year == self._lexicon.newest.get(publisher_of(document))

    def _constrained(self, scan: Scan, naming: Naming, context: Context) -> Refusal | None:
        program = naming.entities[0].program if naming.entities else None
        refused = self._refuser.constraining(scan, program)
        if refused is not None and refused.programs == () and naming.resolution.candidates:
            near = tuple(c.entry.program for c in naming.resolution.candidates[:3])
            return replace(refused, programs=near)
        if refused is None and naming.constrained:
            return self._refuser.field_not_in_book(naming.constrained[0], _programs(naming))
        return refused

    # ---- about programmes that are named -------------------------------------------------

    def _about_programmes(self, context: Context, naming: Naming) -> Plan | Refusal:
        scan = context.scan
        span = (naming.start, naming.end)
        fields = asked_fields(scan)
        check = find_check(scan, span)
        members = [c for c in filter_claims(scan) if holds_members(scan, c)]
        if members and scan.has("predicate:exists"):
            name = "status" if members[0].tag == "status_word" else members[0].tag
            check = Check(name, members[0].value)
        if check is not None and not (check.fact == "text" and fields):
            keep = asks_yes_or_no(scan) or check.fact in ("status", "department", "section")
            keep = keep and not _is_share(scan)
            if keep and not is_alternative(scan):
                plan = self._plan(context, naming, Operation.CHECK, fields or (Field.AMOUNT,))
                plan = replace(plan, check=replace(check, year=check.year or _asked(context.year)))
                plan = replace(plan, beside=fields_beside(scan, check))
                return replace(plan, premises=find_premises(scan, span, check))
        if fields == (Field.RATE,) and naming.extra and asks_percent_of_text(scan):
            fields = (Field.TEXT,)
        if not fields:
            fields = self._implied_fields(scan, naming)
        plan = self._plan(context, naming, Operation.LOOKUP, fields)
        plan = replace(plan, premises=find_premises(scan, span, None))
        return self._with_year(context, plan)

    def _implied_fields(self, scan: Scan, naming: Naming) -> tuple[Field, ...]:
        """Two status words ask for the status; 「…について」 for the text; else the amount."""
        if len({c.value for c in scan.of("status", "status_word")}) > 1:
            return (Field.STATUS,)
        if _DESCRIBE.search(scan.key):
            return (Field.TEXT, Field.AMOUNT)
        if naming.extra and (_SENTENCE.search(scan.key) or _WHAT.search(scan.key)):
            # 全庁LANはどんなモデルに移行しましたか: asked of the text, not of the amount.
            return (Field.TEXT,)
        return (Field.AMOUNT,)

    def _with_year(self, context: Context, plan: Plan) -> Plan | Refusal:
        """Send the amount asked for to the column that prints its year."""
        year = context.year
        fields = plan.fields
        if year.column == "amount":
            if Field.FORECAST in fields and year.is_stated and year.asked[0] == year.book:
                years = tuple(y for y in year.asked if y != year.book)
                return replace(plan, years=years, year=year.book)
            return replace(plan, years=self._forecast_years(context, plan))
        swap = Field.PREVIOUS if year.column == "previous_amount" else Field.FORECAST
        kept = {Field.AMOUNT, Field.PREVIOUS, Field.FORECAST}
        if year.column == "previous_amount" and not any(f in kept for f in fields):
            assert year.figures is not None
            return self._refuser.year_not_indexed(year.figures, (plan.entities[0].program,))
        moved = tuple(
            dict.fromkeys(swap if f in (Field.AMOUNT, Field.PREVIOUS) else f for f in fields)
        )
        called = swap is Field.FORECAST and Field.AMOUNT in fields and says_budget(context.scan)
        years = tuple(y for y in year.asked if year.book is not None and y > year.book)
        return replace(plan, fields=moved, year=year.figures, years=years, called_budget=called)

    def _forecast_years(self, context: Context, plan: Plan) -> tuple[int, ...]:
        book = context.year.book
        return tuple(y for y in context.year.asked if book is not None and y > book)

    def _plan(
        self,
        context: Context,
        naming: Naming,
        operation: Operation,
        fields: tuple[Field, ...],
    ) -> Plan:
        mention = naming.mention
        extra = tuple(w.typed for w in naming.extra)
        first = self._lexicon.by_id[naming.entities[0].program.id]
        unused = tuple(
            w.typed
            for w in (mention.telling if mention else ())
            if not self._resolver.holds(w, first)
        )
        book, assumptions = first.document.fiscal_year, context.year.assumptions
        if not context.year.is_stated:
            # Each publisher's newest book is read; they need not be of the same year.
            newest = self._lexicon.newest.get(publisher_of(first.document))
            assumptions = assume_newest(book, self._lexicon, newest)
        return Plan(
            operation,
            fields,
            _unique(naming.entities),
            replace(context.filters, year=book),
            year=book,
            text_kind=kind_of_text(context.scan),
            text_counter=counter_of(context.scan),
            text_words=extra,
            assumptions=assumptions,
            unused_words=unused if naming.by_title else (),
            unfilled=self._details(context.scan, naming, fields) or _left_aside(naming),
        )

    def _details(self, scan: Scan, naming: Naming, fields: tuple[Field, ...]) -> tuple[str, ...]:
        """「Xのイベントの予算」: a part of X whose own amount the book does not print."""
        money = {Field.AMOUNT, Field.PREVIOUS, Field.CHANGE, Field.RATE, Field.FORECAST}
        if not naming.by_title or not fields or fields[0] not in money:
            return ()
        asked = min((c.start for c in scan.group("field")), default=0)
        return tuple(
            piece.text
            for piece in self._namer.pieces(scan)
            if naming.end <= piece.start < asked
            and self._resolver.mention_of(piece.text).telling
            and scan.key[naming.end : naming.end + 1] == "の"
        )

    # ---- about a set, or about nothing that was found ------------------------------------

    def _about_a_set(self, context: Context, naming: Naming) -> Plan | Refusal:
        scan = context.scan
        unknown = self._conditions.unknown_unit(scan)
        if unknown is not None:
            return self._refuser.not_found(unknown, kind=Kind.LIST)
        has_mention = naming.mention is not None and bool(naming.mention.text)
        if has_mention:
            return self._about_description(context, naming)
        if context.filters.is_empty:
            return self._about_nothing(context)
        return self._set_plan(context, context.filters)

    def _about_description(self, context: Context, naming: Naming) -> Plan | Refusal:
        scan, found = context.scan, naming.resolution
        assert naming.mention is not None
        kind = self._kind(scan)
        narrowed = self._operations.topic_filters(scan, context.filters, context.allowed)
        as_set = scan.has("topic:marker", "op:list", "domain") or not context.filters.is_empty
        if narrowed is not None and as_set and not self._asks_one(scan):
            return self._set_plan(context, narrowed)
        described = self._described(scan, naming)
        shared = self._shared_text(context, naming)
        if shared is not None:
            return shared
        if found.candidates:
            programs = [c.entry.program for c in found.candidates]
            return self._refuser.ambiguous(
                described, programs, kind, _ASKED.get(kind, "の予算額は？")
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
        return self._about_programmes(context, replace(naming, entities=(entity,), extra=extra))

    def _asks_one(self, scan: Scan) -> bool:
        """担当課は, 何ページ: asked of one programme, even when 事業 is said."""
        fields = asked_fields(scan)
        return bool(fields) and not scan.has("op:list") and not scan.has("topic:marker")

    def _in_other_year(self, context: Context, naming: Naming) -> Plan | Refusal | None:
        """The programme is there, but in another year's book than the one asked for."""
        if not context.year.is_stated or naming.mention is None:
            return None
        everything = frozenset(e.index for e in self._lexicon.entries) - context.allowed
        found = self._resolver.resolve(naming.mention, everything)
        if not found.is_clear or context.year.figures is None:
            return None
        entry = found.candidates[0].entry
        if asked_fields(context.scan) == (Field.TEXT,) and self._is_latest(entry.index):
            # 令和6年度はなぜ開かれなかったのか: the newest text speaks of former years too.
            typed = context.scan.typed(naming.start, naming.end)
            entity = Entity(entry.program, typed, found.candidates[0].how)
            year = YearReading(entry.document.fiscal_year, entry.document.fiscal_year)
            named = replace(naming, entities=(entity,), extra=naming.mention.telling)
            return self._about_programmes(replace(context, year=year), named)
        if self._prints_as_previous(context, entry):
            book = entry.document.fiscal_year
            figures = book - 1 if book is not None else None
            year = replace(context.year, book=book, figures=figures, column="previous_amount")
            typed = context.scan.typed(naming.start, naming.end)
            entity = Entity(entry.program, typed, found.candidates[0].how)
            named = replace(naming, entities=(entity,))
            return self._about_programmes(replace(context, year=year), named)
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

    def _about_nothing(self, context: Context) -> Plan | Refusal:
        scan = context.scan
        fields = asked_fields(scan)
        beyond = context.year.column == "forecast" and context.year.figures
        if beyond and (Field.FORECAST not in fields or beyond not in self._lexicon.forecast_years):
            return self._refuser.year_not_indexed(beyond)
        if scan.has("op:list") and scan.has("domain", "op:list") and not fields:
            return self._set_plan(context, context.filters)
        if fields:
            kind = KIND_OF_FIELD[fields[0]]
            if fields[0] is Field.TEXT and scan.has("domain") and scan.has("text:what"):
                return self._set_plan(context, context.filters)
            return self._refuser.which_programme(_ASKED.get(kind, "の予算額は？"), kind)
        if scan.has("pronoun"):
            return self._refuser.which_programme("の予算額は？", Kind.AMOUNT)
        if scan.has("domain", "year", "relative"):
            return self._set_plan(context, context.filters)
        return self._refuser.unparsed(scan)

    def _set_plan(self, context: Context, filters: Filters) -> Plan | Refusal:
        """A list, the sum of a set whose amount is asked, or whether there is any."""
        scan, year = context.scan, context.year
        fields = asked_fields(scan)
        base = Plan(
            Operation.LIST,
            (Field.AMOUNT,),
            filters=filters,
            year=year.figures or year.book,
            assumptions=year.assumptions,
        )
        money = {Field.AMOUNT, Field.PREVIOUS, Field.CHANGE, Field.RATE, Field.FORECAST}
        if filters.state_year is not None:
            return base
        if year.column == "forecast" and Field.FORECAST not in fields and year.figures is not None:
            return self._refuser.year_not_indexed(year.figures)
        if year.column == "previous_amount":
            if not set(fields) & {Field.AMOUNT, Field.PREVIOUS} or filters.of("status"):
                assert year.figures is not None
                return self._refuser.year_not_indexed(year.figures)
            return replace(base, operation=Operation.SUM, measure=Field.PREVIOUS)
        if scan.has("predicate:exists") and not is_open(scan) and not scan.has("op:list"):
            return replace(base, operation=Operation.CHECK, check=Check("any"))
        asked_money = [f for f in fields if f in money]
        bounded = filters.low is not None or filters.high is not None or filters.state is not None
        if asked_money and not scan.has("op:list") and not bounded:
            return replace(base, operation=Operation.SUM, measure=asked_money[0])
        return base

    def _kind(self, scan: Scan) -> Kind:
        fields = asked_fields(scan)
        return KIND_OF_FIELD[fields[0]] if fields else Kind.AMOUNT

    def _described(self, scan: Scan, naming: Naming) -> str:
        start, end = naming.start, naming.end
        after = re.match(r"(?:事業|の事業)", scan.key[end:])
        text = scan.typed(start, end + (after.end() if after else 0))
        return text or (naming.mention.text if naming.mention else "")


def _is_share(scan: Scan) -> bool:
    """施設修繕費 公園緑地課分: the department tells which, and is not asked about."""
    return any(
        scan.key[c.end :].strip() in ("分", "の分", "のもの", "の方", "のほう")
        for c in scan.of("department", "section")
    )


def _left_aside(naming: Naming) -> tuple[str, ...]:
    return naming.resolution.missing if naming.resolution.step == "most" else ()


def _asked(year: YearReading) -> int | None:
    return year.figures if year.is_stated else None


def _programs(naming: Naming) -> tuple[Program, ...]:
    return tuple(entity.program for entity in naming.entities)


def _unique(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    found: dict[str, Entity] = {}
    for entity in entities:
        found.setdefault(entity.program.id, entity)
    return tuple(found.values())
