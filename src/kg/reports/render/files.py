"""How does a report come into a folder?"""

from __future__ import annotations

from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.reports.cluster_report.model import Report
from kg.reports.render.html import render_html
from kg.reports.render.json import render_json
from kg.reports.render.markdown import html_to_markdown

FORMATS = ("html", "md", "json")
"""The endings of a report's files."""


def render_formats(report: Report) -> dict[str, str]:
    """The contents of each file by its ending."""
    page = render_html(report)
    return {"html": page, "md": html_to_markdown(page), "json": render_json(report)}


def write_files(report: Report, folder: Path) -> dict[str, Path]:
    """Write `report-DATE.html`, `.md` and `.json`, each whole or not at all; the paths by ending.

    Raises InputError when the folder cannot be written.
    """
    contents = render_formats(report)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {
            ending: write_atomically(path, contents[ending].encode())
            for ending, path in report_paths(report, folder).items()
        }
    except OSError as error:
        problem = f"the report cannot be written: {error.strerror or error}"
        raise InputError(problem, InputLocation(file=str(error.filename or folder))) from None


def report_paths(report: Report, folder: Path) -> dict[str, Path]:
    """Where `write_files` puts a report; the paths by ending."""
    return {ending: folder / f"report-{report.date}.{ending}" for ending in FORMATS}
