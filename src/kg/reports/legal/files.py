"""How are legal pages written?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation
from kg.findings import STATE_LABELS, Paper, RouteAnswer
from kg.reports import phrases
from kg.reports.legal.entries import PersonPage, PortfolioPage, person_file
from kg.reports.render.html import TEMPLATES
from kg.reports.terms import type_label

if TYPE_CHECKING:
    from jinja2 import Environment

PORTFOLIO_FILE = "portfolio.html"


def write_pages(folder: Path, portfolio: PortfolioPage, people: Sequence[PersonPage]) -> tuple[Path, ...]:
    """Write `portfolio.html` and `person-ID.html` for each person, each whole or not at all; return the paths.

    Raises InputError when the folder cannot be written.
    """
    made = {PORTFOLIO_FILE: to_html(portfolio)} | {page.file: to_html(page) for page in people}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_replace_file(folder / name, text) for name, text in made.items())
    except OSError as error:
        problem = f"the pages cannot be written: {error.strerror or error}"
        raise InputError(problem, InputLocation(file=str(error.filename or folder))) from None


def to_html(page: PortfolioPage | PersonPage) -> str:
    """One page that needs no other file. Every name in it is escaped."""
    template = "legal_person.html.j2" if isinstance(page, PersonPage) else "legal_portfolio.html.j2"
    text = _environment().get_template(template).render(page=page, heading=page.heading)
    return re.sub(r"\n{2,}", "\n", re.sub(r" +$", "", text, flags=re.MULTILINE)).strip() + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=lambda value: phrases.show_bidi_controls(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= phrases.TEMPLATE_FILTERS
    made.filters |= {"state": STATE_LABELS.__getitem__, "paper": _paper_text, "summary": _summary, "file": person_file}
    return made


def _paper_text(paper: Paper) -> str:
    by = f"by {', '.join(paper.issuers)}" if paper.issuers else "by an unknown issuer"
    since = f"since {paper.since}" if paper.since else "since an unknown day"
    ended = "in force on the day" if paper.in_force else f"ended {paper.ended} {paper.reason}".strip()
    return f"{type_label(paper.kind)}: {paper.name}, {by} {since}; {ended}"


def _summary(answer: RouteAnswer) -> str:
    """Why a route is in its state, in a few words."""
    if answer.state == "blocked":
        return f"blocked: {'; '.join(answer.because)}"
    missing = [f"{phrases.plural(len(answer.missing), 'facts')} missing"] if answer.missing else []
    host_decides = [f"{len(answer.host_decides)} decided by the host"] if answer.host_decides else []
    return ", ".join(missing + host_decides)


def _replace_file(path: Path, text: str) -> Path:
    """Write a temporary file, then move it into place: a reader never sees half a page."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(text.encode())
        return temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
