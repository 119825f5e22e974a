"""Does Neo4j Browser open with our guide and colours, run what is in it, and take our files?

A real Chromium uses it. Where there is none, these tests are skipped and say so; `.ci/run` has one installed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.ontology.derive.looks import NODE_LOOKS
from kg.queries import favorites_archive, find_query, query_pack
from kg.queries.guide import TOPIC_TITLES
from tests.chromium import require_chromium
from tests.house.tree import ROOT
from tests.neo4j_browser import Browser, open_browser
from tests.neo4j_server import Neo4jServer

pytestmark = pytest.mark.browser

QUERY = find_query("enterprises/owners_up")

INVENTED = """
CREATE (:Person:Party:Entity:Fugitive {id: 'ann', caption: 'Ann'})
  -[:OWNS {id: 'a', share_low: 51.0, share_high: 51.0}]->
  (:Enterprise:Party:Asset:Entity {id: 'acme', caption: 'Acme'})
  -[:OWNS {id: 'b', share_low: 100.0, share_high: 100.0}]->
  (:Enterprise:Party:Asset:Entity {id: $enterprise, caption: 'Yacht'})
CREATE (:Vessel:Asset:Entity {id: 'sloop', caption: 'Sloop'})
CREATE (:Note {text: 'mine'})
"""


@pytest.fixture(scope="module")
def browser(neo4j: Neo4jServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Neo4j Browser of the tests' server, with somebody logged in."""
    program = require_chromium()
    if not neo4j.browser:
        pytest.skip("the guide is handed out beside servers that kg runs; unset KG_TEST_NEO4J_URI")
    neo4j.run(INVENTED, enterprise=QUERY.examples()["enterprise"])
    with open_browser(program, neo4j.browser, tmp_path_factory.mktemp("chromium")) as browser:
        browser.log_in(neo4j.password)
        yield browser


class TestOneVisit:
    """From the first page to the last; each test leaves it as the next one expects it."""

    def test_the_guide_and_the_colours_come_by_themselves(self, browser: Browser) -> None:
        browser.page.wait("document.querySelector('[data-exec$=\"people.html\"]')")
        browser.page.wait("localStorage['neo4j.grass']?.includes('node.Vessel')")
        assert [title for title in TOPIC_TITLES.values() if title not in browser.page.text()] == []

    def test_a_topics_page_has_its_queries(self, browser: Browser) -> None:
        browser.clear()
        browser.open_topic("enterprises")
        titles = [box.split("\n")[0] for box in browser.boxes() if box.startswith("//")]
        assert titles == [f"// {query.title}" for query in query_pack().values() if query.topic == "enterprises"]

    def test_two_clicks_set_the_parameters_and_draw_the_graph_in_our_colours(self, browser: Browser) -> None:
        at = browser.boxes().index(f"// {QUERY.title}\n{QUERY.text};")
        browser.run_box(at - 1)
        browser.run_box(at)
        browser.settle()
        enterprise, person = NODE_LOOKS["Enterprise"].color, NODE_LOOKS["Person"].color
        assert browser.nodes() == [("Acme", enterprise), ("Ann (sought)", person), ("Yacht", enterprise)]

    def test_a_kind_without_a_look_looks_as_what_it_is_and_a_node_of_ones_own_is_grey(self, browser: Browser) -> None:
        browser.clear()
        browser.ask("MATCH (n) WHERE n:Vessel OR n:Note RETURN n")
        browser.settle()
        assert browser.nodes() == [("Sloop", NODE_LOOKS["Asset"].color), ("mine", NODE_LOOKS["Entity"].color)]

    def test_a_click_on_a_box_leaves_it_in_the_editor(self, browser: Browser) -> None:
        browser.page.click("pre.runnable")
        browser.page.wait("document.querySelector('.monaco-editor .view-lines').innerText.includes('param')")

    def test_one_drop_makes_every_query_a_favorite(self, browser: Browser) -> None:
        browser.page.click("[data-testid=navigationFavorites]")
        browser.drop("queries.zip", favorites_archive())
        browser.page.wait("document.body.innerText.includes('quality')")
        assert [name for name in browser.favorites() if name in TOPIC_TITLES] == sorted(TOPIC_TITLES)
        kept = "JSON.parse(localStorage['neo4j.documents']).filter(kept => !kept.isStatic).map(kept => kept.content)"
        files = [file.read_text(encoding="utf-8") for file in (ROOT / "cypher" / "queries").glob("*/*.cypher")]
        browser.page.wait(f"{kept}.length === {len(files)}")
        assert sorted(browser.page.value(kept)) == sorted(files)

    def test_a_dropped_file_is_a_favorite_by_its_title(self, browser: Browser) -> None:
        file = ROOT / "cypher" / "queries" / "people" / "family.cypher"
        browser.drop(file.name, file.read_bytes())
        browser.page.click(".filedrop-save-to-favorites")
        browser.page.wait("document.body.innerText.includes('The family of a person')")

    def test_the_page_threw_nothing(self, browser: Browser) -> None:
        assert browser.page.errors == []
