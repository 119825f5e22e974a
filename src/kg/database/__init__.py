"""How is the SQLite file opened, migrated and locked for writing?"""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from decimal import InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from kg.database.views import create_views, move_records
from kg.errors import StoreBusy, StoreDamaged, StoreError, StoreTooNew
from kg.records import JURISDICTION_NAMESPACE, link_number

APPLICATION_ID = 0x6B670001
"""Marks a SQLite file as a store of kg."""

SCHEMA_VERSION = 17
"""Raised also when the same ledger is projected otherwise than before."""

OLDEST_SCHEMA_VERSION = 6
"""The oldest format that can be migrated: that of the last release."""

SORTED_NODES = "sorted nodes"
"""The name under which `meta` keeps what `count_sorted_nodes` returns."""

OPEN_VERSION = "open version"
"""The name under which `meta` keeps how often the graph has changed for everybody."""

STATUS_DAY, OPEN_STATUS_DAY = "status day", "open status day"
"""The names under which `meta` keeps the day to which the graph has been brought without a load, for a scope each."""

NEXT_CHANGE, OPEN_NEXT_CHANGE = "next change", "open next change"
"""The names under which `meta` keeps the next day on which a paper begins or ends; nothing is kept where none does."""

DERIVED_ON, OPEN_DERIVED_ON = "derived on", "open derived on"
"""The names under which `meta` keeps the day as of which it was last derived who is sought."""

PIECE = "piece of a lake"
"""The name under which `meta` keeps, as JSON, of which lake a store is a piece, and what was cut off at its edge."""

OUTDATED = "of an older format"
"""What `meta` has as the ontology where the projection has to be made anew when the store is next used."""

COMPANIONS = ("-wal", "-journal", "-shm")
"""Endings of the names of files that SQLite keeps beside a store, which mean nothing without it."""

MIN_SQLITE = (3, 40, 0)
LOCK_TIMEOUT = 30.0
"""How many seconds a writer waits for another one before it gives up."""

_LOG_RETRY = 0.02
"""Seconds until it is tried again to turn the write-ahead log on."""

LOG_BYTES = 4 * 1024 * 1024
"""A write-ahead log that is longer is copied into the file after a commit, and made as short when it begins anew."""

SMALL_BYTES = LOG_BYTES
"""A file that is not larger may be filled without the log."""

WAL_RESET_FIXES = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The releases that repair the WAL-reset bug: the first one of all later lines, and one of each older line."""

WAL_RESET_WORDS = "has the WAL-reset bug, which kg avoids: it checkpoints only while it holds the writer's lock"

NOTHING_CHANGED = "nothing was changed"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_CUT_SHORT = {sqlite3.SQLITE_IOERR_SHORT_READ}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT}
_CAUSES = {
    sqlite3.SQLITE_IOERR: "the disk failed to read or write it",
    sqlite3.SQLITE_FULL: "there is no space left for it",
    sqlite3.SQLITE_READONLY: "it may not be written here",
    sqlite3.SQLITE_PERM: "it may not be opened here",
    sqlite3.SQLITE_CANTOPEN: "it, or a file beside it, cannot be opened",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_TOOBIG: "a value is too large for it",
    sqlite3.SQLITE_INTERRUPT: "it was interrupted",
}
"""What each kind of error means; those that are missing here are told in SQLite's own words."""

_JSON_NAMES: dict[type[Any], str] = {dict: "object", list: "array"}

HOW_TO_GO_ON = "`kg verify` says what is damaged, `kg restore FILE` puts a backup in its place"

_LEDGER = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE namespace (num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE source (
    num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, namespace INTEGER NOT NULL REFERENCES namespace,
    title TEXT NOT NULL, invented INTEGER NOT NULL, protected INTEGER NOT NULL DEFAULT 0);
CREATE TABLE load (
    num INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, kind TEXT NOT NULL, day TEXT NOT NULL,
    files TEXT NOT NULL, added INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
    set_aside INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '', links INTEGER NOT NULL DEFAULT 0,
    seen INTEGER, open_added INTEGER NOT NULL DEFAULT 0, open_changed INTEGER NOT NULL DEFAULT 0,
    open_unchanged INTEGER NOT NULL DEFAULT 0, open_withdrawn INTEGER NOT NULL DEFAULT 0,
    open_rejected INTEGER NOT NULL DEFAULT 0, open_set_aside INTEGER NOT NULL DEFAULT 0,
    open_digest TEXT NOT NULL DEFAULT '', open_links INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL DEFAULT '',
    user TEXT NOT NULL DEFAULT '', case_reference TEXT NOT NULL DEFAULT '');
CREATE TABLE file (num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE judgement (
    num INTEGER PRIMARY KEY, kind TEXT NOT NULL, one_ns INTEGER NOT NULL REFERENCES namespace, one_key TEXT NOT NULL,
    other_ns INTEGER NOT NULL REFERENCES namespace, other_key TEXT NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL,
    day TEXT NOT NULL, undone TEXT NOT NULL DEFAULT '', undone_by TEXT NOT NULL DEFAULT '',
    undone_why TEXT NOT NULL DEFAULT '', seen INTEGER, user TEXT NOT NULL DEFAULT '',
    undone_user TEXT NOT NULL DEFAULT '', waits INTEGER NOT NULL DEFAULT 0, confirmed TEXT NOT NULL DEFAULT '',
    confirmed_by TEXT NOT NULL DEFAULT '', confirmed_why TEXT NOT NULL DEFAULT '',
    confirmed_user TEXT NOT NULL DEFAULT '', ends TEXT NOT NULL DEFAULT '', open_ends TEXT NOT NULL DEFAULT '');
CREATE TABLE report (
    num INTEGER PRIMARY KEY, files TEXT NOT NULL, day TEXT NOT NULL, version INTEGER NOT NULL, sources TEXT NOT NULL);
CREATE TABLE activity (
    num INTEGER PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, user TEXT NOT NULL, what TEXT NOT NULL,
    protected INTEGER NOT NULL);
"""
"""`load.digest` is of the source's records in force after the load, and `load.links` how many of them are links.
`load.content` is a digest of the files and of how they were read; empty where none is known.
`user` is who did it: a name of the system or of KG_USER; empty where an older kg kept none. `file` and `line` of a
link's record say where it was read last; NULL where that is not known.
A judgement that `waits` has no effect until a second person confirms it. `judgement.ends` is a digest of what records
said of both nodes when it was made.

The columns named `open_` have the same of open records alone. `seen` is the number of a load or judgement as everybody
sees it; NULL if only the protected scope does."""

_RECORDS = """CREATE TABLE stored_record (
    num INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, key TEXT NOT NULL, part TEXT,
    kind INTEGER NOT NULL REFERENCES record_kind, from_key TEXT, to_key TEXT, body TEXT NOT NULL,
    said INTEGER REFERENCES provenance, digest BLOB NOT NULL, merges INTEGER NOT NULL,
    since INTEGER NOT NULL REFERENCES load, until INTEGER REFERENCES load, protected INTEGER NOT NULL DEFAULT 0,
    file INTEGER REFERENCES file, line INTEGER);
CREATE TABLE record_kind (
    num INTEGER PRIMARY KEY, type TEXT NOT NULL, from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL,
    UNIQUE (type, from_ns, to_ns));
CREATE TABLE provenance (
    num INTEGER PRIMARY KEY, source TEXT NOT NULL, said TEXT NOT NULL, before_key TEXT NOT NULL,
    after_key TEXT NOT NULL, UNIQUE (source, said));
"""
"""`part` is NULL where it is `from_key→to_key`, as in a link that a row states between two others: then no index sees
that there is one of the kind alone. `from_key` is empty where it is `key`. `record_kind` has 0 as the namespaces of a
node, which has no ends. `said` is the number of a record's provenance; where it is NULL, `body` has the
provenance too. `source` of a provenance is the name of one, and its texts are `kg.database.views.ProvenanceTexts`."""

_LINE_CACHE = """CREATE TABLE line_cache (
    num INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, day TEXT NOT NULL, digests BLOB NOT NULL,
    records BLOB NOT NULL, texts TEXT NOT NULL);
"""
"""What lines of a source gave in its last snapshot, as `kg.ledger.stage.line_cache` packs it. `day` is the first day on
which it holds."""

_SUGGESTIONS = """CREATE TABLE suggestion (
    one_ns INTEGER NOT NULL REFERENCES namespace, one_key TEXT NOT NULL,
    other_ns INTEGER NOT NULL REFERENCES namespace, other_key TEXT NOT NULL, protected INTEGER NOT NULL,
    bits REAL NOT NULL, probability REAL NOT NULL, band TEXT NOT NULL, evidence TEXT NOT NULL,
    rules_version TEXT NOT NULL, seen_first TEXT NOT NULL, seen_last TEXT NOT NULL, ends TEXT NOT NULL,
    PRIMARY KEY (one_ns, one_key, other_ns, other_key, protected)) WITHOUT ROWID;
"""
"""Pairs of names that may be of one: no record and no judgement, so in no digest, and made anew at will.

Each scope has its own: what the protected scope is told rests on more than everybody may see. `ends` is a digest of all
names of the two nodes when it was made."""

_REMARKS = """CREATE TABLE remark (
    num INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source, key TEXT NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, protected INTEGER NOT NULL);
"""
"""What was noted at the loads whose records are in force, and kept: `key` is that of the record, empty for a file as a
whole, and `kind` the reason without its value. In no digest."""

OPEN_COUNTS = ("added", "changed", "unchanged", "withdrawn", "rejected", "set_aside", "digest", "links")
"""The columns of `load` that have one named `open_` beside them."""

_RECORD_OF_NAME = """EXISTS (SELECT 1 FROM record r JOIN source s ON s.num = r.source WHERE r.from_key IS NULL
    AND s.namespace = {end}_ns AND r.key = {end}_key AND {which} r.protected)"""
_IS_HIDDEN = " OR ".join(
    _RECORD_OF_NAME.format(end=end, which="") + " AND NOT " + _RECORD_OF_NAME.format(end=end, which="NOT")
    for end in ("one", "other")
)
_OPEN_COLUMNS = ";\n".join(
    f"ALTER TABLE load ADD COLUMN open_{name} {'TEXT' if name == 'digest' else 'INTEGER'} NOT NULL"
    f" DEFAULT {repr('') if name == 'digest' else 0}"
    for name in OPEN_COUNTS
)
_TOKENS = "tokens, tokenize = 'ascii', content = ''"
NAME_INDEX = f"USING fts5({_TOKENS})"
"""The words of some names, with their positions."""

_STORED_NAME_INDEX = f"USING fts5({_TOKENS}, detail = none, columnsize = 0, prefix = '2 3 4')"
"""The words of names as `kg.names.indexed_words` has them, and their beginnings of 2 to 4 letters; few words share a
longer one. The words themselves follow from the node, and positions from no query: neither is kept."""

_NAMES = f"CREATE VIRTUAL TABLE name {_STORED_NAME_INDEX}"
_PROTECTED_NAMES = f"CREATE VIRTUAL TABLE protected_name {_STORED_NAME_INDEX}"
_PROTECTED_IDENTIFIERS = """CREATE TABLE protected_identifier (
    value TEXT NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (value, node)) WITHOUT ROWID"""
_MIGRATIONS = {
    6: f"""ALTER TABLE source ADD COLUMN protected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE load ADD COLUMN seen INTEGER;
{_OPEN_COLUMNS};
ALTER TABLE record ADD COLUMN protected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE judgement ADD COLUMN seen INTEGER;
UPDATE record SET protected = 1 WHERE json_extract(body, '$.said.handling') = 'protected';
UPDATE judgement SET seen = num WHERE NOT ({_IS_HIDDEN});
UPDATE judgement SET seen = num - (SELECT count(*) FROM judgement j WHERE j.seen IS NULL AND j.num < judgement.num)
    WHERE seen IS NOT NULL;
INSERT INTO meta SELECT 'open version', value FROM meta WHERE name = 'version';
""",
    7: "ALTER TABLE load ADD COLUMN content TEXT NOT NULL DEFAULT ''",
    9: """ALTER TABLE load ADD COLUMN user TEXT NOT NULL DEFAULT '';
ALTER TABLE load ADD COLUMN case_reference TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN file INTEGER REFERENCES file;
ALTER TABLE record ADD COLUMN line INTEGER;
CREATE TABLE file (num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
ALTER TABLE judgement ADD COLUMN user TEXT NOT NULL DEFAULT '';
ALTER TABLE judgement ADD COLUMN undone_user TEXT NOT NULL DEFAULT '';
CREATE TABLE activity (
    num INTEGER PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, user TEXT NOT NULL, what TEXT NOT NULL,
    protected INTEGER NOT NULL);
""",
    11: _SUGGESTIONS
    + """ALTER TABLE judgement ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE judgement ADD COLUMN confirmed TEXT NOT NULL DEFAULT '';
ALTER TABLE judgement ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE judgement ADD COLUMN confirmed_why TEXT NOT NULL DEFAULT '';
ALTER TABLE judgement ADD COLUMN confirmed_user TEXT NOT NULL DEFAULT '';
ALTER TABLE judgement ADD COLUMN ends TEXT NOT NULL DEFAULT '';
ALTER TABLE judgement ADD COLUMN open_ends TEXT NOT NULL DEFAULT '';
""",
    13: _REMARKS,
    14: _LINE_CACHE,
}
"""The statements that change the ledger of each older format to that of the next one; what is made from it, and the
tables of records, `_move_to_this_format` makes anew."""

_PROJECTION = f"""
CREATE TABLE stored_node (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, caption TEXT NOT NULL, record INTEGER, body TEXT,
    sought TEXT NOT NULL DEFAULT '[]', protected INTEGER NOT NULL, sought_protected TEXT NOT NULL DEFAULT '[]',
    caption_protected TEXT);
CREATE TABLE atom (key TEXT NOT NULL, ns INTEGER NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (key, ns)) WITHOUT ROWID;
CREATE TABLE redirect (id TEXT PRIMARY KEY, node INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE link_type (num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE stored_link (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL, type INTEGER NOT NULL REFERENCES link_type,
    tail INTEGER NOT NULL, head INTEGER NOT NULL, record INTEGER, body TEXT, protected INTEGER NOT NULL, derived TEXT,
    share_low REAL, share_high REAL, first_day INTEGER NOT NULL DEFAULT 0, last_day INTEGER NOT NULL DEFAULT 0,
    reliability INTEGER NOT NULL DEFAULT 6, interest INTEGER NOT NULL DEFAULT 0,
    credibility INTEGER NOT NULL DEFAULT 6);
CREATE TABLE waiting (
    key TEXT NOT NULL, ns INTEGER NOT NULL, link_ns INTEGER NOT NULL, link_key TEXT NOT NULL, link_part TEXT NOT NULL,
    scopes INTEGER NOT NULL DEFAULT 3, PRIMARY KEY (key, ns, link_ns, link_key, link_part)) WITHOUT ROWID;
CREATE TABLE identifier (
    value TEXT NOT NULL, property TEXT NOT NULL, node INTEGER NOT NULL, identifies INTEGER NOT NULL,
    sources TEXT NOT NULL);
{_NAMES};
{_PROTECTED_NAMES};
{_PROTECTED_IDENTIFIERS};
"""
"""`stored_node.record` is the record that alone states a node, word for word, and `body` is NULL then; else it is the
other way round. `stored_link.record` is one that states the link, NULL for a derived one; `body` is NULL where that
record alone states it, word for word. `stored_link.num` is one of those that `kg.records.link_number` gives: links lie
in the order of their ids, of which no index is needed, and whose order the links of a node have in an index.

`node.sought` and `link.protected` are as everybody sees them: a link to a protected node is protected too.
`node.sought_protected` is as the protected scope sees it, and so is `node.caption_protected`, which is NULL where it is
the same. `name` and `identifier` are of open records alone. The protected scope searches in two more tables:
`protected_name` has all words of nodes that protected records name, `protected_identifier` what only they state.
`waiting.scopes` adds up 1 if the link waits in the protected scope, and 2 if it waits for everybody."""

_HAS_UNREAD = "instr(body, '\"not_understood\":')"
"""The condition of SQL that a record has values that could not be read: `record.has_unread`."""

LEDGER_INDEXES = {
    "load_seen": "UNIQUE INDEX load_seen ON load (seen)",
    "record_protected": "INDEX record_protected ON stored_record (source) WHERE protected",
    "record_in_force": "UNIQUE INDEX record_in_force ON stored_record (source, key, part) WHERE until IS NULL",
    "record_ended": "INDEX record_ended ON stored_record (source, until) WHERE until IS NOT NULL",
    "record_unread": f"INDEX record_unread ON stored_record (source) WHERE until IS NULL AND {_HAS_UNREAD}",
    "remark_key": "INDEX remark_key ON remark (key)",
    "remark_source": "INDEX remark_source ON remark (source, kind)",
    "record_merges": "INDEX record_merges ON stored_record (merges) WHERE until IS NULL AND merges = 1",
    "source_namespace": "INDEX source_namespace ON source (namespace)",
    "suggestion_other": "INDEX suggestion_other ON suggestion (other_key, other_ns)",
}

PROJECTION_INDEXES = {
    "node_protected": "INDEX node_protected ON stored_node (num) WHERE protected",
    "node_id": "UNIQUE INDEX node_id ON stored_node (id)",
    "atom_node": "INDEX atom_node ON atom (node)",
    "redirect_node": "INDEX redirect_node ON redirect (node)",
    "link_tail": "INDEX link_tail ON stored_link (tail, type)",
    "link_head": "INDEX link_head ON stored_link (head, type)",
    "link_derived": "INDEX link_derived ON stored_link (derived) WHERE derived IS NOT NULL",
    "waiting_link": "INDEX waiting_link ON waiting (link_key, link_ns, link_part)",
    "identifier_value": "INDEX identifier_value ON identifier (value)",
    "identifier_node": "INDEX identifier_node ON identifier (node)",
    "protected_identifier_node": "INDEX protected_identifier_node ON protected_identifier (node)",
}
"""`link_tail` and `link_head` have the links of a node in the order in which they are paged: a page costs the same
whether the node has few links or many."""

SEARCH_INDEXES = ("name", "protected_name")
"""The indexes of search words."""

_MERGED_PARTS, _MERGED_AT_ONCE = 4, 16
"""As FTS5 has them where nothing is set."""

_MAX_PARTS = 1_000
"""FTS5 keeps at most twice as many."""

CACHES = ("suggestion", "line_cache")
"""The tables of what is made neither of records nor of judgements, and which may be empty at any time."""

PROJECTION_TABLES = (
    "stored_node",
    "atom",
    "redirect",
    "link_type",
    "stored_link",
    "waiting",
    "identifier",
    "protected_identifier",
)
"""What is made from the ledger, besides the indexes of search words."""


def connect(
    path: Path, *, create: bool = False, timeout: float = LOCK_TIMEOUT, shared: bool = False
) -> sqlite3.Connection:
    """Open the store at `path`, migrating an older one; `shared` is for threads that use it one after the other.

    Raises StoreError when there is none (unless `create`), when it is not ours, or when SQLite is too old or lacks
    FTS5; StoreTooNew when a newer kg wrote it; StoreBusy when another process holds the lock for over `wait` seconds.
    """
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        wanted = ".".join(map(str, MIN_SQLITE))
        raise StoreError(f"this Python has SQLite {sqlite3.sqlite_version}; kg needs {wanted} or later")
    if not create and not path.is_file():
        raise StoreError(f"there is no store at {path}; load something first, or set KG_STORE")
    if create:
        _ensure_folder(path)
    with translate_errors(path):
        connection = _open_in_place(path, timeout, shared=shared)
        try:
            _prepare(connection, path, create, timeout)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def scratch_database() -> Iterator[sqlite3.Connection]:
    """An empty database for the block: in memory while it is small, in a temporary file when it grows."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


@contextmanager
def write_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of the block, or nothing of it. Raises StoreBusy when another writer is at work."""
    _begin_writing(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException as error:
        with suppress(sqlite3.Error):  # where the disk fails, SQLite may have rolled it back
            connection.rollback()
        if isinstance(error, sqlite3.Error):
            raise to_store_error(error) from error
        raise
    _checkpoint_long_log(connection)


@contextmanager
def unlogged(connection: sqlite3.Connection) -> Iterator[None]:
    """For a block whose transaction fills a small file: pages are written into it, and not into a log first.

    A rollback journal keeps what the file had, so that an interrupted block changes nothing; who opens the store in the
    meantime waits. Where the file is not small, or another connection has it open, the block writes into the log.
    """
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * size > SMALL_BYTES:
        yield
        return
    with suppress(sqlite3.OperationalError):  # another connection has it open
        connection.execute("PRAGMA journal_mode = DELETE")
    try:
        yield
    finally:
        with suppress(sqlite3.OperationalError):  # it is in use; who opens the store next sets it
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA schema_version").fetchone()  # until it reads, it cannot copy its log


@contextmanager
def discarded_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction of which nothing stays. Raises StoreBusy when another writer is at work."""
    _begin_writing(connection)
    try:
        yield
    finally:
        connection.rollback()


class CheckpointResult(NamedTuple):
    """The outcome of copying the write-ahead log into the file."""

    is_complete: bool
    """Whether all of it is in the file: a new snapshot reads the file alone, and a writer may restart the log."""
    is_busy: bool
    """Whether another process is writing or copying, which may wait for snapshots that read the log."""


def checkpoint(path: Path, timeout: float = 0.0) -> CheckpointResult:
    """Copy the write-ahead log of the store at `path` into it, as far as no reader needs what it would overwrite.

    One connection holds the writer's lock while another copies: SQLite 3.7.0 to 3.51.2 may lose pages of the log when
    it copies beside a writer. So no connection copies by itself after a commit. The one that closes last does, but
    only while it holds the file for itself. Where it may not be written here, it is left to those who write it.
    """
    with ExitStack() as opened:
        writer, copier = (opened.enter_context(closing(_connect_existing(path, timeout=timeout))) for _ in range(2))
        for connection in (writer, copier):
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("PRAGMA synchronous = FULL")
        try:
            writer.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            is_busy = isinstance(translated := to_store_error(error, path), StoreBusy)
            if is_busy or error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                return CheckpointResult(is_complete=False, is_busy=is_busy)
            raise translated from error
        busy, pages, copied = copier.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        writer.rollback()
        return CheckpointResult(not busy and pages == copied, bool(busy))


def log_path(path: Path) -> Path:
    """Where the write-ahead log of the store at `path` is."""
    return path.with_name(f"{path.name}-wal")


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite reports about the store at `path` in the block as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise to_store_error(error, path) from error
    except InvalidOperation as error:  # what is loaded has been read as a number before
        raise StoreDamaged(f"{path}: the store is damaged: a number in it is none; {HOW_TO_GO_ON}") from error
    except UnicodeDecodeError as error:  # in the words of an error of SQLite, which Python decodes
        raise StoreDamaged(f"{path}: the store is damaged: a name in it is not UTF-8; {HOW_TO_GO_ON}") from error


def read_json(text: str | bytes, kind: type[Any] = dict) -> Any:
    """What a text of the store says, which is JSON of a kind unless the store is damaged. Raises StoreDamaged."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, kind):
        raise StoreDamaged(f"the store is damaged: a text in it is no JSON {_JSON_NAMES[kind]}; {HOW_TO_GO_ON}")
    return value


@contextmanager
def read_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One read transaction, so that several statements see the same graph."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


@contextmanager
def detect_writes(path: Path) -> Iterator[Callable[[], bool]]:
    """For the block, a function that says whether the store at `path` was written to, or created, since it began."""
    if not path.is_file():
        yield path.is_file
        return
    with closing(_connect_existing(path, "ro")) as connection:
        with translate_errors(path):
            before = data_version(connection)
        yield lambda: data_version(connection) != before


def data_version(connection: sqlite3.Connection) -> int:
    """Changes whenever another connection commits."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def to_store_error(error: sqlite3.Error, path: Path | None = None, consequence: str = NOTHING_CHANGED) -> StoreError:
    """The error to raise for one of SQLite, told by its code and never by its words."""
    where = f"{path}: " if path else ""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite3.OperationalError):  # Python's own, which shows the text
        return StoreDamaged(f"{where}the store is damaged: a text in it is not UTF-8; {HOW_TO_GO_ON}", consequence)
    code = sqlite3.SQLITE_ERROR if code is None else code
    kind = code & 0xFF
    told = f"{error}, {getattr(error, 'sqlite_errorname', 'no code')}"
    if code in _CUT_SHORT:
        return StoreDamaged(f"{where}the store is cut short ({told}); {HOW_TO_GO_ON}", consequence)
    if kind in _BUSY:
        return StoreBusy(f"{where}another process is writing; try again when it is done")
    if kind == sqlite3.SQLITE_NOTADB:
        return StoreDamaged(f"{where}not a usable SQLite file ({told}); {HOW_TO_GO_ON}", consequence)
    if kind in _DAMAGED:
        return StoreDamaged(f"{where}not a usable SQLite file: it is damaged ({told}); {HOW_TO_GO_ON}", consequence)
    if kind in _CAUSES:
        return StoreError(f"{where}{_CAUSES[kind]} ({told})", consequence)
    return StoreError(f"{where}{error}", consequence)


def has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether a checkpoint beside a writer may lose pages of the log: SQLite 3.7.0 to 3.51.2, but for repaired ones."""
    newest, *older = WAL_RESET_FIXES
    return (3, 7, 0) <= version < newest and not any(fix <= version < (*fix[:2], 1000) for fix in older)


def describe_sqlite() -> str:
    """Which SQLite runs, in one line."""
    return f"SQLite {sqlite3.sqlite_version}{', which ' + WAL_RESET_WORDS if has_wal_reset_bug() else ''}"


def get_meta(connection: sqlite3.Connection, name: str) -> str:
    """A value of the `meta` table. Raises KeyError."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise KeyError(name)
    return str(row[0])


def find_meta(connection: sqlite3.Connection, name: str) -> str:
    """A value of the `meta` table; empty if there is none."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def raise_version(connection: sqlite3.Connection, name: str = "version", above: int = 0) -> int:
    """Give the graph of a scope, by the name of its number in `meta`, the next number, and one above `above`."""
    number = max(int(get_meta(connection, name)), above) + 1
    set_meta(connection, name, str(number))
    return number


def set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Write a value of the `meta` table."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


_NUMBERS = tuple((table, column) for table in ("load", "judgement") for column in ("num", "seen"))


def keep_numbers(connection: sqlite3.Connection) -> None:
    """Remember the highest numbers of loads and judgements, before some are removed: no number is given twice.

    What was compared with a load by its number would else take a later one for it.
    """
    for table, column in _NUMBERS:
        highest = connection.execute(f"SELECT {next_number(table, column)} - 1").fetchone()[0]
        set_meta(connection, f"last {table}.{column}", str(highest))


def next_number(table: str, column: str) -> str:
    """The SQL of the next number of a load or judgement."""
    used, removed = (
        f"SELECT max({column}) FROM {table}",
        f"SELECT value + 0 FROM meta WHERE name = 'last {table}.{column}'",
    )
    return f"(SELECT max(coalesce(({used}), 0), coalesce(({removed}), 0)) + 1)"


def count_sorted_nodes(connection: sqlite3.Connection) -> int:
    """Up to which number nodes are numbered in the order of their ids; nodes added later have higher numbers.

    A search for a frequent word can stop at the first matches among them, instead of sorting all matches by id.
    """
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (SORTED_NODES,)).fetchone()
    return int(row[0]) if row else 0


def create_indexes(connection: sqlite3.Connection, indexes: dict[str, str]) -> None:
    """Create those of `indexes` that are missing."""
    for text in indexes.values():
        connection.execute("CREATE " + text.replace("INDEX ", "INDEX IF NOT EXISTS main.", 1))


def drop_indexes(connection: sqlite3.Connection, indexes: dict[str, str]) -> None:
    """Drop `indexes` of the main database, and of no attached one, for a load that sorts first and indexes after."""
    for name in indexes:
        connection.execute(f"DROP INDEX IF EXISTS main.{name}")


def merge_search_indexes(connection: sqlite3.Connection) -> None:
    """Merge the parts of the indexes of search words: a word is looked up in one part then, instead of in each."""
    for index in SEARCH_INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


@contextmanager
def bulk_filled_search_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """For a block that fills the indexes of search words, which are empty before: their parts are merged after it."""
    _merge_search_indexes_from(connection, 0, _MAX_PARTS)
    yield
    merge_search_indexes(connection)
    _merge_search_indexes_from(connection, _MERGED_PARTS, _MERGED_AT_ONCE)


def _merge_search_indexes_from(connection: sqlite3.Connection, parts: int, most: int) -> None:
    """From how many parts on FTS5 merges some of them while it writes (0: not), and at how many all at once."""
    for index in SEARCH_INDEXES:
        for setting, value in (("automerge", parts), ("crisismerge", most)):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES (?, ?)", (setting, value))


def create_caches(connection: sqlite3.Connection) -> None:
    """Create the empty tables of `CACHES`."""
    for text in _split_statements(_SUGGESTIONS + _LINE_CACHE):
        connection.execute(text)


_DECLARED = """SELECT t.type || ' ' || t.name, c.name FROM {0}.sqlite_master t, pragma_table_info(t.name, '{0}') c
    WHERE t.type = 'table' UNION ALL SELECT type || ' ' || name, sql FROM {0}.sqlite_master WHERE type = 'view'"""


def changed_declarations(connection: sqlite3.Connection, schema: str = "main") -> tuple[str, ...]:
    """The tables and views that a store of this format has otherwise, or not at all."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        _create(new)
        declared = set(new.execute(_DECLARED.format("main")))
    return tuple(sorted({name for name, _ in declared.difference(connection.execute(_DECLARED.format(schema)))}))


def create_projection(connection: sqlite3.Connection) -> None:
    """Create the empty tables of a projection."""
    for text in _split_statements(_PROJECTION):
        connection.execute(text)


def _begin_writing(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise to_store_error(error) from None


def _open_in_place(path: Path, timeout: float, *, shared: bool) -> sqlite3.Connection:
    """A connection to the file that is at `path`, and not to one that a restore replaced while it was opened."""
    while True:
        before = _file_identity(path)
        connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=not shared)
        try:
            connection.execute("PRAGMA schema_version").fetchone()  # takes a lock, which a restore respects
        except BaseException:
            connection.close()
            raise
        if before is None or _file_identity(path) == before:
            return connection
        connection.close()


def _file_identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _ensure_folder(path: Path) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder; expected a SQLite file, or none yet")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: its folder cannot be made ({error.strerror}); nothing was changed") from None


def _prepare(connection: sqlite3.Connection, path: Path, create: bool, timeout: float) -> None:
    with read_transaction(connection):  # one moment of the file: another process may be making it
        empty = not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        ours = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if empty and not create:
        raise StoreError(f"{path} holds no graph; load something first")
    if not empty and ours != APPLICATION_ID:
        raise StoreError(f"{path} is a SQLite file of another program; nothing was changed")
    if version > SCHEMA_VERSION:
        raise StoreTooNew(f"{path} was written by a newer kg (format {version}; this one reads up to {SCHEMA_VERSION})")
    if not empty and version < OLDEST_SCHEMA_VERSION:
        raise StoreError(
            f"{path} was written by an older kg (format {version}; this one reads {OLDEST_SCHEMA_VERSION} and later); "
            "open it once with a kg between the two, or load its sources into a new store; nothing was changed"
        )
    _use_log(connection, timeout)
    _set_pragmas(connection)
    add_functions(connection)
    if empty:
        _create(connection)
    elif version < SCHEMA_VERSION:
        _migrate(connection)


def add_functions(connection: sqlite3.Connection) -> None:
    """Let SQL use `link_number`."""
    connection.create_function("link_number", 1, link_number, deterministic=True)


def _use_log(connection: sqlite3.Connection, timeout: float) -> None:
    """Turn the write-ahead log on, once no other process fills the file without it (`unlogged`) or turns it on too."""
    end = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:  # SQLite itself does not wait where two want to write
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > end:
                raise
            time.sleep(_LOG_RETRY)
        else:
            return


def _set_pragmas(connection: sqlite3.Connection) -> None:
    for pragma in (
        "synchronous = FULL",  # a load that was said to be done outlives a power failure
        "wal_autocheckpoint = 0",  # see `checkpoint`
        f"journal_size_limit = {LOG_BYTES}",
        "foreign_keys = OFF",
        "temp_store = FILE",
        "cache_size = -65536",
        "mmap_size = 0",  # in a map, a file that is cut short ends the process
    ):
        connection.execute(f"PRAGMA {pragma}")
    if not connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone():
        raise StoreError("this Python's SQLite lacks FTS5, which search needs")


def _create(connection: sqlite3.Connection) -> None:
    with write_transaction(connection):
        if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            return  # another process created it while this one waited
        for statement in _split_statements(_LEDGER + _RECORDS + _REMARKS):
            connection.execute(statement)
        create_caches(connection)
        create_projection(connection)
        create_views(connection)
        create_indexes(connection, LEDGER_INDEXES)
        create_indexes(connection, PROJECTION_INDEXES)
        connection.execute("INSERT INTO namespace (name) VALUES (?)", (JURISDICTION_NAMESPACE,))
        for name, value in (("ledger", str(uuid.uuid4())), ("version", "0"), (OPEN_VERSION, "0"), ("ontology", "")):
            set_meta(connection, name, value)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring an older store to this format, in one transaction. If it has to be, the next use builds its projection."""
    with write_transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return  # another process was faster
        for older in range(version, SCHEMA_VERSION):
            for statement in _split_statements(_MIGRATIONS.get(older, "")):
                connection.execute(statement)
        _move_to_this_format(connection)
        create_indexes(connection, LEDGER_INDEXES)
        create_indexes(connection, PROJECTION_INDEXES)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _move_to_this_format(connection: sqlite3.Connection) -> None:
    """Bring the records of an older format to the tables of this one; what follows from them is made anew when used."""
    kinds = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"))
    for name in ("link", "node", *PROJECTION_TABLES, *SEARCH_INDEXES):
        if name in kinds:
            connection.execute(f"DROP {kinds[name]} {name}")
    moved = [name for name in ("stored_record", "provenance") if name in kinds]
    for name in moved:  # what the view `record` shows
        connection.execute(f"ALTER TABLE {name} RENAME TO older_{name}")
    for statement in _split_statements(_RECORDS):
        connection.execute(statement)
    move_records(connection)
    connection.execute(f"DROP {kinds['record']} record")
    for name in moved:
        connection.execute(f"DROP TABLE older_{name}")
    create_projection(connection)
    create_views(connection)
    set_meta(connection, "ontology", OUTDATED)


def _connect_existing(path: Path, mode: str = "rw", timeout: float = LOCK_TIMEOUT) -> sqlite3.Connection:
    """A connection to a file that has to be there, as it is: no setting of ours, and no migration."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=timeout, isolation_level=None, uri=True)


def _checkpoint_long_log(connection: sqlite3.Connection) -> None:
    """Copy the log into the file if it has grown long. What fails here is tried again after the next commit."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    with suppress(OSError, sqlite3.Error, StoreError):
        if path and log_path(Path(path)).stat().st_size > LOG_BYTES:
            checkpoint(Path(path))


def _split_statements(text: str) -> list[str]:
    return [s for part in text.split(";\n") if (s := part.strip())]
