"""The picture of a network whose boxes stand where somebody put them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import hypot

from kg.reports.cluster_report.sections.network import DiagramLine, NetworkDiagram
from kg.reports.drawing.network import (
    BOX_HEIGHT,
    BOX_WIDTH,
    COLUMN_GAP,
    LINE_HEIGHT,
    MARGIN,
    NAME_SIZE,
    PARALLEL_GAP,
    ROW_GAP,
    TEXT_WIDTH,
    LinePath,
    NetworkDrawing,
    node_box,
    note_texts,
)
from kg.reports.drawing.text import wrap_text

Place = tuple[float, float]


def draw_at_places(diagram: NetworkDiagram, places: Mapping[str, Place], notes: Sequence[str] = ()) -> NetworkDrawing:
    """The picture with the middle of each box at its place, further apart where boxes would cover each other.

    Boxes without a place stand in rows below. Raises ValueError where two have the same place.
    """
    has_long_names = any(len(wrap_text(node.name, TEXT_WIDTH, NAME_SIZE)) > 1 for node in diagram.nodes)
    height = BOX_HEIGHT + LINE_HEIGHT if has_long_names else BOX_HEIGHT
    middles = _middles([node.id for node in diagram.nodes], places, height)
    width = MARGIN + BOX_WIDTH / 2 + max((x for x, _ in middles.values()), default=BOX_WIDTH / 2)
    lowest = MARGIN / 2 + height / 2 + max((y for _, y in middles.values()), default=height / 2)
    texts = note_texts(notes, width, lowest)
    parallel: dict[frozenset[str], list[DiagramLine]] = {}
    for line in diagram.lines:
        parallel.setdefault(frozenset((line.tail, line.head)), []).append(line)
    return NetworkDrawing(
        width=width,
        height=lowest + (LINE_HEIGHT * (len(texts) + 1) if texts else 0),
        kinds=diagram.line_kinds,
        paths=tuple(
            _path(line, middles, height, parallel[frozenset((line.tail, line.head))]) for line in diagram.lines
        ),
        boxes=tuple(
            node_box(node, middles[node.id][0] - BOX_WIDTH / 2, middles[node.id][1] - height / 2, height)
            for node in diagram.nodes
        ),
        notes=texts,
    )


def _middles(nodes: Sequence[str], places: Mapping[str, Place], height: float) -> dict[str, Place]:
    """The middle of each box in the picture, none over another."""
    placed = {node: places[node] for node in nodes if node in places}
    scale = _scale(list(placed.values()), height)
    left, top = (min((place[axis] for place in placed.values()), default=0.0) for axis in (0, 1))
    found = {
        node: (MARGIN + BOX_WIDTH / 2 + (x - left) * scale, MARGIN / 2 + height / 2 + (y - top) * scale)
        for node, (x, y) in placed.items()
    }
    below = max((y for _, y in found.values()), default=MARGIN / 2 - height / 2 - ROW_GAP) + height + ROW_GAP
    widest = max((x for x, _ in found.values()), default=0.0)
    columns = max(1, int((widest - MARGIN - BOX_WIDTH / 2) // (BOX_WIDTH + COLUMN_GAP)) + 1)
    for number, node in enumerate(node for node in nodes if node not in placed):
        row, column = divmod(number, columns)
        x = MARGIN + BOX_WIDTH / 2 + column * (BOX_WIDTH + COLUMN_GAP)
        found[node] = x, below + row * (height + ROW_GAP)
    return found


def _scale(places: Sequence[Place], height: float) -> float:
    """By how much places are moved apart so that no two boxes cover each other. Raises ValueError."""
    scale = 1.0
    for (x, y), (other_x, other_y) in combinations(places, 2):
        apart, above = abs(x - other_x), abs(y - other_y)
        needed = [
            room / distance
            for room, distance in ((BOX_WIDTH + ROW_GAP, apart), (height + ROW_GAP, above))
            if distance > 0
        ]
        if not needed:
            raise ValueError(f"expected places that differ, not twice {x:g}, {y:g}")
        scale = max(scale, min(needed))
    return scale


def _path(line: DiagramLine, middles: Mapping[str, Place], height: float, beside: Sequence[DiagramLine]) -> LinePath:
    """A straight line from the edge of one box to the edge of the other; several run beside each other."""
    (x, y), (to_x, to_y) = middles[line.tail], middles[line.head]
    dx, dy = to_x - x, to_y - y
    length = hypot(dx, dy)
    shift = (beside.index(line) - (len(beside) - 1) / 2) * PARALLEL_GAP
    if line.tail > line.head:
        shift = -shift  # the same side of both ends, whichever way it leads
    aside_x, aside_y = -dy / length * shift, dx / length * shift
    part = min(
        BOX_WIDTH / 2 / abs(dx) if dx else 1.0,
        height / 2 / abs(dy) if dy else 1.0,
        0.5,
    )
    start = x + dx * part + aside_x, y + dy * part + aside_y
    end = to_x - dx * part + aside_x, to_y - dy * part + aside_y
    return LinePath(line.kind, line.directed, f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}", line.is_over)
