"""Which Jinja environment renders every page?"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.findings import STATUS_LABELS
from kg.reports import phrases
from kg.reports.cluster_report.sections import stale_claims
from kg.reports.cluster_report.summary import NOTHING_DUE, SOON_DAYS, STATUS_MEANINGS, UPCOMING_DAYS, WAITING_DAYS
from kg.reports.drawing import charts, network, text
from kg.reports.entries import EvidenceEntry

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"

FIRST_ROWS = 5
"""Changes, and deadlines, on the first half page."""

FIRST_OUTSIDE = 3
"""People sought in no cluster whom the first page names."""

FOLD_AFTER_ROWS = 25
"""A longer table is folded."""


def render(template: str, /, **values: object) -> Markup:
    """A template with its values. Every text in it is escaped, and characters that turn its direction are shown."""
    from markupsafe import Markup

    page = environment().get_template(template).render(**values)
    page = re.sub(r"\n{2,}", "\n", re.sub(r" +$", "", page, flags=re.MULTILINE))
    return Markup(page.strip() + "\n")  # what autoescape has escaped


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment of all pages: of reports, of their index, and of legal routes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_show_bidi_controls,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= phrases.TEMPLATE_FILTERS | {"fragment": _fragment}
    made.globals |= phrases.TEMPLATE_NOTES
    made.globals |= {
        "name": _isolated_name,
        "who": _attribution,
        "statuses": tuple((s, label, STATUS_MEANINGS[s]) for s, label in STATUS_LABELS.items()),
        "stale_years": stale_claims.STALE_AFTER_YEARS,
        "soon_days": SOON_DAYS,
        "nothing_due": NOTHING_DUE,
        "upcoming_days": UPCOMING_DAYS,
        "waiting_days": WAITING_DAYS,
        "first_rows": FIRST_ROWS,
        "first_outside": FIRST_OUTSIDE,
        "fold_after": FOLD_AFTER_ROWS,
        "legend": network.LEGEND,
        "inks": network.INKS,
        "sample_box": network.sample_box,
        "fonts": text.FONTS,
        "text_size": charts.TEXT_SIZE,
    }
    return made


def _show_bidi_controls(value: object) -> object:
    """Markup is made of values that have been here before."""
    return phrases.show_bidi_controls(value) if type(value) is str else value


def _isolated_name(name: object) -> str:
    """A name, kept apart from the direction in which the text around it is written."""
    from markupsafe import Markup

    return Markup("<bdi>%s</bdi>") % _show_bidi_controls(name)


@lru_cache(maxsize=16_384)
def _attribution(evidence: tuple[EvidenceEntry, ...]) -> str:
    """Everybody who says so, each source with a link to its row in the table of sources."""
    from markupsafe import Markup

    links = Markup("; ").join(map(_evidence_link, evidence)) if evidence else "no source; kg derives it"
    return Markup('<span class="who">[%s]</span>') % links


def _fragment(name: str) -> str:
    """A name as a part of the address of an element whose id has it."""
    from urllib.parse import quote

    return quote(phrases.show_bidi_controls(name))


def _evidence_link(e: EvidenceEntry) -> str:
    from markupsafe import Markup

    shown = phrases.show_bidi_controls
    sources = (Markup('<a href="#source-%s">%s</a>') % (_fragment(s), shown(s)) for s in e.sources)
    known, address = phrases.evidence(e), phrases.safe_url(e.url)
    page = Markup(' <a href="%s" rel="noopener noreferrer">page</a>') % shown(address) if address else ""
    return Markup(", ").join(sources) + (f" ({shown(known)})" if known else "") + page
