"""Exports the graph, or a part of it, to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

import orjson

from kg.database import translate_errors
from kg.errors import InputError, InputLocation, expect_source
from kg.exports.ftm_entities import EntityInput, FtmEntityBuilder, entity_line
from kg.exports.ftm_graph import write_graph
from kg.exports.ftm_source import SourceRecords, write_source
from kg.exports.gexf import write_gexf
from kg.exports.graphml import write_graphml
from kg.exports.native import write_records
from kg.exports.summary import END_NOT_SELECTED, JUDGEMENT, ExportCounts, ExportedFile
from kg.exports.tables import write_tables
from kg.exports.target import MANIFEST, ExportTarget, file_target, folder_target
from kg.files import is_stream
from kg.ledger.verification import graph_digest
from kg.ontology.derive.ftm import MATCHER, MATCHER_PROPERTY
from kg.ontology.model import HANDLINGS
from kg.operations.ledger.erase import remember_activity
from kg.operations.questions.suggestions import suggestion_link, suggestions_of
from kg.operations.workspace import Workspace, update_connection
from kg.ports import RecordInForce, Selection, SourceInfo
from kg.records import NO_PROVENANCE, GraphVersion
from kg.stores.sqlite.graph_stream import GraphStream

SUFFIXES = {
    "records": (".records.jsonl",),
    "ftm": (".ftm.jsonl", ".ftm.json", ".ftm"),
    "graphml": (".graphml",),
    "gexf": (".gexf",),
    "csv": (),
}
"""Suffixes of the files of each format; tables are always a folder."""

GRAPH_WRITERS = {"graphml": write_graphml, "gexf": write_gexf}
"""The formats of a single file of nodes and links, for programs that draw graphs."""

_PROGRESS_INTERVAL = 1_000


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export, in which format, and where to."""

    target: str
    """A file, a folder, a device or FIFO, or `-` for standard output."""
    format: str = ""
    """One of SUFFIXES; if empty, determined by the target's name."""
    sources: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Node types, with all their subtypes, and link types."""
    handling: str = "restricted"
    """The strictest handling code that is exported."""
    is_compressed: bool = False
    """Whether the files of a folder are compressed; for a single file its name decides."""
    suggestions: bool = False
    """Whether one file of FollowTheMoney has suggestions too, as entities Similar."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of an export, and the version of the graph."""

    format: str
    target: str
    version: GraphVersion
    digest: str
    """Digest of the whole graph, also for a partial export."""
    as_of: str
    request: ExportRequest
    tally: ExportCounts
    files: list[ExportedFile] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {**self.contents_json(), "target": self.target, "files": self.files_json()}

    def contents_json(self) -> dict[str, Any]:
        """The same without the target and files: equal for equal exports of one graph."""
        return {
            "format": self.format,
            "graph": {"version": str(self.version), "digest": self.digest, "as_of": self.as_of},
            "selection": {
                "sources": list(self.request.sources),
                "types": list(self.request.types),
                "handling": self.request.handling,
            },
            **self.tally.to_json(),
        }

    def files_json(self) -> list[dict[str, Any]]:
        """Each file with its size and SHA-256."""
        return [{"name": f.name, "bytes": f.size, "sha256": f.sha256} for f in self.files]


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Export the graph, or a part of it; the result lists what was not exported.

    Raises InputError for a target, format, type or handling that cannot be, NotFound for a source.
    """
    kind, single = _resolve_format(request)
    _check_suggestions(request, kind, is_single=single)
    selection = _build_selection(workspace, request)
    prepare = partial(update_connection, workspace)
    with (
        translate_errors(workspace.path),
        GraphStream(workspace.path, workspace.ontology, selection, wait=workspace.wait, prepare=prepare) as feed,
    ):
        known = {s.name for s in feed.contents().sources}
        for name in request.sources:
            expect_source(name, known)
        workspace.progress("digest", 0, None)
        digest = feed.digest(graph_digest)
        result = ExportResult(kind, request.target, feed.version(), digest, feed.as_of(), request, ExportCounts())
        with (file_target if single else folder_target)(request.target) as target:
            with target.open_files():
                _ExportJob(workspace, feed, result, target, single).run()
            result.files.extend(target.files())
            if not single:
                content = {**result.contents_json(), "files": result.files_json()}
                options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
                target.write_last(MANIFEST, orjson.dumps(content, option=options))
    sources = f"{len(request.sources)} of the sources" if request.sources else "all sources"
    what = f"{kind} to {request.target}, {sources}, handling {request.handling}"
    remember_activity(workspace, "export", what, protected=request.handling == HANDLINGS[-1])
    return result


@dataclass(frozen=True, slots=True)
class _ExportJob:
    """Writes the files of one export."""

    _workspace: Workspace
    _feed: GraphStream
    _result: ExportResult
    _target: ExportTarget
    _is_single_file: bool

    def run(self) -> None:
        """Write the files of the format."""
        if self._result.format == "records":
            self._write_each_source(self._write_records)
        elif self._result.format == "ftm" and not self._is_single_file:
            self._write_each_source(self._write_ftm)
        else:
            self._write_merged_graph()

    def _write_merged_graph(self) -> None:
        """Write the merged graph. Links with an end that the selected sources do not describe are not exported."""
        ontology, tally, name = self._workspace.ontology, self._result.tally, Path(self._result.target).name
        for kind in self._feed.omitted_link_types():
            tally.count_lost(kind, END_NOT_SELECTED)
        nodes, links = self._feed.iterate_nodes(), self._feed.iterate_links()
        if self._result.format == "ftm":
            stream, builder = self._target.open(name), FtmEntityBuilder(ontology, tally)
            steps = write_graph(stream, builder, self._feed)
            if self._result.request.suggestions:
                steps = chain(steps, self._write_suggestions(stream, builder))
        elif write := GRAPH_WRITERS.get(self._result.format):
            steps = write(self._target.open(name), ontology, nodes, links, tally)
        else:
            steps = write_tables(self._open_in_folder, ontology, nodes, links, tally)
        expected = sum(self._feed.count())
        for done, _ in enumerate(steps):
            if done % _PROGRESS_INTERVAL == 0:
                self._workspace.progress("exporting", done, expected)

    def _write_suggestions(self, stream: IO[bytes], builder: FtmEntityBuilder) -> Iterator[None]:
        """Write the open suggestions, in the order of their ids."""
        links = [suggestion_link(suggestion.match) for suggestion in suggestions_of(self._feed)]
        for link in sorted(links, key=lambda one: one.id):
            ends = link.source_id, link.target_id
            types = self._feed.end_node(ends[0]).type, self._feed.end_node(ends[1]).type
            content = EntityInput(link.type, link.properties, {}, NO_PROVENANCE)
            if (entity := builder.build_edge(link.id, content, ends, types)) is not None:
                self._result.tally.links[link.type] += 1
                entity["datasets"] = []
                entity["properties"][MATCHER_PROPERTY] = [MATCHER]
                stream.write(entity_line(entity))
            yield

    def _write_each_source(self, write: Callable[[SourceInfo], None]) -> None:
        sources = self._feed.sources()
        if self._is_single_file and len(sources) != 1:
            found = ", ".join(s.name for s in sources) or "none"
            problem = f"a file of records has a single source; name a folder, or one of these with --source: {found}"
            raise InputError(problem, InputLocation(self._result.target))
        for source in sources:
            write(source)
        for _ in range(self._feed.count_judgements()):
            self._result.tally.count_lost("judgement", JUDGEMENT)

    def _write_records(self, source: SourceInfo) -> None:
        rows = self._with_progress(source, self._feed.iterate_records(source.name))
        stream = self._open_for_source(source, ".records.jsonl")
        write_records(stream, self._workspace.ontology, source, rows, self._result.tally)

    def _write_ftm(self, source: SourceInfo) -> None:
        forms = FtmEntityBuilder(self._workspace.ontology, self._result.tally)
        sides = [("from", forms.property_link_types(reverse=False)), ("to", forms.property_link_types(reverse=True))]
        beside = (self._feed.iterate_records(source.name, order, types) for order, types in sides)
        rows = SourceRecords(self._with_progress(source, self._feed.iterate_records(source.name)), *beside)
        write_source(self._open_for_source(source, ".ftm.jsonl"), forms, source, rows)

    def _with_progress(self, source: SourceInfo, rows: Iterator[RecordInForce]) -> Iterator[RecordInForce]:
        for done, kept in enumerate(rows):
            if done % _PROGRESS_INTERVAL == 0:
                self._workspace.progress(f"exporting {source.name}", done, source.records)
            yield kept

    def _open_for_source(self, source: SourceInfo, suffix: str) -> IO[bytes]:
        if self._is_single_file:
            return self._target.open(Path(self._result.target).name)
        return self._open_in_folder(f"{source_file_name(source.name)}{suffix}")

    def _open_in_folder(self, name: str) -> IO[bytes]:
        return self._target.open(f"{name}.gz" if self._result.request.is_compressed else name)


def _check_suggestions(request: ExportRequest, kind: str, *, is_single: bool) -> None:
    if not request.suggestions:
        return
    where = InputLocation(key="--suggestions", value=request.target)
    if kind != "ftm" or not is_single:
        raise InputError("suggestions are written to one file of FollowTheMoney, such as case.ftm.json", where)
    if request.sources or request.types or request.handling == HANDLINGS[0]:
        problem = "their reasons may tell what is not selected; leave out --source, --type and --handling open"
        raise InputError(problem, where)


def source_file_name(source: str) -> str:
    """A source's name as a file name: characters that a file system may not allow are percent-encoded."""
    from urllib.parse import quote

    name = quote(source, safe=" ,+@()")
    return f"%2E{name[1:]}" if name.startswith(".") else name


def _resolve_format(request: ExportRequest) -> tuple[str, bool]:
    """The format, and whether the export is a single file."""
    name = request.target.removesuffix(".gz").lower()
    by_name = next((kind for kind, suffixes in SUFFIXES.items() if name.endswith(suffixes)), "")
    kind = request.format or by_name
    where = InputLocation(request.target)
    if not kind:
        raise InputError(
            f"the name does not determine the format; give --format, one of {', '.join(SUFFIXES)}, or package", where
        )
    if kind not in SUFFIXES:
        raise InputError(f"there is no format {kind!r}; formats: {', '.join(SUFFIXES)}, package")
    if by_name and kind != by_name:
        raise InputError(f"is named as {by_name}, but --format is {kind}", where)
    single = kind in GRAPH_WRITERS or bool(by_name) or is_stream(request.target)
    if kind == "csv" and (single or request.target.lower().endswith((".csv", ".gz"))):
        raise InputError("tables are several files; expected the name of a folder", where)
    if kind != "csv" and not single and request.target.lower().endswith((".gz", ".json", ".jsonl")):
        raise InputError(f"expected a folder, or a file that ends in {SUFFIXES[kind][0]}", where)
    if single and request.is_compressed:
        raise InputError("a single file is compressed if its name ends in .gz; --gzip is for folders", where)
    return kind, single


def _build_selection(workspace: Workspace, request: ExportRequest) -> Selection:
    ontology = workspace.ontology
    if request.handling not in HANDLINGS:
        raise InputError(f"there is no handling {request.handling!r}; expected one of {', '.join(HANDLINGS)}")
    if request.handling == HANDLINGS[-1] and not workspace.protected:
        raise InputError("protected facts are exported only in the protected scope; set KG_SCOPE=protected")
    unknown = [t for t in request.types if t not in ontology.nodes and t not in ontology.links]
    if unknown:
        raise InputError(f"there is no node or link type {unknown[0]!r}; `kg ref` lists them")
    nodes = (ontology.kinds_of(t) for t in request.types if t in ontology.nodes)
    links = frozenset(t for t in request.types if t in ontology.links)
    return Selection(request.sources, frozenset[str]().union(*nodes), links, request.handling)
