"""The ledger of a lake: one Delta table of events, to which nothing but new files is ever added."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from kg.errors import NotFound, StoreBusy, StoreDamaged, StoreError
from kg.files import atomic_file
from kg.lake.tables import EVENT_FIELDS, EVENTS, JUDGEMENT, KIND, LOAD, SOURCE, STATUS

FORMAT = 1
"""The format of a lake; a newer one is not read."""

LEDGER_FOLDER = "ledger"
ATTACHED_FOLDER, REJECTS_FOLDER = "files", "rejects"
"""What lies beside the table: the attached files, each under its digest, and the rows that loads rejected."""

RETAINED_HOURS = 168
"""How long files that a compaction replaced stay for those who read them."""

_COMPRESSION_LEVEL = 6
_ROW_GROUP = 100_000
_FILE_SIZE = 16 << 20
"""The bytes of a file that is joined with no other: about those of a whole file of an export."""

_CONFIGURATION = {
    "delta.dataSkippingNumIndexedCols": "0",  # statistics would keep keys and bodies in the log, where none is erased
    "delta.enableDeletionVectors": "false",  # readers without Delta take the list of files
    "delta.logRetentionDuration": "interval 0 days",
    "delta.deletedFileRetentionDuration": "interval 0 days",
}


@dataclass(frozen=True, slots=True)
class EventFile:
    """A complete file of events that no commit names yet."""

    kind: str
    name: str
    rows: int
    source: str

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"kind": self.kind, "name": self.name, "rows": self.rows, "source": self.source}


@dataclass(frozen=True, slots=True)
class LakeLoad:
    """A load or withdrawal, as the ledger of SQLite keeps it too."""

    number: int
    source: str
    kind: str
    day: str
    details: Mapping[str, Any]
    """The columns of `load`: counts, digests, files."""


@dataclass(frozen=True, slots=True)
class LakeCompaction:
    """What a compaction did, in files."""

    joined: int
    made: int
    """Into how many they were joined."""
    removed: int
    """How many that no commit names any more were removed."""


@dataclass(frozen=True, slots=True)
class LakeSource:
    """A source of a lake."""

    name: str
    namespace: str
    title: str
    invented: bool
    protected: bool


class Lake:
    """One version of a lake, which later commits do not change."""

    def __init__(self, folder: Path) -> None:
        """The newest version. Raises NotFound where there is no lake, StoreError for one of a newer kg."""
        self.folder = folder
        self._events: dict[str, list[dict[str, Any]]] = {}
        try:
            self.delta = DeltaTable(str(folder / LEDGER_FOLDER))
        except TableNotFoundError:
            raise NotFound(f"{folder} is no lake; `kg export lake {folder}` makes one") from None
        except DeltaError as error:
            raise StoreDamaged(f"{folder}: the log of the lake cannot be read ({_first_line(error)})") from None
        found = int(self.delta.metadata().configuration.get("kg.format", "0"))
        if found > FORMAT:
            raise StoreError(f"{folder} was written by a newer kg (format {found}; this one reads up to {FORMAT})")

    @property
    def version(self) -> int:
        """The number of the commit."""
        return int(self.delta.version())

    def files(self, kind: str) -> list[str]:
        """The files of the events of a kind, sorted."""
        actions = pa.table(self.delta.get_add_actions(flatten=True)).to_pylist()
        names = (action["path"] for action in actions if action[f"partition.{KIND}"] == kind)
        return sorted(str(self.folder / LEDGER_FOLDER / name) for name in names)

    def current(
        self, kind: str, load: int | None = None, moment: int | None = None
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """The events in force at a load, or the newest, of a kind other than records: by source and key.

        With a moment, those that were written up to it.
        """
        found: dict[tuple[str, str], dict[str, Any]] = {}
        if kind not in self._events:
            tables = [pq.read_table(path, schema=EVENT_FIELDS, partitioning=None) for path in self.files(kind)]
            events = [event for table in tables for event in table.to_pylist()]
            self._events[kind] = sorted(events, key=lambda event: (event["load"], event["moment"]))
        for event in self._events[kind]:
            if (load is None or event["load"] <= load) and (moment is None or event["moment"] <= moment):
                found[event["source"], event["key"]] = event
        return {name: event for name, event in found.items() if event["came"]}

    def loads(self, load: int | None = None) -> list[LakeLoad]:
        """The loads up to one, or all, by number and source."""
        found = [(event, orjson.loads(event["body"])) for event in self.current(LOAD, load).values()]
        loads = [LakeLoad(int(e["key"]), e["source"], body["kind"], body["day"], body) for e, body in found]
        return sorted(loads, key=lambda entry: (entry.number, entry.source))

    def sources(self) -> dict[str, LakeSource]:
        """The sources by name."""
        found = {}
        for (name, _), event in sorted(self.current(SOURCE).items()):
            body = orjson.loads(event["body"])
            found[name] = LakeSource(name, event["namespace"], body["title"], body["invented"], body["protected"])
        return found

    def judgements(self, load: int | None = None, moment: int | None = None) -> list[dict[str, Any]]:
        """The judgements known at a load and moment, or all, by number: as the ledger's, with names of namespaces."""
        events = self.current(JUDGEMENT, load, moment)
        return [orjson.loads(event["body"]) for _, event in sorted(events.items(), key=lambda item: int(item[0][1]))]

    def status(self) -> dict[str, Any]:
        """What is said of the ledger itself: its id, and the days to which the graph was brought without a load."""
        return {key: orjson.loads(event["body"]) for (_, key), event in self.current(STATUS).items()}

    def last_load(self) -> int:
        """The highest number of a load; 0 if there is none."""
        return max((load.number for load in self.loads()), default=0)

    def last_loads(self, load: int | None = None) -> dict[str, int]:
        """By source, the highest number of its loads up to one, or of all."""
        return {entry.source: entry.number for entry in self.loads(load)}

    def compact(self, retained_hours: int = RETAINED_HOURS) -> LakeCompaction:
        """Join small files into larger ones with the same events, and the log into one checkpoint.

        Files that nothing names any more are removed once they are so many hours old: with 0, nobody else may read or
        write meanwhile.
        """
        properties = WriterProperties(compression="ZSTD", compression_level=_COMPRESSION_LEVEL)
        done = self.delta.optimize.compact(target_size=_FILE_SIZE, writer_properties=properties)
        removed = self.delta.vacuum(retained_hours, dry_run=False, enforce_retention_duration=False, full=True)
        self.clean_log()
        return LakeCompaction(done["numFilesRemoved"], done["numFilesAdded"], len(removed))

    def clean_log(self) -> None:
        """Write the log as one checkpoint, and remove what was before it."""
        self.delta.create_checkpoint()
        self.delta.cleanup_metadata()


def create_lake(folder: Path) -> Lake:
    """A new and empty lake in a folder that is empty or not there. Raises StoreError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder} is not empty and is no lake; expected a new folder, or a lake")
    folder.mkdir(parents=True, exist_ok=True)
    configuration = {**_CONFIGURATION, "kg.format": str(FORMAT)}
    DeltaTable.create(
        str(folder / LEDGER_FOLDER),
        schema=EVENTS,
        partition_by=[KIND],
        configuration=configuration,
        raise_if_key_not_exists=False,
    )
    return Lake(folder)


def open_or_create(folder: Path) -> Lake:
    """The lake in a folder, made when absent. Raises StoreError."""
    return Lake(folder) if (folder / LEDGER_FOLDER / "_delta_log").is_dir() else create_lake(folder)


def event(kind_of: str, source: str, key: str, load: int, body: Any, namespace: str = "") -> dict[str, Any]:
    """An event of a kind other than records, without its moment."""
    text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
    return {
        KIND: kind_of,
        "source": source,
        "namespace": namespace,
        "key": key,
        "part": "",
        "load": load,
        "came": True,
        "body": text,
    }


class Commit:
    """New files of a lake, which become visible together, or never."""

    def __init__(self, lake: Lake, writers: Iterable[str]) -> None:
        """In the name of some writers, which are sources: of two commits in one name that began at one moment, the
        second is refused.
        """
        self._lake, self._writers = lake, tuple(writers)
        self.moment = lake.version + 1
        self.staged: list[EventFile] = []

    def write(self, kind: str, batches: Iterable[pa.RecordBatch], source: str = "", name: str = "") -> EventFile:
        """Write a file of events of a kind (of one source, for records), without committing it."""
        name = name or f"{self.moment:010}-{secrets.token_hex(8)}.parquet"
        folder = self._lake.folder / LEDGER_FOLDER / f"{KIND}={kind}"
        folder.mkdir(parents=True, exist_ok=True)
        rows = 0
        with (
            atomic_file(folder / name) as file,
            pq.ParquetWriter(file, EVENT_FIELDS, compression="zstd", compression_level=_COMPRESSION_LEVEL) as parquet,
        ):
            for batch in batches:
                parquet.write_batch(batch, row_group_size=_ROW_GROUP)
                rows += batch.num_rows
        staged = EventFile(kind, name, rows, source)
        self.staged.append(staged)
        return staged

    def write_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Write events of kinds other than records."""
        by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for made in events:
            by_kind[made[KIND]].append({**made, "moment": self.moment})
        for kind, rows in by_kind.items():
            self.write(kind, [pa.RecordBatch.from_pylist([dict(row) for row in rows], schema=EVENT_FIELDS)])

    def finish(self, removed: Iterable[str] = ()) -> Lake:
        """Make what was written visible, in place of some files (paths in the table).

        Raises StoreBusy where one of the writers has committed since this lake was opened.
        """
        actions: list[AddAction | RemoveAction] = [self._add(staged) for staged in self.staged]
        actions += [
            RemoveAction(name, True, int(time.time() * 1000), None, {KIND: name.split("/")[0].removeprefix(f"{KIND}=")})
            for name in removed
        ]
        marks = [Transaction(_app_id(writer), self.moment) for writer in self._writers]
        properties = CommitProperties(app_transactions=marks)
        try:
            self._lake.delta.create_write_transaction(actions, "append", EVENTS, [KIND], commit_properties=properties)
        except DeltaError as error:  # another commit, or a log that was cleaned of those since
            who = f" of {', '.join(map(repr, self._writers))}" if len(self._writers) < 4 else ""
            problem = f"somebody else has written events{who} since this began; begin again"
            raise StoreBusy(f"{self._lake.folder}: {problem} ({_first_line(error)})") from None
        return Lake(self._lake.folder)

    def _add(self, staged: EventFile) -> AddAction:
        path = f"{KIND}={staged.kind}/{staged.name}"
        size = (self._lake.folder / LEDGER_FOLDER / path).stat().st_size
        stats = orjson.dumps({"numRecords": staged.rows}).decode()
        return AddAction(path, size, {KIND: staged.kind}, int(time.time() * 1000), True, stats)


def _app_id(writer: str) -> str:
    """What the log has of a writer: no name, which an erasure would have to find there."""
    return hashlib.sha256(writer.encode()).hexdigest()[:32]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
