"""What does a page say about one person's routes?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.findings import HOST_DECIDES, FactAnswer, Gap, LegalStatement, Paper, PersonRoutes, RouteAnswer
from kg.law import FactDefinition
from kg.ports import LinkQuery, Store
from kg.records import Node
from kg.reports.legal.entries import (
    AssetCard,
    FactLine,
    GapLine,
    LegalHeading,
    PersonPage,
    QuestionLine,
    RouteCard,
    StatementLine,
)
from kg.reports.names import caption, display_name, other_names
from kg.reports.phrases import plural
from kg.reports.terms import type_label

MEASURE_FACTS = (
    *("already_frozen", "freezing_order_or_grounds", "confiscated_in_host", "final_order_of_requesting"),
    *("already_returned", "request_refused"),
)
"""Facts that tell what was done about an asset."""

NOT_ACCUSED = "not accused in these sources"
ACCUSED_WITHOUT_PAGE = "an accusation names this person, and no warrant, notice or listing; there is no page"
HOST_UNKNOWN = "host not known"


@dataclass(frozen=True, slots=True)
class LegalPages:
    """What all legal pages of one question share."""

    store: Store
    facts: Mapping[str, FactDefinition]
    heading: LegalHeading
    kinship_types: tuple[str, ...]
    """Link types that say who is family."""
    accusation_types: tuple[str, ...]
    """Link types that say that somebody is sought or accused."""
    people_with_page: frozenset[str]
    """Everybody who has a page, by id."""


def build_person_page(legal: LegalPages, found: PersonRoutes, gaps: Sequence[Gap]) -> PersonPage:
    """The page of one person; `gaps` are those of this person alone."""
    ids = dict.fromkeys((found.person, *(a.subject for a in found.routes)))
    nodes = legal.store.nodes(ids)
    person = nodes[found.person]
    own = [a for a in found.routes if a.subject == found.person]
    lines = tuple(build_gap_line(gap) for gap in gaps)
    cleared = tuple(_statement_line(s) for s in found.clearances)
    return PersonPage(
        heading=legal.heading,
        id=person.id,
        name=caption(person),
        other_names=other_names(person),
        papers=tuple(_paper_line(paper) for paper in found.papers),
        said=tuple(_statement_line(s) for s in found.accusations if s.answer != "no"),
        cleared=cleared,
        relatives=_relatives(legal, person.id),
        routes=tuple(_route_card(legal, a) for a in _open_first(own)),
        assets=_assets_by_host(legal, found, nodes),
        gaps=lines,
        next_step=_next_step(found, lines, cleared),
        agencies=_agency_texts(found.routes),
        sources=_source_rows(found.routes),
    )


def build_gap_line(gap: Gap) -> GapLine:
    """A gap in words."""
    return GapLine(gap.question, gap.whom, gap.host or HOST_UNKNOWN, gap.routes, gap.opens)


def _route_card(legal: LegalPages, answer: RouteAnswer) -> RouteCard:
    route = answer.route
    missing = tuple(QuestionLine(m.question, m.whom, tuple(map(_statement_line, m.says))) for m in answer.missing)
    decides = tuple(legal.facts[name].question for name in answer.host_decides)
    return RouteCard(
        id=route.id,
        name=route.name,
        name_zh=route.name_zh,
        state=answer.state.replace("_", " "),
        range=tuple(state.replace("_", " ") for state in answer.range),
        host=answer.host or HOST_UNKNOWN,
        because=_reasons(legal, answer, missing, decides),
        supports=tuple(_fact_line(legal, f) for f in answer.facts_for),
        opposes=tuple(_fact_line(legal, f) for f in answer.facts_against),
        missing=missing,
        host_decides=decides,
        flags=answer.flags,
        instruments=tuple(_statement_line(s) for f in answer.instrument for s in f.says),
        summary=_route_summary(answer),
        basis=tuple(route.legal_basis),
        obstacles=tuple(route.obstacles),
        outcome=route.outcome,
        carriers=_agency_texts([answer]),
    )


def _route_summary(answer: RouteAnswer) -> str:
    if answer.state == "blocked":
        return f"blocked: {'; '.join(answer.because)}"
    missing = [f"{plural(len(answer.missing), 'facts')} missing"] if answer.missing else []
    decides = [f"{len(answer.host_decides)} decided by the host"] if answer.host_decides else []
    return ", ".join(missing + decides)


def _reasons(
    legal: LegalPages, answer: RouteAnswer, missing: Sequence[QuestionLine], decides: Sequence[str]
) -> tuple[str, ...]:
    if answer.state == "blocked":
        return answer.because
    if answer.route.person_initiated:
        return tuple(legal.facts[name].question for name in answer.route.deciding_facts)
    return (*(m.question for m in missing), *(f"{question} ({HOST_DECIDES})" for question in decides))


def _fact_line(legal: LegalPages, fact: FactAnswer) -> FactLine:
    kind = legal.facts.get(fact.fact)
    shown = HOST_DECIDES if fact.hidden else "disputed" if fact.disputed else fact.answer
    question = kind.question if kind else "Has the law this route on the day?"
    return FactLine(question, shown, tuple(map(_statement_line, fact.says)))


def _statement_line(statement: LegalStatement) -> StatementLine:
    rows = tuple(c.row for c in statement.citations)
    url = statement.url or next((c.url for c in statement.citations), "")
    return StatementLine(statement.text, (*statement.sources, *rows), statement.grade, url)


def _paper_line(paper: Paper) -> StatementLine:
    by = f"by {', '.join(paper.issuers)}" if paper.issuers else "by an issuer that is not known"
    since = f"since {paper.since}" if paper.since else "since a day that is not known"
    ended = f"ended {paper.ended} {paper.reason}".strip() if not paper.in_force else "in force on the day"
    return StatementLine(f"{type_label(paper.kind)}: {paper.name}, {by} {since}; {ended}", paper.sources)


def _assets_by_host(
    legal: LegalPages, found: PersonRoutes, nodes: Mapping[str, Node]
) -> Mapping[str, tuple[AssetCard, ...]]:
    by_host: dict[str, dict[str, list[RouteAnswer]]] = {}
    for answer in found.routes:
        if answer.subject != found.person and answer.subject in nodes:
            by_host.setdefault(_host_heading(answer), {}).setdefault(answer.subject, []).append(answer)
    return {
        host: tuple(_asset_card(legal, nodes[asset], answers) for asset, answers in sorted(some.items()))
        for host, some in sorted(by_host.items())
    }


def _host_heading(answer: RouteAnswer) -> str:
    if answer.route.place == "requesting":
        return f"Proceedings in {answer.host}, wherever the asset is"
    return f"Assets in {answer.host}" if answer.host else "Assets of which nobody says where they are"


def _asset_card(legal: LegalPages, node: Node, answers: Sequence[RouteAnswer]) -> AssetCard:
    return AssetCard(
        id=node.id,
        name=caption(node),
        kind=type_label(node.type),
        held=_statements_about(answers, ("held_for_person",)),
        traced=_statements_about(answers, ("traced_to_offence",)),
        measures=tuple(line for line in _statements_about(answers, MEASURE_FACTS) if line.sources),
        routes=tuple(_route_card(legal, a) for a in _open_first(answers)),
    )


def _statements_about(answers: Iterable[RouteAnswer], names: Sequence[str]) -> tuple[StatementLine, ...]:
    """What is said about some facts, whether it settles them or not, each once."""
    told: list[LegalStatement] = []
    for answer in answers:
        told += [s for f in (*answer.facts_for, *answer.facts_against) if f.fact in names for s in f.says]
        told += [s for f in answer.missing if f.fact in names for s in f.says]
    return tuple(dict.fromkeys(map(_statement_line, told)))


def _relatives(legal: LegalPages, person: str) -> tuple[str, ...]:
    """Family by name; who is neither sought nor accused reads so. Only who has a page is said to have one."""
    links = legal.store.links(LinkQuery(person, legal.kinship_types))
    others = dict.fromkeys(o for k in links for o in (k.source_id, k.target_id) if o != person)
    nodes = legal.store.nodes(others)
    return tuple(f"{display_name(node)}: {_relative_status(legal, node)}" for node in nodes.values())


def _relative_status(legal: LegalPages, node: Node) -> str:
    if node.id in legal.people_with_page:
        return "see the page of that person"
    accused = legal.store.links(LinkQuery(node.id, legal.accusation_types, limit=1))
    return ACCUSED_WITHOUT_PAGE if accused else NOT_ACCUSED


STATE_ORDER = {"open": 0, "needs": 1, "blocked": 2, "person_initiated_only": 3}


def _open_first(answers: Iterable[RouteAnswer]) -> list[RouteAnswer]:
    """Open routes first; within a state in the order in which they were worked out."""
    return sorted(answers, key=lambda a: STATE_ORDER[a.state])


def _next_step(found: PersonRoutes, gaps: Sequence[GapLine], cleared: Sequence[StatementLine]) -> str:
    """A question, never an act: what to ask of whom, or to look at a clearance first."""
    if not found.routes:
        return "None: nothing of the requesting jurisdiction that is in force on the day names this person."
    if any(s.answer == "yes" for s in found.clearances):
        return f"Look at the clearance first: {cleared[0].text}."
    if not gaps:
        return "None: no route waits for a fact that may be asked for."
    first = gaps[0]
    opens = f" Alone it would open {first.opens}." if first.opens else ""
    return f"Ask {first.whom}: {first.question} {_waiting_text(first.routes)}{opens}"


def _waiting_text(routes: int) -> str:
    return f"{plural(routes, 'routes')} {'waits' if routes == 1 else 'wait'} for it."


def _agency_texts(answers: Iterable[RouteAnswer]) -> tuple[str, ...]:
    """Who carries them, each kind once."""
    return tuple(dict.fromkeys(c.text for a in answers for c in a.agencies if c.jurisdiction or c.names))


def _source_rows(answers: Iterable[RouteAnswer]) -> tuple[tuple[str, str, str], ...]:
    found: dict[str, tuple[str, str, str]] = {}
    for answer in answers:
        for said in answer.to_json()["sources"]:
            found.setdefault(said["source"], (said["source"], said.get("title", ""), said.get("url", "")))
    return tuple(found[name] for name in sorted(found))
