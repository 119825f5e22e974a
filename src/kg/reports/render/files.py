"""How does a report look as HTML, Markdown and JSON, and how does it come into a folder?"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.reports.cluster_report.model import Report
from kg.reports.drawing.charts import charts
from kg.reports.drawing.network import draw_network
from kg.reports.render.environment import render
from kg.reports.render.markdown import html_to_markdown

FORMATS = ("html", "md", "json")
"""The endings of a report's files."""

JSON_FORMAT = "kg report 1"
"""The number is raised when a reader of the JSON file would have to change."""


def render_formats(report: Report) -> dict[str, str]:
    """The contents of each file by its ending."""
    page = render_html(report)
    return {"html": page, "md": html_to_markdown(page), "json": render_json(report)}


def render_html(report: Report) -> str:
    """One page that needs nothing else: style, drawings and all. Every name in it is escaped."""
    pictures = {}
    for number, c in enumerate(report.clusters, 1):
        if c.picture.lines:
            names = {"id": f"network-{number}", "title": f"The network of {c.name}"}
            pictures[c.id] = render("network.svg.j2", drawing=draw_network(c.picture), **names)
    drawings = [(chart, render("chart.svg.j2", chart=chart)) for chart in charts(report.figures)]
    return str(render("report.html.j2", report=report, charts=drawings, pictures=pictures))


def render_json(report: Report) -> str:
    """Everything the report says, as indented JSON with keys in the order of the pages."""
    import orjson

    content = {"format": JSON_FORMAT, **{f.name: getattr(report, f.name) for f in fields(report)}}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"


def write_files(report: Report, folder: Path) -> dict[str, Path]:
    """Write `report-DATE.html`, `.md` and `.json`, each whole or not at all; the paths by ending.

    Raises InputError when the folder cannot be written.
    """
    contents = render_formats(report)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = report_paths(report, folder).items()
        return {ending: write_atomically(path, contents[ending].encode()) for ending, path in paths}
    except OSError as error:
        problem = f"the report cannot be written: {error.strerror or error}"
        raise InputError(problem, InputLocation(file=str(error.filename or folder))) from None


def report_paths(report: Report, folder: Path) -> dict[str, Path]:
    """Where `write_files` puts a report; the paths by ending."""
    return {ending: folder / f"report-{report.date}.{ending}" for ending in FORMATS}
