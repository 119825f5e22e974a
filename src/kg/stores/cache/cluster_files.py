"""Clusters written to files, from which they are read one by one."""

from __future__ import annotations

import mmap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import orjson
from pydantic import TypeAdapter

from kg.files import PRIVATE, new_file
from kg.findings import Cluster, Clusters, Indicator
from kg.records import ID_LENGTH
from kg.stores.cache.file_cache import Lease
from kg.stores.cache.view_files import Array, manifest_version, map_arrays, write_arrays

FORMAT = 4
"""Format of the files; raised when it changes, so that older files are written anew."""

_LINES = "clusters.jsonl"
_CLUSTER, _INDICATORS = TypeAdapter(Cluster), TypeAdapter(tuple[Indicator, ...])
_PLAIN_FIELDS = ("as_of", "parameters", "nodes_considered", "links_considered", "modularity")


class StoredClusters(Sequence[Cluster]):
    """The clusters of a file, each read when it is needed; their ids and positions are in memory."""

    def __init__(self, folder: Path) -> None:
        ids, self._ends, sought = (np.load(folder / f"{name}.npy") for name in ("ids", "ends", "sought"))
        self.positions = {name.decode(): place for place, name in enumerate(ids.tolist())}
        """The position of each cluster by its id."""
        self.sought: list[bool] = sought.tolist()
        """Whether a member is sought, by position."""
        self._members, self._cluster_of_member = (np.load(folder / f"{name}.npy") for name in ("members", "of"))
        with (folder / _LINES).open("rb") as lines:
            self._lines = mmap.mmap(lines.fileno(), 0, access=mmap.ACCESS_READ) if len(ids) else b""
        if len(self._lines) != (self._ends[-1] if len(self._ends) else 0):
            raise ValueError(f"{folder / _LINES}: not as long as its manifest says")

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> Cluster: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Cluster]: ...

    def __getitem__(self, place: int | slice) -> Cluster | Sequence[Cluster]:
        """One cluster, or several."""
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        at = range(len(self))[place]
        return _CLUSTER.validate_json(self._lines[self._ends[at - 1] if at else 0 : self._ends[at]])

    def containing_any(self, members: Collection[str]) -> Iterator[Cluster]:
        """The clusters that contain any of these nodes (ids), in order; no others are read."""
        wanted = np.array(sorted(members), self._members.dtype)
        first, last = (np.searchsorted(self._members, wanted, side) for side in ("left", "right"))
        places = {int(place) for a, b in zip(first, last, strict=True) for place in self._cluster_of_member[a:b]}
        return (self[place] for place in sorted(places))

    def __iter__(self) -> Iterator[Cluster]:
        return (self[i] for i in range(len(self)))


def save(found: Clusters, clusters: Iterable[Cluster], around: Mapping[str, Array], folder: Path) -> Mapping[str, Any]:
    """Write `clusters`, one a line, their index, and the arrays of their context; returns the manifest.

    What `found` says of all of them goes into the manifest; its own clusters are not written.
    """
    ends, sought, at = list[int](), list[bool](), 0
    ids, members, of = list[str](), list[str](), list[int]()
    with new_file(folder / _LINES, PRIVATE) as out:
        for cluster in clusters:
            at += out.write(orjson.dumps(cluster))
            ends.append(at)
            members += (member.id for member in cluster.members)
            of += [len(ids)] * len(cluster.members)
            ids.append(cluster.id)
            sought.append(bool(cluster.with_role("sought")))
    named = np.array(members, f"S{ID_LENGTH}")
    order = np.argsort(named, kind="stable")
    own = {
        "ends": np.array(ends, np.int64),
        "ids": np.array(ids, f"S{ID_LENGTH}"),
        "sought": np.array(sought, bool),
        "members": named[order],
        "of": np.array(of, np.int32)[order],
    }
    write_arrays(own, folder)
    plain = {name: getattr(found, name) for name in _PLAIN_FIELDS}
    plain["indicators"] = _INDICATORS.dump_python(found.indicators, mode="json")
    version = {"ledger": found.version.ledger, "number": found.version.number}
    return {"format": FORMAT, **version, "found": plain, "arrays": write_arrays(around, folder)}


def load(held: Lease) -> tuple[Clusters, Mapping[str, Array]]:
    """The clusters of a set, and the arrays of their context, mapped into memory.

    Raises ValueError or OSError for files that are not what the manifest says.
    """
    found = {name: held.manifest["found"][name] for name in _PLAIN_FIELDS}
    indicators = _INDICATORS.validate_python(held.manifest["found"]["indicators"])
    kept = StoredClusters(held.folder)
    clusters = Clusters(version=manifest_version(held.manifest), clusters=kept, indicators=indicators, **found)
    return clusters, map_arrays(held.manifest["arrays"], held.folder)
