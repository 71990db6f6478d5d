"""Fit what the signs of a candidate count for, and how likely the first one then is right.

    python -m tests.benchmarks.fit_ranking jsquad-dev.json.gz

Questions with a known answer (a reading-comprehension set, and the committed everyday wordings) are
asked; for each, the chance of the right candidate under a softmax of the weighted signs is made as
large as possible, sets counting alike. Weights are held to zero by a small penalty and are never
negative: no sign speaks against a programme. Half of the questions are held out: figures are those
of the half not fitted on, and likelihoods are counted there, rising by construction. Writes
``indexer/search/data/ranking.toml``.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from indexer.engine.store import Store
from indexer.pipeline import update_index
from indexer.search import ranking
from indexer.search.ranking import SIGNS
from indexer.search.request import SearchRequest
from indexer.search.searcher import Searcher
from tests.benchmarks import everyday

TARGET = Path(ranking.__file__).parent / "data" / "ranking.toml"
_PENALTY = 0.003
_STEPS = 4000
_RATE = 0.05
_BINS = 8


@dataclass(frozen=True, slots=True)
class Case:
    """One question: the signs of its candidates, and which of them are right."""

    signs: NDArray[np.float64]
    right: NDArray[np.bool_]
    weight: float


@contextmanager
def paragraphs(path: Path, *, with_meaning: bool) -> Iterator[tuple[Searcher, dict[str, str]]]:
    """The paragraphs of the set as programmes; each id with its title."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        found = json.load(stream)["paragraphs"]
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        book.mkdir()
        titles = {p["id"]: f"{p['title']}{n:04d}" for n, p in enumerate(found)}
        rows = ["番号\t事業名\t予算額（千円）\t所管課\t概要"]
        rows += [
            f"{n + 1}\t{titles[p['id']]}\t{1000 + n}\t総務課\t{p['text']}"
            for n, p in enumerate(found)
        ]
        (book / "wiki.tsv").write_text("\n".join(rows) + "\n", "utf-8")
        manifest = '[books."wiki.tsv"]\npublisher = "架空市"\nfiscal_year = 2025\n'
        (book / "manifest.toml").write_text(manifest, "utf-8")
        index = Path(folder) / "index"
        update_index(index, [book], sentence_vectors=with_meaning)
        with Store(index).open() as reader:
            yield Searcher(reader), titles


def case(
    searcher: Searcher, request: SearchRequest, is_right: Callable[[str], bool], weight: float
) -> Case | None:
    """The question's candidates; ``None`` when the right one is not among them."""
    found = searcher.candidates(request)
    if found is None:
        return None
    near, programs, vector = found
    right = np.array([is_right(program.title) for program in programs], dtype=bool)
    if not right.any():
        return None
    ids = [program.id for program in programs]
    signs = searcher.ranker.look(near, ids, vector).signs
    return Case(np.stack([signs[name] for name in SIGNS], axis=1), right, weight)


def cases(path: Path, *, with_meaning: bool) -> list[Case | None]:
    """Every question of both sets, each set as a whole of weight 1."""
    found: list[Case | None] = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        questions = json.load(stream)["questions"]
    with paragraphs(path, with_meaning=with_meaning) as (searcher, titles):
        for one in questions:
            right = titles[one["paragraph"]]
            request = SearchRequest(text=one["question"], limit=100)
            found.append(case(searcher, request, right.__eq__, 1 / len(questions)))
    rows = everyday.wordings()
    with everyday.index(with_meaning=with_meaning) as searcher:
        for row in rows:
            request = SearchRequest(text=row.query, filters=row.filters, limit=100)
            starts = row.title
            found.append(
                case(searcher, request, lambda t, s=starts: t.startswith(s), 1 / len(rows))
            )
    return found


def fit(found: list[Case]) -> NDArray[np.float64]:
    """The weights, by gradient steps (Adam) on the log chance of what is right."""
    weights = np.full(len(SIGNS), 2.0)
    moments, squares = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        slope = -_PENALTY * weights
        for one in found:
            slope += one.weight * _slope(one, weights)
        moments = 0.9 * moments + 0.1 * slope
        squares = 0.999 * squares + 0.001 * slope**2
        scaled = moments / (1 - 0.9**step) / (np.sqrt(squares / (1 - 0.999**step)) + 1e-9)
        weights = np.maximum(weights + _RATE * scaled, 0.0)
    return weights


def _slope(one: Case, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    chance = _chances(one, weights)
    of_right = np.where(one.right, chance, 0.0)
    slope: NDArray[np.float64] = of_right / of_right.sum() @ one.signs - chance @ one.signs
    return slope


def _chances(one: Case, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = one.signs @ weights
    chance = np.exp(scores - scores.max())
    found: NDArray[np.float64] = chance / chance.sum()
    return found


def likelihoods(
    found: list[Case | None], weights: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """From which share of the weight on, how many were right: bins of like size, made to rise."""
    pairs = sorted(
        (float(_chances(one, weights).max()), bool(one.right[int((one.signs @ weights).argmax())]))
        for one in found
        if one is not None
    )
    pairs = [*((0.0, False) for one in found if one is None), *pairs]
    parts = [part for part in np.array_split(np.array(pairs), _BINS) if len(part)]
    table: list[tuple[float, float]] = []
    for part in parts:
        share = float(part[:, 1].mean())
        table.append(
            (round(float(part[0, 0]), 4), round(max(share, table[-1][1] if table else 0), 3))
        )
    return table


def report(name: str, found: list[Case | None], weights: NDArray[np.float64]) -> None:
    """Print how often the best candidate is right."""
    right = [
        one is not None and bool(one.right[int((one.signs @ weights).argmax())]) for one in found
    ]
    print(f"{name:32} n={len(found):3}  success@1 {sum(right) / len(right):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    path = parser.parse_args().questions
    lines = ["# Made by python -m tests.benchmarks.fit_ranking; not to be edited by hand."]
    for with_meaning in (True, False):
        found = cases(path, with_meaning=with_meaning)
        fitted, held_out = found[::2], found[1::2]
        weights = fit([one for one in fitted if one is not None])
        name = "with_meaning" if with_meaning else "without_meaning"
        report(f"{name}, fitted on", fitted, weights)
        report(f"{name}, held out", held_out, weights)
        everyday_rows = len(everyday.wordings())
        report(f"{name}, everyday, all", found[-everyday_rows:], weights)
        report(f"{name}, paragraphs, all", found[:-everyday_rows], weights)
        pairs = ", ".join(f"[{a}, {b}]" for a, b in likelihoods(held_out, weights))
        lines += ["", f"[{name}]", f"likelihoods = [{pairs}]", f"[{name}.weights]"]
        lines += [f"{s} = {w:.3f}" for s, w in zip(SIGNS, weights, strict=True) if w > 0]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
