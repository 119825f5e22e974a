"""How does a report look as one web page?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.reports import phrases
from kg.reports.charts import Chart, charts
from kg.reports.model import Report

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"

LONG = 25
"""Rows of a table from which on it is folded."""


def to_html(report: Report, drawn: Sequence[Chart] | None = None) -> str:
    """One page that needs nothing else: style, drawings and all. Every name in it is escaped."""
    from markupsafe import Markup

    shown = charts(report.figures) if drawn is None else drawn
    # Drawings are this package's own markup; the names inside them were escaped when they were drawn.
    drawings = [(chart, Markup(chart.svg)) for chart in shown]
    page = _environment().get_template("report.html.j2").render(report=report, charts=drawings)
    page = re.sub(r" +$", "", page, flags=re.MULTILINE)
    return re.sub(r"\n{2,}", "\n", page).strip() + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    made = Environment(
        loader=loader,
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= phrases.FILTERS
    made.globals |= {"long": LONG, "roles": phrases.ROLES, "grades": phrases.GRADES, "worth": phrases.WORTH}
    return made


def _visible(value: object) -> object:
    """Markup is made of values that have been here."""
    return phrases.visible(value) if type(value) is str else value
