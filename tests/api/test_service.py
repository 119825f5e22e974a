"""What does the service answer, whichever store is behind it?"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import networkx as nx
import pytest

from kg.operations import Workspace
from kg.records import Provenance, link_id, node_id
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, run_service
from tests.neo4j_server import GROUP
from tests.stores import link, load, node

ANN, ACME, YACHT, HUB = (node_id("test", key) for key in ("ann", "acme", "yacht", "hub"))
STAFF = 7
ACCUSED = "ann ACCUSED_OF fraud"

REGISTER = [
    node(
        "ann", name="安娜|Ann Example", birth_date="1958-03", provenance=Provenance(reliability="B", stated="2014-06")
    ),
    node("acme", "Enterprise", name="Acme Holding", registration_number="HK 123-456"),
    node("yacht", "Vessel", name="MY Example", imo="9074729"),
    node("us", "Jurisdiction", code="US", name="United States"),
    node("hk", "Jurisdiction", code="HK", name="Hong Kong"),
    node("my", "Jurisdiction", code="MY", name="Malaysia"),
    node("police", "Agency", name="Invented Police"),
    node("hub", "Enterprise", name="Registered Agent"),
    node("alone", name="Nobody Near"),
    link("ann OWNS acme", share="51", start_date="2001", provenance=Provenance(reliability="A")),
    link("acme OWNS yacht"),
    link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum"),
    *(node(f"staff-{i}", name=f"Staff Example {i}") for i in range(STAFF)),
    *(link(f"staff-{i} DIRECTS hub") for i in range(STAFF)),
    link("hub OWNS acme"),
    link("acme REGISTERED_IN jurisdiction:HK"),
    node("fraud", "Offence", name="Fraud"),
    link(ACCUSED, stage="alleged", date="2001-05"),
]
PRESS = [
    node("ann", name="Ann Example", birth_date="1959", provenance=Provenance(reliability="D")),
    link(ACCUSED, stage="alleged", date="2001-05"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "register", REGISTER)
    load(path, "press", PRESS)
    return path


@pytest.fixture(scope="module", params=["embedded", pytest.param("neo4j", marks=pytest.mark.xdist_group(GROUP))])
def place(request: pytest.FixtureRequest, path: Path) -> Workspace:
    """Where each store is."""
    if request.param == "embedded":
        return Workspace(path)
    server = cast(neo4j_copies.Neo4jFixture, request.getfixturevalue("neo4j"))
    neo4j_copies.sync_copy(server, path, take_over=True)
    return replace(Workspace(path), neo4j=neo4j_copies.address(server))


@pytest.fixture(scope="module")
def client(place: Workspace) -> Iterator[ServiceClient]:
    with run_service(place) as client:
        yield client


def test_a_name_in_any_script_finds_its_node(client: ServiceClient) -> None:
    found = client.get("/v1/entities", q="安娜")
    assert found.status == 200
    assert [(e["id"], e["type"]) for e in found.data["entities"]] == [(ANN, "Person")]
    assert client.get("/v1/entities", q="hk123456", type="Asset").data["entities"][0]["id"] == ACME
    assert client.get("/v1/entities", q="安娜", type="Vessel").data["entities"] == []


def test_the_pages_of_a_search_have_each_result_once_in_the_order_of_one_page(client: ServiceClient) -> None:
    whole = client.get("/v1/entities", q="example", limit=100).data
    assert whole["next"] is None
    assert _ids(client, "/v1/entities", "entities", q="example", limit=2) == [e["id"] for e in whole["entities"]]


def test_a_search_is_kept_to_a_jurisdiction_and_needs_no_words(client: ServiceClient) -> None:
    found = client.get("/v1/entities", q="holding", jurisdiction="hk").data["entities"]
    assert [e["id"] for e in found] == [ACME]
    assert (
        client.get("/v1/entities", q="ann", jurisdiction="US").data["entities"] == []
    )  # only a protected claim says it
    everything = client.get("/v1/entities", jurisdiction="HK", limit=200).data["entities"]
    assert [e["id"] for e in everything] == [ACME]
    people = [node_id("test", key) for key in ("ann", "alone", *(f"staff-{i}" for i in range(STAFF)))]
    assert _ids(client, "/v1/entities", "entities", type="Person", limit=2) == sorted(people)
    assert client.get("/v1/entities", q="ann", jurisdiction="XX").status == 422


def test_a_search_with_the_name_in_the_body_finds_what_the_one_in_the_address_finds(client: ServiceClient) -> None:
    by_address = client.get("/v1/entities", q="ann", type="Person", limit=1, fuzzy="true")
    by_body = client.post("/v1/search", {"q": "ann", "types": ["Person"], "limit": 1, "fuzzy": True})
    assert (by_body.status, by_body.data) == (200, by_address.data) and by_body.data["entities"]
    for body, field in (({}, "q"), ({"q": "ann", "types": ["Nothing"]}, "types"), ({"q": "ann", "limit": 0}, "limit")):
        refused = client.post("/v1/search", body)
        assert (refused.status, [error["field"] for error in refused.data["errors"]]) == (422, [field])


def test_chosen_nodes_are_drawn_where_somebody_put_them(client: ServiceClient) -> None:
    nodes = ["test:ann", ACME]
    drawn = [
        client.post("/v1/graph?format=svg", {"nodes": nodes, "positions": {"test:ann": [0, 0], ACME: place}}).body
        for place in ([900, 0], [900, 0], [0, 900])
    ]
    assert drawn[0] == drawn[1] != drawn[2] and b"Ann Example" in drawn[2]
    same = {"nodes": nodes, "positions": {"test:ann": [1, 1], ACME: [1, 1]}}
    assert [e["field"] for e in client.post("/v1/graph?format=svg", same).data["errors"]] == ["positions"]


@pytest.mark.parametrize("address", ["neighbourhoods", "graph", "timelines"])
def test_a_part_of_the_graph_that_had_no_time_is_no_answer(client: ServiceClient, address: str) -> None:
    asked = {"nodes": ["test:ann"]}
    assert client.post(f"/v1/{address}", asked).status == 200
    late = client.post(f"/v1/{address}", {**asked, "seconds": 1e-9})
    assert (late.status, "ask about fewer nodes" in late.data["detail"]) == (504, True)


def test_an_entity_comes_with_every_claim_its_source_and_its_dates(client: ServiceClient) -> None:
    found = client.get(f"/v1/entities/{ANN}").data
    assert found["entity"]["properties"]["birth_date"] == ["1958-03", "1959"]
    assert [(c["source"], c["reliability"], c["stated"], c["since"]) for c in found["claims"]] == [
        ("press", "D", "", "2014-12-05"),
        ("register", "B", "2014-06", "2014-12-05"),
    ]
    assert found["names"] == [["test", "ann"]]


def test_a_key_leads_to_the_nodes_own_address(client: ServiceClient) -> None:
    found = client.get("/v1/entities/test:ann")
    assert (found.status, found.headers["location"]) == (307, f"/v1/entities/{ANN}")


def test_links_are_paged_by_id_and_filtered_by_type_and_direction(client: ServiceClient) -> None:
    whole = client.get(f"/v1/entities/{HUB}/links", limit=200).data
    ids = [each["id"] for each in whole["links"]]
    assert len(ids) == STAFF + 1
    assert ids == sorted(ids)
    assert _ids(client, f"/v1/entities/{HUB}/links", "links", limit=3) == ids
    assert _ids(client, f"/v1/entities/{HUB}/links", "links", limit=3, direction="in", type="DIRECTS") == [
        one for one in ids if one != link_id("test", "hub OWNS acme", "")
    ]
    out = client.get(f"/v1/entities/{HUB}/links", direction="out").data
    assert [(each["from"], each["to"], each["sources"]) for each in out["links"]] == [(HUB, ACME, ["register"])]
    assert out["captions"] == {HUB: "Registered Agent", ACME: "Acme Holding"}


def test_links_are_kept_to_a_day_and_say_whether_they_held_then(client: ServiceClient) -> None:
    def on(day: str) -> dict[str, str]:
        return {e["type"]: e["holds"] for e in client.get(f"/v1/entities/{ANN}/links", as_of=day).data["links"]}

    assert on("2000-12-31") == {}
    assert on("2001-06-30") == {"OWNS": "maybe", "ACCUSED_OF": "maybe"}
    assert on("2002-01-01") == {"OWNS": "yes", "ACCUSED_OF": "maybe"}
    assert client.get(f"/v1/entities/{ANN}/links").data["links"][0]["holds"] == ""


def test_protected_facts_are_on_no_page(client: ServiceClient) -> None:
    assert {each["type"] for each in client.get(f"/v1/entities/{ANN}/links").data["links"]} == {"ACCUSED_OF", "OWNS"}


def test_the_plain_question_and_the_full_one_give_the_same_paths(client: ServiceClient) -> None:
    plain = client.get("/v1/paths", from_="Ann Example", to="MY Example").data
    full = client.post("/v1/paths", {"from": ANN, "to": "test:yacht"}).data
    assert plain == full
    assert [path["nodes"] for path in plain["paths"]] == [[ANN, ACME, YACHT]]
    assert plain["paths"][0]["kind"] == "holding"
    assert (plain["found"], plain["cut"]) == (True, "")
    assert plain["captions"][YACHT] == "MY Example"
    assert {hop["links"][0]["id"] for hop in plain["paths"][0]["hops"]} == plain["links"].keys()


def test_that_there_is_no_path_is_an_answer(client: ServiceClient) -> None:
    found = client.get("/v1/paths", from_=ANN, to="Nobody Near")
    assert (found.status, found.data["found"], found.data["paths"]) == (200, False, [])
    assert found.data["limits"]["max_depth"] == 6


def test_filters_of_the_full_question_are_honoured(client: ServiceClient) -> None:
    asked = {"from": "test:staff-1", "to": "test:yacht"}
    assert client.post("/v1/paths", asked).data["found"]
    assert not client.post("/v1/paths", asked | {"avoid": ["test:hub"]}).data["found"]
    assert not client.post("/v1/paths", asked | {"depth": 2}).data["found"]
    assert client.post("/v1/paths", asked | {"steps": 1}).data["cut"] == "steps"
    assert client.post("/v1/paths", asked | {"sample": 0}).data["chance"] is None


def test_traits_that_are_left_out_are_not_walked(client: ServiceClient) -> None:
    asked = {"from": "test:staff-1", "to": "test:yacht", "exclude_traits": ["control", "identity"]}
    found = client.post("/v1/paths", asked).data
    assert not found["found"]
    assert "control" in found["limits"]["exclude_traits"]
    assert len(found["limits"]["exclude_traits"]) == len(set(found["limits"]["exclude_traits"]))


def test_paths_and_clusters_are_drawn_with_sources_dates_and_allegations_as_such(client: ServiceClient) -> None:
    asked = {"from": ANN, "to": "test:fraud", "as_of": "2001-05-10", "only_types": ["ACCUSED_OF", "OWNS"]}
    answer = client.post("/v1/paths?format=graphml", asked)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/graphml+xml")
    assert (
        answer.headers["content-disposition"] == f'attachment; filename="kg-{ANN}-{node_id("test", "fraud")}.graphml"'
    )
    graph = nx.read_graphml(BytesIO(answer.body), force_multigraph=True)
    edge = graph.get_edge_data(ANN, node_id("test", "fraud"))[link_id("test", ACCUSED, "")]
    assert (edge["label"], edge["date"], edge["on_paths"], edge["held"]) == (
        "is accused of (alleged, says press, register)",
        "2001-05",
        "1",
        "maybe",
    )
    assert b"an allegation is no finding" in answer.body
    drawn = client.get("/v1/paths", format="cytoscape", from_=ANN, to="MY Example")
    assert drawn.headers["content-type"] == "application/vnd.kg.cytoscape+json"
    assert drawn.headers["etag"] == client.get(f"/v1/entities/{ANN}").headers["etag"]
    owns = next(e["data"] for e in drawn.data["elements"]["edges"] if e["data"]["source"] == ANN)
    assert (owns["name"], owns["start_date"], owns["sources"]) == ("owns", ["2001"], ["register"])
    assert [n["data"]["id"] for n in drawn.data["elements"]["nodes"]] == sorted((ANN, ACME, YACHT))
    none = client.get("/v1/paths", format="cytoscape", from_=ANN, to="Nobody Near")
    assert (len(none.data["elements"]["nodes"]), none.data["elements"]["edges"]) == (2, [])


def test_a_cluster_is_drawn_with_the_roles_of_its_members_and_nothing_protected(client: ServiceClient) -> None:
    name = client.get("/v1/clusters").data["clusters"][0]["id"]
    whole = client.get(f"/v1/clusters/{name}").data["cluster"]
    drawn = client.get(f"/v1/clusters/{name}", format="cytoscape").data
    assert {n["data"]["id"]: n["data"]["cluster_role"] for n in drawn["elements"]["nodes"]} == {
        member["id"]: member["role"] for member in whole["members"]
    }
    assert {tie["id"] for tie in whole["ties"]} <= {e["data"]["id"] for e in drawn["elements"]["edges"]}
    assert "Membership in a cluster is not wrongdoing" in drawn["data"]["about"]
    answer = client.get(f"/v1/clusters/{name}", format="graphml")
    graph = nx.read_graphml(BytesIO(answer.body), force_multigraph=True)
    assert sorted(graph.nodes) == sorted(member["id"] for member in whole["members"])
    assert b"asylum" not in answer.body
    assert client.get(f"/v1/clusters/{name}", format="dot").status == 422


def test_clusters_are_listed_and_each_is_reached_by_its_id(client: ServiceClient) -> None:
    found = client.get("/v1/clusters").data
    assert [(c["name"], c["sought"]) for c in found["clusters"]] == [("Cluster 1", [])]
    one = client.get(f"/v1/clusters/{found['clusters'][0]['id']}").data
    assert found["parameters"]["only_sought"] is False
    assert len(one["cluster"]["members"]) == found["clusters"][0]["members"]
    assert one["cluster"]["score"]["total"] == found["clusters"][0]["score"]
    assert one["captions"][YACHT] == "MY Example"
    assert client.get("/v1/clusters", sought="true").data["total"] == 0


def test_a_cluster_is_explained_with_what_holds_it_and_how_firm_it_is(client: ServiceClient) -> None:
    (listed,) = client.get("/v1/clusters").data["clusters"]
    whole = client.get(f"/v1/clusters/{listed['id']}").data
    answer = client.get(f"/v1/clusters/{listed['id']}/explanation")
    found = answer.data
    more = ("captions", "nodes")  # those of the people and assets that are explained too
    assert {name: found[name] for name in whole if name not in more} | {name: whole[name] for name in more} == whole
    assert all(found[name][key] == said for name in more for key, said in whole[name].items())
    told = found["explanation"]
    ties = {tie["id"] for tie in whole["cluster"]["ties"]}
    assert {hold["tie"] for hold in told["holds"]} == ties
    assert {hold["tie"] for hold in told["holds"] if hold["falls_off"]} == set(whole["cluster"]["bridges"])
    assert (ANN in told["people"], YACHT in told["assets"]) == (True, True)
    assert (told["stability"]["cut"], told["stability"]["tried"] > 1) == ("", True)
    assert set(told["stability"]["core"]) <= {member["id"] for member in whole["cluster"]["members"]}
    plain = client.get(f"/v1/clusters/{listed['id']}/explanation", stability="false").data
    assert plain["explanation"] == told | {"stability": None}
    assert answer.headers["etag"] == client.get(f"/v1/entities/{ANN}").headers["etag"]


def test_an_explanation_that_had_no_time_says_so_and_is_not_kept(client: ServiceClient) -> None:
    (listed,) = client.get("/v1/clusters").data["clusters"]
    cut = client.get(f"/v1/clusters/{listed['id']}/explanation", seconds=0.000001)
    assert (cut.data["explanation"]["stability"]["tried"], cut.data["explanation"]["stability"]["cut"]) == (0, "time")
    assert "etag" not in cut.headers


def test_jurisdictions_and_agencies_are_listed(client: ServiceClient) -> None:
    found = client.get("/v1/jurisdictions", limit=1).data
    assert found["next"] == found["entities"][0]["id"]
    ids = [node_id("jurisdiction", code) for code in ("HK", "MY", "US")]
    assert sorted(_ids(client, "/v1/jurisdictions", "entities", limit=1)) == sorted(ids)
    assert [e["caption"] for e in client.get("/v1/agencies").data["entities"]] == ["Invented Police"]


def test_the_ontology_is_told(client: ServiceClient) -> None:
    assert "OWNS" in [kind["name"] for kind in client.get("/v1/ontology").data["links"]]


def test_it_says_that_it_is_alive_and_which_graph_it_has(client: ServiceClient) -> None:
    assert client.get("/healthz").data["status"] == "alive"
    ready = client.get("/readyz").data
    assert ready["status"] == "ready"
    assert ready["version"] == client.get(f"/v1/entities/{ANN}").data["version"]


def test_who_has_the_answer_of_this_version_is_told_so(client: ServiceClient) -> None:
    first = client.get(f"/v1/entities/{ANN}")
    again = client.get(f"/v1/entities/{ANN}", {"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(f"/v1/entities/{ANN}", {"If-None-Match": '"other"'}).status == 200


def test_whoever_asks_for_the_headers_gets_those_of_the_answer_and_no_more(client: ServiceClient) -> None:
    for address in (f"/v1/entities/{ANN}", "/v1/paths?from=test:ann&to=test:yacht", "/healthz", "/v1/entities/nobody"):
        for sent in ({}, {"Accept-Encoding": "gzip"}):
            whole, head = client.get(address, sent), client.ask("HEAD", address, None, sent)
            assert (head.status, head.body) == (whole.status, b"")
            same = {name: value for name, value in whole.headers.items() if name not in ("x-request-id", "date")}
            assert same.items() <= head.headers.items()
    known = {"If-None-Match": client.get(f"/v1/entities/{ANN}").headers["etag"]}
    assert client.ask("HEAD", f"/v1/entities/{ANN}", None, known).status == 304


def test_a_long_answer_is_compressed_for_who_can_read_that(client: ServiceClient) -> None:
    packed = client.get("/v1/ontology", {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == client.get("/v1/ontology").body


def _ids(client: ServiceClient, path: str, key: str, **parameters: Any) -> list[str]:
    """The ids on all pages."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(path, cursor=cursor, **parameters).data
        assert len(page[key]) <= parameters["limit"]
        found += [one["id"] for one in page[key]]
        cursor = page["next"]
    return found


def test_owners_and_holdings_come_with_chains_and_the_links_behind_them(client: ServiceClient) -> None:
    owners = client.get(f"/v1/entities/{YACHT}/owners", as_of="2014").data
    assert [(h["holder"], h["place"], h["beneficial"]) for h in owners["holdings"]] == [
        (ANN, "person", {"low": 0, "high": 51}),
        (HUB, "last known", {"low": 0, "high": 49}),
    ]
    holdings = client.get("/v1/entities/test:ann/holdings", as_of="2014", least=51).data
    assert [(h["held"], h["legal"]) for h in holdings["holdings"]] == [
        (ACME, {"low": 51, "high": 51}),
        (YACHT, {"low": 0, "high": 51}),
    ]
    assert {step["held"] for h in holdings["holdings"] for c in h["chains"] for step in c["steps"]} == {ACME, YACHT}
    assert set(holdings["links"]) == {
        link_id("test", f"{a} OWNS {b}", "") for a, b in (("ann", "acme"), ("acme", "yacht"))
    }
    assert client.get(f"/v1/entities/{ANN}/holdings", as_of="summer").status == 422
    for address in (f"/v1/entities/{YACHT}/owners", f"/v1/entities/{ANN}/holdings"):
        late = client.get(address, seconds=0.000001)
        assert (late.status, late.data["title"]) == (504, "Gateway Timeout")
        assert "could not be worked out within 1e-06 seconds" in late.data["detail"]
    assert client.get("/v1/entities/nobody/owners").status == 404
