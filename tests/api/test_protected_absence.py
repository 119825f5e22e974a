"""Do answers over HTTP, with their headers, say nothing of protected facts, not even that there are some?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.operations import Workspace
from kg.records import link_id, node_id
from tests.api.service_client import ServiceClient, run_service
from tests.property.test_protected_absence import HISTORY, KEYS, Twin

IDS = [node_id("test", key) for key in (*KEYS, "w", "nobody")]
ENTITY_ADDRESSES = ("", "/links", "/exhibits", "/owners", "/holdings")
CHANGING = {"date", "x-request-id", "kg-elapsed-ms"}
"""Headers that differ between any two answers."""

GETS: dict[str, list[str]] = {
    "/v1/entities": [
        f"?q={text}{more}" for text in ("Ann", "Bo", "Dee", "Cy", "Quentyn", "P-12345") for more in ("", "&fuzzy=true")
    ],
    **{f"/v1/entities/{{id}}{more}": [f"/v1/entities/{node}{more}" for node in IDS] for more in ENTITY_ADDRESSES},
    "/v1/links/{id}": [f"/v1/links/{link_id('test', key, '')}" for key in ("a-OWNS-0", "b-SOUGHT", "a-STATUS", "none")],
    "/v1/paths": [f"?from={IDS[0]}&to={node}" for node in IDS[1:]],
    "/v1/comparisons": [f"?one={IDS[0]}&other={other}" for other in (*IDS[1:], "Quentyn", "Doe")],
    "/v1/clusters": [""],
    "/v1/clusters/{id}": ["/v1/clusters/1"],
    "/v1/clusters/{id}/explanation": ["/v1/clusters/1/explanation"],
    "/v1/persons/{id}/routes": [f"/v1/persons/{node}/routes" for node in IDS],
    "/v1/persons/{id}/freeze-set": [f"/v1/persons/{node}/freeze-set" for node in IDS],
    "/v1/persons/{id}/dossier": [f"/v1/persons/{node}/dossier" for node in IDS],
    "/v1/gaps": [""],
    "/v1/portfolio": [""],
    "/v1/queries": [""],
    "/v1/queries/{topic}/{name}": ["/v1/queries/people/family"],
    "/v1/jurisdictions": [""],
    "/v1/agencies": [""],
    "/v1/ontology": [""],
    "/v1/candidates": ["", f"?node={IDS[0]}"],
    "/v1/views": [""],
    "/v1/views/{id}": [f"/v1/views/{node}" for node in IDS],
}
LIST = [{"name": name} for name in ("Ann", "Quentin", "Bo Cy", "Dee")] + [{"name": "X", "passport_number": "Q-77777"}]

POSTS: dict[str, list[tuple[str, Any]]] = {
    "/v1/screenings": [("/v1/screenings", {"rows": LIST, "from": 0, **more}) for more in ({}, {"source": "s3"})],
    "/v1/name-comparisons": [("/v1/name-comparisons", {"pairs": [{"left": "Ann", "right": "Quentin"}]})],
    "/v1/judgements": [("/v1/judgements", {"kind": "same", "one": IDS[0], "other": IDS[1]})],
    "/v1/flows": [("/v1/flows", {"from": node}) for node in IDS],
    "/v1/views": [("/v1/views", {"name": "Invented"})],
    "/v1/search": [
        ("/v1/search", {"q": text, "fuzzy": fuzzy}) for text in ("Ann", "Quentin", "Q-77777") for fuzzy in (True, False)
    ],
    "/v1/neighbourhoods": [
        ("/v1/neighbourhoods", {"nodes": [node], **more})
        for node in IDS
        for more in ({}, {"as_of": "2013-06-01"}, {"drawn": IDS, "limit": 0})
    ],
    "/v1/connections": [("/v1/connections", {"nodes": [IDS[0], *some]}) for some in (IDS[1:2], IDS[1:4], IDS[3:])],
    "/v1/timelines": [("/v1/timelines", {"nodes": [node]}) for node in IDS],
    "/v1/graph": [
        (f"/v1/graph?format={form}", {"nodes": [*IDS, "test:a", "test:w", "test:c"], "as_of": day})
        for form in ("json", "svg", "graphml")
        for day in ("", "2013-06-01")
    ],
    "/v1/paths": [("/v1/paths", {"from": IDS[0], "to": node}) for node in IDS[1:]],
    "/v1/queries/{topic}/{name}": [("/v1/queries/people/family", {"person": node}) for node in IDS],
}


def test_every_address_has_a_case(tmp_path: Path) -> None:
    twin = _twin(tmp_path / "one", given_protected=True)
    with run_service(Workspace(twin.store), refresh=False) as client:
        addresses = client.get("/openapi.json").data["paths"]
    of_graph = {name: methods for name, methods in addresses.items() if name.startswith("/v1")}
    assert {name for name, methods in of_graph.items() if "get" in methods} == GETS.keys()
    assert {name for name, methods in of_graph.items() if "post" in methods} == POSTS.keys()


def test_answers_without_the_scope_are_those_of_a_store_that_never_had_protected_facts() -> None:
    with tempfile.TemporaryDirectory() as name:
        twins = [_twin(Path(name) / str(given), given_protected=given) for given in (True, False)]
        with run_service(Workspace(twins[0].store)) as full, run_service(Workspace(twins[1].store)) as never:
            for answer, expected in zip(_answers(full), _answers(never), strict=True):
                assert answer == expected


def _twin(folder: Path, *, given_protected: bool) -> Twin:
    twin = Twin(folder, given_protected=given_protected)
    for step in HISTORY:
        twin.take(step)
    return twin


def _answers(client: ServiceClient) -> Iterator[tuple[str, int, dict[str, str], bytes]]:
    for address, questions in GETS.items():
        for question in questions:
            asked = question if question.startswith("/") else address + question
            reply = client.get(asked)
            yield asked, reply.status, _lasting(reply.headers), reply.body
    for named in POSTS.values():
        for asked, body in named:
            reply = client.post(asked, body, {"Kg-Case": "2026/17"})
            yield f"{asked} {body}", reply.status, _lasting(reply.headers), reply.body
    ready = client.get("/readyz").data
    yield "/readyz", 200, {}, str([ready[part]["version"] for part in ("view", "clusters")]).encode()


def _lasting(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in CHANGING}
