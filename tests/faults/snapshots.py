"""Which invented snapshots are loaded while something goes wrong?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bench.generate import ftm

BAD_ROW = '{"id": "unreadable", "schema": "Nothing"}\n'
"""The first row of each snapshot: as soon as it is read, the folder of rejects says that the load is under way."""


def write_snapshot(path: Path, nodes: int) -> list[str]:
    """A snapshot of about `nodes` nodes and three links for each; returns its rows."""
    ftm.write(ftm.plan(ftm.SetSize(nodes=nodes)), path)
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return write_rows(path, rows)


def write_rows(path: Path, rows: Iterable[str]) -> list[str]:
    """Write a snapshot of `rows` below a row that cannot be read; returns the rows."""
    kept = list(rows)
    path.write_text("".join([BAD_ROW, *kept]), encoding="utf-8")
    return kept


def change_rows(rows: Iterable[str], every: int) -> list[str]:
    """The same rows, one in `every` with another name or date, and one in `every` left out."""
    found = []
    for number, row in enumerate(rows):
        if number % every == 0:
            entity = json.loads(row)
            entity["properties"]["notes"] = ["Seen again (invented)."]
            found.append(json.dumps(entity) + "\n")
        elif number % every != 1:
            found.append(row)
    return found


def delta_rows(rows: Iterable[str], every: int) -> list[str]:
    """A delta that takes back one row in `every` and changes another one."""
    found = []
    for number, row in enumerate(rows):
        entity = json.loads(row)
        if number % every == 1:
            found.append({"op": "DEL", "entity": {"id": entity["id"]}})
        elif number % every == 2:
            entity["properties"]["notes"] = ["Seen again (invented)."]
            found.append({"op": "MOD", "entity": entity})
    return [json.dumps(change) + "\n" for change in found]
