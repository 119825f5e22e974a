"""The first page about a person: who, said by whom, the reply, value by status, three routes, bars, deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain

import numpy as np

from kg.clearance import MeasureFacts, has_come
from kg.findings import (
    AssetStatus,
    FactAnswer,
    LegalStatement,
    LinkedAsset,
    MissingFact,
    Paper,
    PersonRoutes,
    RouteAnswer,
    StatusValue,
    most_complete_first,
)
from kg.findings.statements import claims_by_value, clean_dates, is_stated_by_day
from kg.law import FactDefinition
from kg.ontology.values import date_span, is_reached
from kg.records import Claim, Link, Node
from kg.reports.cluster_report.deadlines import actions_about
from kg.reports.cluster_report.sections.procedures import procedures
from kg.reports.cluster_report.sections.valuations import asset_values
from kg.reports.cluster_report.sections.values_by_status import totals_by_status
from kg.reports.cluster_report.summary import NOTHING_DUE, ActionItem, StatusTotal
from kg.reports.context import ReportContext, ReportGraph, load_context
from kg.reports.entries import AssetValue, EvidenceEntry, ExhibitEntry
from kg.reports.evidence import evidence_entries, exhibit_entries, link_statement
from kg.reports.names import caption, other_names
from kg.reports.phrases import NOT_COUNTED, procedure_phrase
from kg.reports.terms import join_alternatives

FIRST_ROUTES = 3
"""Routes on the first page."""

PLACE_LINKS = ("LOCATED_IN", "HAS_ADDRESS")
"""Links that place a person, besides those of presence."""

REFUSALS = ("refused", "withdrawn")
"""Answers to a request that are part of the record of whoever made it."""

NOTICE_ENDS = ("deleted", "cleared")
"""Reasons for the end of a notice that are part of the record of its issuer."""


@dataclass(frozen=True, slots=True)
class PersonReply:
    """What a person answers to an accusation, as a source tells it."""

    text: str
    day: str
    """Empty where no source dates it."""
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True, slots=True)
class Allegation:
    """What somebody says that a person did, and what the person answers. An allegation is no finding."""

    statement: LegalStatement
    replies: tuple[PersonReply, ...]


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Something about a person in a few words, with who says so."""

    text: str
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True, slots=True)
class RouteSummary:
    """One route in short: where it stands, and who acts next."""

    about: str
    """The person or the asset, by name."""
    name: str
    host: str
    """Empty where it is not known."""
    state: str
    stage: str
    """`2 of 6, freeze`; empty where it has none."""
    next_action: str
    missing: int
    """Facts of the case that are missing."""


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A refusal of a request, or a deletion of a notice, of the requesting state, by whomever it was about."""

    day: str
    host: str
    """The state asked; empty for a notice."""
    what: str
    """`extradition request refused`, `notice deleted`."""
    ground: str
    evidence: tuple[EvidenceEntry, ...]
    about: tuple[str, ...]
    """Ids of the people and assets that it was about; other pages do not name them."""


@dataclass(frozen=True, slots=True)
class HostRequests:
    """The requests about a person to one state, and how that state answered the requesting one before."""

    host: str
    requests: tuple[PersonFact, ...]
    answered: int
    """Requests of the requesting state, about anybody, that this state had answered by the day."""
    refused: int
    entries: tuple[RecordEntry, ...]
    """The refusals among them, the newest first."""


@dataclass(frozen=True, slots=True)
class RelativeTotal:
    """The part of a total that the person reaches through a relative alone; being a relative is no accusation."""

    relative: str
    """By name."""
    total: StatusTotal
    """Without currency and amounts for assets of which no source states a value."""


@dataclass(frozen=True, slots=True)
class RecoverableValue:
    """What can be recovered of the assets of one person, as the portfolio counts it."""

    currency: str
    values: tuple[StatusValue, ...]
    """By status, the furthest first: by the person's share, and less what third parties may claim."""
    rates: tuple[str, ...]
    """The exchange rates that were used, in words."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a reader has to know about one person first."""

    person: str
    name: str
    other_names: tuple[str, ...]
    facts: tuple[PersonFact, ...]
    """Birth, address, citizenship, and where the person is said to be."""
    documents: tuple[PersonFact, ...]
    """Numbers of identity documents, as claims of the day tell them."""
    papers: tuple[Paper, ...]
    measures: tuple[PersonFact, ...]
    """Freezes, sanctions and other measures against the person, not against an asset, also those that are over."""
    allegations: tuple[Allegation, ...]
    clearances: tuple[LegalStatement, ...]
    values: tuple[StatusTotal, ...]
    """Of assets with a chain or a tracing to the person, by enforcement status and currency."""
    without_value: tuple[tuple[str, int], ...]
    through_relatives: tuple[RelativeTotal, ...]
    """Of `values`, what is held through a relative, by the name of the relative."""
    recoverable: RecoverableValue
    next_step: str
    routes: tuple[RouteSummary, ...]
    bars: tuple[str, ...]
    """Bars that a record raises or that have to be examined, as questions, each once."""
    raised: tuple[str, ...]
    """Those of them that a record raises."""
    raised_by: Mapping[str, tuple[str, ...]]
    """By question in `raised`: what the records say that raise it."""
    deadlines: tuple[ActionItem, ...]
    """Overdue, due, and waiting."""
    requests: tuple[HostRequests, ...]
    deleted_notices: tuple[RecordEntry, ...]
    """Notices of the requesting state that were deleted by the day, about anybody, the newest first."""
    exhibits: tuple[ExhibitEntry, ...]
    """Numbered from 1 in this order, with source and digest."""
    absences: Mapping[str, str]
    """What these sources do not have, a sentence for each part of the dossier that is empty, by its name.

    `replies` stands for the accusations that no reply answers.
    """

    @property
    def answered_allegations(self) -> tuple[tuple[tuple[LegalStatement, ...], tuple[PersonReply, ...]], ...]:
        """The accusations with the answers; those to which the person answers the same stand together."""
        groups: dict[tuple[PersonReply, ...] | LegalStatement, list[Allegation]] = {}
        for one in self.allegations:
            groups.setdefault(one.replies or one.statement, []).append(one)
        return tuple((tuple(a.statement for a in same), same[0].replies) for same in groups.values())

    @property
    def overdue(self) -> tuple[ActionItem, ...]:
        """What is past its day, and answers that have been waited for too long."""
        return tuple(one for one in self.deadlines if one.is_overdue or one.waits)

    @property
    def due(self) -> tuple[ActionItem, ...]:
        """What is due soon."""
        return tuple(one for one in self.deadlines if not (one.is_overdue or one.waits))


class RequestingRecord:
    """How other states and bodies answered the requesting state by a day, about anybody."""

    def __init__(self, graph: ReportGraph, requesting: str, day: date) -> None:
        self.requesting = requesting
        self._graph, self._day = graph, day

    @cached_property
    def _context(self) -> ReportContext:
        view = self._graph.view
        ids = [view.id(int(node)) for node in np.flatnonzero(view.nodes_of("Request", "Notice"))]
        return load_context(self._graph, ids)

    @cached_property
    def requests(self) -> tuple[Node, ...]:
        """The requests of the requesting state, by id."""
        return tuple(n for n in self._issued() if n.type == "Request")

    @cached_property
    def refusals(self) -> tuple[RecordEntry, ...]:
        """Requests that were refused or withdrawn on a day that is known, the newest first."""
        found = []
        for node in self.requests:
            answers = [answer for answer in node.properties.get("answer", ()) if answer in REFUSALS]
            days = node.properties.get("answered_on", ())
            if answers and has_come(days, self._day):
                kind = join_alternatives(node.properties.get("kind", ())).replace("_", " ")
                what = f"{kind} request {join_alternatives(answers)}".strip()
                found.append(self._entry(node, max(days), join_alternatives(node.properties.get("sent_to", ())), what))
        return _newest_first(found)

    @cached_property
    def deletions(self) -> tuple[RecordEntry, ...]:
        """Notices that were deleted on a day that is known, the newest first."""
        found = []
        for node in self._issued():
            ends = {*node.properties.get("end_reason", ()), *node.properties.get("review", ())} & {*NOTICE_ENDS}
            days = node.properties.get("ended_on", ())
            if node.type == "Notice" and ends and has_come(days, self._day):
                found.append(self._entry(node, max(days), "", f"notice {join_alternatives(sorted(ends))}"))
        return _newest_first(found)

    def answered(self, host: str) -> int:
        """How many requests to a state had been answered by the day."""
        asked = (node for node in self.requests if host in node.properties.get("sent_to", ()))
        return sum(has_come(node.properties.get("answered_on", ()), self._day) for node in asked)

    def describe(self, node: Node) -> PersonFact:
        """A request as it stood on the day: its outcome and ground only once it was answered."""
        kind = join_alternatives(node.properties.get("kind", ())).replace("_", " ")
        sent = join_alternatives(node.properties.get("sent_on", ()))
        parts = [f"{kind or 'request'}, {node.caption}", f"sent {sent}" if sent else "day not stated"]
        if has_come(days := node.properties.get("answered_on", ()), self._day):
            parts.append(f"{join_alternatives(node.properties.get('answer', ()))} {max(days)}")
            parts += [f"ground: {ground}" for ground in node.properties.get("ground", ())]
        else:
            parts.append("no answer by the day")
        return PersonFact("; ".join(parts), self._evidence(node))

    def about(self, node: str) -> tuple[str, ...]:
        """The ids of what a request or notice is about."""
        links = (*self._context.outgoing(node, ["TARGETS"]), *self._context.incoming(node, ["SOUGHT_UNDER"]))
        return tuple(sorted({end for k in links for end in (k.source_id, k.target_id)} - {node}))

    def _entry(self, node: Node, day: str, host: str, what: str) -> RecordEntry:
        ground = join_alternatives(node.properties.get("ground", ()))
        return RecordEntry(day, host, what, ground, self._evidence(node), self.about(node.id))

    def _evidence(self, node: Node) -> tuple[EvidenceEntry, ...]:
        return evidence_entries(self._context.claims.get(node.id, ()), self._context.sources)

    def _issued(self) -> Iterator[Node]:
        for _, node in sorted(self._context.nodes.items()):
            issuers = [k.target_id for k in self._context.outgoing(node.id, ["ISSUED_BY"])]
            above = [k.target_id for one in issuers for k in self._context.outgoing(one, ["AGENCY_OF"])]
            places = [self._context.nodes[one] for one in (*issuers, *above) if one in self._context.nodes]
            if node.type in ("Request", "Notice") and self.requesting in {p.first("code") for p in places}:
                yield node


def _newest_first(entries: Iterable[RecordEntry]) -> tuple[RecordEntry, ...]:
    return tuple(sorted(entries, key=lambda e: (date_span(e.day).last, e.host, e.what, e.about), reverse=True))


@dataclass(frozen=True, slots=True)
class DossierInputs:
    """What all dossiers of one question share."""

    graph: ReportGraph
    record: RequestingRecord
    day: str
    facts: Mapping[str, FactDefinition]
    """The registry of facts, by name."""
    through_relatives: Mapping[str, Mapping[str, str]]
    """As in `LegalPages.through_relatives`."""
    recoverable: Callable[[Sequence[LinkedAsset]], RecoverableValue]
    """What can be recovered of some assets."""


def build_dossier(inputs: DossierInputs, found: PersonRoutes, nodes: Mapping[str, Node], next_step: str) -> Dossier:
    """The dossier of one person, whose routes are about linked assets alone; `nodes` has them and the person, by id."""
    day, person = date.fromisoformat(inputs.day), nodes[found.person]
    assets = sorted(asset for asset in found.linked_assets if asset in nodes)
    about = (found.person, *assets)
    cited = _cited_links(inputs.graph, found)
    ends = {end for link in cited.values() for end in (link.source_id, link.target_id)}
    shown = sorted({*about, *ends, *(paper.id for paper in found.papers)})
    context = load_context(inputs.graph, shown, cited)
    statuses = {one.asset: one.status for one in found.assets}
    rows = _values(context, [asset for asset in assets if asset in statuses], statuses, inputs.day)
    totals, without = totals_by_status(rows.values(), ())
    traced, reached = {one.asset for one in found.assets if one.is_traced}, inputs.through_relatives
    through = {asset: relative for asset, relative in reached.get(person.id, {}).items() if asset not in traced}
    raised_by = _raised_bars(inputs.facts, found.routes)
    dossier = Dossier(
        person=found.person,
        name=context.told_apart(person.id, caption(person)),
        other_names=other_names(person),
        facts=tuple(_facts(context, person, day)),
        documents=tuple(_documents(context, person, day)),
        papers=found.papers,
        measures=tuple(_measures(context, person.id, day)),
        allegations=tuple(Allegation(s, _replies(context, s, day)) for s in found.accusations),
        clearances=found.clearances,
        values=totals,
        without_value=without,
        through_relatives=tuple(_relative_totals(inputs.graph, through, rows)),
        recoverable=inputs.recoverable(found.assets),
        next_step=next_step,
        routes=tuple(_summary(answer, context, nodes) for answer in _first_routes(found.routes)),
        bars=tuple(dict.fromkeys((*raised_by, *(fact.question for answer in found.routes for fact in answer.bars)))),
        raised=tuple(raised_by),
        raised_by=raised_by,
        deadlines=actions_about(inputs.graph, about, inputs.day),
        requests=tuple(_requests(inputs.record, about, day)),
        deleted_notices=inputs.record.deletions,
        exhibits=exhibit_entries(context, shown),
        absences={},
    )
    return replace(dossier, absences=dict(_absences(dossier, inputs.record.requesting)))


def _absences(dossier: Dossier, requesting: str) -> Iterator[tuple[str, str]]:
    if not dossier.papers:
        yield "papers", "No warrant, notice or list entry names this person."
    if not dossier.measures:
        yield "measures", "No sanction, freeze or other measure against this person is in these sources."
    if not dossier.allegations:
        yield "allegations", "Not accused in these sources."
    if any(not one.replies for one in dossier.allegations):
        yield "replies", "No reply is in these sources."
    if not (dossier.values or dossier.without_value):
        yield "values", "No asset with a chain or a tracing to this person is known."
    if not dossier.routes:
        yield "routes", "No route to an outcome is open, to be examined or incomplete."
    if not dossier.bars:
        yield "bars", "No route has a bar to examine."
    if not dossier.deadlines:
        yield "deadlines", NOTHING_DUE
    if not dossier.requests:
        yield "requests", f"No request of {requesting} about this person or the assets is in these sources."


def _cited_links(graph: ReportGraph, found: PersonRoutes) -> Mapping[str, Link]:
    """The links on which any statement about the person rests, and about assets that are linked to the person."""
    statements = [*found.clearances, *found.accusations]
    for answer in found.routes:
        facts: Sequence[FactAnswer | MissingFact] = (*answer.facts_for, *answer.facts_against, *answer.missing)
        statements += (s for fact in facts for s in fact.says)
    return graph.store.links_by_id(dict.fromkeys(link for s in statements for link in s.links))


def _facts(context: ReportContext, person: Node, day: date) -> Iterator[PersonFact]:
    kinds, claims = context.ontology.properties(person.type), context.claims.get(person.id, ())
    for name, words in (("birth_date", "born"), ("address", "address:")):
        said = claims_by_value(kinds[name], name, claims)
        for text in person.properties.get(name, ()):
            yield PersonFact(f"{words} {text}", evidence_entries(said.get(text, ()), context.sources))
    places = (*sorted(context.ontology.with_trait("presence")), *PLACE_LINKS)
    for link in context.outgoing(person.id, (*sorted(context.ontology.with_trait("citizenship")), *places)):
        begun = (*link.properties.get("start_date", ()), *link.properties.get("date", ()))
        if not any(is_reached(text, day) is False for text in begun):
            statement = link_statement(context, link)
            is_dated = bool(begun or link.properties.get("end_date")) or link.type not in places
            yield PersonFact(statement.text if is_dated else f"{statement.text}, on an unknown day", statement.evidence)


IDENTITY_PROPERTIES = ("passport_number", "national_number", "id_number")
"""Properties of a person that are numbers of identity documents."""


def _documents(context: ReportContext, person: Node, day: date) -> Iterator[PersonFact]:
    kinds, claims = context.ontology.properties(person.type), context.claims.get(person.id, ())
    for name in IDENTITY_PROPERTIES:
        for text, said in sorted(claims_by_value(kinds[name], name, claims).items()):
            if known := [claim for claim in said if is_stated_by_day(claim, day)]:
                yield PersonFact(f"{name.replace('_', ' ')} {text}", evidence_entries(known, context.sources))
    for link in context.outgoing(person.id, ["HAS_DOCUMENT"]):
        said = [c for c in context.claims.get(link.id, ()) if is_stated_by_day(c, day, "start_date", "date")]
        if said:
            yield PersonFact(link_statement(context, link).text, evidence_entries(said, context.sources))


def _measures(context: ReportContext, person: str, day: date) -> Iterator[PersonFact]:
    """The measures that target a person: `freeze by the High Court, ordered 2012-03-04; in force on the day`."""
    for found in procedures(context, [person]):
        node = context.nodes[found.id]
        if not context.ontology.is_a(node.type, "Measure"):
            continue
        details = (d for d in found.details if d.label != NOT_COUNTED)
        told = [procedure_phrase(found), *(f"{d.label} {join_alternatives(d.values)}" for d in details)]
        measure = MeasureFacts.of_node(node)
        if not (measure.doubt or measure.dates.get("ordered_on") or measure.dates.get("executed_on")):
            told.append("no order has a stated day")
        elif not measure.doubt:
            told.append("in force on the day" if measure.is_in_force(day) else "over on the day")
        yield PersonFact("; ".join(told), found.evidence)


def _replies(context: ReportContext, statement: LegalStatement, day: date) -> tuple[PersonReply, ...]:
    """What the person answered by the day to accusations of the offence that a statement is about, by any source."""
    found: dict[tuple[str, str], list[Claim]] = {}
    told = [context.links[name] for name in statement.links if name in context.links]
    offences = {link.target_id for link in told}
    of_person = (k for one in told for k in context.outgoing(one.source_id, [one.type]) if k.target_id in offences)
    for name in dict.fromkeys(link.id for link in of_person):
        for claim in context.claims.get(name, ()):
            days = claim.properties.get("replied_on", ())
            if any(is_reached(text, day) is False for text in clean_dates(days)):
                continue
            for text in claim.properties.get("reply", ()):
                found.setdefault((text, join_alternatives(days)), []).append(claim)
    return tuple(
        PersonReply(text, when, evidence_entries(said, context.sources))
        for (text, when), said in sorted(found.items(), key=lambda pair: (pair[0][1] or "9", pair[0][0]))
    )


def _values(
    context: ReportContext, assets: Sequence[str], statuses: Mapping[str, AssetStatus], day: str
) -> Mapping[str, tuple[str, Sequence[AssetValue]]]:
    """How far enforcement had come about each asset, and what it is said to be worth, by the day; by id."""
    rows: dict[str, tuple[str, Sequence[AssetValue]]] = {}
    for asset in assets:
        if (node := context.nodes.get(asset)) is None:
            continue
        values = [v for v in asset_values(context, node) if not v.when or date_span(v.when).first.isoformat() <= day]
        rows[asset] = (statuses[asset], values)
    return rows


def _relative_totals(
    graph: ReportGraph, through: Mapping[str, str], rows: Mapping[str, tuple[str, Sequence[AssetValue]]]
) -> Iterator[RelativeTotal]:
    """By relative and status: what the assets are worth that the person reaches through that relative alone."""
    by_relative: dict[str, list[str]] = {}
    for asset in rows:
        if asset in through:
            by_relative.setdefault(through[asset], []).append(asset)
    names = graph.names_of(graph.store.nodes(by_relative))
    for relative in sorted(by_relative.keys() & names.keys(), key=lambda one: (names[one], one)):
        totals, without = totals_by_status((rows[asset] for asset in by_relative[relative]), ())
        yield from (RelativeTotal(names[relative], total) for total in totals)
        yield from (RelativeTotal(names[relative], StatusTotal(state, "", "", "", count)) for state, count in without)


def _first_routes(answers: Iterable[RouteAnswer]) -> list[RouteAnswer]:
    """The most complete routes that are possible, each kind of route once."""
    possible = [a for a in answers if a.state not in ("blocked", "person_initiated_only")]
    by_kind: dict[str, RouteAnswer] = {}
    for answer in most_complete_first(possible):
        by_kind.setdefault(answer.route.id, answer)
    return list(by_kind.values())[:FIRST_ROUTES]


def _raised_bars(facts: Mapping[str, FactDefinition], answers: Iterable[RouteAnswer]) -> Mapping[str, tuple[str, ...]]:
    """The bars that a record raises, as questions, each once, with what the records say."""
    found: dict[str, dict[str, None]] = {}
    for fact in chain.from_iterable(answer.facts_against for answer in answers):
        if (definition := facts.get(fact.fact)) is None:
            continue
        is_doubt = definition.doubt_counts and definition.speaks == "against" and bool(fact.says)
        if is_doubt or (definition.role == "bar" and (fact.answer == "yes" or fact.disputed)):
            said = (f"{one.text}{f' ({cited})' if (cited := ', '.join(one.sources)) else ''}" for one in fact.says)
            found.setdefault(fact.question, {}).update(dict.fromkeys(said))
    return {question: tuple(said) for question, said in found.items()}


def _summary(answer: RouteAnswer, context: ReportContext, nodes: Mapping[str, Node]) -> RouteSummary:
    stage = answer.stage
    return RouteSummary(
        about=context.told_apart(answer.subject, caption(nodes[answer.subject])),
        name=answer.name,
        host=answer.host,
        state=answer.state,
        stage=f"{stage.number} of {stage.of}, {stage.name}" if stage else "",
        next_action=stage.next_action if stage else "",
        missing=len(answer.missing),
    )


def _requests(record: RequestingRecord, about: Sequence[str], day: date) -> Iterator[HostRequests]:
    """By the state asked: the requests about the person or the assets that were sent by the day."""
    mine: dict[str, list[Node]] = {}
    for node in record.requests:
        if set(about) & set(record.about(node.id)) and not any(
            is_reached(text, day) is False for text in node.properties.get("sent_on", ())
        ):
            mine.setdefault(join_alternatives(node.properties.get("sent_to", ())), []).append(node)
    for host, nodes in sorted(mine.items()):
        entries = tuple(entry for entry in record.refusals if entry.host == host)
        told = sorted(nodes, key=lambda n: (n.first("sent_on") or "9", n.id))
        yield HostRequests(host, tuple(map(record.describe, told)), record.answered(host), len(entries), entries)
