"""Can every number in an answer be traced? Checked on each answer before it leaves.

A number of the sentence must be one of: the answer's values and rows, figures quoted in the
evidence, arguments and results of the derivation, the years of the reading, or the question's own.
Values that are not derived must be printed in the evidence. An answer that fails is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.analysis.folding import fold_text
from indexer.answers.answer import Answer, Derivation, Value
from indexer.answers.wording import percent_of
from indexer.eras import find_years
from indexer.parsing.amounts import read_typed

_TOKEN = re.compile(
    r"[0-9][0-9,]*(?:\.[0-9]+)?(?:[兆億万千百]*[0-9][0-9,]*(?:\.[0-9]+)?)*[兆億万千百]*"
)
_UNITS = (1, 1_000, 10_000, 1_000_000, 100_000_000)
_QUOTED = re.compile(r"「[^「」]*(?:「[^「」]*」[^「」]*)*」")


def untraced_numbers(
    answer: Answer, question: str, names: Sequence[str] = (), derivations: Sequence[Derivation] = ()
) -> tuple[str, ...]:
    """Numbers of the answer's sentence that nothing accounts for; empty when all is well.

    ``names`` are names of the index (departments, sections, goals) that may hold digits.
    """
    allowed = _allowed(answer, question)
    for derivation in derivations:
        allowed |= _derived(derivation)
    text = _QUOTED.sub("", answer.text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    text = _without_years(text, _known_years(answer))
    found = [token for token, money in _tokens(text) if not _is_allowed((token, money), allowed)]
    found.extend(str(v.number) for v in _values(answer) if not _is_grounded(v, answer))
    return tuple(found)


def recomputes(derivation: Derivation) -> bool:
    """Whether ``op`` over ``args`` gives ``result`` again."""
    args, result = derivation.args, derivation.result
    if result is None or (not args and derivation.op == "count"):
        return True
    if not args:
        return False
    if derivation.op == "sub":
        return args[0] - args[1] == result
    if derivation.op == "div":
        ratio = args[0] / args[1]
        return abs(ratio - result) <= 0.0051 or abs(ratio * 100 - result) <= 0.051
    computed: float = {
        "sum": sum(args),
        "avg": round(sum(args) / len(args)),
        "max": max(args),
        "min": min(args),
        "count": args[0] if derivation.n_matched == args[0] else sum(args),
    }[derivation.op]
    if derivation.op == "avg":
        return abs(computed - result) <= 1
    # A rank after the first is one of the arguments, not their extreme.
    return computed == result or (derivation.op in ("max", "min") and result in args)


def _is_grounded(value: Value, answer: Answer) -> bool:
    """A number is printed in the evidence, or follows from the derivation."""
    number = value.number
    if number is None or value.unit in ("%", "倍"):
        return True
    derivation = answer.derivation
    if derivation is not None and (
        number in (derivation.result, derivation.n_matched)
        or abs(number) in {abs(arg) for arg in derivation.args}
    ):
        return True
    if value.unit == "件":
        return derivation is not None
    printed = _evidence_numbers(answer)
    return float(abs(number)) in (printed.yen if value.unit == "円" else printed.plain)


def _known_years(answer: Answer) -> frozenset[int]:
    """The years of the values and of the reading, with the years beside a book's own."""
    years = {year.year for year in find_years(answer.interpretation.ja)}
    for value in (answer.value, *(row.value for row in answer.rows)):
        if value is not None and value.fiscal_year is not None:
            years.add(value.fiscal_year)
    return frozenset(year + offset for year in years for offset in (-1, 0, 1, 2))


def _without_years(text: str, known: frozenset[int]) -> str:
    for year in reversed(find_years(text)):
        if year.year in known:
            text = text[: year.start] + text[year.end :]
    return text


def _values(answer: Answer) -> Iterable[Value]:
    return (answer.value,) if answer.value is not None else ()


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers met in texts: sums of money in yen, and all others as they stand."""

    yen: frozenset[float]
    plain: frozenset[float]

    def __or__(self, other: _Numbers) -> _Numbers:
        return _Numbers(self.yen | other.yen, self.plain | other.plain)


def _allowed(answer: Answer, question: str) -> _Numbers:
    """Every number an answer may say."""
    yen: set[float] = set()
    plain: set[float] = set()
    for value in (answer.value, *(row.value for row in answer.rows)):
        if value is None:
            continue
        if value.number is not None:
            (yen if value.unit == "円" else plain).add(abs(float(value.number)))
        if value.unit not in ("円", "件"):
            plain.update(_numbers_of([value.display]).plain)
        if value.fiscal_year is not None:
            plain.add(float(value.fiscal_year))
    plain.update(float(item.page) for item in answer.evidence if item.page is not None)
    plain.update(float(year.year) for year in find_years(answer.interpretation.ja))
    found = _Numbers(frozenset(yen), frozenset(plain)) | _evidence_numbers(answer)
    found |= _numbers_of([question, answer.interpretation.ja])
    return found if answer.derivation is None else found | _derived(answer.derivation)


def _derived(derivation: Derivation) -> _Numbers:
    """Arguments, results, counts and rates of a derivation."""
    yen = {abs(float(arg)) for arg in derivation.args}
    plain = {float(derivation.n_matched), float(derivation.n_with_value)}
    plain.add(float(derivation.n_matched - derivation.n_with_value))
    plain.add(float(len(derivation.excluded)))
    if derivation.op == "count":
        plain |= yen
    if derivation.result is not None:
        (plain if derivation.op in ("count", "div") else yen).add(abs(float(derivation.result)))
    if derivation.op in ("sum", "avg"):
        yen.add(float(abs(sum(derivation.args))))
    found = _Numbers(frozenset(yen), frozenset(plain))
    if derivation.excluded_reason:
        found |= _numbers_of([derivation.excluded_reason])
    if derivation.op in ("div", "sub") and len(derivation.args) == 2:
        found |= _ratios(derivation)
    return found


def _ratios(derivation: Derivation) -> _Numbers:
    """The percentage said beside a change in yen; this year's amount beside a percentage."""
    now, before = derivation.args
    if derivation.op == "sub":
        rate = {abs(float(percent_of(now - before, before)))} if before else set()
        return _Numbers(frozenset(), frozenset(rate))
    return _Numbers(frozenset({abs(float(now + before))}), frozenset())


def _evidence_numbers(answer: Answer) -> _Numbers:
    """Figures of the quoted lines. A figure without a unit has that of its table."""
    found = _numbers_of(item.quote.replace("*", "").replace(" ", "") for item in answer.evidence)
    in_tables = frozenset(number * unit for number in found.plain for unit in _UNITS)
    return _Numbers(found.yen | in_tables, found.plain)


def _is_allowed(token: tuple[str, bool], allowed: _Numbers) -> bool:
    text, is_money = token
    number = _number(text)
    if number is None:
        return False
    if is_money:
        return number in allowed.yen
    return number in allowed.plain or round(number, 2) in allowed.plain


def _tokens(text: str) -> tuple[tuple[str, bool], ...]:
    """Numbers of a text, each with whether 円 follows."""
    folded = fold_text(text)
    return tuple(
        (m.group(), folded[m.end() : m.end() + 1] == "円") for m in _TOKEN.finditer(folded)
    )


def _number(token: str) -> float | None:
    if re.fullmatch(r"[0-9,]*\.[0-9]+", token):
        return float(token.replace(",", ""))
    plain = token.replace(",", "")
    number = int(plain) if plain.isdecimal() else read_typed(token)
    return None if number is None else float(number)


def _numbers_of(texts: Iterable[str]) -> _Numbers:
    yen: set[float] = set()
    plain: set[float] = set()
    for text in texts:
        for token, is_money in _tokens(text):
            number = _number(token)
            if number is not None:
                (yen if is_money else plain).add(number)
    return _Numbers(frozenset(yen), frozenset(plain))
