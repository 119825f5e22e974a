"""DuckDB, in this process: between one SQLite file and a cluster. What does not fit into memory goes to disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import StoreError
from kg.files import new_file
from kg.lake.engines import sql_text, sql_texts

if TYPE_CHECKING:
    from kg.lake.steps import Step

DEFAULT_MEMORY = "1GB"
SMALL_BYTES = 1_000_000
"""Of less than so many bytes of files, what a view has is kept: to ask views of views again takes far longer."""
_ROW_GROUP = 50_000


class DuckDbEngine:
    """One connection to a database in memory, which spills into the scratch folder."""

    def __init__(self, scratch: Path, parts: int, memory: str = "") -> None:
        self.parts = parts
        self._scratch = scratch
        self._view_kind = ""
        self._db = duckdb.connect()
        for name, value in (
            ("memory_limit", memory or DEFAULT_MEMORY),
            ("temp_directory", str(scratch / "spilled")),
            ("preserve_insertion_order", "false"),  # no step relies on an order
            ("threads", "2"),
        ):
            self._db.execute(f"SET {name} = '{value}'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if isinstance(error, duckdb.Error):
            first = str(error).splitlines()[0]
            raise StoreError(f"DuckDB could not go on: {first}", "give it more --memory or --parts, or a larger disk")

    def read(self, name: str, files: Sequence[str], schema: pa.Schema) -> None:
        """A view of Parquet files, of none too."""
        if not self._view_kind:  # a run begins with the largest that it reads
            size = sum(Path(file).stat().st_size for file in files)
            self._view_kind = "TABLE" if size < SMALL_BYTES else "VIEW"
        if not files:
            self.table(name, schema.empty_table())
            return
        listed = sql_texts(files)
        self.view(name, f"SELECT * FROM read_parquet([{listed}], hive_partitioning = false)")

    def table(self, name: str, table: pa.Table) -> None:
        """A view of a small table."""
        self._db.register(name, table)

    def view(self, name: str, query: str) -> None:
        """A view of a query."""
        self._db.execute(f"CREATE OR REPLACE {self._view_kind} {name} AS {query}")

    def keep(self, name: str, query: str) -> None:
        """A view of the rows of a query, which is run once; whoever joins it knows its size."""
        self._db.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def mapped(self, name: str, query: str, step: Step) -> None:
        """A view of what a step makes of any rows of a query."""
        reader = self._db.sql(query).to_arrow_reader(_ROW_GROUP)
        made = (batch for rows in reader for batch in step.function(pa.Table.from_batches([rows])))
        self.read(name, [str(self._write(f"{name}.parquet", made, step.schema))], step.schema)

    def grouped(self, name: str, query: str, keys: Sequence[str], step: Step) -> None:
        """A view of what a step makes of the rows of a query, of which one worker gets all with the same keys."""
        if self.parts == 1:
            batches = step.function(self.rows(query))
            self.read(name, [str(self._write(f"{name}.parquet", batches, step.schema))], step.schema)
            return
        shuffled = self._scratch / f"{name}.shuffled"
        bucket = f"hash({', '.join(keys)}) % {self.parts}"
        self._db.execute(
            f"COPY (SELECT *, {bucket} AS bucket FROM ({query})) TO {sql_text(str(shuffled))}"
            " (FORMAT parquet, COMPRESSION lz4_raw, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)"
        )
        files = []
        for folder in sorted(shuffled.glob("bucket=*")):
            table = pa.concat_tables(
                pq.read_table(path, partitioning=None) for path in sorted(folder.glob("*.parquet"))
            )
            files.append(str(self._write(f"{name}.{folder.name}.parquet", step.function(table), step.schema)))
            rmtree(folder)
        self.read(name, files, step.schema)

    def rows(self, query: str) -> pa.Table:
        """The rows of a query that has few."""
        return self._db.sql(query).to_arrow_table()

    def write(self, query: str, folder: Path, schema: pa.Schema) -> int:
        """Write the rows of a query as Parquet files into a folder that is not there; returns how many."""
        folder.mkdir(parents=True)
        reader = self._db.sql(query).to_arrow_reader(_ROW_GROUP)
        rows = 0
        with new_file(folder / "part-0.parquet") as file, pq.ParquetWriter(file, schema, compression="zstd") as parquet:
            for batch in reader:
                parquet.write_batch(batch.cast(schema))
                rows += batch.num_rows
        return rows

    def _write(self, name: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Path:
        path = self._scratch / name
        with new_file(path) as file, pq.ParquetWriter(file, schema, compression="lz4") as parquet:
            for batch in batches:
                parquet.write_batch(batch)
        return path
