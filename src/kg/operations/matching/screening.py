"""Screen a list: which entries of a register may be the people and companies on it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from kg.analysis.matching import Party
from kg.errors import InputError, expect_source
from kg.files import new_file
from kg.findings.counts import plural
from kg.findings.matches import Match, ScreenedTarget, Screening, has_same_number
from kg.findings.posterior import REVIEW, limited_by_judgement
from kg.ledger.judgement_pairs import DISTINCT
from kg.ledger.loads import LoadResult
from kg.names import name_words
from kg.names.variants import is_no_name
from kg.ontology import Ontology
from kg.operations.ledger.load import FileLoadRequest, load
from kg.operations.matching.entries import Entries, Near, first_references, ranked
from kg.operations.matching.judged_rows import judged_rows, judged_sentence
from kg.operations.matching.list_tables import as_sheet
from kg.operations.matching.own_sources import own_record_warnings, own_sources, own_sources_note
from kg.operations.matching.parties import iterate_parties, linked_party, may_be_compared
from kg.operations.questions.listing import list_nodes
from kg.operations.workspace import Workspace, open_sqlite_store
from kg.ports import PartyStore, Store
from kg.records import Claim
from kg.resources import data_dir

_JURISDICTIONS = "reference/jurisdictions.csv"

MAX_LEFT_OUT = 5
"""Of each type that is not screened, so many are named."""

_SCREENED = "screened-"
_LIST, _REGISTER = f"{_SCREENED}list", f"{_SCREENED}register"


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


OpenRegister = Callable[[Sequence[Party]], AbstractContextManager[PartyStore]]
"""Opens what a list is screened against."""


def screen(workspace: Workspace, request: ScreeningRequest, open_register: OpenRegister | None = None) -> Screening:
    """Compare each person and company of the list with the entries of the register. Loads nothing into the graph.

    `open_register` gives another register than the graph or the files of the request. Raises InputError for files that
    cannot be read, NotFound where there is no graph.
    """
    with _temporary_store(workspace, request.files, _LIST, request.connector) as (listed, loaded):
        nodes = list(iterate_parties(listed))
        targets = [linked_party(listed, workspace.ontology, node) for node in nodes if may_be_compared(node)]
        read = replace(loaded, notes=(*loaded.notes, *children_notes(len(nodes) - len(targets))))
        if request.register:
            with _temporary_store(workspace, request.register, _REGISTER, "") as (register, more):
                return _screen(workspace, request, listed, targets, register, [read, more])
        with (open_register or _graph(workspace))(targets) as entries:
            return _screen(workspace, request, listed, targets, entries, [read])


def children_notes(count: int) -> tuple[str, ...]:
    """That so many rows of a list are of nobody of age; none where there are none."""
    return (f"{plural(count, 'rows')} not screened: under 18",) if count else ()


def _graph(workspace: Workspace) -> OpenRegister:
    from kg.operations.store.view_cache import open_store

    return lambda _: open_store(workspace)


@lru_cache(maxsize=1)
def _store_of_jurisdictions(ontology: Ontology) -> bytes:
    """The file of a store with the jurisdictions alone, as which each of the temporary ones begins."""
    with TemporaryDirectory(prefix="kg-screening-") as folder:
        own = Workspace(Path(folder) / "store.sqlite", ontology, protected=True)
        load(own, FileLoadRequest((data_dir("graph") / _JURISDICTIONS,)))
        return own.path.read_bytes()


@contextmanager
def _temporary_store(
    workspace: Workspace, files: Sequence[Path], source: str, connector: str
) -> Iterator[tuple[Store, _Read]]:
    """A store of its own with these files, and what of them could not be read; it is gone after the block."""
    with TemporaryDirectory(prefix="kg-screening-") as folder:
        own = replace(workspace, path=Path(folder) / "store.sqlite", neo4j=None, view_cache=None, protected=True)
        as_sheets = [(file, 0) if connector else as_sheet(file, Path(folder), n) for n, file in enumerate(files, 1)]
        named = [file for file, _ in as_sheets]
        with new_file(own.path) as begun:
            begun.write(_store_of_jurisdictions(own.ontology))
        given = dict(zip(map(str, named), files, strict=True))
        try:
            result = load(own, FileLoadRequest(tuple(named), connector, source))
        except InputError as error:
            if not (file := given.get(error.location.file or "")):
                raise
            raise InputError(error.problem, replace(error.location, file=str(file))) from error
        with open_sqlite_store(own) as store:
            yield store, _Read(result.rejected, (*_notes(result, given), *_without_key(source, as_sheets)))


def _without_key(source: str, sheets: Sequence[tuple[Path, int]]) -> Iterator[str]:
    """That rows of the list or the register have no key; nothing where all have one."""
    if count := sum(without_key for _, without_key in sheets):
        yield f"{plural(count, 'rows')} of the {source.removeprefix(_SCREENED)} without a key, called by the line"


def _notes(result: LoadResult, files: Mapping[str, Path]) -> Iterator[str]:
    """What was not read of some files, the first of each kind with its line, and the columns that nothing reads."""
    for reason, count in result.reasons.items():
        examples = result.examples[reason]
        if all(example.is_advice for example in examples):
            continue  # it was read
        for example in examples:
            yield f"{files.get(example.file, example.file)}:{example.line}: {example.reason}"
        if (more := count - len(examples)) > 0:
            yield f"{more:,} more: {reason}"
    if result.unmapped:
        types = defaultdict[str, list[str]](list)
        for kind, _, column in sorted(name.partition(".") for name in result.unmapped):
            types[column].append(kind)
        told = (f"{column} of {', '.join(kinds)}" for column, kinds in sorted(types.items()))
        yield f"columns that are no property of these types, and not compared there: {'; '.join(told)}"


def _screen(  # a list, a register, and what was read of both
    workspace: Workspace,
    request: ScreeningRequest,
    listed: Store,
    targets: Sequence[Party],
    register: PartyStore,
    read: Sequence[_Read],
) -> Screening:
    def show_progress(done: int) -> None:
        workspace.progress("screening", done, len(targets))

    notes = (*_left_out(listed), *(note for one in read for note in one.notes))
    keys = _keys_of(listed.claims([target.id for target in targets]))
    screening = screen_parties(register, targets, request, show_progress, {} if request.register else keys)
    return replace(
        screening,
        references=dict(screening.references) | keys,
        rejected=sum(one.rejected for one in read),
        notes=(*screening.notes, *notes),
    )


def _left_out(listed: Store) -> Iterator[str]:
    """What of a list is not screened: ships and other things that are no people or companies, with their keys."""
    ontology = listed.ontology
    counts = listed.contents().nodes
    for node_type in sorted((ontology.kinds_of("Asset") - ontology.kinds_of("Party")) & counts.keys()):
        nodes = [node for node in list_nodes(listed, (node_type,)) if node.type == node_type]
        keys = _keys_of(listed.claims([node.id for node in nodes[:MAX_LEFT_OUT]]))
        told = ", ".join(f"{keys.get(node.id, node.id)} {node.caption}" for node in nodes[:MAX_LEFT_OUT])
        more = f" and {counts[node_type] - MAX_LEFT_OUT:,} more" if counts[node_type] > MAX_LEFT_OUT else ""
        yield f"{counts[node_type]:,} of type {node_type} not compared, for only people and companies are: {told}{more}"


def screen_parties(
    register: PartyStore,
    listed: Sequence[Party],
    request: ScreeningRequest,
    progress: Callable[[int], None],
    keys: Mapping[str, str] = MappingProxyType({}),
) -> Screening:
    """Compare each person and company of a list that is in memory with the entries of the register.

    `progress` is told how many have been looked for, and may raise an error to end the work. `keys` are those of the
    rows, by id: a list that is in the register itself is known by them. Raises NotFound for a source that the register
    has not.
    """
    if request.source:
        expect_source(request.source, (source.name for source in register.contents().sources))
    open_entries = partial(Entries, register, register.ontology, targets=len(listed), expected=request.expected)
    entries = open_entries(source=request.source)
    own = frozenset[str]() if request.source else own_sources(register, entries, listed, keys)
    if own:
        entries = open_entries(without=own)
    judged = judged_rows(register, listed, keys)
    distinct = {pair for pair, judgement in judged.items() if judgement.kind == DISTINCT}
    found, alone, apart = list[tuple[Party, Near]](), list[Match](), list[Match]()
    for done, target in enumerate(listed):
        progress(done)
        near = entries.near(target)
        found.append((target, near))
        for match in entries.matches(target, near, min(request.least, REVIEW), within=False):
            (apart if (match.one, match.other) in distinct else alone).append(match)
    matches = defaultdict[str, list[Match]](list)
    shared = entries.share(alone, {target.id: target for target in listed})
    shown = [match for match in shared if match.probability >= request.least or has_same_number(match.evidence)]
    ids = {target.id for target in listed}
    told = sorted({m.other for m in (*shown, *apart)} | {rival.id for m in shown for rival in m.rivals} - ids)
    claims = register.claims(told)
    for match in shown:
        judgement = judged.get((match.one, match.other))
        says = (judged_sentence(judgement),) if judgement else ()
        agrees_with_itself = own_record_warnings(claims[match.other], own, keys.get(match.one, "")) if own else ()
        warned = replace(match, warnings=(*match.warnings, *agrees_with_itself, *says))
        matches[match.one].append(limited_by_judgement(warned, judgement.kind) if judgement else warned)
    targets = []
    for target, near in found:
        has_words = any(name_words(name) and not is_no_name(name) for name in target.names)
        compared = len(near.nodes), near.crowded
        targets.append(
            ScreenedTarget(target.id, target.caption, target.type, ranked(matches[target.id]), *compared, has_words)
        )
    targets.sort(key=lambda t: (-max((m.probability for m in t.matches), default=0.0), t.caption, t.id))
    references = _keys_of(claims)
    notes = [own_sources_note(own)] if own else []
    kinds = {target.is_company for target in listed if target.countries}
    if kinds and not any(entries.register(is_company=kind).countries for kind in kinds):
        notes.append(
            "countries are not compared: no entry has one; `kg load --reference` loads jurisdictions into a graph"
        )
    for match in apart:
        ends = f"{match.one_caption} ({keys[match.one]}) and {match.other_caption} ({references[match.other]})"
        notes.append(f"{ends} are no match: {judged_sentence(judged[match.one, match.other])}")
    return Screening(tuple(targets), entries.people + entries.companies, 0, tuple(notes), references)


def _keys_of(claims: Mapping[str, Sequence[Claim]]) -> dict[str, str]:
    """The first key that records have for each node; of a file that is not loaded, the key alone."""
    return first_references(claims, (_LIST, _REGISTER))
