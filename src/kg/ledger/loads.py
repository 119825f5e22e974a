"""Make the staged records of a load the source's records in force."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import orjson

from kg.database import LEDGER_INDEXES, create_indexes, drop_indexes, keep_numbers, next_number, read_json
from kg.database.scopes import scope
from kg.database.views import STORED_COLUMNS, add_kinds, stored_columns
from kg.errors import InputError, InputLocation, expect_source
from kg.findings.counts import plural
from kg.ledger.projection.joined_nodes import JoinedNodes
from kg.ledger.projection.staged_graph import StagedRecords
from kg.ledger.remarks import forget_remarks
from kg.ledger.rules.content_digest import content_digest
from kg.ledger.stage.line_cache import LineCache, forget_lines, number_records
from kg.ledger.stage.numbers import NamespaceNumbers
from kg.ledger.stage.repeated_rows import RepeatedRecord
from kg.ledger.stage.table import StageCounts, has_records, index_stage
from kg.ontology import Ontology
from kg.records import JURISDICTION_NAMESPACE

FEW_WITHDRAWN, MANY_WITHDRAWN, SHARE_WITHDRAWN = 3, 20, 0.5
"""A snapshot that withdraws many records, and a larger share of its source's than that, is refused unless it may
replace them: a register loses a few per cent between two exports, and what loses half was cut short, filtered or is
another part. So is one that withdraws more than a few, where its files have other names or few new records came for
those that went. Of fewer, and where rows were corrected so that they have other keys, people see what is gone."""

_COLUMNS = "key, said, digest, merges, protected, file"


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """One load of one source.

    A snapshot is complete: whatever the source said before and does not say here is withdrawn. A delta brings whole
    rows and takes back those that it names, one after the other, so that the last word on a row counts; other rows
    stay.
    """

    source: str
    namespace: str
    title: str
    invented: bool
    files: tuple[str, ...]
    day: str
    """Day of the load, UTC."""
    delta: bool = False
    content: str = ""
    """A digest of the files and of how they are read; empty if it is not known."""
    user: str = ""
    """Who loads."""
    case_reference: str = ""
    """The case that it is for; empty for none."""
    may_replace: bool = True
    """Whether a snapshot may withdraw most of what its source says, or leave nothing of it though its files have other
    names; refused otherwise, since it is likelier to be cut short, or another part of the source."""


@dataclass(frozen=True, slots=True)
class ReplacedLoad:
    """The newest load before a snapshot in which nothing of it remains, and how many records were in force."""

    number: int
    files: tuple[str, ...]
    records: int


class EarlierLoad(NamedTuple):
    """A load of a source: its number and the names of its files."""

    number: int
    files: tuple[str, ...]


class RejectExample(NamedTuple):
    """A row or value that was rejected: its place, and the reason with the value."""

    file: str
    line: int
    cell: str
    reason: str
    is_advice: bool = False
    """As `Reject.is_advice`."""


@dataclass(slots=True)
class LoadResult:
    """What a load did, in records; `rejected` counts rows, `set_aside` single values."""

    source: str
    day: str = ""
    same_as: int = 0
    """The number of the load that brought the same files, so that nothing was loaded; else 0."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: int = 0
    set_aside: int = 0
    remarks: int = 0
    """Remarks on values that are kept as they are; they are not among those set aside."""
    repeated: int = 0
    """Records that repeat another one, besides those of equal rows."""
    equal_rows: int = 0
    """Rows that are equal to another one and count once."""
    repeats: tuple[RepeatedRecord, ...] = ()
    """The first equal rows, and the first other records that are repeated."""
    equal_events: int = 0
    """Links with money whose row is equal to another one without being the same event."""
    nodes: int = 0
    """Records about nodes, of those in force after the load."""
    links: int = 0
    """Records about links, of those in force after the load."""
    waiting: int = 0
    """Links of the whole graph with an end that no record describes yet."""
    waiting_for_reference: int = 0
    """How many of them lead to a jurisdiction, while the reference facts, which describe them, are not loaded."""
    digest: str = ""
    """Of the source's records in force after the load."""
    replaced: ReplacedLoad | None = None
    """The newest load before, where this snapshot has nothing of what the source said until then."""
    joined: JoinedNodes = field(default_factory=JoinedNodes)
    """The nodes that it made of several records because a source names a referent of them."""
    rejects_file: str = ""
    unread_files: list[str] = field(default_factory=list)
    """Names of files in the given folders and archives that nothing reads."""
    copies: dict[str, str] = field(default_factory=dict)
    """Files that were left out, being equal to another one of the load, with its name."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why rows and values were rejected, with counts."""
    examples: dict[str, list[RejectExample]] = field(default_factory=dict)
    """By reason, the first rows rejected for it."""
    mendable: int = 0
    """Rejects of rows of sheets, which a workbook gives back to be mended."""
    left_out_records: int = 0
    """Records of the files for the protected scope alone, which the counts leave out; who loads them has them."""
    left_out_rejects: int = 0
    """Rejects of such rows; their reasons are told as well, and they are in the file of rejects."""
    unmapped: dict[str, int] = field(default_factory=dict)
    """Properties that the ontology has no place for, kept under the source's own names: `Type.property` to records."""
    not_understood: dict[str, int] = field(default_factory=dict)
    """Values that could not be read and stay with their records: `Type.property` to values, as in `SourceInfo`."""
    fraction_shares: dict[str, str] = field(default_factory=dict)
    """Shares of which all are at most 1, so that they may be fractions: `Type.property` to one of them."""
    small_shares: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Shares below 1 beside larger ones, some of which may be fractions: `Type.property` to their number and one."""
    negative_amounts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Amounts of links that are below zero, of how many, where any are: by `Type.property`."""

    def count_staged(self, counts: StageCounts) -> None:
        """Take over what was counted while records were staged."""
        self.equal_events, self.unmapped, self.not_understood, self.negative_amounts = counts[:4]
        self.fraction_shares, self.small_shares = counts[4:]

    @property
    def total_changed(self) -> int:
        """How many records were added, withdrawn or changed."""
        return self.added + self.changed + self.withdrawn


COUNTS = ("added", "changed", "unchanged", "withdrawn", "rejected", "set_aside", "digest", "links")
"""The columns of a load that its result has too."""


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """One load or withdrawal as the ledger keeps it; counts are of records, but `rejected` of rows."""

    number: int
    source: str
    kind: str
    day: str
    files: tuple[str, ...]
    added: int
    changed: int
    unchanged: int
    withdrawn: int
    rejected: int
    set_aside: int
    digest: str
    """Of the source's records in force afterwards, by `kg.ledger.digests`; empty where an older kg wrote none."""
    user: str = ""
    """Who loaded; empty where an older kg kept nobody."""
    case_reference: str = ""


class AppliedLoad(NamedTuple):
    """What is left to do after a load."""

    is_seen: bool
    """Whether everybody sees that the load happened: nobody sees a source before the first load that does not bring
    protected records alone."""
    staged: StagedRecords | None
    """The staged records, where the source has no others; their table is still there."""


def stated_in_force(connection: sqlite3.Connection, source: str, key: str, *, protected: bool) -> str:
    """The newest day on which a source stated what is in force under a key; empty where none is known."""
    query = """SELECT max(r.body ->> '$.said.stated') FROM record r JOIN source s ON s.num = r.source
        WHERE r.key = ? AND s.name = ? AND r.until IS NULL AND r.protected <= ?"""
    return str(connection.execute(query, (key, source, protected)).fetchone()[0] or "")


def apply_load(
    connection: sqlite3.Connection, request: LoadRequest, results: tuple[LoadResult, LoadResult], lines: LineCache
) -> AppliedLoad:
    """Make the staged records the source's records in force; what they replace stays in the ledger, ended.

    What kept `lines` gave stays in force. The second of `results` gets the counts of open records. Afterwards the
    temporary table `touched` names every record that came or went.
    Raises InputError for a snapshot that takes rows back or replaces them.
    """
    deleted = connection.execute("SELECT key FROM temp.deleted LIMIT 1").fetchone()
    if deleted and not request.delta:
        problem = "is changed, not stated, which only a delta can do; load it with --delta"
        raise InputError(problem, InputLocation(key=deleted[0]))
    result, open_result = results
    source = get_or_create_source(connection, request)
    load = _new_load(connection, source, "delta" if request.delta else "snapshot", request)
    reset_touched_records(connection)
    connection.execute("DROP TABLE IF EXISTS temp.known")
    connection.execute("CREATE TEMP TABLE known (stage INTEGER PRIMARY KEY, record INTEGER NOT NULL)")
    is_first, kept = not has_records(connection, request.source), 0
    if not is_first:
        index_stage(connection)
        kept = lines.stage_others() if lines.has_kept else 0
        joined = _DELTA if request.delta else _OTHERS if kept else _SNAPSHOT
        _match_staged_records(connection, source, load, joined, result)
    is_known = "num IN (SELECT stage FROM temp.known)"
    query = f"SELECT count(*), total(protected), total({is_known} AND NOT protected) FROM temp.stage"
    total, hidden, open_unchanged = map(int, connection.execute(query).fetchone())
    result.unchanged, open_result.unchanged = result.unchanged + kept, open_unchanged + kept
    open_result.left_out_records = hidden
    if not hidden or hidden < total + kept:
        connection.execute("UPDATE source SET protected = 0 WHERE num = ? AND protected", (source,))
    offset = _insert_staged(connection, source, load, result, as_staged=is_first)
    if lines.outcomes.sizes or kept:
        numbers = number_records(connection, offset, lines.outcomes.last_row, as_staged=is_first)
        lines.save(source, numbers)
    elif not request.delta:
        forget_lines(connection, source)
    is_seen = _finish_load(connection, load, source, result, open_result)
    staged = StagedRecords(request.source, request.namespace, offset) if is_first else None
    return AppliedLoad(is_seen, staged)


def earlier_loads(connection: sqlite3.Connection, source: str) -> list[EarlierLoad]:
    """The loads of a source, without withdrawals, as the connection's scope sees them, the newest first."""
    query = """SELECT load.num, load.files FROM load JOIN source s ON s.num = load.source
        WHERE s.name = ? AND load.kind <> 'withdrawal' ORDER BY load.num DESC"""
    return [EarlierLoad(num, tuple(read_json(files, list))) for num, files in connection.execute(query, (source,))]


class PaymentTurnover(NamedTuple):
    """How many payments of a source a load withdrew, left or changed, and brought."""

    gone: int = 0
    stay: int = 0
    """Up to `gone`, beyond which it does not matter."""
    came: int = 0
    again: int = 0
    """How many records went with the rows of payments that came again under other keys, as where a column was filled
    in; these payments stay."""

    @property
    def is_other_part(self) -> bool:
        """Whether others came for most of them, as with the statement of another month."""
        return self.gone > FEW_WITHDRAWN and bool(self.came) and self.stay < self.gone

    def without_again(self, went: Iterable[StoredRecord], came: Iterable[StoredRecord]) -> PaymentTurnover:
        """The same, where a payment with the ends, the amount and the day of one that went is that one.

        `went` are the records of rows of which no payment is there any more, `came` the payments that were not there.
        """
        new, keys, counts = Counter(map(_payment_facts, came)), Counter[str](), Counter[str]()
        for record in went:
            counts[record.key] += 1
            if (facts := _payment_facts(record)) and new[facts] > 0:
                new[facts] -= 1
                keys[record.key] += 1
        same = keys.total()
        return PaymentTurnover(self.gone - same, self.stay + same, self.came - same, sum(counts[key] for key in keys))


class StoredRecord(NamedTuple):
    """A record of a link or node as it is stored; a node's has no ends."""

    key: str
    from_key: str | None
    to_key: str | None
    body: str


STORED_RECORD = ", ".join(f"r.{name}" for name in StoredRecord._fields)
"""The columns of a stored record `r`."""


def _payment_facts(record: StoredRecord) -> tuple[object, ...]:
    """Between whom, how much and when, in the words of the source; empty where it does not say how much and when."""
    said = read_json(record.body).get("properties", {}) if record.from_key else {}
    if not (said.get("amount") and said.get("date")):
        return ()
    ends = ("" if end == record.key else end for end in (record.from_key, record.to_key))  # one that is not named
    return (*ends, *map(tuple, (said["amount"], said["date"])))


def payment_turnover(
    connection: sqlite3.Connection, source: str, payments: Collection[str], *, protected: bool
) -> PaymentTurnover:
    """What the newest load, of this source, did to its payments; `payments` are the types of links that are such.

    `protected` says whether protected ones count.
    """
    newest = "(SELECT max(num) FROM main.load)"
    chosen = f"type IN ({', '.join('?' * len(payments))}) AND protected <= ?"
    values = (*payments, protected)
    query = f"""SELECT total(went AND NOT came), total(went AND came), total(came AND NOT went) FROM (
        SELECT max(coalesce(until = {newest}, 0)) AS went, max(since = {newest}) AS came FROM main.record
        WHERE num IN (SELECT record FROM temp.touched) AND {chosen} GROUP BY key, part)"""
    gone, changed, came = map(int, connection.execute(query, values).fetchone())
    if gone <= FEW_WITHDRAWN:
        return PaymentTurnover(gone, changed, came)
    stays = f"""SELECT count(*) FROM (SELECT 1 FROM main.record
        WHERE source = (SELECT num FROM main.source WHERE name = ?)
        AND until IS NULL AND since < {newest} AND {chosen} LIMIT ?)"""
    (stay,) = connection.execute(stays, (source, *values, gone)).fetchone()
    touched = f"SELECT {STORED_RECORD} FROM temp.touched JOIN main.record r ON r.num = touched.record WHERE"
    other = """NOT EXISTS (SELECT 1 FROM main.record o JOIN temp.touched t ON t.record = o.num
        WHERE o.key = r.key AND o.part = r.part AND (o.until IS NULL) <> (r.until IS NULL))"""
    went = connection.execute(f"{touched} r.until IS NOT NULL AND protected <= ? AND {other}", (protected,))
    new = connection.execute(f"{touched} r.until IS NULL AND {chosen} AND {other}", values)
    return PaymentTurnover(gone, changed + stay, came).without_again(
        map(StoredRecord._make, went), map(StoredRecord._make, new)
    )


def find_replaced(
    result: LoadResult,
    files: Sequence[str],
    earlier: Sequence[EarlierLoad],
    payments: PaymentTurnover,
    *,
    may_replace: bool,
) -> ReplacedLoad | None:
    """The newest of the earlier loads, if a snapshot of some files has nothing of what its source said until then.

    `result` has what came and went, `payments` what of it are payments. Raises InputError where the snapshot may not
    replace it, because its files have other names than all those before, or may not withdraw so much of what the source
    says; also where others came for most of its payments.
    """
    before, went = result.withdrawn + result.changed + result.unchanged, result.withdrawn - payments.again
    if not went or not earlier:
        return None
    replaced = ReplacedLoad(earlier[0].number, earlier[0].files, went)
    is_all = before == went
    are_others = set(files).isdisjoint(chain.from_iterable(load.files for load in earlier))
    is_cut = are_others or result.added - payments.again < went * SHARE_WITHDRAWN
    is_most = went > before * SHARE_WITHDRAWN and went > (FEW_WITHDRAWN if is_cut else MANY_WITHDRAWN)
    is_refused = (is_all and are_others) or is_most
    if (is_refused or payments.is_other_part) and not may_replace:
        problem = _why_refused(", ".join(files), replaced, before, None if is_refused else payments)
        raise InputError(problem, InputLocation(key="--source", value=result.source))
    return replaced if is_all else None


def _why_refused(files: str, replaced: ReplacedLoad, before: int, payments: PaymentTurnover | None) -> str:
    shown = f"(load {replaced.number}: {', '.join(replaced.files)})"
    if payments:
        most, none = f"most of its payments ({payments.gone:,}) are not", f"none of its {payments.gone:,} payments is"
        return (
            f"{most if payments.stay else none} in {files}, which has others {shown}, and a load is all "
            "that its source says; nothing was loaded. If it is another part, such as another month, load the files "
            "together, or these under another --source; to replace what was there, give --replace"
        )
    if replaced.records == before:
        return (
            f"nothing of its {plural(before, 'records')} {shown} is in {files}, and a load is all that its source says"
            "; to keep both, load the files together, or these under another --source; to replace what was there, give "
            "--replace"
        )
    return (
        f"{replaced.records:,} of its {before:,} records {shown} are not in {files}, and a load withdraws what its "
        "files no longer have; nothing was loaded. If a file was cut short or filtered, load it whole; if it has "
        "changes only, load it with `kg load --delta`; to withdraw them, give --replace"
    )


def apply_withdrawal(
    connection: sqlite3.Connection, name: str, day: str, user: str = "", *, protected: bool
) -> tuple[LoadResult, LoadResult, bool]:
    """End every record of a source; they stay in the ledger. Raises NotFound.

    Returns what it did, what everybody sees of that, and whether everybody sees it at all.
    """
    with scope(connection, protected=protected):
        source = find_source(connection, name)
    result, open_result = LoadResult(name, day=day), LoadResult(name, day=day)
    request = LoadRequest(name, "", "", invented=False, files=(), day=day, user=user)
    load = _new_load(connection, source, "withdrawal", request)
    reset_touched_records(connection)
    forget_lines(connection, source)
    in_force = "SELECT num FROM record WHERE source = ? AND until IS NULL"
    result.withdrawn = _end_records(connection, load, in_force, (source,))
    forget_remarks(connection, source)
    is_seen = _finish_load(connection, load, source, result, open_result)
    return result, open_result, is_seen


def count_records_in_force(connection: sqlite3.Connection, source: int | None = None) -> int:
    """How many records of a source, or of all, are in force: from the counts of loads, without counting records."""
    query = "SELECT coalesce(sum(added - withdrawn), 0) FROM load WHERE ?1 IS NULL OR source = ?1"
    return int(connection.execute(query, (source,)).fetchone()[0])


def list_loads(connection: sqlite3.Connection) -> list[LoadEntry]:
    """Every load and withdrawal, oldest first."""
    rows = connection.execute(
        """SELECT load.num, s.name, load.kind, load.day, load.files, load.added, load.changed, load.unchanged,
        load.withdrawn, load.rejected, load.set_aside, load.digest, load.user, load.case_reference
        FROM load JOIN source s ON s.num = load.source ORDER BY load.num"""
    )
    return [
        LoadEntry(num, name, kind, day, tuple(read_json(files, list)), *counts)
        for num, name, kind, day, files, *counts in rows
    ]


def newest_content(connection: sqlite3.Connection, source: str) -> tuple[int, str]:
    """The number and the content digest of a source's newest load or withdrawal; 0 and empty if there is none."""
    query = """SELECT load.num, load.content FROM load JOIN source s ON s.num = load.source WHERE s.name = ?
        ORDER BY load.num DESC LIMIT 1"""
    found = connection.execute(query, (source,)).fetchone()
    return (int(found[0]), str(found[1])) if found else (0, "")


def find_source(connection: sqlite3.Connection, name: str) -> int:
    """The number of a source. Raises NotFound naming the sources there are."""
    known = dict(connection.execute("SELECT name, num FROM source"))
    expect_source(name, known)
    return int(known[name])


def get_or_create_source(connection: sqlite3.Connection, request: LoadRequest) -> int:
    """The number of the request's source, made at its first load. Raises InputError when its namespace changes."""
    if request.namespace == JURISDICTION_NAMESPACE:
        raise InputError(f"the namespace {JURISDICTION_NAMESPACE!r} is for curated keys; give the source another one")
    namespace = NamespaceNumbers(connection).number(request.namespace)
    query = """SELECT s.num, n.num, n.name FROM source s JOIN namespace n ON n.num = s.namespace WHERE s.name = ?"""
    row = connection.execute(query, (request.source,)).fetchone()
    if row is None:
        insert = "INSERT INTO source (name, namespace, title, invented, protected) VALUES (?, ?, ?, ?, 1)"
        values = (request.source, namespace, request.title, request.invented)
        return int(connection.execute(insert, values).lastrowid or 0)
    source, before, former = row
    if before != namespace:
        raise InputError(
            f"source {request.source!r} was loaded with namespace {former!r}; it cannot become {request.namespace!r} "
            "unless it is withdrawn and loaded under another name"
        )
    update = "UPDATE source SET title = ?, invented = ? WHERE num = ?"
    connection.execute(update, (request.title, request.invented, source))
    return int(source)


def _new_load(connection: sqlite3.Connection, source: int, kind: str, request: LoadRequest) -> int:
    number = next_number("load", "num")
    columns = "num, source, kind, day, files, content, user, case_reference"
    insert = f"INSERT INTO load ({columns}) VALUES ({number}, ?, ?, ?, ?, ?, ?, ?)"
    files = orjson.dumps(list(request.files)).decode()
    values = (source, kind, request.day, files, request.content, request.user, request.case_reference)
    return int(connection.execute(insert, values).lastrowid or 0)


def reset_touched_records(connection: sqlite3.Connection) -> None:
    """Create the temporary table `touched` anew: numbers of the records that were added or ended."""
    connection.execute("DROP TABLE IF EXISTS temp.touched")
    connection.execute("CREATE TEMP TABLE touched (record INTEGER PRIMARY KEY)")


_WITH_STAGE = "record LEFT JOIN temp.stage AS s ON s.key = record.key AND s.part = record.part WHERE"
_SNAPSHOT = f"{_WITH_STAGE} record.source = ? AND record.until IS NULL"
"""All records in force of a source: a snapshot answers for all rows."""
_OTHERS = f"temp.loose CROSS JOIN {_WITH_STAGE} record.num = loose.record AND record.source = ?"
"""Those of which no line is known, where lines were kept."""
_DELTA = f"""(SELECT key FROM temp.stage UNION SELECT key FROM temp.deleted) AS named CROSS JOIN {_WITH_STAGE}
    record.source = ? AND record.until IS NULL AND record.key = named.key"""
"""Those that a delta names."""


def _match_staged_records(
    connection: sqlite3.Connection, source: int, load: int, joined: str, result: LoadResult
) -> None:
    """End the records that the stage replaces or lacks; `known` gets the staged records that the ledger has already."""
    connection.execute("DROP TABLE IF EXISTS temp.matched")
    connection.execute(
        f"""CREATE TEMP TABLE matched AS SELECT record.num AS record, s.num AS stage, s.digest IS record.digest AS same
        FROM {joined}""",
        (source,),
    )
    query = "SELECT count(*) FROM temp.matched WHERE NOT same AND stage IS NOT NULL"
    result.changed = connection.execute(query).fetchone()[0]
    ended_count = _end_records(connection, load, "SELECT record FROM temp.matched WHERE NOT same")
    result.withdrawn = ended_count - result.changed
    connection.execute(
        """UPDATE stored_record AS record SET file = s.file, line = s.line
        FROM temp.matched m JOIN temp.stage s ON s.num = m.stage
        WHERE record.num = m.record AND m.same AND s.file IS NOT NULL AND record.line IS NOT s.line
        AND EXISTS (SELECT 1 FROM waiting w WHERE w.link_key = s.key AND w.link_part = s.part)"""
    )  # where an unresolved link is now; others are found by their key
    known = "INSERT INTO temp.known SELECT stage, record FROM temp.matched WHERE same ORDER BY stage"
    result.unchanged = connection.execute(known).rowcount
    connection.execute("DROP TABLE temp.matched")


def _end_records(connection: sqlite3.Connection, load: int, which: str, values: tuple[object, ...] = ()) -> int:
    count = connection.execute(f"INSERT INTO temp.touched {which}", values).rowcount
    connection.execute("UPDATE stored_record SET until = ? WHERE num IN (SELECT record FROM temp.touched)", (load,))
    return count


def _insert_staged(
    connection: sqlite3.Connection, source: int, load: int, result: LoadResult, *, as_staged: bool
) -> int:
    """Write the staged records that the ledger does not have; returns the highest number of a record before.

    If all are written `as_staged`, each gets its number in the stage, and that one added.
    """
    before = int(connection.execute("SELECT coalesce(max(num), 0) FROM stored_record").fetchone()[0])
    if as_staged and before < connection.execute("SELECT count(*) FROM temp.stage").fetchone()[0]:
        drop_indexes(connection, LEDGER_INDEXES)
    number, rows = "NULL", "num NOT IN (SELECT stage FROM temp.known) ORDER BY key, part"
    if as_staged:
        number, rows = "num + :before", "1 ORDER BY num"
    add_kinds(connection, "temp.stage")
    inserted = connection.execute(
        f"""INSERT INTO stored_record (num, source, since, {STORED_COLUMNS}, {_COLUMNS}, line)
            SELECT {number}, :source, :load, {stored_columns("stage")}, {_COLUMNS}, iif(file IS NULL, NULL, line)
            FROM temp.stage WHERE {rows}""",
        {"before": before, "source": source, "load": load},
    ).rowcount
    create_indexes(connection, LEDGER_INDEXES)
    connection.execute("INSERT INTO temp.touched SELECT num FROM stored_record WHERE num > ?", (before,))
    result.added = inserted - result.changed
    return before


def _finish_load(
    connection: sqlite3.Connection, load: int, source: int, result: LoadResult, open_result: LoadResult
) -> bool:
    """Write the counts of a load, for the protected scope and for everybody; returns whether everybody sees it."""
    _update_source_digest(connection, load, source, result)
    is_hidden = connection.execute("SELECT protected FROM source WHERE num = ?", (source,)).fetchone()[0]
    if not is_hidden:
        _count_open(connection, load, source, result, open_result)
    values = [getattr(one, c) for one in (result, open_result) for c in COUNTS]
    columns = [f"{prefix}{c} = ?" for prefix in ("", "open_") for c in COUNTS]
    seen = "NULL" if is_hidden else next_number("load", "seen")
    connection.execute(f"UPDATE load SET {', '.join(columns)}, seen = {seen} WHERE num = ?", (*values, load))
    result.nodes = count_records_in_force(connection, source) - result.links
    with scope(connection, protected=False):
        open_result.nodes = count_records_in_force(connection, source) - open_result.links
    return not is_hidden


_TOUCHED = "FROM record WHERE num IN (SELECT record FROM temp.touched)"
_CAME, _WENT = f"{_TOUCHED} AND until IS NULL", f"{_TOUCHED} AND until IS NOT NULL"


def _count_open(
    connection: sqlite3.Connection, load: int, source: int, result: LoadResult, open_result: LoadResult
) -> None:
    """Count the open records that came and went, as if there were no others."""
    hidden = connection.execute("SELECT 1 FROM record WHERE source = ? AND protected LIMIT 1", (source,)).fetchone()
    if not hidden:  # most often, so that it has to be fast
        for name in ("added", "changed", "withdrawn", "digest", "links"):
            setattr(open_result, name, getattr(result, name))
        return
    came, went = (connection.execute(f"SELECT count(*) {w} AND NOT protected").fetchone()[0] for w in (_CAME, _WENT))
    both = f"SELECT key, part {_CAME} AND NOT protected INTERSECT SELECT key, part {_WENT} AND NOT protected"
    open_result.changed = connection.execute(f"SELECT count(*) FROM ({both})").fetchone()[0]
    open_result.added, open_result.withdrawn = came - open_result.changed, went - open_result.changed
    _update_source_digest(connection, load, source, open_result, "open_", "AND NOT protected")


def _update_source_digest(
    connection: sqlite3.Connection, load: int, source: int, result: LoadResult, prefix: str = "", which: str = ""
) -> None:
    """Compute digest and number of links from those before the load and from what was added and ended."""
    columns = f"{prefix}digest, {prefix}links"
    query = f"SELECT {columns} FROM load WHERE source = ? AND num < ? ORDER BY num DESC LIMIT 1"
    digest, links = connection.execute(query, (source, load)).fetchone() or ("", 0)
    came, went = f"{_CAME} {which}", f"{_WENT} {which}"
    said = [connection.execute(f"SELECT key, part, digest {rows}") for rows in (came, went)]
    result.digest = content_digest(digest, *said)
    more, fewer = (connection.execute(f"SELECT count(from_key) {rows}").fetchone()[0] for rows in (came, went))
    result.links = links + more - fewer


def count_open_records(connection: sqlite3.Connection, ontology: Ontology) -> None:
    """Mark the protected records of a store of an older format or ontology, and count the open ones of each load."""
    types = orjson.dumps(sorted(ontology.protected_links)).decode()
    is_protected = "(type IN (SELECT value FROM json_each(?)) OR json_extract(body, '$.said.handling') IS 'protected')"
    connection.execute(
        f"""UPDATE stored_record SET protected = found.is_protected
        FROM (SELECT num, {is_protected} AS is_protected FROM record) found
        WHERE stored_record.num = found.num AND protected <> found.is_protected""",
        (types,),
    )
    keep_numbers(connection)
    connection.execute("UPDATE source SET protected = 1")
    connection.execute("UPDATE load SET seen = NULL, open_digest = '', open_links = 0")
    query = f"SELECT num, source, {', '.join(COUNTS)} FROM load ORDER BY num"
    for load, source, *counts in connection.execute(query).fetchall():
        of_load = "source = ?1 AND (since = ?2 OR until = ?2)"
        rows = connection.execute(
            f"""SELECT key, part, digest, protected, since = ?2, from_key IS NOT NULL FROM record
            WHERE {of_load} AND since <= ?2 ORDER BY num""",
            (source, load),
        ).fetchall()
        if not rows or not all(protected for *_, protected, came, _ in rows if came):
            connection.execute("UPDATE source SET protected = 0 WHERE num = ?", (source,))
        if connection.execute("SELECT protected FROM source WHERE num = ?", (source,)).fetchone()[0]:
            continue
        result = LoadResult("", **dict(zip(COUNTS, counts, strict=True)))
        came, went = ([row for row in rows if not row[3] and row[4] == side] for side in (1, 0))
        before = "SELECT open_digest, open_links FROM load WHERE source = ? AND num < ? ORDER BY num DESC LIMIT 1"
        digest, links = connection.execute(before, (source, load)).fetchone() or ("", 0)
        hidden = connection.execute("SELECT 1 FROM record WHERE source = ? AND protected LIMIT 1", (source,)).fetchone()
        if hidden:
            result.changed = len({row[:2] for row in came} & {row[:2] for row in went})
            result.added, result.withdrawn = len(came) - result.changed, len(went) - result.changed
            in_force = "source = ? AND NOT protected AND since < ? AND (until IS NULL OR until > ?)"
            kept = connection.execute(f"SELECT count(*) FROM record WHERE {in_force}", (source, load, load)).fetchone()[
                0
            ]
            result.unchanged = min(result.unchanged, kept)
            result.digest = content_digest(digest, (row[:3] for row in came), (row[:3] for row in went))
            result.links = links + sum(row[5] for row in came) - sum(row[5] for row in went)
        columns = ", ".join(f"open_{c} = ?" for c in COUNTS)
        seen = "(SELECT coalesce(max(seen), 0) + 1 FROM load)"
        values = [getattr(result, c) for c in COUNTS]
        connection.execute(f"UPDATE load SET {columns}, seen = {seen} WHERE num = ?", (*values, load))
