"""What is stored of a report, so that the next one can say what is different?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kg.errors import InputError, InputLocation
from kg.findings import LedgerPosition
from kg.reports.changes.contradictions import KnownContradiction, listed_contradictions
from kg.reports.changes.enforcement import AssetStatus, asset_statuses
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.summary import StatusTotal
from kg.reports.entries import Clearance
from kg.reports.evidence import source_names

FORMAT = "kg run 3"
"""The number is raised when a newer kg could not read what an older one wrote."""

RecordKeys = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousReport:
    """What one report was about."""

    day: str
    version: str
    as_of: str
    moment: LedgerPosition
    method: Mapping[str, str]
    """Everything that decides what is found besides the data: parameters, ontology, version of the software."""
    limit: int
    """How many clusters were described at most."""
    described: tuple[str, ...]
    """Clusters described in full, by id."""
    contradictions: tuple[KnownContradiction, ...]
    cleared: tuple[tuple[str, str, str], ...]
    """Who is cleared, and of what (both by id), on which day."""
    sought: Mapping[str, str]
    """Everybody sought, by id."""
    sought_by: Mapping[str, tuple[str, ...]]
    """The sources that say so."""
    assets: Mapping[str, AssetStatus]
    """The enforcement status of every asset described, by id."""
    totals: tuple[StatusTotal, ...]
    """Values by enforcement status."""
    sources: Mapping[str, str]
    """Every source and its title."""
    exhibits: Mapping[str, str]
    """What `exhibit_problems` gave."""
    keys: RecordKeys
    """What `record_keys` gives for the members of clusters, people sought and cleared, and what is contradicted."""
    successors: RecordKeys = field(default_factory=dict)
    """By the id of somebody sought, the ids of all that the node has become since; empty in the file."""
    content: str = ""
    """A digest of the report's JSON file, from which its sections can be read again."""

    @property
    def named_nodes(self) -> set[str]:
        """All nodes that it tells something of, by id."""
        return {
            *self.assets,
            *self.sought,
            *(node for person, of, _ in self.cleared for node in (person, of)),
            *(node for one in self.contradictions for node in one.about_ids),
        }

    @property
    def sought_now(self) -> set[str]:
        """Everybody sought then, by the ids of now."""
        return {now for each in self.successors.values() for now in each}

    def to_bytes(self) -> bytes:
        """The content of its file."""
        import orjson

        data = {"format": FORMAT, "report": self}
        return orjson.dumps(data, option=orjson.OPT_INDENT_2, default=list) + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes, file: str) -> PreviousReport:
        """The inverse of `to_bytes`. Raises InputError, naming the file, for anything else."""
        import orjson
        from pydantic import TypeAdapter, ValidationError

        try:
            data = orjson.loads(content)
            if data["format"] != FORMAT:
                where = InputLocation(file=file, key="format", value=data["format"])
                raise InputError(f"expected format {FORMAT!r}; write reports into a new folder", where)
            return TypeAdapter(cls).validate_python(data["report"])
        except (ValidationError, ValueError, KeyError, TypeError):
            raise InputError("expected what an earlier run of kg stored", InputLocation(file=file)) from None


def summarise_report(
    report: Report,
    moment: LedgerPosition,
    method: Mapping[str, str],
    limit: int,
    exhibits: Mapping[str, str],
    keys: Callable[[Iterable[str]], RecordKeys],
) -> PreviousReport:
    """What to store of a report. `exhibits`: what `exhibit_problems` gives; `keys`: `record_keys`, also of members."""
    cleared = dict.fromkeys(clearance_key(p.id, c) for p in report.everybody_cleared for c in p.cleared)
    sought = report.people_sought
    found = PreviousReport(
        day=report.date,
        version=report.version,
        as_of=report.as_of,
        moment=moment,
        method=dict(method),
        limit=limit,
        described=tuple(section.id for section in report.clusters),
        contradictions=listed_contradictions(report),
        cleared=tuple(cleared),
        sought={person.id: person.name for person in sought},
        sought_by={person.id: source_names(e for p in person.pursuits for e in p.evidence) for person in sought},
        assets=asset_statuses(report),
        totals=report.front.apart,
        sources={source.name: source.title for source in report.sources},
        exhibits=exhibits,
        keys={},
    )
    return replace(found, keys=keys(found.named_nodes))


def clearance_key(person: str, clearance: Clearance) -> tuple[str, str, str]:
    """What tells one clearance from another: who is cleared, of what, and on which day."""
    return person, clearance.of_id, clearance.date
