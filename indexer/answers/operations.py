"""What is to be done with the programmes: ranked, counted, summed, grouped, compared?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.answers.answer import Kind
from indexer.answers.claims import Scan
from indexer.answers.comparisons import Comparisons, sets_years_against_each_other
from indexer.answers.conditions import Conditions, direction_of, filter_claims
from indexer.answers.lexicon import Lexicon, compact, publisher_of
from indexer.answers.naming import Namer, Naming
from indexer.answers.plan import Entity, Field, Filters, Operation, Plan, Ranking
from indexer.answers.refusal import Refusal, Refuser
from indexer.answers.resolution import Resolver
from indexer.answers.years import YearReading

_GROUPS = {
    "group:department": "department",
    "group:section": "section",
    "group:status": "status",
    "group:goal": "policy_goal",
    "group:account": "account",
    "group:year": "fiscal_year",
    "group:publisher": "publisher",
}
_UNITS = (
    (
        re.compile(
            r"(?:どの|どこの|多い|大きい|少ない|小さい|高い|低い|たい|た|いる|ている|番|る)(?:担当)?(?:課|部署|所管)(?!題|税|金|長)"
        ),
        "department",
    ),
    (
        re.compile(
            r"(?:どの|どこの|多い|大きい|少ない|小さい|高い|低い|た|いる|番|る)(?:部局|部|局)(?!分|品|門|署|長)"
        ),
        "section",
    ),
    (
        re.compile(
            r"(?:どの|多い|大きい|少ない|小さい|高い|低い|た|る)(?:政策目標|目標|政策|施策の柱|柱)"
        ),
        "policy_goal",
    ),
    (re.compile(r"(?:どの|多い|大きい|少ない|た|る)(?:区分)"), "status"),
)
_MERELY_ALL = frozenset(
    {"全部で", "ぜんぶで", "あわせて", "合わせて", "とーたる", "計", "しめて", "とうたる"}
)


def wants_operation(scan: Scan, naming: Naming) -> bool:
    """Whether the question does something with programmes instead of looking one up."""
    if scan.has("removed") and not naming.entities and not scan.group("field"):
        return True
    if any(claim.tag in _GROUPS for claim in scan.claims) or sets_years_against_each_other(scan):
        return True
    if scan.has("direction:high", "direction:low") and not naming.entities and scan.has("domain"):
        return True
    operations = [claim for claim in scan.group("op") if claim.tag != "op:list"]
    if scan.has("text:howmany") and all(claim.value in _MERELY_ALL for claim in operations):
        operations = []  # 収容台数は全部で何台
    return bool(operations or scan.group("rank") or scan.of("rank", "nth"))


class Operations:
    """Plans operations over sets of programmes."""

    def __init__(
        self, lexicon: Lexicon, resolver: Resolver, namer: Namer, refuser: Refuser
    ) -> None:
        self._lexicon = lexicon
        self._resolver = resolver
        self._namer = namer
        self._refuser = refuser
        self._conditions = Conditions(lexicon)
        self._comparisons = Comparisons(lexicon, resolver, namer, refuser)

    def plan(
        self,
        scan: Scan,
        year: YearReading,
        filters: Filters,
        naming: Naming,
        allowed: frozenset[int],
    ) -> Plan | Refusal | None:
        """The plan of an operation; None when the question only looks something up after all."""
        base = Plan(
            Operation.LIST,
            (Field.AMOUNT,),
            filters=filters,
            year=year.figures or year.book,
            assumptions=year.assumptions,
        )
        compared = self._comparisons.plan(scan, year, base, naming, allowed)
        if compared is not None:
            return compared
        unknown = self._conditions.unknown_unit(scan)
        if unknown is not None:
            return self._refuser.not_found(unknown, kind=Kind.AGGREGATE)
        if scan.has("removed") and not naming.entities and not scan.group("field"):
            return replace(base, operation=Operation.REMOVED)
        needs_book = scan.has("op:count", "group:status") or filters.of("status")
        if year.column == "previous_amount" and needs_book and year.figures is not None:
            return self._refuser.year_not_indexed(year.figures)
        measure = self._measure(scan, year)
        if isinstance(measure, Refusal):
            return measure
        base = replace(base, measure=measure)
        if scan.has("op:share"):
            return self._share(scan, base, naming, allowed)
        narrowed = self._narrowed(scan, filters, naming, allowed)
        if isinstance(narrowed, Refusal):
            return narrowed
        if narrowed is None:
            return None
        base = replace(base, filters=narrowed)
        grouped = self._group(scan, base, naming)
        if grouped is not None:
            return grouped
        return self._reduced(scan, base, naming)

    def _measure(self, scan: Scan, year: YearReading) -> Field | Refusal:
        if (
            scan.has("field:rate", "op:max", "op:min")
            and scan.has("field:rate")
            and not scan.has("op:share")
        ):
            return Field.RATE
        if scan.has("field:change"):
            return Field.CHANGE
        if scan.has("forecast:completed"):
            return Field.AMOUNT
        if year.column == "forecast" or scan.has("field:forecast"):
            if year.column == "forecast" and not scan.has("field:forecast") and year.figures:
                return self._refuser.year_not_indexed(year.figures)
            return Field.FORECAST
        if scan.has("field:previous") or year.column == "previous_amount":
            return Field.PREVIOUS
        return Field.AMOUNT

    def _narrowed(
        self, scan: Scan, filters: Filters, naming: Naming, allowed: frozenset[int]
    ) -> Filters | Refusal | None:
        """The set an operation runs over; a named programme stands for itself."""
        if naming.entities and naming.by_title:
            if scan.has("negate"):
                ids = tuple(entity.program.id for entity in naming.entities)
                return replace(filters, excluded_ids=ids)
            if len(naming.entities) == 1 and not scan.has(
                "op:count", "op:sum", "op:average", "group:year"
            ):
                return None
            ids = tuple(entity.program.id for entity in naming.entities)
            if len(ids) == 1:
                return None if not scan.has("group:year") else replace(filters, ids=ids)
            return replace(filters, ids=ids)
        if naming.mention is None or not naming.mention.text:
            return filters
        if scan.has("op:sum") and not scan.has("topic:marker"):
            each = self._namer.name_each(scan, allowed)
            if len(each) > 1 and all(n.entities for n in each):
                return replace(filters, ids=tuple(n.entities[0].program.id for n in each))
        narrowed = self.topic_filters(scan, filters, allowed)
        if narrowed is None and naming.mention.telling:
            near = [e.program for e in self._resolver.nearest(naming.mention, allowed)]
            return self._refuser.not_found(naming.mention.text, near, Kind.AGGREGATE)
        return narrowed or filters

    def topic_filters(
        self, scan: Scan, filters: Filters, allowed: frozenset[int]
    ) -> Filters | None:
        """Descriptions as topics: every one must be met by some programme."""
        wanted: list[str] = []
        excluded: list[str] = []
        for piece in self._namer.pieces(scan):
            parts = self._topic_parts(piece.text, allowed)
            if parts is None:
                return None
            negated = any(
                n.start >= piece.end and n.start - piece.end <= 4 for n in scan.of("negate")
            )
            (excluded if negated else wanted).extend(parts)
        if not wanted and not excluded:
            return None
        return replace(filters, topic=tuple(wanted), excluded_topic=tuple(excluded))

    def _topic_parts(self, text: str, allowed: frozenset[int]) -> tuple[str, ...] | None:
        """The topic; empty for words that say nothing; None when unknown."""
        mention = self._resolver.mention_of(text)
        words = mention.telling or tuple(
            w
            for w in mention.words
            if len(compact(w.typed)) > 1
            and w.weight >= 0.3
            and not self._lexicon.analyzer.verbs(w.typed)  # いくつ持っていますか
        )
        if not words:
            return ()
        return (text,) if self._has_topic(text, allowed) else None

    def _has_topic(self, text: str, allowed: frozenset[int]) -> bool:
        mention = self._resolver.mention_of(text)
        words = mention.telling or mention.words
        return bool(words) and bool(self._resolver.topic(words, allowed))

    def _group(self, scan: Scan, base: Plan, naming: Naming) -> Plan | None:
        by = next((_GROUPS[c.tag] for c in scan.claims if c.tag in _GROUPS), None)
        extreme = scan.has(
            "op:max",
            "op:min",
            "rank",
            "nth",
            "direction:high",
            "direction:low",
        )
        if by is None and extreme:
            by = self._asked_unit(scan)
        if by is None:
            return None
        reduce = "sum"
        if scan.has("op:count") or (
            extreme
            and "事業" in scan.key
            and scan.has("direction:high")
            and re.search(r"事業(?:数)?が(?:一番|最も|いちばん)?多", scan.key)
        ):
            reduce = "count"
        elif scan.has("op:average"):
            reduce = "average"
        elif base.measure in (Field.CHANGE, Field.RATE):
            reduce = "change"
        elif (
            not (scan.has("op:sum") or scan.group("field"))
            and scan.has("domain", "status")
            and not extreme
        ):
            reduce = "count"
        ranking = self._ranking(scan, base.measure) if extreme else None
        return replace(base, operation=Operation.GROUP, group_by=by, reduce=reduce, ranking=ranking)

    def _asked_unit(self, scan: Scan) -> str | None:
        """一番予算の多い課は, どの部がいちばん増えた."""
        for tag, name in (
            ("which:department", "department"),
            ("which:section", "section"),
            ("which:goal", "policy_goal"),
            ("which:status", "status"),
        ):
            if scan.has(tag):
                return name
        for pattern, name in _UNITS:
            if pattern.search(scan.key):
                return name
        return None

    def _ranking(self, scan: Scan, measure: Field) -> Ranking:
        side = scan.of("rank")
        count = side[0].number if side else None
        if count is None and scan.has("how_many"):
            count = scan.of("how_many")[0].number
        nth = scan.of("nth")
        low = scan.has("op:min", "direction:low") or any(
            c.value in ("下位", "ワースト", "下から") for c in side
        )
        down = any(direction_of(c.value) == "down" for c in scan.of("field:change"))
        descending = not low
        if measure in (Field.CHANGE, Field.RATE) and down:
            descending = False
        orders = any(
            c.value.endswith(("順", "順に", "ランキング", "らんきんぐ", "順位"))
            for c in scan.of("op:max", "op:min")
        )
        single = scan.has("op:max", "op:min", "op:which", "nth")
        everything = count is None and (orders or not single)
        place = nth[0].number if nth else None
        return Ranking(count or 1, place, descending, measure, everything)

    def _reduced(self, scan: Scan, base: Plan, naming: Naming) -> Plan | None:
        extreme = scan.has("op:max", "op:min", "rank", "nth")
        extreme = extreme or scan.has("direction:high", "direction:low")
        ranking = self._ranking(scan, base.measure) if extreme else None
        counts = scan.has("op:count") and not extreme
        if counts and all(c.value in _MERELY_ALL for c in scan.of("op:sum")):
            plan = replace(base, operation=Operation.COUNT)
            money = scan.has("field:amount") and not base.filters.bounded_money
            return replace(plan, also=(Operation.SUM,)) if money else plan
        if counts and scan.has("op:sum"):
            first = min(c.start for c in scan.of("op:count")) < min(
                c.start for c in scan.of("op:sum")
            )
            pair = (Operation.COUNT, Operation.SUM) if first else (Operation.SUM, Operation.COUNT)
            return replace(base, operation=pair[0], also=pair[1:])
        if scan.has("op:sum") and not (extreme and not scan.has("rank", "how_many")):
            return replace(base, operation=Operation.SUM, ranking=ranking)
        if scan.has("op:average"):
            return replace(base, operation=Operation.AVERAGE, ranking=ranking)
        if extreme:
            return replace(base, operation=Operation.RANK, ranking=ranking)
        if scan.has("op:count"):
            return replace(base, operation=Operation.COUNT)
        return None

    def _share(
        self, scan: Scan, base: Plan, naming: Naming, allowed: frozenset[int]
    ) -> Plan | Refusal | None:
        """What share of all (or of its section …) a programme or set is."""
        if naming.entities:
            ids = tuple(e.program.id for e in naming.entities)
            part = Filters(ids=ids, year=base.filters.year)
            whole = Filters(
                values=base.filters.values,
                publishers=self._publisher_scope(naming.entities),
                year=base.filters.year,
            )
            return replace(base, operation=Operation.SHARE, filters=part, base=whole)
        part = base.filters
        if naming.mention is not None and naming.mention.telling:
            narrowed = self.topic_filters(scan, base.filters, allowed)
            if narrowed is None:
                near = [e.program for e in self._resolver.nearest(naming.mention, allowed)]
                return self._refuser.not_found(naming.mention.text, near, Kind.AGGREGATE)
            part = narrowed
        if part.is_empty:
            return None
        whole = self._share_base(scan, part)
        return replace(base, operation=Operation.SHARE, filters=part, base=whole)

    def _share_base(self, scan: Scan, part: Filters) -> Filters:
        """「健康福祉部のうち新規の割合」: the part is of its section; otherwise of everything."""
        kept: list[tuple[str, tuple[str, ...]]] = []
        for claim in filter_claims(scan):
            follows = scan.key[claim.end :]
            if re.match(
                r"(?:予算|全体|の予算|の合計)?(?:全体)?(?:に占める|のうち|の中で|において)", follows
            ):
                kept.append((claim.tag, (claim.value,)))
        return Filters(values=tuple(kept), publishers=part.publishers, year=part.year)

    def _publisher_scope(self, entities: Sequence[Entity]) -> tuple[str, ...]:
        names = {publisher_of(self._lexicon.documents[e.program.document_id]) for e in entities}
        return tuple(name for name in names if name)
