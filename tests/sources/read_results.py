"""What came out of a file, as plain values?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from kg.ontology import load_ontology
from kg.records import Deletion, ReadResult, Record, Reject
from kg.sources import ReadContext, choose_connector

NAMESPACE = "sample"


def read_files(*files: Path, connector: str = "", delta: bool = False) -> list[ReadResult]:
    """Everything that the connector for these files reads, in the namespace `sample`."""
    context = ReadContext(load_ontology(), NAMESPACE, delta=delta)
    return list(choose_connector(files[0], connector).read(files, context))


def records(readings: Iterable[ReadResult]) -> dict[tuple[str, str], Record]:
    """The records by key and part."""
    return {(r.key, r.part): r for r in readings if isinstance(r, Record)}


def rejects(readings: Iterable[ReadResult]) -> list[Reject]:
    """The rejects, in order."""
    return [r for r in readings if isinstance(r, Reject)]


def as_json_lines(readings: Iterable[ReadResult]) -> str:
    """One line of JSON each; files by their names."""
    return "".join(orjson.dumps(_plain(r), option=orjson.OPT_SORT_KEYS).decode() + "\n" for r in readings)


def _plain(reading: ReadResult) -> dict[str, object]:
    if isinstance(reading, Deletion):
        return {"deletes": reading.key}
    if isinstance(reading, Reject):
        place = f"{Path(reading.file).name}:{reading.line}"
        kind = "reject" if reading.whole else "set_aside"
        return {kind: reading.reason, "place": place, "row": reading.row}
    ends = {"ends": [":".join(end) for end in reading.ends]} if reading.ends else {}
    named = {"key": reading.key, "part": reading.part, "type": reading.type, "line": reading.line}
    return {**named, **ends, **reading.body()}
