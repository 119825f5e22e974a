"""Do boxes stand where somebody put them, and does none cover another?"""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reports.cluster_report.sections.network import NODE_GROUPS, DiagramLine, DiagramNode, NetworkDiagram
from kg.reports.drawing.network import Box
from kg.reports.drawing.places import draw_at_places

PLACES = st.lists(st.tuples(*[st.integers(-300, 300)] * 2), min_size=1, max_size=12, unique=True)


def diagram(count: int, *lines: tuple[int, int]) -> NetworkDiagram:
    nodes = tuple(DiagramNode(f"n{i}", f"Invented {i}", "", "person", "", NODE_GROUPS[0]) for i in range(count))
    return NetworkDiagram(
        nodes, tuple(DiagramLine(f"n{tail}", f"n{head}", "payment", True, "paid") for tail, head in lines), 0
    )


def covers(one: Box, other: Box) -> bool:
    apart, above = abs(one.x - other.x), abs(one.y - other.y)
    return apart < one.width - 0.01 and above < one.height - 0.01


@given(PLACES)
def test_boxes_keep_their_order_and_none_covers_another(places: list[tuple[int, int]]) -> None:
    drawn = draw_at_places(diagram(len(places) + 2), {f"n{i}": place for i, place in enumerate(places)})
    assert not any(covers(one, other) for one, other in combinations(drawn.boxes, 2))
    for axis, of in ((0, "x"), (1, "y")):
        for (one, box), (other, beside) in combinations(zip(places, drawn.boxes, strict=False), 2):
            assert (one[axis] < other[axis]) == (getattr(box, of) < getattr(beside, of) - 1e-6)
    assert all(box.x >= 0 and box.x + box.width <= drawn.width for box in drawn.boxes)
    assert all(box.y >= 0 and box.y + box.height <= drawn.height for box in drawn.boxes)


def test_lines_run_from_edge_to_edge_and_beside_each_other() -> None:
    drawn = draw_at_places(diagram(2, (0, 1), (1, 0)), {"n0": (0, 0), "n1": (500, 0)})
    ends = [tuple(map(float, re.findall(r"[\d.]+", path.data))) for path in drawn.paths]
    left, right = drawn.boxes
    assert {ends[0][0], ends[0][2]} == {ends[1][0], ends[1][2]} == {left.x + left.width, right.x}
    assert ends[0][1] != ends[1][1]


def test_two_at_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="not twice 3, 4"):
        draw_at_places(diagram(2), {"n0": (3, 4), "n1": (3, 4)})
