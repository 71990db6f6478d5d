"""What does a generation hold, over all its segments? Rows in order, columns, texts by row.

A row is a programme or group in a segment; rows of all segments are numbered one after the other.
An ordinal is the place of a searchable programme in document and printed order, whatever segment
it lies in: so an index that grew bit by bit answers like one built at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine import columns, schema
from indexer.engine.generation import CatalogEntry, Manifest
from indexer.engine.lineages import Lineages
from indexer.engine.schema import COLUMNS, TEXT_FIELDS, Column, ColumnKind
from indexer.engine.whoosh_index import OpenSegment
from indexer.model import Role


@dataclass(frozen=True, slots=True)
class Facet:
    """A column of few values. ``codes`` has one per ordinal: 0 for none, else index + 1."""

    codes: NDArray[np.intp]
    values: tuple[str | int, ...]
    code_of: dict[str | int, int]


class Strings:
    """A string for every row, decoded when asked for."""

    def __init__(self, parts: list[tuple[bytes, int]]) -> None:
        bounds = [columns.string_bounds(data, rows) for data, rows in parts]
        bases = np.cumsum([0, *(len(data) for data, _ in parts)])[:-1]
        self._data = b"".join(data for data, _ in parts)
        shifted = [(s + base, e + base) for (s, e), base in zip(bounds, bases, strict=True)]
        self._starts = _joined([s for s, _ in shifted], np.int64)
        self._ends = _joined([e for _, e in shifted], np.int64)

    def __getitem__(self, row: int) -> str:
        return self._data[self._starts[row] : self._ends[row]].decode()

    def take(self, rows: NDArray[np.int64]) -> list[str]:
        """The strings of many rows."""
        data = self._data
        spans = zip(self._starts[rows].tolist(), self._ends[rows].tolist(), strict=True)
        return [data[start:end].decode() for start, end in spans]

    def filled(self) -> NDArray[np.bool_]:
        """Which rows have one."""
        filled: NDArray[np.bool_] = self._ends > self._starts
        return filled


class Snapshot:
    """Everything of a generation that is one value per row, read into arrays at once."""

    def __init__(self, manifest: Manifest, segments: Sequence[OpenSegment]) -> None:
        self._segments = segments
        self.bases = dict(
            zip(
                (s.info.id for s in self._segments),
                np.cumsum([0, *(s.info.rows for s in self._segments)]).tolist(),
                strict=False,
            )
        )
        self.row_count = sum(s.info.rows for s in self._segments)
        self.documents = manifest.documents
        order = [self._rows_of(entry) for entry in manifest.documents]
        self.live_rows = _joined(order, np.int64)
        """Rows of all programmes and groups, in document and printed order."""
        kinds = {c.name: self._kinds(c) for c in COLUMNS if c.kind is ColumnKind.FACET}
        roles, role_values = kinds[schema.ROLE.name]
        group = role_values.index(Role.GROUP.value) if Role.GROUP.value in role_values else -1
        self.rows = self.live_rows[roles[self.live_rows] != group]
        """The row of each ordinal."""
        self.ordinal_of_row = np.full(self.row_count, -1, dtype=np.intp)
        self.ordinal_of_row[self.rows] = np.arange(len(self.rows))
        self.facets = {name: self._facet(*found) for name, found in kinds.items()}
        self.numbers = {
            c.name: self._numbers(c)[self.rows] for c in COLUMNS if c.kind is ColumnKind.NUMBER
        }
        self.is_summed: NDArray[np.bool_] = self._array(schema.SUMMED, columns.decode_flags)[
            self.rows
        ].astype(bool)
        self.lengths = {f.name: self._lengths(f.name) for f in TEXT_FIELDS}
        """By field, the length byte of each ordinal."""
        self.ids = self._strings(schema.PROGRAM_ID)
        self._parents = self._strings(schema.PARENT_ID)
        self.titles = self._strings(schema.TITLE_ORDER.name)

    def __len__(self) -> int:
        """How many programmes can be found."""
        return len(self.rows)

    @cached_property
    def document_of_live_row(self) -> NDArray[np.intp]:
        """For each of ``live_rows``, the index of its document."""
        counts = [sum(rows.count for rows in entry.rows) for entry in self.documents]
        return np.repeat(np.arange(len(counts)), counts)

    @cached_property
    def row_of_id(self) -> dict[str, int]:
        """The row of every programme and group; of two with one id, the first."""
        ids = self.ids.take(self.live_rows[::-1])
        return dict(zip(ids, self.live_rows[::-1].tolist(), strict=True))

    @cached_property
    def parents(self) -> dict[int, int]:
        """Child → parent, as rows. A parent is looked for in the child's own document first."""
        children = self.live_rows[self._parents.filled()[self.live_rows]]
        if not len(children):
            return {}
        wanted = self._parents.take(children)
        rows = map(self.row_of_id.get, wanted)
        return {
            child: row
            for child, row in zip(children.tolist(), rows, strict=True)
            if row is not None and row != child
        }

    @cached_property
    def lineages(self) -> Lineages:
        """The programmes through the fiscal years."""
        keys, finer = (
            self._array(name, columns.decode_whole)[self.rows]
            for name in (schema.LINEAGE, schema.FINER_LINEAGE)
        )
        return Lineages(keys, finer, self.facets[schema.FISCAL_YEAR.name].codes)

    @cached_property
    def monies(self) -> Strings:
        """The amount of every row as stored."""
        return self._strings(schema.MONEY)

    @cached_property
    def title_ranks(self) -> NDArray[np.int64]:
        """The place of each ordinal's title among all titles; equal titles share one."""
        titles = self.titles.take(self.rows)
        rank = {title: number for number, title in enumerate(sorted(set(titles)))}
        return np.fromiter(map(rank.__getitem__, titles), np.int64, len(titles))

    def _rows_of(self, entry: CatalogEntry) -> NDArray[np.int64]:
        parts = [
            np.arange(rows.first, rows.first + rows.count) + self.bases[rows.segment]
            for rows in entry.rows
        ]
        return parts[0] if len(parts) == 1 else _joined(parts, np.int64)

    def _array(self, name: str, decode: columns.Decode) -> NDArray[Any]:
        return _joined([decode(s.column(name)) for s in self._segments], np.int64)

    def _numbers(self, column: Column) -> NDArray[Any]:
        is_float = column.type is float
        return self._array(
            column.name, columns.decode_fractions if is_float else columns.decode_whole
        )

    def _lengths(self, field: str) -> NDArray[np.uint8]:
        parts = [np.frombuffer(s.column(f"_{field}_len"), np.uint8) for s in self._segments]
        lengths: NDArray[np.uint8] = _joined(parts, np.uint8)[self.rows]
        return lengths

    def _strings(self, name: str) -> Strings:
        return Strings([(s.column(name), s.info.rows) for s in self._segments])

    def _kinds(self, column: Column) -> tuple[NDArray[np.intp], list[str | int]]:
        """Per row a code, over all segments; and the values in order. Code -1 for none."""
        found = [columns.decode_kinds(s.column(column.name), s.info.rows) for s in self._segments]
        distinct = {value for kinds in found for value in kinds.values if value}
        to_value: Any = column.type
        values = sorted(to_value(value.decode()) for value in distinct)
        code = {str(value).encode(): number for number, value in enumerate(values)}
        parts = [
            np.array([code.get(value, -1) for value in kinds.values], dtype=np.intp)[
                kinds.references
            ]
            for kinds in found
        ]
        return _joined(parts, np.intp), values

    def _facet(self, codes: NDArray[np.intp], values: list[str | int]) -> Facet:
        own = codes[self.rows] + 1
        return Facet(own, tuple(values), {value: n + 1 for n, value in enumerate(values)})


def _joined(parts: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    if not parts:
        return np.zeros(0, dtype=dtype)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
