"""What stands on the legal pages, and what never does? Everybody in them is invented."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg import operations
from kg.errors import InputError
from kg.findings import Gap
from kg.operations import LegalQuery
from kg.records import Provenance, Record, UnreadValue, link_id
from kg.reports.legal import person as strategy
from tests.stores import load
from tests.unit.analysis.routes.legal_case import GRADED, case, determination, link, node, resident

ORDER = LegalQuery("CN", "2014-12-05")

STORY = [
    resident("US"),
    replace(
        node("ann", name="Ann <b>Example</b>", said=GRADED),
        not_understood=(UnreadValue("nationality", "CITIZEN_OF", "Martian"),),
    ),
    node("kin", name="Kim Example"),
    link("ann FAMILY_OF kin", relation="child"),
    node("cousin", name="Cal Example"),
    node("elsewhere", name="Wen Example"),
    link("ann FAMILY_OF cousin", key="cousins", relation="cousin"),
    link("cousin ACCUSED_OF theft", stage="alleged", said_by="a newspaper (invented)"),
    *(node(key, name=f"{key.title()} Example") for key in ("wen", "cle", "soon", "later")),
    *(link(f"ann FAMILY_OF {key}", key=f"kin-{key}") for key in ("wen", "cle", "soon", "later")),
    node("w2", "Warrant", name="warrant 2", issued_on="2010"),
    *(link("wen SOUGHT_UNDER w2"), link("w2 ISSUED_BY police")),
    node("w3", "Warrant", name="warrant 3", issued_on="2014-12-24"),
    *(link("soon SOUGHT_UNDER w3"), link("w3 ISSUED_BY police")),
    link("cle ACCUSED_OF theft", stage="cleared", said_by="a court (invented)", date="2013-05-01"),
    link("later ACCUSED_OF theft", stage="charged", said_by="the prosecutor", date="2014-12-24"),
    link("ann ACCUSED_OF theft", key="paper", stage="convicted", said_by="the Evening News (invented)", date="2009"),
    link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum application pending"),
    *determination("freezing_order_or_grounds", "yes", "house"),
    link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)", date="2013"),
]


def pages(folder: Path, *added: Record, order: LegalQuery = ORDER) -> dict[str, str]:
    """The pages about the story and what is added, by file name."""
    path = folder / "graph.sqlite"
    load(path, "case", case(STORY, added, without=["ann"]))
    place = operations.Workspace(path)
    with operations.open_store(place) as store:
        files = operations.write_legal_pages(place, store, order, folder / "pages", 20)
    return {file.name: file.read_text(encoding="utf-8") for file in files}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return pages(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def person(written: dict[str, str]) -> str:
    return next(page for page in written.values() if "<h1>Dossier: <bdi>Ann" in page)


def test_there_is_a_page_a_person_and_one_for_the_portfolio(written: dict[str, str]) -> None:
    names = written.keys() - {"portfolio.html"}
    assert len(names) == 3
    assert all(f'href="{name}"' in written["portfolio.html"] for name in names)
    assert all('href="portfolio.html"' in written[name] for name in names)
    assert re.search(r"\d+ open, \d+ to examine, \d+ incomplete, \d+ blocked", written["portfolio.html"])


def test_every_page_says_that_it_is_research_and_no_legal_advice(written: dict[str, str]) -> None:
    assert all(page.count("This is research, not legal advice.") >= 2 for page in written.values())


def test_a_page_shows_who_says_what_and_that_somebody_cleared(person: str) -> None:
    assert "charged by the prosecutor since 2006-01-01: embezzlement" in person
    assert "cleared by a court (invented) in 2013: embezzlement" in person
    assert "Look at the clearance first" in person


def test_relatives_read_not_accused(person: str) -> None:
    assert "Kim Example: not accused in these sources" in person


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_relative_stands_as_on_the_day_with_who_says_so(person: str) -> None:
    told = text_of(person)
    assert re.search(r"Cal Example: accused alleged by a newspaper \(invented\), on an unknown day: embezz", told)
    assert re.search(
        r"Wen Example \(test:wen\): sought; see the page of that person warrant: warrant 2, by CN since 2010", told
    )
    assert re.search(r"Cle Example: cleared cleared by a court \(invented\) on 2013-05-01: embezzlement", told)
    assert "Soon Example: not accused in these sources; see the page of that person" in told  # a warrant of the future
    assert "Later Example: not accused in these sources" in told  # accused only later
    assert "there is no page" not in told


def test_a_newspaper_convicts_and_clears_nobody(person: str) -> None:
    told = text_of(person)
    assert (
        "the Evening News (invented) says that Ann &lt;b&gt;Example&lt;/b&gt; was convicted (2009): embezzlement"
        in told
    )
    assert "convicted by the Evening News" not in told


def test_one_route_waits_and_two_wait() -> None:
    gaps = [Gap("alive", "Alive?", ("police",), "US", ("US",), (), 1, 1, routes, 0) for routes in (1, 2)]
    told = [strategy.gap_sentence(gap).partition("Alive? ")[2] for gap in gaps]
    assert told == ["1 route waits for it.", "2 routes wait for it."]


def test_a_route_shows_what_is_for_and_against_it_what_is_missing_and_whom_to_ask(person: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", person))
    assert "blocked: no extradition treaty in force between CN and US on 2014-12-05" in text
    assert "Is there an offence under the host&#39;s own law? Ask prosecutor or police of US." in text
    assert "Is the conduct punishable in both jurisdictions? presumed yes" in text
    assert "Not raised in these sources." in text
    assert "stage 1 of 2, submission: central authority or prosecutor of CN submits the case" in text
    assert "Assets in US" in text
    assert "chain of 1: owns; weakest step graded B" in text
    assert "Proceedings in CN, wherever the asset is" in text


def test_protected_facts_read_decided_by_the_host(person: str) -> None:
    assert "asylum application" not in person
    assert "decided by the host" in person


def test_what_was_not_understood_is_told(person: str) -> None:
    assert "case says citizenship “Martian” of Ann &lt;b&gt;Example&lt;/b&gt;, which was not understood" in person


def test_names_are_escaped(person: str) -> None:
    assert "<b>Example</b>" not in person
    assert "Ann &lt;b&gt;Example&lt;/b&gt;" in person


def test_the_portfolio_leaves_out_who_is_cleared_and_says_why(written: dict[str, str]) -> None:
    assert "somebody says that this person is cleared: look at that first" in written["portfolio.html"]
    assert "harm 3, asset 1, lapse 1, risk 1, person 1" in written["portfolio.html"]


def test_the_ledger_remembers_the_pages(tmp_path: Path) -> None:
    names = set(pages(tmp_path))
    erased = operations.erase(operations.Workspace(tmp_path / "graph.sqlite"), "case")
    assert {Path(file).name for entry in erased.reports for file in entry.files} == names


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    with pytest.raises(InputError, match="the pages cannot be written"):
        pages(tmp_path)


def test_documents_are_listed_with_what_they_show_and_stand_beside_what_rests_on_them(tmp_path: Path) -> None:
    owns = link_id("test", "owns", "")
    documents = [
        node("deed", "Document", name="Deed <i>", sha256="ab" * 32, media_type="application/pdf"),
        link("deed DOCUMENTS house", about=owns, page="3"),
        node("order", "Document", name="Order of a court (invented)"),
        link("order DOCUMENTS theft"),
        node("secret", "Document", name="Note of an informant"),
        link("secret DOCUMENTS ann", said=Provenance(handling="protected")),
    ]
    written = pages(tmp_path, *documents)
    page = next(page for page in written.values() if "<h1>Dossier: <bdi>Ann" in page)
    exhibits = page.partition('<section id="exhibits">')[2].partition("</section>")[0]
    assert "Order of a court (invented)" in exhibits
    assert "Ann &lt;b&gt;Example&lt;/b&gt; owns a house" in exhibits
    assert f"SHA-256 {'ab' * 32}" in exhibits
    assert re.search(r'\[<a href="#exhibit-[12]">exhibit [12]</a>, page 3\]', page)
    assert "informant" not in page


def test_a_page_without_documents_has_no_list_of_them(person: str) -> None:
    assert "xhibit" not in person


def test_a_draft_fills_in_who_the_person_is_and_names_the_assets_that_lack_something(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    who = node("ann", name="Ann Example", passport_number="G00000001", address="1 Quay Road", said=GRADED)
    load(path, "case", case([who, link("ann CITIZEN_OF jurisdiction:CN", said=GRADED)], without=["ann"]))
    place = operations.Workspace(path)
    with operations.open_store(place) as store:
        query = LegalQuery("CN", "2014-12-05", hosts=("US",))
        draft = operations.draft_legal_request(place, store, query, "freeze", "test:ann")
    assert all(text in draft for text in ("passport number G00000001", "address: 1 Quay Road", "is a citizen of"))
    assert "the property above" in draft and "HOLE: nationality" not in draft
    assert re.search(r"HOLE: .*\(a house\)", draft)
