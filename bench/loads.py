"""What do a first load and a reload cost, beside the floor and beside what else reads the same lines?

Run: python -m bench.loads SIZE... [--runs 3] [--before COMMIT] [--peers PYTHON] [--folder DIR]

SIZE is a number of nodes, with three links for each, as FollowTheMoney from the generator; with several sizes, the
exponent of growth is told. The floor is the finished store copied by SQL alone into the same tables, with the same
indexes and full text. PYTHON is an interpreter with followthemoney and duckdb: python -m pip install followthemoney
duckdb, in an environment of its own. All are run by turns, each in a process of its own: CPU seconds are those of the
process and of those that it started, without the start; the peak is that of the largest process.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EVERY = 1_000
"""One entity in so many has changed in the reload."""

STATEMENT = "id, entity_id, canonical_id, prop, prop_type, schema, value, dataset, lang, original_value, external"
"""The columns of followthemoney's statements, without days, which the sets do not have."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is measured."""

    name: str
    python: str
    tree: Path
    task: str
    files: tuple[Path, Path, Path]
    """What it reads, what it writes, and the store that it copies or changes."""


def main() -> None:
    """Print a table for each size, and how each work grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="+", metavar="SIZE")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--before", metavar="COMMIT", help="measure the loads of this commit too")
    parser.add_argument("--peers", metavar="PYTHON", default="", help="an interpreter with followthemoney and duckdb")
    parser.add_argument("--folder", type=Path, help="keep the sets here")
    chosen = parser.parse_args()
    medians: dict[str, list[tuple[int, float]]] = {}
    with _folder(chosen.folder) as folder, _tree(folder, chosen.before) as earlier:
        for size in chosen.sizes:
            for name, seconds in measure(folder, size, chosen, earlier):
                medians.setdefault(name, []).append((size, seconds))
    for name, points in medians.items():
        if len(points) > 1:
            (small, fast), (large, slow) = points[0], points[-1]
            print(f"{name}: grows with exponent {math.log(slow / fast) / math.log(large / small):.2f}")


def measure(folder: Path, size: int, chosen: argparse.Namespace, earlier: Path | None) -> Iterator[tuple[str, float]]:
    """Print the table of one size; yields the median of CPU seconds of each work."""
    from bench.figures.files import make_files

    sets = make_files(folder, size, 3 * size)
    bytes_read = sets.first.stat().st_size
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(chosen.runs):
        for work in _works(folder, sets.first, sets.changed, earlier, chosen.peers):
            found.setdefault(work.name, []).append(_run(work))
    load = os.getloadavg()[0]
    print(f"\n{size:,} nodes, {3 * size:,} links, {bytes_read / 1e6:.1f} MB; load average {load:.1f}")
    print(f"{'work':42}{'CPU s':>8}{'range':>16}{'of the floor':>14}{'wall s':>8}{'MiB':>7}{'of the file':>13}")
    floor = statistics.median(run["cpu"] for run in found["floor: the store copied by SQL"])
    for name, runs in found.items():
        times = sorted(run["cpu"] for run in runs)
        cpu, wall, peak, written = (statistics.median(run[k] for run in runs) for k in ("cpu", "wall", "peak", "bytes"))
        ends = f"{times[0]:.2f} to {times[-1]:.2f}"
        share = f"{written / bytes_read:.2f}" if written else ""
        print(f"{name:42}{cpu:8.2f}{ends:>16}{cpu / floor:14.2f}{wall:8.2f}{peak:7.0f}{share:>13}", flush=True)
        yield name, cpu


def _works(folder: Path, first: Path, changed: Path, earlier: Path | None, peers: str) -> Iterator[Work]:
    """What is measured, in the order in which each needs what came before."""
    store, copy = folder / "store.sqlite", folder / "copy.sqlite"
    yield Work("first load", sys.executable, ROOT, "load", (first, store, store))
    yield Work(f"reload, 1 in {EVERY:,} changed", sys.executable, ROOT, "reload", (changed, copy, store))
    yield Work("floor: the store copied by SQL", sys.executable, ROOT, "floor", (first, copy, store))
    if earlier:
        old = folder / "earlier.sqlite"
        yield Work("first load, before", sys.executable, earlier, "load", (first, old, old))
        yield Work("reload, before", sys.executable, earlier, "reload", (changed, copy, old))
    for name, task in (
        ("followthemoney aggregate, to a file", "aggregate"),
        ("followthemoney statements, to SQLite", "statements"),
        ("DuckDB, to a table of statements", "duckdb"),
    ):
        if peers:
            yield Work(name, peers, ROOT, task, (first, folder / f"peer.{task}", store))


def _run(work: Work) -> dict[str, float]:
    words = [work.python, str(Path(__file__).resolve()), "--task", work.task, *map(str, work.files)]
    environment = {**os.environ, "PYTHONPATH": f"{work.tree}/src:{work.tree}/api"}
    done = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_task(task: str, first: Path, target: Path, store: Path) -> None:
    """Do one work and print what it took; what it needs at hand is imported and copied before."""
    for left in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
        left.unlink(missing_ok=True)
    work = TASKS[task](first, target, store)
    start, used = time.perf_counter(), _processor_time()
    work()
    wall, cpu = time.perf_counter() - start, _processor_time() - used
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    written = target.stat().st_size if task != "reload" else 0
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak / 1024, "bytes": written}))


def _processor_time() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _load(first: Path, target: Path, store: Path) -> Callable[[], object]:
    from kg import operations
    from kg.operations import FileLoadRequest, Workspace

    place = Workspace(target)
    if target == store:
        operations.load(place, operations.reference_load_request())
    return lambda: operations.load(place, FileLoadRequest((first,), source="bench"))


def _reload(changed: Path, target: Path, store: Path) -> Callable[[], object]:
    shutil.copyfile(store, target)
    return _load(changed, target, store)


def _floor(_: Path, target: Path, store: Path) -> Callable[[], object]:
    """Copy the tables of the store; indexes and full text are made anew, of words that were gathered before."""
    words = target.with_name("words.sqlite")
    words.unlink(missing_ok=True)
    with closing(sqlite3.connect(words, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS done", (str(store),))
        for name in ("name", "protected_name"):
            connection.execute(f"CREATE VIRTUAL TABLE temp.word USING fts5vocab(done, {name}, instance)")
            gathered = "SELECT doc AS num, group_concat(term, ' ') AS tokens FROM temp.word GROUP BY doc"
            connection.execute(f"CREATE TABLE {name} AS {gathered}")
            connection.execute("DROP TABLE temp.word")

    def copy() -> None:
        with closing(sqlite3.connect(target, isolation_level=None)) as connection:
            for pragma in ("journal_mode = DELETE", "synchronous = FULL", "cache_size = -65536"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("ATTACH ? AS done", (str(store),))
            connection.execute("ATTACH ? AS words", (str(words),))
            made = connection.execute("SELECT type, name, sql FROM done.sqlite_master WHERE sql IS NOT NULL").fetchall()
            virtual = {name for kind, name, sql in made if sql.startswith("CREATE VIRTUAL")}
            shadows = {name for _, name, _ in made if name.rpartition("_")[0] in virtual}
            connection.execute("BEGIN")
            for kind, name, sql in made:
                if kind == "table" and name not in shadows and name != "sqlite_sequence":
                    connection.execute(sql)
                    into, rows = ("(rowid, tokens)", "words") if name in virtual else ("", "done")
                    connection.execute(f"INSERT INTO main.{name} {into} SELECT * FROM {rows}.{name}")
            for kind, _, sql in made:
                if kind == "index":
                    connection.execute(sql)
            connection.execute("COMMIT")

    return copy


def _aggregate(first: Path, target: Path, _: Path) -> Callable[[], object]:
    from followthemoney.cli.aggregate import aggregate

    return lambda: aggregate.main(["-i", str(first), "-o", str(target)], standalone_mode=False)


def _statements(first: Path, target: Path, _: Path) -> Callable[[], object]:
    """Followthemoney's own statements of each entity, in a table with the index by which they become entities again."""
    from followthemoney.cli.util import path_entities
    from followthemoney.dataset import Dataset
    from followthemoney.statement import Statement, StatementEntity

    names = STATEMENT.split(", ")

    def rows() -> Iterator[tuple[Any, ...]]:
        for entity in path_entities(first, StatementEntity):
            for statement in Statement.from_entity(entity, dataset=Dataset.UNDEFINED):
                row = statement.to_db_row()
                yield tuple(row[name] for name in names)

    def store() -> None:
        with closing(sqlite3.connect(target, isolation_level=None)) as connection:
            connection.execute(f"CREATE TABLE statement ({STATEMENT})")
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO statement VALUES ({', '.join('?' * len(names))})", rows())
            connection.execute("CREATE INDEX statement_canonical ON statement (canonical_id)")
            connection.execute("COMMIT")

    return store


def _duckdb(first: Path, target: Path, _: Path) -> Callable[[], object]:
    """Each value a row; nothing is cleaned or checked."""
    import duckdb

    read = (
        "read_json(?, format = 'newline_delimited', columns = {id: 'VARCHAR', schema: 'VARCHAR', properties: 'JSON'})"
    )
    query = f"""CREATE TABLE statement AS SELECT id, schema, prop, unnest(from_json(
        json_extract(properties, '$."' || prop || '"'), '["VARCHAR"]')) AS value
        FROM (SELECT id, schema, properties, unnest(json_keys(properties)) AS prop FROM {read})"""

    def store() -> None:
        with closing(duckdb.connect(str(target))) as connection:
            connection.execute(query, [str(first)])

    return store


TASKS: dict[str, Callable[[Path, Path, Path], Callable[[], object]]] = {
    "load": _load,
    "reload": _reload,
    "floor": _floor,
    "aggregate": _aggregate,
    "statements": _statements,
    "duckdb": _duckdb,
}


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kg-loads-") as name:
        yield kept or Path(name)


@contextmanager
def _tree(folder: Path, commit: str | None) -> Iterator[Path | None]:
    """A checkout of a commit, for the block."""
    if not commit:
        yield None
        return
    tree = folder / "earlier"
    git: Sequence[str] = ("git", "-C", str(ROOT), "worktree")
    subprocess.run([*git, "add", "--detach", "--quiet", str(tree), commit], check=True)
    try:
        yield tree
    finally:
        subprocess.run([*git, "remove", "--force", str(tree)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        run_task(sys.argv[2], *map(Path, sys.argv[3:6]))
    else:
        main()
