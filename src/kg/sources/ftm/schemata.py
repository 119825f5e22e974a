"""The schemata of FollowTheMoney 4.11.2, with those that files still have though they were dropped."""

from __future__ import annotations

from collections.abc import Mapping
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


def common_schema(one: str, other: str) -> str:
    """The more specific of two schemata in one line of descent; empty if neither extends the other."""
    if other in ancestors(one):
        return one
    return other if one in ancestors(other) else ""


@lru_cache(maxsize=4_096)
def has_property(schema: str, name: str) -> bool:
    """Whether entities of a schema have a property of this name themselves."""
    return any(name in schemata()[a]["properties"] for a in ancestors(schema) if a in schemata())


@lru_cache(maxsize=4_096)
def reverse_property(schema: str, name: str) -> str:
    """The property of a schema that is called `name` when it is read from its other end; empty if there is none."""
    links = (schemata()[a].get("links", {}) for a in sorted(ancestors(schema)) if a in schemata())
    return next((prop for known in links for prop, reverse in known.items() if reverse == name), "")
