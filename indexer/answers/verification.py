"""Can every number in an answer be traced? Checked on each answer before it leaves.

A number of the sentence must be one of: the answer's values and rows, figures quoted in the
evidence, arguments and results of the derivation, the years of the reading, or the question's own.
Values that are not derived must be printed in the evidence. An answer that fails is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.analysis.folding import fold_text
from indexer.answers.answer import Answer, Derivation, Value
from indexer.answers.figures import read_number
from indexer.answers.wording import percent_of
from indexer.eras import find_years

_TOKEN = re.compile(
    r"[0-9][0-9,]*(?:\.[0-9]+)?(?:[兆億万千百]*[0-9][0-9,]*(?:\.[0-9]+)?)*[兆億万千百]*"
)
_UNITS = (1, 1_000, 10_000, 1_000_000, 100_000_000)
_QUOTED = re.compile(r"「[^「」]*(?:「[^「」]*」[^「」]*)*」")


def untraced_numbers(
    answer: Answer,
    question: str,
    names: Sequence[str] = (),
    derivations: Sequence[Derivation] = (),
) -> tuple[str, ...]:
    """Numbers of the answer's sentence that nothing accounts for; empty when all is well.

    ``names`` are names of the index (departments, sections, goals) that may hold digits.
    """
    allowed = _allowed(answer, question)
    for derivation in derivations:
        allowed = allowed | _derived(derivation)
    text = _QUOTED.sub("", answer.text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    text = _without_years(text, _known_years(answer))
    found = [token for token in _tokens(text) if not _is_allowed(token, allowed)]
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
    printed = _numbers_of(quote.quote for quote in answer.evidence)
    figure = abs(int(number))
    return any(figure == p * unit for p in printed for unit in _UNITS)


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


def _allowed(answer: Answer, question: str) -> frozenset[float]:
    numbers: set[float] = set()
    for value in (answer.value, *(row.value for row in answer.rows)):
        if value is None:
            continue
        if value.number is not None:
            numbers.add(abs(float(value.number)))
        if value.fiscal_year is not None:
            numbers.add(float(value.fiscal_year))
        if value.unit not in ("円", "件"):
            numbers.update(_numbers_of([value.display]))
    if answer.derivation is not None:
        numbers.update(_derived(answer.derivation))
    numbers.update(_numbers_of(item.quote for item in answer.evidence))
    numbers.update(float(item.page) for item in answer.evidence if item.page is not None)
    numbers.update(_numbers_of([question, answer.interpretation.ja]))
    numbers.update(float(year.year) for year in find_years(answer.interpretation.ja))
    return frozenset(numbers)


def _derived(derivation: Derivation) -> frozenset[float]:
    numbers = {abs(float(arg)) for arg in derivation.args}
    if True:
        numbers.update({float(derivation.n_matched), float(derivation.n_with_value)})
        numbers.add(float(derivation.n_matched - derivation.n_with_value))
        numbers.add(float(len(derivation.excluded)))
        if derivation.result is not None:
            numbers.add(abs(float(derivation.result)))
        if derivation.op == "sum":
            numbers.add(float(sum(derivation.args)))
        if derivation.op == "avg":
            numbers.add(float(sum(derivation.args)))
        if derivation.excluded_reason:
            numbers.update(_numbers_of([derivation.excluded_reason]))
        if derivation.op in ("div", "sub") and len(derivation.args) == 2:
            numbers.update(_ratios(derivation))
    return frozenset(numbers)


def _ratios(derivation: Derivation) -> set[float]:
    """The percentage said beside a change in yen, and the change said beside a percentage."""
    now, before = derivation.args
    if derivation.op == "sub":
        return {abs(float(percent_of(now - before, before)))} if before else set()
    return {abs(float(now + before))}


def _is_allowed(token: str, allowed: frozenset[float]) -> bool:
    number = _number(token)
    if number is None:
        return False
    if number in allowed or round(number, 2) in allowed:
        return True
    # 49 of 49百万円 stands for 49,000,000 yen, and the other way round.
    return any(number * unit in allowed or number / unit in allowed for unit in _UNITS)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(match.group() for match in _TOKEN.finditer(fold_text(text)))


def _number(token: str) -> float | None:
    if re.fullmatch(r"[0-9,]*\.[0-9]+", token):
        return float(token.replace(",", ""))
    number = read_number(token)
    return None if number is None else float(number)


def _numbers_of(texts: Iterable[str]) -> set[float]:
    found: set[float] = set()
    for text in texts:
        plain = text.replace("*", "")
        found.update(number for number in map(_number, _tokens(plain)) if number is not None)
    return found
