"""What is stored of a report, so that the next one can say what is different?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from kg.errors import InputError, InputLocation
from kg.findings import LedgerPosition
from kg.reports.cluster_report.model import Report
from kg.reports.entries import Clearance, Contradiction
from kg.reports.evidence import source_names

TextTuple = TypeVar("TextTuple", bound=tuple[str, ...])

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

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, data: Any, file: str) -> PreviousReport:
        """The inverse of `to_json`. Raises InputError, naming the file, for anything else."""
        try:
            if data["format"] != FORMAT:
                raise InputError(
                    f"expected format {FORMAT!r}; write reports into a new folder",
                    InputLocation(file=file, key="format", value=data["format"]),
                )
            plain = {name: data[name] for name in ("day", "version", "as_of", "method", "sought")}
            return cls(
                **plain,
                moment=LedgerPosition(**{**data["moment"], "undone": tuple(data["moment"]["undone"])}),
                described=tuple(data["described"]),
                contradictions=tuple((a, b, c, d, e) for a, b, c, d, e in data["contradictions"]),
                sought_by={name: tuple(sources) for name, sources in data["sought_by"].items()},
                cleared=tuple((a, b) for a, b in data["cleared"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError("expected what an earlier run of kg stored", InputLocation(file=file)) from None


def summarise_report(report: Report, moment: LedgerPosition, method: Mapping[str, str]) -> PreviousReport:
    """What to store of a report."""
    return PreviousReport(
        day=report.date,
        version=report.version,
        as_of=report.as_of,
        moment=moment,
        method=dict(method),
        described=tuple(page.id for page in report.clusters),
        contradictions=contradiction_keys(report),
        cleared=clearance_keys(report),
        sought={person.id: person.name for person in report.people_sought},
        sought_by={
            person.id: source_names(e for p in person.pursuits for e in p.evidence) for person in report.people_sought
        },
    )


def contradiction_keys(report: Report) -> tuple[tuple[str, str, str, str, str], ...]:
    """Every contradiction in a report, once."""
    contradicted = ((page.id, k) for page in report.clusters for k in page.contradictions)
    return _distinct(
        (k.about, k.of, " or ".join(v.value for v in k.values), home, _contradicting_sources(k))
        for home, k in contradicted
    )


def _contradicting_sources(one: Contradiction) -> str:
    return ", ".join(source_names(e for v in one.values for e in v.evidence))


def clearance_keys(report: Report) -> tuple[tuple[str, str], ...]:
    """Everybody who is cleared by some source, with who says so of what."""
    return _distinct((p.id, clearance_key(c)) for p in report.everybody_cleared for c in p.cleared)


def clearance_key(clearance: Clearance) -> str:
    """What tells one clearance of somebody from another."""
    return f"{clearance.by}, {clearance.date or 'no day'}: {clearance.of}"


def _distinct(found: Iterable[TextTuple]) -> tuple[TextTuple, ...]:
    return tuple(dict.fromkeys(found))
