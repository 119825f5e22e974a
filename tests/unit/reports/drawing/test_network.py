"""Can the drawing of a network be read?"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from random import Random

import pytest

from kg.reports.cluster_report.sections.network import (
    LINE_KINDS,
    NODE_GROUPS,
    DiagramLine,
    DiagramNode,
    NetworkDiagram,
)
from kg.reports.drawing.layout import MAX_COLUMNS, NODE_HEIGHT, layout
from kg.reports.drawing.network import BOX_WIDTH, INKS, LEGEND, NAME_SIZE, TEXT_WIDTH
from kg.reports.drawing.text import fit_text, wrap_text
from tests.unit.reports.renderings import network_svg

LONG = "The Very Long and Entirely Invented Holding Company of Harbour City and Elsewhere"


def made(members: int, seed: int, *, longest: bool = False) -> NetworkDiagram:
    """A picture of so many members, with lines of every kind."""
    dice = Random(seed)
    nodes = tuple(
        DiagramNode(
            f"n{i:02}", f"{LONG} {i}" if longest else f"Member {i}", "", "enterprise", "asset", NODE_GROUPS[i % 4]
        )
        for i in range(members)
    )
    pairs = {(dice.randrange(members), dice.randrange(members), dice.choice(LINE_KINDS)) for _ in range(2 * members)}
    lines = tuple(DiagramLine(f"n{a:02}", f"n{b:02}", k, k != "kinship") for a, b, k in sorted(pairs) if a != b)
    return NetworkDiagram(nodes, lines, 0)


def boxes(drawing: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every box that has a name in it."""
    found = []
    for shape in re.findall(r"<g><title>.*?</title>(<(?:rect|polygon)[^>]*>)", drawing):
        if shape.startswith("<rect"):
            x, y, w, h = (float(re.search(rf' {n}="([-\d.]+)"', shape)[1]) for n in ("x", "y", "width", "height"))  # type: ignore[index]  # every rect has them
            found.append((x, y, x + w, y + h))
        else:
            points = [tuple(map(float, p.split(","))) for p in shape.split('"')[1].split()]
            xs, ys = zip(*points, strict=True)
            found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("longest", [True, False])
def test_sixty_members_are_drawn_and_no_box_covers_another(seed: int, longest: bool) -> None:
    drawn = boxes(network_svg(made(60, seed, longest=longest), "p", "The network"))
    assert len(drawn) == 60
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in combinations(drawn, 2)]
    assert all(apart)


def test_all_is_inside_the_drawing() -> None:
    drawing = network_svg(made(60, 1), "p", "The network")
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing).groups())  # type: ignore[union-attr]  # it has one
    assert all(x >= 0 and y >= 0 and right <= width and bottom <= height for x, y, right, bottom in boxes(drawing))


def test_one_cluster_gives_the_same_drawing_and_its_ids_are_its_own() -> None:
    assert network_svg(made(30, 1), "p", "x") == network_svg(made(30, 1), "p", "x")
    ids = re.findall(r'\bid="([^"]+)"', network_svg(made(30, 1), "network-7", "x"))
    assert ids
    assert all(name.startswith("network-7-") for name in ids)


def test_every_kind_of_line_has_a_pattern_and_a_colour_that_differ_from_the_others() -> None:
    assert set(INKS) == set(LINE_KINDS) == set(LEGEND)
    assert len({(dashes, width) for _, width, dashes in INKS.values()}) == len(LINE_KINDS)


def test_names_are_escaped_and_take_two_lines_before_they_are_cut() -> None:
    shown = NetworkDiagram((DiagramNode("a", "<script>alert(1)</script>", "", "person", "sought", "person"),), (), 0)
    assert "<script>" not in network_svg(shown, "p", "<b>")
    assert wrap_text("Short Ltd", TEXT_WIDTH, NAME_SIZE) == ("Short Ltd",)
    first, second = wrap_text(LONG, TEXT_WIDTH, NAME_SIZE)
    assert LONG.startswith(first)
    assert second.endswith("…")
    assert fit_text("中" * 40, BOX_WIDTH, 13).endswith("…")


def test_holders_stand_left_of_what_they_hold_and_long_chains_are_folded() -> None:
    chain = [f"c{i}" for i in range(9)]
    steps = list(pairwise(chain))
    placed = layout(chain, steps, [])
    columns = [placed.column[name] for name in chain]
    assert columns == sorted(columns)
    assert columns[-1] == MAX_COLUMNS - 1
    short = layout(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")], [])
    assert [short.column[n] for n in "abc"] == [0, 1, 2]


def test_nothing_is_drawn_where_there_is_nothing() -> None:
    assert layout([], [], []).rows == 0
    assert layout(["a"], [], []).rows == NODE_HEIGHT
