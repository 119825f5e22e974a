"""Who says it, where and when, and what else does an entity carry around its properties?"""

from __future__ import annotations

from typing import Any

import orjson

from kg.records import Reject, Said
from kg.sources.ftm.extension import KEY
from kg.sources.rows import Row, key_problem

Texts = dict[str, list[str]]
"""FollowTheMoney property to its values, sorted; what has been used is taken out."""

_BARE = {"id", "schema", "properties"}
_DERIVED = {"caption", "last_seen"}
"""Not claims: FollowTheMoney computes the caption, and each export renews last_seen though nothing has changed."""
_HANDLED = _BARE | _DERIVED | {"datasets", "referents", "last_change", KEY}
_MANY = 10_000


class Sayings:
    """How a source stands behind an entity, one object for all entities that are said alike.

    The date is that of `modifiedAt`, else of `retrievedAt`, else of `last_change`; the address is the first
    `sourceUrl`; a single `publisher` is what the claim goes back to. What is used here is taken out of the values.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, tuple[str, ...]], Said] = {}

    def of(self, row: Row, data: dict[str, Any], values: Texts, rejects: list[Reject]) -> Said:
        """The source's stand on one entity; values that are no date or address become rejects."""
        stated = _take(row, values, "modifiedAt", "date", rejects) or _take(row, values, "retrievedAt", "date", rejects)
        url = _take(row, values, "sourceUrl", "url", rejects)
        origin = values.pop("publisher")[0] if len(values.get("publisher", ())) == 1 else ""
        datasets = keys(row, data, "datasets", rejects) if "datasets" in data else ()
        changed = data.get("last_change")
        if isinstance(changed, str) and changed:
            values["last_change"] = [changed]
            stated = stated or _take(row, values, "last_change", "date", rejects)
        said = (origin, stated, url, datasets)
        if len(self._known) > _MANY:
            self._known.clear()
        if said not in self._known:
            self._known[said] = Said(origin=origin, stated=stated, url=url, datasets=datasets)
        return self._known[said]


def keys(row: Row, data: dict[str, Any], name: str, rejects: list[Reject]) -> tuple[str, ...]:
    """The keys listed under `name` around the properties, sorted, each once, without the entity's own."""
    found = data.get(name) or []
    found = found if isinstance(found, list) else [found]
    good = {key for key in found if not key_problem(key)}
    rejects += (row.set_aside(name, key, key_problem(key)) for key in found if key_problem(key))
    return tuple(sorted(good - {data["id"]}))


def extras(data: dict[str, Any]) -> Texts:
    """What stands around the properties and has no place in a record, as text; nothing where it is empty."""
    return {name: [_text(value)] for name, value in data.items() if name not in _HANDLED and value}


def _text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _take(row: Row, values: Texts, name: str, kind: str, rejects: list[Reject]) -> str:
    """Take one value out: the newest date, the first of anything else; the others stay."""
    if name not in values:
        return ""
    value = values[name].pop(-1 if kind == "date" else 0)
    if not values[name]:
        del values[name]
    return row.cleaned(name, value, kind, rejects)
