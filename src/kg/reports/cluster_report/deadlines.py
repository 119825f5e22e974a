"""What has to be done by when, and by whom?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from kg.clearance import has_come
from kg.findings import Cluster
from kg.findings.counts import plural
from kg.ontology import Ontology
from kg.ontology.values import date_span
from kg.ontology.words import type_label
from kg.records import Link, Node
from kg.reports.cluster_report.sections.pursuits import (
    UnaccusedRelatives,
    issuer_names,
    last_words,
    relative_notes,
    voices,
)
from kg.reports.cluster_report.sections.values_by_status import RESTRAINING, measures_about
from kg.reports.cluster_report.summary import UPCOMING_DAYS, WAITING_DAYS, ActionItem
from kg.reports.context import ReportContext, ReportGraph, load_context
from kg.reports.evidence import evidence_entries
from kg.reports.terms import join_alternatives, place_name

ACTION_TYPES = ("Offence", "Measure", "Request")
"""Kinds of node that have deadlines, or wait."""

DEADLINE_PROPERTIES = {"Offence": "limitation_date", "Measure": "expires_on", "Request": "due_on"}
"""The property that is a deadline, by kind of node."""

MEASURE_LABELS = {"freeze": "restraint", "forfeiture": "confiscation"}
"""What a kind of measure is called, if not by the ontology's word."""


def action_items(
    graph: ReportGraph, clusters_by_member: Mapping[str, Cluster], day: str, relatives: UnaccusedRelatives
) -> tuple[ActionItem, ...]:
    """What is overdue, the latest first; deadlines up to UPCOMING_DAYS after `day`, the soonest first; what has waited.

    A partial date counts from its first day. Only what is about the member of a cluster, or somebody sought, is listed.
    """
    today = date.fromisoformat(day)
    ids = [graph.view.id(int(n)) for n in np.flatnonzero(graph.view.nodes_of(*ACTION_TYPES))]
    nodes = [node for _, node in sorted(graph.store.nodes(ids).items()) if not node.protected]
    found = _open_actions(graph, nodes, today)
    items = [i for action in found for i in _node_actions(action, clusters_by_member, relatives)]
    return tuple(sorted(items, key=_action_order))


class _OpenAction(NamedTuple):
    """A node about which something has to be done, by its deadline; it waits if there is none."""

    context: ReportContext
    node: Node
    today: date
    deadline: str
    about: frozenset[str]
    """The nodes at the other ends of its links, without the assets of which another measure took its place."""
    replaces: str = ""
    """The day on which the measure lapsed that it took the place of."""


def _open_actions(graph: ReportGraph, nodes: Iterable[Node], today: date) -> Iterator[_OpenAction]:
    """Each of some nodes that has a deadline or waits, unless its matter is settled.

    A measure is not due for the assets that a later one of the same authority restrains: that one is, and it is named
    whatever its deadline is for UPCOMING_DAYS after the earlier one lapsed.
    """
    due = {node.id: (node, _deadline(graph.ontology, node, today)) for node in nodes}
    due = {i: (n, day) for i, (n, day) in due.items() if day or _waiting_since(graph.ontology, n, today)}
    context = load_context(graph, sorted(due))
    open_now = {
        i: (n, day)
        for i, (n, day) in due.items()
        if not _is_settled(context, n, bool(day) and _days_left(day, today) < 0)
    }
    measures = [n for n, day in open_now.values() if day and graph.ontology.is_a(n.type, "Measure")]
    renewed = _renewals(graph, context, measures, today.isoformat())
    for name, (node, deadline) in open_now.items():
        ends = {end for link in _links_at(context, node) for end in (link.source_id, link.target_id)} - {name}
        later = renewed.get(name, {})
        yield _OpenAction(context, node, today, deadline, frozenset(ends - later.keys()))
        lapsed = -UPCOMING_DAYS <= _days_left(deadline, today) < 0 if deadline else False
        for one in {n.id: n for n in later.values() if lapsed and n.id not in open_now}.values():
            if expires := max(one.properties.get("expires_on", ()), default=""):
                about = frozenset(asset for asset, n in later.items() if n.id == one.id)
                yield _OpenAction(load_context(graph, [one.id]), one, today, expires, about, deadline)


def _renewals(
    graph: ReportGraph, context: ReportContext, measures: Sequence[Node], day: str
) -> dict[str, dict[str, Node]]:
    """By id of each of some measures, the assets that a later one of the same authority restrains, each with it."""
    targets = {m.id: [link.target_id for link in context.outgoing(m.id, ["TARGETS"])] for m in measures}
    near = load_context(graph, sorted({asset for each in targets.values() for asset in each}))
    found: dict[str, dict[str, Node]] = {}
    for measure in measures:
        authority, ends = issuer_names(context, measure), _last_expiry(measure)
        for asset in targets[measure.id] if authority else ():
            others = [n for n, status in measures_about(near, asset, day) if status in RESTRAINING]
            later = [n for n in others if _last_expiry(n) > ends and issuer_names(near, n) == authority]
            if later:
                found.setdefault(measure.id, {})[asset] = max(later, key=_last_expiry)
    return found


def _last_expiry(measure: Node) -> str:
    """The last day on which a measure may lapse; after all days if it is final, or no source says."""
    days = () if measure.properties.get("final_on") else measure.properties.get("expires_on", ())
    return max(map(_last_day, days), default="9")


def _action_order(item: ActionItem) -> tuple[object, ...]:
    rank = 0 if item.is_overdue else 1 if item.deadline else 2
    days = -item.days if item.waits else abs(item.days)
    return rank, days, item.deadline, _last_day(item.since), item.cluster, item.what, item.about


def _last_day(text: str) -> str:
    return date_span(text).last.isoformat() if text else ""


def _deadline(ontology: Ontology, node: Node, today: date) -> str:
    """The soonest deadline within UPCOMING_DAYS; else the latest past one; empty if met."""
    kind = next(k for k in ACTION_TYPES if ontology.is_a(node.type, k))
    over = ("lifted_on", "returned_on", "final_on") if kind == "Measure" else ()
    if any(has_come(node.properties.get(name, ()), today) for name in over) or _is_answered(node, today):
        return ""
    dates = sorted(node.properties.get(DEADLINE_PROPERTIES[kind], ()))
    ahead = [d for d in dates if _days_left(d, today) >= 0]
    if ahead:
        return ahead[0] if _days_left(ahead[0], today) <= UPCOMING_DAYS else ""
    return dates[-1] if dates else ""


def _is_answered(node: Node, today: date) -> bool:
    """Whether a request has an answer; one that is dated counts from its day on."""
    answers, days = set(node.properties.get("answer", ())) - {"pending"}, node.properties.get("answered_on", ())
    return (bool(answers) and not days) or has_come(days, today)


def _days_left(text: str, today: date) -> int:
    """Days to the first day that a date may mean and that is not past; negative if all are past."""
    first, last = date_span(text).first, date_span(text).last
    return (last - today).days if last < today else max(0, (first - today).days)


def _waiting_since(ontology: Ontology, node: Node, today: date) -> str:
    """Since when a request has waited for an answer, or an order to be carried out, for more than WAITING_DAYS."""
    sent, met = "", False
    if ontology.is_a(node.type, "Request"):
        sent, met = node.first("sent_on"), _is_answered(node, today)
    elif ontology.is_a(node.type, "Measure"):
        done = ("executed_on", "lifted_on", "final_on", "returned_on")
        sent = node.first("ordered_on")
        met = has_come((text for name in done for text in node.properties.get(name, ())), today)
        if not set(node.properties.get("kind", ())) & {"freeze", "seizure", "forfeiture"}:
            return ""
    if sent and not met and today - date_span(sent).last > timedelta(days=WAITING_DAYS):
        return sent
    return ""


def _node_actions(
    action: _OpenAction, clusters_by_member: Mapping[str, Cluster], relatives: UnaccusedRelatives
) -> Iterator[ActionItem]:
    """One for each cluster that the node is about, and one for people sought who are in none."""
    context, node = action.context, action.node
    members_by_cluster: defaultdict[str, set[str]] = defaultdict(set)
    accused = {link.source_id for link in context.incoming(node.id, ["ACCUSED_OF"])}
    for other in sorted(action.about):
        home = clusters_by_member.get(other)
        if home or context.nodes[other].sought_under:
            members_by_cluster[home.id if home else ""].add(other)
    for members in map(sorted, members_by_cluster.values()):
        assets = [m for m in members if context.ontology.is_a(context.nodes[m].type, "Asset")]
        about = [m for m in members if m in accused] or assets or members  # a limitation bars the trial of somebody
        cluster = clusters_by_member.get(members[0])
        item = _action_item(action, about)
        yield replace(
            item,
            cluster_id=cluster.id if cluster else "",
            cluster=cluster.name if cluster else "",
            notes=relative_notes(map(context.display_name, relatives.select(about))) + item.notes,
        )


def _is_settled(context: ReportContext, node: Node, has_passed: bool) -> bool:
    """Whether everybody accused of an offence is cleared, or was convicted before the limitation period ended."""
    if not context.ontology.is_a(node.type, "Offence"):
        return False
    words = last_words(context, node.id)
    convicted = words.accusing and all(
        any(said.stage == "convicted" for said in each) for each in words.accusing.values()
    )
    return words.are_all_cleared or (has_passed and bool(convicted))


def _clearing_notes(context: ReportContext, node: Node, about: Sequence[str]) -> tuple[str, ...]:
    """`Ann Example: cleared by a court`, where others are accused, or others accuse."""
    clearing = last_words(context, node.id).clearing if context.ontology.is_a(node.type, "Offence") else {}
    return tuple(f"{context.display_name(one)}: cleared by {voices(clearing[one])}" for one in about if one in clearing)


def actions_about(graph: ReportGraph, about: Sequence[str], day: str) -> tuple[ActionItem, ...]:
    """The same about some people and assets alone, in no cluster: overdue, due within UPCOMING_DAYS, and waiting."""
    today, ontology = date.fromisoformat(day), graph.ontology
    near = load_context(graph, about).nodes
    nodes = [near[i] for i in sorted(near) if any(ontology.is_a(near[i].type, kind) for kind in ACTION_TYPES)]
    found = [
        (a, members) for a in _open_actions(graph, nodes, today) if (members := [i for i in about if i in a.about])
    ]
    return tuple(sorted((_action_item(action, members) for action, members in found), key=_action_order))


def _links_at(context: ReportContext, node: Node) -> list[Link]:
    return [link for link in context.links.values() if node.id in (link.source_id, link.target_id)]


def _action_item(action: _OpenAction, about: Sequence[str]) -> ActionItem:
    """What has to be done for some people or assets, who of them is cleared, and what a measure took the place of."""
    context, node, today, deadline = action.context, action.node, action.today, action.deadline
    claims = [c for link in _links_at(context, node) for c in context.claims.get(link.id, ())]
    kind = next(k for k in ACTION_TYPES if context.ontology.is_a(node.type, k))
    days = _days_left(deadline, today) if deadline else _days_waited(node, kind, today)
    replaces = (f"in the place of one that lapsed {action.replaces}",) if action.replaces else ()
    names = tuple(map(context.display_name, about))
    return ActionItem(
        deadline=deadline,
        days=days,
        when=_deadline_phrase(kind, deadline, days) if deadline else _waiting_phrase(kind, days),
        what=_task_phrase(context, node, about, days < 0, _lapsed_phrase(deadline, days)),
        about=names,
        names_them=kind == "Measure",
        agency=_responsible_agency(context, node, kind),
        cluster_id="",
        cluster="",
        evidence=evidence_entries([*context.claims.get(node.id, ()), *claims], context.sources),
        since="" if deadline else _start_date(node, kind),
        notes=replaces + _clearing_notes(context, node, about),
    )


def _deadline_phrase(kind: str, deadline: str, days: int) -> str:
    if days < 0:
        return f"{plural(-days, 'days')} {'ago' if kind == 'Offence' else 'overdue'}"
    if days == 0:
        return "today" if len(deadline) == len("2014-12-05") else "may be today"
    return f"in {plural(days, 'days')}" + ("" if len(deadline) == len("2014-12-05") else " at the earliest")


def _lapsed_phrase(deadline: str, days: int) -> str:
    """Whether a measure that lapses on a day has lapsed, by the rule of `MeasureFacts`: on that day it is over."""
    if not deadline or days > 0:
        return ""
    return "may have lapsed" if days == 0 and len(deadline) < len("2014-12-05") else "has lapsed"


def _start_date(node: Node, kind: str) -> str:
    return node.first("sent_on" if kind == "Request" else "ordered_on")


def _days_waited(node: Node, kind: str, today: date) -> int:
    sent = _start_date(node, kind)
    return (today - date_span(sent).last).days if sent else 0


def _waiting_phrase(kind: str, days: int) -> str:
    return f"{plural(days, 'days')} without {'an answer' if kind == 'Request' else 'a report that it was carried out'}"


def _task_phrase(context: ReportContext, node: Node, about: Sequence[str], has_passed: bool, lapsed: str) -> str:
    """`Confirm execution: restraint of Flat 9 (freeze 7)`."""
    name = context.display_name(node.id)
    if context.ontology.is_a(node.type, "Offence"):
        accused = {link.source_id for link in context.incoming(node.id, ["ACCUSED_OF"])}
        whose = " of an offence of others" if accused and accused.isdisjoint(about) else ""
        return f"Limitation period{whose} {'ended' if has_passed else 'ends'}: {name}"
    kinds = node.properties.get("kind", ())
    label = join_alternatives(kinds).replace("_", " ") or type_label(node.type)
    if context.ontology.is_a(node.type, "Request"):
        return f"Chase the reply: {name if label in name.lower() else f'{label}, {name}'}"
    renew = f"Renew or confirm renewal, it {lapsed}" if lapsed else "Renew before it lapses"
    task = renew if node.first("expires_on") else "Confirm execution"
    measure = join_alternatives(MEASURE_LABELS.get(k, k.replace("_", " ")) for k in kinds) or type_label(node.type)
    is_plain = name.lower() in (label, measure) or name.lower().startswith(f"{label} of ")
    reference = "" if is_plain else f" ({name})"
    return f"{task}: {measure} of {', '.join(map(context.display_name, about))}{reference}"


def _responsible_agency(context: ReportContext, node: Node, kind: str) -> str:
    """Who has to act: the jurisdiction asked, who ordered the measure, or who speaks of the offence."""
    if kind == "Request" and (asked := node.properties.get("sent_to", ())):
        by = issuer_names(context, node)
        places = join_alternatives(map(place_name, asked))
        return f"{places}, asked by {by}" if by else places
    if kind == "Offence":
        spoken = {v for link in context.incoming(node.id, ["ACCUSED_OF"]) for v in link.properties.get("said_by", ())}
        law = join_alternatives(map(place_name, node.properties.get("law_of", ())))
        return "; ".join(p for p in (f"law of {law}" if law else "", *sorted(spoken)) if p)
    return issuer_names(context, node) or "not stated"
