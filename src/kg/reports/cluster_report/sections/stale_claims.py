"""Which claims about things that change has no source confirmed for years?"""

from __future__ import annotations

from datetime import date

from kg.findings import Cluster
from kg.findings.statements import has_ended
from kg.ontology.values import date_span
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
    found = []
    for link in (k for k in context.links.values() if k.type in types and k.source_id in members):
        # The day of the load counts if a source does not say when it said so.
        days = (c.provenance.stated or c.since for c in context.claims.get(link.id, ()))
        confirmed = max(days, key=_last_day, default="")
        if confirmed and not has_ended(context.claims.get(link.id, ()), day) and _last_day(confirmed) < limit:
            about, ids = context.display_name(link.source_id), (link.source_id, link.target_id)
            what = link_sentence(context, link).removeprefix(about).strip()
            found.append(StaleClaim(about, what, confirmed, link.sources, cluster.id, cluster.name, ids))
    return tuple(found)


def _last_day(text: str) -> str:
    return date_span(text).last.isoformat()
