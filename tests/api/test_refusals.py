"""What does the service refuse, and how does it say so?"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KgError
from kg.operations import Workspace
from kg_api.__main__ import main
from kg_api.app import create_app
from kg_api.middleware.limits import MAX_BODY_BYTES, MAX_QUERY_BYTES
from kg_api.middleware.request_log import RESPONSE_HEADERS
from kg_api.openapi.ontology_schemas import drop_unused_schemas
from kg_api.problems import status_of
from tests import golden
from tests.api.service_client import ServiceClient, ServiceReply, run_process, run_service, wait_until
from tests.house.tree import ROOT
from tests.stores import link, load, node

OPENAPI = ROOT / "tests" / "golden" / "openapi.json"
PAIR = {"from": "test:ann", "to": "test:yacht"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    return path


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(path)) as client:
        yield client


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/v1/entities/nobody", 404, "no entity is named 'nobody'"),
        ("/v1/clusters/nobody", 404, "no cluster has the id 'nobody'"),
        ("/v1/nothing", 404, "the service has no such address"),
        ("/v1/entities", 422, "q: expected a name or an identifier, unless type or jurisdiction is given"),
        ("/v1/entities/test:ann/links?as_of=2014", 422, "as_of '2014': expected a day"),
        ("/v1/entities?q=ann&limit=0", 422, "limit '0': "),
        ("/v1/entities?q=ann&limit=many", 422, "limit 'many': "),
        ("/v1/entities?q=ann&type=Nothing", 422, "type 'Nothing': expected one of Address"),
        ("/v1/entities?q=ann&cursor=7", 422, "cursor '7': expected what an earlier page gave"),
        (f"/v1/entities?q=ann&cursor=1-{'a' * 26}", 422, "no longer among the results"),
        (f"/v1/entities?q={'a' * 501}", 422, "q 'aaa"),
        ("/v1/entities/test:ann/links?type=NOTHING", 422, "type 'NOTHING': expected one of"),
        ("/v1/entities/test:ann/links?direction=up", 422, "direction 'up': "),
        ("/v1/paths?from=test:ann", 422, "to: Field required"),
        ("/v1/paths?from=test:ann&to=test:yacht&as_of=2014-12-05", 422, "as_of '2014-12-05': expected one of depth,"),
        ("/readyz?q=ann", 422, "q 'ann': expected no parameters"),
        ("/v1/paths?from=test:ann&to=test:yacht&depth=13", 422, "depth '13': "),
        ("/v1/paths?from=test:ann&to=test:yacht&ranking=best", 422, "ranking 'best': "),
        (f"/v1/entities?q={'a' * MAX_QUERY_BYTES}", 414, "expected at most"),
    ],
)
def test_an_error_is_a_problem_that_says_what_was_expected(
    client: ServiceClient, address: str, status: int, detail: str
) -> None:
    _check(client.get(address), status, detail)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"cypher": "MATCH (n) RETURN n"}, "cypher 'MATCH (n) RETURN n': Extra inputs"),
        ({"walk": ["nothing"]}, "walk 'nothing': expected a trait that is left out"),
        ({"as_of": "2014"}, "as_of '2014': expected a day"),
        ({"through": ["a", "b", "c", "d"]}, "through '["),
        ({"min_reliability": "Z"}, "min_reliability 'Z'"),
        ({"seconds": 31}, "seconds '31': "),
        ({"sample": 101}, "sample '101': "),
        ({"ranking": "best"}, "expected one of credible"),
    ],
)
def test_so_is_a_question_about_paths_that_is_none(client: ServiceClient, change: dict[str, Any], detail: str) -> None:
    _check(client.post("/v1/paths", PAIR | change), 422, detail)


@pytest.mark.parametrize(
    ("address", "field", "value"),
    [
        ("/v1/entities/nobody", "id", "nobody"),
        ("/v1/entities?type=Nothing", "type", "Nothing"),
        ("/v1/entities?jurisdiction=QQ", "jurisdiction", "QQ"),
        ("/v1/entities?q=ann&cursor=7", "cursor", "7"),
        (f"/v1/entities?q=ann&cursor=1-{'a' * 26}", "cursor", f"1-{'a' * 26}"),
        ("/v1/entities/nobody/links", "id", "nobody"),
        ("/v1/entities/test:ann/links?type=NOTHING", "type", "NOTHING"),
        ("/v1/entities/test:ann/links?as_of=2014-02-30", "as_of", "2014-02-30"),
        ("/v1/entities/test:ann/links?cursor=zz", "cursor", "zz"),
        ("/v1/entities/nobody/owners", "id", "nobody"),
        ("/v1/entities/test:ann/owners?as_of=May", "as_of", "May"),
        ("/v1/entities/test:ann/owners?least=nan", "least", "nan"),
        ("/v1/entities/nobody/holdings", "id", "nobody"),
        ("/v1/entities/test:ann/holdings?as_of=May", "as_of", "May"),
        ("/v1/paths?from=nobody&to=test:ann", "from", "nobody"),
        ("/v1/paths?from=test:ann&to=Nobody%20Here", "to", "Nobody Here"),
        ("/v1/paths?from=test:ann&to=test:yacht&format=png", "format", "png"),
        ("/v1/clusters?cursor=zz", "cursor", "zz"),
        ("/v1/clusters/nobody", "id", "nobody"),
        ("/v1/persons/nobody/routes?requesting=CN", "id", "nobody"),
        ("/v1/persons/test:yacht/routes?requesting=CN", "id", "test:yacht"),
        ("/v1/persons/test:ann/routes?requesting=CN&as_of=May", "as_of", "May"),
        ("/v1/persons/test:ann/routes?requesting=CN&host=Q1", "host", "Q1"),
        ("/v1/persons/test:ann/routes?requesting=CN&route=flying", "route", "flying"),
        ("/v1/gaps?requesting=C1", "requesting", "C1"),
        ("/v1/gaps?requesting=CN&as_of=2014", "as_of", "2014"),
        ("/v1/portfolio?requesting=CN&host=Q1", "host", "Q1"),
        ("/v1/portfolio?requesting=CN&limit=-1", "limit", "-1"),
        ("/v1/portfolio?requesting=CN&currency=XYZ", "currency", "XYZ"),
        ("/v1/persons/nobody/freeze-set?requesting=CN", "id", "nobody"),
        ("/v1/persons/test:yacht/freeze-set?requesting=CN", "id", "test:yacht"),
        ("/v1/persons/nobody/dossier?requesting=CN", "id", "nobody"),
        ("/v1/persons/test:yacht/dossier?requesting=CN", "id", "test:yacht"),
        ("/v1/persons/test:ann/dossier?requesting=CN&host=Q1", "host", "Q1"),
        ("/v1/jurisdictions?cursor=9", "cursor", "9"),
        ("/v1/agencies?limit=501", "limit", "501"),
        ("/v1/queries/people/nobody", "name", "people/nobody"),
        ("/v1/ontology?type=Person", "type", "Person"),
    ],
)
def test_each_parameter_that_is_wrong_is_named_with_its_value_and_what_was_expected(
    client: ServiceClient, address: str, field: str, value: str
) -> None:
    answer = client.get(address)
    assert answer.status in (404, 422)
    [mistake] = answer.data["errors"]
    assert (mistake["field"], mistake["value"]) == (field, value)
    assert mistake["expected"]


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"from": "nobody"}, "from", "nobody"),
        ({"to": "nobody"}, "to", "nobody"),
        ({"through": ["nobody"]}, "through", "nobody"),
        ({"avoid": ["nobody"]}, "avoid", "nobody"),
        ({"walk": ["nothing"]}, "walk", "nothing"),
        ({"exclude_traits": ["nothing"]}, "exclude_traits", "nothing"),
        ({"only_traits": ["nothing"]}, "only_traits", "nothing"),
        ({"one_way": ["nothing"]}, "one_way", "nothing"),
        ({"only_types": ["NOTHING"]}, "only_types", "NOTHING"),
        ({"exclude_types": ["NOTHING"]}, "exclude_types", "NOTHING"),
        ({"only_through": ["Nothing"]}, "only_through", "Nothing"),
        ({"not_through": ["Nothing"]}, "not_through", "Nothing"),
        ({"min_reliability": "Z"}, "min_reliability", "Z"),
        ({"as_of": "2014"}, "as_of", "2014"),
        ({"only_shortest": True}, "ranking", "credible"),
        ({"avoid": ["test:ann", 7]}, "avoid.1", "7"),
        ({"limit": True}, "limit", "true"),
        ({"seconds": True}, "seconds", "true"),
        ({"sample": False}, "sample", "false"),
    ],
)
def test_so_is_each_part_of_a_question_about_paths(
    client: ServiceClient, change: dict[str, Any], field: str, value: str
) -> None:
    answer = client.post("/v1/paths", PAIR | change)
    assert answer.status in (404, 422)
    assert [(m["field"], m["value"]) for m in answer.data["errors"]] == [(field, value)]


def test_all_parameters_that_are_wrong_are_named_at_once(client: ServiceClient) -> None:
    many = client.get("/v1/entities?q=ann&sort=name&limit=1&limit=2&page=3").data
    assert many["errors"] == [
        {"field": "limit", "value": "1, 2", "expected": "expected once"},
        {"field": "page", "value": "3", "expected": "expected one of cursor, fuzzy, jurisdiction, limit, q, type"},
        {"field": "sort", "value": "name", "expected": "expected one of cursor, fuzzy, jurisdiction, limit, q, type"},
    ]
    assert client.get("/v1/entities?type=Person&type=Vessel").status == 200
    both = client.get("/v1/entities/test:ann/owners?least=101&chains=21").data
    assert [mistake["field"] for mistake in both["errors"]] == ["least", "chains"]


def test_a_body_that_is_no_json_is_refused(client: ServiceClient) -> None:
    _check(client.post("/v1/paths", b"{"), 422, "JSON decode error")
    _check(client.post("/v1/paths", b"\xff{}"), 422, "body: expected JSON in UTF-8")


def test_half_a_character_is_refused_like_any_value_that_is_none(client: ServiceClient) -> None:
    answer = client.post("/v1/paths", {**PAIR, "from": "\ud800"})
    _check(answer, 422, "from '\\\\ud800': ")
    assert [(one["field"], one["value"]) for one in answer.data["errors"]] == [("from", "\\ud800")]
    _check(client.post("/v1/paths", PAIR | {"\udfff": 1}), 422, "")
    _check(client.post("/v1/queries/a/b", {"parameters": {"\udfff": []}}), 422, "parameters")


def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(client: ServiceClient) -> None:
    _check(client.post("/v1/paths", b" " * (MAX_BODY_BYTES + 1)), 413, "expected a body of at most")
    in_parts = client.post("/v1/paths", iter([b" " * MAX_BODY_BYTES, b" "]))
    _check(in_parts, 413, "expected a body of at most")


def test_only_the_names_of_this_machine_are_answered_to(client: ServiceClient) -> None:
    _check(
        client.get("/v1/entities?q=ann", {"Host": "kg.example.org"}),
        421,
        "the service does not answer to the name in the Host header",
    )
    assert client.get("/v1/entities?q=ann", {"Host": f"localhost:{client.port}"}).status == 200


def test_another_method_is_refused(client: ServiceClient) -> None:
    refused = client.post("/v1/ontology", {})
    _check(refused, 405, "POST: expected GET, HEAD")
    assert refused.headers["allow"] == "GET, HEAD"
    assert client.ask("DELETE", "/v1/paths", None, {}).headers["allow"] == "GET, HEAD, POST"


def test_an_address_has_one_form_and_a_body_one_kind(client: ServiceClient) -> None:
    _check(client.get("/v1/entities/"), 404, "no such address")
    refused = client.post("/v1/paths", b"from=ann", {"Content-Type": "application/x-www-form-urlencoded"})
    _check(refused, 415, "expected application/json")


def test_a_store_that_went_away_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    with run_service(Workspace(tmp_path / "gone.sqlite")) as client:
        _check(client.get("/readyz"), 503, "there is no store at")
        assert client.get("/healthz").status == 200


def test_every_answer_has_the_headers_that_protect_its_reader(client: ServiceClient) -> None:
    for answer in (client.get("/healthz"), client.get("/v1/nothing"), client.get("/readyz", {"Host": "x.example"})):
        assert {name: answer.headers[name.lower()] for name in RESPONSE_HEADERS} == RESPONSE_HEADERS


def test_a_load_changes_the_version_and_what_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    with run_service(Workspace(path)) as client:
        before = client.get("/v1/paths", from_="test:ann", to="test:yacht")
        load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y")])
        wait_until(lambda: client.get("/readyz").data["version"] != before.data["version"])
        after = client.get("/v1/paths", {"If-None-Match": before.headers["etag"]}, from_="test:ann", to="test:yacht")
    assert (before.data["found"], after.data["found"]) == (True, False)
    assert before.data["version"] != after.data["version"]


def test_whoever_asks_while_loads_run_gets_whole_answers_of_one_version(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    people = [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y")]
    load(path, "s", [*people, link("ann OWNS yacht")])

    def ask() -> ServiceReply:
        return asker.get("/v1/paths", from_="test:ann", to="test:yacht")

    with run_service(Workspace(path)) as asker, ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ask) for _ in range(60)]
        for turn in range(6):
            load(path, "s", people if turn % 2 == 0 else [*people, link("ann OWNS yacht")])
        done = [answer.result() for answer in answers]
        wait_until(lambda: asker.get("/readyz").data["version"].endswith("@7"))
        last = ask().data
    assert {answer.status for answer in done} == {200}
    found = {(answer.data["version"], answer.data["found"]) for answer in done}
    assert len(found) == len({version for version, _ in found})
    assert last["found"]


def test_every_error_of_the_tree_has_a_status() -> None:
    kinds = [KgError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.__name__: status_of(kind.__new__(kind)) for kind in kinds} == {
        "KgError": 500,
        "InputError": 422,
        "QuestionError": 422,
        "OntologyError": 422,
        "StrictReject": 422,
        "NotFound": 404,
        "StoreError": 503,
        "StoreBusy": 503,
        "StoreTooNew": 503,
        "StoreDamaged": 503,
        "StoreUnfit": 409,
        "ServerError": 503,
        "OutOfTime": 504,
        "VerifyError": 500,
        "DeliveryError": 500,
    }


def test_the_description_is_what_somebody_looked_at(path: Path) -> None:
    described = create_app(Workspace(path)).openapi()
    golden.check(OPENAPI, json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def test_every_operation_has_an_id_of_its_own_none_takes_cypher_and_each_schema_is_of_one(path: Path) -> None:
    described = create_app(Workspace(path)).openapi()
    ids = [operation["operationId"] for path in described["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids)) == 44
    assert "cypher" not in json.dumps(described).lower()
    schemas = set(described["components"]["schemas"])
    drop_unused_schemas(described)
    assert schemas == set(described["components"]["schemas"])


def test_another_address_than_this_machines_needs_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["--host", "0.0.0.0"]) == 2
    assert "there is no valid API key in" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_said_before_anybody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'none.sqlite'}")
    assert main(["--port", "0"]) == 4
    assert "there is no store at" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(
    client: ServiceClient, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    assert main(["--port", str(client.port)]) == 2
    assert f"--port {client.port}: Address already in use" in capsys.readouterr().err


def test_a_process_serves_until_it_is_asked_to_end(path: Path, tmp_path: Path) -> None:
    settings = {"KG_STORE": f"embedded:{path}", "XDG_DATA_HOME": str(tmp_path)}
    with run_process(settings, ("-m", "kg_api")) as process:
        found = process.client.get("/v1/entities", q="ann")
        assert found.data["entities"][0]["caption"] == "Ann Example"
        process.ask_to_end()
        assert process.wait() == -signal.SIGTERM
    assert "Application shutdown complete." in [line["message"] for line in process.lines]
    assert "ann" not in process.log
    [answered] = [line for line in process.lines if line["message"] == "answered"]
    assert answered | {"at": "", "ms": 0} == {
        "at": "",
        "level": "info",
        "logger": "kg_api",
        "message": "answered",
        "method": "GET",
        "route": "/v1/entities",
        "status": 200,
        "ms": 0,
        "request": found.headers["x-request-id"],
    }


def _check(answer: ServiceReply, status: int, detail: str) -> None:
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.data["status"] == status
    assert detail in answer.data["detail"] + json.dumps(answer.data["errors"])
