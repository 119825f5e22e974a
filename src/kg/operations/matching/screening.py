"""Screen a list: which entries of a register may be the people and companies on it?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.analysis.matching import Party, Register, compare_parties
from kg.analysis.matching.evidence.names import name_evidence
from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.findings.matches import Evidence, Match
from kg.names import candidate_queries, name_words
from kg.ontology import Ontology
from kg.operations.ledger.load import FileLoadRequest, load
from kg.operations.matching.parties import (
    iterate_parties,
    kinds_beside,
    linked_party,
    named_party,
)
from kg.operations.questions.written_so import MAX_BLOCK
from kg.operations.workspace import Workspace, no_progress, open_sqlite_store
from kg.ports import Store
from kg.records import Node, Reject
from kg.resources import data_dir
from kg.sources import choose_connector
from kg.sources.files.delimited import Dialect, read_table
from kg.sources.rows import ignore_progress

LEAST_NAME_BITS = 2.0
"""Entries whose names weigh less are compared no further, unless they have the same number."""

_JURISDICTIONS = "reference/jurisdictions.csv"
_PEOPLE = "persons.csv"
_TABLES = {".csv", ".tsv", ".txt"}

_LIST, _REGISTER = "screened-list", "screened-register"


@dataclass(frozen=True, slots=True)
class ScreeningRequest:
    """What is screened, and against what."""

    files: tuple[Path, ...]
    """The list: files that `kg load` reads."""
    register: tuple[Path, ...] = ()
    """The files of a register that is not loaded; the graph when empty."""
    source: str = ""
    """Only entries of this source of the graph."""
    least: float = 0.1
    """Matches that are less probable are left out."""
    expected: float = 0.5
    """The share of the list that is expected to be in the register."""
    connector: str = ""
    """What reads the list; chosen by the names of its files when empty."""


@dataclass(frozen=True, slots=True)
class ScreenedTarget:
    """One person or company of the list, and what was found."""

    id: str
    caption: str
    type: str
    matches: tuple[Match, ...]
    """The most probable first."""
    compared: int
    """Entries of which the names were compared."""
    crowded: int
    """Ways to write the name that more entries have than are compared."""
    has_words: bool = True
    """Whether its name has words that can be looked for."""


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer to a screening. It is about probabilities: nobody is said to be anybody."""

    targets: tuple[ScreenedTarget, ...]
    entries: int
    """People and companies in the register."""
    rejected: int
    """Rows of the list or register that could not be read."""
    notes: tuple[str, ...] = ()

    @property
    def matches(self) -> int:
        """How many matches there are."""
        return sum(len(target.matches) for target in self.targets)


@dataclass
class _Candidates:
    """The entries that may be one target, by id."""

    nodes: dict[str, Node] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    """Those that have a number of the target."""
    crowded: int = 0


def screen(workspace: Workspace, request: ScreeningRequest) -> Screening:
    """Compare each person and company of the list with the entries of the register. Loads nothing into the graph.

    Raises InputError for files that cannot be read, NotFound where there is no graph.
    """
    with _temporary_store(workspace, request.files, _LIST, request.connector) as (listed, rejected_rows):
        if request.register:
            with _temporary_store(workspace, request.register, _REGISTER, "") as (register, rejected):
                return _screen(workspace, request, listed, register, rejected_rows + rejected)
        from kg.operations.store.view_cache import open_store

        with open_store(workspace) as register:
            return _screen(workspace, request, listed, register, rejected_rows)


@contextmanager
def _temporary_store(
    workspace: Workspace, files: Sequence[Path], source: str, connector: str
) -> Iterator[tuple[Store, int]]:
    """A store of its own with these files, and how many of their rows could not be read; it is gone after the block."""
    with TemporaryDirectory(prefix="kg-screening-") as folder:
        own = replace(workspace, path=Path(folder) / "store.sqlite", neo4j=None, view_cache=None, protected=True)
        named = [file if connector else _as_sheet(file, Path(folder)) for file in files]
        load(
            replace(own, progress=no_progress),
            FileLoadRequest((data_dir("graph") / _JURISDICTIONS,)),
        )
        result = load(own, FileLoadRequest(tuple(named), connector, source))
        with open_sqlite_store(own) as store:
            yield store, result.rejected


def _as_sheet(file: Path, folder: Path) -> Path:
    """A table whose name no connector knows, as a sheet of people; a row without a key has its line as one."""
    try:
        choose_connector(file)
    except InputError:
        if file.suffix.lower() not in _TABLES or not file.is_file():
            raise
    else:
        return file
    sheet = folder / file.stem / _PEOPLE
    sheet.parent.mkdir()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for found in read_table(file, (), ignore_progress, Dialect(delimiter="")):
        if isinstance(found, Reject):
            raise InputError(found.reason, InputLocation(str(file), line=found.line))
        row, cells = found
        keyed = {"key": f"line {row.line}"} | cells
        if not text.tell():
            writer.writerow(keyed)
        writer.writerow(keyed.values())
    return write_atomically(sheet, text.getvalue().encode())


def _screen(
    workspace: Workspace, request: ScreeningRequest, listed: Store, register: Store, rejected: int
) -> Screening:
    ontology = workspace.ontology
    nodes = list(iterate_parties(listed))
    sizes = sizes_of(register, ontology)
    prepared: list[tuple[Party, _Candidates, list[tuple[Party, Evidence]]]] = []
    for done, node in enumerate(nodes):
        workspace.progress("screening", done, len(nodes))
        target = linked_party(listed, ontology, node)
        found = find_candidates(register, ontology, target, source=request.source)
        prepared.append((target, found, list(_close(register, ontology, target, found))))
    pool = {party.id: party for _, _, close in prepared for party, _ in close}
    targets = []
    for target, found, close in prepared:
        size = sizes["company" if target.is_company else "person"]
        base = Register.of(size, len(nodes), pool.values(), request.expected)
        matches = [compare_parties(target, party, base, names) for party, names in close]
        chosen = sorted(
            (m for m in matches if m.probability >= request.least), key=lambda m: (-m.probability, -m.bits, m.other)
        )
        has_words = any(map(name_words, target.names))
        targets.append(
            ScreenedTarget(
                target.id, target.caption, target.type, tuple(chosen), len(found.nodes), found.crowded, has_words
            )
        )
    targets.sort(key=lambda t: (-max((m.probability for m in t.matches), default=0.0), t.caption, t.id))
    return Screening(tuple(targets), sum(sizes.values()), rejected)


def find_candidates(
    register: Store, ontology: Ontology, target: Party, *, source: str = "", limit: int = MAX_BLOCK
) -> _Candidates:
    """The entries of a register whose names may be written for the target, or that have one of its numbers."""
    kinds = kinds_beside(ontology, target.type)
    found = _Candidates()

    def add(nodes: dict[str, Node]) -> None:
        found.nodes.update((i, n) for i, n in nodes.items() if not source or source in n.sources)

    queries = dict.fromkeys(
        query
        for name in (*target.names, *target.weak_names)
        for query in candidate_queries(name, is_company=target.is_company)
    )
    for query in queries:
        nodes = register.find_by_words(query, kinds, limit + 1)
        found.crowded += len(nodes) > limit
        add(dict(list(nodes.items())[:limit]))
    for value in _numbers(target):
        nodes = register.find_by_identifier(value, kinds, limit)
        add(nodes)
        found.numbers |= nodes.keys()
    return found


def _numbers(target: Party) -> Iterator[str]:
    from kg.analysis.matching.party import NUMBERS

    for name in NUMBERS:
        yield from target.values.get(name, ())


def _close(register: Store, ontology: Ontology, target: Party, found: _Candidates) -> Iterable[tuple[Party, Evidence]]:
    """Those candidates whose names weigh enough, with what their links say."""
    for name, node in sorted(found.nodes.items()):
        if name == target.id:
            continue
        names = name_evidence(target, named_party(ontology, node))
        if names.bits >= LEAST_NAME_BITS or name in found.numbers:
            yield linked_party(register, ontology, node), names


def sizes_of(register: Store, ontology: Ontology) -> dict[str, int]:
    """How many people and how many other parties a register has."""
    people, parties = ontology.kinds_of("Person"), ontology.kinds_of("Party")
    counts = register.contents().nodes
    return {
        "person": sum(n for kind, n in counts.items() if kind in people),
        "company": sum(n for kind, n in counts.items() if kind in parties - people),
    }
