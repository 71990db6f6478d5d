"""What is a segment on disk? One file in Whoosh's compound layout: terms, postings, columns."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import numpy as np
from numpy.typing import NDArray

from indexer.engine import files
from indexer.engine.postings import encode_field, length_bytes
from indexer.engine.terms import encode_terms
from indexer.engine.tokens import FieldTokens

INDEX_NAME = "MAIN"
STORED_COLUMN = "_stored"
FREQUENT_TERMS = 64
"""Of each field, how many of its most frequent terms a segment names, for warming up."""


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What a generation's manifest says of a segment."""

    id: str
    rows: int
    field_lengths: Mapping[str, int]
    """Tokens by field, over all rows."""
    frequent: Mapping[str, Sequence[str]]
    """By field, the most frequent terms first."""
    file: str
    encoder: str | None = None
    """The version of the encoder that made its sentences' vectors; ``None`` without vectors."""


def write_segment(
    folder: Path,
    rows: int,
    fields: Iterable[tuple[str, FieldTokens | None]],
    columns: Mapping[str, bytes],
) -> SegmentInfo:
    """Write a new segment of so many rows from the tokens of its fields and its columns."""
    segment = f"{INDEX_NAME}_{token_hex(8)}"
    contents = {f"{name}.col": data for name, data in columns.items()}
    totals, frequent = {}, {}
    terms: dict[str, tuple[list[bytes], NDArray[np.void]]] = {}
    postings: list[bytes] = []
    base = 0
    for name, tokens in fields:
        if tokens is None:
            contents[f"_{name}_len.col"] = bytes(rows)
            continue
        lengths = length_bytes(tokens.lengths)
        contents[f"_{name}_len.col"] = lengths.tobytes()
        totals[name] = int(tokens.lengths.sum())
        found = encode_field(tokens.ranks, tokens.rows, tokens.positions, lengths, base)
        postings.append(found.data)
        base += len(found.data)
        terms[name] = ([to_bytes(word) for word in tokens.words], found.infos)
        top = np.argsort(-found.infos["frequency"].astype(np.int64), kind="stable")
        frequent[name] = tuple(tokens.words[index] for index in top[:FREQUENT_TERMS])
    contents["trm"] = encode_terms(terms)
    contents["pst"] = b"".join(postings)
    file = f"{segment}.seg"
    files.write_file(folder / file, *_compound(segment, contents))
    return SegmentInfo(segment, rows, totals, frequent, file)


def _compound(segment: str, contents: Mapping[str, bytes]) -> list[bytes]:
    """All files of a segment as one, as Whoosh's ``CompoundStorage`` lays it out."""
    at = struct.calcsize("!qi")
    directory = {}
    for extension, data in contents.items():
        directory[f"{segment}.{extension}"] = {"offset": at, "length": len(data), "modified": 0}
        at += len(data)
    tail = pickle.dumps(directory, 2) + pickle.dumps({}, 2)
    return [struct.pack("!qi", at, len(tail)), *contents.values(), tail]


def to_bytes(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which no book prints, becomes a question mark."""
    return text.encode("utf-8", "replace")
