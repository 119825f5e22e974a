"""Which nodes and links does one row of a declared table claim?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import orjson

from kg.ontology import Ontology
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import CURATED, Record, Ref
from kg.sources.rows import Checks, key_problem
from kg.sources.tabular.mapped_row import Fit, Line, Values, folded, listed
from kg.sources.tabular.mapping import Cell, Claim, LinkClaim, NodeClaim, Type
from kg.sources.tabular.mapping_lint import only_jurisdictions

ValuesOf = Callable[[Cell], Values]


class World(NamedTuple):
    """What all claims of a declaration are made with."""

    ontology: Ontology
    namespace: str
    checks: Checks
    values: ValuesOf


class _Types:
    """Which type a row gives to a claim, and whether the ends are exchanged."""

    def __init__(self, declared: Type, names: Mapping[str, tuple[str, bool]]) -> None:
        """`names`: what may stand in a column that holds the ontology's own words."""
        self._declared = declared
        self._always = (declared.always, False) if declared.always else None
        self._otherwise = (declared.otherwise, False) if declared.otherwise else None
        self._blank = (declared.blank, False) if declared.blank else self._otherwise
        said = {folded(theirs): (t.type, t.reverse) for theirs, t in declared.values.items()}
        self._known: Mapping[str, tuple[str, bool]] = said or names
        self._names = list(declared.values) or sorted({name for name, _ in names.values()})

    def of(self, line: Line) -> tuple[str, bool] | None:
        """Type and direction; None, with a reject, where the row says no type that is known."""
        if self._always:
            return self._always
        column = self._declared.column
        text = line.cells.get(column, "")
        if not text and self._blank:
            return self._blank
        if found := self._known.get(folded(text)):
            line.used.add(column)
            return found
        if self._otherwise is None:
            line.set_aside([column], text, f"expected one of {listed(self._names)}")
        return self._otherwise


class _Made:
    """What nodes and links have in common."""

    def __init__(self, claim: Claim, world: World, names: Mapping[str, tuple[str, bool]]) -> None:
        self.claim = claim
        self.fit = Fit.of(claim.when, claim.unless)
        self._world = world
        self._types = _Types(claim.type, names)
        self._sources = {name: [world.values(cell) for cell in cells] for name, cells in claim.sources.items()}

    def _properties(self, type_name: str, line: Line) -> dict[str, list[str]]:
        """The values that the ontology takes; the others become the row's rejects."""
        problems, known = self._world.checks.of(type_name), self._world.ontology.properties(type_name)
        kept: dict[str, list[str]] = {}
        for name, sources in self._sources.items():
            if name not in problems:
                continue  # a property of another of the claim's types: the cells stay under their own names
            for source in sources:
                for value in source.of(line):
                    if problem := problems[name](value):
                        line.set_aside(source.columns, value, problem)
                    elif value not in kept.setdefault(name, []):
                        kept[name].append(value)
                        if line.notes and known[name].type == "identifier":
                            line.remark(source.columns, value)
        return {name: values for name, values in kept.items() if values}


class Nodes(_Made):
    """A node that a row describes."""

    def __init__(self, claim: NodeClaim, world: World) -> None:
        ontology, ancestor = world.ontology, claim.kind_of
        kinds = [n for n in ontology.node_names if not ancestor or ontology.is_a(n, ancestor)]
        super().__init__(claim, world, {folded(spelling): (n, False) for n in kinds for spelling in spellings(n)})
        self._key = world.values(claim.key) if claim.key else None
        self._referents = [world.values(cell) for cell in claim.referents]

    def make(self, key: str, line: Line) -> list[Record]:
        """One record, or none where the row does not say it."""
        own = self._key.of(line) if self._key else [key]
        found = self._types.of(line) if own else None
        if found is None:
            return []
        if problem := key_problem(own[0]):
            line.set_aside(self._key.columns if self._key else (), own[0], problem)
            return []
        others = {r for source in self._referents for r in source.of(line)}
        properties = self._properties(found[0], line)
        return [Record(own[0], found[0], properties, referents=tuple(sorted(others - {own[0]})), line=line.row.line)]


class Links(_Made):
    """Links that a row describes: one for each pair of its ends."""

    def __init__(self, claim: LinkClaim, world: World, part: str, *, is_row: bool) -> None:
        """`part` names the link among the row's claims; `is_row` where the row describes links and nothing else."""
        super().__init__(claim, world, link_words(world.ontology))
        self._ends = tuple(world.values(end) if end else None for end in (claim.from_, claim.to))
        self._spaces = (claim.from_namespace, claim.to_namespace)
        several = any(end is not None and end.split for end in (claim.from_, claim.to))
        self._part, self._is_row, self._told_apart = part, is_row, several or not is_row

    def make(self, key: str, line: Line) -> list[Record]:
        """The links; none where the row names no end."""
        tails, heads = (end.of(line) if end else [key] for end in self._ends)
        found = self._types.of(line) if tails and heads else None
        if found is None:
            self._say_missing(line)
            return []
        type_name, reverse = found
        spaces = [self._space(type_name, side if not reverse else 1 - side, self._spaces[side]) for side in (0, 1)]
        froms, tos = (self._refs(n, texts, spaces[n], line) for n, texts in enumerate((tails, heads)))
        properties = self._properties(type_name, line) if froms and tos else {}
        made = []
        for one, other in product(froms, tos):
            ends = (other, one) if reverse else (one, other)
            made.append(Record(key, type_name, properties, self._name(one, other), ends, line=line.row.line))
        return made

    def _say_missing(self, line: Line) -> None:
        """Where the row is the link, an empty end is a fault; elsewhere there is no link to speak of."""
        for end in self._ends:
            if end and self._is_row and not any(line.cells.get(column) for column in end.columns):
                line.rejects.append(line.fault(end.columns, ": expected the key of an end, not an empty cell"))

    def _space(self, type_name: str, side: int, said: str) -> str:
        curated = only_jurisdictions(self._world.ontology, type_name, side)
        return CURATED if curated and not said else said or self._world.namespace

    def _refs(self, side: int, texts: Sequence[str], space: str, line: Line) -> list[Ref]:
        refs, end = list[Ref](), self._ends[side]
        for text in texts:
            try:
                key = VALUE_TYPES["jurisdiction"].clean(text) if space == CURATED else text
                problem = key_problem(key)
            except BadValue as error:
                problem = str(error)
            if problem:
                line.set_aside(end.columns if end else (), text, problem)
            else:
                refs.append(Ref(space, key))
        return refs

    def _name(self, one: Ref, other: Ref) -> str:
        """Which of the row's claims it is: its name, and the ends that it does not share with the others."""
        named = [ref.key for ref, end in zip((one, other), self._ends, strict=True) if end]
        return ":".join([*([self._part] if self._part else []), *(named if self._told_apart else [])])


def digest(content: object) -> str:
    """A name for some content, the same wherever and whenever it is met."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def spellings(name: str) -> tuple[str, str]:
    """How a person may write the name of a type: `FAMILY_OF` or `family of`, `RealEstate` or `real estate`."""
    return name, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("_", " "))


def link_words(ontology: Ontology) -> dict[str, tuple[str, bool]]:
    """What may say which link it is: its name or its words, and the words that say it the other way round."""
    found: dict[str, tuple[str, bool]] = {}
    for name in ontology.link_names:
        link = ontology.links[name]
        if link.directed:
            found.setdefault(folded(link.inverse), (name, True))
        found[folded(link.caption)] = (name, False)
    return {**found, **{folded(s): (n, False) for n in ontology.link_names for s in spellings(n)}}
