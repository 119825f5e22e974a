"""How does a report look as HTML, Markdown and JSON, and how does it come into a folder?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.reports.cluster_report.headline import cluster_headline
from kg.reports.cluster_report.model import ClusterSection, Report
from kg.reports.cluster_report.sections.network import NetworkDiagram
from kg.reports.drawing.charts import charts
from kg.reports.drawing.network import draw_network
from kg.reports.drawing.places import draw_at_places
from kg.reports.render.document import render_document, require_library
from kg.reports.render.environment import render
from kg.reports.render.markdown import html_to_markdown
from kg.reports.render.pdf import find_browser, print_pdf
from kg.reports.render.workbook import render_workbook

FORMATS = ("html", "md", "json")
"""The endings of a report's files."""

OFFICE_FORMATS = ("xlsx", "docx", "pdf")
"""The endings of files that are written besides, if they are asked for."""

JSON_FORMAT = "kg report 2"
"""The number is raised when a reader of the JSON file would have to change."""

NO_PAGES: Mapping[str, str] = MappingProxyType({})


def render_formats(report: Report, pages: Mapping[str, str] = NO_PAGES) -> Iterator[tuple[str, bytes]]:
    """The ending and the content of each file. `pages`: the address of the page about each cluster, by its id."""
    page = render_html(report, pages)
    yield "html", page.encode()
    yield "md", html_to_markdown(page).encode()
    yield "json", render_json(report)


def render_html(report: Report, pages: Mapping[str, str] = NO_PAGES) -> str:
    """One page that needs nothing else: style, drawings and all. Every name in it is escaped."""
    drawings = [(chart, render("chart.svg.j2", chart=chart)) for chart in charts(report)]
    headlines = {section.id: cluster_headline(section) for section in report.clusters}
    known = {"headlines": headlines, "described": tuple(headlines), "files": pages}
    return str(render("report.html.j2", report=report, charts=drawings, **known))


def render_cluster_html(report: Report, section: ClusterSection, back: str) -> str:
    """The page about one cluster. `back`: the address of the report's page."""
    picture = ""
    if section.picture.lines:
        picture = render_network(section.picture, f"The network of {section.name}")
    known = {"picture": picture, "headline": cluster_headline(section), "back": back}
    return str(render("cluster_page.html.j2", report=report, c=section, **known))


def render_network(
    diagram: NetworkDiagram,
    title: str,
    notes: Sequence[str] = (),
    places: Mapping[str, tuple[float, float]] | None = None,
) -> str:
    """The picture of a network as SVG; `notes` stand below it. With `places`, its boxes stand there.

    Raises ValueError where two have the same place.
    """
    drawing = draw_at_places(diagram, places, notes) if places else draw_network(diagram, notes)
    return render("network.svg.j2", drawing=drawing, id="network", title=title)


def render_json(report: Report) -> bytes:
    """Everything the report says, as indented JSON with keys in the order of the pages."""
    import orjson

    content = {"format": JSON_FORMAT, **{f.name: getattr(report, f.name) for f in fields(report)}}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def require_formats(formats: Iterable[str]) -> None:
    """Raises InputError for a format that is none of OFFICE_FORMATS, or cannot be written here."""
    for name in formats:
        if name not in OFFICE_FORMATS:
            expected = f"expected some of {', '.join(OFFICE_FORMATS)}; html, md and json are always written"
            raise InputError(expected, InputLocation(key="--format", value=name))
        if name == "pdf":
            find_browser()
        elif name == "docx":
            require_library()


def write_files(report: Report, folder: Path, pages: int = 0, formats: Sequence[str] = ()) -> dict[str, Path]:
    """Write `report-DATE.html`, `.md` and `.json`, each whole or not at all; the paths by ending.

    `pages`: how many clusters also have a page with all their facts. `formats`: some of OFFICE_FORMATS. Raises
    InputError if it cannot write.
    """
    paths, addresses = report_paths(report, folder, pages, formats), dict[str, str]()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if pages:
            addresses = _write_cluster_pages(report, report.clusters[:pages], paths["clusters"])
        for ending, content in render_formats(report, addresses):
            write_atomically(paths[ending], content)
        for ending in formats:
            write_atomically(paths[ending], _render_office(report, ending, paths["html"]))
    except OSError as error:
        problem = f"the report cannot be written: {error.strerror or error}"
        raise InputError(problem, InputLocation(file=str(error.filename or folder))) from None
    return paths


def _render_office(report: Report, ending: str, page: Path) -> bytes:
    """The contents of one of OFFICE_FORMATS. `page`: where the web page is."""
    if ending == "xlsx":
        return render_workbook(report)
    return print_pdf(page) if ending == "pdf" else render_document(page.read_text(encoding="utf-8"), report.date)


def report_paths(report: Report, folder: Path, pages: int = 0, formats: Sequence[str] = ()) -> dict[str, Path]:
    """Where `write_files` puts a report; the paths by ending, and `clusters` for the folder of pages."""
    paths = {ending: folder / f"report-{report.date}.{ending}" for ending in (*FORMATS, *formats)}
    return paths | {"clusters": folder / f"report-{report.date}-clusters"} if pages else paths


def _write_cluster_pages(report: Report, sections: Sequence[ClusterSection], folder: Path) -> dict[str, str]:
    """Write a page about each cluster, and remove those of an earlier report; the addresses by the cluster's id."""
    folder.mkdir(exist_ok=True)
    names = {section.id: quote(section.id, safe="") for section in sections}
    kept = set(names.values())
    for old in (*folder.glob("*.html"), *folder.glob("*.md")):
        if old.stem not in kept:
            old.unlink()
    for section in sections:
        page, name = render_cluster_html(report, section, f"../report-{report.date}.html"), names[section.id]
        write_atomically(folder / f"{name}.html", page.encode())
        write_atomically(folder / f"{name}.md", html_to_markdown(page).encode())
    return {cluster: quote(f"{folder.name}/{name}.html") for cluster, name in names.items()}
