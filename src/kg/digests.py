"""By which digest are two contents known to be the same?"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

_MODULUS = 1 << 256

RecordDigest = tuple[str, str, bytes]
"""Key, part and digest of a record."""


def record_digest(kind: str, ends: Sequence[str | None], body: str) -> bytes:
    """The digest of a record's content, 16 bytes: of its type, its four end texts (None for a node) and its body."""
    packed = "\x1f".join((kind, *map(str, ends))).encode("utf-8", "surrogatepass") + b"\x1e" + body.encode()
    return hashlib.blake2b(packed, digest_size=16).digest()


def content_digest(previous: str, added: Iterable[RecordDigest], removed: Iterable[RecordDigest]) -> str:
    """The digest of a source's records in force, 64 hex digits, from the `previous` digest (empty for none).

    It is the sum of the SHA-256 of every record's key, part and digest, modulo 2 to the 256: a load changes it by what
    it changes, and equal contents have equal digests in every store, whatever was loaded before. It detects
    mistakes; whoever chooses a source's records can make two contents with one digest.
    """
    total = int(previous or "0", 16) + sum(map(_record_integer, added)) - sum(map(_record_integer, removed))
    return format(total % _MODULUS, "064x")


def source_digest(connection: sqlite3.Connection, source: int, schema: str = "main.") -> str:
    """The same digest, computed from all records in force of a source (its number)."""
    query = f"SELECT key, part, digest FROM {schema}record WHERE source = ? AND until IS NULL"
    return content_digest("", connection.execute(query, (source,)), ())


def recompute_digests(connection: sqlite3.Connection) -> None:
    """Bring the digests of a store of format 2 to those of format 3.

    There a link's digest held the numbers of its ends' namespaces, which depend on the order of loads, and loads had
    none.
    """
    links = """SELECT record.num, type, tail.name, from_key, head.name, to_key, body FROM record
        JOIN namespace tail ON tail.num = from_ns JOIN namespace head ON head.num = to_ns"""
    for num, kind, *ends, body in connection.execute(links):
        connection.execute("UPDATE record SET digest = ? WHERE num = ?", (record_digest(kind, ends, body), num))
    for source, load in connection.execute("SELECT source, max(num) FROM load GROUP BY source").fetchall():
        row = (source_digest(connection, source), load)
        connection.execute("UPDATE load SET digest = ? WHERE num = ?", row)


def _record_integer(record: RecordDigest) -> int:
    key, part, digest = record
    packed = f"{key}\x1f{part}\x1e".encode("utf-8", "surrogatepass") + digest
    return int.from_bytes(hashlib.sha256(packed).digest(), "big")
