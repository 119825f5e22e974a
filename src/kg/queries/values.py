"""Of which types are the parameters of saved queries, and how are their values written?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kg.errors import InputError, Place

Value = str | int | float | date | list[str]

_LARGEST = 2**63
"""What Neo4j has no number for."""

_TEXT = r"'((?:[^'\\]|\\.)*)'"


def _text(literal: str) -> str:
    found = re.fullmatch(_TEXT, literal)
    if not found:
        raise ValueError
    return re.sub(r"\\(.)", r"\1", found[1])


def _texts(literal: str) -> list[str]:
    if not re.fullmatch(rf"\[(?:{_TEXT}(?:, (?!\])|(?=\])))*\]", literal):
        raise ValueError
    return [re.sub(r"\\(.)", r"\1", text) for text in re.findall(_TEXT, literal)]


def _date(literal: str) -> date:
    found = re.fullmatch(r"date\('(\d{4}-\d{2}-\d{2})'\)", literal)
    if not found:
        raise ValueError
    return date.fromisoformat(found[1])


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


_LITERALS: Mapping[str, tuple[Callable[[str], Value], str]] = {
    "node": (_text, "the id of a node between single quotes"),
    "text": (_text, "a text between single quotes"),
    "texts": (_texts, "a list of texts, such as ['one', 'two']"),
    "integer": (_count, "a whole number, 0 or more"),
    "number": (float, "a number"),
    "date": (_date, "a day, such as date('2014-12-05')"),
}
"""By type: how Cypher writes a value, and how a person is told."""

_SAID: Mapping[str, tuple[Callable[[str], Value], str]] = {
    "node": (str, "an id, namespace:key, or a name that only one node has"),
    "text": (str, "a text"),
    "texts": (lambda text: [part.strip() for part in text.split(",")], "texts with commas between them"),
    "integer": (_count, "a whole number, 0 or more"),
    "number": (float, "a number"),
    "date": (date.fromisoformat, "a day, such as 2014-12-05"),
}
"""By type: how a person writes a value on the command line."""

_TYPED: Mapping[str, Callable[[object], bool]] = {
    "node": lambda value: isinstance(value, str),
    "text": lambda value: isinstance(value, str),
    "texts": lambda value: isinstance(value, list) and all(isinstance(part, str) for part in value),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST,
    "date": lambda value: isinstance(value, str),
}
"""By type: whether JSON wrote a value of it."""

_LISTED = {"texts": "a list of texts"}
"""What is expected of JSON where a command line has another form."""

TYPES = tuple(_LITERALS)


def read_literal(kind: str, literal: str, place: Place) -> Value:
    """A value as Cypher writes it. Raises InputError."""
    return _read(_LITERALS[kind], literal, place)


def read_value(kind: str, text: str, place: Place) -> Value:
    """A value as a person writes it; the name of a node is left for a store to resolve. Raises InputError."""
    return _read(_SAID[kind], text, place)


def written(value: Value) -> str:
    """A value as Cypher writes it; `read_literal` reads it back."""
    match value:
        case str():
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case date():
            return f"date('{value.isoformat()}')"
    return str(value)


def read_typed(kind: str, value: object, place: Place) -> Value:
    """A value as JSON writes it; a date is a text, and so is a node, which is left for a store to resolve.

    Raises InputError.
    """
    if not _TYPED[kind](value):
        raise InputError(f"expected {_LISTED.get(kind, _SAID[kind][1])}", place)
    return _read(_SAID[kind], value, place) if kind == "date" else value  # type: ignore[return-value, arg-type]  # as checked


def plain(value: Value) -> Any:
    """The value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(how: tuple[Callable[[str], Value], str], text: str, place: Place) -> Value:
    try:
        return how[0](text)
    except ValueError:
        raise InputError(f"expected {how[1]}", place) from None
