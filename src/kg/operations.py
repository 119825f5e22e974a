"""What can a person have done, whole jobs from end to end?"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from kg.database import connect
from kg.errors import InputError, Place
from kg.ledger.ledger import Ledger, stop_at_first
from kg.ledger.loads import LoadRequest, LoadResult
from kg.ledger.verify import Verification
from kg.ledger.verify import verify as verify_ledger
from kg.ontology import Ontology, load_ontology
from kg.ports import Store
from kg.records import Link, Node, Reading, Reject
from kg.resources import data_dir
from kg.sources import Connector, Context, SourceDeclaration, choose, declared
from kg.stores.embedded import EmbeddedStore

if TYPE_CHECKING:
    from kg.analysis.cluster_parameters import ClusterParameters
    from kg.findings import Clusters, PathAnswer

Progress = Callable[[str, int, int | None], None]
"""Called with a phase, how much of it is done, and how much there is if known (bytes while reading)."""


DEMO_DAY = "2014-12-05"
"""The day on which the story of the demo set stands."""


def quiet(phase: str, done: int, total: int | None) -> None:
    """No progress wanted."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the graph is and how it may be used; everything an operation needs besides its own question."""

    path: Path
    ontology: Ontology
    protected: bool = False
    wait: float = 30.0
    progress: Progress = quiet

    @property
    def rejects(self) -> Path:
        """The folder that keeps what could not be read, a file for each load."""
        return self.path.parent / f"{self.path.stem}.rejects"


@dataclass(frozen=True, slots=True)
class LoadOrder:
    """Files to load as one source's complete snapshot."""

    files: tuple[Path, ...]
    connector: str = ""
    """Which connector reads them; by their names when empty."""
    source: str = ""
    """Needed unless the files or their connector declare it."""
    namespace: str = ""
    """The source's own name unless given."""
    strict: bool = False
    """Stop at the first row or value that cannot be read, and load nothing."""
    day: str = ""
    """Day of the load, UTC; today when empty."""
    declaration: SourceDeclaration | None = None
    """What a list of files, such as the demo set's, says of the source; the files' own word when None."""


def today() -> str:
    """The day of a load, UTC. Projections and analyses never ask; they are told."""
    return datetime.now(UTC).date().isoformat()


@contextmanager
def open_store(place: Workplace) -> Iterator[EmbeddedStore]:
    """The store, its projection brought up to the ontology of this version first."""
    with closing(connect(place.path, wait=place.wait)) as connection:
        Ledger(connection, place.ontology).bring_current(_phases(place))
    with EmbeddedStore(place.path, place.ontology, protected=place.protected) as store:
        yield store


def load(place: Workplace, order: LoadOrder) -> LoadResult:
    """Read files and make them the source's snapshot; all of it, or nothing.

    Raises InputError where a file cannot be read at all or says no source, StrictReject when `strict`.
    """
    source = _source(order)
    with (
        closing(connect(place.path, create=True, wait=place.wait)) as connection,
        _rejects(place, source.name) as rejects,
    ):
        request = LoadRequest(
            source.name,
            source.namespace,
            source.title,
            source.invented,
            tuple(f.name for f in order.files),
            order.day or today(),
        )
        on_reject = stop_at_first if order.strict else rejects.add
        ledger = Ledger(connection, place.ontology)
        result = ledger.load(request, _readings(place, order, source.namespace), on_reject, _phases(place))
        result.rejects_file = rejects.keep()
        return result


def withdraw(place: Workplace, source: str) -> LoadResult:
    """Take back everything a source said. Raises NotFound."""
    with closing(connect(place.path, wait=place.wait)) as connection:
        return Ledger(connection, place.ontology).withdraw(source, today(), _phases(place))


def verify(place: Workplace) -> Verification:
    """Compare the projection with one built anew from the ledger."""
    with closing(connect(place.path, wait=place.wait)) as connection:
        Ledger(connection, place.ontology).bring_current(_phases(place))
    return verify_ledger(place.path, place.ontology, _phases(place))


def workplace(path: Path, *, protected: bool = False, wait: float = 30.0, progress: Progress = quiet) -> Workplace:
    """A workplace with the ontology that came with this package."""
    return Workplace(path, load_ontology(), protected, wait, progress)


def reference_order() -> LoadOrder:
    """The reference facts that came with this package."""
    folder = data_dir("graph") / "reference"
    return LoadOrder(tuple(choose(folder / "agencies.csv").pick(folder)))


def demo_orders() -> list[LoadOrder]:
    """The reference facts and then the sources of the demo set, in the order in which they are loaded.

    They are loaded as of DEMO_DAY, so that the demo is the same whenever it is run.
    """
    folder = _demo_folder()
    declared_sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))["source"]
    orders = [reference_order(), *(_demo_order(folder, source) for source in declared_sources)]
    return [replace(order, day=DEMO_DAY) for order in orders]


def demo_path() -> tuple[str, str]:
    """A person and an asset of the demo set, each as `namespace:key`."""
    pair = orjson.loads((_demo_folder() / "answer-key.json").read_bytes())["paths"][0]
    return f"demo:{pair['person']}", f"demo:{pair['asset']}"


def _demo_folder() -> Path:
    return data_dir("graph") / "demo"


def _demo_order(folder: Path, source: Mapping[str, Any]) -> LoadOrder:
    declaration = SourceDeclaration(source["name"], source["title"], source["namespace"], source["invented"])
    return LoadOrder((folder / source["file"],), connector=source["format"], declaration=declaration)


@dataclass(frozen=True, slots=True)
class PathFound:
    """A path question answered, with the nodes and links that the answer names."""

    answer: PathAnswer
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]


def find_clusters(store: Store, parameters: ClusterParameters) -> Clusters:
    """Which assets are held together."""
    from kg.analysis.asset_clusters import COLUMNS, asset_clusters

    return asset_clusters(store.view(COLUMNS), parameters)


def find_path(store: Store, start: str, goal: str, max_depth: int = 6, walk: Sequence[str] = ()) -> PathFound:
    """How two nodes are connected; each is named by id, `namespace:key` or a name that only one node has.

    `walk` names traits that are walked besides the usual ones. Raises NotFound and InputError for names and traits.
    """
    from kg.analysis.paths import NOT_WALKED, PathQuestion, shortest_path

    unknown = set(walk) - set(NOT_WALKED)
    if unknown:
        raise InputError(f"{sorted(unknown)[0]!r} is no trait that is left out; those are {', '.join(NOT_WALKED)}")
    ends = store.resolve(start), store.resolve(goal)
    question = PathQuestion(*ends, max_depth, tuple(t for t in NOT_WALKED if t not in walk))
    answer = shortest_path(store.view(), question)
    links = [link.id for hop in answer.hops for link in hop.links]
    return PathFound(answer, store.nodes((*ends, *answer.nodes)), store.links_by_id(links))


def write_report(store: Store, folder: Path, day: str, limit: int, parameters: ClusterParameters) -> dict[str, Path]:
    """Find the clusters and write the report about them; returns the path of each format's file."""
    from kg.reports.collect import collect
    from kg.reports.model import ReportParameters
    from kg.reports.write import write

    wanted = ReportParameters(day, limit=limit)
    return write(collect(store, find_clusters(store, parameters), wanted), folder)


class _Rejects:
    """Writes what could not be read to a file that appears when the load is done."""

    def __init__(self, folder: Path, source: str) -> None:
        self._folder, self._source = folder, source
        self._file: IO[bytes] | None = None

    def add(self, reject: Reject) -> None:
        """Keep one reject: file, line, reason, whether the whole row was lost, and the row."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False)  # noqa: SIM115  # closed by keep or drop
        line = {
            "file": reject.file,
            "line": reject.line,
            "reason": reject.reason,
            "whole": reject.whole,
            "row": reject.row,
        }
        self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def keep(self) -> str:
        """Give the file its name; empty when nothing was rejected. A load replaces its source's earlier file."""
        target = self._folder / f"{_safe(self._source)}.rejects.jsonl"
        if self._file is None:
            target.unlink(missing_ok=True)
            return ""
        self._file.close()
        Path(self._file.name).replace(target)
        self._file = None
        return str(target)

    def drop(self) -> None:
        """Remove the file of a load that did not happen."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)


@contextmanager
def _rejects(place: Workplace, source: str) -> Iterator[_Rejects]:
    rejects = _Rejects(place.rejects, source)
    try:
        yield rejects
    finally:
        rejects.drop()


def _source(order: LoadOrder) -> SourceDeclaration:
    said = order.declaration or declared(order.files, order.connector)
    if order.source:
        title, invented = (said.title, said.invented) if said else (order.source, False)
        return SourceDeclaration(order.source, title, order.namespace or order.source, invented)
    if said is None:
        raise InputError(
            "these files do not say which source they are; name it with --source", Place(str(order.files[0]))
        )
    return SourceDeclaration(said.name, said.title, order.namespace or said.namespace, said.invented)


def _readings(place: Workplace, order: LoadOrder, namespace: str) -> Iterator[Reading]:
    total = sum(f.stat().st_size for f in order.files if f.is_file())
    done = 0

    def taken(size: int) -> None:
        nonlocal done
        done += size
        place.progress("reading", done, total)

    context = Context(place.ontology, namespace, taken)
    for connector, files in _by_connector(order):
        yield from connector.read(files, context)


def _by_connector(order: LoadOrder) -> Iterator[tuple[Connector, Sequence[Path]]]:
    chosen: dict[str, list[Path]] = {}
    for path in order.files:
        chosen.setdefault(choose(path, order.connector).name, []).append(path)
    for name, files in chosen.items():
        yield choose(files[0], name), files


def _phases(place: Workplace) -> Callable[[str, int], None]:
    return lambda phase, done: place.progress(phase, done, None)


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
