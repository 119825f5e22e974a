"""What moves the rows of a lake: an engine sorts, joins and hands rows to the steps, and knows nothing of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from kg.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.lake.steps import Step

ENGINES = ("duckdb", "spark", "sail")


def sql_text(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def sql_texts(texts: Iterable[str]) -> str:
    """Texts as a list of SQL, for `IN`."""
    return ", ".join(map(sql_text, texts))


class Engine(Protocol):
    """One run of an engine. Names of views are those of tables in the SQL that it is given."""

    parts: int
    """Into how many parts grouped rows are divided."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def read(self, name: str, files: Sequence[str], schema: pa.Schema) -> None:
        """A view of Parquet files, of none too."""
        ...

    def table(self, name: str, table: pa.Table) -> None:
        """A view of a small table."""
        ...

    def view(self, name: str, query: str) -> None:
        """A view of a query."""
        ...

    def keep(self, name: str, query: str) -> None:
        """A view of the rows of a query, which is run once; whoever joins it knows its size."""
        ...

    def mapped(self, name: str, query: str, step: Step) -> None:
        """A view of what a step makes of any rows of a query."""
        ...

    def grouped(self, name: str, query: str, keys: Sequence[str], step: Step) -> None:
        """A view of what a step makes of the rows of a query, of which one worker gets all with the same keys."""
        ...

    def rows(self, query: str) -> pa.Table:
        """The rows of a query that has few."""
        ...

    def write(self, query: str, folder: Path, schema: pa.Schema) -> int:
        """Write the rows of a query as Parquet files into a folder that is not there; returns how many."""
        ...


def open_engine(name: str, scratch: Path, parts: int, master: str = "", memory: str = "") -> Engine:
    """An engine by name, with a folder that all of its workers reach. Raises InputError."""
    if name == "duckdb":
        from kg.lake.engines.duckdb import DuckDbEngine

        if master:
            raise InputError("DuckDB runs in this process; --master is for spark and sail")
        return DuckDbEngine(scratch, parts, memory)
    if name in ("spark", "sail"):
        from kg.lake.engines.spark import SparkEngine

        return SparkEngine(scratch, parts, master, memory, is_sail=name == "sail")
    raise InputError(f"engine {name!r}: expected one of {', '.join(ENGINES)}")
