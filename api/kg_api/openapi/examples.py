"""The examples of the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

EXAMPLES_FILE = Path(__file__).with_name("examples.json")
"""What the service answers to EXAMPLE_REQUESTS about the invented demo set; written and checked by tests."""


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """An example of an operation: values of its parameters, and a body."""

    parameters: Mapping[str, str | bool | float | list[str]] = field(default_factory=dict)
    body: Any = None


PERSON, HOUSE = "demo:p-003", "demo:as-0001"

VIEW_ID = "puc5llcxdiu5w2kb6owvnyfdvq"
VIEW: Mapping[str, Any] = {
    "format": "kg-view",
    "version": 1,
    "language": "en",
    "nodes": [["r6yq3vfh4a67jxrqqqkp7dqz7f", 0, 0, 0]],
    "hidden": [],
    "selected": [],
    "filter": {"nodeTypes": [], "linkTypes": [], "day": "", "from": "", "to": "", "grade": ""},
    "columns": False,
    "links": 0,
}

EXAMPLE_REQUESTS: Mapping[str, ExampleRequest] = {
    "searchEntities": ExampleRequest({"q": "Quillwater", "type": ["RealEstate"], "fuzzy": False, "limit": 2}),
    "getEntity": ExampleRequest({"id": "@p-003"}),
    "listLinks": ExampleRequest(
        {"id": "@p-003", "type": ["OWNS"], "direction": "out", "as_of": "2014-12-05", "limit": 2}
    ),
    "openSession": ExampleRequest(body={"key": "kg_…", "case": "2014/7", "purpose": "tracing of assets"}),
    "listExhibits": ExampleRequest({"id": "@p-003", "limit": 2}),
    "search": ExampleRequest(body={"q": "Quillwater", "types": ["RealEstate"], "limit": 1}),
    "findNeighbourhoods": ExampleRequest(body={"nodes": [PERSON], "each": 1, "limit": 2, "as_of": "2014-12-05"}),
    "getLink": ExampleRequest({"id": "@link", "as_of": "2014-12-05"}),
    "findConnections": ExampleRequest(
        body={"nodes": [PERSON, "demo:p-017", HOUSE], "depth": 6, "limit": 2, "seconds": 30}
    ),
    "listTimeline": ExampleRequest(body={"nodes": [PERSON], "as_of": "2014-12-05", "limit": 3}),
    "getSubgraph": ExampleRequest(body={"nodes": [PERSON, "demo:p-017", "demo:no-such"], "positions": {}}),
    "saveView": ExampleRequest(body={"name": "Flats in London", "view": VIEW}),
    "getView": ExampleRequest({"id": VIEW_ID}),
    "deleteView": ExampleRequest({"id": VIEW_ID}),
    "getPaths": ExampleRequest({"from": PERSON, "to": HOUSE, "ranking": "credible", "limit": 1, "depth": 6}),
    "findPaths": ExampleRequest(
        body={"from": PERSON, "to": HOUSE, "ranking": "shortest", "limit": 1, "as_of": "2014-12-05", "sample": 0}
    ),
    "listOwners": ExampleRequest(
        {"id": HOUSE, "as_of": "2014-12-05", "least": 10, "between": True, "chains": 1, "limit": 3}
    ),
    "listHoldings": ExampleRequest({"id": PERSON, "as_of": "2014-12-05", "least": 10, "chains": 1, "limit": 3}),
    "followMoney": ExampleRequest(
        body={
            "from": "demo:body-02",
            "to": "",
            "rules": ["fifo", "lowest-balance"],
            "as_of": "2001-12-31",
            "opening": "unknown",
            "currency": "CNY",
            "rates": ["1 USD = 8.28 CNY on 2000-01-01, an invented bank"],
            "seconds": 30,
        }
    ),
    "screenList": ExampleRequest(
        body={
            "rows": [
                {"name": "崔崧穆", "birth_date": "1957-05", "citizenship": "CN"},
                {"type": "company", "name": "Nobody Known Ltd", "registered_in": ["GB"]},
            ],
            "from": 0.1,
        }
    ),
    "compareNodes": ExampleRequest({"one": PERSON, "other": "demo:p-017"}),
    "listCandidates": ExampleRequest({"node": "", "least": 0.5, "limit": 1}),
    "judgeIdentity": ExampleRequest(
        body={"kind": "distinct", "one": PERSON, "other": "demo:p-017", "why": "other birth dates", "record": False}
    ),
    "compareNames": ExampleRequest(
        body={"pairs": [{"left": "张栩文", "right": "Cheung Hui Man"}, {"left": "Ann Example", "right": "Bo Example"}]}
    ),
    "listClusters": ExampleRequest({"sought": True, "limit": 1}),
    "getCluster": ExampleRequest({"id": "@cluster"}),
    "explainCluster": ExampleRequest({"id": "@cluster", "stability": True, "seconds": 30}),
    "listJurisdictions": ExampleRequest({"limit": 2}),
    "listAgencies": ExampleRequest({"limit": 2}),
    "listRoutes": ExampleRequest(
        {"id": "@p-003", "requesting": "CN", "as_of": "2014-12-05", "host": ["US"], "route": ["extradition"]}
    ),
    "listGaps": ExampleRequest({"requesting": "CN", "as_of": "2014-12-05", "host": ["US"], "limit": 2}),
    "getFreezeSet": ExampleRequest({"id": "@p-003", "requesting": "CN", "as_of": "2014-12-05"}),
    "getDossier": ExampleRequest({"id": "@p-003", "requesting": "CN", "as_of": "2014-12-05", "host": ["US"]}),
    "getPortfolio": ExampleRequest(
        {
            **{"requesting": "CN", "as_of": "2014-12-05", "host": ["US"], "limit": 2},
            **{"days": 60, "days_per_person": 10, "days_per_asset": 3, "currency": "USD"},
        }
    ),
    "getQuery": ExampleRequest({"topic": "people", "name": "family"}),
    "runQuery": ExampleRequest(
        {"topic": "people", "name": "family"}, {"parameters": {"person": "demo:p-017"}, "limit": 50, "seconds": 10}
    ),
}
"""By operation id; `@` names a node, link or cluster of the demo set whose id is known once it is loaded. Other
operations are requested without parameters."""

OTHER_PARAMETERS: Mapping[str, Any] = {
    "jurisdiction": "HK",
    "cursor": "",
    "format": "json",
    "seconds": 5,
    "Kg-Case": "2026/17",
    "Kg-Purpose": "asset tracing",
    "X-Request-ID": "case-17-question-3",
}
"""Values of parameters that no request above has."""


EXAMPLE_INVALID_FIELD = {"field": "as_of", "value": "May", "expected": "expected a day such as 2014-12-05"}


def add_examples(document: dict[str, Any]) -> dict[str, Any]:
    """Add an example of every parameter, body and answer to the document."""
    kept = recorded_answers()
    for path in document["paths"].values():
        for operation in path.values():
            name = operation["operationId"]
            asked = EXAMPLE_REQUESTS.get(name, ExampleRequest())
            given = {**OTHER_PARAMETERS, **asked.parameters, **kept.get(name, {}).get("parameters", {})}
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in given:
                    parameter["example"] = given[parameter["name"]]
            if asked.body is not None:
                operation["requestBody"]["content"]["application/json"]["example"] = asked.body
            for status, response in operation["responses"].items():
                _add_example(response, status, kept.get(name, {}).get("answer"))
    return document


@cache
def recorded_answers() -> Mapping[str, Any]:
    """The recorded parameters and answers, by operation id."""
    found: Mapping[str, Any] = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8")) if EXAMPLES_FILE.is_file() else {}
    return found


def _add_example(response: dict[str, Any], status: str, answer: Any) -> None:
    for media, content in response.get("content", {}).items():
        if media == "application/problem+json":
            title = HTTPStatus(int(status)).phrase
            told = {"type": "about:blank", "title": title, "status": int(status), "detail": response["description"]}
            content["example"] = {**told, "errors": [EXAMPLE_INVALID_FIELD] if status == "422" else []}
        elif media == "application/json" and answer is not None:
            content["example"] = answer
