"""How do the lines of a snapshot become records?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from kg.records import Record, Reject, Said
from kg.sources.connector import Context
from kg.sources.files.json_objects import objects
from kg.sources.psc.natures import nature
from kg.sources.psc.parties import body, company, company_number, person, unnamed
from kg.sources.psc.totals import EXEMPTIONS, PERSONS, STATEMENTS, Totals
from kg.sources.record_builder import Gathering, Texts, left, plain
from kg.sources.rows import MAX_KEY, Checks, Row, key_problem

PARTIES = {
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
"""Kind of a line to the node type of who has control; empty where the register does not say who."""

STATEMENT = "persons-with-significant-control-statement"
EXEMPT = "exemptions"
TOTALS = "totals#persons-of-significant-control-snapshot"
_KINDS = {**dict.fromkeys(PARTIES, PERSONS), STATEMENT: STATEMENTS, EXEMPT: EXEMPTIONS}

_ORIGIN = "Companies House"
_WORDS = {"OWNS": "ownership_type", "CONTROLS": "how"}
"""Where a link says the nature of control in the words of the register; others have `role`."""

_KNOWN_COMPANIES = 500_000
"""How many numbers are remembered, so that not every row claims its enterprise again."""


def read(files: Sequence[Path], context: Context) -> Iterator[Record | Reject]:
    """A node for who has control, a link for each nature of it, and a claim on the enterprise for each statement.

    Last, a reject for each number of rows that is not what the snapshot says.
    """
    reader = _Reader(context)
    for path in files:
        for row in objects(path, context.progress):
            yield from reader.row(row)
    yield from reader.totals.differing()


class _Reader:
    def __init__(self, context: Context) -> None:
        self._namespace = context.namespace
        self._checks = Checks(context.ontology)
        self._companies: set[str] = set()
        self.totals = Totals()

    def row(self, row: Row) -> Sequence[Record | Reject]:
        """The records and rejects of one line."""
        try:
            line = orjson.loads(row.raw)
        except orjson.JSONDecodeError as error:
            return [row.reject_json(error)]
        data = line.get("data") if isinstance(line, dict) else None
        if not isinstance(data, dict):
            return [row.reject("key data: expected a JSON object with company_number beside it")]
        kind = data.get("kind")
        if kind == TOTALS:
            self.totals.say(row, data)
            return []
        if not isinstance(kind, str) or kind not in _KINDS:
            return [row.reject(f"key data.kind, value {kind!r:.80}: expected one of {', '.join((*_KINDS, TOTALS))}")]
        self.totals.count(_KINDS[kind])
        return self._claims(row, line, dict(data), kind)

    def _claims(self, row: Row, line: dict[str, Any], data: dict[str, Any], kind: str) -> Sequence[Record | Reject]:
        number = company_number(plain(line.get("company_number") or ""))
        if problem := key_problem(number):
            return [row.reject(f"key company_number, value {line.get('company_number')!r:.80}: {problem}")]
        found = Gathering(row, self._checks, self._namespace)
        links = found.inner(data, "links")
        key = _key(number, found.text(links, "self"))
        if not key:
            return [row.reject(f"key data.links.self: expected a path of at most {MAX_KEY} characters")]
        data |= {f"links.{name}": value for name, value in links.items()}
        for name in ("kind", "etag"):
            data.pop(name, None)
        notified = found.text(data, "notified_on")
        found.said = Said(
            origin=_ORIGIN,
            stated=found.cleaned("notified_on", notified, "date"),
            handling="restricted" if PARTIES.get(kind) == "" else "open",
        )
        if kind in PARTIES:
            _party(key, number, kind, data, found)
        else:
            _claim(key, number, kind, data, found)
        self._company(number, found)
        return found.found

    def _company(self, number: str, found: Gathering) -> None:
        if number in self._companies:
            return
        if len(self._companies) >= _KNOWN_COMPANIES:
            self._companies.clear()
        self._companies.add(number)
        found.said = Said(origin=_ORIGIN)
        company(number, found)


def _party(key: str, number: str, kind: str, data: dict[str, Any], found: Gathering) -> None:
    """Who has control, and one link to the enterprise for each nature of it; one for a line that says none."""
    natures = found.texts(data, "natures_of_control")
    ended, ceased = found.text(data, "ceased_on"), data.get("ceased") is True
    dates = {"start_date": [found.said.stated], "end_date": [ended], "status": ["ceased"] if ceased else []}
    dates = {name: values for name, values in dates.items() if values != [""]}
    node = PARTIES[kind]
    if node == "Person":
        person(key, data, found)
    elif node:
        body(key, node, data, found)
    else:
        unnamed(key, data, found)
    ends = (found.ref(key), found.ref(number))
    for text in natures or [""]:
        said = nature(text)
        words: Texts = {_WORDS.get(said.kind, "role"): [text or kind]}
        facts = {"share": said.share, "interest": said.interest, "directness": said.directness}
        properties = words | dates | {name: [value] for name, value in facts.items() if value}
        found.link((key, text or kind), said.kind, ends, properties)


def _claim(key: str, number: str, kind: str, data: dict[str, Any], found: Gathering) -> None:
    """What the register says of the enterprise itself: a statement, or that it is exempt."""
    if kind == EXEMPT:
        exemptions = found.inner(data, "exemptions")
        summary = [_exemption(name, found.inner(exemptions, name), found) for name in sorted(exemptions)]
    else:
        ended = found.text(data, "ceased_on")
        summary = [_dated(found.text(data, "statement"), found.said.stated, ended)]
    said = {"summary": [f"{_REGISTER}: {text}" for text in summary]}
    found.about((key, kind), number, "Enterprise", said, left(data))


_REGISTER = "Register of people with significant control"


def _exemption(name: str, said: dict[str, Any], found: Gathering) -> str:
    times = [_dated("", found.text(i, "exempt_from"), found.text(i, "exempt_to")) for i in found.several(said, "items")]
    return " ".join(filter(None, (found.text(said, "exemption_type") or name, "; ".join(t.strip() for t in times))))


def _dated(what: str, first: str, last: str) -> str:
    return " ".join(filter(None, (what, f"from {first}" if first else "", f"to {last}" if last else "")))


def _key(number: str, path: str) -> str:
    """The register's own name of a line: the path of its page, with the zeros of the number restored.

    Without its leading slash it sorts behind the number, so that a line never gives an enterprise its id.
    """
    key = re.sub(r"^/?company/[^/]+/", f"company/{number}/", path).lstrip("/")
    return "" if key_problem(key) else key
