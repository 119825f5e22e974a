"""Which names mean the same thing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Name = TypeVar("Name", bound="tuple[object, ...]")


class DisjointSets(Generic[Name]):
    """Disjoint sets of names, each led by its smallest, so that the order of merging leaves no trace."""

    def __init__(self) -> None:
        self._parent: dict[Name, Name] = {}

    def union(self, names: Iterable[Name]) -> None:
        """Say that all of `names` mean the same thing."""
        leaders = sorted({self.find(n) for n in names})
        for name in leaders:
            self._parent[name] = leaders[0]

    def find(self, name: Name) -> Name:
        """The smallest name of the group that `name` is in; itself when it was never merged."""
        root = name
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(name, name)) != root:
            self._parent[name], name = root, parent
        return root

    def __contains__(self, name: Name) -> bool:
        return name in self._parent

    def items(self) -> Iterator[tuple[Name, Name]]:
        """Each merged name with the leader of its group."""
        return ((name, self.find(name)) for name in list(self._parent))
