"""How does a report look as one web page?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.reports import phrases
from kg.reports.cluster_report import deadlines
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.sections import network, stale_claims
from kg.reports.cluster_report.sections.values_by_status import group_by_currency
from kg.reports.cluster_report.summary import ENFORCEMENT_STATUSES
from kg.reports.drawing.charts import Chart, charts
from kg.reports.entries import EvidenceEntry

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"

FOLD_AFTER_ROWS = 25
"""Rows of a table from which on it is folded."""


def render_html(report: Report, drawn: Sequence[Chart] | None = None) -> str:
    """One page that needs nothing else: style, drawings and all. Every name in it is escaped."""
    from markupsafe import Markup

    shown = charts(report.figures) if drawn is None else drawn
    # Drawings are this package's own markup; the names inside them were escaped when they were drawn.
    drawings = [(chart, Markup(chart.svg)) for chart in shown]
    pictures = {
        c.id: Markup(network.network_svg(c.picture, f"network-{number}", f"The network of {c.name}"))
        for number, c in enumerate(report.clusters, 1)
        if c.picture.lines
    }
    page = _environment().get_template("report.html.j2").render(report=report, charts=drawings, pictures=pictures)
    page = re.sub(r" +$", "", page, flags=re.MULTILINE)
    return re.sub(r"\n{2,}", "\n", page).strip() + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    loader = FileSystemLoader(TEMPLATES)
    made = Environment(
        loader=loader,
        autoescape=True,
        finalize=_show_bidi_controls,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= phrases.TEMPLATE_FILTERS
    made.filters |= {"kinds": network.line_kinds, "groups": network.node_groups}
    made.globals |= {"name": _isolated_name, "who": _attribution}
    made.filters["by_currency"] = group_by_currency
    made.globals |= {
        "states": ENFORCEMENT_STATUSES,
        "legend": network.LEGEND,
        "years": stale_claims.STALE_AFTER_YEARS,
        "patience": deadlines.WAITING_DAYS,
    }
    made.globals |= {
        "sample": lambda k: Markup(network.line_sample(k)),
        "shape": lambda g, s: Markup(network.node_sample(g, s)),
    }
    made.globals |= {"long": FOLD_AFTER_ROWS, **phrases.TEMPLATE_NOTES}
    return made


def _isolated_name(text: object) -> str:
    """A name, kept apart from the direction in which the text around it is written."""
    from markupsafe import Markup, escape

    return Markup("<bdi>%s</bdi>") % (
        text if isinstance(text, Markup) else escape(phrases.show_bidi_controls(str(text)))
    )


@lru_cache(maxsize=16_384)
def _attribution(evidence: tuple[EvidenceEntry, ...]) -> str:
    """Everybody who says so, each source with a link to its line in the list of sources."""
    from markupsafe import Markup

    voices = Markup("; ").join(map(_evidence_link, evidence)) if evidence else "no source; kg derives it"
    return Markup('<span class="who">[%s]</span>') % voices


def _evidence_link(e: EvidenceEntry) -> str:
    from markupsafe import Markup

    shown = phrases.show_bidi_controls
    sources = (Markup('<a href="#source-%s">%s</a>') % (shown(s), shown(s)) for s in e.sources)
    known, address = phrases.evidence(e), phrases.web(e.url)
    page = Markup(' <a href="%s" rel="noopener noreferrer">page</a>') % shown(address) if address else ""
    return Markup(", ").join(sources) + (f" ({shown(known)})" if known else "") + page


def _show_bidi_controls(value: object) -> object:
    """Markup is made of values that have been here."""
    return phrases.show_bidi_controls(value) if type(value) is str else value
