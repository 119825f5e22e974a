"""What a lake has of its sources."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import orjson

from kg.ports import SourceInfo
from kg.records import NOT_UNDERSTOOD, WAITS_FOR_ALL, WAITS_IN_SCOPE, UnreadValue

if TYPE_CHECKING:
    from kg.lake.engines import Engine
    from kg.lake.events import Lake


class LakeSources(NamedTuple):
    """The sources that a scope sees."""

    infos: tuple[SourceInfo, ...]
    """By name."""
    waiting: int
    """Links with an end that no record describes yet."""


def lake_sources(engine: Engine, lake: Lake, load: int, *, protected: bool) -> LakeSources:
    """The sources of a lake at a load; the views `record`, `remark` and `graph_waiting` are of that load."""
    prefix = "" if protected else "open_"
    visible = "" if protected else " AND NOT r.protected"
    bit = WAITS_IN_SCOPE if protected else WAITS_FOR_ALL
    waiting = f"""SELECT DISTINCT r.source, w.namespace, w.key, w.part FROM graph_waiting w
        JOIN record r ON r.namespace = w.namespace AND r.key = w.key AND r.part = w.part
        WHERE r.from_key IS NOT NULL AND (w.scopes & {bit}) > 0{visible}"""
    by_source = engine.rows(f"SELECT source, count(*) AS n FROM ({waiting}) AS links GROUP BY source").to_pylist()
    (all_waiting,) = engine.rows(
        f"SELECT count(*) AS n FROM (SELECT DISTINCT namespace, key, part FROM ({waiting}) AS links) AS distinct_links"
    ).to_pylist()
    waits, unread = {row["source"]: row["n"] for row in by_source}, _count_unread(engine, visible)
    infos, every_load, remarks = [], lake.loads(load), _count_remarks(engine, visible)
    for source in lake.sources().values():
        loads = [entry for entry in every_load if entry.source == source.name]
        if not loads or (source.protected and not protected):
            continue
        counts = [[entry.details[prefix + name] for name in ("added", "changed", "withdrawn")] for entry in loads]
        days = [entry.day for entry, some in zip(loads, counts, strict=True) if sum(some)]
        infos.append(
            SourceInfo(
                *(source.name, source.namespace, source.title, source.invented),
                sum(added - withdrawn for added, _, withdrawn in counts),
                max(entry.day for entry in loads),
                len(loads),
                waits.get(source.name, 0),
                loads[-1].details[f"{prefix}digest"] or "",
                max(days, default=""),
                unread.get(source.name, {}),
                remarks.get(source.name, {}),
            )
        )
    return LakeSources(tuple(infos), all_waiting["n"])


def _count_remarks(engine: Engine, visible: str) -> dict[str, dict[str, int]]:
    """By source: how many remarks there are on what it says, by kind."""
    kinds = f"SELECT r.source, r.type FROM remark r WHERE r.came{visible}"
    rows = engine.rows(f"SELECT source, type, count(*) AS n FROM ({kinds}) AS kinds GROUP BY source, type").to_pylist()
    found: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=lambda row: (row["source"], row["type"])):
        found.setdefault(row["source"], {})[row["type"]] = row["n"]
    return found


def _count_unread(engine: Engine, visible: str) -> dict[str, dict[str, int]]:
    """By source: how many values of its records could not be read, by type and property."""
    query = f"""SELECT r.source, r.type, r.body FROM record r WHERE r.body LIKE '%"{NOT_UNDERSTOOD}":%'{visible}"""
    found: dict[str, Counter[str]] = {}
    for row in engine.rows(query).to_pylist():
        for value in orjson.loads(row["body"]).get(NOT_UNDERSTOOD, ()):
            one = UnreadValue(*value)
            found.setdefault(row["source"], Counter())[f"{row['type']}.{one.property or one.name}"] += 1
    return {source: dict(sorted(counts.items())) for source, counts in found.items()}
