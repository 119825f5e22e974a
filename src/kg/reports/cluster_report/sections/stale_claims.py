"""Which claims about things that change has no source confirmed for years?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kg.findings import Cluster
from kg.ontology.values import date_span
from kg.records import Claim, Link
from kg.reports.cluster_report.summary import StaleClaim
from kg.reports.context import ReportContext
from kg.reports.terms import link_sentence

STALE_AFTER_YEARS = 3
"""A claim is stale if the latest day on which a source said so is so many years before the report."""

CHANGEABLE_TRAITS = ("presence", "location", "ownership", "control", "benefit")
"""Traits of links that may end without anybody reporting it."""


def stale_claims(context: ReportContext, cluster: Cluster, day: str) -> tuple[StaleClaim, ...]:
    """Links of members that have not ended and that no source has confirmed for `STALE_AFTER_YEARS` before `day`."""
    today = date.fromisoformat(day)
    limit = today.replace(year=today.year - STALE_AFTER_YEARS, day=min(today.day, 28)).isoformat()
    members = {m.id for m in cluster.members}
    types = context.ontology.with_trait(*CHANGEABLE_TRAITS)
    chosen = [
        k for k in context.links.values() if k.type in types and k.source_id in members and not _has_ended(k, day)
    ]
    found = ((link, _last_confirmed(context.claims.get(link.id, ()))) for link in chosen)
    return tuple(
        _stale_claim(context, link, last_confirmed, cluster)
        for link, last_confirmed in found
        if last_confirmed and _last_day(last_confirmed) < limit
    )


def _has_ended(link: Link, day: str) -> bool:
    """Whether a link ended before a day."""
    ends = link.properties.get("end_date", ())
    return bool(ends and max(map(_last_day, ends)) < day)


def _last_confirmed(claims: Iterable[Claim]) -> str:
    """The latest day on which a source said so; the day of the load if it does not say when."""
    return max((c.provenance.stated or c.since for c in claims), key=_last_day, default="")


def _last_day(text: str) -> str:
    return date_span(text).last.isoformat()


def _stale_claim(context: ReportContext, link: Link, last_confirmed: str, cluster: Cluster) -> StaleClaim:
    kind = context.ontology.links[link.type]
    return StaleClaim(
        about=context.display_name(link.source_id),
        what=link_sentence(context, link).removeprefix(context.display_name(link.source_id)).strip() or kind.caption,
        said=last_confirmed,
        sources=link.sources,
        cluster_id=cluster.id,
        cluster=cluster.name,
        about_ids=(link.source_id, link.target_id),
    )
