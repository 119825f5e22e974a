"""The schemata of FollowTheMoney 4.11.2, with those that files still have though they were dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson


@cache
def schemata() -> Mapping[str, Mapping[str, Any]]:
    """Schema to the schemata that it extends, its properties, those that link (with their reverse), and its ends."""
    known: dict[str, dict[str, Any]] = orjson.loads((Path(__file__).parent / "schemata.json").read_bytes())
    return known


@lru_cache(maxsize=256)
def ancestors(name: str) -> frozenset[str]:
    """A schema and all that it extends; only the name itself for an unknown one."""
    extended = schemata().get(name, {}).get("extends", ())
    return frozenset({name}.union(*map(ancestors, extended)))


def stated_schema(found: Iterable[str]) -> str:
    """The schema of an entity by those of its rows, in any order: the most specific that most of them are of or above.

    Empty where as many are of another, so that no row tells which is right.
    """
    named = [*found]
    if len({*named}) == 1:
        return named[0]
    times = Counter(name for name in named if name in schemata()) or Counter(named)
    rows = {name: sum(times[other] for other in ancestors(name) & times.keys()) for name in times}
    most = [name for name, count in rows.items() if count == max(rows.values())]
    return most[0] if len(most) == 1 else ""


def schema_problem(key: str, own: str, found: Iterable[str]) -> str:
    """Why a row of a schema is none of an entity whose rows are of those that are `found`."""
    others = " and ".join(sorted({name for name in found if own not in ancestors(name) and name not in ancestors(own)}))
    return f"schema {own}: another row says that {key!r:.80} is of schema {others}, and neither extends the other"


@lru_cache(maxsize=4_096)
def has_property(schema: str, name: str) -> bool:
    """Whether entities of a schema have a property of this name themselves."""
    return any(name in schemata()[a]["properties"] for a in ancestors(schema) if a in schemata())


@lru_cache(maxsize=4_096)
def reverse_property(schema: str, name: str) -> str:
    """The property of a schema that is called `name` when it is read from its other end; empty if there is none."""
    links = (schemata()[a].get("links", {}) for a in sorted(ancestors(schema)) if a in schemata())
    return next((prop for known in links for prop, reverse in known.items() if reverse == name), "")
