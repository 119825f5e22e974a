"""The digests of a record and of the records of a source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

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
    return format(total % (1 << 256), "064x")


def _record_integer(record: RecordDigest) -> int:
    key, part, digest = record
    packed = f"{key}\x1f{part}\x1e".encode("utf-8", "surrogatepass") + digest
    return int.from_bytes(hashlib.sha256(packed).digest(), "big")
