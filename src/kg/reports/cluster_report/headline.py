"""Says who and what matters in one cluster, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from kg.findings import STATUS_LABELS
from kg.findings.accusations import stage_date
from kg.findings.counts import plural
from kg.reports import phrases
from kg.reports.cluster_report.model import ClusterSection
from kg.reports.cluster_report.summary import ClusterHeadline
from kg.reports.entries import EvidenceEntry, PartyEntry
from kg.reports.evidence import source_names

MAX_PEOPLE = 3
"""People named; the number of the others is given."""

MAX_PLACES = 3
"""Jurisdictions named."""

MAX_CURRENCIES = 2
"""Currencies of each status; the number of the others is given."""


def cluster_headline(section: ClusterSection) -> ClusterHeadline:
    """The people sought, else those accused, else the first members; what is at stake; and who says so."""
    standing, parties = leading_parties(section)
    reasons = [_reason(party) for party in parties[:MAX_PEOPLE]]
    evidence = (e for _, each in reasons for e in each)
    held = [asset for asset in section.assets if asset.is_held]
    assets = (e for a in held for v in a.values for e in v.evidence)
    return ClusterHeadline(
        id=section.id,
        name=section.name,
        standing=standing,
        people=tuple(phrases.full_name(p) for p in parties[:MAX_PEOPLE]),
        more=max(0, len(parties) - MAX_PEOPLE),
        by=tuple(text for text, _ in reasons),
        assets=len(held),
        held_formerly=len(section.assets) - len(held),
        places=tuple(_places(section)),
        amounts=tuple(status_amounts(section)),
        sources=source_names([*evidence, *assets]) or section.sources,
    )


def leading_parties(section: ClusterSection) -> tuple[str, tuple[PartyEntry, ...]]:
    """After whom a cluster is called, and why."""
    accused = tuple(p for p in section.people if p.procedural_status == "accused")
    if section.sought or accused:
        return ("Sought", section.sought) if section.sought else ("Accused or formerly wanted", accused)
    return "With", (*section.enterprises, *section.people, *section.arrangements)


def status_amounts(section: ClusterSection) -> Iterator[str]:
    """`restrained: CAD 1.2 M to 1.5 M, USD 20 k, 1 asset without a stated value`, by status; sums alleged come last."""
    for status in sorted(STATUS_LABELS, key=lambda name: name == "alleged"):
        most = sorted(
            (t for t in section.apart if t.state == status), key=lambda total: (-total.assets, total.currency)
        )
        amounts = [f"{t.currency} {phrases.compact_range(t.low, t.high)}" for t in most[:MAX_CURRENCIES]]
        if more := len(most) - len(amounts):
            amounts[-1] += f" and {plural(more, 'further currencies')}"
        if without := sum(asset.state == status and not asset.values for asset in section.assets):
            amounts.append(f"{plural(without, 'assets')} without a stated value")
        if amounts:
            yield f"{STATUS_LABELS[status]}: {', '.join(amounts)}"


def _places(section: ClusterSection) -> Iterator[str]:
    """`Canada (2)`: the jurisdictions with most of the assets, how many further ones there are, and assets in none."""
    places = [j for j in sorted(section.jurisdictions, key=lambda j: -j.assets) if j.assets]
    yield from (f"{j.name} ({j.assets})" for j in places[:MAX_PLACES])
    if len(places) > MAX_PLACES:
        yield plural(len(places) - MAX_PLACES, "further jurisdictions")
    if places and (nowhere := sum(not any(w.name for w in asset.where) for asset in section.assets if asset.is_held)):
        yield f"no known jurisdiction ({nowhere})"


def _reason(party: PartyEntry) -> tuple[str, tuple[EvidenceEntry, ...]]:
    """Who seeks the party since when, who cleared it, or what it is accused of, said to be one; and when it died."""
    told: list[tuple[str, tuple[EvidenceEntry, ...]]] = []
    if party.sought or (party.listed_pursuits and not party.cleared):
        first = party.listed_pursuits[0]
        since = f" since {first.since_words}"
        told.append((f"{'sought' if first.in_force else 'formerly sought'} by {first.by}{since}", first.evidence))
    if party.cleared:
        last = party.cleared[-1]
        told.append((f"cleared by {last.by}{stage_date('cleared', last.date)}: {last.of}", last.evidence))
    if party.standing_accusations and (party.cleared or not told):
        said = party.standing_accusations[-1 if party.cleared else 0]
        told.append((said.text, (said.evidence,)))
    if party.died:
        told.append((f"died {party.died}", ()))
    return ", ".join(text for text, _ in told), tuple(e for _, each in told for e in each)
