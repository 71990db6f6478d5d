"""How is a value of the model kept as bytes? JSON that follows the dataclasses of themselves.

``decode(cls, encode(value)) == value`` for every dataclass of the model, by its own annotations:
a field added to the model is stored without a line here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

T = TypeVar("T")
Convert = Callable[[Any], Any]


def encode(value: object) -> bytes:
    """A dataclass, or a list of them, as JSON in UTF-8."""
    try:
        return orjson.dumps(value)
    except TypeError:
        # A number of more than 64 bits, or half a surrogate pair: rare, so the slow way round.
        return json.dumps(value, default=_plain).encode()


def decode(cls: type[T], data: bytes) -> T:
    """The value of type ``cls`` that :func:`encode` made ``data`` of."""
    value: T = structure(cls, _loads(data))
    return value


class ManyDecoder:
    """Decodes very many values of one type to be kept together: without the tuples that are
    ``emptied``, and every string that comes again is kept once."""

    def __init__(self, cls: type[T], emptied: tuple[str, ...]) -> None:
        self._cls = cls
        self._emptied = emptied
        self._strings: dict[str, str] = {}

    def decode(self, data: bytes) -> Any:
        """The value of the type that :func:`encode` made ``data`` of."""
        plain = _loads(data)
        for name in self._emptied:
            plain[name] = ()
        return structure(self._cls, self._shared(plain))

    def _shared(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._strings.setdefault(value, value)
        if isinstance(value, dict):
            return {name: self._shared(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._shared(one) for one in value]
        return value


def structure(cls: Any, value: Any) -> Any:
    """Plain JSON data as a value of type ``cls``."""
    convert = _converter(cls)
    return value if convert is None else convert(value)


def _loads(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return json.loads(data)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"cannot store {value!r}")


@cache
def _converter(annotation: Any) -> Convert | None:
    """What turns JSON into ``annotation``; ``None`` when JSON has it as it is."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return _optional(annotation)
    if origin is tuple:
        return _tuple(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        members: dict[Any, Any] = {member.value: member for member in annotation}
        return members.__getitem__
    if is_dataclass(annotation):
        return _dataclass(annotation)
    return None


def _optional(annotation: Any) -> Convert | None:
    parts = [part for part in get_args(annotation) if part is not NoneType]
    if len(parts) != 1:
        return None
    convert = _converter(parts[0])
    if convert is None:
        return None
    return lambda value: None if value is None else convert(value)


def _tuple(annotation: Any) -> Convert:
    item, *_ = get_args(annotation)
    convert = _converter(item)
    if convert is None:
        return tuple
    return lambda values: tuple([convert(value) for value in values])


def _dataclass(annotation: Any) -> Convert:
    hints = get_type_hints(annotation)
    found = {field.name: _converter(hints[field.name]) for field in fields(annotation)}
    converters = [(name, convert) for name, convert in found.items() if convert is not None]

    def build(value: dict[str, Any]) -> Any:
        for name, convert in converters:
            value[name] = convert(value[name])
        return annotation(**value)

    return build
