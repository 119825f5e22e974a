"""What came out of a file, as plain values?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from kg.ontology import load_ontology
from kg.records import Deletion, Reading, Record, Reject
from kg.sources import Context, choose

NAMESPACE = "sample"


def read(*files: Path, connector: str = "") -> list[Reading]:
    """Everything that the connector for these files reads, in the namespace `sample`."""
    return list(choose(files[0], connector).read(files, Context(load_ontology(), NAMESPACE)))


def records(readings: Iterable[Reading]) -> dict[tuple[str, str], Record]:
    """The records by key and part."""
    return {(r.key, r.part): r for r in readings if isinstance(r, Record)}


def rejects(readings: Iterable[Reading]) -> list[Reject]:
    """The rejects, in order."""
    return [r for r in readings if isinstance(r, Reject)]


def shown(readings: Iterable[Reading]) -> str:
    """One line of JSON each; files by their names."""
    return "".join(orjson.dumps(_plain(r), option=orjson.OPT_SORT_KEYS).decode() + "\n" for r in readings)


def _plain(reading: Reading) -> dict[str, object]:
    if isinstance(reading, Deletion):
        return {"deletes": reading.key}
    if isinstance(reading, Reject):
        place = f"{Path(reading.file).name}:{reading.line}"
        kind = "reject" if reading.whole else "set_aside"
        return {kind: reading.reason, "place": place, "row": reading.row}
    ends = {"ends": [":".join(end) for end in reading.ends]} if reading.ends else {}
    named = {"key": reading.key, "part": reading.part, "type": reading.type, "line": reading.line}
    return {**named, **ends, **reading.body()}
