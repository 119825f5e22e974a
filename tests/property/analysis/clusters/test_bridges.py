"""Are bridges those that NetworkX finds in the links of all clusters together?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.clusters.network.bridges import find_bridges

ENDS = st.integers(0, 30).map(lambda number: number * 7)


@given(st.lists(st.tuples(ENDS, ENDS), max_size=60))
def test_bridges_are_those_of_networkx(links: list[tuple[int, int]]) -> None:
    pairs = Counter((min(link), max(link)) for link in links)
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_edges_from(pairs)
    cut: list[tuple[int, int]] = list(nx.bridges(graph))
    expected = {(min(bridge), max(bridge)) for bridge in cut}
    tail, head = (np.array([link[side] for link in links], np.int32) for side in (0, 1))
    found = find_bridges(tail, head).tolist()
    assert found == [pair in expected and pairs[pair] == 1 for pair in ((min(link), max(link)) for link in links)]


def test_a_long_chain_and_a_long_circle_are_searched() -> None:
    along = np.arange(5_000)
    assert find_bridges(along, along + 1).all()
    assert not find_bridges(along, (along + 1) % len(along)).any()
