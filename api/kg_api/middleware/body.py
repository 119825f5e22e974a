"""The JSON of a body, checked before anything else reads it."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from kg_api.problems import InvalidField, shorten

MAX_JSON_DEPTH = 32
"""Lists and objects within each other."""

MAX_INTEGER = 2**63 - 1

_TOO_DEEP = f"expected at most {MAX_JSON_DEPTH} lists and objects within each other"


class _RepeatedName(str):
    """A name that an object has twice: of its values, all but the last would be lost."""


class _UnusableNumber(str):
    """A number that no database takes, as it was sent."""


def parse_body(body: bytes) -> tuple[Any, InvalidField | None]:
    """The data, and what is wrong with it. Raises ValueError if it is not JSON in UTF-8."""
    try:
        data = json.loads(
            body,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_UnusableNumber,
            object_pairs_hook=_named_values,
        )
    except RecursionError:
        return None, InvalidField(field="body", expected=_TOO_DEEP)
    return data, _find_invalid(data)


def _find_invalid(data: Any) -> InvalidField | None:
    """The first text, number or list that nothing behind this can take."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(data, ())]
    while waiting:
        one, place = waiting.pop()
        field = ".".join(place) or "body"
        if isinstance(one, _UnusableNumber):
            return _invalid(field, one, "expected a finite number; a whole number of at most 64 bits")
        if isinstance(one, _RepeatedName):
            return _invalid(field, one, "expected this name once")
        if isinstance(one, str) and not _is_encodable(one):
            return _invalid(field, one, "expected whole characters, not half of a surrogate pair")
        if isinstance(one, dict | list):
            if len(place) >= MAX_JSON_DEPTH:
                return _invalid("body", "", _TOO_DEEP)
            within = list(one.items() if isinstance(one, dict) else enumerate(one))
            for name, value in reversed(within):
                at = (*place, str(name))
                if not _is_encodable(at[-1]):
                    return _invalid(".".join(at), at[-1], "expected whole characters, not half of a surrogate pair")
                waiting.append((value, at))
    return None


def _invalid(field: str, value: str, expected: str) -> InvalidField:
    return InvalidField(field=shorten(field), value=shorten(value), expected=expected)


def _named_values(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        found |= {name: _RepeatedName(name) for name, count in counts.items() if count > 1}
    return found


def _integer(text: str) -> int | _UnusableNumber:
    return int(text) if len(text) <= 20 and -MAX_INTEGER - 1 <= int(text) <= MAX_INTEGER else _UnusableNumber(text)


def _decimal(text: str) -> float | _UnusableNumber:
    number = float(text)
    return number if math.isfinite(number) else _UnusableNumber(text)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
