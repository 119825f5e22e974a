"""The pages and drawings of a report, as the tests read them."""

from __future__ import annotations

from kg.reports.cluster_report.model import KeyFigures, Report
from kg.reports.cluster_report.sections.network import NetworkDiagram
from kg.reports.drawing.charts import charts
from kg.reports.drawing.network import draw_network
from kg.reports.render.environment import render
from kg.reports.render.files import render_formats


def render_markdown(report: Report) -> str:
    return render_formats(report)["md"]


def network_svg(diagram: NetworkDiagram, name: str, title: str) -> str:
    return render("network.svg.j2", drawing=draw_network(diagram), id=name, title=title)


def chart_svgs(figures: KeyFigures) -> list[str]:
    return [render("chart.svg.j2", chart=chart) for chart in charts(figures)]
