"""How are strategy pages and the portfolio page written?"""

from __future__ import annotations

from pathlib import Path

from kg.operations.ledger.erase import remember_report
from kg.operations.questions.legal import NOT_ADVICE, LegalOrder, find_routes, law_of, legal_question
from kg.operations.workspace import Workplace
from kg.ports import Store

INVENTED = "All people on this page are invented."


def write_legal_pages(place: Workplace, store: Store, order: LegalOrder, folder: Path, limit: int) -> tuple[Path, ...]:
    """A page for everybody whom a paper names, and one for the portfolio of `limit` people; the paths, that one first.

    The ledger remembers where the pages went and which sources they name. Raises InputError.
    """
    from kg.analysis.routes import gaps, portfolio
    from kg.reports.legal.entries import Heading
    from kg.reports.legal.files import PORTFOLIO, write_pages
    from kg.reports.legal.person import Legal, strategy_page
    from kg.reports.legal.portfolio import portfolio_page

    found = list(find_routes(store, order))
    contents, ontology = store.contents(), place.ontology
    asked = legal_question(store, order, contents.as_of)
    made_up = {s.name for s in contents.sources if s.invented}
    people = store.nodes([one.person for one in found]).values()
    invented = bool(people) and all(set(person.sources) <= made_up for person in people)
    day = asked.day.isoformat()
    legal = Legal(
        store,
        law_of(order).facts,
        Heading(asked.requesting, asked.hosts, day, str(contents.version), INVENTED if invented else "", NOT_ADVICE),
        tuple(sorted(ontology.with_trait("kinship"))),
        tuple(sorted(ontology.with_trait("pursuit") | {"ACCUSED_OF"})),
        frozenset(one.person for one in found),
    )
    pages = [strategy_page(legal, one, gaps([one])) for one in found]
    first = portfolio_page(legal, portfolio(found, limit), found, gaps(found))
    # Noted before they are written: pages that nobody knows of are worse than a note of some that failed.
    files = tuple(folder / name for name in (PORTFOLIO, *(page.file for page in pages)))
    remember_report(place, files, day, tuple(s.name for s in contents.sources))
    return write_pages(folder, first, pages)
