"""How are strategy pages and the portfolio page written?"""

from __future__ import annotations

from pathlib import Path

from kg.operations.ledger.erase import remember_report
from kg.operations.questions.legal import DISCLAIMERS, LegalQuery, build_route_question, find_routes, load_queried_law
from kg.operations.workspace import Workspace
from kg.ports import Store

ALL_INVENTED = "All people on this page are invented."


def write_legal_pages(place: Workspace, store: Store, order: LegalQuery, folder: Path, limit: int) -> tuple[Path, ...]:
    """A page for everybody whom a paper names, and one for the portfolio of `limit` people; the paths, that one first.

    The ledger remembers where the pages went and which sources they name. Raises InputError.
    """
    from kg.analysis.routes import choose_portfolio, count_gaps
    from kg.reports.legal.entries import LegalHeading
    from kg.reports.legal.files import PORTFOLIO_FILE, write_pages
    from kg.reports.legal.person import LegalPages, build_person_page
    from kg.reports.legal.portfolio import build_portfolio_page

    found = list(find_routes(store, order))
    contents, ontology = store.contents(), place.ontology
    asked = build_route_question(store, order, contents.as_of)
    made_up = {s.name for s in contents.sources if s.invented}
    people = store.nodes([one.person for one in found]).values()
    invented = bool(people) and all(set(person.sources) <= made_up for person in people)
    day = asked.day.isoformat()
    legal = LegalPages(
        store,
        load_queried_law(order).facts,
        LegalHeading(
            asked.requesting, asked.hosts, day, str(contents.version), ALL_INVENTED if invented else "", DISCLAIMERS
        ),
        tuple(sorted(ontology.with_trait("kinship"))),
        tuple(sorted(ontology.with_trait("pursuit") | {"ACCUSED_OF"})),
        frozenset(one.person for one in found),
    )
    pages = [build_person_page(legal, one, count_gaps([one])) for one in found]
    first = build_portfolio_page(legal, choose_portfolio(found, limit), found, count_gaps(found))
    # Noted before they are written: pages that nobody knows of are worse than a note of some that failed.
    files = tuple(folder / name for name in (PORTFOLIO_FILE, *(page.file for page in pages)))
    remember_report(place, files, day, tuple(s.name for s in contents.sources))
    return write_pages(folder, first, pages)
