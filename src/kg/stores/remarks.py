"""What loads noted of records in force, for the stores that tell it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

Remarks = Mapping[tuple[str, str], tuple[str, ...]]
"""By source and key of a record: what was noted of it, sorted."""


def read_remarks(connection: sqlite3.Connection, keys: Iterable[str] | None = None) -> Remarks:
    """What was noted of the records with some keys, or of all, as the scope of a connection sees it."""
    joined = "remark r JOIN source s ON s.num = r.source"
    if keys is None:
        return group_remarks(connection.execute(f"SELECT s.name, r.key, r.reason FROM {joined}"))
    asked = orjson.dumps(list(dict.fromkeys(keys))).decode()
    query = f"""SELECT s.name, r.key, r.reason FROM json_each(?) asked CROSS JOIN {joined} AND r.key = asked.value"""
    return group_remarks(connection.execute(query, (asked,)))


def group_remarks(rows: Iterable[Sequence[str]]) -> Remarks:
    """Rows of source, key and remark by source and key."""
    found = defaultdict[tuple[str, str], set[str]](set)
    for source, key, remark in rows:
        found[source, key].add(remark)
    return {name: tuple(sorted(texts)) for name, texts in found.items()}
