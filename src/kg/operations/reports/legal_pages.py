"""How are the pages about people and the portfolio page written?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation
from kg.findings import DISCLAIMERS
from kg.operations.ledger.erase import remember_report
from kg.operations.questions.legal import (
    LegalQuery,
    PortfolioQuery,
    assets_through_relatives,
    build_route_question,
    choose_from,
    find_routes,
    load_queried_law,
    missing_reference_notes,
    person_standings,
)
from kg.operations.store.attachments import AttachmentFolder, check_of_exhibits
from kg.operations.workspace import Workspace
from kg.ports import LinkQuery, Store

if TYPE_CHECKING:
    from datetime import date

    from kg.findings import Clusters, LinkedAsset, PersonRoutes
    from kg.reports.legal.dossier import RecoverableValue
    from kg.reports.legal.person import LegalPages, PersonPage

ALL_INVENTED = "All people on this page are invented."


def write_legal_pages(
    workspace: Workspace, store: Store, query: LegalQuery, folder: Path, limit: int
) -> tuple[Path, ...]:
    """Write a page about everybody whom a paper names and one about the portfolio; return the paths, the latter first.

    `limit` is the number of people in the portfolio. The ledger records where the pages are and which sources they
    name. Raises InputError.
    """
    from kg.analysis.routes import count_gaps
    from kg.reports.legal.person import build_person_page, without_unlinked_assets
    from kg.reports.legal.portfolio import PORTFOLIO_FILE, build_portfolio_page, write_pages

    found = list(find_routes(store, query))
    legal = _legal_pages(workspace, store, query, found)
    contents, day = legal.graph.contents, legal.heading.day
    linked = [without_unlinked_assets(store, one) for one in found]
    pages = [build_person_page(legal, one, count_gaps([one])) for one in linked]
    portfolio = choose_from(store, query, PortfolioQuery(limit), found)
    first = build_portfolio_page(legal, portfolio, found, count_gaps(found))
    # Recorded before they are written: an unrecorded page is worse than a record of a page that failed.
    files = tuple(folder / name for name in (PORTFOLIO_FILE, *(page.file for page in pages)))
    remember_report(workspace, files, day, tuple(s.name for s in contents.sources))
    return write_pages(folder, first, pages)


def build_person_dossier(
    workspace: Workspace, store: Store, query: LegalQuery, person: str, clusters: Clusters | None = None
) -> PersonPage:
    """The dossier of one person, given by id, `namespace:key` or name. Raises NotFound and InputError.

    Clusters are found with the default parameters unless they are given.
    """
    from kg.analysis.routes import count_gaps
    from kg.reports.legal.person import build_person_page, without_unlinked_assets

    (every,) = find_routes(store, query, (person,), clusters)
    found = without_unlinked_assets(store, every)
    return build_person_page(_legal_pages(workspace, store, query, [found]), found, count_gaps([found]))


def write_dossier(workspace: Workspace, page: PersonPage, sources: Sequence[str], out: str) -> None:
    """Write a dossier to a file, in Markdown if its name ends in `.md`, else as a web page. Raises InputError.

    The ledger records where it is and which sources it names.
    """
    from kg.files import output_file
    from kg.reports.legal.portfolio import to_html
    from kg.reports.render.markdown import html_to_markdown

    text = to_html(page, standalone=True)
    remember_report(workspace, (Path(out).resolve(),), page.heading.day, tuple(sources), "dossier")
    try:
        with output_file(out) as file:
            file.write((html_to_markdown(text) if out.endswith(".md") else text).encode())
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", InputLocation(file=out)) from None


def draft_legal_request(workspace: Workspace, store: Store, query: LegalQuery, kind: str, person: str) -> str:
    """The draft of a request about one person to the only host of the query, in Markdown. Raises InputError."""
    from kg.analysis.routes import count_gaps
    from kg.reports.legal.person import build_person_page, without_unlinked_assets
    from kg.reports.legal.request import REQUEST_ROUTES, draft_request

    if kind not in REQUEST_ROUTES:
        problem = f"expected one of {', '.join(REQUEST_ROUTES)}"
        raise InputError(problem, InputLocation(key="kind", value=kind))
    (found,) = find_routes(store, query, (person,))
    if not found.routes:
        raise InputError(f"no paper of {query.requesting} in force on the day names {person!r}")
    linked = without_unlinked_assets(store, found)
    page = build_person_page(_legal_pages(workspace, store, query, [linked]), linked, count_gaps([linked]))
    (host,) = page.heading.hosts
    return draft_request(page, kind, host).to_markdown()


def _legal_pages(workspace: Workspace, store: Store, query: LegalQuery, found: Sequence[PersonRoutes]) -> LegalPages:
    """What the pages about some people share."""
    from kg.reports.context import report_graph
    from kg.reports.legal.person import LegalHeading, LegalPages

    ontology, contents = workspace.ontology, store.contents()
    question = build_route_question(store, query, contents.as_of)
    check = check_of_exhibits(workspace.path, AttachmentFolder(workspace.attachments_folder))
    graph = report_graph(store, question.day.isoformat(), check)
    kinship_types = tuple(sorted(ontology.with_trait("kinship")))
    relatives = {one.person: _relatives(store, kinship_types, one.person) for one in found}
    invented_sources = {s.name for s in contents.sources if s.invented}
    people = store.nodes([one.person for one in found]).values()
    invented = bool(people) and all(set(person.sources) <= invented_sources for person in people)
    return LegalPages(
        graph,
        load_queried_law(query).facts,
        LegalHeading(
            requesting=question.requesting,
            hosts=question.hosts,
            day=question.day.isoformat(),
            version=str(contents.version),
            banner=ALL_INVENTED if invented else "",
            notes=(*DISCLAIMERS, *missing_reference_notes(store, query)),
        ),
        relatives,
        person_standings(store, query, dict.fromkeys(one for each in relatives.values() for one in each)),
        {one: assets_through_relatives(store, query, one) for one, kin in relatives.items() if kin},
        lambda assets: recoverable_value(query, question.day, assets),
        frozenset(one.person for one in found),
    )


def recoverable_value(query: LegalQuery, day: date, assets: Sequence[LinkedAsset]) -> RecoverableValue:
    """What can be recovered of the assets of one person: what `kg portfolio` counts without other options."""
    from kg.analysis.portfolio import ValueScale, values_by_status
    from kg.reports.legal.dossier import RecoverableValue

    scale = ValueScale(load_queried_law(query).rates, day, PortfolioQuery(0).currency)
    values = values_by_status(assets, scale)
    return RecoverableValue(scale.currency, values, scale.rates)


def _relatives(store: Store, kinship_types: tuple[str, ...], person: str) -> tuple[str, ...]:
    """The ids of the relatives of a person, each once."""
    links = store.links(LinkQuery(person, kinship_types))
    return tuple(dict.fromkeys(end for link in links for end in (link.source_id, link.target_id) if end != person))
