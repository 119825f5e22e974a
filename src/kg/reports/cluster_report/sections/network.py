"""How does the network of a cluster look drawn?"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from kg.findings import Cluster, Member
from kg.ontology import Ontology
from kg.reports.context import ReportContext
from kg.reports.drawing.layout import Edge, Layout, layout
from kg.reports.drawing.svg import FONTS
from kg.reports.names import caption, latin_name
from kg.reports.phrases import show_bidi_controls
from kg.reports.terms import type_label

MAX_MEMBERS = 60
"""Members drawn; of more, those sought and those tied most strongly."""

LINE_KINDS = ("ownership", "benefit", "control", "kinship", "payment", "shared", "other")
"""Kinds of line, by trait; `shared` is a paper, such as an address or account, that two members have in common."""

LEGEND = {
    "ownership": "owns",
    "benefit": "benefits from",
    "control": "controls, directs, holds for others",
    "kinship": "is family of",
    "payment": "paid",
    "shared": "shares a paper, address or account with",
    "other": "is tied otherwise",
}

INKS = {
    "ownership": ("#1b1f24", 2.0, ""),
    "benefit": ("#0072B2", 2.0, "2 4"),
    "control": ("#0072B2", 1.8, "9 4"),
    "kinship": ("#D55E00", 2.0, "12 3 2 3"),
    "payment": ("#007A5A", 1.8, "16 5"),
    "shared": ("#545d68", 1.4, "1 5"),
    "other": ("#545d68", 1.4, "5 5"),
}
"""Colour, width and dashes: blue, vermilion and green of Okabe and Ito, each with a pattern of its own for print."""

BOX, GAP, HIGH, LINE = 214.0, 66.0, 37.0, 15.0
"""Width of a name's box, room between columns, height of a box, and what it is higher where names take two lines."""

APART = 9.0
"""Room between boxes of one column."""

NAME, BELOW = 13.0, 11.0
"""Sizes of letters."""

SIDE = 24.0
"""Room beside the columns, for lines between nodes of one column."""

GROUPS = ("person", "enterprise", "arrangement", "asset")


@dataclass(frozen=True, slots=True)
class DiagramNode:
    """One member in the drawing."""

    id: str
    name: str
    also: str
    """The name in Latin letters, where the other is not."""
    kind: str
    role: str
    group: str
    """One of GROUPS: the shape of its box."""


@dataclass(frozen=True, slots=True)
class DiagramLine:
    """One line: from whom to whom, of which kind, and whether it is over or a direction says nothing."""

    tail: str
    head: str
    kind: str
    directed: bool


@dataclass(frozen=True, slots=True)
class NetworkDiagram:
    """What is drawn of a cluster."""

    nodes: tuple[DiagramNode, ...]
    lines: tuple[DiagramLine, ...]
    left_out: int
    """Members that there is no room for."""


def network_diagram(context: ReportContext, cluster: Cluster) -> NetworkDiagram:
    """The members and their ties, ready to be drawn; the same cluster gives the same picture."""
    known = [m for m in cluster.members if m.id in context.nodes]
    pull: defaultdict[str, float] = defaultdict(float)
    for tie in cluster.ties:
        pull[tie.source_id] += tie.weight
        pull[tie.target_id] += tie.weight
    chosen = sorted(known, key=lambda m: (m.role != "sought", -pull[m.id], m.id))[:MAX_MEMBERS]
    shown = {m.id for m in chosen}
    lines = {
        DiagramLine(tie.source_id, tie.target_id, *_line_kind(context.ontology, tie.type))
        for tie in cluster.ties
        if tie.source_id in shown and tie.target_id in shown and tie.source_id != tie.target_id
    }
    ordered = [m for m in known if m.id in shown]
    return NetworkDiagram(
        tuple(_diagram_node(context, m) for m in ordered),
        tuple(sorted(lines, key=lambda k: (LINE_KINDS.index(k.kind), k.tail, k.head))),
        len(known) - len(chosen),
    )


EMPTY_DIAGRAM = NetworkDiagram((), (), 0)


@dataclass(frozen=True, slots=True)
class _DiagramGeometry:
    """Where everything stands, and how high a box is."""

    placed: Layout
    high: float

    @property
    def row(self) -> float:
        """Distance of rows."""
        return self.high + APART

    def middle(self, node: str) -> float:
        """Where the middle of a node's box is, from the top."""
        return self.at(self.placed.height[node])

    def at(self, height: float) -> float:
        """How far from the top a height is."""
        return height * self.row + 4


def line_kinds(shown: NetworkDiagram) -> tuple[str, ...]:
    """The kinds of line that a picture has, for its legend."""
    return tuple(kind for kind in LINE_KINDS if any(line.kind == kind for line in shown.lines))


def node_groups(shown: NetworkDiagram) -> tuple[str, ...]:
    """The shapes that a picture has, for its legend."""
    return tuple(group for group in GROUPS if any(node.group == group for node in shown.nodes))


def diagram_name(shown: NetworkDiagram, member: str) -> str:
    """The name of a member that is drawn."""
    node = next(n for n in shown.nodes if n.id == member)
    return f"{node.name} ({node.also})" if node.also else node.name


def network_svg(shown: NetworkDiagram, name: str, title: str) -> str:
    """An `<svg>` element; `name` makes its ids its own on the page. Every name in it is escaped."""
    holding = [(k.tail, k.head) for k in shown.lines if k.directed and k.kind not in ("kinship", "payment")]
    placed = layout([n.id for n in shown.nodes], holding, [(k.tail, k.head) for k in shown.lines])
    columns = 1 + max(placed.column.values(), default=0)
    long = any(len(wrap_name(node.name)) > 1 for node in shown.nodes)
    scene = _DiagramGeometry(placed, HIGH + LINE if long else HIGH)
    width, height = 2 * SIDE + columns * BOX + (columns - 1) * GAP, placed.rows * scene.row + 8
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" xmlns="http://www.w3.org/2000/svg" font-family="{escape(FONTS)}">',
        f'<title id="{name}-title">{escape(title)}</title>',
        _arrows(name, line_kinds(shown)),
        *_lines(shown.lines, scene, name),
        *(_box(node, scene) for node in shown.nodes),
        "</svg>",
    ]
    return "".join(parts)


def line_sample(kind: str) -> str:
    """A short line of a kind, for the legend."""
    ink, thick, dashes = INKS[kind]
    return (
        '<svg class="sample" viewBox="0 0 44 10" width="44" height="10" aria-hidden="true">'
        f'<line x1="1" y1="5" x2="43" y2="5" stroke="{ink}" stroke-width="{thick}"{_dashes(dashes)}/></svg>'
    )


def node_sample(group: str, sought: bool = False) -> str:
    """A small box of a group, for the legend."""
    outline = _outline(group, 1, 1, 32, 14, sought=sought)
    return f'<svg class="sample" viewBox="0 0 34 16" width="34" height="16" aria-hidden="true">{outline}</svg>'


def wrap_name(name: str) -> tuple[str, ...]:
    """The name in one line or two, cut with `…` where it is longer still; widths are estimated on the generous side."""
    room = BOX - 24
    if _text_width(name, NAME) <= room:
        return (name,)
    words = name.split(" ")
    for count in range(len(words) - 1, 0, -1):
        first = " ".join(words[:count])
        if _text_width(first, NAME) <= room:
            return first, fit_text(" ".join(words[count:]), room, NAME)
    return (fit_text(name, room, NAME),)


def fit_text(text: str, width: float, size: float) -> str:
    """The text, cut with `…` where it is wider than `width`."""
    if _text_width(text, size) <= width:
        return text
    kept = next(n for n in range(len(text), -1, -1) if _text_width(text[:n], size) + size <= width)
    return text[:kept].rstrip() + "…"


def _text_width(text: str, size: float) -> float:
    return size * sum(map(_character_width, text))


@lru_cache(maxsize=8_192)
def _character_width(sign: str) -> float:
    """Width of a sign in parts of the font's size."""
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in "il.,:;'|!fjt()[] ":
        return 0.42
    return 0.82 if sign.isupper() or sign in "mwMW@%&" else 0.67


def _line_kind(ontology: Ontology, link_type: str) -> tuple[str, bool]:
    """The kind of a tie, and whether its direction means something."""
    link = ontology.links.get(link_type)
    traits = link.traits if link else ()
    kind = next((k for k in LINE_KINDS if k in traits), "shared" if {"location", "identity"} & {*traits} else "other")
    return kind, kind in ("ownership", "benefit", "control", "payment")


def _diagram_node(context: ReportContext, member: Member) -> DiagramNode:
    node = context.nodes[member.id]
    name, latin = show_bidi_controls(caption(node)), show_bidi_controls(latin_name(node))
    return DiagramNode(
        member.id, name, latin if latin != name else "", type_label(node.type), member.role, _group(context, node.type)
    )


def _group(context: ReportContext, kind: str) -> str:
    is_a = context.ontology.is_a
    if is_a(kind, "Arrangement"):
        return "arrangement"
    if is_a(kind, "Enterprise") or is_a(kind, "Agency"):
        return "enterprise"
    return "person" if is_a(kind, "Party") else "asset"


def _left(column: int) -> float:
    return SIDE + column * (BOX + GAP)


def _box(node: DiagramNode, scene: _DiagramGeometry) -> str:
    x, y = _left(scene.placed.column[node.id]), scene.middle(node.id) - scene.high / 2
    sought = node.role == "sought"
    ink, soft = ("#ffffff", "#e3e7eb") if sought else ("#1b1f24", "#454d57")
    said = node.kind if node.role in ("asset", "enterprise", "arrangement") else node.role
    below = f"{node.also} · {said}" if node.also else said
    names = wrap_name(node.name)
    first = y + (scene.high - NAME * len(names) - BELOW - 3) / 2 + NAME - 2.5
    texts = [(text, first + LINE * i, NAME, ink, ' font-weight="600"') for i, text in enumerate(names)]
    texts.append((fit_text(below, BOX - 24, BELOW), first + LINE * (len(names) - 1) + BELOW + 3, BELOW, soft, ""))
    shown = "".join(
        f'<text x="{x + 13:.1f}" y="{at:.1f}" font-size="{size:g}" fill="{colour}"{weight}>{escape(text)}</text>'
        for text, at, size, colour, weight in texts
    )
    title = escape(" · ".join(p for p in (node.name, node.also, said) if p))
    return f"<g><title>{title}</title>{_outline(node.group, x, y, BOX, scene.high, sought=sought)}{shown}</g>"


def _outline(group: str, x: float, y: float, width: float, height: float, *, sought: bool) -> str:
    """People are round, enterprises square, arrangements dashed, assets cut at the corners; who is sought is dark."""
    fill = "#1b1f24" if sought else "#ffffff"
    if group == "asset":
        cut = min(9.0, height / 3)
        corners = (
            (x + cut, y),
            (x + width - cut, y),
            (x + width, y + cut),
            (x + width, y + height - cut),
            (x + width - cut, y + height),
            (x + cut, y + height),
            (x, y + height - cut),
            (x, y + cut),
        )
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
        return f'<polygon points="{points}" fill="#eef3f7" stroke="#1b1f24" stroke-width="1.2"/>'
    radius = height / 2 if group == "person" else 2.0
    dashes = _dashes("5 3") if group == "arrangement" else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}"'
        f' fill="{fill}" stroke="#1b1f24" stroke-width="1.2"{dashes}/>'
    )


def _arrows(name: str, kinds: Iterable[str]) -> str:
    heads = (
        f'<marker id="{name}-{kind}" viewBox="0 0 8 8" refX="7.2" refY="4" markerWidth="8" markerHeight="8"'
        f' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="{INKS[kind][0]}"/></marker>'
        for kind in kinds
    )
    return f"<defs>{''.join(heads)}</defs>"


def _lines(lines: Sequence[DiagramLine], scene: _DiagramGeometry, name: str) -> list[str]:
    """Several lines between the same two run beside each other."""
    together: defaultdict[frozenset[str], list[DiagramLine]] = defaultdict(list)
    for line in lines:
        together[frozenset((line.tail, line.head))].append(line)
    ports = _ports(lines, scene)
    drawn = []
    for line in lines:
        beside = together[frozenset((line.tail, line.head))]
        shift = (beside.index(line) - (len(beside) - 1) / 2) * 4.5
        ink, thick, dashes = INKS[line.kind]
        arrow = f' marker-end="url(#{name}-{line.kind})"' if line.directed else ""
        drawn.append(
            f'<path d="{_route(line, scene, shift, ports)}" fill="none" stroke="{ink}" stroke-width="{thick}"'
            f"{_dashes(dashes)}{arrow}/>"
        )
    return drawn


def _ports(lines: Iterable[DiagramLine], scene: _DiagramGeometry) -> dict[tuple[str, str, str], float]:
    """Where on the side of a box a line to each neighbour leaves or arrives: in the order of the neighbours."""
    placed = scene.placed
    sides: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        for here, there in ((line.tail, line.head), (line.head, line.tail)):
            if placed.column[here] != placed.column[there]:
                sides[here, "right" if placed.column[there] > placed.column[here] else "left"].add(there)
    found = {}
    for (here, side), others in sides.items():
        ordered = sorted(others, key=lambda n: (placed.height[n], n))
        step = min(5.0, (scene.high - 12) / max(len(ordered) - 1, 1))
        for i, there in enumerate(ordered):
            found[here, there, side] = (i - (len(ordered) - 1) / 2) * step
    return found


def _route(line: DiagramLine, scene: _DiagramGeometry, shift: float, ports: dict[tuple[str, str, str], float]) -> str:
    placed = scene.placed
    first, last = placed.column[line.tail], placed.column[line.head]
    start, end = scene.middle(line.tail), scene.middle(line.head)
    if first == last:
        return _bracket(first, start + shift, end + shift)
    right = last > first
    out, into = ("right", "left") if right else ("left", "right")
    x = _left(first) + (BOX if right else 0)
    y = start + ports[line.tail, line.head, out] + shift / 2
    goal = _left(last) + (0 if right else BOX)
    edge: Edge = (line.tail, line.head)
    heights = placed.bends.get(edge)
    if heights is None:
        heights = list(placed.bends.get((line.head, line.tail), ()))[::-1]
    path, step = f"M{x:.1f} {y:.1f}", (1 if right else -1)
    for i, height in enumerate(heights, 1):
        near = _left(first + step * i) + (0 if right else BOX)
        at = scene.at(height) + shift
        path += _curve(x, y, near, at)
        x, y = near + step * BOX, at
        path += f"L{x:.1f} {y:.1f}"
    return path + _curve(x, y, goal, end + ports[line.head, line.tail, into] + shift / 2)


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (to_x - x) / 2
    return f"C{x + half:.1f} {y:.1f} {to_x - half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _bracket(column: int, start: float, end: float) -> str:
    """Between two nodes of one column: beside it, on the left in the first column and on the right in the others."""
    x = _left(column) + (0 if column == 0 else BOX)
    far = min(SIDE + 6, 10 + abs(end - start) / 16) * (-1 if column == 0 else 1)
    return f"M{x:.1f} {start:.1f}C{x + far * 1.3:.1f} {start:.1f} {x + far * 1.3:.1f} {end:.1f} {x:.1f} {end:.1f}"


def _dashes(pattern: str) -> str:
    return f' stroke-dasharray="{pattern}"' if pattern else ""
