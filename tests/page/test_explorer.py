"""Does the explorer page tell what the graph says, to everybody who may see it and to nobody else?

The whole page in a real Chromium, served by the real service; every name is invented.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from limits import parse_many

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.operations import Workspace, list_judgements
from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates
from kg.records import Provenance
from kg_api.config import ServiceConfig
from kg_api.middleware.audit import AuditLog
from tests.api.service_client import run_service
from tests.chromium import Page, chromium, require_chromium
from tests.house.tree import ROOT
from tests.page.built_page import require_page
from tests.page.chinese_page import english_on
from tests.stores import link, load, node, withdraw

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("explorer")]

AXE = ROOT / "api" / "page" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

MARKUP = "<img src=x onerror=alert(1)>&amp;<script>alert(2)</script>"
ODD_NAMES = (MARKUP, "\u202eevil\u2069 مارش للتجارة", "🏴‍☠️ Yacht & “Sons”", "崔" * 300)


@dataclass
class Explorer:
    """The page of one service, as somebody uses it who sees and hears it, and touches nothing else."""

    page: Page
    address: str

    def open(self, fragment: str = "") -> None:
        """A tab with the page; what an earlier test left is gone."""
        self.page.open("about:blank")
        self.page.wait("location.href === 'about:blank'")
        self.page.requests.clear()
        self.page.open(self.address + fragment)

    def find(self, name: str, field: str = "#search") -> None:
        """Type a name, and choose who bears just that, else the first result."""
        self.page.wait(f"document.querySelector({json.dumps(field)})")
        self.write(name, field)
        self.page.wait("document.querySelector('[role=option]')")
        named = f"o => o.querySelector('.caption').innerText === {json.dumps(name)}"
        options = "[...document.querySelectorAll('[role=option]')]"
        self.page.value(f"({options}.find({named}) ?? {options}[0]).click()")

    def write(self, text: str, field: str = "#search") -> None:
        """Type into a field, behind what it holds."""
        self.page.value(f"document.querySelector({json.dumps(field)}).focus()")
        self.page.insert(text)

    def unfold(self) -> None:
        """Open whatever can be opened."""
        self.page.value("document.querySelectorAll('details').forEach(d => { d.open = true })")

    def show(self, name: str) -> None:
        """A node, by what is searched for."""
        self.find(name)
        self.wait_for_panel()

    def wait_for_panel(self, name: str = "") -> None:
        """Until what was asked for is answered, and the panel of the node so named too: it says so until then."""
        self.rest()
        shown = ".entity .facts, .entity .part p"
        self.page.wait(
            f"document.querySelector('.entity h2')?.innerText.includes({json.dumps(name)})"
            f" && document.querySelector('{shown}') && !document.querySelector('.entity [role=status]')"
            " && document.querySelector('.counts')"
        )
        self.rest()

    def rest(self) -> None:
        """Until nothing is being asked, and the view stands in the address."""
        self.page.wait("document.querySelector('.panel[aria-busy=false]')")

    def press(self, key: str) -> None:
        self.page.value("document.activeElement?.blur()")
        self.page.key(key, ord(key.upper()) if len(key) == 1 else {"Enter": 13, "ArrowRight": 39}[key])

    def click(self, text: str) -> None:
        """A button by its words."""
        found = f"[...document.querySelectorAll('button')].find(b => b.innerText.trim().startsWith({json.dumps(text)}))"
        self.page.wait(f"{found} && !{found}.disabled")
        self.page.value(f"{found}.click()")

    def panel(self) -> str:
        return str(self.page.value("document.querySelector('.panel').innerText"))

    def drawn(self) -> tuple[int, int]:
        """How many nodes and links are drawn, as a screen reader says it."""
        told = self.page.value("document.querySelector('canvas').getAttribute('aria-label')")
        nodes, links = re.findall(r"\d+", told)[:2]
        return int(nodes), int(links)

    def asked(self) -> list[str]:
        """The addresses of the service that were asked, without what is in them."""
        return [urlsplit(one).path for one in self.page.requests if "/v1/" in one]

    def wait_for_text(self, text: str) -> None:
        self.page.wait(f"document.body?.innerText.includes({json.dumps(text)})")


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA in what is shown."""
    if not page.value("Boolean(globalThis.axe)"):
        page.value(AXE.read_text(encoding="utf-8"))
    run = f"axe.run(document, {{runOnly: {json.dumps(RULES)}, resultTypes: ['violations']}})"
    found: list[str] = page.value(
        f"{run}.then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ').slice(0, 300)))"
    )
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = require_chromium()
    require_page()
    folder = tmp_path_factory.mktemp("chromium")
    with chromium(program, folder) as page:
        page.save_into(folder)
        yield page


@pytest.fixture(autouse=True)
def nothing_else(request: pytest.FixtureRequest, browser: Page) -> Iterator[None]:
    """Whatever a test does: no error, nothing against the policy, and no request to anybody else."""
    browser.size(1280, 800)
    browser.speak("en")
    browser.errors.clear()
    browser.logged.clear()
    yield
    if request.node.get_closest_marker("offline") is None:
        assert browser.errors == []
        assert [line for line in browser.logged if not line.startswith("network:")] == []
    strange = [one for one in browser.requests if urlsplit(one).hostname not in ("127.0.0.1", None)]
    assert strange == []


@pytest.fixture(scope="module")
def demo(browser: Page, demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explorer]:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    shutil.copyfile(demo_store, path)
    with run_service(Workspace(path)) as client:
        yield Explorer(browser, f"http://127.0.0.1:{client.port}/")


class TestDemo:
    def test_in_chinese_nothing_is_english_but_names_and_the_words_of_sources(  # noqa: PLR0915  # one screen after another
        self, demo: Explorer
    ) -> None:
        page, english = demo.page, dict[str, list[str]]()

        def read(screen: str, typed: str = "") -> None:
            demo.rest()
            demo.unfold()
            english[screen] = english_on(page, typed)

        page.speak("zh-CN")
        demo.open()
        page.wait("document.querySelector('.clusters li')")
        read("start")
        page.value("document.querySelector('.clusters .name').click()")
        page.wait("document.querySelector('.cluster .part')")
        read("cluster")
        demo.write("cui songmu")
        page.wait("document.querySelector('[role=option]')")
        read("search")
        demo.find("")
        demo.wait_for_panel()
        read("person")
        demo.write("cui songmo")
        page.wait("document.querySelector('.alike')")
        read("names that sound alike", typed="cui songmo Cui Song Mo Mu")
        demo.page.key("Escape", 27)
        demo.click("法律途径")
        demo.write("CN", ".routes input")
        demo.click("显示途径")
        page.wait("document.querySelector('.route')")
        read("routes")
        demo.open("#node=demo%3Ap-003")
        demo.wait_for_panel()
        demo.click("卷宗")
        demo.write("CN", ".dossier input")
        demo.click("显示卷宗")
        page.wait("document.querySelector('.dossier .part')")
        read("dossier")
        demo.press("p")
        demo.find("387 Quillwater", ".paths input")
        page.wait("document.querySelector('.hops')")
        read("path")
        page.value("document.querySelector('.hop .says').click()")
        page.wait("document.querySelector('.link .claims')")
        read("link")
        demo.press("t")
        page.wait("document.querySelector('.tables')")
        read("table")
        demo.press("t")
        for key, shown in (("f", ".filters"), ("s", ".export"), ("?", ".keys"), ("c", ".connections")):
            demo.press(key)
            page.wait(f"document.querySelector('{shown}')")
            read(shown)
        demo.open("#node=demo%3Aas-0001")
        demo.wait_for_panel()
        read("asset")
        demo.click("所有者")
        page.wait("document.querySelector('.owners .holders')")
        read("owners")
        demo.open("#node=demo%3Abody-14")
        demo.wait_for_panel()
        demo.click("资金流")
        page.wait("document.querySelector('.steps li')")
        read("money")
        demo.click("时间线")
        page.wait("document.querySelector('.timeline li')")
        read("timeline")
        demo.open("#node=nobody%3Anone")
        page.wait("document.querySelector('.telling.trouble')")
        read("error")
        demo.open("#view=!")
        page.wait("document.querySelector('.telling.trouble')")
        read("damaged link")
        assert {screen: texts for screen, texts in english.items() if texts} == {}

    def test_a_name_leads_to_the_drawn_neighbourhood_in_three_requests(self, demo: Explorer) -> None:
        demo.open()
        demo.page.wait("document.querySelector('.clusters li')")
        demo.page.requests.clear()
        demo.find("崔崧穆")
        demo.page.wait("document.querySelector('.counts')")
        assert demo.drawn()[0] > 5
        assert demo.asked()[:2] == ["/v1/search", "/v1/neighbourhoods"]
        assert [one for one in demo.asked() if "/links" not in one][2:] == [demo.asked()[2]]

    def test_names_that_sound_alike_are_offered_apart_and_enter_alone_chooses_none(self, demo: Explorer) -> None:
        demo.open()
        demo.page.wait("document.querySelector('.clusters li')")
        demo.write("cui songmo")
        demo.wait_for_text("Sound or look alike. A name alone makes nobody the same.")
        assert "Cui Song Mo as pinyin = Cui Song Mu as pinyin" in demo.page.text()
        demo.page.key("Enter", 13)
        assert demo.drawn() == (0, 0)
        assert violations(demo.page) == []
        demo.page.key("ArrowDown", 40)
        demo.page.key("Enter", 13)
        demo.wait_for_panel()
        demo.write("cui songmu")
        demo.page.wait("document.querySelector('.offer')")
        demo.page.key("ArrowUp", 38)
        demo.page.key("Enter", 13)
        demo.wait_for_text("No other name of a person or company sounds or looks like “cui songmu”.")

    def test_an_allegation_is_shown_as_somebodys_word_and_relatives_as_not_accused(self, demo: Explorer) -> None:
        demo.open()
        demo.show("崔崧穆")
        demo.wait_for_text("alleged by the procuratorate (charged)")
        told = demo.panel()
        assert "An allegation is no verdict" in told
        assert "demo-list" in told and "B3" in told
        demo.open("#node=demo%3Ap-003")
        demo.wait_for_panel()
        demo.show("姚苑珞")
        demo.wait_for_text("Not accused and not sought in these sources")

    def test_a_path_is_found_and_told_with_its_sources_and_saved_as_a_picture(
        self, demo: Explorer, tmp_path: Path
    ) -> None:
        demo.open()
        demo.show("崔崧穆")
        demo.click("Path from here")
        demo.find("387 Quillwater", ".paths input")
        demo.page.wait("document.querySelector('.hops')")
        demo.rest()
        told = demo.panel()
        assert "Weakest hop, Paper Cedar & Junk Trading Limited to Rosewood Terrace" in told
        assert "Baseline: 2 of 100 random people" in told
        assert told.count("owns 100 %") == 4 and "demo-land" in told
        demo.click("Draw this path alone")
        demo.page.wait("document.querySelector('canvas').getAttribute('aria-label').includes('6 nodes and 5 links')")
        demo.page.wait("location.hash.length > 6")
        columns = "JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(6).replace(/-/g, '+')"
        demo.page.wait(f"{columns}.replace(/_/g, '/')), c => c.charCodeAt(0)))).columns")
        demo.press("s")
        demo.page.save_into(tmp_path)
        demo.click("Picture (SVG)")
        picture = tmp_path / "kg-view.svg"
        for _ in range(100):
            if picture.is_file():
                break
            demo.page.comes_true("false", 0.1)
        text = "".join(ElementTree.fromstring(picture.read_text(encoding="utf-8")).itertext())
        assert "崔崧穆" in text and "as of 2014-12-05" in text and "An allegation is no verdict" in text

    def test_the_dossier_tells_what_is_said_with_the_reply_and_what_comes_next(self, demo: Explorer) -> None:
        demo.open("#node=demo%3Ap-003")
        demo.wait_for_panel()
        demo.click("Dossier")
        demo.write("CN", ".dossier input")
        demo.click("Show the dossier")
        demo.page.wait("document.querySelector('.dossier .part')")
        told = demo.panel()
        assert (
            "charged by the procuratorate since 2006-02-19: Embezzlement, 2002 to 2004" in told
            and "demo-list B3" in told
        )
        assert "identified, not restrained: USD 1,397,700.69 to 2,196,200.69 (3 assets)" in told
        assert "Recoverable of it, USD" in told and "identified, not restrained: USD 0 to " in told
        assert "CN requests. Law and facts as of 2014-12-05. Graph version" in told
        assert "No reply is in these sources." in told
        assert "Nothing is overdue, and no deadline falls within 90 days." in told
        assert "Of it through 姚苑珞 (Yao Yuanluo)" in told and "May death be imposed for the offence?" in told

    def test_money_is_followed_in_time_order_with_what_happened_meanwhile(self, demo: Explorer) -> None:
        demo.open("#node=demo%3Aas-0007")
        demo.wait_for_panel()
        demo.click("Money")
        demo.page.wait("document.querySelector('.steps .claims')")
        demo.rest()
        told = demo.page.value("[...document.querySelectorAll('.steps > li')].map(li => li.innerText.slice(0, 10))")
        freeze = ["2012-03-13", "2012-03-17", "2012-05-20", "2012-06-12", "2012-06-20"]
        assert told == ["1999-10-21", "2000-12-10", *freeze]
        panel = demo.panel()
        assert "Traced of it\nUSD 781,600\nby each rule" in panel and "demo-bank" in panel
        assert "measure, request or case: Freeze of as-0009 in CA (ordered on)" in panel
        assert "measure, request or case: Freeze of as-0009 in CA (lifted on)" in panel
        demo.click("Draw these payments")
        demo.page.wait("document.querySelector('canvas').getAttribute('aria-label').includes('nodes')")
        demo.click("Account 575-790663X")
        demo.page.wait("document.querySelector('.link .claims')")

    def test_the_story_is_told_by_keys_alone(self, demo: Explorer) -> None:
        demo.open()
        demo.page.wait("document.querySelector('.clusters li')")
        demo.page.key("/", 191)
        demo.page.insert("Cui Songmu")
        demo.page.wait("document.querySelector('[role=option]')")
        demo.page.key("Enter", 13)
        demo.wait_for_panel()
        assert demo.page.value("document.activeElement.tagName") == "H2"
        before = demo.drawn()
        demo.page.key("ArrowRight", 39)
        demo.wait_for_panel()
        demo.page.key("e", 69)
        demo.page.wait(f"!document.querySelector('canvas').getAttribute('aria-label').includes('of {before[0]} nodes')")
        demo.rest()
        demo.page.key("u", 85)
        assert demo.drawn() == before
        demo.page.key("r", 82)
        assert demo.drawn()[0] > before[0]
        demo.page.key("t", 84)
        demo.page.wait("document.querySelectorAll('.drawn tbody tr').length > 5")
        demo.page.wait("document.activeElement.closest('.over')")
        demo.page.key("t", 84)
        demo.page.key("/", 191)
        demo.page.insert("Cui Songmu")
        demo.page.wait("document.querySelector('[role=option]')")
        demo.page.key("Enter", 13)
        demo.wait_for_panel("崔崧穆")
        demo.page.key("p", 80)
        demo.page.wait("document.querySelector('.paths input')")
        demo.page.key("Tab", 9)
        while demo.page.value("document.activeElement.tagName") != "INPUT":
            demo.page.key("Tab", 9)
        demo.page.insert("387 Quillwater")
        demo.page.wait("document.querySelector('.paths [role=option]')")
        demo.page.key("Enter", 13)
        demo.page.wait("document.querySelector('.hops')")
        demo.rest()
        demo.page.key("?", 191, shift=True)
        demo.wait_for_text("How to read it")

    def test_a_link_to_a_view_is_asked_anew_in_one_request(self, demo: Explorer) -> None:
        demo.open()
        demo.show("崔崧穆")
        before = demo.drawn()
        demo.page.wait("location.hash.startsWith('#view=')")
        fragment = demo.page.value("location.hash")
        assert "崔" not in fragment
        demo.open(fragment)
        demo.wait_for_text("The view is asked anew")
        demo.page.wait("document.querySelector('.entity')")
        assert demo.drawn() == before
        assert demo.asked().count("/v1/graph") == 1 and "/v1/neighbourhoods" not in demo.asked()[:2]
        demo.press("s")
        demo.page.wait("document.querySelector('.saved-views input')")
        demo.write("Flats 房产", ".saved-views input")
        demo.page.wait("!document.querySelector('.saved-views .primary').disabled")
        demo.page.value("document.querySelector('.saved-views .primary').click()")
        demo.wait_for_text("nodes: ")
        demo.open("#x")
        demo.page.wait("document.querySelector('.clusters li')")
        demo.press("s")
        demo.click("Flats 房产")
        demo.page.wait(f"document.querySelector('canvas').getAttribute('aria-label').includes('{before[0]} nodes')")
        demo.click("Delete")
        demo.click("Delete “Flats 房产” for good")
        demo.wait_for_text("There are none.")

    @pytest.mark.parametrize("text", ["#view=no", "#view=eyJhIjoxfQ", "#view=", "#node=demo%3Anobody", "#x"])
    def test_a_link_that_is_none_says_so_and_breaks_nothing(self, demo: Explorer, text: str) -> None:
        demo.open(text)
        if text != "#x":
            demo.page.wait("document.querySelector('.telling.trouble')")
        demo.page.wait("document.querySelector('.clusters li')")

    def test_a_day_changes_links_owners_and_routes(self, demo: Explorer) -> None:
        demo.open("#node=demo%3Ap-003")
        demo.wait_for_panel()
        now = demo.drawn()
        demo.press("f")
        demo.page.type(".filters .day input", "1990-01-01")
        demo.page.wait("document.querySelector('.panel').innerText.includes('links are hidden by the filter')")
        demo.page.wait(f"!document.querySelector('canvas').getAttribute('aria-label').includes('and {now[1]} links')")
        demo.rest()
        assert demo.drawn()[1] < now[1]
        demo.page.requests.clear()
        demo.press("Enter")
        demo.wait_for_panel()
        demo.click("Legal routes")
        demo.page.wait("document.querySelector('.routes .day input')?.value === '1990-01-01'")
        demo.page.type(".routes input", "cn")
        demo.click("Show routes")
        demo.page.wait("document.querySelector('.papers')")
        assert any("as_of=1990-01-01" in one for one in demo.page.requests)
        demo.page.type(".routes .day input", "2014-12-05")
        demo.page.wait("document.querySelector('.route .state.blocked')")
        assert "Evidence by letters rogatory between courts" in demo.panel()
        about = set(re.findall(r"about: ([^·\n]+)", demo.panel()))
        assert {"崔崧穆", "387 Quillwater Lane, Oxbow Heights"} <= {one.strip() for one in about}
        assert "Law and facts as of 2014-12-05" in demo.panel()
        assert "In" not in demo.page.value("[...document.querySelectorAll('.host h3')].map(h => h.innerText.trim())")

    def test_how_several_are_connected_is_drawn_in_columns_and_told(self, demo: Explorer) -> None:
        demo.open("#node=demo%3Aas-0001")
        demo.wait_for_panel()
        demo.show("崔崧穆")
        demo.press("t")
        for kind, name in (("Real Estate", "387 Quillwater"), ("Person", "姚苑珞")):
            row = (
                "[...document.querySelectorAll('.drawn tbody tr')].find(r =>"
                f" r.innerText.includes({json.dumps(kind)}) && r.innerText.includes({json.dumps(name)}))"
            )
            demo.page.value(f"{row}.querySelector('input').click()")
            demo.page.wait(f"{row}.classList.contains('on')")
        demo.press("t")
        demo.page.value("document.querySelector('.connections li:last-child button').click()")
        demo.wait_for_text("Connect 2 selected")
        demo.write("姚苑珞", ".connections input")
        demo.page.wait("document.querySelector('.connections [role=option]')")
        demo.page.value("document.querySelector('.connections [role=option]').click()")
        demo.click("Connect 3 selected")
        demo.page.wait("document.querySelector('.connections ol')")
        told = demo.panel()
        assert "paths, most credible first" in told
        assert "崔崧穆 — settled → Settlement of 2003-11-17 — owns →" in told
        assert "Weakest hop, Paper Cedar & Junk Trading Limited to Rosewood Terrace" in told
        demo.page.value("document.querySelector('.connections ol button').click()")
        demo.page.wait("document.querySelector('.connections li.on')")
        assert violations(demo.page) == []

    def test_what_is_dated_stands_in_a_timeline_that_sets_the_day(self, demo: Explorer) -> None:
        demo.open("#node=demo%3Ap-003")
        demo.wait_for_panel()
        demo.click("Timeline")
        demo.page.wait("document.querySelector('.timeline li')")
        lines = demo.page.value("[...document.querySelectorAll('.timeline li')].map(line => line.innerText)")
        assert [line for line in lines if "崔崧穆 held a post at 霁川水利工程局" in line and "until 2004-11" in line]
        assert [line for line in lines if "birth date" in line]
        assert [line[:4] for line in lines if line[:4].isdigit()] == sorted(
            line[:4] for line in lines if line[:4].isdigit()
        )
        demo.page.value(
            "[...document.querySelectorAll('.timeline li')].find(l => l.innerText.startsWith('1998'))"
            ".querySelector('.when').click()"
        )
        demo.rest()
        demo.page.wait(f"document.querySelectorAll('.timeline li').length < {len(lines)}")
        assert violations(demo.page) == []

    def test_a_print_numbers_its_sources_and_says_what_it_is(self, demo: Explorer) -> None:
        demo.open("#node=demo%3Ap-003")
        demo.wait_for_panel()
        demo.press("s")
        demo.page.wait("document.querySelector('.export')")
        demo.page.value(
            "globalThis.print = () => { globalThis.printed = document.querySelector('.print-sheet').innerText }"
        )
        demo.page.value("[...document.querySelectorAll('.export button')].at(-1).click()")
        demo.page.wait("globalThis.printed")
        printed = demo.page.value("globalThis.printed")
        assert "崔崧穆 is accused of Embezzlement, 2002 to 2004, said by: the procuratorate" in printed
        assert "An allegation is no verdict" in printed and "demo-list" in printed and "[1]" in printed
        assert re.search(r"Graph \S+@\d+", printed)
        demo.page.value("dispatchEvent(new Event('afterprint'))")
        assert demo.page.value("document.querySelectorAll('.print-sheet').length") == 0

    def test_nothing_shown_breaks_the_rules_of_accessibility(self, demo: Explorer) -> None:
        demo.open()
        demo.page.wait("document.querySelector('.clusters li')")
        found = {"start": violations(demo.page)}
        demo.show("崔崧穆")
        found["person"] = violations(demo.page)
        for node_id, name, what in (("p-003", "Dossier", ".dossier .part"), ("as-0007", "Money", ".flow .claims")):
            demo.open(f"#node=demo%3A{node_id}")
            demo.wait_for_panel()
            demo.click(name)
            if name == "Dossier":
                demo.write("CN", ".dossier input")
                demo.click("Show the dossier")
            demo.page.wait(f"document.querySelector('{what}')")
            found[name] = violations(demo.page)
        for key, what in (("p", ".paths"), ("f", ".filters"), ("c", ".connections"), ("s", ".views"), ("t", ".drawn")):
            demo.press(key)
            demo.page.wait(f"document.querySelector('{what}')")
            found[what] = violations(demo.page)
        demo.page.value("[...document.querySelectorAll('.drawn')].at(-1).querySelector('.open').click()")
        demo.page.wait("document.querySelector('.link .claims, .link .part')")
        found["link"] = violations(demo.page)
        demo.press("t")
        demo.press("?")
        demo.page.wait("document.querySelector('.help')")
        found["help"] = violations(demo.page)
        demo.page.size(390, 844, mobile=True)
        demo.press("t")
        demo.page.wait("document.querySelector('.drawn tbody tr')")
        found["phone table"] = violations(demo.page)
        wide = "[...document.querySelectorAll('.toolbar, .scrolling')].filter(e => e.scrollWidth > e.clientWidth + 1)"
        assert demo.page.value(f"{wide}.map(e => e.className)") == []
        demo.press("t")
        demo.click("Start")
        demo.page.click(".clusters button")
        demo.page.wait("document.querySelector('.cluster .primary')")
        found["phone"] = violations(demo.page)
        demo.click("中文")
        demo.wait_for_text("维系集群的关系")
        found["Chinese"] = violations(demo.page)
        assert {place: what for place, what in found.items() if what} == {}
        assert demo.page.value("document.documentElement.lang") == "zh-Hans"
        assert demo.page.value("document.documentElement.scrollWidth <= innerWidth")


@dataclass
class Desk:
    """A service that asks for keys, with records that mean harm."""

    explorer: Explorer
    path: Path
    keys: ApiKeyFile
    log: AuditLog

    def log_in(self, name: str) -> None:
        """With a new key of this name."""
        secret = self.keys.add(name, "never", today())[1]
        self.explorer.page.forget()
        self.explorer.open()
        self.explorer.page.wait("document.querySelector('[name=key]')")
        for field, text in (("key", secret), ("case", "2014/7"), ("purpose", "tracing")):
            self.explorer.page.type(f"[name={field}]", text)
        self.explorer.page.key("Enter", 13)
        self.explorer.page.wait("document.querySelector('#search')")


@pytest.fixture(scope="module")
def desk(browser: Page, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "graph.sqlite"
    script = Provenance(url="javascript:alert(3)", origin=MARKUP)
    web = Provenance(url="https://example.org/a?b=1", reliability="B", credibility="2", handling="restricted")
    people = [node(f"odd-{n}", name=name, provenance=script) for n, name in enumerate(ODD_NAMES)]
    load(path, "register", [*people, node("ann", name="Ann Invented", provenance=web)])
    load(
        path,
        "press",
        [
            node("firm", "Enterprise", name="Invented Firm"),
            *(link(f"odd-{n} OWNS firm", share="50") for n in range(len(ODD_NAMES))),
            link("ann OWNS firm", share="10"),
        ],
    )
    load(
        path,
        "court",
        [
            node("cleo", name="Cleo Invented"),
            node("theft", "Offence", conduct="invented theft"),
            link("cleo ACCUSED_OF theft", stage="cleared", said_by="Invented Court"),
            node("fraud", "Offence", conduct="invented fraud"),
            link("cleo ACCUSED_OF fraud", stage="charged", said_by="Invented Prosecutor"),
            node("grade", name="Grade Invented"),
            node("graded", "Enterprise", name="Graded Firm"),
            node("row", "RealEstate", name="2 Invented Row"),
            link("grade OWNS graded", share="60", provenance=Provenance(reliability="C", credibility="3")),
            link("graded OWNS row", share="100"),
            *(node("settlement", "Arrangement", name="Invented Settlement"), link("grade TRUSTEE_OF settlement")),
            link("settlement OWNS row"),
            node("bribe", "Offence", conduct="invented bribe"),
            link("cleo ACCUSED_OF bribe", stage="convicted", said_by="Invented Tribunal"),
            node("gift", "Offence", conduct="invented gift"),
            link("cleo ACCUSED_OF gift", stage="alleged", said_by="Invented Gazette"),
        ],
    )
    load(path, "leak", [node("bob", name="Bob Invented", birth_date="1970-01-02"), link("ann FAMILY_OF bob")])
    twice = [
        node(key, name=name, birth_date="1970-03-02") for key, name in (("wen", "张伟文"), ("man", "Cheung Wai Man"))
    ]
    load(path, "twice", twice)
    find_graph_candidates(Workspace(path), CandidateRequest(write=True))
    keys, log = ApiKeyFile(folder / "keys.json"), AuditLog(folder / "audit.jsonl")
    keys.add("first", "never", today())
    config = ServiceConfig(
        ApiKeyRing(keys), audit_log=log, rate_limits=tuple(parse_many("100/5second")), judges=("judge",)
    )
    with ExitStack() as stack:
        client = stack.enter_context(run_service(Workspace(path), config))
        yield Desk(Explorer(browser, f"http://127.0.0.1:{client.port}/"), path, keys, log)


class TestDesk:
    def test_names_are_shown_as_text_whatever_is_in_them(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("reader")
        explorer.show("Invented Firm")
        explorer.click("Show" if "Show" in explorer.panel() else "Expand")
        explorer.rest()
        explorer.press("t")
        explorer.page.wait("document.querySelector('.drawn')")
        shown = explorer.page.value("document.querySelector('.drawn').innerText")
        assert MARKUP in shown and "Yacht & “Sons”" in shown and "مارش للتجارة" in shown
        explorer.press("t")
        explorer.show("onerror")
        explorer.unfold()
        told = explorer.panel()
        assert MARKUP in told and "javascript:alert(3)" in told
        assert (
            explorer.page.value("document.querySelectorAll('img, script:not([src]), a[href^=javascript]').length") == 0
        )
        explorer.show("Ann Invented")
        explorer.unfold()
        assert explorer.page.value("[...document.querySelectorAll('.said a')].map(a => [a.host, a.rel])") == [
            ["example.org", "noreferrer noopener nofollow"]
        ]
        assert "restricted" in explorer.panel()
        explorer.wait_for_text("RESTRICTED")
        assert violations(explorer.page) == []

    def test_an_accusation_that_is_over_is_told_by_its_outcome(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("clerk")
        told = []
        for stage in ("cleared", "charged", "convicted"):
            explorer.open()
            explorer.show("Cleo Invented")
            explorer.wait_for_text("as Invented Tribunal says")
            assert "invented bribe: convicted, as Invented Tribunal says" in explorer.panel()
            assert "invented gift: alleged by Invented Gazette" in explorer.panel()
            assert "(alleged)" not in explorer.panel()
            explorer.press("t")
            rows = "[...document.querySelectorAll('.drawn tbody tr')]"
            explorer.page.value(
                f"{rows}.find(r => r.innerText.includes('stage: {stage}')).querySelector('.open').click()"
            )
            explorer.page.wait("document.querySelector('.link .claims')")
            told.append(explorer.panel())
        assert "invented theft: cleared, as Invented Court says" in told[0] and "An allegation" not in told[0]
        assert "was cleared of" in told[0]
        assert "An allegation by Invented Prosecutor, no finding." in told[1]
        assert "invented bribe: convicted, as Invented Tribunal says" in told[2] and "An allegation" not in told[2]

    def test_chains_of_ownership_name_the_sources_and_grades_of_each_step(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("holder")
        explorer.show("Grade Invented")
        explorer.click("Holdings")
        explorer.page.wait("document.querySelector('.holders')")
        explorer.unfold()
        steps = explorer.page.value("[...document.querySelectorAll('.holders .claims')].map(one => one.innerText)")
        assert any(
            re.search(
                r"Grade Invented → Graded Firm counted here as .*%\s+owns, states .*:\s*court\s*C3\s+"
                r"Graded Firm → 2 Invented Row counted here as .*%\s+owns, states .*:\s*court",
                one,
            )
            for one in steps
        ), steps
        part = "Grade Invented is trustee of Invented Settlement → 2 Invented Row has the legal title and holds it for"
        assert part in " ".join(explorer.panel().split())
        assert violations(explorer.page) == []

    def test_a_pair_that_may_be_one_is_judged_by_who_may_and_told_to_others(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("looker")
        explorer.click("Who may be one")
        explorer.wait_for_text("You cannot judge here")
        assert "kg same" in explorer.panel() and "birth date +" in explorer.panel()
        assert violations(explorer.page) == []
        desk.log_in("judge")
        explorer.click("Who may be one")
        explorer.click("Distinct")
        explorer.wait_for_text("no link joins, no cluster changes")
        assert violations(explorer.page) == []
        explorer.write("two passports, invented", ".judging input")
        explorer.click("Record: Distinct")
        explorer.wait_for_text("There are no open suggestions")
        (made,) = list_judgements(Workspace(desk.path))
        assert (made.judgement.kind, made.judgement.by) == ("distinct", "judge")
        assert made.judgement.why == "two passports, invented"

    def test_an_expansion_that_finds_nothing_new_says_so(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("expander")
        explorer.show("Cleo Invented")
        explorer.press("e")
        explorer.wait_for_text("Everything is drawn already.")

    def test_each_question_has_the_name_the_case_and_the_purpose(self, desk: Desk) -> None:
        desk.log_in("tracer")
        desk.explorer.show("Ann Invented")
        lines = [json.loads(line) for line in desk.log.path.read_text(encoding="utf-8").splitlines()]
        own = [line for line in lines if line["key"] == "tracer" and line["path"].startswith("/v1/")]
        assert {(line["case"], line["purpose"]) for line in own} == {("2014/7", "tracing")}
        assert (
            desk.explorer.page.value("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
            == "{}{}"
        )

    def test_a_withdrawn_source_leaves_the_open_page_and_the_link_to_the_view(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("watcher")
        explorer.show("Bob Invented")
        assert explorer.drawn()[0] >= 2
        explorer.page.wait("location.hash.startsWith('#view=')")
        explorer.click("Timeline")
        explorer.wait_for_text("1970-01-02")
        fragment = explorer.page.value("location.hash")
        told = "(document.dispatchEvent(new Event('visibilitychange')), document.querySelector('.telling').innerText)"
        load(desk.path, "beside", [node("beside", name="Beside Invented")])
        explorer.page.wait(f"{told}.includes('nothing that is drawn has')")
        withdraw(desk.path, "leak")
        explorer.page.wait(f"{told}.includes('Gone from this view')")
        explorer.page.value("document.querySelector('.telling [aria-label=Close]').click()")
        explorer.page.wait("!document.querySelector('.telling').innerText")
        explorer.page.wait(
            "!document.body.innerText.includes('Bob Invented') && !document.body.innerText.includes('1970-01-02')"
        )
        explorer.open(fragment)
        explorer.wait_for_text("Gone from this view, as no loaded source states it any longer: nodes 1, links 1.")
        assert "Bob Invented" not in explorer.page.text()

    def test_too_many_requests_are_said_and_asked_again(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("hasty")
        explorer.page.value("Promise.all(Array.from({length: 100}, () => fetch('session'))).then(() => null)")
        explorer.write("Ann Invented")
        explorer.wait_for_text("Too many requests: trying again in")
        explorer.page.wait("document.querySelector('[role=option]')")
        explorer.find("")
        explorer.wait_for_panel()

    def test_without_a_network_the_page_says_so_and_goes_on_after(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("mobile")
        explorer.show("Ann Invented")
        explorer.page.cut_off()
        explorer.write("Ann")
        explorer.wait_for_text("The service cannot be reached")
        look = "document.dispatchEvent(new Event('visibilitychange'))"
        explorer.page.wait(f"({look}, document.body.innerText.includes('The service does not answer any more'))")
        explorer.page.cut_off(offline=False)
        explorer.page.wait(f"({look}, document.body.innerText.includes('The service answers again'))")
        explorer.page.insert(" Invented")
        explorer.page.wait("document.querySelector('[role=option]')")

    def test_a_revoked_key_ends_the_page_at_once(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("leaver")
        desk.keys.revoke("leaver", today())
        explorer.write("Ann")
        explorer.wait_for_text("The session has ended. Log in again.")
        assert "Ann" not in explorer.page.text()
        assert violations(explorer.page) == []

    def test_what_is_opened_while_the_page_asks_anew_stays(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("quick")
        explorer.show("Ann Invented")
        explorer.page.value(
            """(() => {
              const ask = fetch
              globalThis.fetch = (address, more) => ask(address, more).then(answer => {
                if (address !== 'v1/graph' || globalThis.goOn) return answer
                return new Promise(done => { globalThis.goOn = () => done(answer) })
              })
            })()"""
        )
        load(desk.path, "later", [node("late", name="Late Invented")])
        explorer.page.wait("(document.dispatchEvent(new Event('visibilitychange')), globalThis.goOn)")
        explorer.find("Late Invented")
        explorer.wait_for_text("Late Invented")
        explorer.page.wait("document.querySelector('.entity')")
        before = explorer.drawn()
        explorer.page.value("globalThis.goOn()")
        explorer.rest()
        assert explorer.drawn() == before

    def test_what_could_not_be_asked_anew_is_asked_again(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("patient")
        explorer.show("Ann Invented")
        explorer.page.value(
            """(async () => {
              const ask = globalThis.fetch
              globalThis.look = () => { ask('readyz').then(r => r.json()).then(r => { globalThis.now = r.version }) }
              globalThis.before = (await (await ask('readyz')).json()).version
              globalThis.fetch = async (address, more) => {
                if (address === 'v1/graph') {
                  globalThis.tried = true
                  if (!globalThis.isBack) throw new TypeError('broken')
                  globalThis.isRefreshed = true
                }
                return ask(address, more)
              }
            })()"""
        )
        load(desk.path, "latest", [node("latest", name="Latest Invented")])
        explorer.page.wait("(look(), globalThis.now && globalThis.now !== globalThis.before)")
        explorer.find("Latest Invented")
        explorer.page.wait("globalThis.tried")
        explorer.page.value("globalThis.isBack = true")
        explorer.page.wait("(document.dispatchEvent(new Event('visibilitychange')), globalThis.isRefreshed)", 10)

    def test_a_search_that_ended_early_is_not_said_to_have_found_that_there_is_no_path(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("hurried")
        explorer.show("Ann Invented")
        explorer.page.value(
            """(() => {
              const ask = fetch
              globalThis.fetch = (address, more) => ask(address, address !== 'v1/paths' ? more :
                {...more, body: JSON.stringify({...JSON.parse(more.body), seconds: 1e-9})})
            })()"""
        )
        explorer.press("p")
        explorer.find("Invented Firm", ".paths input")
        explorer.wait_for_text("The search ended early (time)")
        assert "There is no path" not in explorer.panel()

    def test_whoever_cannot_log_out_is_told_and_not_said_to_be_out(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("leaving")
        explorer.page.cut_off()
        explorer.click("Log out leaving")
        explorer.wait_for_text("The service cannot be reached")
        explorer.page.cut_off(offline=False)
        assert "You are logged out." not in explorer.page.text()
        explorer.click("Log out leaving")
        explorer.wait_for_text("You are logged out.")

    def test_whoever_logs_out_leaves_nothing(self, desk: Desk) -> None:
        explorer = desk.explorer
        desk.log_in("careful")
        explorer.show("Ann Invented")
        explorer.click("Log out careful")
        explorer.wait_for_text("You are logged out.")
        assert explorer.page.value("location.hash") == "" and "Ann" not in explorer.page.text()
        explorer.open()
        explorer.page.wait("document.querySelector('[name=key]')")
