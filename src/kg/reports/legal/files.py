"""Legal pages as files in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.reports.legal.entries import PersonPage, PortfolioPage, person_file
from kg.reports.render.environment import render

PORTFOLIO_FILE = "portfolio.html"


def write_pages(folder: Path, portfolio: PortfolioPage, people: Sequence[PersonPage]) -> tuple[Path, ...]:
    """Write `portfolio.html` and `person-ID.html` for each person, each whole or not at all; the paths.

    Raises InputError when the folder cannot be written.
    """
    made = {PORTFOLIO_FILE: to_html(portfolio)} | {page.file: to_html(page) for page in people}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(write_atomically(folder / name, text.encode()) for name, text in made.items())
    except OSError as error:
        problem = f"the pages cannot be written: {error.strerror or error}"
        raise InputError(problem, InputLocation(file=str(error.filename or folder))) from None


def to_html(page: PortfolioPage | PersonPage) -> str:
    """One page that needs nothing else. Every name in it is escaped."""
    template = "legal_person.html.j2" if isinstance(page, PersonPage) else "legal_portfolio.html.j2"
    return render(template, page=page, heading=page.heading, person_file=person_file)
