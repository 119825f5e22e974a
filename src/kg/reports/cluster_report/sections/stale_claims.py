"""Which claims about what changes has nobody repeated for long?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kg.findings import Cluster
from kg.ontology.values import date_span
from kg.records import Claim, Link
from kg.reports.cluster_report.summary import Stale
from kg.reports.context import Surroundings
from kg.reports.terms import sentence

YEARS = 3
"""A claim is stale if the newest day on which anybody said it is so many years before the report."""

CHANGING = ("presence", "location", "ownership", "control", "benefit")
"""Traits of links that may stop being true without a word."""


def stale(around: Surroundings, cluster: Cluster, day: str) -> tuple[Stale, ...]:
    """Links of members that are not over, and that nobody has said anew since `YEARS` years before `day`."""
    today = date.fromisoformat(day)
    limit = today.replace(year=today.year - YEARS, day=min(today.day, 28)).isoformat()
    members = {m.id for m in cluster.members}
    types = around.ontology.with_trait(*CHANGING)
    chosen = [k for k in around.links.values() if k.type in types and k.source_id in members and not _over(k, day)]
    found = ((link, _newest(around.claims.get(link.id, ()))) for link in chosen)
    return tuple(_stale(around, link, said, cluster) for link, said in found if said and _last(said) < limit)


def _over(link: Link, day: str) -> bool:
    """What ended, or happened once, is told as such."""
    ends = link.properties.get("end_date", ())
    return bool(ends and max(map(_last, ends)) < day)


def _newest(claims: Iterable[Claim]) -> str:
    """The newest day on which a source said so; the day of the load where it does not say."""
    return max((c.said.stated or c.since for c in claims), key=_last, default="")


def _last(text: str) -> str:
    return date_span(text).last.isoformat()


def _stale(around: Surroundings, link: Link, said: str, cluster: Cluster) -> Stale:
    kind = around.ontology.links[link.type]
    return Stale(
        about=around.called(link.source_id),
        what=sentence(around, link).removeprefix(around.called(link.source_id)).strip() or kind.caption,
        said=said,
        sources=link.sources,
        cluster_id=cluster.id,
        cluster=cluster.name,
        about_ids=(link.source_id, link.target_id),
    )
