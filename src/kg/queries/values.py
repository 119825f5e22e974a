"""The types of query parameters, and the forms of their values in Cypher, on the command line and in JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from kg.errors import InputError, InputLocation

ParameterValue = str | int | float | date | list[str]

_INTEGER_LIMIT = 2**63
"""Numbers from here on do not fit into 64 bits."""

_TEXT = r"'((?:[^'\\]|\\.)*)'"


def _text_literal(literal: str) -> str:
    found = re.fullmatch(_TEXT, literal)
    if not found:
        raise ValueError
    return re.sub(r"\\(.)", r"\1", found[1])


def _list_literal(literal: str) -> list[str]:
    if not re.fullmatch(rf"\[(?:{_TEXT}(?:, (?!\])|(?=\])))*\]", literal):
        raise ValueError
    return [re.sub(r"\\(.)", r"\1", text) for text in re.findall(_TEXT, literal)]


def _date_literal(literal: str) -> date:
    found = re.fullmatch(r"date\('(\d{4}-\d{2}-\d{2})'\)", literal)
    if not found:
        raise ValueError
    return date.fromisoformat(found[1])


def _natural_number(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


_LITERALS: Mapping[str, tuple[Callable[[str], ParameterValue], str]] = {
    "node": (_text_literal, "the id of a node between single quotes"),
    "text": (_text_literal, "a text between single quotes"),
    "texts": (_list_literal, "a list of texts, such as ['one', 'two']"),
    "integer": (_natural_number, "a whole number, 0 or more"),
    "number": (float, "a number"),
    "date": (_date_literal, "a day, such as date('2014-12-05')"),
}
"""By type: the reader of a Cypher literal, and what is expected."""

_TEXT_FORMS: Mapping[str, tuple[Callable[[str], ParameterValue], str]] = {
    "node": (str, "an id, namespace:key, or a name that only one node has"),
    "text": (str, "a text"),
    "texts": (lambda text: [part.strip() for part in text.split(",")], "texts with commas between them"),
    "integer": (_natural_number, "a whole number, 0 or more"),
    "number": (float, "a number"),
    "date": (date.fromisoformat, "a day, such as 2014-12-05"),
}
"""By type: the reader of a text on the command line, and what is expected."""

_JSON_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "node": lambda value: isinstance(value, str),
    "text": lambda value: isinstance(value, str),
    "texts": lambda value: isinstance(value, list) and all(isinstance(part, str) for part in value),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _INTEGER_LIMIT,
    "number": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _INTEGER_LIMIT
    ),
    "date": lambda value: isinstance(value, str),
}
"""By type: whether a JSON value is of it."""

_JSON_EXPECTED = {"texts": "a list of texts"}
"""By type: what is expected in JSON, if it differs from the command line."""

PARAMETER_TYPES = tuple(_LITERALS)


def read_literal(kind: str, literal: str, place: InputLocation) -> ParameterValue:
    """The value of a Cypher literal. Raises InputError."""
    return _convert(_LITERALS[kind], literal, place)


def read_text(kind: str, text: str, place: InputLocation) -> ParameterValue:
    """The value of a text from the command line; a store resolves the names of nodes. Raises InputError."""
    return _convert(_TEXT_FORMS[kind], text, place)


def cypher_literal(value: ParameterValue) -> str:
    """A value as a Cypher literal, which `read_literal` reads."""
    match value:
        case str():
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        case list():
            return f"[{', '.join(map(cypher_literal, value))}]"
        case date():
            return f"date('{value.isoformat()}')"
    return str(value)


def read_json(kind: str, value: object, place: InputLocation) -> ParameterValue:
    """The value of a JSON value; dates and nodes are texts, and a store resolves the names of nodes.

    Raises InputError.
    """
    if not _JSON_CHECKS[kind](value):
        raise InputError(f"expected {_JSON_EXPECTED.get(kind, _TEXT_FORMS[kind][1])}", place)
    return _convert(_TEXT_FORMS[kind], value, place) if kind == "date" else value  # type: ignore[return-value, arg-type]  # as checked


def _convert(how: tuple[Callable[[str], ParameterValue], str], text: str, place: InputLocation) -> ParameterValue:
    try:
        return how[0](text)
    except ValueError:
        raise InputError(f"expected {how[1]}", place) from None
