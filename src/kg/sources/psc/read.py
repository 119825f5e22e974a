"""Reads lines of the register's snapshot."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from kg.database import scratch_database
from kg.ontology.values.register_numbers import restore_company_number
from kg.records import Provenance, Record, Reject
from kg.sources.files.json_objects import ResultPages, has_object_lines, list_rows, read_objects, with_results
from kg.sources.line_reader import Left, LineReader, Parts, PlainLineReader
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

_ITEMS = b'"items"'
_COMPANY_PAGE = re.compile(r"/?company/([^/]+)/")

_BATCH = 10_000
"""Enterprises in memory; more wait in a temporary file."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """A node for each controlling party, a link for each nature of control, and a claim for each statement.

    At the end, the enterprises, each once, and a remark on each total that differs from the number of rows.
    """
    reader = PscLineReader(context)
    with scratch_database() as connection:
        companies = _Companies(connection)
        for path in files:
            for row in _with_items(read_objects(path, context.progress), reader.pages):
                yield from reader.read_row(row)
                if reader.waiting >= _BATCH:
                    companies.add(reader.take_companies())
        companies.add(reader.take_companies())
        yield from reader.read_companies(companies)
    yield from reader.wrong_totals()


def line_reader(files: Sequence[Path], context: ReadContext) -> LineReader | None:
    """What reads the lines of these files in several processes; None where they are no lines. Raises as `read` does."""
    return PscLineReader(context) if all(map(has_object_lines, files)) else None


class _Companies:
    """The numbers of the enterprises that rows are about, each with the first row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        connection.execute(
            "CREATE TABLE company (num INTEGER PRIMARY KEY, number TEXT UNIQUE, file TEXT, line INTEGER)"
        )
        connection.execute("BEGIN")

    def add(self, found: Iterable[tuple[str, str, int]]) -> None:
        """Add numbers with file and line."""
        self._db.executemany("INSERT OR IGNORE INTO company (number, file, line) VALUES (?, ?, ?)", found)

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        return iter(self._db.execute("SELECT number, file, line FROM company ORDER BY num"))


class PscLineReader(PlainLineReader):
    """Reads lines; the enterprises that they are about, and the totals, are left."""

    def __init__(self, context: ReadContext) -> None:
        self._namespace = context.namespace
        self._checks = PropertyChecks(context.ontology)
        self._companies: dict[str, tuple[str, int]] = {}
        self._counted = Counter[str]()
        self._totals: list[tuple[SourceRow, dict[str, Any]]] = []
        self.pages = ResultPages()
        """The pages of the API, by company and kind of what they list."""

    @property
    def waiting(self) -> int:
        """How many enterprises have not been taken."""
        return len(self._companies)

    def read(self, rows: Iterable[SourceRow]) -> Iterator[Record | Reject]:
        """The records and rejects of some lines."""
        for row in _with_items(with_results(rows), self.pages):
            yield from self.read_row(row)

    def take_left(self) -> Parts:
        """The enterprises, the numbers of rows by their kind, the rows with totals, and the pages of the API."""
        totals = [tuple(row[:3]) for row, _ in self._totals]
        left = self.take_companies(), dict(self._counted), totals, self.pages.take()
        self._counted, self._totals = Counter(), []
        return left

    @contextmanager
    def left(self) -> Iterator[Left]:
        """For a block, a place for these."""
        with scratch_database() as connection:
            yield _LeftRows(self, _Companies(connection))

    def add_counts(self, counted: Mapping[str, int], totals: Iterable[tuple[str, int, bytes]]) -> None:
        """Add the numbers of rows, and the rows with totals, that another process has read."""
        self._counted.update(counted)
        for place in totals:
            self.read_row(SourceRow(*place))

    def take_companies(self) -> list[tuple[str, str, int]]:
        """The enterprises of the rows since the last call, with file and line of the first."""
        found = [(number, *place) for number, place in self._companies.items()]
        self._companies = {}
        return found

    def read_companies(self, companies: Iterable[tuple[str, str, int]]) -> Iterator[Record | Reject]:
        """A node for each enterprise; other rows rely on it, so it is no part of the first."""
        for number, file, line in companies:
            builder = RecordBuilder(SourceRow(file, line, number.encode()), self._checks, self._namespace)
            builder.provenance = Provenance(origin=_ORIGIN)
            add_company(number, builder)
            yield from builder.results

    def read_row(self, row: SourceRow) -> Sequence[Record | Reject]:
        """The records and rejects of one line."""
        try:
            line = orjson.loads(row.raw)
        except orjson.JSONDecodeError as error:
            return [row.reject_json(error)]
        if isinstance(line, dict) and "data" not in line and "kind" in line:  # as the register's API has it
            line = {"company_number": _company_of(line), "data": line}
        data = line.get("data") if isinstance(line, dict) else None
        if not isinstance(data, dict):
            return [row.reject("key data: expected a JSON object with company_number beside it, or a page of the API")]
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
        """A remark on each total that differs from the count, if the files have any, and on pages that are missing."""
        yield from self.pages.missing()
        for name in (PERSONS, STATEMENTS, EXEMPTIONS):
            stated = [data[name] for _, data in self._totals if isinstance(data.get(name), int)]
            if stated and sum(stated) != self._counted[name]:
                reason = f"the files have {self._counted[name]}; a part is missing, or rows were lost"
                yield self._totals[-1][0].remark(f"property {name}, value '{sum(stated)}': {reason}")

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
        self._companies.setdefault(number, (row.file, row.line))
        return found.results


def _with_items(rows: Iterable[SourceRow], pages: ResultPages) -> Iterator[SourceRow]:
    """The same rows, with the items of a page of the register's API in its place, which is added to `pages`."""
    for row in rows:
        page = row.parse_object() if _ITEMS in row.raw else None
        items = page.get("items") if isinstance(page, dict) and "data" not in page else None
        if not isinstance(page, dict) or not isinstance(items, list):
            yield row
            continue
        yield from list_rows(row, "items", items)
        first = items[0] if items and isinstance(items[0], dict) else page
        kind = _TOTALS_BY_KIND.get(str(first.get("kind")), "")
        pages.add(row, page.get("total_results"), items, of=f"{_company_of(first)} {kind}")


def _company_of(item: Mapping[str, Any]) -> str:
    """The number of the company of an item of the API: its own, or that in the path of its page; empty if neither."""
    links = item.get("links")
    found = _COMPANY_PAGE.match(str(links.get("self"))) if isinstance(links, dict) else None
    return json_text(item.get("company_number") or "") or (found[1] if found else "")


class _LeftRows:
    """The enterprises and totals of all rows, kept until these have been read."""

    def __init__(self, reader: PscLineReader, companies: _Companies) -> None:
        self._reader, self._companies = reader, companies

    def add(self, parts: Parts) -> None:
        """Keep what was taken."""
        found, counted, totals, pages = parts
        self._companies.add(found)
        self._reader.pages.add_taken(pages)
        self._reader.add_counts(counted, totals)

    def read(self) -> Iterator[Record | Reject]:
        """The enterprises, each once, and a remark on each total that differs."""
        yield from self._reader.read_companies(self._companies)
        yield from self._reader.wrong_totals()


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
