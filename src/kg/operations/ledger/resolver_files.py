"""Judgements of a resolver file of nomenklatura, recorded as judgements of the ledger."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from kg.errors import InputError, InputLocation, NotFound
from kg.ledger.judgement_pairs import DISTINCT, SAME, UNSURE
from kg.ledger.judgement_status import HOLDS, WAITS, judgements_between
from kg.operations.ledger.judgements import Attribution, judge
from kg.operations.workspace import Workspace, open_sqlite_store
from kg.records import Judgement
from kg.sources.files.lines import read_lines

_KINDS = {"positive": SAME, "negative": DISTINCT, "unsure": UNSURE, "no_judgement": ""}
_LEAST_FIELDS, _SCORE, _USER, _TIME = 3, 3, 4, 5
_LEAST_MEMBERS = 2
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ResolverJudgements:
    """What became of the lines of a resolver file."""

    recorded: tuple[Judgement, ...]
    known: int
    """Pairs of which the ledger says so already."""
    open: int
    """Lines without a judgement: suggestions of a program."""
    absent: int
    """Judged pairs of which one end, or all that are one with it, is nobody in the graph."""
    refused: tuple[str, ...]
    """Why each other pair was not recorded, with its line."""


@dataclass(frozen=True, slots=True)
class _Edge:
    line: int
    one: str
    other: str
    kind: str
    said: Attribution


def record_resolver_file(workspace: Workspace, path: Path, namespace: str) -> ResolverJudgements:
    """Record the judgements of a file, a line of JSON each: two ids, the judgement, score, user, time.

    Ids are keys of a namespace. Those that are joined by positive judgements are one: ids that the graph has not, such
    as those that nomenklatura made, join those that it has. Raises InputError for a file or line that cannot be read;
    nothing is recorded then.
    """
    edges = list(_read_edges(path))
    groups = _Groups((edge.one, edge.other) for edge in edges if edge.kind == SAME)
    found = _known_keys(workspace, namespace, {key for edge in edges for key in (edge.one, edge.other)})
    members: dict[str, list[str]] = defaultdict(list)
    for key in sorted(found):
        members[groups.root(key)].append(key)
    recorded, refused, known, absent = list[Judgement](), list[str](), 0, 0
    said = set[tuple[str, frozenset[str]]]()
    for edge in sorted((edge for edge in edges if edge.kind), key=lambda edge: (edge.kind != SAME, edge.line)):
        pairs = _pairs(edge, found, members[groups.root(edge.one)], members[groups.root(edge.other)])
        absent += not pairs and (edge.kind != SAME or len(members[groups.root(edge.one)]) < _LEAST_MEMBERS)
        for one, other in pairs:
            pair = frozenset((one, other))
            if (edge.kind, pair) in said:
                continue
            said.add((edge.kind, pair))
            names = f"{namespace}:{one}", f"{namespace}:{other}"
            if _is_judged(workspace, edge.kind, names):
                known += 1
                continue
            try:
                recorded.append(judge(workspace, edge.kind, names, edge.said))
            except InputError as error:
                refused.append(f"{path}:{edge.line}: {error.problem}")
    is_open = sum(not edge.kind for edge in edges)
    return ResolverJudgements(tuple(recorded), known, is_open, absent, tuple(refused))


def _pairs(edge: _Edge, found: set[str], ours: list[str], theirs: list[str]) -> list[tuple[str, str]]:
    """The keys of the graph about which an edge is: its ends, else others that are one with them."""
    if edge.kind == SAME:
        if {edge.one, edge.other} <= found:
            return [(edge.one, edge.other)]
        return [(ours[0], other) for other in ours[1:] if other in {edge.one, edge.other}]
    one = edge.one if edge.one in found else next(iter(ours), "")
    other = edge.other if edge.other in found else next(iter(theirs), "")
    return [(one, other)] if one and other and one != other else []


def _known_keys(workspace: Workspace, namespace: str, keys: Iterable[str]) -> set[str]:
    found = set()
    with open_sqlite_store(workspace) as store:
        for key in keys:
            try:
                store.resolve(f"{namespace}:{key}")
            except (NotFound, InputError):
                continue
            found.add(key)
    return found


def _is_judged(workspace: Workspace, kind: str, names: tuple[str, str]) -> bool:
    with open_sqlite_store(workspace) as store:
        one, other = map(store.resolve, names)
        if one == other:
            return kind == SAME
        states = judgements_between(store.connection, one, other)
        return any(found.judgement.kind == kind and found.state in {HOLDS, WAITS} for found in states)


def _read_edges(path: Path) -> Iterator[_Edge]:
    if not path.is_file():
        raise InputError("there is no such file", InputLocation(str(path)))
    empty = True
    for number, text in read_lines(path):
        if text.strip():
            empty = False
            yield _edge(path, number, text)
    if empty:
        raise InputError("has no judgements", InputLocation(str(path)))


def _edge(path: Path, number: int, text: bytes) -> _Edge:
    place = InputLocation(str(path), number)
    expected = 'expected a list such as ["Q1", "NK-2", "positive", 0.9, "analyst", "2024-05-06T07:08:09"]'
    try:
        row: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(f"is not JSON: {error}; {expected}", place) from None
    if not isinstance(row, list) or len(row) < _LEAST_FIELDS or not all(isinstance(v, str) and v for v in row[:3]):
        raise InputError(expected, place)
    row += [None] * (_TIME + 1 - len(row))
    if row[2] not in _KINDS:
        raise InputError(
            f"expected one of {', '.join(_KINDS)}", InputLocation(str(path), number, key="judgement", value=row[2])
        )
    return _Edge(number, row[0], row[1], _KINDS[row[2]], _attribution(path, row))


def _attribution(path: Path, row: list[Any]) -> Attribution:
    """Who judged and when; a score says what the program that suggested the pair made of it."""
    user, time = _line(row[_USER]) or "nomenklatura", _line(row[_TIME])
    score = f", score {row[_SCORE]:g}" if isinstance(row[_SCORE], int | float) else ""
    day = found[0] if (found := _DAY.match(time)) and _is_day(found[0]) else ""
    return Attribution(user, f"{row[2]} in {_line(path.name)} of nomenklatura{score}", day)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _line(value: object) -> str:
    return "".join(c for c in " ".join(str(value or "").split()) if c.isprintable())[:200]


class _Groups:
    """Ids that are one by positive judgements."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._parents: dict[str, str] = {}
        for one, other in pairs:
            first, second = sorted((self.root(one), self.root(other)))
            self._parents[second] = first

    def root(self, key: str) -> str:
        """The smallest id of those that are one with this."""
        while (parent := self._parents.get(key, key)) != key:
            self._parents[key] = self._parents.get(parent, parent)
            key = parent
        return key
