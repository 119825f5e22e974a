"""How do files come into the ledger, and leave it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from kg.database import explained
from kg.errors import InputError, Place
from kg.ledger.ledger import Ledger, stop_at_first
from kg.ledger.loads import LoadEntry, LoadRequest, LoadResult, find_source
from kg.ledger.loads import list_loads as ledger_loads
from kg.ledger.verification import Verification
from kg.ledger.verification import verify as verify_ledger
from kg.operations.ledger.protection import guarded
from kg.operations.ledger.rejects import rejects_of
from kg.operations.workspace import Workplace, open_file, phases, today
from kg.records import Reading, Reject
from kg.resources import data_dir
from kg.sources import Connector, Context, SourceDeclaration, choose, declared
from kg.sources.rows import key_problem


@dataclass(frozen=True, slots=True)
class LoadOrder:
    """Files to load as one source's complete snapshot, or as a change of what it said."""

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
    delta: bool = False
    """Whether the files, in their order, bring whole rows and take rows back; all other rows stay."""
    declaration: SourceDeclaration | None = None
    """What a list of files, such as the demo set's, says of the source; the files' own word when None."""


def load(place: Workplace, order: LoadOrder) -> LoadResult:
    """Read files and make them the source's snapshot, or follow its delta; all of it, or nothing.

    Raises InputError where a file cannot be read at all or says no source, StrictReject when `strict`.
    """
    source = _source(order)
    with (
        open_file(place, create=True) as connection,
        rejects_of(place, source.name, earlier=order.delta) as rejects,
    ):
        request = LoadRequest(
            source.name,
            source.namespace,
            source.title,
            source.invented,
            tuple(f.name for f in order.files),
            order.day or today(),
            order.delta,
        )
        on_reject = stop_at_first if order.strict else rejects.add
        ledger = Ledger(connection, place.ontology)

        def readings() -> Iterator[Reading]:
            rejects.tidy({entry.source: entry.number for entry in ledger_loads(connection)})
            yield from _something(order, guarded(_readings(place, order, source.namespace), request.files))

        result = ledger.load(request, readings(), on_reject, phases(place), rejects.seal)
        result.rejects_file = rejects.keep()
        return result


def withdraw(place: Workplace, source: str) -> LoadResult:
    """Take back everything a source said. Raises NotFound."""
    with open_file(place) as connection:
        return Ledger(connection, place.ontology).withdraw(source, today(), phases(place))


def list_loads(place: Workplace, source: str = "") -> list[LoadEntry]:
    """Every load and withdrawal, oldest first; those of one source where it is named. Raises NotFound for it."""
    with open_file(place) as connection:
        if source:
            find_source(connection, source)
        return [entry for entry in ledger_loads(connection) if source in ("", entry.source)]


def verify(place: Workplace) -> Verification:
    """Compare the projection with one built anew from the ledger."""
    with explained(place.path):
        with open_file(place) as connection:
            Ledger(connection, place.ontology).bring_current(phases(place))
        return verify_ledger(place.path, place.ontology, phases(place))


def reference_order() -> LoadOrder:
    """The reference facts that came with this package."""
    folder = data_dir("graph") / "reference"
    return LoadOrder(tuple(choose(folder / "agencies.csv").pick(folder)))


def _source(order: LoadOrder) -> SourceDeclaration:
    """Which source the files belong to. Raises InputError where nobody says it, or not as a name can be."""
    source = _declaration(order)
    for key, value in (("source", source.name), ("namespace", source.namespace)):
        if problem := key_problem(value):
            raise InputError(problem, Place(key=key, value=value))
    return source


def _declaration(order: LoadOrder) -> SourceDeclaration:
    _check_names(order.files)
    said = order.declaration or declared(order.files, order.connector)
    if order.source:
        title, invented = (said.title, said.invented) if said else (order.source, False)
        return SourceDeclaration(order.source, title, order.namespace or order.source, invented)
    if said is None:
        raise InputError(
            "these files do not say which source they are; name it with --source", Place(str(order.files[0]))
        )
    return SourceDeclaration(said.name, said.title, order.namespace or said.namespace, said.invented)


def _check_names(files: Sequence[Path]) -> None:
    """Raise InputError for a file that no message and no ledger could name, and for one that is given twice."""
    for path in files:
        if not key_problem(path.name):
            continue
        raise InputError("expected a file name in UTF-8 without control characters", Place(ascii(str(path))))
    if twice := [path for path in files if files.count(path) > 1]:
        raise InputError("is given twice", Place(str(twice[0])))


def _something(order: LoadOrder, readings: Iterator[Reading]) -> Iterator[Reading]:
    """The same readings. Raises InputError at their end if there was nothing to load: a source that is withdrawn
    because its file is of another kind, or holds nothing, is nobody's intention.
    """
    found, first = False, None
    for reading in readings:
        if not isinstance(reading, Reject):
            found = True
        elif first is None:
            first = reading
        yield reading
    if not found and first is not None:
        raise InputError(f"no row can be read; the first: {first.reason}", Place(first.file, first.line))
    if not found and not order.delta:
        raise InputError("holds no rows; `kg withdraw` takes back what a source said", Place(str(order.files[0])))


def _readings(place: Workplace, order: LoadOrder, namespace: str) -> Iterator[Reading]:
    total = sum(map(_size, order.files))
    done = 0

    def taken(size: int) -> None:
        nonlocal done
        done += size
        place.progress("reading", done, total)

    context = Context(place.ontology, namespace, taken)
    for connector, files in _by_connector(order):
        yield from connector.read(files, context)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # its reader says what is wrong with it


def _by_connector(order: LoadOrder) -> Iterator[tuple[Connector, Sequence[Path]]]:
    """The files of each connector together; those of a delta in the order in which they were given."""
    chosen = [(choose(path, order.connector), path) for path in order.files]
    if not order.delta:
        first = {connector.name: n for n, (connector, _) in reversed([*enumerate(chosen)])}
        chosen.sort(key=lambda pair: first[pair[0].name])
    elif tables := [path for connector, path in chosen if connector.table]:
        raise InputError("is a table, and a table is a snapshot; leave --delta out", Place(str(tables[0])))
    for _, run in groupby(chosen, key=lambda pair: pair[0].name):
        together = list(run)
        yield together[0][0], [path for _, path in together]
