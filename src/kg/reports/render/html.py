"""How does a report look as one web page?"""

from __future__ import annotations

from kg.reports.cluster_report.model import Report
from kg.reports.drawing.charts import charts
from kg.reports.drawing.network import draw_network
from kg.reports.render.environment import render


def render_html(report: Report) -> str:
    """One page that needs nothing else: style, drawings and all. Every name in it is escaped."""
    pictures = {
        c.id: render(
            "network.svg.j2",
            drawing=draw_network(c.picture),
            id=f"network-{number}",
            title=f"The network of {c.name}",
        )
        for number, c in enumerate(report.clusters, 1)
        if c.picture.lines
    }
    drawings = [(chart, render("chart.svg.j2", chart=chart)) for chart in charts(report.figures)]
    return str(render("report.html.j2", report=report, charts=drawings, pictures=pictures))
