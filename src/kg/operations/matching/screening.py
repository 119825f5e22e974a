"""Screen a list: which entries of a register may be the people and companies on it?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import log2
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.analysis.matching import Party, Register, compare_parties
from kg.analysis.matching.evidence.names import name_evidence
from kg.analysis.matching.party import MIN_SIZE, NUMBERS
from kg.errors import InputError, InputLocation, NotFound
from kg.files import write_atomically
from kg.findings.matches import Evidence, ScreenedTarget, Screening, has_same_number, rank
from kg.ledger.loads import LoadResult
from kg.names import candidate_queries, name_words
from kg.names.candidates import surname_queries
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
from kg.ports import Contents, Store
from kg.records import Node, Reject
from kg.resources import data_dir
from kg.sources import choose_connector
from kg.sources.files.delimited import Dialect, read_table
from kg.sources.rows import ignore_progress

_COMPANIES = "enterprises.csv"
_COMPANY_COLUMNS = frozenset(
    {
        *("registered in", "registration number", "incorporation date", "incorporated in", "legal form"),
        *("company", "company name", "company number", "enterprise", "lei"),
    }
)
"""Headings that only a table of companies has."""

MAX_SURNAME_BLOCK = 2_000
"""Most entries with a surname and an English name that are read to find those of one birth year."""

Find = Callable[[str, Sequence[str], int], dict[str, Node]]
"""Finds the first nodes whose search words match a query, of some types."""

_REMEMBERED = 200
"""Queries whose answers are kept for the next names of a list."""

_YEAR = 4
_AS_ALIKE = 1.0
"""Bits by which the name of a namesake may be less alike."""

LEAST_NAME_BITS = 2.0
"""Entries whose names weigh less are compared no further, unless they have the same number."""

_JURISDICTIONS = "reference/jurisdictions.csv"
_PEOPLE, _KEY = "persons.csv", "key"
_TABLES = {".csv", ".tsv", ".txt"}

_LIST, _REGISTER = "screened-list", "screened-register"


@dataclass(frozen=True, slots=True)
class ScreeningRequest:
    """What is screened, and against what."""

    files: tuple[Path, ...] = ()
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
class _Read:
    """What of some files could not be read."""

    rejected: int
    notes: tuple[str, ...]


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
    with _temporary_store(workspace, request.files, _LIST, request.connector) as (listed, read):
        if request.register:
            with _temporary_store(workspace, request.register, _REGISTER, "") as (register, more):
                return _screen(workspace, request, listed, register, [read, more])
        from kg.operations.store.view_cache import open_store

        with open_store(workspace) as register:
            return _screen(workspace, request, listed, register, [read])


@contextmanager
def _temporary_store(
    workspace: Workspace, files: Sequence[Path], source: str, connector: str
) -> Iterator[tuple[Store, _Read]]:
    """A store of its own with these files, and what of them could not be read; it is gone after the block."""
    with TemporaryDirectory(prefix="kg-screening-") as folder:
        own = replace(workspace, path=Path(folder) / "store.sqlite", neo4j=None, view_cache=None, protected=True)
        named = [file if connector else _as_sheet(file, Path(folder), n) for n, file in enumerate(files, 1)]
        load(
            replace(own, progress=no_progress),
            FileLoadRequest((data_dir("graph") / _JURISDICTIONS,)),
        )
        result = load(own, FileLoadRequest(tuple(named), connector, source))
        with open_sqlite_store(own) as store:
            yield store, _Read(result.rejected, tuple(_notes(result, dict(zip(map(str, named), files, strict=True)))))


def _notes(result: LoadResult, files: Mapping[str, Path]) -> Iterator[str]:
    """What was not read of some files, the first of each kind with its line, and the columns that nothing reads."""
    for reason, count in result.reasons.items():
        examples = result.examples[reason]
        for example in examples:
            yield f"{files.get(example.file, example.file)}:{example.line}: {example.reason}"
        if (more := count - len(examples)) > 0:
            yield f"{more:,} more: {reason}"
    if result.unmapped:
        columns = sorted({name.partition(".")[2] for name in result.unmapped})
        yield f"not compared, as no property is called so: {', '.join(columns)}"


def _as_sheet(file: Path, folder: Path, number: int) -> Path:
    """A table whose name no connector knows, as a sheet of people; a row without a key has its line as one.

    Each row keeps its line.
    """
    if not file.exists():
        raise InputError("there is no such file", InputLocation(str(file)))
    try:
        choose_connector(file)
    except InputError:
        if file.suffix.lower() not in _TABLES:
            raise
    else:
        return file
    text, sheet = io.StringIO(newline=""), _PEOPLE
    writer = csv.writer(text, lineterminator="\n")
    line = 0
    for found in read_table(file, (), ignore_progress, Dialect(delimiter="")):
        if isinstance(found, Reject):
            raise InputError(found.reason, InputLocation(str(file), line=found.line))
        row, cells = found
        keyed = {_KEY: "", **cells}
        keyed[_KEY] = keyed[_KEY].strip() or f"line {row.line}" + f" of file {number}" * (number > 1)
        if not line:
            writer.writerow(keyed)
            if any(" ".join(name_words(name)) in _COMPANY_COLUMNS for name in keyed):
                sheet = _COMPANIES
            line = 2 + sum(name.count("\n") for name in keyed)
        text.write("\n" * (row.line - line))
        writer.writerow(keyed.values())
        line = max(line, row.line) + 1 + sum(cell.count("\n") for cell in keyed.values())
    if not line:
        raise InputError("has no rows below its header", InputLocation(str(file)))
    (folder / str(number)).mkdir()
    return write_atomically(folder / str(number) / sheet, text.getvalue().encode())


def _screen(
    workspace: Workspace, request: ScreeningRequest, listed: Store, register: Store, read: Sequence[_Read]
) -> Screening:
    targets = [linked_party(listed, workspace.ontology, node) for node in iterate_parties(listed)]

    def show_progress(done: int) -> None:
        workspace.progress("screening", done, len(targets))

    notes = tuple(note for one in read for note in one.notes)
    screening = screen_parties(register, targets, request, show_progress)
    return replace(
        screening,
        references=dict(screening.references) | _references(listed, [target.id for target in targets]),
        rejected=sum(one.rejected for one in read),
        notes=notes,
    )


def screen_parties(
    register: Store, listed: Sequence[Party], request: ScreeningRequest, progress: Callable[[int], None]
) -> Screening:
    """Compare each person and company of a list that is in memory with the entries of the register.

    `progress` is told how many have been looked for, and may raise an error to end the work. Raises NotFound for a
    source that the register has not.
    """
    ontology, contents = register.ontology, register.contents()
    known = [source.name for source in contents.sources]
    if request.source and request.source not in known:
        none = f"there is no source {request.source!r}; sources: {', '.join(sorted(known)) or 'none'}"
        raise NotFound(none).with_field("source", request.source)
    sizes = _sizes(ontology, contents)
    prepared: list[tuple[Party, _Candidates, list[tuple[Party, Evidence]]]] = []
    find = lru_cache(_REMEMBERED)(register.find_by_words)  # people on one list often share a name
    for done, target in enumerate(listed):
        progress(done)
        found = find_candidates(register, ontology, target, source=request.source, find=find)
        prepared.append((target, found, list(close_entries(register, ontology, target, found))))
    pool = {party.id: party for _, _, close in prepared for party, _ in close}
    bases = {
        is_company: Register.of(sizes[kind], len(listed), pool.values(), request.expected)
        for is_company, kind in ((False, "person"), (True, "company"))
    }
    targets = []
    for target, found, close in prepared:
        progress(len(listed))
        base = bases[target.is_company]
        limited = [(party, limited_by_namesakes(names, close, base.size)) for party, names in close]
        matches = [compare_parties(target, party, base, names) for party, names in limited]
        chosen = sorted(
            (m for m in matches if m.probability >= request.least or has_same_number(m)),
            key=rank,
        )
        has_words = any(map(name_words, target.names))
        targets.append(
            ScreenedTarget(
                target.id, target.caption, target.type, tuple(chosen), len(found.nodes), found.crowded, has_words
            )
        )
    targets.sort(key=lambda t: (-max((m.probability for m in t.matches), default=0.0), t.caption, t.id))
    told = sorted({match.other for target in targets for match in target.matches})
    return Screening(tuple(targets), sum(sizes.values()), 0, references=_references(register, told))


def _references(store: Store, nodes: Sequence[str]) -> dict[str, str]:
    """The first key that records have for each node; of a file that is not loaded, the key alone."""
    keys = {node: min((claim.namespace, claim.key) for claim in said) for node, said in store.claims(nodes).items()}
    return {node: key if space in {_LIST, _REGISTER} else f"{space}:{key}" for node, (space, key) in keys.items()}


def limited_by_namesakes(names: Evidence, close: Sequence[tuple[Party, Evidence]], size: int) -> Evidence:
    """The evidence of names, no stronger than the number of others in the register allows who are called so too."""
    alike = sum(other.bits >= names.bits - _AS_ALIKE for _, other in close) - 1
    limit = round(log2(max(size, MIN_SIZE) / alike), 1) if alike > 0 else names.bits
    if limit >= names.bits:
        return names
    says = f"{names.says}; {alike:,} other{'s' * (alike > 1)} in the register called so"
    return replace(names, bits=limit, says=says)


def find_candidates(
    register: Store,
    ontology: Ontology,
    target: Party,
    *,
    source: str = "",
    limit: int = MAX_BLOCK,
    find: Find | None = None,
) -> _Candidates:
    """The entries of a register whose names may be written for the target, or that have one of its numbers."""
    kinds, find = kinds_beside(ontology, target.type), find or register.find_by_words
    found = _Candidates()

    def add(nodes: dict[str, Node]) -> None:
        found.nodes.update((i, n) for i, n in nodes.items() if not source or source in n.sources)

    queries = dict.fromkeys(
        query
        for name in (*target.names, *target.weak_names)
        for query in candidate_queries(name, is_company=target.is_company)
    )
    for query in queries:
        nodes = find(query, kinds, limit + 1)
        found.crowded += len(nodes) > limit
        add(dict(list(nodes.items())[:limit]))
    years = {day[:_YEAR] for day in target.birth_dates}
    for query in dict.fromkeys(q for name in target.names for q in surname_queries(name)) if years else ():
        nodes = find(query, kinds, MAX_SURNAME_BLOCK)
        add({i: n for i, n in nodes.items() if any(d[:_YEAR] in years for d in n.properties.get("birth_date", ()))})
    for value in _numbers(target):
        nodes = register.find_by_identifier(value, kinds, limit)
        add(nodes)
        found.numbers |= nodes.keys()
    return found


def _numbers(target: Party) -> Iterator[str]:
    for name in NUMBERS:
        yield from target.values.get(name, ())
    for number in target.resident_numbers:
        yield from number.forms


def close_entries(
    register: Store, ontology: Ontology, target: Party, found: _Candidates
) -> Iterable[tuple[Party, Evidence]]:
    """Those candidates whose names weigh enough, with what their links say."""
    for name, node in sorted(found.nodes.items()):
        if name == target.id:
            continue
        names = name_evidence(target, named_party(ontology, node))
        if names.bits >= LEAST_NAME_BITS or name in found.numbers:
            yield linked_party(register, ontology, node), names


def sizes_of(register: Store, ontology: Ontology) -> dict[str, int]:
    """How many people and how many other parties a register has."""
    return _sizes(ontology, register.contents())


def _sizes(ontology: Ontology, contents: Contents) -> dict[str, int]:
    people, parties = ontology.kinds_of("Person"), ontology.kinds_of("Party")
    counts = contents.nodes
    return {
        "person": sum(n for kind, n in counts.items() if kind in people),
        "company": sum(n for kind, n in counts.items() if kind in parties - people),
    }
