"""Is every example of the description what the service answers, and is it what the description says?"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.operations import Workspace
from kg_api.config import ServiceConfig
from kg_api.openapi.examples import EXAMPLE_REQUESTS, EXAMPLES_FILE, OTHER_PARAMETERS, ExampleRequest
from tests import golden
from tests.api.service_client import ServiceClient, ServiceReply, run_service
from tests.house.tree import ROOT
from tests.stores import load, node

KEPT_ROWS = ROOT / "tests" / "golden" / "queries" / "people" / "family.json"
"""What a Neo4j answers to the example of `runQuery`; the tests of the queries keep it true."""

CASE_HEADER = {"Kg-Case": OTHER_PARAMETERS["Kg-Case"]}

LONGEST = 6
"""Entries of a list that an example shows; of longer ones it shows the first three."""

GRAPH = "00000000-0000-4000-8000-000000000000"
"""Instead of the ledger's id, which is drawn anew for each store."""

SECONDS = {"age_seconds": 0.5, "build_seconds": 2.5, "saved": "2026-11-30T10:00:00+00:00"}
"""Instead of what was measured, and of when it was."""

DIGEST = re.compile("^[0-9a-f]{64}$")
"""Of the whole ontology: nobody has to look at it each time that a word there changes."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(Path(shutil.copy(demo_store, tmp_path_factory.mktemp("demo"))))) as client:
        yield client


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ServiceReply]:
    """What a service that asks for keys answers when a browser begins a session, asks who it is, judges and ends it."""
    folder = tmp_path_factory.mktemp("keys")
    people = [node("p-003", name="Ann Example"), node("p-017", name="Ann Example")]
    load(folder / "graph.sqlite", "s", people, namespace="demo")
    keys = ApiKeyFile(folder / "keys.json")
    sent = dict(EXAMPLE_REQUESTS["openSession"].body, key=keys.add("analyst", "never", today())[1])
    own = {"Sec-Fetch-Site": "same-origin"}
    config = ServiceConfig(ApiKeyRing(keys), judges=("analyst",))
    with run_service(Workspace(folder / "graph.sqlite"), config, refresh=False) as client:
        opened = client.post("/session", sent, own)
        own["Cookie"] = opened.headers["set-cookie"].partition(";")[0]
        found = {"openSession": opened, "getSession": client.get("/session", own)}
        found["judgeIdentity"] = client.post("/v1/judgements", EXAMPLE_REQUESTS["judgeIdentity"].body, own)
        found["endSession"] = client.ask("DELETE", "/session", None, own)
    assert [reply.status for reply in found.values()] == [200, 200, 200, 204]
    return found


@pytest.fixture(scope="module")
def document(client: ServiceClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").data)


def test_examples_are_what_the_service_answers(
    client: ServiceClient, document: dict[str, Any], sessions: Mapping[str, ServiceReply]
) -> None:
    operations = [operation for operation in _operations(document) if operation[0] not in sessions]
    found = {name: _asked(client, name, method, path) for name, method, path, _ in operations}
    found |= {
        name: {"parameters": {}, **({"answer": _short(r.data)} if r.body else {})} for name, r in sessions.items()
    }
    golden.check(EXAMPLES_FILE, json.dumps(dict(sorted(found.items())), indent=1, ensure_ascii=False) + "\n")


def test_every_operation_every_parameter_and_every_answer_has_an_example(document: dict[str, Any]) -> None:
    missing = []
    for name, _, _, operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            if "example" not in parameter:
                missing.append(f"{name} {parameter['name']}")
        for status, response in operation["responses"].items():
            for media, content in response.get("content", {}).items():
                if media.endswith("json") and "cytoscape" not in media and "example" not in content:
                    missing.append(f"{name} {status} {media}")
        if "requestBody" in operation and "example" not in operation["requestBody"]["content"]["application/json"]:
            missing.append(f"{name} body")
    assert missing == []


def test_every_example_is_valid(document: dict[str, Any]) -> None:
    wrong = []
    for name, _, _, operation in _operations(document):
        for where, schema, example in _examples(operation):
            whole = {**schema, "components": document["components"]}
            checked = jsonschema_rs.validator_for(whole).iter_errors(example)
            wrong += [f"{name} {where}: {error.instance_path} {error.message[:200]}" for error in checked]
    assert wrong == []


def test_whoever_has_the_answer_of_this_version_is_told_so_wherever_the_description_says(
    client: ServiceClient, document: dict[str, Any]
) -> None:
    for name, method, path, operation in _operations(document):
        if method == "get":
            address, beside = _address(
                path,
                {key: _told(client, v) for key, v in EXAMPLE_REQUESTS.get(name, ExampleRequest()).parameters.items()},
            )
            first = client.get(address, {"Accept-Encoding": "gzip"}, **beside)
            assert ("etag" in first.headers) == ("304" in operation["responses"]), name
            assert len(first.body) < 1024 or first.headers["content-encoding"] == "gzip", name
            if "etag" in first.headers:
                again = client.get(address, {"If-None-Match": first.headers["etag"]}, **beside)
                assert (again.status, again.body) == (304, b""), name


def test_a_value_that_is_none_of_its_type_is_no_answer(document: dict[str, Any]) -> None:
    """The types of the ontology are held to, so that the test before says something."""
    node = {"id": "x", "type": "Person", "types": [], "caption": "A", "properties": {}, "other": {}, "sources": []}
    node["not_understood"] = []
    schema = {"$ref": "#/components/schemas/AnyEntity", "components": document["components"]}
    check = jsonschema_rs.validator_for(schema)

    def fits(**change: Any) -> bool:
        return check.is_valid(node | {"sought_under": []} | change)

    assert fits()
    assert fits(properties={"birth_date": ["1958-03"]})
    assert not fits(properties={"birth_date": ["March 1958"]})
    assert not fits(type="Vessel", properties={"imo": ["12"]})
    assert not fits(type="Ship")


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], method, path, operation


def _examples(operation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for parameter in operation.get("parameters", ()):
        yield parameter["name"], parameter["schema"], parameter["example"]
    body = [operation["requestBody"]] if "requestBody" in operation else []
    for content in (*body, *operation["responses"].values()):
        for media, said in content.get("content", {}).items():
            if "example" in said:
                yield media, said["schema"], said["example"]


def _asked(client: ServiceClient, name: str, method: str, path: str) -> dict[str, Any]:
    """The parameters that were sent, ids told, and the answer."""
    asked = EXAMPLE_REQUESTS.get(name, ExampleRequest())
    sent = {key: _told(client, value) for key, value in asked.parameters.items()}
    if name == "runQuery":
        rows = json.loads(KEPT_ROWS.read_text(encoding="utf-8"))
        table = {"version": f"{GRAPH}@1", "query": "people/family", **rows, "more": False}
        return {"parameters": sent, "answer": _short(table)}
    address, beside = _address(path, sent)
    if method == "delete":
        answer = client.ask("DELETE", address, None, {})
    else:
        answer = client.get(address, **beside) if method == "get" else client.post(address, asked.body, CASE_HEADER)
    assert answer.status in (200, 204), f"{name}: {answer.body.decode()}"
    if answer.headers.get("content-type") != "application/json":
        return {"parameters": sent}
    return {"parameters": sent, "answer": _short(answer.data)}


def _address(path: str, sent: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path with what goes into it, and what stands behind the `?`."""
    inside = re.findall(r"\{(\w+)\}", path)
    address = path.format(**{key: quote(str(sent[key])) for key in inside})
    return address, {key: value for key, value in sent.items() if key not in inside}


def _told(client: ServiceClient, value: Any) -> Any:
    if value == "@cluster":
        return client.get("/v1/clusters", sought="true").data["clusters"][0]["id"]
    if value == "@link":
        address = client.get("/v1/entities/demo:p-003").headers["location"]
        return client.get(f"{address}/links", type="OWNS").data["links"][0]["id"]
    if str(value).startswith("@"):
        return client.get(f"/v1/entities/demo:{value[1:]}").headers["location"].rsplit("/", 1)[1]
    return value


def _short(part: Any) -> Any:
    """The answer with long lists cut, and what differs from store to store as it is in none."""
    if isinstance(part, dict):
        return {key: SECONDS.get(key, _short(value)) for key, value in part.items()}
    if isinstance(part, list):
        return [_short(value) for value in (part if len(part) <= LONGEST else part[:3])]
    if isinstance(part, str):
        part = re.sub(r"^SQLite \d.*$", "SQLite 3.51.3", part)  # that of whoever runs the tests
        return DIGEST.sub("0" * 64, re.sub(r"^[0-9a-f-]{36}@(\d+)$", rf"{GRAPH}@\1", part))
    return part
