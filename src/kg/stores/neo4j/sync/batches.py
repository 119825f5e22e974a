"""Send rows in batches, one transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from kg.stores.neo4j.connection import Neo4jConnection, Parameters

MAX_ROWS = 10_000
"""The maximum of rows in a transaction. Each is one node or link, so no hub makes a transaction too large."""

MAX_BYTES = 8 * 2**20
"""The maximum of bytes in a transaction, roughly; unsent rows may have three times as many."""

_MAX_PENDING = 2
"""How many transactions may run or be queued while the next rows are made."""


class BatchSender:
    """Collects rows by the statement that takes them, and sends each full batch as one transaction, in order.

    Rows are made by the caller's thread while the server works on those before.
    """

    def __init__(self, neo4j: Neo4jConnection, guard: tuple[str, Parameters]) -> None:
        self._neo4j, self._guard = neo4j, guard
        self._rows: dict[str, list[Any]] = {}
        self._parameters: dict[str, Mapping[str, Any]] = {}
        self._weight: dict[str, int] = {}
        self._pool = ThreadPoolExecutor(1, "kg-neo4j")
        self._pending: list[Future[None]] = []
        self._failed = False

    def __enter__(self) -> BatchSender:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def add(self, text: str, row: Any, weight: int = 100, **parameters: Any) -> None:
        """Add a row to the batch of a statement whose parameter `rows` takes it; `parameters` are the others."""
        self._rows.setdefault(text, []).append(row)
        self._parameters.setdefault(text, parameters)
        self._weight[text] = self._weight.get(text, 0) + weight
        if len(self._rows[text]) >= MAX_ROWS or self._weight[text] >= MAX_BYTES:
            self._send(text)
        elif sum(self._weight.values()) >= 3 * MAX_BYTES:
            self._send(max(self._weight, key=lambda t: self._weight[t]))

    def flush(self) -> None:
        """Send all collected rows and wait until they have arrived."""
        for text in list(self._rows):
            self._send(text)
        self._wait(0)

    def _send(self, text: str) -> None:
        rows, parameters = self._rows.pop(text), self._parameters.pop(text)
        self._weight.pop(text)
        self._wait(_MAX_PENDING - 1)
        self._pending.append(self._pool.submit(self._send_in_order, text, {"rows": rows, **parameters}))

    def _send_in_order(self, text: str, parameters: Mapping[str, Any]) -> None:
        """Send a batch, unless an earlier one failed: batches arrive in order."""
        if not self._failed:
            self._failed = True
            self._write_batch(text, parameters)
            self._failed = False

    def _write_batch(self, text: str, parameters: Mapping[str, Any]) -> None:
        self._neo4j.write_all([self._guard, (text, parameters)])

    def _wait(self, most: int) -> None:
        while len(self._pending) > most:
            self._pending.pop(0).result()
