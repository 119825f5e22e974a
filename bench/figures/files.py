"""Which files do the benchmarks load, and what has changed in them?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.generate import ftm

EVERY = 1_000
"""One record in so many has changed in the second snapshot."""

CHANGES = 1_000
"""Changes in the delta."""


@dataclass(frozen=True, slots=True)
class FigureFiles:
    """A generated set, the same set a little later, and a delta."""

    first: Path
    changed: Path
    delta: Path


def make_files(folder: Path, nodes: int, links: int) -> FigureFiles:
    """Write the files, unless an earlier run has left them there."""
    files = FigureFiles(*(folder / f"{name}-{nodes}.ftm.json" for name in ("first", "changed", "delta")))
    if not files.first.exists():
        _in_place(files.first, lambda path: ftm.write(ftm.plan(ftm.SetSize(nodes=nodes, links=links)), path))
    if not files.delta.exists():
        _in_place(files.changed, lambda path: _write_later(files.first, path))
        every = max(1, sum(1 for _ in _entities(files.first)) // CHANGES)
        _in_place(files.delta, lambda path: _write(path, _changes(files.first, every)))
    return files


def _in_place(path: Path, write: Callable[[Path], object]) -> None:
    """What was written halfway is never taken for the whole."""
    partial = path.with_suffix(".partial")
    write(partial)
    partial.rename(path)


def _entities(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


def _write_later(first: Path, path: Path) -> None:
    """The set with a note on one entity in EVERY: its record is another one, its links and all other lines stay."""
    with first.open("rb") as lines, path.open("wb") as out:
        for number, line in enumerate(lines):
            changed = number % EVERY == EVERY // 2
            out.write(json.dumps(_with_note(orjson.loads(line))).encode() + b"\n" if changed else line)


def _changes(path: Path, every: int) -> Iterator[dict[str, object]]:
    """CHANGES lines of a delta: of ten, eight bring a changed row, one a new row, and one takes a row back."""
    for number, entity in enumerate(_entities(path)):
        at, left = divmod(number, every)
        if left or at >= CHANGES:
            continue
        if at % 10 == 8:
            yield {"op": "ADD", "entity": {**entity, "id": f"{entity['id']}-new"}}
        elif at % 10 == 9:
            yield {"op": "DEL", "entity": {"id": entity["id"]}}
        else:
            yield {"op": "MOD", "entity": _with_note(entity)}


def _with_note(entity: dict[str, object]) -> dict[str, object]:
    properties = entity["properties"]
    assert isinstance(properties, dict)
    return {**entity, "properties": {**properties, "summary": ["Changed since the first load."]}}


def _write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    with path.open("wb") as out:
        out.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
