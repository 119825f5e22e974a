"""Does a state own or control an enterprise, through its agencies and what these hold?"""

from __future__ import annotations

from kg.analysis.routes.case import FactQuery

MAJORITY = 50.0
"""Above this percentage, what agencies own together makes an enterprise the state's."""

MAX_DEPTH = 6


def state_owned_because(query: FactQuery, enterprise: int) -> str:
    """Why an enterprise is the requesting state's on the day, in words; empty where nothing in the graph says so."""
    known = query.case.state_owned
    if enterprise not in known:
        known[enterprise] = _reason(query, enterprise, MAX_DEPTH, {enterprise})
    return known[enterprise]


def is_agency(query: FactQuery, node: int) -> bool:
    """Whether a node is the requesting state itself, an agency of it, or one whose state nobody states."""
    context = query.context
    if code := context.jurisdiction_code(node):
        return code == query.requesting
    if not context.view.ontology.is_a(context.view.type(node), "Agency"):
        return False
    states = set(context.jurisdictions_of(node))
    return not states or query.requesting in states


def _reason(query: FactQuery, enterprise: int, depth: int, seen: set[int]) -> str:
    context = query.context
    if "yes" in context.merged_texts(enterprise, "state_owned"):
        return "state-owned by its own description"
    if majority := _majority(query, enterprise):
        return majority
    controllers = context.holders(enterprise, "CONTROLS", query.day)
    for holder in controllers:
        if is_agency(query, holder):
            return f"controlled by {context.name_of(holder)}"
    for holder in (holder for holder in controllers if depth and holder not in seen):
        seen.add(holder)
        if reason := _reason(query, holder, depth - 1, seen):
            return f"controlled by {context.name_of(holder)}, {reason}"
    return ""


def _is_public(query: FactQuery, node: int) -> bool:
    return is_agency(query, node) or "yes" in query.context.merged_texts(node, "state_owned")


def _majority(query: FactQuery, enterprise: int) -> str:
    context = query.context
    if not context.holders(enterprise, "OWNS", query.day):
        return ""
    found = query.case.owners(context.id(enterprise), query.day)
    shares = {context.view.index(holder): share for holder, share in found.items()}
    owning = {node: share for node, share in shares.items() if share and _is_public(query, node)}
    if sum(owning.values()) <= MAJORITY:
        return ""
    named = ", ".join(f"{context.name_of(node)} {share:g} %" for node, share in sorted(owning.items()))
    return f"owned by {named}"
