"""The pages and drawings of a report, as the tests read them."""

from __future__ import annotations

from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.sections.network import NetworkDiagram
from kg.reports.drawing.charts import charts
from kg.reports.drawing.network import draw_network
from kg.reports.render.environment import render
from kg.reports.render.files import render_cluster_html, render_formats, render_html
from kg.reports.render.markdown import html_to_markdown


def render_markdown(report: Report) -> str:
    return rendered(report)["md"]


def rendered(report: Report) -> dict[str, str]:
    """The content of each file by its ending."""
    return {ending: content.decode() for ending, content in render_formats(report)}


def network_svg(diagram: NetworkDiagram, name: str, title: str) -> str:
    return render("network.svg.j2", drawing=draw_network(diagram), id=name, title=title)


def chart_svgs(report: Report) -> list[str]:
    return [render("chart.svg.j2", chart=chart) for chart in charts(report)]


def render_all_html(report: Report) -> str:
    """The page of the report and those about its clusters."""
    return render_html(report) + render_clusters(report)


def render_all_markdown(report: Report) -> str:
    return render_markdown(report) + html_to_markdown(render_clusters(report))


def render_clusters(report: Report) -> str:
    """The pages about the clusters."""
    return "".join(render_cluster_html(report, section, "../report.html") for section in report.clusters)
