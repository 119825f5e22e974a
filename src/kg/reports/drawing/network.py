"""Where does everything in the picture of a network stand? The template `network.svg.j2` draws it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.ontology.derive.looks import LINK_LOOKS
from kg.reports.cluster_report.sections.network import DiagramLine, DiagramNode, NetworkDiagram
from kg.reports.drawing.layout import Edge, Layout, layout
from kg.reports.drawing.text import fit_text, text_width, wrap_text

LEGEND = {
    "ownership": "owns",
    "benefit": "benefits from",
    "control": "controls, directs, holds for others",
    "kinship": "is family of",
    "payment": "paid",
    "shared": "shares a document, address or account with",
    "other": "is tied otherwise",
}

INKS = {kind: (look.color, look.width / 3 + 1, look.dashes) for kind, look in LINK_LOOKS.items() if kind in LEGEND}
"""Colour, width and dashes: paper has thinner lines than a screen, and a pattern for each kind."""

BOX_WIDTH, BOX_HEIGHT, LINE_HEIGHT = 214.0, 37.0, 15.0
"""Size of a box; if a name takes two lines, boxes are higher by the height of a line."""

COLUMN_GAP, ROW_GAP, MARGIN = 66.0, 9.0, 24.0
"""Room between columns, between the boxes of one column, and beside the columns for lines within one."""

NAME_SIZE, DETAIL_SIZE, TEXT_WIDTH = 13.0, 11.0, BOX_WIDTH - 24
"""Sizes of letters, and the room for a text in a box."""

PARALLEL_GAP = 4.5
"""Distance of several lines between the same two members."""


@dataclass(frozen=True, slots=True)
class BoxText:
    """One line of text in a box."""

    x: float
    y: float
    size: float
    text: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One box: the shape tells the group, and a box of somebody sought is dark."""

    group: str
    is_sought: bool
    x: float
    y: float
    width: float
    height: float
    title: str = ""
    texts: tuple[BoxText, ...] = ()

    @property
    def radius(self) -> float:
        """People are round."""
        return self.height / 2 if self.group == "person" else 2.0

    @property
    def corners(self) -> str:
        """The points of an asset's box, whose corners are cut off."""
        cut = min(9.0, self.height / 3)
        left, top, right, bottom = self.x, self.y, self.x + self.width, self.y + self.height
        points = (
            *((left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut)),
            *((right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut)),
        )
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


@dataclass(frozen=True, slots=True)
class LinePath:
    """One line as SVG path data."""

    kind: str
    directed: bool
    data: str
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """Everything that is drawn, in the unit of the picture."""

    width: float
    height: float
    kinds: tuple[str, ...]
    paths: tuple[LinePath, ...]
    boxes: tuple[Box, ...]
    notes: tuple[BoxText, ...] = ()


def draw_network(diagram: NetworkDiagram, notes: Sequence[str] = ()) -> NetworkDrawing:
    """The picture of a network; no two boxes overlap, and notes stand below them."""
    leads = [diagram.follows_links or (k.directed and k.kind != "payment") for k in diagram.lines]
    holding = [(k.tail, k.head) for k, one in zip(diagram.lines, leads, strict=True) if one]
    placed = layout([n.id for n in diagram.nodes], holding, [(k.tail, k.head) for k in diagram.lines])
    has_long_names = any(len(wrap_text(node.name, TEXT_WIDTH, NAME_SIZE)) > 1 for node in diagram.nodes)
    geometry = _Geometry(placed, BOX_HEIGHT + LINE_HEIGHT if has_long_names else BOX_HEIGHT, diagram.lines)
    columns = 1 + max(placed.column.values(), default=0)
    width, height = 2 * MARGIN + columns * BOX_WIDTH + (columns - 1) * COLUMN_GAP, placed.rows * geometry.row_height + 8
    texts = note_texts(notes, width, height)
    return NetworkDrawing(
        width=width,
        height=height + LINE_HEIGHT * len(texts) + (LINE_HEIGHT if texts else 0),
        kinds=diagram.line_kinds,
        paths=tuple(geometry.path(line) for line in diagram.lines),
        boxes=tuple(geometry.box(node) for node in diagram.nodes),
        notes=texts,
    )


def note_texts(notes: Iterable[str], width: float, top: float) -> tuple[BoxText, ...]:
    """Notes in lines below a picture that is so wide and ends there."""
    written = [line for note in notes for line in _lines_of(note, width - 2 * MARGIN)]
    return tuple(
        BoxText(MARGIN, top + LINE_HEIGHT * (i + 1), DETAIL_SIZE, text, False) for i, text in enumerate(written)
    )


def sample_box(group: str, is_sought: bool = False) -> Box:
    """A small box of a group, for the legend."""
    return Box(group, is_sought, 1, 1, 32, 14)


def node_box(node: DiagramNode, x: float, y: float, height: float) -> Box:
    """The box of a member with its name, and below it the name in Latin letters and the role or kind."""
    role = node.kind if node.role in ("", "asset", "enterprise", "arrangement") else node.role
    names = wrap_text(node.name, TEXT_WIDTH, NAME_SIZE)
    detail = fit_text(f"{node.also} · {role}" if node.also else role, TEXT_WIDTH, DETAIL_SIZE)
    first = y + (height - NAME_SIZE * len(names) - DETAIL_SIZE - 3) / 2 + NAME_SIZE - 2.5
    texts = [BoxText(x + 13, first + LINE_HEIGHT * i, NAME_SIZE, name, True) for i, name in enumerate(names)]
    last = first + LINE_HEIGHT * (len(names) - 1) + DETAIL_SIZE + 3
    texts.append(BoxText(x + 13, last, DETAIL_SIZE, detail, False))
    title = " · ".join(part for part in (node.name, node.also, role) if part)
    return Box(node.group, node.role == "sought", x, y, BOX_WIDTH, height, title, tuple(texts))


@dataclass
class _Geometry:
    """Where boxes stand, and how lines run between them."""

    placed: Layout
    box_height: float
    lines: Sequence[DiagramLine]
    parallel: dict[frozenset[str], list[DiagramLine]] = field(init=False)
    ports: dict[tuple[str, str], float] = field(init=False)

    def __post_init__(self) -> None:
        self.parallel = defaultdict(list)
        for line in self.lines:
            self.parallel[frozenset((line.tail, line.head))].append(line)
        self.ports = self._ports(self.lines)

    @property
    def row_height(self) -> float:
        """Distance of rows."""
        return self.box_height + ROW_GAP

    def box(self, node: DiagramNode) -> Box:
        """The box of a member where the layout has it."""
        x, y = _left(self.placed.column[node.id]), self._middle(node.id) - self.box_height / 2
        return node_box(node, x, y, self.box_height)

    def path(self, line: DiagramLine) -> LinePath:
        """The path of a line; several lines between the same two members run beside each other."""
        beside = self.parallel[frozenset((line.tail, line.head))]
        shift = (beside.index(line) - (len(beside) - 1) / 2) * PARALLEL_GAP
        first, last = self.placed.column[line.tail], self.placed.column[line.head]
        if first == last:
            data = _bracket(first, self._middle(line.tail) + shift, self._middle(line.head) + shift)
        else:
            data = self._route((line.tail, line.head), shift)
        return LinePath(line.kind, line.directed, data, line.is_over)

    def _at(self, height: float) -> float:
        return height * self.row_height + 4

    def _middle(self, node: str) -> float:
        return self._at(self.placed.height[node])

    def _ports(self, lines: Iterable[DiagramLine]) -> dict[tuple[str, str], float]:
        """Where on the side of a box a line to each neighbour leaves or arrives: in the order of the neighbours."""
        sides: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)
        for line in lines:
            for here, there in ((line.tail, line.head), (line.head, line.tail)):
                if self.placed.column[here] != self.placed.column[there]:
                    sides[here, self.placed.column[there] > self.placed.column[here]].add(there)
        ports = {}
        for (here, _), neighbours in sides.items():
            ordered = sorted(neighbours, key=lambda n: (self.placed.height[n], n))
            step = min(5.0, (self.box_height - 12) / max(len(ordered) - 1, 1))
            for i, there in enumerate(ordered):
                ports[here, there] = (i - (len(ordered) - 1) / 2) * step
        return ports

    def _route(self, edge: Edge, shift: float) -> str:
        """From one column to another, straight through the columns between them."""
        tail, head = edge
        first, last = self.placed.column[tail], self.placed.column[head]
        step = 1 if last > first else -1
        heights = self.placed.bends.get(edge)
        if heights is None:
            heights = list(self.placed.bends.get((head, tail), ()))[::-1]
        x = _left(first) + (BOX_WIDTH if step > 0 else 0)
        y = self._middle(tail) + self.ports[tail, head] + shift / 2
        path = f"M{x:.1f} {y:.1f}"
        for i, height in enumerate(heights, 1):
            near, at = _left(first + step * i) + (0 if step > 0 else BOX_WIDTH), self._at(height) + shift
            path += _curve(x, y, near, at)
            x, y = near + step * BOX_WIDTH, at
            path += f"L{x:.1f} {y:.1f}"
        goal = _left(last) + (0 if step > 0 else BOX_WIDTH)
        return path + _curve(x, y, goal, self._middle(head) + self.ports[head, tail] + shift / 2)


def _lines_of(note: str, width: float) -> Iterator[str]:
    """A note in as many lines as it takes."""
    line = ""
    for word in note.split():
        longer = f"{line} {word}".lstrip()
        if line and text_width(longer, DETAIL_SIZE) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _left(column: int) -> float:
    return MARGIN + column * (BOX_WIDTH + COLUMN_GAP)


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (to_x - x) / 2
    return f"C{x + half:.1f} {y:.1f} {to_x - half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _bracket(column: int, start: float, end: float) -> str:
    """Between two boxes of one column: beside it, on the left of the first column and on the right of the others."""
    x = _left(column) + (0 if column == 0 else BOX_WIDTH)
    far = x + min(MARGIN + 6, 10 + abs(end - start) / 16) * (-1.3 if column == 0 else 1.3)
    return f"M{x:.1f} {start:.1f}C{far:.1f} {start:.1f} {far:.1f} {end:.1f} {x:.1f} {end:.1f}"
