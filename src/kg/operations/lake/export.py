"""Write the ledger of the SQLite file into a lake, all of it or what has come since."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kg.database import OPEN_COUNTS, STATUS_DAY, find_meta, get_meta, read_transaction
from kg.database.scopes import set_scope
from kg.errors import InputError, StoreError
from kg.files import is_stream, write_atomically
from kg.ledger.judgement_status import list_judgements
from kg.operations.lake.attachments import lake_files
from kg.operations.ledger.erase import remember_activity
from kg.operations.store.attachments import AttachmentFolder, cited_digests
from kg.operations.workspace import Workspace, bring_up_to_date, open_database
from kg.records import Judgement

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.lake.events import Commit, Lake

ROWS_A_FILE = 250_000
STAGING = "staging.json"
"""The list of complete files of an export that has not ended."""

_BATCH = 20_000

_CAME = """SELECT record.num, record.key, part, since, type, f.name, from_key, t.name, to_key, body, digest, merges,
    record.protected, file.name, line FROM record
    LEFT JOIN namespace f ON f.num = from_ns LEFT JOIN namespace t ON t.num = to_ns
    LEFT JOIN main.file AS file ON file.num = record.file
    WHERE source = ? AND since > ? AND record.num > ? ORDER BY record.num LIMIT ?"""
_AGAIN = """INSERT OR IGNORE INTO temp.again SELECT key, part, since FROM record
    WHERE source = ? AND since > (SELECT min(since) FROM record WHERE source = ?)"""
_WENT = """SELECT key, part, until, protected FROM record WHERE source = ? AND ended IS NOT NULL AND until > ?
    AND NOT EXISTS (SELECT 1 FROM temp.again a WHERE a.key = record.key AND a.part = record.part
    AND a.since = record.until)"""

_REMARKS = "SELECT {protected}, key, kind, reason, file, line FROM remark WHERE source = ? ORDER BY num"


@dataclass(frozen=True, slots=True)
class LakeExportResult:
    """What an export into a lake wrote."""

    target: str
    ledger: str
    """The graph's version in the SQLite file."""
    version: int
    """The version of the lake's table; the one of before where there was nothing new."""
    load: int
    """The number of the newest load."""
    sources: int
    events: int
    judgements: int
    resumed: int
    """How many files an interrupted export had completed."""
    protected: bool
    missing: tuple[str, ...]
    """Attached files that the lake lacks, because they are missing or changed in the store."""

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {"format": "lake", **asdict(self)}


def export_lake(workspace: Workspace, folder: str, *, protected: bool = False) -> LakeExportResult:
    """Write the ledger as events into a lake, which is made when absent; later exports add what has come since.

    It is one snapshot, and visible as a whole or not at all. What an interrupted export had completed is not written
    again. Raises InputError for protected facts without their scope, StoreError for a folder or a lake of another
    ledger, StoreBusy where somebody else wrote to the lake meanwhile.
    """
    from kg.lake.events import open_or_create

    if protected and not workspace.protected:
        raise InputError("protected facts are exported only in the protected scope; set KG_SCOPE=protected")
    if is_stream(folder):
        raise InputError("a lake has many files; expected the name of a folder")
    bring_up_to_date(workspace)
    with open_database(workspace) as connection:
        set_scope(connection, protected=protected)
        with read_transaction(connection):
            exported = _Export(connection, open_or_create(Path(folder)), workspace, protected).run()
    remember_activity(workspace, "export", f"lake to {folder}", protected=protected)
    return exported


class _Export:
    """One export of a moment of the ledger, as one scope sees it."""

    def __init__(self, connection: sqlite3.Connection, lake: Lake, workspace: Workspace, protected: bool) -> None:
        from kg.lake.events import Commit

        self._db, self._lake, self._workspace, self._protected = connection, lake, workspace, protected
        self._version = f"{get_meta(connection, 'ledger')}@{get_meta(connection, 'version')}"
        self._check_ledger()
        self._exported = lake.last_loads()
        columns = "num, name, namespace, title, invented"
        query = f"SELECT {columns}, {'protected' if protected else '0'} FROM source ORDER BY num"
        self._sources = connection.execute(query).fetchall()
        self._namespaces = dict(connection.execute("SELECT num, name FROM namespace").fetchall())
        self._commit: Commit = Commit(lake, [name for _, name, *_ in self._sources])
        self._resumed = self._events = 0

    def run(self) -> LakeExportResult:
        """Write and commit what is new."""
        state, missing = self._read_state(), self._keep_attachments()
        for source, name, *_ in self._sources:
            self._workspace.progress(f"exporting {name}", 0, None)
            self._write_source(source, name, state)
            self._write_remarks(source, name)
        others = [*self._source_events(), *self._load_events(), *self._judgement_events(), *self._status_events()]
        if others or self._events:
            self._commit.write_events(others)
            self._lake = self._commit.finish()
        (self._lake.folder / STAGING).unlink(missing_ok=True)
        return LakeExportResult(
            str(self._lake.folder),
            self._version,
            self._lake.version,
            self._lake.last_load(),
            len(self._sources),
            self._events,
            sum(made["kind"] == "judgement" for made in others),
            self._resumed,
            self._protected,
            missing,
        )

    def _keep_attachments(self) -> tuple[str, ...]:
        """Copy the attached files that the lake has not yet; returns what could not be copied, in words."""
        kept, known = lake_files(self._lake.folder), cited_digests(self._db)
        wanted = {d: p for d, p in known.items() if (self._protected or not p) and not kept.file(d).is_file()}
        problems = kept.add_missing(AttachmentFolder(self._workspace.attachments_folder), wanted)
        return tuple(problem.text(protected=self._protected) for problem in problems)

    def _check_ledger(self) -> None:
        """Raise StoreError for a lake of another ledger or scope, or one that has something this ledger has not."""
        status = self._lake.status()
        ledger, scope = get_meta(self._db, "ledger"), "protected" if self._protected else "open"
        if not status:
            return
        folder = self._lake.folder
        if status["ledger"] != ledger:
            raise StoreError(f"{folder} is the lake of another ledger; export into a new folder")
        if status["scope"] != scope:
            raise StoreError(f"{folder} has the {status['scope']} facts of this ledger; export into a new folder")
        if "own" in status:
            raise StoreError(f"{folder} has loads of its own; export into a new folder")
        known = {name for (name,) in self._db.execute("SELECT name FROM source")}
        if erased := sorted(self._lake.sources().keys() - known):
            raise StoreError(
                f"{folder} has a source that this ledger no longer has: {erased[0]};"
                f" kg lake withdraw {folder} {erased[0]} --erase removes it there too"
            )

    def _read_state(self) -> dict[str, Any]:
        """What an interrupted export of the same moment has completed; another one's files are removed."""
        path = self._lake.folder / STAGING
        expected = {"graph": self._version, "moment": self._commit.moment, "files": {}}
        try:
            state: dict[str, Any] = orjson.loads(path.read_bytes())
        except FileNotFoundError:
            return expected
        if {**state, "files": {}} == expected:
            return state
        for name in state.get("files", {}):
            self._path(name).unlink(missing_ok=True)
        path.unlink()
        return expected

    def _path(self, name: str) -> Path:
        from kg.lake.events import LEDGER_FOLDER

        return self._lake.folder / LEDGER_FOLDER / "kind=record" / name

    def _write_source(self, source: int, name: str, state: dict[str, Any]) -> None:
        """Write the events of a source since its last exported load, some files with a known end each."""
        after, last, done = self._exported.get(name, 0), 0, 0
        short = hashlib.sha256(name.encode()).hexdigest()[:12]
        while True:
            file = f"{self._commit.moment:010}-{short}-{done:05}.parquet"
            rows, last = self._write_file(file, name, state, self._came(source, name, after, last))
            done += 1
            if rows < ROWS_A_FILE:
                break
        if after or self._has_ended(source):
            self._write_file(
                f"{self._commit.moment:010}-{short}-went.parquet", name, state, self._went(source, name, after)
            )

    def _write_file(
        self, file: str, source: str, state: dict[str, Any], batches: Iterator[tuple[pa.RecordBatch, int]]
    ) -> tuple[int, int]:
        """Write a file unless it is complete, and note it; returns its rows and the number of its last record."""
        from kg.lake.events import EventFile

        known = state["files"].get(file)
        if known and self._path(file).is_file():
            self._commit.staged.append(EventFile("record", file, known["rows"], source))
            self._resumed += 1
            self._events += known["rows"]
            return known["rows"], known["last"]
        last = 0

        def made() -> Iterator[pa.RecordBatch]:
            nonlocal last
            for batch, number in batches:
                last = number
                yield batch

        first = next(taken := made(), None)
        if first is None:
            return 0, 0
        staged = self._commit.write("record", _chain(first, taken), source, file)
        state["files"][file] = {"rows": staged.rows, "last": last}
        write_atomically(self._lake.folder / STAGING, orjson.dumps(state))
        self._events += staged.rows
        return staged.rows, last

    def _came(self, source: int, name: str, after: int, last: int) -> Iterator[tuple[pa.RecordBatch, int]]:
        """Batches of what came, of one file, each with the number of its last record."""
        import pyarrow as pa

        from kg.lake.tables import EVENT_FIELDS

        namespace = self._namespace(source)
        with closing(self._db.execute(_CAME, (source, after, last, ROWS_A_FILE))) as cursor:
            while rows := cursor.fetchmany(_BATCH):
                nums, keys, parts, since, types, *ends, bodies, digests, merges, protected, files, lines = zip(
                    *rows, strict=True
                )
                same = [len(rows) * [value] for value in (name, namespace, True, self._commit.moment)]
                columns = [same[0], same[1], keys, parts, since, same[2], types, *ends, bodies, digests]
                columns += [list(map(bool, merges)), list(map(bool, protected)), files, lines, same[3]]
                arrays = [pa.array(list(c), f.type) for c, f in zip(columns, EVENT_FIELDS, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=EVENT_FIELDS), nums[-1]

    def _went(self, source: int, name: str, after: int) -> Iterator[tuple[pa.RecordBatch, int]]:
        """Batches of what went and was not replaced in the same load."""
        import pyarrow as pa

        from kg.lake.tables import EVENT_FIELDS

        self._db.execute("DROP TABLE IF EXISTS temp.again")
        self._db.execute("CREATE TEMP TABLE again (key, part, since, PRIMARY KEY (key, part, since)) WITHOUT ROWID")
        self._db.execute(_AGAIN, (source, source))
        shared = {"source": name, "namespace": self._namespace(source), "came": False, "moment": self._commit.moment}
        cursor = self._db.execute(_WENT, (source, after))
        while rows := cursor.fetchmany(_BATCH):
            events = [
                {**shared, "key": key, "part": part, "load": load, "protected": bool(protected)}
                for key, part, load, protected in rows
            ]
            yield pa.RecordBatch.from_pylist(events, schema=EVENT_FIELDS), 0

    def _write_remarks(self, source: int, name: str) -> None:
        """Write what is noted of a source's records after its last load, unless that is exported."""
        import pyarrow as pa

        from kg.lake.tables import EVENT_FIELDS, REMARK

        (load,) = self._db.execute("SELECT max(num) FROM load WHERE source = ?", (source,)).fetchone()
        if (load or 0) <= self._exported.get(name, 0):
            return
        shared = {"source": name, "namespace": self._namespace(source), "part": "", "load": load, "came": True}
        shared |= {"moment": self._commit.moment}
        columns = ("key", "type", "body", "file", "line")
        cursor = self._db.execute(_REMARKS.format(protected="protected" if self._protected else "0"), (source,))

        def batches() -> Iterator[pa.RecordBatch]:
            while rows := cursor.fetchmany(_BATCH):
                noted = [
                    {**shared, "protected": bool(protected), **dict(zip(columns, row, strict=True))}
                    for protected, *row in rows
                ]
                yield pa.RecordBatch.from_pylist(noted, schema=EVENT_FIELDS)

        if first := next(made := batches(), None):
            self._events += self._commit.write(REMARK, _chain(first, made), name).rows

    def _has_ended(self, source: int) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM record WHERE source = ? AND ended IS NOT NULL)"
        return bool(self._db.execute(query, (source,)).fetchone()[0])

    def _namespace(self, source: int) -> str:
        return str(self._namespaces[next(row[2] for row in self._sources if row[0] == source)])

    def _source_events(self) -> Iterator[dict[str, Any]]:
        from kg.lake.events import event
        from kg.lake.tables import SOURCE

        known = self._lake.sources()
        for _, name, namespace, title, invented, protected in self._sources:
            body = {"title": title, "invented": bool(invented), "protected": bool(protected)}
            before = known.get(name)
            if before is None or body != {key: getattr(before, key) for key in body}:
                yield event(SOURCE, name, name, self._exported.get(name, 0), body, self._namespaces[namespace])

    def _load_events(self) -> Iterator[dict[str, Any]]:
        from kg.lake.events import event
        from kg.lake.tables import LOAD

        names = {source: name for source, name, *_ in self._sources}
        cursor = self._db.execute("SELECT * FROM load ORDER BY num")
        columns = [column[0] for column in cursor.description]
        for row in cursor:
            body = dict(zip(columns, row, strict=True))
            number, name = body.pop("num"), names[body.pop("source")]
            if number > self._exported.get(name, 0):
                body = {**{f"open_{count}": body[count] for count in OPEN_COUNTS}, **body}
                yield event(LOAD, name, str(number), number, {**body, "files": orjson.loads(body["files"])})

    def _judgement_events(self) -> Iterator[dict[str, Any]]:
        """A judgement as it was made, confirmed and undone, each at the last load of the day."""
        from kg.lake.events import event
        from kg.lake.tables import JUDGEMENT

        days = self._db.execute("SELECT num, day FROM load ORDER BY num").fetchall()
        known = {judgement["number"]: judgement for judgement in self._lake.judgements()}
        for judgement in list_judgements(self._db, active_only=False):
            body = self._judgement_body(judgement)
            if known.get(judgement.number) == body:
                continue
            for day, state in _states(judgement):
                load = max((number for number, of_load in days if of_load <= day), default=0)
                yield event(JUDGEMENT, "", str(judgement.number), load, {**body, **state})

    def _judgement_body(self, judgement: Judgement) -> dict[str, Any]:
        (seen,) = self._db.execute("SELECT seen FROM judgement WHERE num = ?", (judgement.number,)).fetchone()
        ends = {"one_ns": judgement.one.namespace, "one_key": judgement.one.key}
        ends |= {"other_ns": judgement.other.namespace, "other_key": judgement.other.key}
        rest = {key: value for key, value in asdict(judgement).items() if key not in ("one", "other")}
        return {**rest, **ends, "seen": seen}

    def _status_events(self) -> Iterator[dict[str, Any]]:
        from kg.lake.events import event
        from kg.lake.tables import STATUS

        days = {name: find_meta(self._db, name) for name in (STATUS_DAY, f"open {STATUS_DAY}")}
        scope = "protected" if self._protected else "open"
        known = self._lake.status()
        for key, value in {"ledger": get_meta(self._db, "ledger"), "scope": scope, **days}.items():
            if known.get(key) != value:
                yield event(STATUS, "", key, self._lake.last_load(), value)


def _states(judgement: Judgement) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The days on which a judgement changed, and what it was then."""
    stands: dict[str, Any] = {"undone": "", "undone_by": "", "undone_why": "", "undone_user": ""}
    unconfirmed = {f"confirmed{name}": "" for name in ("", "_by", "_why", "_user")}
    if judgement.confirmed:
        yield judgement.day, {**stands, **unconfirmed, "waits": True}
        yield judgement.confirmed, stands
    else:
        yield judgement.day, stands
    if judgement.undone:
        yield judgement.undone, {}


def _chain(first: pa.RecordBatch, others: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from others
