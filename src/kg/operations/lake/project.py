"""Make the graph of a lake by an engine, and verify it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, NotFound
from kg.ontology import Ontology, load_ontology
from kg.operations.lake.attachments import cited_in_lake, lake_files
from kg.operations.workspace import Progress, no_progress

if TYPE_CHECKING:
    from kg.lake.engines import Engine
    from kg.lake.events import Lake
    from kg.lake.graph import LakeGraph
    from kg.lake.projection import SourceDigest

MISSING = "the extra {extra} is not installed: pip install 'kg-investigations[{extra}]'"


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Which engine moves the rows, and how."""

    name: str = "duckdb"
    parts: int = 0
    """Into how many parts grouped rows are divided; 0 for as many as the records ask for."""
    master: str = ""
    """The address of a cluster, for spark and sail; empty for this machine."""
    memory: str = ""
    """How much memory the engine takes before it spills to disk, such as 4GB."""


@dataclass(frozen=True, slots=True)
class LakeVerification:
    """What is not as it should be in a lake, and the sums of its graph."""

    load: int
    sources: int
    differing: tuple[str, ...]
    """Sources whose records differ from the digest of their newest load, parts of the graph, and attached files."""
    graph: LakeGraph | None
    """The graph that was verified; None if there is none."""
    nodes_made_anew: int = 0
    attachments: int = 0
    """How many attached files were read."""

    @property
    def is_clean(self) -> bool:
        """Whether everything is as the loads say."""
        return not self.differing


@contextmanager
def using_lakes(extra: str = "lake") -> Iterator[None]:
    """Say of a missing package which extra brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in ("deltalake", "pyarrow", "duckdb", "pyspark", "pysail"):
            raise InputError(MISSING.format(extra=extra)) from None
        raise


@contextmanager
def open_run(lake: Lake, options: EngineOptions, load: int) -> Iterator[Engine]:
    """An engine for one run over the events of a lake up to a load."""
    from kg.lake.engines import open_engine
    from kg.lake.graph import scratch_folder
    from kg.lake.projection import RECORDS_A_PART

    records = sum(entry.details["added"] for entry in lake.loads(load))
    parts = options.parts or max(1, -(-records // RECORDS_A_PART))
    with (
        scratch_folder(lake.folder) as scratch,
        open_engine(options.name, scratch, parts, options.master, options.memory) as engine,
    ):
        yield engine


def project_lake(
    folder: Path,
    options: EngineOptions,
    *,
    load: int | None = None,
    ontology: Ontology | None = None,
    progress: Progress = no_progress,
    whole: bool = False,
) -> LakeGraph:
    """Make the graph of a lake at a load, or the newest, as its newest graph.

    Where the last graph is of earlier loads, only what has changed since is made anew, unless `whole`: the graph is the
    same. With an earlier load it is made whole.

    Raises NotFound for a folder that is no lake and a load that is none, InputError for an engine.
    """
    from kg.lake.events import Lake
    from kg.lake.graph import LakeGraph, projection_lock, publish_graph, write_tables
    from kg.lake.incremental import project_changes
    from kg.lake.projection import project, sums_of

    known = ontology or load_ontology()
    lake = Lake(folder)
    number = chosen_load(lake, load)
    before = None if whole or load is not None else _graph_to_follow(lake, known)

    def show(phase: str) -> None:
        progress(phase, 0, None)

    with projection_lock(folder), open_run(lake, options, number) as engine:
        if before is not None:
            followed = project_changes(engine, lake, before, known, show)
            days, sums = followed.days, followed.sums
        else:
            days = project(engine, lake, number, known, show)
            sums = sums_of(engine)
        show("writing")
        written = write_tables(engine, folder)
        graph = LakeGraph(
            written,
            options.name,
            lake.version,
            number,
            known.digest,
            days.open,
            days.protected,
            sums["open"],
            sums["protected"],
            lake.last_loads(number),
        )
        publish_graph(folder, graph)
    return graph


def _graph_to_follow(lake: Lake, ontology: Ontology) -> LakeGraph | None:
    """The newest graph of a lake, if the one to make can be made from it."""
    from kg.lake.graph import find_graph
    from kg.lake.incremental import can_follow

    try:
        graph = find_graph(lake.folder)
    except NotFound:
        return None
    return graph if can_follow(lake, graph, ontology) else None


def chosen_load(lake: Lake, load: int | None) -> int:
    """The number of a load of a lake; the newest if none is given. Raises NotFound."""
    if load is not None and load not in {entry.number for entry in lake.loads()}:
        raise NotFound(f"{lake.folder} has no load {load}; its newest is {lake.last_load()}")
    return lake.last_load() if load is None else load


def verify_lake(
    folder: Path, options: EngineOptions, progress: Progress = no_progress, *, protected: bool = False
) -> LakeVerification:
    """Compare the records with the digests of the loads, and the newest graph with the sum it was written with.

    One node in a hundred is made anew from its records, and every attached file is read.
    """
    from kg.lake.events import Lake
    from kg.lake.graph import find_graph, read_graph
    from kg.lake.projection import in_force, sampled_differences, source_digests, sums_of

    lake = Lake(folder)
    number, differing = lake.last_load(), list[str]()
    try:
        graph = find_graph(folder)
    except NotFound:
        graph = None
    with open_run(lake, options, number) as engine:
        in_force(engine, lake, number)
        progress("records", 0, None)
        found = source_digests(engine)
        newest: dict[str, dict[str, Any]] = {entry.source: dict(entry.details) for entry in lake.loads()}
        for source, details in sorted(newest.items()):
            if not _is_as_loaded(found.get(source), details):
                differing.append(f"records of {source}")
        checked = 0
        if graph is not None:
            progress("graph", 0, None)
            read_graph(engine, folder, graph)
            sums = sums_of(engine)
            if (sums["open"], sums["protected"]) != (graph.open, graph.protected):
                differing.append("graph")
            in_force(engine, lake, graph.load)
            checked, changed = sampled_differences(engine)
            differing += changed
    progress("checking attached files", 0, None)
    cited = cited_in_lake(lake)
    differing += [problem.text(protected=protected) for problem in lake_files(folder).wrong_of(cited)]
    return LakeVerification(number, len(newest), tuple(differing), graph, checked, len(cited))


def _is_as_loaded(found: SourceDigest | None, load: Mapping[str, Any]) -> bool:
    """Whether the records of a source are what its newest load left; a digest of none is empty or zero."""
    digests = (found.digest, found.open_digest) if found else ("", "")
    expected = (load["digest"], load["open_digest"])
    is_equal = all(int(a or "0", 16) == int(b or "0", 16) for a, b in zip(digests, expected, strict=True))
    return is_equal and not (found and found.changed)
