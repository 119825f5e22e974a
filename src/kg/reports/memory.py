"""What does a report remember for the next one?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from kg.errors import InputError, Place
from kg.findings import Cluster, Clusters, LedgerMark
from kg.reports.model import Report

Told = TypeVar("Told", bound=tuple[str, ...])

FORMAT = "kg run 1"
"""The number is raised when a newer kg could not read what an older one wrote."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One cluster as it was: its name, and each member with its role."""

    name: str
    members: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Memory:
    """What one report was about, so that the next one can say what is different."""

    day: str
    version: str
    as_of: str
    moment: LedgerMark
    method: Mapping[str, str]
    """Everything that decides what is found besides the data: parameters, ontology, version of the software."""
    clusters: Mapping[str, Remembered]
    contradictions: tuple[tuple[str, str, str], ...]
    """About whom, what of them, and the values."""
    cleared: tuple[tuple[str, str], ...]
    """Whom (by id), and who says so of what."""
    sought: Mapping[str, str]
    """Everybody sought, by id."""

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, data: Any, file: str) -> Memory:
        """The inverse of `to_json`. Raises InputError, naming the file, for anything else."""
        try:
            if data["format"] != FORMAT:
                raise InputError(f"expected format {FORMAT!r}", Place(file=file, key="format", value=data["format"]))
            known = {name: data[name] for name in ("day", "version", "as_of", "method", "sought")}
            return cls(
                **known,
                moment=LedgerMark(**{**data["moment"], "undone": tuple(data["moment"]["undone"])}),
                clusters={name: Remembered(**one) for name, one in data["clusters"].items()},
                contradictions=tuple((a, b, c) for a, b, c in data["contradictions"]),
                cleared=tuple((a, b) for a, b in data["cleared"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError("expected what an earlier run of kg remembered", Place(file=file)) from None


def remembered(report: Report, clusters: Clusters, moment: LedgerMark, method: Mapping[str, str]) -> Memory:
    """What to keep of a report."""
    return Memory(
        day=report.date,
        version=report.version,
        as_of=report.as_of,
        moment=moment,
        method=dict(method),
        clusters={c.id: _cluster(c) for c in clusters.clusters},
        contradictions=contradictions(report),
        cleared=cleared(report),
        sought={person.id: person.name for person in report.people_sought},
    )


def contradictions(report: Report) -> tuple[tuple[str, str, str], ...]:
    """Every contradiction told, once."""
    told = (
        (k.about, k.of, " or ".join(v.value for v in k.values)) for page in report.clusters for k in page.contradictions
    )
    return _once(told)


def cleared(report: Report) -> tuple[tuple[str, str], ...]:
    """Everybody told to be cleared, with who says so of what."""
    people = ((p.id, c) for page in report.clusters for p in page.people for c in p.cleared)
    return _once((name, f"{c.by}, {c.date or 'no day'}: {c.of}") for name, c in people)


def _cluster(cluster: Cluster) -> Remembered:
    return Remembered(cluster.name, {m.id: m.role for m in cluster.members})


def _once(found: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(dict.fromkeys(found))
