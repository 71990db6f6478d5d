"""What is asked of the programmes a question names? Fields, checks, premises and years."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.answers.answer import Kind
from indexer.answers.claims import Scan
from indexer.answers.conditions import asks_yes_or_no, filter_claims, find_check, find_premises
from indexer.answers.fields import asked_fields, counter_of, is_alternative, kind_of_text
from indexer.answers.lexicon import Entry, Lexicon, compact, publisher_of
from indexer.answers.linking import Linker
from indexer.answers.mentions import Word
from indexer.answers.naming import Namer, Naming
from indexer.answers.plan import Check, Context, Field, Operation, Plan
from indexer.answers.refusal import Refusal, Refuser
from indexer.answers.resolution import Resolver
from indexer.answers.vocabulary import key_of
from indexer.answers.years import YearReading, assume_newest
from indexer.eras import fiscal_year_label

_SILENT = ("filler", "year", "relative", "title", "publisher", "topic", "domain", "pronoun")
_TELLS = re.compile(r"[一-鿿々ァ-ヺa-z0-9]|[ぁ-ゖー]{4}")
_NOUN_AFTER = re.compile(r"[一-鿿々]")


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
    if at < 0:
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


_DESCRIBE = re.compile(
    r"(?:について|に関して|のこと(?:を|が)?|とは)(?:教え|知り|説明|詳し|聞|\s*$|[?。])"
)
_WHAT_IS = re.compile(r"(?:何|なに)(?:が|を|に|と)(?!.*(?:事業|予算))")
_FACTS = frozenset({"when", "where", "who", "eligible", "agent", "howmany", "howmuch", "price"})
"""Questions answered by one fact; a noun that no sentence holds asks for another fact."""
_WHAT = re.compile(r"何の(?!件)|どんな|どの[一-鿿]|どういう")


class ProgramPlans:
    """Plans look-ups and checks of named programmes."""

    def __init__(
        self, lexicon: Lexicon, resolver: Resolver, namer: Namer, refuser: Refuser, linker: Linker
    ) -> None:
        self._lexicon = lexicon
        self._resolver = resolver
        self._namer = namer
        self._refuser = refuser
        self._linker = linker

    def plan(self, context: Context, naming: Naming) -> Plan | Refusal:
        scan = context.scan
        span = (naming.start, naming.end)
        fields = asked_fields(scan)
        check = find_check(scan, span)
        members = filter_claims(scan)
        if members and scan.has("predicate:exists"):
            name = "status" if members[0].tag == "status_word" else members[0].tag
            check = Check(name, members[0].value)
        if check is not None and not (check.fact == "text" and fields):
            keep = asks_yes_or_no(scan) or check.fact in ("status", "department", "section")
            keep = keep and not _is_share(scan)
            if keep and check.fact == "text":
                # 令和7年度に始まりますか: no sentence decides it, though one may speak of it.
                return self._refuser.undecided(naming.entities[0].program)
            if keep and not is_alternative(scan):
                plan = self._plan(context, naming, Operation.CHECK, fields or (Field.AMOUNT,))
                plan = replace(plan, check=replace(check, year=check.year or _asked(context.year)))
                return replace(plan, premises=find_premises(scan, span, check))
        asked = self._asked_words(scan, naming)
        if is_alternative(scan) and fields in ((), (Field.AMOUNT,)):
            fields = (Field.STATUS,)  # 予算って縮小されたんやろか、拡充されたんやろか
        fields = self._as_columns(scan, naming, fields)
        if not fields:
            fields = self._implied_fields(scan, naming, asked)
        if not fields or (Field.TEXT in fields and naming.resolution.step == "text"):
            # What is described in other words than the title's is shown, not claimed to answer.
            return self._refuser.unread(naming.entities[0].program)
        plan = self._plan(context, naming, Operation.LOOKUP, fields)
        if plan.fields == (Field.TEXT,) and plan.text_kind in _FACTS and asked.unsaid:
            programs = (naming.entities[0].program,)
            return self._refuser.field_not_in_book(asked.unsaid[0], programs, Kind.TEXT)
        plan = replace(plan, premises=find_premises(scan, span, None))
        return self._with_year(context, plan)

    def _as_columns(
        self, scan: Scan, naming: Naming, fields: tuple[Field, ...]
    ) -> tuple[Field, ...]:
        """いつ始まったか is a column of a national sheet; of another book, its text may tell."""
        program = naming.entities[0].program
        return tuple(
            Field.TEXT
            if field in (Field.STARTED, Field.ENDED) and getattr(program, str(field)) is None
            else field
            for field in fields
        )

    def _asked_words(self, scan: Scan, naming: Naming) -> AskedWords:
        entry = self._lexicon.by_id[naming.entities[0].program.id]
        return read_asked_words(scan, entry, self._text_of(entry), self._resolver)

    def _text_of(self, entry: Entry) -> str:
        """The text a programme is asked about; a child without one has its parent's."""
        parent = self._lexicon.by_id.get(entry.program.parent_id or "")
        own = self._lexicon.body_of(entry.program)
        return self._lexicon.body_of(parent.program) if parent and not own else own

    def _implied_fields(self, scan: Scan, naming: Naming, asked: AskedWords) -> tuple[Field, ...]:
        """「…について」 asks for the text; a name alone for the amount."""
        if _DESCRIBE.search(scan.key):
            return (Field.TEXT, Field.AMOUNT)
        if naming.extra and _WHAT.search(scan.key):
            # 全庁LANはどんなモデルに移行しましたか: asked of the text, not of the amount.
            return (Field.TEXT,)
        if _WHAT_IS.search(scan.key) or self._asks_beyond_the_title(scan, naming, asked):
            return (Field.TEXT,)
        return (Field.AMOUNT,) if self._is_all_said(scan, naming) else ()

    def _is_all_said(self, scan: Scan, naming: Naming) -> bool:
        """Whether a programme is named and nothing is asked of it that was not understood."""
        pieces = [p for p in self._namer.pieces(scan) if not naming.start <= p.start < naming.end]
        program = naming.entities[0].program
        said = self._linker.said(" ".join(piece.text for piece in pieces), program)
        return all(len(one.typed) < 2 or one.typed in program.title for one in said)

    def _asks_beyond_the_title(self, scan: Scan, naming: Naming, asked: AskedWords) -> bool:
        """補聴器の助成の申請開始日: words of the text behind those of the title."""
        if scan.has("domain", "which:programme", "topic:marker"):
            return False
        title = self._lexicon.by_id[naming.entities[0].program.id].title
        ends = [scan.key.find(w) for w in asked.said if is_of_title(w, title)]
        beyond = [scan.key.find(w) for w in asked.said if not is_of_title(w, title) and len(w) > 1]
        ends += [c.start for c in scan.of("title")]
        return bool(ends and beyond) and max(ends) < min(beyond)

    def _with_year(self, context: Context, plan: Plan) -> Plan | Refusal:
        """Send the amount asked for to the column that prints its year."""
        year = context.year
        fields = plan.fields
        if Field.EXECUTED in fields:
            return replace(plan, years=year.asked)
        if year.column == "amount":
            if Field.FORECAST in fields and year.is_stated and year.asked[0] == year.book:
                years = tuple(y for y in year.asked if y != year.book)
                return replace(plan, years=years, year=year.book)
            return plan
        if fields == (Field.TEXT,) and year.figures is not None and year.column == "forecast":
            # 加入率は来年どうなりますか: no sentence tells of that year.
            asked = f"{fiscal_year_label(year.figures)}の内容"
            return self._refuser.field_not_in_book(asked, (plan.entities[0].program,), Kind.TEXT)
        swap = Field.PREVIOUS if year.column == "previous_amount" else Field.FORECAST
        kept = {Field.AMOUNT, Field.PREVIOUS, Field.FORECAST}
        if year.column == "previous_amount" and not any(f in kept for f in fields):
            assert year.figures is not None
            return self._refuser.year_not_indexed(year.figures, (plan.entities[0].program,))
        moved = tuple(
            dict.fromkeys(swap if f in (Field.AMOUNT, Field.PREVIOUS) else f for f in fields)
        )
        called = swap is Field.FORECAST and Field.AMOUNT in fields
        years = tuple(y for y in year.asked if year.book is not None and y > year.book)
        return replace(plan, fields=moved, year=year.figures, years=years, called_budget=called)

    def _plan(
        self, context: Context, naming: Naming, operation: Operation, fields: tuple[Field, ...]
    ) -> Plan:
        mention = naming.mention
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
            naming.entities,
            replace(context.filters, year=book),
            year=book,
            text_kind=kind_of_text(context.scan),
            text_counter=counter_of(context.scan),
            text_words=self._asked_words(context.scan, naming).said,
            assumptions=assumptions,
            unused_words=unused if naming.by_title else (),
        )


def _asked(year: YearReading) -> int | None:
    return year.figures if year.is_stated else None


def _is_share(scan: Scan) -> bool:
    """施設修繕費 公園緑地課分: the department tells which, and is not asked about."""
    return any(
        scan.key[c.end :].strip() in ("分", "の分", "のもの", "の方", "のほう")
        for c in scan.of("department", "section")
    )
