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
from kg.reports.cluster_report.relatives import Kin, beside
from kg.reports.cluster_report.sections.pursuits import issuers
from kg.reports.cluster_report.summary import Action
from kg.reports.context import Graph, Surroundings, surroundings
from kg.reports.entries import Evidence
from kg.reports.evidence import voices
from kg.reports.names import english
from kg.reports.phrases import plural
from kg.reports.terms import either, type_words

KINDS = ("Offence", "Measure", "Request")
"""Kinds of node that have deadlines, or wait."""

WEEK, COMING, PATIENCE = 7, 90, 90
"""Days: what is for this week, what is coming, and how long a request may wait before somebody should ask."""

SOONEST = {"Offence": "limitation_date", "Measure": "expires_on", "Request": "due_on"}
"""The property that is a deadline, by kind of node."""


def actions(graph: Graph, homes: Mapping[str, Cluster], day: str, kin: Kin) -> tuple[Action, ...]:
    """Deadlines up to COMING days after `day`, and what has waited too long; soonest first.

    `homes`: the cluster of each member. A partial date counts from its first day. Only what touches a cluster is told.
    """
    today = date.fromisoformat(day)
    ids = [graph.view.id(int(n)) for n in np.flatnonzero(graph.view.nodes_of(*KINDS))]
    due = {i: n for i, n in sorted(graph.store.nodes(ids).items()) if not n.protected and _told(graph, n, today)}
    around = surroundings(graph, list(due)) if due else None
    found = [a for node in due.values() if around for a in _actions(around, node, homes, (today, kin))]
    return tuple(
        sorted(found, key=lambda a: (not a.deadline, a.deadline, -_number(a.when), a.cluster, a.what, a.about))
    )


def _number(words: str) -> int:
    """The days that words such as `1,133 days without an answer` begin with; what has waited longest comes first."""
    digits = words.split(" ", maxsplit=1)[0].replace(",", "")
    return int(digits) if digits.isdigit() else 0


def _told(graph: Graph, node: Node, today: date) -> bool:
    return bool(_deadline(graph.ontology, node, today) or _waits(graph, node, today))


def _deadline(ontology: Ontology, node: Node, today: date) -> str:
    """The soonest deadline within COMING, one that has passed too unless it is that of an offence; empty if met."""
    kind = next(k for k in KINDS if ontology.is_a(node.type, k))
    over = {"Measure": ("lifted_on", "returned_on", "final_on"), "Request": ("answered_on",), "Offence": ()}[kind]
    if any(node.properties.get(name) for name in over):
        return ""
    dates = sorted(node.properties.get(SOONEST[kind], ()))
    return next((d for d in dates if (0 if kind == "Offence" else -COMING) <= _left(d, today) <= COMING), "")


def _left(text: str, today: date) -> int:
    """Days to the first day that a date may mean and that is not past; below 0 where all are past."""
    first, last = date_span(text).first, date_span(text).last
    return (last - today).days if last < today else max(0, (first - today).days)


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _waits(graph: Graph, node: Node, today: date) -> str:
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
    if sent and not met and today - date_span(sent).last > _days(PATIENCE):
        return sent
    return ""


def _actions(
    around: Surroundings, node: Node, homes: Mapping[str, Cluster], told: tuple[date, Kin]
) -> Iterator[Action]:
    """One for each cluster that the node touches."""
    touched: defaultdict[str, list[str]] = defaultdict(list)
    links = [k for k in around.links.values() if node.id in (k.source_id, k.target_id)]
    for link in links:
        other = link.source_id if link.target_id == node.id else link.target_id
        if other in homes:
            touched[homes[other].id].append(other)
    claims = [c for link in links for c in around.claims.get(link.id, ())]
    evidence = voices([*around.claims.get(node.id, ()), *claims], around.sources)
    for members in touched.values():
        yield _action(around, node, sorted(set(members)), homes[members[0]], (*told, evidence))


def _action(
    around: Surroundings,
    node: Node,
    members: Sequence[str],
    home: Cluster,
    told: tuple[date, Kin, tuple[Evidence, ...]],
) -> Action:
    today, kin, evidence = told
    kind = next(k for k in KINDS if around.ontology.is_a(node.type, k))
    deadline = _deadline(around.ontology, node, today)
    days = _left(deadline, today) if deadline else 0
    assets = [m for m in members if around.ontology.is_a(around.nodes[m].type, "Asset")]
    return Action(
        deadline=deadline,
        when=_when(deadline, days) if deadline else _waited(node, kind, today),
        what=_what(around, node, kind),
        about=tuple(around.called(m) for m in (assets or members)),
        agency=_agency(around, node, kind),
        cluster_id=home.id,
        cluster=home.name,
        evidence=evidence,
        soon=bool(deadline) and days <= WEEK,
        since="" if deadline else _since(node, kind),
        notes=beside(around.called(m) for m in kin.among(assets or members)),
    )


def _when(deadline: str, days: int) -> str:
    if days < 0:
        return f"{plural(-days, 'days')} late; nobody says that it was met"
    if days == 0:
        return "today" if len(deadline) == len("2014-12-05") else "may be today"
    return f"in {plural(days, 'days')}" + ("" if len(deadline) == len("2014-12-05") else " at the earliest")


def _since(node: Node, kind: str) -> str:
    return node.first("sent_on" if kind == "Request" else "ordered_on")


def _waited(node: Node, kind: str, today: date) -> str:
    sent = _since(node, kind)
    days = (today - date_span(sent).last).days if sent else 0
    return f"{plural(days, 'days')} without {'an answer' if kind == 'Request' else 'word that it was carried out'}"


def _what(around: Surroundings, node: Node, kind: str) -> str:
    name = around.called(node.id)
    if kind == "Offence":
        return f"act before prosecution is barred: {name}"
    about = either(node.properties.get("kind", ())).replace("_", " ") or type_words(node.type)
    named = name if about in name.lower() else f"{about}, {name}"
    if kind == "Request":
        return f"answer, or ask again: {named}"
    return f"{'renew before it lapses' if node.first('expires_on') else 'carry out, or say that it is'}: {named}"


def _agency(around: Surroundings, node: Node, kind: str) -> str:
    """Who has to act: the jurisdiction asked, who ordered the measure, or who says so of the offence."""
    if kind == "Request" and (asked := node.properties.get("sent_to", ())):
        by = issuers(around, node)
        return f"{either(asked)}, asked by {by}" if by else either(asked)
    if kind == "Offence":
        spoken = {v for link in around.arriving(node.id, ["ACCUSED_OF"]) for v in link.properties.get("said_by", ())}
        law = either(node.properties.get("law_of", ()))
        return "; ".join(p for p in (f"law of {law}" if law else "", *sorted(spoken)) if p)
    return issuers(around, node) or english(node)
