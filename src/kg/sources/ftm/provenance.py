"""The provenance of an entity, and the keys beside its properties."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson

from kg.ontology.derive.ftm import EXTENSION_KEY
from kg.records import Provenance, Reject
from kg.sources.ftm.spool import Differing
from kg.sources.record_builder import Texts
from kg.sources.rows import SourceRow, key_problem

PROVENANCE_PROPERTIES = {"sourceUrl", "publisher", "modifiedAt", "retrievedAt"}
"""The properties that say where the claims of an entity come from."""

_ENTITY_KEYS = {"id", "schema", "properties"}
_COMPUTED_KEYS = {"caption", "last_seen"}
"""Not claims: FollowTheMoney computes the caption, and each export renews last_seen."""
_HANDLED_KEYS = _ENTITY_KEYS | _COMPUTED_KEYS | {"datasets", "referents", "last_change", EXTENSION_KEY}


def read_provenance(row: SourceRow, data: dict[str, Any], values: Texts, rejects: list[Reject]) -> Provenance:
    """The provenance of an entity; invalid dates and addresses become rejects.

    The date is that of `modifiedAt`, else of `retrievedAt`, else of `last_change`; the address is the first
    `sourceUrl`; a single `publisher` is the origin. The values that are used are removed from the entity's.
    """
    stated = _take_value(row, values, "modifiedAt", "date", rejects)
    stated = stated or _take_value(row, values, "retrievedAt", "date", rejects)
    url = _take_value(row, values, "sourceUrl", "url", rejects)
    origin = values.pop("publisher")[0] if len(values.get("publisher", ())) == 1 else ""
    datasets = valid_keys(row, data, "datasets", rejects) if "datasets" in data else ()
    changed = data.get("last_change")
    if isinstance(changed, str) and changed:
        values["last_change"] = [changed]
        stated = stated or _take_value(row, values, "last_change", "date", rejects)
    return _shared_provenance(origin, stated, url, datasets)


@lru_cache(maxsize=10_000)
def _shared_provenance(origin: str, stated: str, url: str, datasets: tuple[str, ...]) -> Provenance:
    """One object for all entities with the same provenance."""
    return Provenance(origin=origin, stated=stated, url=url, datasets=datasets)


def valid_keys(row: SourceRow, data: dict[str, Any], name: str, rejects: list[Reject]) -> tuple[str, ...]:
    """The keys listed under `name` beside the properties, sorted, each once, without the entity's own."""
    found = data.get(name) or []
    found = found if isinstance(found, list) else [found]
    if any(map(key_problem, found)):
        rejects += (row.reject_value(name, key, key_problem(key)) for key in found if key_problem(key))
        found = [key for key in found if not key_problem(key)]
    return tuple(sorted({*found} - {data["id"]}))


def metadata_values(data: dict[str, Any]) -> Texts:
    """The keys beside the properties that have no place in a record, as text; without empty ones."""
    return {
        name: [*map(_json_text, value)] if isinstance(value, Differing) else [_json_text(value)]
        for name, value in data.items()
        if name not in _HANDLED_KEYS and value
    }


def _json_text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _take_value(row: SourceRow, values: Texts, name: str, kind: str, rejects: list[Reject]) -> str:
    """Take one value out: the newest date, or the first of other values."""
    if name not in values:
        return ""
    value = values[name].pop(-1 if kind == "date" else 0)
    if not values[name]:
        del values[name]
    return row.clean(name, value, kind, rejects, "stated" if kind == "date" else kind)
