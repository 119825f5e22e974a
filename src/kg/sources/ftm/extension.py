"""Reads the key `kg` of entities that kg exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg.ontology import Ontology
from kg.ontology.derive.ftm import EXTENSION_KEY, LinkRole, link_roles
from kg.ontology.model import HANDLINGS
from kg.records import NOT_UNDERSTOOD, Provenance, Record, Reject, UnreadValue
from kg.sources.rows import GRADES, PropertyChecks, SourceRow, key_problem, may_be_handling

_KNOWN_KEYS = ("type", "key", "part", "page", "properties", "other", NOT_UNDERSTOOD, *GRADES)


class KgExtension:
    """Reads the key `kg` of an entity: type, key and part of the record, values and grades.

    An unexpected value is rejected and the rest of the entity is read. Only where the handling code is unknown, or a
    key may mean one, is the whole entity rejected: it must not become open.
    """

    def __init__(self, ontology: Ontology, checks: PropertyChecks) -> None:
        self._ontology, self._checks = ontology, checks
        self._roles = link_roles(ontology)

    def problem(self, data: Mapping[str, Any]) -> str:
        """Why the whole entity has to be rejected; empty if it can be read."""
        extension = data.get(EXTENSION_KEY, {})
        if not isinstance(extension, dict):
            return f"key {EXTENSION_KEY}: expected a JSON object"
        handling = extension.get("handling", HANDLINGS[0])
        if handling not in HANDLINGS:
            return f"key {EXTENSION_KEY}.handling, value {handling!r:.80}: expected one of {', '.join(HANDLINGS)}"
        if meant := next(filter(may_be_handling, extension.keys() - {*_KNOWN_KEYS}), ""):
            return f"key {EXTENSION_KEY}.{meant}: did you mean handling?"
        return ""

    def with_grades(self, provenance: Provenance, extension: Mapping[str, Any]) -> Provenance:
        """The provenance with the valid grades, handling code and page of the extension."""
        grades = {name: extension[name] for name, known in GRADES.items() if extension.get(name) in known}
        if isinstance(extension.get("page"), str):
            grades["page"] = extension["page"]
        return replace(provenance, **grades) if grades else provenance

    def apply(self, row: SourceRow, extension: Mapping[str, Any], record: Record) -> list[Reject]:
        """Add the extension to the record of the entity; returns the rejects."""
        sound = {name: value for name, value in extension.items() if self._is_valid(name, value, record)}
        wrong = {name: value for name, value in extension.items() if name not in sound}
        rejects = [row.reject_value(f"{EXTENSION_KEY}.{name}", v, _expectation(name)) for name, v in wrong.items()]
        if record.ends is not None and sound.get("type", record.type) != record.type:
            record.properties = _without_role(record.properties, self._roles[record.type][sound["type"]])
        record.type = sound.get("type", record.type)
        record.key, record.part = sound.get("key", record.key), sound.get("part", record.part)
        known, given = self._ontology.properties(record.type), sound.get("properties", {})
        claimed = {name: values for name, values in given.items() if name in known}
        kept, bad = self._checks.validate(row, record.type, claimed)
        record.properties = _merge_values(record.properties, kept)
        unknown = {name: values for name, values in given.items() if name not in known}
        record.other = _merge_values(_merge_values(record.other, unknown), sound.get("other", {}))
        unread = {UnreadValue(*value) for value in sound.get(NOT_UNDERSTOOD, ())}
        record.not_understood = tuple(sorted({*record.not_understood, *unread}))
        return [*rejects, *bad]

    def apply_to_links(self, row: SourceRow, extension: Mapping[str, Any], records: Sequence[Record]) -> list[Reject]:
        """The same for the links of one entity; entities that kg exports have one end on each side."""
        if len(records) == 1 or extension.keys() == {NOT_UNDERSTOOD}:
            return [reject for record in records for reject in self.apply(row, extension, record)]
        return [row.reject_value(EXTENSION_KEY, dict(extension), "expected an entity with one end on each side")]

    def _is_valid(self, name: str, value: object, record: Record) -> bool:
        if name in GRADES:
            return value in GRADES[name]
        if name == "type":
            if record.ends is not None:
                return value == record.type or (isinstance(value, str) and value in self._roles.get(record.type, ()))
            return self._is_subtype(value, record.type)
        if name == "key":
            return record.ends is not None and not key_problem(value)
        if name == "page":
            return isinstance(value, str)
        if name == "part":
            return value == "" or not key_problem(value)
        if name == NOT_UNDERSTOOD:
            return isinstance(value, list) and all(map(_is_unread, value))
        return name in _KNOWN_KEYS and _is_lists_of_texts(value)

    def _is_subtype(self, name: object, schema_type: str) -> bool:
        return isinstance(name, str) and name in self._ontology.node_names and self._ontology.is_a(name, schema_type)


def _expectation(name: str) -> str:
    if name in GRADES:
        return f"expected one of {', '.join(GRADES[name])}"
    if name == "type":
        return "expected a type of the ontology that the schema stands for"
    if name == NOT_UNDERSTOOD:
        return "expected a list of lists of three texts"
    if name == "page":
        return "expected text"
    if name in ("key", "part"):
        return "expected the key of a record"
    known = "an object of lists of texts" if name in _KNOWN_KEYS else f"one of {', '.join(_KNOWN_KEYS)}"
    return f"expected {known}"


def _is_unread(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(isinstance(text, str) for text in value)


def _is_lists_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in value.values()
    )


def _without_role(properties: Mapping[str, Sequence[str]], stated: LinkRole) -> dict[str, Sequence[str]]:
    """Properties without what kg wrote, and its reader added, for the type of the link."""
    added = {"role": stated.role, "relation": stated.words}
    left = {name: [v for v in values if v != added.get(name)] for name, values in properties.items()}
    return {name: values for name, values in left.items() if values}


def _merge_values(some: Mapping[str, Sequence[str]], more: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    merged = {name: list(values) for name, values in some.items()}
    for name, values in more.items():
        merged[name] = sorted({*merged.get(name, ()), *values})
    return merged


def may_be_extension(name: str) -> bool:
    """Whether a key or property may be kg's own key, or a handling code."""
    return name.lower() == EXTENSION_KEY or may_be_handling(name)
