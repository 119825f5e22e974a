"""Who settled, holds, protects or benefits from the arrangements by which something is held, whatever their shares?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kg.analysis.ownership.shares import DIRECT_HOLDINGS
from kg.analysis.validity import may_hold, parse_period
from kg.findings import ArrangementRole
from kg.view import GraphView, IntArray

_ROLES = ("stewardship", "control", "benefit")
"""Traits of links by which a party has a part in an arrangement."""


def roles_in(view: GraphView, arrangements: Iterable[str], as_of: str = "") -> tuple[ArrangementRole, ...]:
    """The parts that parties have in some nodes as of a day; those of them that are no arrangements are left out.

    Who holds for others under one comes first. The view must have COLUMNS. Raises InputError for the day.
    """
    nodes = (view.index(name) for name in dict.fromkeys(arrangements))
    links = [view.incoming.of(node).astype(np.int64) for node in nodes]
    return _roles(view, np.concatenate([np.empty(0, np.int64), *links]), as_of)


def roles_of(view: GraphView, party: str, as_of: str = "") -> tuple[ArrangementRole, ...]:
    """The parts that a party has in arrangements as of a day, in the same order; raises as `roles_in` does."""
    return _roles(view, view.outgoing.of(view.index(party)).astype(np.int64), as_of)


def share_controls_of(view: GraphView, node: str, as_of: str = "") -> tuple[str, ...]:
    """The links into a node, by id, that state control of which a share may be stated, as of a day; raises likewise."""
    known = {name for name in view.ontology.with_trait("control") if "share" in view.ontology.properties(name)}
    links = view.incoming.of(view.index(node)).astype(np.int64)
    links = links[view.link_types_of(known)[view.link_type[links]]]
    return tuple(view.link_id(int(link)) for link in links[may_hold(view, links, parse_period(as_of or view.as_of))])


def _roles(view: GraphView, links: IntArray, as_of: str) -> tuple[ArrangementRole, ...]:
    period, is_holding = parse_period(as_of or view.as_of), view.link_types_with(*DIRECT_HOLDINGS)
    holds, is_role = view.link_types_with("stewardship"), view.link_types_with(*_ROLES)
    found = [link for link in links[is_role[view.link_type[links]]].tolist() if _is_arrangement(view, link)]
    chosen, roles = np.array(found, np.int64), list[ArrangementRole]()
    for link in chosen[may_hold(view, chosen, period)].tolist():
        arrangement = int(view.head[link])
        held = view.outgoing.of(arrangement).astype(np.int64)
        held = held[is_holding[view.link_type[held]]]
        named = dict.fromkeys(view.id(int(view.head[one])) for one in held[may_hold(view, held, period)])
        roles.append(
            ArrangementRole(
                party=view.id(int(view.tail[link])),
                arrangement=view.id(arrangement),
                link=view.link_id(link),
                holds_title=bool(holds[view.link_type[link]]),
                held=tuple(named),
            )
        )
    return tuple(sorted(roles, key=lambda one: (not one.holds_title, one.arrangement, one.party, one.link)))


def _is_arrangement(view: GraphView, link: int) -> bool:
    return view.ontology.is_a(view.type(int(view.head[link])), "Arrangement")
