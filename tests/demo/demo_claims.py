"""What do the files of the demo set say, read without any connector?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.ontology import load_ontology
from kg.ontology.derive.ftm import FtmFields, FtmMapping, ftm_mapping

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "graph" / "demo"

Row = dict[str, Any]
End = tuple[str, str]
"""Namespace and key."""
RECORD = {"key", "part", "type", "from", "to", "properties"}
"""What a native record has besides how it is said."""


@dataclass(frozen=True)
class DemoClaim:
    """One claim about a node (no ends) or a link, whatever its file looks like."""

    source: str
    key: str
    type: str
    properties: dict[str, list[str]]
    part: str = ""
    """Which of the claims of its row this is."""
    ends: tuple[End, ...] = ()
    said: dict[str, str] = field(default_factory=dict)


def demo_file(name: str) -> str:
    """A file of the set."""
    return (DEMO / name).read_text(encoding="utf-8")


def sources() -> list[dict[str, Any]]:
    """The declared sources in order."""
    found: list[dict[str, Any]] = tomllib.loads(demo_file("sources.toml"))["source"]
    return found


@lru_cache(maxsize=1)
def claims() -> tuple[DemoClaim, ...]:
    """Every claim of every source."""
    return tuple(claim for source in sources() for claim in _of(source))


@lru_cache(maxsize=1)
def answer_key() -> dict[str, Any]:
    """The answer key."""
    key: dict[str, Any] = json.loads(demo_file("answer-key.json"))
    return key


def node_types() -> dict[str, str]:
    """The type of each node by key."""
    return {claim.key: claim.type for claim in claims() if not claim.ends}


def links() -> dict[tuple[str, str], DemoClaim]:
    """One claim about each link, by key and part."""
    return {(claim.key, claim.part): claim for claim in claims() if claim.ends}


def ftm_claims(entity: Row, source: str, mapping: FtmMapping) -> Iterator[DemoClaim]:
    """A FollowTheMoney entity as claims, by the ontology's mapping."""
    given, schema = entity["properties"], entity["schema"]
    if schema in mapping.edges:
        edge = mapping.edges[schema]
        tail, head = next((given[t][0], given[h][0]) for t, h in edge.ends if t in given and h in given)
        ends = (_named(tail), _named(head))
        yield DemoClaim(source, entity["id"], edge.type, _mapped(given, edge.fields), f"{tail}→{head}", ends)
        return
    node = mapping.nodes[schema]
    yield DemoClaim(source, entity["id"], node.type, _mapped(given, node.fields))
    for name, rule in node.links.items():
        for value in given.get(name, ()):
            far = ("jurisdiction", value.upper()) if rule.curated else _named(value)
            yield DemoClaim(source, entity["id"], rule.type, {}, f"{name}:{value}", (_named(entity["id"]), far))


def _mapped(given: dict[str, list[str]], fields: FtmFields) -> dict[str, list[str]]:
    """Money is left to the connector, which joins it with its currency."""
    return {ours: given[theirs] for theirs, ours in fields.properties.items() if theirs in given}


def _of(source: dict[str, Any]) -> Iterator[DemoClaim]:
    rows = [json.loads(line) for line in demo_file(source["file"]).splitlines()]
    if source["format"] == "ftm":
        mapping = ftm_mapping(load_ontology())
        for row in rows:
            yield from ftm_claims(row, source["name"], mapping)
        return
    for row in rows[1:]:
        ends = tuple(_named(row[side]) for side in ("from", "to") if side in row)
        said = {name: value for name, value in row.items() if name not in RECORD}
        yield DemoClaim(source["name"], row["key"], row["type"], row["properties"], row.get("part", ""), ends, said)


def _named(end: str | list[str]) -> End:
    return ("demo", end) if isinstance(end, str) else (end[0], end[1])
