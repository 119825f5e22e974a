"""Which payments come into a cluster from outside, and go out of it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from kg.ontology.values import money
from kg.records import Link
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.entries import EvidenceEntry
from kg.reports.evidence import evidence_entries

MAX_READ = 500
"""Payments across the border of a cluster that are read, the newest first."""

MAX_SUMS = 20
"""Sums listed; the number of the others is given."""

DIRECTIONS = ("from", "to")


@dataclass(frozen=True, slots=True)
class OutsidePayments:
    """What one party or account outside a cluster paid to its members, or got from them, in one currency."""

    outside_id: str
    outside: str
    direction: str
    """`from` outside, or `to` it."""
    currency: str
    total: str
    """Sum of what the payments state; with a minus where more was paid back."""
    payments: int
    first: str
    last: str
    """The first and the last day that a source gives; empty if none does."""
    members: tuple[str, ...]
    evidence: tuple[EvidenceEntry, ...]


def outside_payment_ids(graph: ReportGraph, members: Sequence[str]) -> tuple[list[str], int]:
    """The newest payments of which one end is a member and the other is not, by id, and how many are left out."""
    view = graph.view
    inside = np.zeros(len(view.ids), bool)
    inside[graph.indices(members)] = True
    found = np.flatnonzero(view.links_with("payment") & (inside[view.tail] != inside[view.head]))
    newest = found[np.argsort(-view.column("dates")[found, 0], kind="stable")]
    return [view.link_id(int(link)) for link in newest[:MAX_READ]], max(0, len(found) - MAX_READ)


def outside_payments(
    context: ReportContext, members: Iterable[str], ids: Iterable[str]
) -> tuple[tuple[OutsidePayments, ...], int]:
    """Sums by party, direction and currency, payments to members first, the largest first; and how many are left out.

    `ids`: payments across the border. Of several sums in one currency that sources state for a payment, the largest
    counts.
    """
    inside = {*members}
    grouped: defaultdict[tuple[str, str, str], list[tuple[Decimal, Link]]] = defaultdict(list)
    for link in (context.links[i] for i in ids if i in context.links):
        outside, direction = (link.target_id, "to") if link.source_id in inside else (link.source_id, "from")
        stated: dict[str, Decimal] = {}
        for text in link.properties.get("amount", ()):
            amount, currency = money(text)
            stated[currency] = max(stated.get(currency, amount), amount, key=abs)
        for currency, amount in (stated or {"": Decimal(0)}).items():
            grouped[outside, direction, currency].append((amount, link))
    found = [_sum(context, *key, each) for key, each in grouped.items()]
    found.sort(
        key=lambda s: (DIRECTIONS.index(s.direction), -abs(Decimal(s.total)), s.currency, s.outside, s.outside_id)
    )
    return tuple(found[:MAX_SUMS]), max(0, len(found) - MAX_SUMS)


def _sum(
    context: ReportContext, outside: str, direction: str, currency: str, each: Sequence[tuple[Decimal, Link]]
) -> OutsidePayments:
    links = [link for _, link in each]
    days = sorted(day for link in links for day in link.properties.get("date", ()))
    ends = {link.target_id if direction == "from" else link.source_id for link in links}
    return OutsidePayments(
        outside_id=outside,
        outside=context.display_name(outside),
        direction=direction,
        currency=currency,
        total=f"{sum((amount for amount, _ in each), Decimal(0)):f}",
        payments=len(links),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        members=tuple(sorted(map(context.display_name, ends))),
        evidence=evidence_entries([c for link in links for c in context.claims.get(link.id, ())], context.sources),
    )
