"""The graph as canonical lines, and the digests of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from kg.ledger.rules.merge import canonical_json

_MODULUS = 1 << 256


def node_line(row: Sequence[Any], sought: Sequence[str], body: dict[str, Any], *, protected: bool) -> bytes:
    """A node (its id, type and caption) as a canonical JSON line, as one scope sees it."""
    node, node_type, caption = row
    line = {"id": node, "type": node_type, "caption": caption, "sought": sought}
    return canonical_json({**line, **body, "node_protected": protected}).encode()


def link_line(row: Sequence[Any], body: dict[str, Any], *, protected: bool) -> bytes:
    """A link (its id, its type, and the ids of its ends) as a canonical JSON line, as one scope sees it."""
    link, link_type, tail, head = row
    line = {"id": link, "type": link_type, "from": tail, "to": head, "link_protected": protected}
    return canonical_json({**line, **body}).encode()


class GraphSum:
    """The sum of the SHA-256 of a graph's lines modulo 2 to the 256, which does not depend on their order.

    Parts of a graph are summed apart and their sums added. Like the digest of a source's records, it detects mistakes;
    it is no proof against somebody who chooses the records.
    """

    def __init__(self, total: int | str = 0) -> None:
        self._total = int(total, 16) if isinstance(total, str) else total

    def add(self, line: bytes) -> None:
        """Add a line."""
        self._total += int.from_bytes(hashlib.sha256(line).digest())

    def merge(self, other: GraphSum) -> None:
        """Add the sum of another part of the graph."""
        self._total += other._total

    def remove(self, other: GraphSum) -> None:
        """Take away the sum of a part of the graph."""
        self._total -= other._total

    def hexdigest(self) -> str:
        """The sum as 64 hex digits."""
        return format(self._total % _MODULUS, "064x")


def digest_and_sum(lines: Iterable[bytes]) -> tuple[str, str]:
    """SHA-256 of the lines in their order, each with a line end, and their sum in any order: 64 hex digits each."""
    digest, total = hashlib.sha256(), GraphSum()
    for line in lines:
        digest.update(line + b"\n")
        total.add(line)
    return digest.hexdigest(), total.hexdigest()
