"""When is a question not answered, and what is said instead? All refusals are decided and worded
here: a code, one friendly sentence, the nearest programmes and what can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.answers.answer import Alternative, Code, Kind, Status
from indexer.answers.claims import Scan
from indexer.answers.lexicon import Lexicon
from indexer.eras import fiscal_year_label
from indexer.model import Program

QUESTION_CHARACTERS = 400
"""Longer questions are not read: a page pasted into the box is no question."""

_PRIORITY = ("INJECTION", "NEEDS_OPINION", "OUT_OF_DOMAIN", "NOT_COMPUTABLE", "FIELD_NOT_IN_BOOK")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that is not answered. ``programs`` are shown as the nearest ones."""

    code: Code | None
    """``None`` where nothing is refused, and the nearest lines are shown without a claim."""
    message: str
    kind: Kind = Kind.AMOUNT
    programs: tuple[Program, ...] = ()
    suggestions: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    understood: str = ""
    unused_words: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the nearest printed lines may say what was asked: where one of several
        programmes is to be chosen, the choice comes first, unless its text is asked for."""
        if self.code is None:
            return True
        if self.code is Code.AMBIGUOUS:
            return len(self.programs) < 2 or self.kind in (Kind.TEXT, Kind.YESNO)
        return self.code in (Code.PROGRAM_NOT_FOUND, Code.UNPARSED)

    @property
    def status(self) -> Status:
        """Several readings are ``ambiguous``; everything else ``abstained``."""
        if self.code is None:
            return Status.SHOWN
        return Status.AMBIGUOUS if self.code is Code.AMBIGUOUS else Status.ABSTAINED


class Refuser:
    """Words refusals with what this index holds."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def outright(self, scan: Scan) -> Refusal | None:
        """Refuse what no index could answer: commands, chat. Opinions wait for the programme."""
        if not scan.key.strip() or len(scan.key) > QUESTION_CHARACTERS:
            return self.unparsed(scan)
        if scan.has("refuse:INJECTION"):
            return self.out_of_domain()
        names = scan.has("title", "department", "section", "policy_goal", "publisher", "domain")
        if scan.has("refuse:OUT_OF_DOMAIN") and not names and not scan.group("field"):
            return self.out_of_domain()
        return None

    def constraining(self, scan: Scan, program: Program | None) -> Refusal | None:
        """Refuse by a word that no part of the reading accounts for: 決算, 一人当たり, 無駄."""
        found = {claim.tag.split(":")[1]: claim for claim in reversed(scan.group("refuse"))}
        for name in _PRIORITY:
            if name not in found:
                continue
            word = scan.typed(found[name].start, found[name].end)
            programs = (program,) if program else ()
            if name == "NEEDS_OPINION":
                return self.opinion(programs)
            if name == "NOT_COMPUTABLE":
                message = (
                    f"「{word}」を計算するのに必要な数字が予算書にありません。"
                    "予算額・前年度予算額・見込額の合計や増減はお答えできます。"
                )
                return Refusal(
                    Code.NOT_COMPUTABLE,
                    message,
                    programs=programs,
                    suggestions=self._ways(programs),
                )
            if name == "FIELD_NOT_IN_BOOK":
                return self.field_not_in_book(word, programs)
            return self.out_of_domain()
        return None

    def out_of_domain(self) -> Refusal:
        """Not about the books at all."""
        examples = self.examples()
        shown = f"たとえば「{examples[0]}」のように" if examples else "事業の名前で"
        return Refusal(
            Code.OUT_OF_DOMAIN,
            f"予算書に書かれていることにお答えする窓口です。{shown}お尋ねください。",
            suggestions=examples,
        )

    def opinion(self, programs: tuple[Program, ...] = ()) -> Refusal:
        """Judgements and predictions."""
        return Refusal(
            Code.NEEDS_OPINION,
            "評価や予想にはお答えできません。予算書に書かれた金額・増減・目的などの事実はお答えできます。",
            programs=programs,
            suggestions=self._ways(programs),
        )

    def field_not_in_book(
        self, word: str, programs: tuple[Program, ...] = (), kind: Kind = Kind.AMOUNT
    ) -> Refusal:
        """Something the book does not print."""
        about = f"{programs[0].title}の" if programs else ""
        return Refusal(
            Code.FIELD_NOT_IN_BOOK,
            f"{about}「{word}」は予算書に書かれていません。",
            kind,
            programs,
            suggestions=self._ways(programs),
        )

    def undecided(self, program: Program) -> Refusal:
        """A yes/no question that no column decides: the sentences are shown, without a verdict."""
        return Refusal(
            None,
            f"「{program.title}」について、「はい」「いいえ」を決める記載は見つかりませんでした。近い記載：",
            Kind.YESNO,
            (program,),
            suggestions=self._ways((program,)),
        )

    def unread(self, program: Program) -> Refusal:
        """A question about a programme that asks something else than its columns."""
        return Refusal(
            None,
            f"「{program.title}」の、お尋ねに近い記載：",
            Kind.TEXT,
            (program,),
            suggestions=self._ways((program,)),
        )

    def unbound(self, words: tuple[str, ...], programs: tuple[Program, ...]) -> Refusal:
        """A question with words in it that change what is asked, and that nothing was made of."""
        said = "".join(f"「{word}」" for word in words)
        of = f"「{programs[0].title}」の" if programs else ""
        return Refusal(
            None if programs else Code.UNPARSED,
            f"{of}お尋ねのうち{said}に当たる記載を確かめられませんでした。近い記載：",
            programs=programs,
            suggestions=self._ways(programs) if programs else self.examples(),
            unused_words=words,
        )

    def publisher_not_indexed(self, name: str) -> Refusal:
        """A municipality without a book in the index. Never answered from another's."""
        known = "、".join(self._lexicon.publishers[:5]) or "ありません"
        return Refusal(
            Code.PUBLISHER_NOT_INDEXED,
            f"{name}の予算書は索引にありません（索引にある発行者：{known}）。",
            suggestions=self.examples(),
        )

    def year_not_indexed(self, year: int, programs: tuple[Program, ...] = ()) -> Refusal:
        """A year without a book, and without a column in a neighbouring one."""
        known = "、".join(fiscal_year_label(y) for y in self._lexicon.years) or "ありません"
        return Refusal(
            Code.YEAR_NOT_INDEXED,
            f"{fiscal_year_label(year)}の予算書は索引にありません（索引にある年度：{known}）。",
            programs=programs,
            suggestions=self._ways(programs),
        )

    def not_found(
        self, described: str, nearest: Sequence[Program] = (), kind: Kind = Kind.AMOUNT
    ) -> Refusal:
        """No programme of that description."""
        near = f"近いものは「{nearest[0].title}」です。" if nearest else ""
        return Refusal(
            Code.PROGRAM_NOT_FOUND,
            f"「{described}」に当たる記載が索引の予算書に見つかりません。{near}",
            kind,
            tuple(nearest),
            suggestions=self._ways(tuple(nearest)),
        )

    def ambiguous(
        self, described: str, programs: Sequence[Program], kind: Kind, asked: str = "の予算額は？"
    ) -> Refusal:
        """Several programmes fit about equally well."""
        shown = tuple(programs)[:5]
        names = "、".join(self._choice(program, shown) for program in shown)
        found = f"「{described}」に当たる事業が複数あります（{names}）。どれについてお尋ねですか。"
        if len(shown) == 1:
            found = f"「{described}」に近いのは{names}ですが、この事業のことかは分かりません。"
        return Refusal(
            Code.AMBIGUOUS,
            found,
            kind,
            shown,
            alternatives=tuple(
                Alternative(self._question(program, programs, asked), program.id)
                for program in shown
            ),
            suggestions=tuple(f"{program.title}{asked}" for program in shown[:3]),
        )

    def which_programme(self, asked: str, kind: Kind) -> Refusal:
        """A field without a programme: 「予算は」."""
        programs = tuple(entry.program for entry in self._lexicon.entries[:3])
        return Refusal(
            Code.AMBIGUOUS,
            "どの事業についてのお尋ねか分かりませんでした。事業の名前を入れてください。",
            kind,
            programs,
            self.examples(),
            tuple(Alternative(f"{program.title}{asked}", program.id) for program in programs),
        )

    def unparsed(self, scan: Scan) -> Refusal:
        """Nothing in it could be read."""
        return Refusal(
            Code.UNPARSED,
            "お尋ねの内容を読み取れませんでした。事業の名前と知りたいこと（予算額、担当課など）を入れてください。",
            suggestions=self.examples(),
            unused_words=tuple(scan.typed(*chunk) for chunk in scan.chunks[:5]),
        )

    def examples(self) -> tuple[str, ...]:
        """What can be asked of this very index."""
        if not self._lexicon.entries:
            return ()
        program = self._lexicon.entries[0].program
        found = [f"{program.title}の予算額は？"]
        if self._lexicon.values["status"]:
            found.append(f"{self._lexicon.values['status'][0]}の事業は何件ありますか？")
        found.append("予算額が一番大きい事業は？")
        return tuple(found)

    def _ways(self, programs: tuple[Program, ...]) -> tuple[str, ...]:
        if not programs:
            return self.examples()
        title = programs[0].title
        return (f"{title}の予算額は？", f"{title}の担当課は？", f"{title}の目的は？")

    def _question(self, program: Program, programs: Sequence[Program], asked: str) -> str:
        """A question that singles the programme out, also among equal titles."""
        same = [other for other in programs if other.title == program.title]
        if len(same) < 2:
            return f"{program.title}{asked}"
        publishers = {self._publisher(other) for other in same}
        if len(publishers) > 1:
            return f"{self._publisher(program)}の{program.title}{asked}"
        return f"{program.department or program.section or ''}の{program.title}{asked}"

    def _choice(self, program: Program, programs: Sequence[Program]) -> str:
        """A programme among choices: with what tells it from others of the same title."""
        same = [other for other in programs if other.title == program.title]
        if len(same) < 2:
            return f"「{program.title}」"
        if len({self._publisher(other) for other in same}) > 1:
            return f"「{program.title}」（{self._publisher(program)}）"
        return f"「{program.title}」（{program.department or program.section or ''}）"

    def _publisher(self, program: Program) -> str:
        document = self._lexicon.documents[program.document_id]
        return document.publisher.name if document.publisher else document.title
