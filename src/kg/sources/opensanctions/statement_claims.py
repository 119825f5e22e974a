"""The claims that the statements on one entity make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from kg.ontology.derive.ftm import CURRENCIES, EdgeRule
from kg.records import Record, Reject
from kg.sources.ftm.read import FtmReader
from kg.sources.ftm.schemata import ancestors, schema_problem, stated_schema
from kg.sources.ftm.spool import MergedRow
from kg.sources.opensanctions.statements import ID_PROPERTY, Statement
from kg.sources.record_builder import Texts

_SHARED = ("sourceUrl", "publisher", "modifiedAt", "retrievedAt")
"""Properties about all of a data set's statements on an entity, where there is one value."""


class _Sighting(NamedTuple):
    """Who said something, and from when to when."""

    dataset: str
    first_seen: str
    last_seen: str

    def __str__(self) -> str:
        return f"{self.dataset}: {self.first_seen or '?'} to {self.last_seen or '?'}"


class StatementClaims:
    """Makes records of the statements on one entity.

    A node has a record for each data set and pair of days, of which the first is its part; a link has one record,
    which lists them.
    """

    def __init__(self, reader: FtmReader) -> None:
        self._reader = reader

    def read(self, found: Sequence[Statement]) -> Iterator[Record | Reject]:
        """The records of all statements on one entity, and a reject for each that is about something else."""
        fitting = list[Statement]()
        named = [one.schema for one in found]
        schema = stated_schema(named)
        for one in found:
            problem = self._reader.problem({"id": one.key, "schema": one.schema})
            if not problem and one.schema not in ancestors(schema):
                problem = schema_problem(one.key, one.schema, named)
            if problem:
                yield one.row.reject(problem)
            else:
                fitting.append(one)
        if fitting:
            entities = list(_entities(schema, fitting, is_edge=isinstance(self._reader.rule(schema), EdgeRule)))
            yield from self._read_entities(fitting, entities)

    def _read_entities(
        self, found: Sequence[Statement], entities: Sequence[tuple[dict[str, Any], list[Statement]]]
    ) -> Iterator[Record | Reject]:
        links: dict[str, tuple[Record, list[Statement]]] = {}
        last: dict[tuple[str, str], str] = {}
        row = MergedRow.of([(s.row, {"properties": {s.prop: [s.value]}}) for s in found])
        for entity, said in reversed(entities):
            for reading in self._reader.read_entity(row, entity):
                if isinstance(reading, Reject):
                    rows = dict.fromkeys(s.row for s in said)
                    yield from [r.reject(reading.reason) for r in rows] if reading.whole else [reading]
                elif reading.ends is None:
                    seen = _sighting(said[0])
                    name = f"{seen.dataset} {seen.first_seen}".strip()
                    newest = last.setdefault((seen.dataset, seen.first_seen), seen.last_seen)
                    reading.part = name if newest == seen.last_seen else f"{name} {seen.last_seen}"
                    reading.other = {**reading.other, **_seen(said)}
                    yield reading
                elif reading.part in links:
                    links[reading.part][1].extend(said)
                else:
                    links[reading.part] = (reading, list(said))
        for record, said in links.values():
            named = [s for s in said if record.part == f"{s.prop}:{s.value}"] or said
            datasets = tuple(sorted({s.dataset for s in named} - {""}))
            record.provenance = replace(record.provenance, datasets=datasets)
            record.other = {**record.other, **_seen(named)}
            yield record


def _entities(
    schema: str, found: Sequence[Statement], *, is_edge: bool
) -> Iterator[tuple[dict[str, Any], list[Statement]]]:
    """The entity in parts, each with the statements that say it: by data set and days, an edge as a whole."""
    parts: dict[_Sighting | None, list[Statement]] = {}
    for one in sorted(found, key=_sighting):
        parts.setdefault(None if is_edge else _sighting(one), []).append(one)
    facts = {key: said for key, said in parts.items() if any(s.prop != ID_PROPERTY for s in said)}
    referents = sorted({s.entity_id for s in found} - {found[0].key})
    for said in (facts or dict([next(iter(parts.items()))])).values():
        entity = {
            "id": found[0].key,
            "schema": schema,
            "properties": _properties(said, found),
            "datasets": sorted({s.dataset for s in said} - {""}),
            "referents": referents,
            "last_change": min((s.first_seen for s in said if s.first_seen), default=""),
        }
        referents = []
        yield {name: value for name, value in entity.items() if value or name == "properties"}, said


def _properties(said: Sequence[Statement], of_entity: Sequence[Statement]) -> Mapping[str, list[str]]:
    """The values of a part of an entity, with what belongs to them and is stated in another part."""
    found = _values(s for s in said if s.prop != ID_PROPERTY)
    every = _values(of_entity)
    if any(name.lower().endswith("amount") or name in CURRENCIES for name in found) and "currency" in every:
        found.setdefault("currency", every["currency"])
    datasets = {s.dataset for s in said}
    about = _values(s for s in of_entity if s.dataset in datasets)
    for name in _SHARED:
        if len(about.get(name, ())) == 1:
            found.setdefault(name, about[name])
    return found


def _values(said: Iterable[Statement]) -> dict[str, list[str]]:
    """Property to its values, each once."""
    found: dict[str, dict[str, None]] = {}
    for one in said:
        found.setdefault(one.prop, {})[one.value] = None
    return {name: list(values) for name, values in found.items()}


def _sighting(statement: Statement) -> _Sighting:
    return _Sighting(statement.dataset, statement.first_seen, statement.last_seen)


def _seen(said: Sequence[Statement]) -> Texts:
    """What is kept of statements besides their values: when they were seen, by what, and what the source wrote."""
    sightings = sorted({_sighting(s) for s in said})
    if len(sightings) == 1:
        times = {"first_seen": [sightings[0].first_seen], "last_seen": [sightings[0].last_seen]}
    elif len({(s.prop, s.value) for s in said}) == 1:
        times = {"seen": [str(sighting) for sighting in sightings]}
    else:
        times = {"seen": sorted({f"{s.prop} {s.value}, {_sighting(s)}" for s in said if s.prop != ID_PROPERTY})}
    times["origin"] = sorted({s.origin for s in said if s.origin})
    for one in said:
        if one.original and one.original != one.value:
            times.setdefault(f"{one.prop} as written", []).append(one.original)
    return {name: texts for name, texts in times.items() if any(texts)}
