"""How does the graph, or a part of it, get into files?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from kg.database import connect
from kg.errors import InputError, NotFound, Place
from kg.exports.ftm_entities import Forms
from kg.exports.ftm_graph import write_graph
from kg.exports.ftm_source import Rows, write_source
from kg.exports.graphml import write_graphml
from kg.exports.native import write_records
from kg.exports.summary import JUDGED, UNDESCRIBED, Tally, Written
from kg.exports.tables import write_tables
from kg.exports.target import MANIFEST, STDOUT, Target, one_file, one_folder
from kg.ledger.ledger import Ledger
from kg.ledger.verification import graph_digest
from kg.ontology.lint import HANDLINGS
from kg.operations.workspace import Workplace, phases
from kg.ports import Kept, Selection, SourceInfo
from kg.records import GraphVersion
from kg.stores.sqlite.graph_stream import Feed

SUFFIXES = {
    "records": (".records.jsonl",),
    "ftm": (".ftm.jsonl", ".ftm.json", ".ftm"),
    "graphml": (".graphml",),
    "csv": (),
}
"""How files of each format are called; tables are always a folder of them."""

_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to write, as what, and where to."""

    target: str
    """A file, a folder, or `-` for standard output."""
    format: str = ""
    """One of SUFFIXES; by the target's name when empty."""
    sources: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Node types, which stand for all that extend them, and link types."""
    handling: str = "restricted"
    """The strictest handling code that is written."""
    packed: bool = False
    """Whether the files of a folder are packed; a single file says so by its name."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, and from which graph."""

    format: str
    target: str
    version: GraphVersion
    digest: str
    """Of the whole graph, whatever part of it was exported."""
    as_of: str
    order: ExportOrder
    tally: Tally
    files: list[Written] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {**self.contents_json(), "target": self.target, "files": self.files_json()}

    def contents_json(self) -> dict[str, Any]:
        """The same without where it was written: equal for equal exports of one graph."""
        return {
            "format": self.format,
            "graph": {"version": str(self.version), "digest": self.digest, "as_of": self.as_of},
            "selection": {
                "sources": list(self.order.sources),
                "types": list(self.order.types),
                "handling": self.order.handling,
            },
            **self.tally.to_json(),
        }

    def files_json(self) -> list[dict[str, Any]]:
        """Each file with its size and SHA-256."""
        return [{"name": f.name, "bytes": f.size, "sha256": f.sha256} for f in self.files]


def export(place: Workplace, order: ExportOrder) -> Exported:
    """Write the graph, or a part of it, and say what could not be written.

    Raises InputError for a target, format, type or handling that cannot be, NotFound for a source.
    """
    kind, single = _shape(order)
    selection = _selection(place, order)
    with closing(connect(place.path, wait=place.wait)) as connection:
        Ledger(connection, place.ontology).bring_current(phases(place))
    with Feed(place.path, place.ontology, selection) as feed:
        known = {s.name for s in feed.contents().sources}
        for name in order.sources:
            if name not in known:
                raise NotFound(f"there is no source {name!r}; sources: {', '.join(sorted(known)) or 'none'}")
        place.progress("digest", 0, None)
        digest = feed.digest(graph_digest)
        result = Exported(kind, order.target, feed.version(), digest, feed.as_of(), order, Tally())
        with (one_file if single else one_folder)(order.target) as target:
            with target.filling():
                _Job(place, feed, result, target, single).run()
            if not single:
                target.write_last(MANIFEST, _manifest(result, target))
        result.files.extend(target.written())
        return result


class _Job:
    """One export on its way."""

    def __init__(self, place: Workplace, feed: Feed, result: Exported, target: Target, single: bool) -> None:
        self._place, self._feed, self._result, self._target, self._single = place, feed, result, target, single

    def run(self) -> None:
        """Write the files of the format."""
        if self._result.format == "records":
            self._each_source(self._records)
        elif self._result.format == "ftm" and not self._single:
            self._each_source(self._ftm)
        else:
            self._merged()

    def _merged(self) -> None:
        """The graph as one. A link needs both its ends, which whoever picks sources may have picked it without."""
        ontology, tally = self._place.ontology, self._result.tally
        for kind in self._feed.beside():
            tally.lose(kind, UNDESCRIBED)
        if self._result.format == "ftm":
            self._through(write_graph(self._target.open(self._name()), Forms(ontology, tally), self._feed))
            return
        nodes, links = self._feed.each_node(), self._feed.each_link()
        if self._result.format == "graphml":
            self._through(write_graphml(self._target.open(self._name()), ontology, nodes, links, tally))
        else:
            self._through(
                write_tables(lambda name: self._target.open(self._packed(name)), ontology, nodes, links, tally)
            )

    def _each_source(self, write: Callable[[SourceInfo], None]) -> None:
        sources = self._feed.sources()
        if self._single and len(sources) != 1:
            found = ", ".join(s.name for s in sources) or "none"
            raise InputError(
                f"a file of records holds one source; name a folder, or one of these with --source: {found}",
                Place(self._result.target),
            )
        for source in sources:
            write(source)
        for _ in range(self._feed.judged()):
            self._result.tally.lose("judgement", JUDGED)

    def _records(self, source: SourceInfo) -> None:
        stream = self._target.open(self._name(source, ".records.jsonl"))
        rows = self._watched(source, self._feed.each_record(source.name))
        write_records(stream, self._place.ontology, source, rows, self._result.tally)

    def _ftm(self, source: SourceInfo) -> None:
        forms = Forms(self._place.ontology, self._result.tally)
        sides = [("from", forms.said_by(reverse=False)), ("to", forms.said_by(reverse=True))]
        beside = (self._feed.each_record(source.name, order, types) for order, types in sides)
        rows = Rows(self._watched(source, self._feed.each_record(source.name)), *beside)
        write_source(self._target.open(self._name(source, ".ftm.jsonl")), forms, source, rows)

    def _watched(self, source: SourceInfo, rows: Iterator[Kept]) -> Iterator[Kept]:
        for done, kept in enumerate(rows):
            if done % _EVERY == 0:
                self._place.progress(f"exporting {source.name}", done, source.records)
            yield kept

    def _through(self, steps: Iterator[None]) -> None:
        nodes, links = self._feed.count()
        for done, _ in enumerate(steps):
            if done % _EVERY == 0:
                self._place.progress("exporting", done, nodes + links)

    def _name(self, source: SourceInfo | None = None, suffix: str = "") -> str:
        if self._single or source is None:
            return Path(self._result.target).name
        return self._packed(f"{file_name(source.name)}{suffix}")

    def _packed(self, name: str) -> str:
        return f"{name}.gz" if self._result.order.packed else name


def file_name(source: str) -> str:
    """A source's name as that of a file: what a file system may not take is written as in an address."""
    from urllib.parse import quote

    name = quote(source, safe=" ,+@()")
    return f"%2E{name[1:]}" if name.startswith(".") else name


def _shape(order: ExportOrder) -> tuple[str, bool]:
    """The format, and whether it is one file."""
    name = order.target.removesuffix(".gz").lower()
    by_name = next((kind for kind, suffixes in SUFFIXES.items() if name.endswith(suffixes)), "")
    kind = order.format or by_name
    if not kind:
        raise InputError(
            f"its name does not say the format; give --format, one of {', '.join(SUFFIXES)}", Place(order.target)
        )
    if kind not in SUFFIXES:
        raise InputError(f"there is no format {kind!r}; formats: {', '.join(SUFFIXES)}")
    if by_name and kind != by_name:
        raise InputError(f"is called as {by_name}, but --format says {kind}", Place(order.target))
    single = kind == "graphml" or bool(by_name) or order.target == STDOUT
    if kind == "csv" and (single or order.target.lower().endswith((".csv", ".gz"))):
        raise InputError("tables are several files; expected the name of a folder", Place(order.target))
    if kind != "csv" and not single and order.target.lower().endswith((".gz", ".json", ".jsonl")):
        raise InputError(f"expected a folder, or a file that ends in {SUFFIXES[kind][0]}", Place(order.target))
    if single and order.packed:
        raise InputError("one file is packed if its name ends in .gz; --gzip is for folders", Place(order.target))
    return kind, single


def _selection(place: Workplace, order: ExportOrder) -> Selection:
    ontology = place.ontology
    if order.handling not in HANDLINGS:
        raise InputError(f"there is no handling {order.handling!r}; expected one of {', '.join(HANDLINGS)}")
    if order.handling == HANDLINGS[-1] and not place.protected:
        raise InputError("protected facts are exported in the protected scope alone; set KG_SCOPE=protected")
    unknown = [t for t in order.types if t not in ontology.nodes and t not in ontology.links]
    if unknown:
        raise InputError(f"there is no node or link type {unknown[0]!r}; `kg ref` lists them")
    nodes = (ontology.kinds_of(t) for t in order.types if t in ontology.nodes)
    links = frozenset(t for t in order.types if t in ontology.links)
    return Selection(order.sources, frozenset[str]().union(*nodes), links, order.handling)


def _manifest(result: Exported, target: Target) -> bytes:
    files = [{"name": f.name, "bytes": f.size, "sha256": f.sha256} for f in target.written()]
    return orjson.dumps(
        {**result.contents_json(), "files": files},
        option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
    )
