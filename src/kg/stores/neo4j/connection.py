"""A connection to a Neo4j, with retries while the server does not answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import AuthError, DatabaseError, DriverError, IncompleteCommit, Neo4jError
from neo4j.time import Date

from kg.errors import KgError, OutOfTime, StoreBusy, StoreError
from kg.stores.neo4j_address import Neo4jAddress

FIRST_RETRY_PAUSE, LONGEST_RETRY_PAUSE = 0.1, 4.0
"""Seconds between attempts; each pause doubles the one before."""

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what goes wrong is said once, by us

Parameters = Mapping[str, Any]
Rows = list[dict[str, Any]]
Result = TypeVar("Result")


class Neo4jConnection:
    """A connection to one database. It retries for `retry_seconds` while the server does not answer."""

    def __init__(self, address: Neo4jAddress, retry_seconds: float = 30.0) -> None:
        self.address = address
        self._retry_seconds = retry_seconds
        auth = (address.user, address.password) if address.password else None
        options: dict[str, Any] = {"notifications_min_severity": "OFF", "connection_timeout": 10, "user_agent": "kg"}
        try:
            self._driver = neo4j.GraphDatabase.driver(address.uri, auth=auth, **options)
        except (DriverError, Neo4jError, ValueError) as error:
            raise to_kg_error(error, address) from error

    def __enter__(self) -> Neo4jConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def read(self, text: str, parameters: Parameters | None = None) -> Rows:
        """The rows of a query that only reads."""

        def read(session: neo4j.Session) -> Rows:
            return [dict(r) for r in session.run(text, dict(parameters or {}))]

        return self._with_retries(read, neo4j.READ_ACCESS)

    def query(
        self, text: str, parameters: Parameters, seconds: float, limit: int | None = None
    ) -> tuple[list[str], list[list[Any]]]:
        """Columns and at most `limit` rows of a user's query; further rows are never fetched.

        It cannot write, and the server ends it after so many seconds. Raises OutOfTime then.
        """

        def read(session: neo4j.Session) -> tuple[list[str], list[list[Any]]]:
            result = session.run(neo4j.Query(text, timeout=seconds), dict(parameters))
            return list(result.keys()), [record.values() for record in islice(result, limit)]

        try:
            return self._with_retries(read, neo4j.READ_ACCESS)
        except OutOfTime:
            ended = f"the Neo4j at {self.address} ended the query, which took over {seconds:g} seconds"
            raise OutOfTime(ended) from None

    def write(self, text: str, parameters: Parameters | None = None) -> Rows:
        """Run one statement that may write, in a transaction of its own. Running it twice must do no harm."""
        return self.write_all([(text, parameters or {})])

    def write_all(self, statements: list[tuple[str, Parameters]]) -> Rows:
        """Run statements in one transaction; the rows of the last. Running them twice must do no harm."""

        def write(session: neo4j.Session) -> Rows:
            with session.begin_transaction() as transaction:
                rows: Rows = []
                for text, parameters in statements:
                    rows = [dict(r) for r in transaction.run(text, dict(parameters))]
                    if not rows and text.startswith(MUST_RETURN_ROW):
                        raise StoreBusy(f"another kg is bringing {self.address} up to date; try again when it is done")
                transaction.commit()
                return rows

        return self._with_retries(write, neo4j.WRITE_ACCESS)

    def _with_retries(self, work: Callable[[neo4j.Session], Result], access: str) -> Result:
        """Retry with growing pauses while the error is transient."""
        pause, until = FIRST_RETRY_PAUSE, time.monotonic() + self._retry_seconds
        while True:
            try:
                with self._driver.session(database=self.address.database, default_access_mode=access) as session:
                    return work(session)
            except (DriverError, Neo4jError) as error:
                # After a lost commit the outcome is unknown, so statements may be sent twice.
                is_transient = error.is_retryable() or isinstance(error, IncompleteCommit)
                if not is_transient or time.monotonic() + pause > until:
                    raise to_kg_error(error, self.address) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY_PAUSE)


MUST_RETURN_ROW = "// must return a row"
"""Begins a statement that has to return a row; without one, the transaction is rolled back."""


TIMED_OUT = ("TransactionTimedOutClientConfiguration", "TransactionTimedOut")
"""The end of an error code that says that a query exceeded the time limit of kg or of the server."""


FAULT_ADVICE = "(Look at the space on its disk and at its logs, restart it, and try again: kg sends what is missing.)"
"""What helps when the server itself has a fault, such as a full disk; it answers nothing until a restart then."""


def to_native(value: Any) -> Any:
    """A value of the driver as a Python value."""
    return value.to_native() if isinstance(value, Date) else value


def to_kg_error(error: Exception, address: Neo4jAddress) -> KgError:
    """The error to raise for one of the driver or of the server."""
    if isinstance(error, AuthError):
        return StoreError(f"{address} refuses the user {address.user!r}; set KG_NEO4J_USER and KG_NEO4J_PASSWORD")
    if isinstance(error, Neo4jError) and str(error.code).endswith(TIMED_OUT):
        return OutOfTime(f"the Neo4j at {address} ended the query: it took longer than allowed")
    text = " ".join(str(getattr(error, "message", None) or error).split())
    if isinstance(error, DriverError):
        return StoreError(f"the Neo4j at {address} does not answer ({text[:200]})")
    if isinstance(error, DatabaseError):
        return StoreError(f"the Neo4j at {address} failed: {text[:300]} {FAULT_ADVICE}")
    return StoreError(f"the Neo4j at {address} refuses: {text[:300]}")
