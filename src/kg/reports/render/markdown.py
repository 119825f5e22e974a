"""How does a report look as Markdown?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.reports import phrases
from kg.reports.cluster_report import deadlines
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.sections import network, stale_claims
from kg.reports.cluster_report.summary import ENFORCEMENT_STATUSES
from kg.reports.entries import EvidenceEntry
from kg.reports.render.html import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment


class Marked(str):
    """Text that is Markdown already."""

    __slots__ = ()


def render_markdown(report: Report) -> str:
    """GitHub's dialect. No name in it can start a table cell, a link, markup of its own, or HTML."""
    page = _environment().get_template("report.md.j2").render(report=report)
    page = re.sub(r" +$", "", page, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def escape(text: object) -> str:
    """A value as text in Markdown, on one line."""
    if isinstance(text, Marked):
        return text
    line = " ".join(phrases.show_bidi_controls(str(text)).split())
    line = re.sub(r"([\\`*_\[\]<>|~&])", r"\\\1", line)
    # An address or `www.` in a name would become a link by itself.
    line = re.sub(r"(?i)\b(https?|ftp)://", r"\1\\://", line)
    line = re.sub(r"(?i)\bwww\.", lambda m: m.group()[:-1] + "\\.", line)
    return re.sub(r"^([-+#=]|\d+(?=[.)](?: |$)))", _not_a_block, line)


def voice(e: EvidenceEntry) -> Marked:
    """The sources of one piece of evidence, its grade and day, and a link to the page where there is one."""
    known = phrases.evidence(e)
    text = escape(", ".join(e.sources)) + (f" ({escape(known)})" if known else "")
    address = phrases.web(e.url)
    return Marked(f"{text} [page](<{_in_brackets(address)}>)" if address else text)


def who(evidence: tuple[EvidenceEntry, ...]) -> Marked:
    """Everybody who says so, in brackets that start no link."""
    return Marked("\\[" + ("; ".join(voice(e) for e in evidence) or "no source; kg derives it") + "\\]")


def _not_a_block(start: re.Match[str]) -> str:
    """A sign or number at the start of a line would begin a list, a heading or a rule."""
    return f"{start[1]}\\" if start[1].isdigit() else f"\\{start[1]}"


def _in_brackets(address: str) -> str:
    unsafe = {"<": "%3C", ">": "%3E", "\\": "%5C", "|": "%7C", "`": "%60"}
    return "".join(unsafe.get(c, c) for c in address)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(  # not HTML: `finalize` escapes for Markdown
        loader=FileSystemLoader(TEMPLATES),
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {**phrases.TEMPLATE_FILTERS, "who": who}
    made.filters["called"] = network.diagram_name
    made.globals["legend"] = network.LEGEND
    made.globals["marked"] = Marked  # what a macro has written was escaped when it was
    made.globals |= {
        "states": ENFORCEMENT_STATUSES,
        "years": stale_claims.STALE_AFTER_YEARS,
        "patience": deadlines.WAITING_DAYS,
    }
    made.globals |= phrases.TEMPLATE_NOTES
    return made
