"""What has to be done by when, and by whom?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from kg.findings import Cluster
from kg.ontology import Ontology
from kg.ontology.values import date_span
from kg.records import Node
from kg.reports.cluster_report.relatives import UnaccusedRelatives, relative_notes
from kg.reports.cluster_report.sections.pursuits import issuer_names
from kg.reports.cluster_report.summary import ActionItem
from kg.reports.context import ReportContext, ReportGraph, load_context
from kg.reports.entries import EvidenceEntry
from kg.reports.evidence import evidence_entries
from kg.reports.names import latin_name
from kg.reports.phrases import plural
from kg.reports.terms import join_alternatives, type_label

ACTION_TYPES = ("Offence", "Measure", "Request")
"""Kinds of node that have deadlines, or wait."""

SOON_DAYS, UPCOMING_DAYS, WAITING_DAYS = 7, 90, 90
"""Days: what is for this week, what is coming, and how long a request may wait before somebody should ask."""

DEADLINE_PROPERTIES = {"Offence": "limitation_date", "Measure": "expires_on", "Request": "due_on"}
"""The property that is a deadline, by kind of node."""


def action_items(
    graph: ReportGraph, clusters_by_member: Mapping[str, Cluster], day: str, relatives: UnaccusedRelatives
) -> tuple[ActionItem, ...]:
    """Deadlines up to COMING days after `day`, and what has waited too long; soonest first.

    `homes`: the cluster of each member. A partial date counts from its first day. Only what touches a cluster is told.
    """
    today = date.fromisoformat(day)
    ids = [graph.view.id(int(n)) for n in np.flatnonzero(graph.view.nodes_of(*ACTION_TYPES))]
    due = {
        i: n for i, n in sorted(graph.store.nodes(ids).items()) if not n.protected and _is_actionable(graph, n, today)
    }
    around = load_context(graph, list(due)) if due else None
    found = [
        a
        for node in due.values()
        if around
        for a in _node_actions(around, node, clusters_by_member, (today, relatives))
    ]
    return tuple(
        sorted(found, key=lambda a: (not a.deadline, a.deadline, -_leading_number(a.when), a.cluster, a.what, a.about))
    )


def _leading_number(words: str) -> int:
    """The days that words such as `1,133 days without an answer` begin with; what has waited longest comes first."""
    digits = words.split(" ", maxsplit=1)[0].replace(",", "")
    return int(digits) if digits.isdigit() else 0


def _is_actionable(graph: ReportGraph, node: Node, today: date) -> bool:
    return bool(_deadline(graph.ontology, node, today) or _waiting_since(graph, node, today))


def _deadline(ontology: Ontology, node: Node, today: date) -> str:
    """The soonest deadline within COMING, one that has passed too unless it is that of an offence; empty if met."""
    kind = next(k for k in ACTION_TYPES if ontology.is_a(node.type, k))
    over = {"Measure": ("lifted_on", "returned_on", "final_on"), "Request": ("answered_on",), "Offence": ()}[kind]
    if any(node.properties.get(name) for name in over):
        return ""
    dates = sorted(node.properties.get(DEADLINE_PROPERTIES[kind], ()))
    return next(
        (d for d in dates if (0 if kind == "Offence" else -UPCOMING_DAYS) <= _days_left(d, today) <= UPCOMING_DAYS), ""
    )


def _days_left(text: str, today: date) -> int:
    """Days to the first day that a date may mean and that is not past; below 0 where all are past."""
    first, last = date_span(text).first, date_span(text).last
    return (last - today).days if last < today else max(0, (first - today).days)


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _waiting_since(graph: ReportGraph, node: Node, today: date) -> str:
    """Since when a request has waited for an answer, or an order to be carried out, for longer than PATIENCE."""
    sent, met = "", tuple[str, ...]()
    if graph.ontology.is_a(node.type, "Request"):
        answers = set(node.properties.get("answer", ())) - {"pending"}
        sent, met = node.first("sent_on"), (*answers, *node.properties.get("answered_on", ()))
    elif graph.ontology.is_a(node.type, "Measure"):
        done = ("executed_on", "lifted_on", "final_on", "returned_on")
        sent, met = node.first("ordered_on"), tuple(v for name in done for v in node.properties.get(name, ()))
        if not set(node.properties.get("kind", ())) & {"freeze", "seizure", "forfeiture"}:
            return ""
    if sent and not met and today - date_span(sent).last > _days(WAITING_DAYS):
        return sent
    return ""


def _node_actions(
    context: ReportContext, node: Node, clusters_by_member: Mapping[str, Cluster], told: tuple[date, UnaccusedRelatives]
) -> Iterator[ActionItem]:
    """One for each cluster that the node touches."""
    touched: defaultdict[str, list[str]] = defaultdict(list)
    links = [k for k in context.links.values() if node.id in (k.source_id, k.target_id)]
    for link in links:
        other = link.source_id if link.target_id == node.id else link.target_id
        if other in clusters_by_member:
            touched[clusters_by_member[other].id].append(other)
    claims = [c for link in links for c in context.claims.get(link.id, ())]
    evidence = evidence_entries([*context.claims.get(node.id, ()), *claims], context.sources)
    for members in touched.values():
        yield _action_item(context, node, sorted(set(members)), clusters_by_member[members[0]], (*told, evidence))


def _action_item(
    context: ReportContext,
    node: Node,
    members: Sequence[str],
    home: Cluster,
    told: tuple[date, UnaccusedRelatives, tuple[EvidenceEntry, ...]],
) -> ActionItem:
    today, kin, evidence = told
    kind = next(k for k in ACTION_TYPES if context.ontology.is_a(node.type, k))
    deadline = _deadline(context.ontology, node, today)
    days = _days_left(deadline, today) if deadline else 0
    assets = [m for m in members if context.ontology.is_a(context.nodes[m].type, "Asset")]
    return ActionItem(
        deadline=deadline,
        when=_deadline_phrase(deadline, days) if deadline else _waiting_phrase(node, kind, today),
        what=_task_phrase(context, node, kind),
        about=tuple(context.display_name(m) for m in (assets or members)),
        agency=_responsible_agency(context, node, kind),
        cluster_id=home.id,
        cluster=home.name,
        evidence=evidence,
        soon=bool(deadline) and days <= SOON_DAYS,
        since="" if deadline else _start_date(node, kind),
        notes=relative_notes(context.display_name(m) for m in kin.select(assets or members)),
    )


def _deadline_phrase(deadline: str, days: int) -> str:
    if days < 0:
        return f"{plural(-days, 'days')} late; nobody says that it was met"
    if days == 0:
        return "today" if len(deadline) == len("2014-12-05") else "may be today"
    return f"in {plural(days, 'days')}" + ("" if len(deadline) == len("2014-12-05") else " at the earliest")


def _start_date(node: Node, kind: str) -> str:
    return node.first("sent_on" if kind == "Request" else "ordered_on")


def _waiting_phrase(node: Node, kind: str, today: date) -> str:
    sent = _start_date(node, kind)
    days = (today - date_span(sent).last).days if sent else 0
    return f"{plural(days, 'days')} without {'an answer' if kind == 'Request' else 'word that it was carried out'}"


def _task_phrase(context: ReportContext, node: Node, kind: str) -> str:
    name = context.display_name(node.id)
    if kind == "Offence":
        return f"act before prosecution is barred: {name}"
    about = join_alternatives(node.properties.get("kind", ())).replace("_", " ") or type_label(node.type)
    named = name if about in name.lower() else f"{about}, {name}"
    if kind == "Request":
        return f"answer, or ask again: {named}"
    return f"{'renew before it lapses' if node.first('expires_on') else 'carry out, or say that it is'}: {named}"


def _responsible_agency(context: ReportContext, node: Node, kind: str) -> str:
    """Who has to act: the jurisdiction asked, who ordered the measure, or who says so of the offence."""
    if kind == "Request" and (asked := node.properties.get("sent_to", ())):
        by = issuer_names(context, node)
        return f"{join_alternatives(asked)}, asked by {by}" if by else join_alternatives(asked)
    if kind == "Offence":
        spoken = {v for link in context.incoming(node.id, ["ACCUSED_OF"]) for v in link.properties.get("said_by", ())}
        law = join_alternatives(node.properties.get("law_of", ()))
        return "; ".join(p for p in (f"law of {law}" if law else "", *sorted(spoken)) if p)
    return issuer_names(context, node) or latin_name(node)
