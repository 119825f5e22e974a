"""What does a page say about one person's routes?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg.findings import (
    ROUTE_STATES,
    FactAnswer,
    Gap,
    LegalStatement,
    LinkedAsset,
    MissingFact,
    PersonRoutes,
    PersonStanding,
    RouteAnswer,
)
from kg.findings.counts import plural
from kg.law import FactDefinition
from kg.ontology.words import type_label
from kg.ports import Store
from kg.records import Node
from kg.reports.context import ReportGraph
from kg.reports.entries import ExhibitEntry
from kg.reports.legal.dossier import Dossier, DossierInputs, RecoverableValue, RequestingRecord, build_dossier
from kg.reports.names import caption

MEASURE_FACTS = (
    *("already_frozen", "freezing_order_or_grounds", "confiscated_in_host", "final_order_of_requesting"),
    *("already_returned", "request_refused"),
)
"""Facts that tell what was done about an asset."""

NOT_ACCUSED = "not accused in these sources"


@dataclass(frozen=True, slots=True)
class LegalHeading:
    """What is at the top of every legal page."""

    requesting: str
    hosts: tuple[str, ...]
    """Only these; empty for any."""
    day: str
    version: str
    banner: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssetCard:
    """An asset in one host: how it is held and traced, what was done about it, and its routes."""

    name: str
    kind: str
    held: tuple[LegalStatement, ...]
    traced: tuple[LegalStatement, ...]
    measures: tuple[LegalStatement, ...]
    routes: tuple[RouteAnswer, ...]


@dataclass(frozen=True, slots=True)
class RelativeEntry:
    """A relative, and how that person stands on the day: being one is no accusation."""

    name: str
    standing: PersonStanding
    has_page: bool

    @property
    def status(self) -> str:
        """`cleared, accused; see the page of that person`; who says so is in the standing."""
        told = ", ".join(self.standing.words) or NOT_ACCUSED
        return f"{told}; see the page of that person" if self.has_page else told


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the law allows about one person, and what stands against it."""

    heading: LegalHeading
    found: PersonRoutes
    facts: Mapping[str, FactDefinition]
    dossier: Dossier
    """What stands first; the rest is folded."""
    relatives: tuple[RelativeEntry, ...]
    routes: tuple[RouteAnswer, ...]
    """Those about the person, not about an asset."""
    assets: Mapping[str, tuple[AssetCard, ...]]
    """By host."""
    gaps: tuple[Gap, ...]
    subjects: Mapping[str, str]
    """Names of the person and the assets, by id."""

    @property
    def name(self) -> str:
        """The name of the person."""
        return self.dossier.name

    @property
    def exhibits(self) -> tuple[ExhibitEntry, ...]:
        """The documents that show something of what is on the page, numbered from 1 in this order."""
        return self.dossier.exhibits

    def exhibits_of(self, statement: LegalStatement) -> tuple[tuple[int, ExhibitEntry], ...]:
        """The documents that show a link on which a statement rests, with their numbers."""
        return tuple((i, x) for i, x in enumerate(self.exhibits, 1) if x.link_id and x.link_id in statement.links)

    @property
    def file(self) -> str:
        """The name of the file."""
        return person_file(self.found.person)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every competent authority, once."""
        return tuple(dict.fromkeys(a.text for route in self.found.routes for a in route.agencies if a.names))

    @property
    def sources(self) -> tuple[tuple[str, str, str], ...]:
        """Name or row, title and address of every source, by name."""
        cited = [source for route in self.found.routes for source in route.sources]
        found = {source.source: (source.source, source.title, source.url) for source in reversed(cited)}
        return tuple(found[name] for name in sorted(found))


@dataclass(frozen=True)
class LegalPages:
    """What all legal pages of one question share."""

    graph: ReportGraph
    facts: Mapping[str, FactDefinition]
    heading: LegalHeading
    relatives: Mapping[str, tuple[str, ...]]
    """The ids of the relatives of everybody on a page, by id."""
    standings: Mapping[str, PersonStanding]
    """How each relative stands on the day, by id."""
    through_relatives: Mapping[str, Mapping[str, str]]
    """For each person with relatives, what is reached through one of them alone, and that relative; all by id."""
    recoverable: Callable[[Sequence[LinkedAsset]], RecoverableValue]
    """What can be recovered of some assets, as the portfolio counts it."""
    people_with_page: frozenset[str]
    """Everybody who has a page, by id."""

    @cached_property
    def dossier_inputs(self) -> DossierInputs:
        """The graph, the day and the record of the requesting state, read once."""
        day = date.fromisoformat(self.heading.day)
        record = RequestingRecord(self.graph, self.heading.requesting, day)
        return DossierInputs(self.graph, record, self.heading.day, self.facts, self.through_relatives, self.recoverable)

    @property
    def store(self) -> Store:
        """Where nodes and links are looked up."""
        return self.graph.store


def without_unlinked_assets(store: Store, found: PersonRoutes) -> PersonRoutes:
    """What was found, without assets that neither a chain nor a tracing links to the person.

    They are in the same cluster, and on nobody's page.
    """
    linked = found.linked_assets
    others = {answer.subject for answer in found.routes} - linked - {found.person}
    others |= {one.about for one in found.evidence} - linked - {found.person}
    names = {caption(node) for node in store.nodes(sorted(others)).values()}
    return replace(
        found,
        routes=tuple(answer for answer in found.routes if answer.subject not in others),
        evidence=tuple(one for one in found.evidence if one.about not in others),
        not_understood=tuple(told for told in found.not_understood if not any(name in told for name in names)),
    )


def build_person_page(legal: LegalPages, found: PersonRoutes, gaps: Sequence[Gap]) -> PersonPage:
    """The page of one person; `found` and `gaps` are about this person and linked assets alone."""
    about = (found.person, *(a.subject for a in found.routes), *(e.about for e in found.evidence))
    nodes = legal.store.nodes(dict.fromkeys(about))
    person = nodes[found.person]
    return PersonPage(
        heading=legal.heading,
        found=found,
        facts=legal.facts,
        dossier=build_dossier(legal.dossier_inputs, found, nodes, _next_step(found, gaps)),
        relatives=_relatives(legal, person.id),
        routes=_open_first(a for a in found.routes if a.subject == found.person),
        assets=_assets_by_host(found, nodes),
        gaps=tuple(gaps),
        subjects={id_: caption(node) for id_, node in nodes.items()},
    )


def _assets_by_host(found: PersonRoutes, nodes: Mapping[str, Node]) -> Mapping[str, tuple[AssetCard, ...]]:
    by_host: dict[str, dict[str, list[RouteAnswer]]] = {}
    linked = found.linked_assets
    for answer in found.routes:
        if answer.subject in linked and answer.subject in nodes:
            by_host.setdefault(_host_heading(answer), {}).setdefault(answer.subject, []).append(answer)
    return {
        host: tuple(_asset_card(nodes[asset], answers) for asset, answers in sorted(assets.items()))
        for host, assets in sorted(by_host.items())
    }


def _host_heading(answer: RouteAnswer) -> str:
    if answer.route.place == "requesting":
        return f"Proceedings in {answer.host}, wherever the asset is"
    return f"Assets in {answer.host}" if answer.host else "Assets whose location no source states"


def _asset_card(node: Node, answers: Sequence[RouteAnswer]) -> AssetCard:
    return AssetCard(
        name=caption(node),
        kind=type_label(node.type),
        held=_statements_about(answers, ("held_for_person",)),
        traced=_statements_about(answers, ("traced_to_offence",)),
        measures=tuple(s for s in _statements_about(answers, MEASURE_FACTS) if s.all_sources),
        routes=_open_first(answers),
    )


def _statements_about(answers: Iterable[RouteAnswer], names: Sequence[str]) -> tuple[LegalStatement, ...]:
    """What is said about some facts, whether it settles them or not, each once."""
    found: dict[tuple[str, tuple[str, ...]], LegalStatement] = {}
    for answer in answers:
        facts: Sequence[FactAnswer | MissingFact] = (*answer.facts_for, *answer.facts_against, *answer.missing)
        for fact in facts:
            if fact.fact in names:
                for statement in fact.says:
                    found.setdefault((statement.text, statement.all_sources), statement)
    return tuple(found.values())


def _relatives(legal: LegalPages, person: str) -> tuple[RelativeEntry, ...]:
    names = legal.graph.names_of(legal.store.nodes(legal.relatives[person]))
    return tuple(
        RelativeEntry(name, legal.standings[id_], id_ in legal.people_with_page) for id_, name in names.items()
    )


def _open_first(answers: Iterable[RouteAnswer]) -> tuple[RouteAnswer, ...]:
    """Routes whose turn it is first, then open ones; else in the order in which they were found."""
    return tuple(sorted(answers, key=lambda answer: (not answer.is_in_turn, ROUTE_STATES.index(answer.state))))


def _next_step(found: PersonRoutes, gaps: Sequence[Gap]) -> str:
    """A question, never an act: whom to ask what, or to look at a clearance first."""
    if not found.routes:
        return "None: no paper of the requesting jurisdiction in force on the day names this person."
    if cleared := [s.text for s in found.clearances if s.answer == "yes"]:
        return f"Look at the clearance first: {cleared[0]}."
    if not gaps:
        return "None: no route waits for a fact that may be asked for."
    return gap_sentence(gaps[0])


def gap_sentence(gap: Gap) -> str:
    """Whom to ask what, and how many routes wait for the answer."""
    opens = f" Alone it would open {gap.opens}." if gap.opens else ""
    waiting = f"{plural(gap.routes, 'routes')} {'waits' if gap.routes == 1 else 'wait'} for it."
    return f"Ask {gap.whom}: {gap.question} {waiting}{opens}"


def person_file(person: str) -> str:
    """The name of the file about a person."""
    return f"person-{person}.html"
