"""Make the package data of near words from word vectors: ``words``, ``rows``, ``vectors``.

    python -m tests.benchmarks.make_near_words chive-words.npz

``words`` are Sudachi's normal forms joined by line ends, in UTF-8; ``rows`` names for each the row
of ``vectors`` (int8). Words that the index folds to one term keep the first one's vector.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from indexer.analysis import near_words
from indexer.analysis.dictionary import fold_term

TARGET = Path(near_words.__file__).parent / "data" / near_words.DATA


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vectors", type=Path)
    with np.load(parser.parse_args().vectors) as arrays:
        words = arrays["words"].tobytes().decode().split("\n")
        rows, vectors = arrays["rows"].tolist(), arrays["vectors"]
    by_term: dict[str, int] = {}
    for word, row in zip(words, rows, strict=True):
        by_term.setdefault(fold_term(word), row)
        if fold_term(word) == word:
            by_term[word] = row
    hashes, kept = near_words.encode_words(by_term, by_term.values())
    np.savez(TARGET, hashes=hashes, rows=kept, vectors=vectors)
    print(f"{TARGET.name}: {len(by_term):,} terms, {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
