"""What is stored of a report, so that the next one can say what is different?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.errors import InputError, InputLocation
from kg.findings import LedgerPosition
from kg.reports.changes.enforcement import AssetStatus, asset_statuses
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.summary import StatusTotal
from kg.reports.entries import Clearance
from kg.reports.evidence import source_names
from kg.reports.terms import join_alternatives

FORMAT = "kg run 2"
"""The number is raised when a newer kg could not read what an older one wrote."""


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """What one report was about."""

    day: str
    version: str
    as_of: str
    moment: LedgerPosition
    method: Mapping[str, str]
    """Everything that decides what is found besides the data: parameters, ontology, version of the software."""
    described: tuple[str, ...]
    """Clusters described in full, by id."""
    contradictions: tuple[tuple[str, str, str, str, str], ...]
    """About what, the property, the values, the cluster (by id) that lists it, and the sources."""
    cleared: tuple[tuple[str, str], ...]
    """Who is cleared (by id), and by whom of what."""
    sought: Mapping[str, str]
    """Everybody sought, by id."""
    sought_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The sources that say so."""
    assets: Mapping[str, AssetStatus] = field(default_factory=dict)
    """The enforcement status of every asset described, by id."""
    totals: tuple[StatusTotal, ...] = ()
    """Values by enforcement status."""
    limit: int = 0
    """How many clusters were described at most."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Every source and its title."""
    contradictions_by_id: tuple[tuple[str, str, str], ...] = ()
    """The same by the ids of what each is about, the property, and the values: another name makes no other one."""
    descriptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Digests of what each cluster described says of each of its topics."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What `record_keys` gives for people sought and cleared, assets and what is contradicted."""
    successors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the id of somebody sought, the ids of all that the node has become since; empty in the file."""
    content: str = ""
    """A digest of the report's JSON file, from which its sections can be read again."""

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        assets = {asset: list(status) for asset, status in self.assets.items()}
        return {"format": FORMAT, **asdict(self), "assets": assets}

    @classmethod
    def from_json(cls, data: Any, file: str) -> PreviousReport:
        """The inverse of `to_json`. Raises InputError, naming the file, for anything else."""
        try:
            if data["format"] != FORMAT:
                where = InputLocation(file=file, key="format", value=data["format"])
                raise InputError(f"expected format {FORMAT!r}; write reports into a new folder", where)
            plain = {name: data[name] for name in ("day", "version", "as_of", "method", "sought")}
            return cls(
                **plain,
                moment=_position(data["moment"]),
                described=tuple(data["described"]),
                contradictions=tuple((a, b, c, d, e) for a, b, c, d, e in data["contradictions"]),
                sought_by={name: tuple(sources) for name, sources in data["sought_by"].items()},
                cleared=tuple((a, b) for a, b in data["cleared"]),
                assets={asset: AssetStatus(*status) for asset, status in data.get("assets", {}).items()},
                totals=tuple(StatusTotal(**total) for total in data.get("totals", ())),
                limit=data.get("limit", 0),
                sources=data.get("sources", {}),
                contradictions_by_id=tuple((a, b, c) for a, b, c in data.get("contradictions_by_id", ())),
                descriptions=data.get("descriptions", {}),
                keys={node: tuple(keys) for node, keys in data.get("keys", {}).items()},
                content=data.get("content", ""),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError("expected what an earlier run of kg stored", InputLocation(file=file)) from None


def _position(data: Mapping[str, Any]) -> LedgerPosition:
    resting = data.get("resting")
    return LedgerPosition(
        data["load"],
        data["judgement"],
        tuple(data["undone"]),
        tuple(data.get("waiting", ())),
        None if resting is None else tuple(resting),
    )


def summarise_report(
    report: Report,
    moment: LedgerPosition,
    method: Mapping[str, str],
    limit: int,
    descriptions: Mapping[str, Mapping[str, str]],
    keys: Callable[[Iterable[str]], Mapping[str, tuple[str, ...]]],
) -> PreviousReport:
    """What to store of a report. `descriptions`: what `description_digests` gives for it; `keys`: `record_keys`."""
    cleared = ((p.id, clearance_key(c)) for p in report.everybody_cleared for c in p.cleared)
    sought, by_id = report.people_sought, contradictions_by_id(report)
    assets = asset_statuses(report)
    told = {
        *assets,
        *(person.id for person in sought),
        *(party.id for party in report.everybody_cleared),
        *(i for ids, *_ in by_id for i in ids.split()),
    }
    return PreviousReport(
        day=report.date,
        version=report.version,
        as_of=report.as_of,
        moment=moment,
        method=dict(method),
        described=tuple(page.id for page in report.clusters),
        contradictions=contradiction_keys(report),
        cleared=tuple(dict.fromkeys(cleared)),
        sought={person.id: person.name for person in sought},
        sought_by={person.id: source_names(e for p in person.pursuits for e in p.evidence) for person in sought},
        assets=assets,
        totals=report.front.apart,
        limit=limit,
        sources={source.name: source.title for source in report.sources},
        contradictions_by_id=tuple(by_id),
        descriptions=descriptions,
        keys=keys(told),
    )


def contradictions_by_id(report: Report) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Every contradiction in a report by `PreviousReport.contradictions_by_id`: what it is about and the property."""
    return {
        (" ".join(one.about_ids), one.of, join_alternatives(v.value for v in one.values)): (one.about, one.of)
        for section in report.clusters
        for one in section.contradictions
        if one.about_ids
    }


def contradiction_keys(report: Report) -> tuple[tuple[str, str, str, str, str], ...]:
    """Every contradiction in a report, once."""
    found = []
    for page in report.clusters:
        for one in page.contradictions:
            sources = ", ".join(source_names(e for v in one.values for e in v.evidence))
            found.append((one.about, one.of, join_alternatives(v.value for v in one.values), page.id, sources))
    return tuple(dict.fromkeys(found))


def clearance_key(clearance: Clearance) -> str:
    """What tells one clearance of somebody from another."""
    return f"{clearance.by}, {clearance.date or 'no day'}: {clearance.of}"
