"""What stands in a dossier, and what never does? Everybody in the case is invented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.records import Provenance, link_id
from tests.stores import load
from tests.unit.analysis.routes.legal_case import GRADED, case, determination, link, node, resident

HIDDEN = Provenance(handling="protected")

STORY = [
    resident("US"),
    link(
        "ann ACCUSED_OF theft",
        key="press",
        stage="alleged",
        said_by="a newspaper (invented)",
        reply="I never saw that money.",
        replied_on="2007-02-01",
        said=GRADED,
    ),
    link(
        "ann ACCUSED_OF theft",
        key="later",
        stage="alleged",
        said_by="another (invented)",
        reply="A word of next year.",
        replied_on="2015-03-01",
    ),
    node("ann", name="Ann Example", address="1 Invented Row", said=GRADED),
    link("ann LOCATED_IN jurisdiction:TH", key="placed"),
    node("forgery", "Offence", name="forgery", law_of="CN"),
    link("ann ACCUSED_OF forgery", stage="charged", said_by="a district office (invented)", date="2006"),
    node("other", name="Somebody Else"),
    node("r1", "Request", name="Request 1", kind="extradition", sent_to="US", sent_on="2013-01-01"),
    link("r1 ISSUED_BY police", key="r1-by"),
    link("r1 TARGETS ann", key="r1-of"),
    node(
        "r2",
        "Request",
        name="Request about Somebody Else",
        kind="extradition",
        sent_to="US",
        sent_on="2010-01-01",
        answer="refused",
        answered_on="2011-05-05",
        ground="risk of an unfair trial",
        said=GRADED,
    ),
    link("r2 ISSUED_BY jurisdiction:CN", key="r2-by"),
    link("r2 TARGETS other", key="r2-of"),
    node(
        "r3",
        "Request",
        name="Request 3",
        kind="extradition",
        sent_to="US",
        sent_on="2014-01-01",
        answer="refused",
        answered_on="2015-05-05",
        ground="a ground of next year",
    ),
    link("r3 ISSUED_BY police", key="r3-by"),
    link("r3 TARGETS ann", key="r3-of"),
    node(
        "n1", "Notice", kind="red", name="Notice of another", issued_on="2009", ended_on="2012-03-03", review="deleted"
    ),
    link("n1 ISSUED_BY jurisdiction:CN", key="n1-by"),
    link("other SOUGHT_UNDER n1", key="n1-of"),
    node("kin", name="Kim Example"),
    link("ann FAMILY_OF kin", relation="child"),
    node("cottage", "RealEstate", name="Cottage of the family"),
    node("cal", name="Cal Example"),
    link("kin FAMILY_OF cal"),
    link("cal OWNS cottage"),
    link("cottage LOCATED_IN jurisdiction:US", key="cottage-there"),
    node("hut", "RealEstate", name="Hut of a cousin", valuation="market 2014-01-01 4000 USD"),
    node("van", "Vehicle", name="Van of a cousin"),
    node("boat", "Vessel", name="Boat of both", valuation="market 2014-01-01 70 USD"),
    *(link("cuz OWNS hut"), link("cuz OWNS van"), link("cuz OWNS boat"), link("firm OWNS boat"), link("ann OWNS firm")),
    *(node("ring", "Valuable", name="Ring of a cousin"), link("cuz OWNS ring"), link("ring PROCEEDS_OF forgery")),
    *(node("cuz", name="Cuz Example"), node("firm", "Enterprise", name="Firm (invented)")),
    link("ann FAMILY_OF cuz", relation="cousin", key="cousin"),
    link("hut LOCATED_IN jurisdiction:US", key="hut-there"),
    node("m1", "Measure", kind="freeze", authority="High Court (invented)", ordered_on="2012-03-04", said=GRADED),
    node("m2", "Measure", kind="sanction", program="INV-9", ordered_on="2010", lifted_on="2011-02-03"),
    node("m3", "Measure", kind="freeze", sought_on="2014-02-03"),
    node("m4", "Measure", kind="seizure", ordered_on="2015-02-03"),
    *(link(f"m{i} TARGETS ann", key=f"against-{i}", said=GRADED) for i in range(1, 5)),
    node("deed", "Document", name="Deed (invented)", sha256="ab" * 32),
    link("deed DOCUMENTS house", about=link_id("test", "owns", ""), page="3"),
    node("secret", "Document", name="Note of an informant", said=HIDDEN),
    link("secret DOCUMENTS ann", said=HIDDEN),
    *determination("torture_risk", "yes"),
    *determination("political_offence", "yes"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("dossier")
    load(made / "graph.sqlite", "case", case(STORY, without=["ann"]))
    return made


def kg(folder: Path, *words: str) -> Result:
    env = {"KG_STORE": f"embedded:{folder / 'graph.sqlite'}", "KG_SCOPE": "protected"}
    asked = ["dossier", "Ann Example", "--requesting", "CN", "--as-of", "2014-12-05", *words]
    return CliRunner().invoke(app, asked, env=env)


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    done = kg(folder, "--out", str(folder / "ann.html"))
    assert done.exit_code == 0, done.stderr
    assert "every allegation in it is shown as one" in done.stdout
    return (folder / "ann.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(kg(folder, "--json").stdout)
    return found


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))


def unfolded(html: str) -> str:
    return text_of(re.sub(r"<details class=.fold.>.*?</section>", "", html, flags=re.DOTALL))


def test_the_reply_of_the_person_stands_beside_the_allegation(page: str, data: dict[str, object]) -> None:
    first = unfolded(page)
    said = re.search(r"The person’s reply(.*?)I never saw that money. 2007-02-01", first)
    assert said  # one answer to all who accuse of this offence
    assert "alleged by a newspaper (invented), on an unknown day: embezzlement" in said[1]
    assert "charged by the prosecutor since 2006-01-01: embezzlement" in said[1]
    assert first.count("I never saw that money.") == 1
    assert re.search(r"charged by a district office.{0,90}No reply is in these sources.", first)
    assert "A word of next year" not in page
    allegations = data["allegations"]
    assert isinstance(allegations, list)
    assert sorted(len(one["replies"]) for one in allegations) == [0, 1, 1, 1]


def test_an_address_and_an_undated_place_stand_with_who_it_is(page: str) -> None:
    first = unfolded(page)
    assert "address: 1 Invented Row [" in first
    assert "Ann Example is located in Jurisdiction th, on an unknown day [" in first


def test_measures_against_the_person_stand_on_the_first_page(page: str, data: dict[str, object]) -> None:
    first = unfolded(page)
    assert "freeze by High Court (invented), ordered 2012-03-04; in force on the day [ case (B2" in first
    assert "sanction, ordered 2010, lifted 2011-02-03; program INV-9; over on the day [" in first
    assert "freeze, sought 2014-02-03; no order has a stated day [" in first
    assert "2015-02-03" not in first
    assert isinstance(data["measures"], list)
    assert len(data["measures"]) == 3


def test_the_record_of_the_requesting_state_is_dated_and_names_nobody_else(page: str) -> None:
    first = unfolded(page)
    assert "extradition, Request 1; sent 2013-01-01; no answer by the day" in first
    assert "By 2014-12-05 US had answered 1 request of CN about anybody, 1 of them with a refusal" in first
    assert "2011-05-05 US extradition request refused: risk of an unfair trial" in first
    assert "2012-03-03 notice deleted" in first
    assert "a ground of next year" not in page
    assert "Somebody Else" not in page


def test_what_nobody_answered_is_overdue_and_values_stand_by_status(page: str) -> None:
    first = unfolded(page)
    assert "Overdue answers and deadlines" in first
    assert "703 days without an answer 2013-01-01 Chase the reply: extradition, Request 1" in first
    assert "said to be proceeds of an offence : 2 assets without a stated value" in first


@pytest.mark.parametrize("accused", ["other", "ann"])
def test_the_limitation_of_the_offence_that_an_asset_comes_from_is_told_as_that_of_others(
    tmp_path: Path, accused: str
) -> None:
    offence = [
        node("fraud", "Offence", name="fraud of 2010", limitation_date="2015-02-01"),
        node("other", name="Somebody Else"),
        link(f"{accused} ACCUSED_OF fraud", key="accused-too", stage="charged"),
        link("house PROCEEDS_OF fraud", key="too"),
    ]
    load(tmp_path / "graph.sqlite", "case", case(offence))
    data = json.loads(kg(tmp_path, "--json").stdout)
    told = {"other": "Limitation period of an offence of others ends: fraud of 2010"}
    assert [one["what"] for one in data["deadlines"]] == [told.get(accused, "Limitation period ends: fraud of 2010")]


def test_what_is_held_through_a_relative_alone_is_told_apart(page: str) -> None:
    first = unfolded(page)
    assert "USD 4,070, 2 assets; of which through a relative: Cuz Example , USD 4,000, 1 asset" in first
    assert "1 asset without a stated value; of which through a relative: Cuz Example , 1" in first
    assert "2 assets without a stated value; of which" not in first  # the ring comes from an offence of the person


def test_what_can_be_recovered_is_what_the_portfolio_counts(folder: Path, page: str, data: dict[str, object]) -> None:
    env = {"KG_STORE": f"embedded:{folder / 'graph.sqlite'}"}
    asked = ["portfolio", "--requesting", "CN", "--as-of", "2014-12-05", "--json"]
    told = json.loads(CliRunner().invoke(app, asked, env=env).stdout)
    (ann,) = (one for one in told["chosen"] if one["person"] == data["person"])
    recoverable = data["recoverable"]
    assert isinstance(recoverable, dict)
    assert recoverable["values"] == ann["values"]
    assert recoverable["currency"] == told["currency"]
    assert "identified, not restrained: 0 to " in unfolded(page)
    stated = data["values"]
    assert isinstance(stated, list)
    assert {one["state"] for one in stated} <= {one["status"] for one in ann["values"]}
    assert [(value["status"], value["assets"]) for value in ann["through_relatives"]] == [("held", 2)]


def test_an_asset_with_neither_chain_nor_tracing_is_on_no_page(page: str, data: dict[str, object]) -> None:
    assert "Cottage" not in page
    assert "Cottage" not in json.dumps(data)
    assert "a house" in page


def test_three_routes_stand_first_and_the_rest_is_folded(page: str, data: dict[str, object]) -> None:
    routes = data["routes"]
    assert isinstance(routes, list)
    assert len(routes) == 3
    assert len({route["name"] for route in routes}) == 3
    assert all(route["next_action"] for route in routes if route["stage"])
    assert len(unfolded(page).split()) < 2_000
    folded = page.partition('<details class="fold">')[2]
    assert "Evidence for each element" in folded
    assert "Routes, for and against" in folded


def test_bars_that_a_record_raises_stand_apart(page: str, data: dict[str, object]) -> None:
    assert data["raised"] == ["Is the offence political?"]
    (said,) = data["raised_by"]["Is the offence political?"]  # type: ignore[index]  # the answer is a plain object
    assert said
    assert f"Raised by a record: Is the offence political? {said}. To be examined" in unfolded(page)


def test_exhibits_are_numbered_with_source_and_digest(page: str) -> None:
    assert re.search(r'<tr id="exhibit-1"><td data-label="No.">1</td>.*?Deed \(invented\).*?SHA-256 (ab){32}', page)
    assert 'href="#exhibit-1">exhibit 1</a>, page 3' in page


def test_nothing_protected_is_in_a_dossier_whatever_the_scope(page: str, data: dict[str, object]) -> None:
    for told in (page, json.dumps(data)):
        assert "informant" not in told
        assert "torture_risk-yes" not in told
    assert "Decided by the host." in page


def test_it_is_written_in_markdown_too_and_kept_in_mind(folder: Path) -> None:
    assert kg(folder, "--out", str(folder / "ann.md")).exit_code == 0
    text = (folder / "ann.md").read_text(encoding="utf-8")
    assert text.startswith("# Dossier: Ann Example")
    assert "<" not in re.sub(r"\(<[^>]*>\)", "", text)
    assert kg(folder, "--out", str(folder / "none" / "ann.html")).exit_code == 2
