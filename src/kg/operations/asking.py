"""Which questions does the graph answer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.operations.erasing import remember_report
from kg.operations.workplace import Workplace
from kg.ports import Store
from kg.records import Link, Node

if TYPE_CHECKING:
    from kg.analysis.cluster_parameters import ClusterParameters
    from kg.findings import Clusters, PathAnswer


@dataclass(frozen=True, slots=True)
class PathFound:
    """A path question answered, with the nodes and links that the answer names."""

    answer: PathAnswer
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]


def find_clusters(store: Store, parameters: ClusterParameters) -> Clusters:
    """Which assets are held together."""
    from kg.analysis.asset_clusters import COLUMNS, asset_clusters

    return asset_clusters(store.view(COLUMNS), parameters)


def find_path(store: Store, start: str, goal: str, max_depth: int = 6, walk: Sequence[str] = ()) -> PathFound:
    """How two nodes are connected; each is named by id, `namespace:key` or a name that only one node has.

    `walk` names traits that are walked besides the usual ones. Raises NotFound and InputError for names and traits.
    """
    from kg.analysis.paths import NOT_WALKED, PathQuestion, shortest_path

    unknown = set(walk) - set(NOT_WALKED)
    if unknown:
        raise InputError(f"{sorted(unknown)[0]!r} is no trait that is left out; those are {', '.join(NOT_WALKED)}")
    ends = store.resolve(start), store.resolve(goal)
    question = PathQuestion(*ends, max_depth, tuple(t for t in NOT_WALKED if t not in walk))
    answer = shortest_path(store.view(), question)
    links = [link.id for hop in answer.hops for link in hop.links]
    return PathFound(answer, store.nodes((*ends, *answer.nodes)), store.links_by_id(links))


def write_report(
    place: Workplace, store: Store, folder: Path, day: str, limit: int, parameters: ClusterParameters
) -> dict[str, Path]:
    """Find the clusters and write the report about them; returns the path of each format's file.

    The ledger remembers where the report went and which sources it names.
    """
    from kg.reports.collect import collect
    from kg.reports.model import ReportParameters
    from kg.reports.write import paths, write

    report = collect(store, find_clusters(store, parameters), ReportParameters(day, limit=limit))
    # Noted before it is written: a report that nobody knows of is worse than a note of one that failed.
    remember_report(place, tuple(paths(report, folder).values()), day, tuple(s.name for s in report.sources))
    return write(report, folder)
