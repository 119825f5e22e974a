"""How does a report look as a workbook? Each list of it is a sheet to sort and filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple

from kg.files import office_file, office_text
from kg.findings import STATUS_LABELS
from kg.reports.cluster_report.headline import cluster_headline
from kg.reports.cluster_report.model import ClusterSection, Report
from kg.reports.cluster_report.summary import ClusterHeadline
from kg.reports.entries import MemberEntry, PartyEntry
from kg.reports.evidence import source_names
from kg.workbook_styles import freeze_headings, keep_as_text, style_column, style_heading, wrap_cell

Cell = str | int | float

MAX_CELL = 32_767
"""Characters that a cell holds."""

CUT = "… (cut; the JSON file has all of it)"


class ReportSheet(NamedTuple):
    """One sheet: its name, the headings of its columns, and its rows."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def render_workbook(report: Report) -> bytes:
    """An XLSX file of a report; the same report gives the same bytes."""
    return render_sheets(report_sheets(report), report.date)


def render_sheets(sheets: Iterable[ReportSheet], day: str) -> bytes:
    """An XLSX file to sort and filter, of a day. No text in it is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        freeze_headings(page)
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{len(sheet.rows) + 1}"
        for number, heading in enumerate(sheet.headings):
            longest = max((len(str(row[number])) for row in sheet.rows), default=0)
            style_column(page, number + 1, max(longest, len(heading)) + 2)
        for row in (sheet.headings, *sheet.rows):
            cells = []
            for value in row:
                cell = WriteOnlyCell(page, _cell_text(value) if isinstance(value, str) else value)
                keep_as_text(cell)
                wrap_cell(cell)
                if row is sheet.headings:
                    style_heading(cell)
                cells.append(cell)
            page.append(cells)
    return office_file(book.save, day)


def report_sheets(report: Report) -> list[ReportSheet]:
    """The sheets in the order of the pages, without empty ones."""
    front, changes = report.front, report.front.changes
    described = report.clusters
    found = [
        ReportSheet("Report", ("what", "text"), _about(report)),
        ReportSheet(
            "Changes",
            ("group", "what", "text", "on", "recorded", "clusters", "effects", "notes", "sources"),
            [
                (
                    group.title,
                    i.what,
                    i.text,
                    i.on,
                    i.recorded,
                    _join(c.name for c in i.clusters),
                    _join(i.effects),
                    _join(i.notes),
                    _join(s.title or s.name for s in i.sources),
                )
                for group in (changes.groups if changes else ())
                for i in group.items
            ],
        ),
        ReportSheet(
            "Overdue and due",
            ("deadline", "days", "when", "what", "about", "agency", "cluster", "waiting since", "notes", "sources"),
            [
                (
                    a.deadline,
                    a.days,
                    a.when,
                    a.what,
                    _join(a.about),
                    a.agency,
                    a.cluster,
                    a.since,
                    _join(a.notes),
                    _join(source_names(a.evidence)),
                )
                for a in front.actions
            ],
        ),
        ReportSheet(
            "Clusters",
            (
                "cluster",
                "standing",
                "people",
                "by",
                "members",
                "assets",
                "held formerly",
                "values",
                "red flags",
                "sources",
                "id",
            ),
            [_cluster_row(section) for section in described]
            + [
                (
                    c.name,
                    "",
                    c.leading,
                    "",
                    c.people + c.enterprises + c.arrangements + c.assets,
                    c.assets,
                    "",
                    "",
                    "",
                    "",
                    c.id,
                )
                for c in report.other_clusters
            ],
        ),
        ReportSheet(
            "Members",
            ("cluster", "type", "name", "other names", "status", "role", "where", "because", "note", "sources", "id"),
            [_member_row(section, member) for section in described for member in _members(section)],
        ),
        ReportSheet(
            "Values",
            ("cluster", "asset", "kind", "when", "low", "high", "currency", "basis", "sources", "id"),
            [
                (
                    s.name,
                    v.asset,
                    v.kind,
                    v.when,
                    _number(v.low),
                    _number(v.high),
                    v.currency,
                    v.basis,
                    _join(source_names(v.evidence)),
                    v.asset_id,
                )
                for s in described
                for v in s.values
            ],
        ),
        ReportSheet(
            "Totals",
            ("status", "currency", "low", "high", "assets with a value"),
            [
                (STATUS_LABELS.get(t.state, t.state), t.currency, _number(t.low), _number(t.high), t.assets)
                for t in front.apart
            ],
        ),
        ReportSheet(
            "Measures, requests, cases",
            ("cluster", "type", "name", "by", "steps", "about", "details", "sources", "id"),
            [
                (
                    s.name,
                    p.kind,
                    p.name,
                    p.by,
                    _join(f"{step.label} {step.date}" for step in p.steps),
                    _join(p.about),
                    _join(f"{d.label}: {_join(d.values)}" for d in p.details),
                    _join(source_names(p.evidence)),
                    p.id,
                )
                for s in described
                for p in s.procedures
            ],
        ),
        ReportSheet(
            "People sought",
            ("name", "other names", "under", "by", "since", "died", "cluster", "sources", "id"),
            [
                (
                    person.name,
                    _join(person.other_names),
                    p.paper,
                    p.by,
                    p.since,
                    person.died,
                    person.cluster,
                    _join(source_names(p.evidence)),
                    person.id,
                )
                for person in report.people_sought
                for p in person.pursuits
            ],
        ),
        ReportSheet(
            "Sources",
            ("source", "title", "records", "newest change", "values not understood"),
            [(s.name, s.title, s.records, s.loaded, s.not_understood) for s in report.sources],
        ),
    ]
    return [sheet for sheet in found if sheet.rows]


def _about(report: Report) -> list[tuple[str, str]]:
    rows = [("report", report.title), ("day of the report", report.date), ("facts of", report.as_of)]
    rows += [("graph", report.version), ("", report.banner)]
    return [row for row in [*rows, *(("note", note) for note in report.notes)] if row[1]]


def _cluster_row(section: ClusterSection) -> tuple[Cell, ...]:
    headline = cluster_headline(section)
    people = _join(headline.people) + (f" and {headline.more} more" if headline.more else "")
    flags = _join(sign.title for sign in section.signs)
    members = sum(1 for _ in _members(section))
    values, sources = _join(headline.amounts), _join(headline.sources)
    return (
        section.name,
        headline.standing,
        people,
        _reasons(headline),
        members,
        headline.assets,
        headline.held_formerly,
        values,
        flags,
        sources,
        section.id,
    )


def _reasons(headline: ClusterHeadline) -> str:
    """Who seeks each of the people, since when; with the name where there are several."""
    told = [(name, by) for name, by in zip(headline.people, headline.by, strict=True) if by]
    return _join(by if len(headline.people) == 1 else f"{name}: {by}" for name, by in told)


def _member_row(section: ClusterSection, member: MemberEntry) -> tuple[Cell, ...]:
    is_party = isinstance(member, PartyEntry)
    status = (
        member.procedural_status
        if isinstance(member, PartyEntry)
        else STATUS_LABELS.get(getattr(member, "state", ""), "")
    )
    note = member.note if isinstance(member, PartyEntry) else ""
    where = _join(f"{place.how} {place.name}" for place in member.where)
    because = _join(link.text for link in (member.because if is_party else getattr(member, "held_by", ())))
    return (
        section.name,
        member.kind,
        member.name,
        _join(member.other_names),
        status,
        member.role,
        where,
        because,
        note,
        _join(member.sources),
        member.id,
    )


def _members(section: ClusterSection) -> Iterable[MemberEntry]:
    return (*section.people, *section.enterprises, *section.arrangements, *section.assets)


def _join(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def _number(text: str) -> Cell:
    """An amount as a number; as it is written if it is none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def _cell_text(text: str) -> str:
    clean = office_text(text)
    return clean if len(clean) <= MAX_CELL else clean[: MAX_CELL - len(CUT)] + CUT
