"""How do legal pages come into a folder?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation
from kg.files import write_atomically
from kg.reports import phrases
from kg.reports.legal.entries import PersonPage, PortfolioPage
from kg.reports.render.html import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

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
    template = "strategy.html.j2" if isinstance(page, PersonPage) else "portfolio.html.j2"
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
    return made
