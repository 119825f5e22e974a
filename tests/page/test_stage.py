"""Does the stage of the explorer page draw what is so, where it was, and let everybody work with it?

The page is the stage alone, in a real Chromium under the policy of the page; every name is invented.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from operator import sub
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from kg.exports.tables import escape_formula
from kg.ontology import load_ontology
from kg.operations import Workspace, describe_entity
from kg.records import node_id
from tests.chromium import Page, chromium, require_chromium
from tests.page.chinese_page import english_among
from tests.page.stage_page import bundle, require_node, served
from tests.stores import link, load, node, store

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("stage")]

SVG = "{http://www.w3.org/2000/svg}"

ODD_NAMES = (
    "崔崧穆",
    "<img src=x onerror=alert(1)>",
    "</text><script>alert(1)</script>",
    "\u202eevil\u202c",
    "🏴‍☠️ Yacht & “Sons”",
    "مارش للتجارة",
    '=HYPERLINK("http://x")',
    "Zoë\u0000Dunmarsh",
    "\ud83d half",
    " ",
    "x" * 3_000,
)
"""What sources have called people and companies, or might."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program, node = require_chromium(), require_node()
    folder = tmp_path_factory.mktemp("stage")
    bundle(node, folder)
    (folder / "browser").mkdir()
    with served(folder) as address, chromium(program, folder / "browser") as page:
        page.size(1280, 800)
        page.open(address)
        page.wait("globalThis.kg")
        page.value("kg.showParts()")
        yield page
        assert page.errors == []


@pytest.fixture
def page(stage: Page) -> Page:
    stage.size(1280, 800)
    stage.value(
        "(async () => { kg.model.clear(); kg.model.restore({nodes: [], hidden: [], selected: [], filter:"
        " {nodeTypes: [], linkTypes: [], day: '', from: '', to: '', grade: ''}}, [], []);"
        " kg.events.length = 0; kg.model.today = '2024-01-01';"
        " kg.stage.anonymous = false; kg.stage.highlight(null); await kg.settled() })()"
    )
    return stage


def draw(page: Page, nodes: int, links: int) -> None:
    page.value(
        f"(async () => {{ const g = kg.invented({nodes}, {links}); kg.model.add(g.nodes, g.links);"
        " await kg.settled() })()"
    )


def places(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.value("Object.fromEntries(kg.model.positions)")
    return found


def on_screen(page: Page, node: str) -> tuple[float, float]:
    x, y = page.value(
        f"(() => {{ const c = kg.stage.camera, p = kg.model.positions.get({json.dumps(node)});"
        " return [p.x * c.k + c.x, p.y * c.k + c.y] })()"
    )
    return x, y


def outside(box: dict[str, float], x: float, y: float) -> float:
    """How far a point is from a box, along the axis on which it is farther."""
    return max(box["x"] - x, x - box["x"] - box["width"], box["y"] - y, y - box["y"] - box["height"])


def overlapping(page: Page) -> list[str]:
    found: list[str] = page.value(
        "(() => { const found = [], all = kg.stage.drawn.labels; all.forEach((a, i) => all.slice(i + 1).forEach(b =>"
        " { if (kg.labels.overlaps(a.box, b.box)) found.push(a.lines + ' / ' + b.lines) })); return found })()"
    )
    return found


def picture_of(page: Page) -> ElementTree.Element:
    """The exported picture, with names."""
    return ElementTree.fromstring(page.value("kg.exported.svgPicture(kg.model, kg.about, false)"))


class TestPlaces:
    def test_an_expansion_moves_nothing_that_is_drawn(self, page: Page) -> None:
        draw(page, 40, 60)
        before = places(page)
        page.value(
            "(async () => { const more = Array.from({length: 25}, (_, i) => kg.node(`m${i}`)); kg.model.add(more,"
            " more.map((n, i) => kg.link(`k${i}`, 'n00003', n.id)), 'n00003'); await kg.settled() })()"
        )
        after = places(page)
        assert {name: after[name] for name in before} == before
        assert len(after) == 65

    def test_what_comes_by_an_expansion_stands_near_its_origin(self, page: Page) -> None:
        draw(page, 40, 60)
        page.value(
            "(async () => { kg.model.add([kg.node('m')], [kg.link('k', 'n00003', 'm')], 'n00003');"
            " await kg.settled() })()"
        )
        found = places(page)
        near, new = found["n00003"], found["m"]
        assert abs(near["x"] - new["x"]) + abs(near["y"] - new["y"]) < 600

    def test_what_comes_among_many_covers_none_of_them(self, page: Page) -> None:
        draw(page, 40, 60)
        page.value(
            "(async () => { const more = Array.from({length: 30}, (_, i) => kg.node(`m${i}`, {sought: i % 3 === 0}));"
            " kg.model.add(more, more.map((n, i) => kg.link(`k${i}`, `n0000${i % 8}`, n.id)), 'n00003');"
            " await kg.settled() })()"
        )
        found = [(place["x"], place["y"]) for place in places(page).values()]
        near = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if max(map(abs, map(sub, a, b))) < 30]
        assert near == []

    def test_two_expansions_at_once_both_end(self, page: Page) -> None:
        draw(page, 20, 30)
        before = places(page)
        page.value(
            "(async () => { kg.model.add([kg.node('a')], [kg.link('ka', 'n00001', 'a')], 'n00001');"
            " await new Promise(requestAnimationFrame);"
            " kg.model.add([kg.node('b')], [kg.link('kb', 'n00002', 'b')], 'n00002'); await kg.settled() })()"
        )
        assert {name: places(page)[name] for name in before} == before
        assert page.value("kg.model.fresh.size") == 0

    @pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
    def test_names_of_sixty_nodes_do_not_overlap(self, page: Page, size: tuple[int, int]) -> None:
        page.size(*size)
        draw(page, 60, 90)
        page.value("(async () => { kg.stage.fit(); kg.model.select(['n00001']); await kg.settled() })()")
        assert overlapping(page) == []
        width, height = size
        boxes = page.value("kg.stage.drawn.labels.map(label => label.box)")
        assert all(b["x"] >= 0 and b["x"] + b["width"] <= width and b["y"] + b["height"] <= height for b in boxes)
        assert len(boxes) >= (45 if width > 1_000 else 12)

    def test_who_is_sought_chosen_or_pinned_is_named_and_no_name_stands_nearer_to_another(self, page: Page) -> None:
        page.size(390, 844)
        draw(page, 60, 90)
        page.value(
            "(async () => { for (const i of [3, 4]) kg.model.nodes.get(`n0000${i}`).sought = true;"
            " for (const i of [5, 6]) kg.model.positions.get(`n0000${i}`).pinned = true;"
            " kg.stage.fit(); kg.model.select(['n00001']); await kg.settled() })()"
        )
        boxes = {one["id"]: one["box"] for one in page.value("kg.stage.drawn.labels")}
        assert [n for n in ("n00001", "n00003", "n00004", "n00005", "n00006") if n not in boxes] == []
        nodes = page.value("kg.model.visible().nodes.map(one => one.id)")
        at = {name: on_screen(page, name) for name in nodes}
        first = {"n00001", "n00003", "n00004", "n00005", "n00006"}
        for name, box in boxes.items():
            if name in nodes and name not in first:
                near = {n: outside(box, *at[n]) for n in nodes}
                assert near[name] <= min(near.values()) + 1, name

    def test_names_without_room_are_counted_and_stand_under_the_pointer(self, page: Page) -> None:
        page.size(390, 844)
        draw(page, 60, 90)
        unnamed = page.value("kg.model.visible().nodes.length - kg.stage.drawn.labels.length")
        assert unnamed > 0
        assert page.value("document.querySelector('.stage-unnamed').textContent").startswith(f"{unnamed} names have no")
        named = page.value("kg.stage.drawn.labels.map(one => one.id)")
        name = next(n for n in page.value("kg.model.visible().nodes.map(one => one.id)") if n not in named)
        page.hover(*on_screen(page, name))
        tip = "document.querySelector('.stage-tip').textContent"
        assert page.value(f"kg.model.nodes.get('{name}').caption") in page.value(tip)
        x, y = page.value(
            "(() => { const c = [...kg.stage.drawn.curves.values()][0];"
            " return [(c.x1 + 2 * c.cx + c.x2) / 4, (c.y1 + 2 * c.cy + c.y2) / 4] })()"
        )
        page.hover(x, y)
        assert page.value(tip) != ""
        page.value("kg.model.clear()")
        assert page.value(tip) == ""

    def test_every_one_of_sixty_names_stands_in_the_exported_picture(self, page: Page) -> None:
        draw(page, 60, 90)
        picture = picture_of(page)
        texts = " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
        captions = page.value("kg.model.visible().nodes.map(node => node.caption)")
        assert [name for name in captions if name.rsplit(" ", 1)[0].split()[0] not in texts] == []
        assert len(captions) == 60

    def test_an_arrangement_ends_the_layout_that_is_under_way(self, page: Page) -> None:
        page.value(
            "(async () => { const g = kg.invented(60, 90); kg.model.add(g.nodes, g.links);"
            " kg.model.arrange(new Map(g.nodes.map((node, i) => [node.id, {x: i * 100, y: 0}]))); await kg.settled();"
            " kg.model.add([kg.node('m')], []); await kg.settled() })()"
        )
        assert {place["y"] for name, place in places(page).items() if name != "m"} == {0}

    def test_a_new_layout_is_one_step_to_undo_and_leaves_what_is_pinned(self, page: Page) -> None:
        draw(page, 20, 30)
        page.value("kg.model.pin('n00003', 900, 900)")
        before = places(page)
        page.value("kg.stage.layout('free')")
        assert places(page)["n00003"] == before["n00003"]
        assert places(page) != before
        page.value("kg.model.undo()")
        assert places(page) == before

    def test_columns_stand_in_the_order_of_hops(self, page: Page) -> None:
        draw(page, 6, 5)
        page.value("kg.stage.layout({columns: [['n00000'], ['n00001', 'n00002'], ['n00003']]})")
        found = places(page)
        assert found["n00000"]["x"] < found["n00001"]["x"] == found["n00002"]["x"] < found["n00003"]["x"]
        assert abs(found["n00001"]["y"] - found["n00002"]["y"]) >= 80

    @pytest.mark.parametrize("hops", [3, 6])
    def test_a_link_passes_no_other_node_and_its_words_are_nearest_to_it(self, page: Page, hops: int) -> None:
        names = [f"p{n}" for n in range(hops + 1)]
        links = [(f"hop{n}", names[n], names[n + 1]) for n in range(hops)]
        links += [("chord", names[0], names[2]), ("back", names[-1], names[0]), ("twin", names[1], names[0])]
        page.value(
            f"(async () => {{ kg.model.add({json.dumps(names)}.map(id => kg.node(id)), {json.dumps(links)}.map("
            "([id, from, to]) => kg.link(id, from, to, {label: id}))); await kg.stage.layout({columns:"
            f" {json.dumps([[name] for name in names])}}}); kg.model.select(['p0']); kg.stage.highlight({{nodes:"
            f" {json.dumps(names)}, links: {json.dumps([link for link, _, _ in links[:hops]])}}});"
            " await kg.settled() })()"
        )
        near = (
            "const { curves, labels } = kg.stage.drawn, c = kg.stage.camera;"
            " const far = (x, y, curve) => kg.curves.fromCurve(x, y, curve, 1e6);"
        )
        passed = (
            f"(() => {{ {near} const found = []; for (const [id, curve] of curves) for (const [node, p] of"
            " kg.model.positions) { const link = kg.model.links.get(id); if (node !== link.from && node !== link.to"
            " && far(p.x * c.k + c.x, p.y * c.k + c.y, curve) < 10) found.push(id + ' ' + node) } return found })()"
        )
        assert page.value(passed) == []
        words = page.value(
            f"(() => {{ {near} return labels.filter(one => curves.has(one.id)).map(one => {{ const x = one.x, y ="
            " one.box.y + one.box.height / 2; return [one.id, [...curves.keys()].sort((a, b) => far(x, y,"
            " curves.get(a)) - far(x, y, curves.get(b)))[0]] }) })()"
        )
        assert sorted(words) == [[f"hop{n}"] * 2 for n in range(hops)]

    def test_a_hub_of_ten_thousand_links_is_drawn_as_far_as_it_was_given(self, page: Page) -> None:
        page.value(
            "(async () => { const many = Array.from({length: 60}, (_, i) => kg.node(`h${i}`));"
            " kg.model.add([kg.node('hub', {degree: 10000}), ...many], Array.from({length: 10000}, (_, i) =>"
            " kg.link(`k${i}`, 'hub', `h${i}`)), 'hub'); await kg.settled() })()"
        )
        assert page.value("[kg.model.nodes.size, kg.model.links.size]") == [61, 60]
        assert overlapping(page) == []


class TestModel:
    def test_undo_and_redo_bring_back_what_was_drawn_and_where(self, page: Page) -> None:
        draw(page, 12, 14)
        before = places(page)
        page.value("(async () => { kg.model.add([kg.node('m')], [], 'n00001'); await kg.settled() })()")
        after = places(page)
        page.value("kg.model.hide(['n00002'])")
        page.value("kg.model.pin('n00003', 500, 500)")
        assert [page.value("kg.model.undo()") for _ in range(3)] == [True] * 3
        assert (places(page), page.value("kg.model.hidden.size")) == (before, 0)
        assert page.value("kg.model.redo()")
        assert places(page) == after
        assert page.value("kg.model.redo() && kg.model.redo() && !kg.model.redo()")
        assert places(page)["n00003"] == {"x": 500, "y": 500, "pinned": True}

    def test_what_is_gone_comes_back_by_no_undo(self, page: Page) -> None:
        draw(page, 4, 4)
        page.value("kg.model.remove(['n00002'])")
        page.value("kg.model.refresh([kg.node('n00000'), kg.node('n00001', {caption: 'new'})], [], ['n00003'])")
        page.value("kg.model.undo()")
        assert sorted(places(page)) == ["n00000", "n00001"]
        assert page.value("[kg.model.nodes.get('n00001').caption, kg.model.links.size, kg.model.canRedo]") == [
            "new",
            0,
            True,
        ]
        page.value("kg.model.redo()")
        assert page.value("kg.model.known().sort()") == ["n00000", "n00001"]

    def test_a_picture_has_no_more_nodes_than_can_be_asked_about_anew(self, page: Page) -> None:
        draw(page, 3, 2)
        left = page.value("kg.model.add(Array.from({length: 2010}, (_, i) => kg.node(`m${i}`)), [])")
        assert (left, page.value("kg.model.nodes.size")) == (13, 2000)
        page.value("kg.model.remove(['m0', 'm1', 'm2'])")
        assert page.value("kg.model.add(['x', 'y', 'z', 'm3'].map(id => kg.node(id)), [])") == 0
        forgotten = page.value(
            "(() => { const known = kg.model.known().slice(0, 2000);"
            " return kg.model.refresh(known.map(id => kg.node(id)), [], [], {}, new Set(known)) })()"
        )
        assert (forgotten, page.value("kg.model.nodes.size"), page.value("kg.model.undo()")) == (True, 2000, True)
        assert (page.value("kg.model.nodes.size"), page.value("kg.model.undo()")) == (1997, False)

    def test_who_became_another_stays_where_he_was(self, page: Page) -> None:
        draw(page, 3, 2)
        before = places(page)["n00001"]
        page.value("kg.model.select(['n00001'])")
        page.value("kg.model.refresh([kg.node('n00000'), kg.node('one')], [], [], {n00001: 'one'})")
        assert places(page)["one"] == before
        assert page.value("kg.model.selected") == ["one"]

    @pytest.mark.parametrize(
        ("periods", "event", "day", "is_shown"),
        [
            ([], False, "2014-01-01", True),
            ([("2010", "2014-06")], False, "2014-06-30", True),
            ([("2010", "2014-06")], False, "2014-07-01", False),
            ([("2010", "")], False, "2009-12-31", False),
            ([("2010", "")], False, "2010-01-01", True),
            ([("", "2010")], False, "1950", True),
            ([("", "2010")], False, "2011-01", False),
            ([("2010", "2011"), ("2013", "2014")], False, "2012-05-05", False),
            ([("2010", "2011"), ("2013", "2014")], False, "2013-05-05", True),
            ([("2012-02-29", "2012-02-29")], True, "2012-02-28", False),
            ([("2012-02-29", "2012-02-29")], True, "2020", True),
            ([("2012", "2012")], False, "", True),
            ([("", "")], False, "2012", True),
        ],
    )
    def test_a_day_hides_what_did_not_hold_on_it(
        self, stage: Page, periods: list[tuple[str, str]], event: bool, day: str, is_shown: bool
    ) -> None:
        said = [{"from": start, "to": end, "source": "a-source"} for start, end in periods]
        link = f"kg.link('k', 'a', 'b', {{periods: {json.dumps(said)}, event: {json.dumps(event)}}})"
        assert stage.value(f"kg.filter.mayHold({link}, {json.dumps(day)})") is is_shown

    @pytest.mark.parametrize(
        ("day", "is_one"),
        [
            ("2014", True),
            ("2014-02-29", False),
            ("2016-02-29", True),
            ("2014-13", False),
            ("14-1-1", False),
            ("12/05/2014", False),
        ],
    )
    def test_only_days_of_the_calendar_are_days(self, stage: Page, day: str, is_one: bool) -> None:
        assert stage.value(f"kg.filter.isDay({json.dumps(day)})") is is_one

    def test_kinds_and_grades_are_filtered_and_counted(self, page: Page) -> None:
        page.value(
            "kg.model.add([kg.node('a'), kg.node('b'), kg.node('c', {type: 'Enterprise'})],"
            " [kg.link('k', 'a', 'b', {grade: 'C3'}), kg.link('l', 'a', 'c', {type: 'PAID', grade: 'A1'}),"
            " kg.link('m', 'b', 'c', {grade: ''})])"
        )
        shown = "kg.model.visible().links.map(link => link.id).join('')"
        set_to = "(change => kg.model.setFilter({...kg.model.filter, ...change}))"
        for change, left in [("{grade: 'B2'}", "l"), ("{grade: ''}", "klm"), ("{linkTypes: new Set(['OWNS'])}", "l")]:
            page.value(f"{set_to}({change})")
            assert page.value(shown) == left
        page.value(f"{set_to}({{linkTypes: new Set(), nodeTypes: new Set(['Enterprise'])}})")
        assert page.value(shown) == "k"
        assert "1 node and 2 links are hidden" in page.value("document.querySelector('#filters').innerText")


class TestMouseAndKeys:
    def test_a_click_selects_and_another_with_shift_adds(self, page: Page) -> None:
        draw(page, 12, 14)
        page.press_at(*on_screen(page, "n00001"))
        page.press_at(*on_screen(page, "n00005"), shift=True)
        assert page.value("kg.events") == [["select", "node", ["n00001"]], ["select", "node", ["n00001", "n00005"]]]
        assert page.value("kg.model.selected") == ["n00001", "n00005"]

    def test_a_click_beside_a_bent_link_finds_the_one_that_is_drawn_there(self, page: Page) -> None:
        page.value(
            "(async () => { kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b'), kg.link('l', 'a', 'b'),"
            " kg.link('m', 'b', 'a')]); kg.model.arrange(new Map([['a', {x: 0, y: 0}], ['b', {x: 300, y: 0}]]));"
            " await kg.settled(); kg.stage.fit(); await kg.settled() })()"
        )
        for name in "klm":
            x, y = page.value(
                f"(() => {{ const c = kg.stage.drawn.curves.get('{name}');"
                " return [(c.x1 + 2 * c.cx + c.x2) / 4, (c.y1 + 2 * c.cy + c.y2) / 4] })()"
            )
            page.press_at(x, y)
            assert page.value("kg.events.at(-1)") == ["select", "link", [name]]

    def test_two_clicks_expand(self, page: Page) -> None:
        draw(page, 12, 14)
        page.press_at(*on_screen(page, "n00002"), clicks=2)
        assert page.value("kg.events.at(-1)") == ["expand", "n00002"]

    def test_a_node_that_is_dragged_is_pinned_there_and_undo_takes_it_back(self, page: Page) -> None:
        draw(page, 12, 14)
        before = places(page)
        x, y = on_screen(page, "n00004")
        page.drag((x, y), (x + 90, y - 60))
        assert places(page)["n00004"]["pinned"]
        moved = on_screen(page, "n00004")
        assert moved == pytest.approx((x + 90, y - 60), abs=2)
        page.value("kg.model.undo()")
        assert places(page) == before

    def test_the_picture_is_dragged_and_zoomed_and_nothing_in_it_moves(self, page: Page) -> None:
        draw(page, 12, 14)
        before, camera = places(page), page.value("kg.stage.camera")
        page.drag((640, 790), (700, 760))
        page.wheel(640, 400, -240)
        after = page.value("kg.stage.camera")
        assert after["k"] > camera["k"]
        page.value("kg.settled()")
        assert places(page) == before

    def test_another_size_of_the_window_shows_the_whole_again_unless_somebody_looks_closer(self, page: Page) -> None:
        draw(page, 12, 14)
        page.size(390, 844)
        page.wait("kg.stage.canvas.width < 600")
        x, y = zip(*(on_screen(page, f"n{i:05}") for i in range(12)), strict=True)
        assert min(*x, *y) >= 0
        assert (max(x) <= 390, max(y) <= 844) == (True, True)
        page.wheel(195, 400, -240)
        page.wait("kg.stage.camera.k > 0.3")
        camera = page.value("kg.stage.camera")
        page.size(500, 844)
        page.wait("kg.stage.canvas.width > 600")
        assert page.value("kg.stage.camera") == {**camera, "x": pytest.approx(camera["x"] + 55)}

    def test_arrows_go_along_links(self, page: Page) -> None:
        page.value(
            "(async () => { kg.model.add(['a', 'b', 'c', 'd'].map(id => kg.node(id)), [kg.link('k', 'a', 'b'),"
            " kg.link('l', 'a', 'c')]); kg.model.arrange(new Map([['a', {x: 0, y: 0}], ['b', {x: 200, y: 0}],"
            " ['c', {x: 0, y: 200}], ['d', {x: -200, y: 0}]])); kg.model.select(['a']); await kg.settled() })()"
        )
        for way, there in [("right", "b"), ("left", "a"), ("down", "c"), ("up", "a"), ("left", "a")]:
            page.value(f"kg.stage.focusNext('{way}')")
            assert page.value("kg.model.selected") == [there], way
        assert "a, 2 links drawn" in page.value("document.querySelector('.stage-live').textContent")

    def test_the_canvas_says_in_a_sentence_what_it_shows(self, page: Page) -> None:
        draw(page, 60, 90)
        canvas = "document.querySelector('canvas')"
        assert page.value(f"{canvas}.getAttribute('role')") == "img"
        assert page.value(f"{canvas}.getAttribute('aria-label')").startswith("Graph of 60 nodes and 90 links, 3 of")

    def test_another_language_is_drawn_at_once(self, page: Page) -> None:
        draw(page, 12, 14)
        said = "[document.querySelector('canvas').ariaLabel, ...kg.stage.drawn.labels.flatMap(label => label.lines)]"
        page.value("(async () => { await kg.words.setLanguage('zh'); await kg.settled() })()")
        chinese = page.value(said)
        page.value("(async () => { await kg.words.setLanguage('en'); await kg.settled() })()")
        assert ("被通缉" in chinese, "sought" in chinese) == (True, False)
        assert chinese[0].startswith("图中有 12 个节点")
        assert "sought" in page.value(said)

    def test_the_table_is_sorted_and_walked_by_keys(self, page: Page) -> None:
        draw(page, 12, 14)
        first = "document.querySelector('#table .open').innerText"
        page.value("document.querySelectorAll('#table th button')[3].focus()")
        page.key("Enter", 13)
        page.key("Enter", 13)
        page.wait("document.querySelector('#table th[aria-sort=descending]')")
        degrees = page.value(
            "[...document.querySelectorAll('#table tbody')][0].innerText.trim().split('\\n')"
            ".map(line => Number(line.split('\\t').at(-1)))"
        )
        assert degrees == sorted(degrees, reverse=True)
        name = page.value(first)
        page.value("document.querySelector('#table .open').focus()")
        page.key("ArrowDown", 40)
        assert page.value("document.activeElement.innerText") != name
        page.key("Enter", 13)
        page.key("e", 69)
        selected = page.value("kg.model.selected")
        assert page.value("kg.events.slice(-2)") == [["select", "node", selected], ["expand", selected[0]]]


class TestFiles:
    def test_a_picture_is_the_same_byte_for_byte_where_view_and_graph_are(self, page: Page) -> None:
        draw(page, 30, 40)
        first = page.value("kg.exported.svgPicture(kg.model, kg.about, false)")
        again = page.value(
            "(() => { const saved = kg.view.readFragment('#' + kg.view.viewFragment({state: kg.model.snapshot(),"
            " language: 'en'})); const g = kg.invented(30, 40), other = new kg.GraphModel();"
            " other.restore(saved.state, g.nodes.reverse(), g.links.reverse()); other.today = kg.model.today;"
            " return kg.exported.svgPicture(other, {...kg.about, made: 'later'}, false) })()"
        )
        assert again == first
        assert "An allegation is no verdict" in first
        assert "invented@7" in first
        assert "2014-12-05" in first

    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_a_name_is_text_in_every_file(self, page: Page, name: str) -> None:
        written = json.dumps(name)
        page.value(
            f"(async () => {{ kg.model.add([kg.node('a', {{caption: {written}}}), kg.node('b')],"
            f" [kg.link('k', 'a', 'b', {{label: {written}, sources: [{written}]}})]); await kg.settled() }})()"
        )
        picture = picture_of(page)
        assert {element.tag.split("}")[1] for element in picture.iter()} <= {
            *("svg", "title", "desc", "rect", "path", "polygon", "circle", "text")
        }
        assert not set("\u202e\u202c") & set("".join(picture.itertext()))
        graph = nx.parse_graphml(page.value("kg.exported.graphml(kg.model)").split("\n", 1)[1])
        assert set(graph.nodes) == {"a", "b"}
        rows = list(csv.reader(io.StringIO(page.value("kg.exported.csv(kg.model)").removeprefix("\ufeff"), newline="")))
        assert {len(row) for row in rows} == {14}
        expected = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if "\ufffd" not in expected:
            assert rows[1][3] == escape_formula(expected)

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'", "1", "a"])
    def test_a_cell_is_no_formula_as_in_kg_export(self, stage: Page, start: str) -> None:
        made = stage.value(f"kg.exported.csvTable([[{json.dumps(start + '1')}, 'x']])")
        (row,) = csv.reader(io.StringIO(made.removeprefix("\ufeff"), newline=""))
        assert row == [escape_formula(f"{start}1"), "x"]

    def test_graphml_has_what_is_drawn_and_where(self, page: Page) -> None:
        draw(page, 20, 30)
        page.value("kg.model.hide(['n00004'])")
        graph = nx.parse_graphml(page.value("kg.exported.graphml(kg.model)").split("\n", 1)[1], force_multigraph=True)
        shown = page.value("[kg.model.visible().nodes.length, kg.model.visible().links.length]")
        assert [graph.number_of_nodes(), graph.number_of_edges()] == shown == [19, shown[1]]
        assert "n00004" not in graph
        assert graph.nodes["n00001"]["sought"] is True
        assert graph.nodes["n00001"]["x"] == places(page)["n00001"]["x"]

    def test_the_whole_graph_is_in_the_png_and_not_the_screen(self, page: Page) -> None:
        page.value(
            "(async () => { kg.model.add([kg.node('a'), kg.node('b')], []); kg.model.arrange(new Map("
            "[['a', {x: 0, y: 0}], ['b', {x: 3000, y: 0}]])); await kg.settled() })()"
        )
        size = page.value(
            "(async () => { const image = await createImageBitmap(await kg.stage.export('png', kg.about));"
            " return [image.width, image.height] })()"
        )
        assert size[0] == 2 * (3_000 + 200)

    def test_hidden_names_are_in_no_picture(self, page: Page) -> None:
        draw(page, 20, 30)
        page.value("(async () => { kg.stage.anonymous = true; await kg.settled() })()")
        picture = page.value("kg.stage.export('svg', kg.about).then(blob => blob.text())")
        shown = page.value("kg.stage.drawn.labels.flatMap(label => label.lines).join(' ')")
        captions = page.value("kg.model.visible().nodes.map(node => node.caption)")
        ids = page.value("kg.model.visible().nodes.map(node => node.id)")
        assert [
            name for name in (*captions, *ids, "Dunmarsh", "An invented view") if name in picture or name in shown
        ] == []
        assert "Person 1" in picture

    def test_no_name_stands_under_the_notice_of_the_handling(self, page: Page) -> None:
        page.value(
            "(async () => { const crowd = Array.from({length: 24}, (_, i) => `c${i}`);"
            " kg.model.add([...crowd, 'far'].map(id => kg.node(id, {sought: true, handling: 'restricted'})), []);"
            " crowd.forEach((id, i) => kg.model.pin(id, i % 8 * 26, Math.floor(i / 8) * 24));"
            " kg.model.pin('far', 1000, 620);"
            " kg.stage.fit(); await kg.settled(); kg.stage.redraw() })()"
        )
        shown = page.value("kg.stage.drawn.labels.map(({box}) => box)")
        assert len(shown) > 6
        assert [box for box in shown if box["x"] < 190 and box["y"] < 28] == []

    @pytest.mark.parametrize("handling", ["restricted", "protected"])
    def test_a_picture_with_such_facts_says_so(self, page: Page, handling: str) -> None:
        page.value(f"kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b', {{handling: '{handling}'}})])")
        word = handling.upper()
        assert word in page.value("kg.exported.svgPicture(kg.model, kg.about, false)")
        assert handling in page.value("kg.exported.graphml(kg.model)")
        page.value("kg.model.setFilter({...kg.model.filter, linkTypes: new Set(['OWNS'])})")
        assert word not in page.value("kg.exported.svgPicture(kg.model, kg.about, false)")

    @pytest.mark.parametrize(
        ("sought", "cleared", "accused", "says", "status"),
        [
            (False, False, "", "", ""),
            (False, False, "charged", "", ""),
            (True, False, "", "sought", "sought"),
            (False, True, "", "✓ a source: cleared", "cleared"),
            (True, True, "", "sought · ✓ a source: cleared", "sought; cleared"),
            (
                True,
                True,
                "convicted",
                "sought · a source: convicted · ✓ one accusation cleared",
                "sought; convicted; cleared of one",
            ),
            (
                False,
                True,
                "charged",
                "a source: charged · ✓ one accusation cleared",
                "charged; cleared of one",
            ),
        ],
    )
    def test_who_is_sought_or_cleared_has_a_word_and_not_only_a_colour(
        self, page: Page, sought: bool, cleared: bool, accused: str, says: str, status: str
    ) -> None:
        node = json.dumps({"caption": "Ann Invented", "sought": sought, "cleared": cleared, "accused": accused})
        page.value(f"kg.model.add([kg.node('a', {node})], [])")
        picture = picture_of(page)
        bold = [text.text for text in picture.iter(f"{SVG}text") if text.get("font-weight")]
        assert bold == [*filter(None, says.split(" · ")), "An invented view"]
        (title,) = {t.text for shape in picture.iter() for t in shape.findall(f"{SVG}title") if "Ann" in (t.text or "")}
        assert title == " · ".join(filter(None, ["Ann Invented", "Person", says]))
        assert f",{status}," in page.value("kg.exported.csv(kg.model)")

    def test_sources_are_numbered_in_print(self, page: Page) -> None:
        page.value(
            "kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b', {sources: ['s1', 's2'],"
            " alleged: true}), kg.link('l', 'b', 'a', {sources: ['s2'], type: 'FAMILY_OF'}),"
            " kg.link('m', 'a', 'b', {sources: []})])"
        )
        printed = page.value("kg.exported.printed(kg.model, false)")
        assert printed["sources"] == ["s1", "s2"]
        assert [link["sources"] for link in printed["links"]] == [[1, 2], [2], []]
        assert printed["links"][0]["status"] == "alleged"
        assert printed["links"][1]["sentence"] == "b is family of a"

    @pytest.mark.parametrize(
        ("stages", "word", "status", "dash"),
        [
            ([], "is accused of", "alleged", "7 5"),
            ([("", "Reg")], "is accused of", "alleged, as Reg says", "7 5"),
            ([("charged", "Prosecutor")], "is accused of", "alleged; charged, as Prosecutor says", "7 5"),
            ([("cleared", "Court")], "was cleared of", "cleared, as Court says", "12 4 2 4"),
            ([("convicted", "Court")], "was convicted of", "convicted, as Court says", ""),
            (
                [("charged", "Prosecutor"), ("cleared", "Court")],
                "is accused of",
                "alleged; charged, as Prosecutor says; cleared, as Court says",
                "7 5",
            ),
        ],
    )
    def test_an_accusation_is_told_by_its_outcome_everywhere(
        self, page: Page, stages: list[tuple[str, str]], word: str, status: str, dash: str
    ) -> None:
        told = json.dumps([{"stage": stage, "by": [by]} for stage, by in stages])
        page.value(
            "kg.model.add([kg.node('a'), kg.node('b')], kg.linksOf([{...kg.link('k', 'a', 'b', {type: 'ACCUSED_OF',"
            f" label: 'is accused of, in 2010'}}), contradictions: [], stages: {told}}}]))"
        )
        rows = list(csv.DictReader(io.StringIO(page.value("kg.exported.csv(kg.model)").lstrip("\ufeff"))))
        assert (rows[-1]["says"], rows[-1]["status"]) == (f"{word}, in 2010", status)
        assert status in page.value("kg.exported.graphml(kg.model)")
        printed = page.value("kg.exported.printed(kg.model, false).links[0]")
        assert (printed["sentence"], printed["status"]) == (f"a {word} b, in 2010", status)
        assert status in page.value("document.querySelector('#table').innerText")
        picture = picture_of(page)
        (line,) = [one for one in picture.iter(f"{SVG}path") if one.find(f"{SVG}title") is not None]
        assert line.findtext(f"{SVG}title") == f"a {word} b, in 2010 · {status}"
        assert (line.get("stroke-dasharray") or "").replace(",", " ") == dash
        assert not any(by and by in page.value("kg.exported.svgPicture(kg.model, kg.about, true)") for _, by in stages)

    @pytest.mark.parametrize(
        ("periods", "event", "says"),
        [
            ([("2015", "2019")], False, "owns, 60 % (2015 to 2019)"),
            ([("", "2019")], False, "owns, 60 % (until 2019)"),
            ([("2015", "2019"), ("2015", "")], False, "owns, 60 % (2015 to 2019; since 2015)"),
            ([("2015", "")], False, "owns, 60 %"),
            ([("2019-05", "2019-05")], True, "owns, 60 %"),
            ([], False, "owns, 60 %"),
        ],
    )
    def test_a_link_that_ended_is_drawn_with_its_end(
        self, page: Page, periods: list[tuple[str, str]], event: bool, says: str
    ) -> None:
        dated = json.dumps([{"from": start, "to": end, "source": "s"} for start, end in periods])
        page.value(
            "kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b',"
            f" {{label: 'owns, 60 %', event: {json.dumps(event)}, periods: {dated}}})]); kg.model.select(['k'])"
        )
        page.value("kg.settled()")
        drawn = page.value("kg.stage.drawn.labels.find(label => label.id === 'k').lines.join(' ')")
        assert drawn == says
        page.value("kg.model.setFilter({...kg.model.filter, day: '2018'})")
        assert (
            "1 link without a date: shown on any day" in page.value("kg.exported.svgPicture(kg.model, kg.about, false)")
        ) == (not periods)
        page.value("kg.model.setFilter({...kg.model.filter, day: ''})")
        picture = picture_of(page)
        titles = [one.findtext(f"{SVG}title") for one in picture.iter(f"{SVG}path")]
        assert says.replace("owns", "a owns b") in titles
        ended = any(end for _, end in periods) and not event
        dashes = [one.get("stroke-dasharray") for one in picture.iter(f"{SVG}path") if one.get("stroke-dasharray")]
        assert dashes == (["1 3", "1 3"] if ended else [])  # the link, and the legend
        assert (
            "ended: grey, finely dotted" in page.value("kg.exported.svgPicture(kg.model, kg.about, false)")
        ) == ended
        nameless = page.value("kg.exported.svgPicture(kg.model, kg.about, true)")
        assert says.removeprefix("owns") in nameless

    @pytest.mark.parametrize(
        ("day", "paper", "ended"),
        [
            ("", "2014-12-02", True),
            ("", "2024-01-02", False),  # the day of the graph counts, not that of the browser
            ("2014-12-02", "2014-12-02", False),
            ("2014-12-03", "2014-12-02", True),
            ("", "", False),
        ],
    )
    def test_a_link_to_a_paper_that_ended_is_drawn_as_ended(
        self, page: Page, day: str, paper: str, ended: bool
    ) -> None:
        link = "kg.link('k', 'a', 'b', {type: 'SOUGHT_UNDER'})"
        assert page.value(f"kg.filter.hasEnded({link}, '{day}' || kg.model.day, '{paper}')") == ended
        page.value(f"kg.model.add([kg.node('a'), kg.node('b', {{type: 'Warrant', ended: '{paper}'}})], [{link}])")
        page.value(f"kg.model.setFilter({{...kg.model.filter, day: '{day}'}})")
        assert ('stroke-dasharray="1 3"' in page.value("kg.exported.svgPicture(kg.model, kg.about, false)")) == ended

    def test_who_is_only_suspected_to_be_somewhere_is_drawn_dashed(self, page: Page) -> None:
        page.value(
            "kg.model.add(['a', 'b', 'c'].map(id => kg.node(id)), [kg.link('k', 'a', 'b', {type: 'PRESENT_IN',"
            " suspected: true}), kg.link('l', 'a', 'c', {type: 'PRESENT_IN'})])"
        )
        picture = picture_of(page)
        dashes = [one.get("stroke-dasharray") for one in picture.iter(f"{SVG}path") if one.get("stroke-dasharray")]
        assert dashes == ["7 5", "7 5"]  # the link, and the legend
        assert page.value("kg.exported.printed(kg.model, true).links.map(one => one.status)") == ["suspected", ""]

    @pytest.mark.parametrize(
        ("stages", "said"),
        [
            (["convicted"], "A link is what its sources say."),
            (["cleared"], "A link is what its sources say."),
            (["convicted", "charged"], "An allegation is no verdict"),
            ([], "An allegation is no verdict"),
        ],
    )
    def test_no_picture_says_of_a_conviction_that_it_is_no_verdict(
        self, page: Page, stages: list[str], said: str
    ) -> None:
        links = ", ".join(
            f"{{...kg.link('k{n}', 'a', 'b', {{type: 'ACCUSED_OF', alleged: {json.dumps(stage == 'charged')},"
            f" stages: [{{stage: '{stage}', by: ['x']}}]}})}}"
            for n, stage in enumerate(stages)
        )
        page.value(f"kg.model.add([kg.node('a'), kg.node('b')], [{links}])")
        texts = " ".join(text.text or "" for text in picture_of(page).iter(f"{SVG}text"))
        assert said in texts

    @pytest.mark.parametrize(
        ("today", "day", "periods", "first_and_last"),
        [
            ("2014-12-05", "", [["1998", "2004-11"]], [1998, 2014]),
            ("2014-12-05", "1990-01-01", [["1998", ""]], [1990, 2014]),
            ("2014-12-05", "", [["2003", "2030-01-01"]], [2003, 2030]),
            ("", "", [["2003", ""]], [2003, 2003]),
            ("", "", [], None),
        ],
    )
    def test_the_slider_covers_all_dates_and_the_day_of_the_graph(
        self, page: Page, today: str, day: str, periods: list[list[str]], first_and_last: list[int] | None
    ) -> None:
        dated = json.dumps([{"from": start, "to": end, "source": "s"} for start, end in periods])
        page.value(f"kg.model.today = '{today}', kg.model.setFilter({{...kg.model.filter, day: '{day}'}})")
        page.value(f"kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b', {{periods: {dated}}})])")
        assert page.value("kg.years(kg.model)") == first_and_last

    def test_one_of_a_kind_is_not_told_as_several(self, page: Page) -> None:
        page.value("kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b')])")
        assert page.value("kg.exported.sentenceOf(kg.model)").startswith("Graph of 2 nodes and 1 link, 0 of the nodes")
        told = page.value("[1, 2].map(hops => kg.words.t('path.chance', {hops, reach: 1, people: 100, goal: 'Firm'}))")
        assert told == [
            "Baseline: 1 of 100 random people are within 1 hop of Firm.",
            "Baseline: 1 of 100 random people are within 2 hops of Firm.",
        ]

    def test_what_a_link_says_stands_around_the_other_end_and_is_left_out_with_names(self, page: Page) -> None:
        page.value(
            "kg.model.add([kg.node('a'), kg.node('b')], [kg.link('k', 'a', 'b',"
            " {label: 'owns, 51 %, for Ann Invented'}), kg.link('l', 'a', 'b', {label: 'lends to'}),"
            " kg.link('m', 'b', 'a', {label: 'owns, 25 to 50 %'}),"
            " kg.link('n', 'b', 'a', {label: 'owns, 100 % or 80 %'})])"
        )
        told = [link["sentence"] for link in page.value("kg.exported.printed(kg.model, false).links")]
        shares = ["b owns a, 25 to 50 %", "b owns a, 100 % or 80 %"]
        assert told == ["a owns b, 51 %, for Ann Invented", "a lends to b", *shares]
        hidden = [link["sentence"] for link in page.value("kg.exported.printed(kg.model, true).links")]
        shares = [f"Person 2 owns Person 1, {share}" for share in ("25 to 50 %", "100 % or 80 %")]
        assert hidden == [
            "Person 1 owns Person 2, 51 %",
            "Person 1 owns Person 2",
            *shares,
        ]  # shares and dates name nobody
        page.value("kg.model.select(['k'])")
        assert "Ann" not in page.value("kg.exported.svgPicture(kg.model, kg.about, true)")


SENTENCES = {
    "Look at the clearance first: cleared by Court (invented), on an unknown day: theft.": (
        "请先查看澄清：Court (invented) 已澄清：theft。"
    ),
    "warrant withdrawn on 2019-02-03: EAW-44 of 2018-01-02": "EAW-44 2018-01-02：已撤回 2019-02-03",
    "Gazette says that Ann Invented was charged: theft": "Gazette 称 Ann Invented 被起诉：theft",
    "No source describes CN: 1 link of this graph waits for an end, and hosts read as not known. Load the reference"
    " facts: kg load --reference.": (
        "没有来源描述 CN：图谱中有 1 条关系缺少一端，东道国均视为不明。请载入参考资料：kg load --reference。"
    ),
    "with prosecutor of the host": "协同 东道国 的检察机关",
    "Limitation period of an offence of others ends: theft": "他人罪行的时效届满：theft",
    "a child of the family of Ann Invented (under 18 on 2009-05-01)": (
        "Ann Invented 家的未成年人（2009-05-01 未满 18 岁）"
    ),
    "1 USD = 6.15 CNY on 2014-12-05 (central bank)": "1 USD = 6.15 CNY，2014-12-05（central bank）",
    "1 USD = 0.73 to 0.79 EUR, 2014-07-01 to 2014-09-30 (rates.csv)": (
        "1 USD = 0.73 至 0.79 EUR，2014-07-01 至 2014-09-30（rates.csv）"
    ),
    "if it comes from it: Fraud, UNCAC 17; harmed: Works (controlled by Bureau, state-owned by its own description)": (
        "若其来自该犯罪：Fraud，《反腐败公约》第 17 条；受害者：Works（受 Bureau 控制，据其自身说明为国有）"
    ),
    "Cui Song Mo as pinyin = Cui Song Mu as pinyin": "Cui Song Mo（拼音） = Cui Song Mu（拼音）",
    "张 = Cheung as Cantonese": "张 = Cheung（粤语）",
    "no source is graded: reliability unknown": "来源均未评级：可靠性不明",
    "control and payment is weaker evidence than ownership": "“控制、付款”的证明力弱于所有权",
    "a hub with 1,204 links": "枢纽，有 1,204 条关系",
    "birth date stated as 1961-03 and as 1962": "出生日期说法不一：1961-03；1962",
    "Ann: share stated as 20 % (press) and as 30 % (court)": "Ann 的份额说法不一：20 % (press)；30 % (court)",
    "end date 2001-02-03 is after birth date 1999": "结束日期 2001-02-03 晚于 出生日期 1999",
    "2 owners with at least 120 % together": "2 名所有者合计至少 120 %",
    "sought by Desk since 2014 under the warrant W-1, as list says": "据 list，Desk 自 2014 起通缉，依据：逮捕令 W-1",
    "extradition treaty CN–US: no (no agreement is known; last checked 2022)": (
        "CN 与 US 的引渡条约：否（未知有协定；最近核对于 2022）"
    ),
    "protects third parties, US: yes (heard; in any court; last checked 2026)": (
        "保护第三人（US）：是（heard; in any court；最近核对于 2026）"
    ),
    "charged by the court since 2006: Theft; no word of US": "the court 起诉 2006：Theft；并非 US 所述",
    "names -10.0: ji and 镒 have no character in common": "姓名 -10.0：ji 与 镒 没有相同的字",
    "to kin on 2004-04-27, 334 days after the notice": "于 2004-04-27 转给 亲属，在通报之后 334 天",
    "to kin on 2004-04-27, at least 61 days after the end of the offence in 2004": (
        "于 2004-04-27 转给 亲属，在犯罪结束（2004）之后至少 61 天"
    ),
    "what no rule knows; nor this": "what no rule knows; nor this",
}
"""What the service says, and what the Chinese page says for it."""


class TestSentences:
    def test_sentences_of_the_service_are_chinese_where_a_rule_knows_them(self, page: Page) -> None:
        sent = json.dumps(list(SENTENCES))
        told = page.value(
            f"(async () => {{ await kg.words.setLanguage('zh'); const told = {sent}.map(kg.sentences.sentenceWords);"
            " await kg.words.setLanguage('en'); return told })()"
        )
        assert told == list(SENTENCES.values())
        assert page.value(f"{sent}.map(kg.sentences.sentenceWords)") == list(SENTENCES)
        effects = "3 links join, no cluster changes, no loaded contradictions become visible, Bo becomes wanted"
        clauses = f"kg.words.setLanguage('zh').then(() => kg.sentences.clauseWords({json.dumps(effects)}))"
        assert page.value(clauses) == "并入关系 3 条，变动集群 0 个，显现矛盾 0 处，Bo 将被列为通缉"
        page.value("kg.words.setLanguage('en')")

    def test_a_child_whose_name_is_withheld_is_called_so_in_the_language_of_whoever_reads_now(self, page: Page) -> None:
        of_ann, text = "a child of Ann", "a childhood friend of Ann"
        named = {"id": "p", "type": "Person", "caption": of_ann, "sought": False, "degree": 0}
        claims = [{"properties": {"summary": [of_ann]}, "value": of_ann}]
        answer = {"nodes": {"p": named}, "captions": {"p": of_ann, "q": text}, "name": "a child", "claims": claims}
        page.value(
            f"globalThis.answer = kg.sentences.readAnswer({json.dumps(json.dumps(answer))});"
            " kg.model.add(kg.nodesOf(answer.nodes), [])"
        )
        spoken = "kg.words.setLanguage('zh').then(() => ({...answer, csv: kg.exported.csv(kg.model)}))"
        told, child = page.value(spoken), "Ann 的未成年子女"
        assert child in told["csv"]
        assert of_ann not in told["csv"]
        assert told["captions"] == {"p": child, "q": text}
        assert told["name"] == "一名未成年人"
        assert told["claims"] == claims  # in the words of the source
        assert of_ann in page.value("kg.words.setLanguage('en').then(() => kg.exported.csv(kg.model))")
        assert page.value("answer") == answer

    def test_what_is_printed_of_a_link_is_told_in_words_of_the_reader(self, page: Page) -> None:
        (told,) = page.value(
            "kg.words.setLanguage('zh').then(() => { kg.model.add([kg.node('a'), kg.node('b')], [kg.link('l', 'a', 'b',"
            " {type: 'FAMILY_OF', label: 'is family of, relation: mother or parent', periods:"
            " ['x', 'y'].map(source => ({from: '2001', to: '', source}))})]);"
            " return kg.exported.printed(kg.model, false).links })"
        )
        assert (told["sentence"], told["periods"]) == ("a 亲属 b，关系：母亲或父母", "自 2001")
        page.value("kg.words.setLanguage('en')")

    def test_a_name_written_from_the_right_turns_no_sentence_around(self, page: Page) -> None:
        page.value(
            "kg.model.add([kg.node('a', {caption: 'مارش'}), kg.node('b', {caption: 'Bo'})], [kg.link('l', 'a', 'b')])"
        )
        (told,) = page.value("kg.exported.printed(kg.model, false).links")
        assert told["sentence"] == "\N{FIRST STRONG ISOLATE}مارش\N{POP DIRECTIONAL ISOLATE} owns Bo"
        weakest = "kg.words.t('path.weakest', {from: 'Bo', to: 'مارش'})"
        assert "\N{FIRST STRONG ISOLATE}مارش\N{POP DIRECTIONAL ISOLATE}" in page.value(weakest)

    def test_who_is_and_was_sought_is_told_in_chinese_whatever_is_known_of_the_paper(
        self, page: Page, tmp_path: Path
    ) -> None:
        reasons = ["", *load_ontology().properties("Warrant")["end_reason"].values]
        ended = [node(f"w{n}", "Warrant", ended_on="2011-02-03", end_reason=why) for n, why in enumerate(reasons)]
        ended.append(node("n", "Notice", ended_on="2011-02-03", end_reason="deleted"))
        in_force = [node(f"d{day}", "Warrant", issued_on=day) for day in ("", "2001-02-03", "Zed")]
        papers = [*ended, *in_force, node("l", "ListEntry")]
        links = [link(f"p SOUGHT_UNDER {paper.key}") for paper in papers]
        load(tmp_path / "graph.sqlite", "desk", [node("p", name="Zed"), *papers, *links])
        with store(tmp_path / "graph.sqlite") as graph:
            found = describe_entity(Workspace(tmp_path / "graph.sqlite"), graph, node_id("test", "p"))
        told = [*found.formerly_sought, *found.sought]
        assert (len(found.formerly_sought), len(found.sought)) == (len(ended), len(in_force) + 1)
        chinese = page.value(
            f"(async () => {{ await kg.words.setLanguage('zh'); const told = {json.dumps(told)}"
            ".map(kg.sentences.sentenceWords); await kg.words.setLanguage('en'); return told })()"
        )
        assert english_among(chinese, "Zed Warrant Notice d dZed desk") == []
        assert all(reason == "" or f"（{reason}）" not in one for one in chinese for reason in reasons)


class TestConnections:
    @pytest.mark.parametrize(
        ("asked", "paths", "columns"),
        [
            ("AB", ["AxB"], [["A"], ["x"], ["B"]]),
            ("AB", ["AxB", "AyzB"], [["A"], ["x", "y"], ["B", "z"]]),
            ("ABC", ["AxB"], [["A"], ["x"], ["B"], ["C"]]),
            ("ABCD", ["AxB", "CyD"], [["A", "C"], ["x", "y"], ["B", "D"]]),
            ("AB", [], [["A", "B"]]),
        ],
    )
    def test_what_connects_stands_in_columns_by_hops(
        self, stage: Page, asked: str, paths: list[str], columns: list[list[str]]
    ) -> None:
        found = {
            "asked": [*asked],
            "paths": [{"path": {"nodes": [*path], "hops": [{"links": []}] * (len(path) - 1)}} for path in paths],
            "nodes": [{"id": node} for node in sorted({*asked, *"".join(paths)})],
        }
        assert stage.value(f"kg.connections.columns({json.dumps(found)})") == columns

    def test_a_path_is_told_with_the_way_of_each_link(self, stage: Page) -> None:
        hops = [
            {"links": [{"id": "k", "type": "OWNS", "forward": True}]},
            {"links": [{"id": "l", "type": "PAID", "forward": False}]},
        ]
        path = {"nodes": ["a", "b", "c"], "hops": hops, "cost": 1, "weakest": None}
        assert (
            stage.value(f"kg.connections.told({json.dumps(path)}, id => id.toUpperCase())")
            == "A — owns → B — was paid by → C"
        )


def test_a_layout_is_answered_also_after_its_worker_has_failed(stage: Page) -> None:
    started = stage.value(
        """(async () => {
          let started = 0
          const layouts = new kg.layout.Layouts(() => {
            const isFirst = ++started === 1
            const worker = {terminate() {}, postMessage({number}) {
              queueMicrotask(() => isFirst
                ? this.onerror?.()
                : this.onmessage({data: {number, isLast: true, places: [['a', 1, 2]]}}))
              if (isFirst) this.postMessage = () => undefined
            }}
            return worker
          })
          const asked = {nodes: [], links: []}
          const first = await layouts.ask(asked, () => undefined)
          const late = new Promise(done => setTimeout(() => done('never'), 300))
          const second = await Promise.race([layouts.ask(asked, () => undefined), late])
          return [started, first, second === 'never' ? second : [...second.keys()]]
        })()"""
    )
    assert started == [2, None, ["a"]]


class TestView:
    def test_a_view_is_a_question_and_no_copy(self, page: Page) -> None:
        draw(page, 12, 14)
        page.value("kg.model.hide(['n00003']); kg.model.pin('n00004', 7, 8); kg.model.select(['n00001'])")
        text = page.value("kg.view.viewFile({state: kg.model.snapshot(), language: 'zh'})")
        assert "Dunmarsh" not in text
        assert "a-source" not in text
        read = page.value(f"kg.view.readView({json.dumps(text)}, 'a file')")
        assert read == {"state": page.value("kg.model.snapshot()"), "language": "zh"}
        assert ["n00004", 7, 8, 1] in read["state"]["nodes"]

    def test_what_is_gone_from_the_graph_is_gone_from_the_view(self, page: Page) -> None:
        draw(page, 6, 6)
        page.value("kg.model.hide(['n00005'])")
        page.value(
            "(() => { const g = kg.invented(6, 6); kg.model.restore(kg.model.snapshot(),"
            " g.nodes.filter(n => n.id !== 'n00002' && n.id !== 'n00005'), g.links) })()"
        )
        assert sorted(places(page)) == ["n00000", "n00001", "n00003", "n00004"]
        assert page.value("[kg.model.hidden.size, kg.model.canUndo]") == [0, False]
        ends = page.value("[...kg.model.links.values()].flatMap(link => [link.from, link.to])")
        assert not {"n00002", "n00005"} & set(ends)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("{", "a file: no JSON"),
            ("[]", "key view, value []: expected an object"),
            ('{"format": "x"}', 'key format, value "x": expected kg-view'),
            ('{"format": "kg-view", "version": 9}', "key version, value 9: expected 1"),
            ('{"format": "kg-view", "version": 1}', "key nodes, value nothing: expected a list"),
            (
                '{"format": "kg-view", "version": 1, "nodes": [["a", "1", 2, 0]]}',
                'key nodes[0][1], value "1": expected a number',
            ),
            ('{"format": "kg-view", "version": 1, "nodes": [["a", 1, 1e99, 0]]}', "key nodes[0][2], value 1e+99"),
            (
                '{"format": "kg-view", "version": 1, "nodes": [[{}, 1, 1, 0]]}',
                "key nodes[0][0], value {}: expected a text",
            ),
            ('{"format": "kg-view", "version": 1, "nodes": [], "filter": {"day": "5/12/14"}}', "key filter.day"),
            ('{"format": "kg-view", "version": 1, "nodes": [], "filter": {"grade": "Z9"}}', "key filter.grade"),
        ],
    )
    def test_what_is_no_view_is_refused_with_the_place(self, stage: Page, text: str, says: str) -> None:
        read = (
            f"(() => {{ try {{ kg.view.readView({json.dumps(text)}, 'a file') }}"
            " catch (e) { return [e instanceof kg.view.ViewError, e.message] } })()"
        )
        is_ours, message = stage.value(read)
        assert is_ours
        assert says in message

    @pytest.mark.parametrize(
        ("fragment", "is_bad"), [("", False), ("#", False), ("#other", False), ("#view=%%", True), ("#view=_w", True)]
    )
    def test_a_fragment_is_a_view_or_says_why_not(self, stage: Page, fragment: str, is_bad: bool) -> None:
        read = f"(() => {{ try {{ return kg.view.readFragment({json.dumps(fragment)}) }}"
        found = stage.value(f"{read} catch (e) {{ return e.message }} }})()")
        assert bool(found) is is_bad


def test_nothing_broke_the_policy_of_the_page(stage: Page) -> None:
    assert stage.errors == []
