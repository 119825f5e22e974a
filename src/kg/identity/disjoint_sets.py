"""Union-find over names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Name = TypeVar("Name", bound="tuple[object, ...]")


class DisjointSets(Generic[Name]):
    """Disjoint sets of names, each represented by its smallest, so that the order of unions does not matter."""

    def __init__(self) -> None:
        self._parent: dict[Name, Name] = {}

    def union(self, names: Iterable[Name]) -> None:
        """Merge the sets of all `names`."""
        leaders = sorted({self.find(n) for n in names})
        for name in leaders:
            self._parent[name] = leaders[0]

    def find(self, name: Name) -> Name:
        """The smallest name of the set that `name` is in; itself if it was never merged."""
        root = name
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(name, name)) != root:
            self._parent[name], name = root, parent
        return root

    def __contains__(self, name: Name) -> bool:
        return name in self._parent

    def items(self) -> Iterator[tuple[Name, Name]]:
        """Each merged name with the representative of its set."""
        return ((name, self.find(name)) for name in list(self._parent))
