"""Views written to files, and read from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.files import PRIVATE, new_file
from kg.ontology import Ontology
from kg.records import GraphVersion
from kg.stores.cache.file_cache import Lease
from kg.view import LINK_COLUMNS, GraphView, Neighbours

FORMAT = 2
"""Format of the files; raised when it changes, so that older files are written anew."""

COLUMNS = ("sought", *LINK_COLUMNS)
"""The columns in the files: all numeric ones."""

_VIEW_ARRAYS = ("ids", "node_type", "link_ids", "link_type", "tail", "head")
_NEIGHBOUR_ARRAYS = ("start", "links", "far", "kind")

Array = NDArray[Any]


def save(view: GraphView, folder: Path) -> Mapping[str, Any]:
    """Write the arrays of a view that has COLUMNS, and those derived from them; returns the manifest."""
    arrays: dict[str, Array] = {name: getattr(view, name) for name in (*_VIEW_ARRAYS, "degree")}
    for side in ("outgoing", "incoming"):
        arrays |= {f"{side}_{part}": getattr(getattr(view, side), part) for part in _NEIGHBOUR_ARRAYS}
    arrays |= {f"column_{name}": view.column(name) for name in COLUMNS}
    return {
        "format": FORMAT,
        "ledger": view.version.ledger,
        "number": view.version.number,
        "as_of": view.as_of,
        "node_types": view.node_types,
        "link_types": view.link_types,
        "arrays": write_arrays(arrays, folder),
    }


def load(held: Lease, ontology: Ontology) -> GraphView:
    """The view of a set, with its arrays mapped into memory: what a search does not read takes none.

    It has no claims. Raises ValueError or OSError for files that are not what the manifest says.
    """
    said = held.manifest
    arrays = map_arrays(said["arrays"], held.folder)
    outgoing, incoming = (
        Neighbours(*(arrays[f"{side}_{p}"] for p in _NEIGHBOUR_ARRAYS)) for side in ("outgoing", "incoming")
    )
    fields: dict[str, Any] = {name: arrays[name] for name in _VIEW_ARRAYS}
    view = GraphView(
        ontology=ontology,
        version=manifest_version(said),
        as_of=said["as_of"],
        node_types=tuple(said["node_types"]),
        link_types=tuple(said["link_types"]),
        columns={name: arrays[f"column_{name}"] for name in COLUMNS},
        **fields,
    )
    return view.with_neighbours(outgoing, incoming, arrays["degree"])


def write_arrays(arrays: Mapping[str, Array], folder: Path) -> Mapping[str, Any]:
    """Write arrays into a folder, a file each; returns their types and shapes by name, for the manifest."""
    for name, array in arrays.items():
        with new_file(folder / f"{name}.npy", PRIVATE) as file:
            np.save(file, array, allow_pickle=False)
    return {name: [array.dtype.str, array.shape] for name, array in arrays.items()}


def map_arrays(kinds: Mapping[str, Any], folder: Path) -> dict[str, Array]:
    """Map arrays that `write_arrays` wrote into memory. Raises ValueError or OSError for other files."""
    return {name: _map_array(folder / f"{name}.npy", *kind) for name, kind in kinds.items()}


def manifest_version(said: Mapping[str, Any]) -> GraphVersion:
    """The graph version of a set, by its manifest."""
    return GraphVersion(said.get("ledger", ""), said.get("number", -1))


def warm(view: GraphView) -> None:
    """Read every page of the files that searches use into memory, so that no question waits for the disk."""
    rows = (getattr(side, part) for side in (view.outgoing, view.incoming) for part in _NEIGHBOUR_ARRAYS)
    for array in (*(getattr(view, name) for name in (*_VIEW_ARRAYS, "degree")), *rows):
        np.frombuffer(memoryview(array).cast("B"), np.uint8)[::4096].max(initial=0)
    for name in COLUMNS:
        view.column(name)[::512].max(initial=0)


def _map_array(path: Path, dtype: str, shape: list[int]) -> Array:
    # A plain array of the mapped memory: numpy's own class for it makes every small step slower.
    array: Array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False) if 0 not in shape else np.load(path))
    if array.dtype.str != dtype or array.shape != tuple(shape):
        raise ValueError(f"{path}: expected {dtype} {shape}, not {array.dtype.str} {array.shape}")
    return array
