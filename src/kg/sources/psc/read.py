"""Reads lines of the register's snapshot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from kg.records import Provenance, Record, Reject
from kg.sources.company_numbers import restore_company_number
from kg.sources.files.json_objects import read_objects
from kg.sources.psc.natures import parse_nature
from kg.sources.psc.parties import add_company, add_legal_entity, add_person, add_unnamed_party
from kg.sources.record_builder import RecordBuilder, Texts, remaining
from kg.sources.rows import MAX_KEY, PropertyChecks, ReadContext, SourceRow, json_text, key_problem

PARTY_TYPES = {
    "individual-person-with-significant-control": "Person",
    "individual-beneficial-owner": "Person",
    "corporate-entity-person-with-significant-control": "Enterprise",
    "corporate-entity-beneficial-owner": "Enterprise",
    "legal-person-person-with-significant-control": "Party",
    "legal-person-with-significant-control": "Party",
    "legal-person-beneficial-owner": "Party",
    "super-secure-person-with-significant-control": "",
    "super-secure-beneficial-owner": "",
}
"""Kind of a line to the node type of the controlling party; empty where the register does not name it."""

STATEMENT_KIND = "persons-with-significant-control-statement"
EXEMPTION_KIND = "exemptions"
TOTALS_KIND = "totals#persons-of-significant-control-snapshot"
PERSONS, STATEMENTS, EXEMPTIONS = "persons_of_significant_control_count", "statements_count", "exemptions_count"
_TOTALS_BY_KIND = {**dict.fromkeys(PARTY_TYPES, PERSONS), STATEMENT_KIND: STATEMENTS, EXEMPTION_KIND: EXEMPTIONS}

_ORIGIN = "Companies House"
_NATURE_PROPERTIES = {"OWNS": "ownership_type", "CONTROLS": "how"}
"""Link type to the property with the register's word for the nature of control; others have `role`."""

_MAX_REMEMBERED = 500_000
"""Company numbers that are remembered, so that not every row claims its enterprise again."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """A node for each controlling party, a link for each nature of control, and a claim for each statement.

    At the end, a reject for each total that differs from the number of rows.
    """
    reader = _PscReader(context)
    for path in files:
        for row in read_objects(path, context.progress):
            yield from reader.read_row(row)
    yield from reader.wrong_totals()


class _PscReader:
    def __init__(self, context: ReadContext) -> None:
        self._namespace = context.namespace
        self._checks = PropertyChecks(context.ontology)
        self._companies: set[str] = set()
        self._counted = Counter[str]()
        self._totals: list[tuple[SourceRow, dict[str, Any]]] = []

    def read_row(self, row: SourceRow) -> Sequence[Record | Reject]:
        """The records and rejects of one line."""
        try:
            line = orjson.loads(row.raw)
        except orjson.JSONDecodeError as error:
            return [row.reject_json(error)]
        data = line.get("data") if isinstance(line, dict) else None
        if not isinstance(data, dict):
            return [row.reject("key data: expected a JSON object with company_number beside it")]
        kind = data.get("kind")
        if kind == TOTALS_KIND:
            self._totals.append((row, data))
            return []
        if not isinstance(kind, str) or kind not in _TOTALS_BY_KIND:
            expected = ", ".join((*_TOTALS_BY_KIND, TOTALS_KIND))
            return [row.reject(f"key data.kind, value {kind!r:.80}: expected one of {expected}")]
        self._counted[_TOTALS_BY_KIND[kind]] += 1
        return self._read_claims(row, line, dict(data), kind)

    def wrong_totals(self) -> Iterator[Reject]:
        """A reject for each total that differs from the count; none where the files have no line with totals."""
        for name in (PERSONS, STATEMENTS, EXEMPTIONS):
            stated = [data[name] for _, data in self._totals if isinstance(data.get(name), int)]
            if stated and sum(stated) != self._counted[name]:
                reason = f"the files have {self._counted[name]}; a part is missing, or rows were lost"
                yield self._totals[-1][0].reject_value(name, sum(stated), reason)

    def _read_claims(
        self, row: SourceRow, line: dict[str, Any], data: dict[str, Any], kind: str
    ) -> Sequence[Record | Reject]:
        number = restore_company_number(json_text(line.get("company_number") or ""))
        if problem := key_problem(number):
            return [row.reject(f"key company_number, value {line.get('company_number')!r:.80}: {problem}")]
        found = RecordBuilder(row, self._checks, self._namespace)
        links = found.take_object(data, "links")
        key = _line_key(number, found.take_text(links, "self"))
        if not key:
            return [row.reject(f"key data.links.self: expected a path of at most {MAX_KEY} characters")]
        data |= {f"links.{name}": value for name, value in links.items()}
        for name in ("kind", "etag"):
            data.pop(name, None)
        notified = found.take_text(data, "notified_on", "start_date")
        found.provenance = Provenance(
            origin=_ORIGIN,
            stated=found.clean("notified_on", notified, "date", "start_date"),
            handling="restricted" if PARTY_TYPES.get(kind) == "" else "open",
        )
        if kind in PARTY_TYPES:
            _add_party(key, number, kind, data, found)
        else:
            _add_company_claim(key, number, kind, data, found)
        return [*found.results, *self._company_once(row, number)]

    def _company_once(self, row: SourceRow, number: str) -> Sequence[Record | Reject]:
        """The enterprise, where no row before has claimed it; other rows rely on it, so it is no part of this one."""
        if number in self._companies:
            return ()
        if len(self._companies) >= _MAX_REMEMBERED:
            self._companies.clear()
        self._companies.add(number)
        builder = RecordBuilder(row._replace(), self._checks, self._namespace)
        builder.provenance = Provenance(origin=_ORIGIN)
        add_company(number, builder)
        return builder.results


def _add_party(key: str, number: str, kind: str, data: dict[str, Any], builder: RecordBuilder) -> None:
    """Add the controlling party, and a link to the enterprise for each nature of control, or one if there is none."""
    natures = builder.take_texts(data, "natures_of_control")
    ended, ceased = builder.take_text(data, "ceased_on", "end_date"), data.get("ceased") is True
    dates = {"start_date": [builder.provenance.stated], "end_date": [ended], "status": ["ceased"] if ceased else []}
    dates = {name: values for name, values in dates.items() if values != [""]}
    node = PARTY_TYPES[kind]
    if node == "Person":
        add_person(key, data, builder)
    elif node:
        add_legal_entity(key, node, data, builder)
    else:
        add_unnamed_party(key, data, builder)
    for text in natures or [""]:
        control = parse_nature(text)
        words: Texts = {_NATURE_PROPERTIES.get(control.link_type, "role"): [text or kind]}
        facts = {"share": control.share, "interest": control.interest, "directness": control.directness}
        properties = words | dates | {name: [value] for name, value in facts.items() if value}
        builder.add_link((key, text or kind), control.link_type, (key, number), properties)


def _add_company_claim(key: str, number: str, kind: str, data: dict[str, Any], builder: RecordBuilder) -> None:
    """Add a claim about the enterprise itself: a statement, or an exemption."""
    if kind == EXEMPTION_KIND:
        exemptions = builder.take_object(data, "exemptions")
        summary = [_exemption_text(name, builder.take_object(exemptions, name), builder) for name in sorted(exemptions)]
    else:
        ended = builder.take_text(data, "ceased_on")
        summary = [_with_dates(builder.take_text(data, "statement"), builder.provenance.stated, ended)]
    properties = {"summary": [f"Register of people with significant control: {text}" for text in summary]}
    builder.add_claim_about((key, kind), number, "Enterprise", properties, remaining(data))


def _exemption_text(name: str, exemption: dict[str, Any], builder: RecordBuilder) -> str:
    items = builder.take_objects(exemption, "items")
    times = [_with_dates("", builder.take_text(i, "exempt_from"), builder.take_text(i, "exempt_to")) for i in items]
    return " ".join(filter(None, (builder.take_text(exemption, "exemption_type") or name, "; ".join(times))))


def _with_dates(what: str, first: str, last: str) -> str:
    return " ".join(filter(None, (what, f"from {first}" if first else "", f"to {last}" if last else "")))


def _line_key(number: str, path: str) -> str:
    """The key of a line: the path of its page, with the zeros of the number restored.

    Without its leading slash it sorts after the number, so that a line never determines an enterprise's id.
    """
    key = re.sub(r"^/?company/[^/]+/", f"company/{number}/", path).lstrip("/")
    return "" if key_problem(key) else key
