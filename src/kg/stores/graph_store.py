"""Where does a store take its view from, and as of which day does it answer?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import Self

from kg.ports import AsOf, ViewSource
from kg.records import Claim, Judgement, Node
from kg.stores.row_decoder import RowDecoder
from kg.view import GraphView


class GraphStore(ABC):
    """What the store of each database shares: a copy of it may have another view source, or answer as of a day."""

    _decoder: RowDecoder
    _view_source: ViewSource | None = None

    @property
    def perspective(self) -> AsOf | None:
        """As of what the store answers; None for the day of the graph."""
        return self._decoder.as_of

    def with_view(self, source: ViewSource) -> Self:
        """The same store with views from `source`."""
        same = copy(self)
        same._view_source = source
        return same

    def with_as_of(self, as_of: AsOf | None) -> Self:
        """The same store as of a chosen day; as of the day of the graph where it is None."""
        same = copy(self)
        same._decoder = replace(self._decoder, as_of=as_of)
        return same

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The whole graph as arrays, with at least the columns asked for. A Neo4j raises StoreBusy if it changes."""
        view = self._view_source(columns).with_records(self) if self._view_source else self._read_view(columns)
        return self.perspective.view(view) if self.perspective else view

    @abstractmethod
    def nodes(self, ids: Iterable[str]) -> dict[str, Node]: ...

    @abstractmethod
    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]: ...

    @abstractmethod
    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]: ...

    @abstractmethod
    def _read_view(self, columns: Sequence[str]) -> GraphView: ...
