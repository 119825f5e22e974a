"""Are saved views kept for whoever saved them, and do they hold nothing that a source says?"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.operations import Workspace
from kg.operations.subgraphs import saved_views
from kg.records import node_id
from kg_api.config import ServiceConfig
from kg_api.middleware.audit import AuditLog
from kg_api.openapi.examples import VIEW
from tests.api.service_client import ServiceClient, run_service
from tests.stores import load, node

ANN = node_id("test", "ann")
FOLDER = "graph.sqlite.views"


@dataclass
class Desk:
    client: ServiceClient
    keys: ApiKeyFile
    folder: Path

    def who(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys.add(name, 'never', today())[1]}"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    load(folder / "graph.sqlite", "s", [node("ann", name="Ann Invented")])
    keys = ApiKeyFile(folder / "keys.json")
    keys.add("first", "never", today())
    config = ServiceConfig(ApiKeyRing(keys), audit_log=AuditLog(folder / "audit.jsonl"))
    with run_service(Workspace(folder / "graph.sqlite"), config, refresh=False) as client:
        yield Desk(client, keys, folder)


def view(**change: Any) -> dict[str, Any]:
    return {**VIEW, "nodes": [[ANN, 10, -20, 1]], "selected": [ANN], **change}


def test_a_view_is_saved_listed_opened_replaced_and_deleted_by_its_owner_alone(desk: Desk) -> None:
    one, other = desk.who("one"), desk.who("other")
    saved = desk.client.post("/v1/views", {"name": "  Flats, 房产 ", "view": view()}, one)
    assert (saved.status, saved.data["view"]) == (200, view())
    short = saved.data["in_short"]
    assert (short["name"], short["nodes"]) == ("Flats, 房产", 1)
    assert desk.client.get("/v1/views", one).data == {"views": [short]}
    address = f"/v1/views/{short['id']}"
    again = desk.client.post("/v1/views", {"name": "Flats, 房产", "view": view(nodes=[])}, one)
    assert again.data["in_short"]["id"] == short["id"]
    assert desk.client.get(address, one).data == again.data
    assert desk.client.get("/v1/views", other).data == {"views": []}
    assert desk.client.get(address, other).status == desk.client.ask("DELETE", address, None, other).status == 404
    assert desk.client.ask("DELETE", address, None, one).status == 204
    assert desk.client.get(address, one).status == desk.client.ask("DELETE", address, None, one).status == 404


def test_the_log_says_who_saved_and_opened_which_view_and_about_whom(desk: Desk) -> None:
    key = desk.who("logged")
    short = desk.client.post("/v1/views", {"name": "Logged", "view": view()}, key).data["in_short"]
    desk.client.get(f"/v1/views/{short['id']}", key)
    lines = [json.loads(line) for line in (desk.folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [line for line in lines if line["key"] == "logged" and line["event"] == "answered"]
    assert [(line["operation"], line["about"]) for line in told] == [("saveView", [ANN]), ("getView", [ANN])]


def test_files_are_their_owners_alone_and_hold_ids_and_no_names(desk: Desk) -> None:
    desk.client.post("/v1/views", {"name": "Kept", "view": view()}, desk.who("keeper"))
    (path,) = (desk.folder / FOLDER / "open" / "keeper").glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Ann" not in path.read_text(encoding="utf-8")
    with run_service(Workspace(desk.folder / "graph.sqlite", protected=True), refresh=False) as cleared:
        assert cleared.get("/v1/views").data == {"views": []}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nodes": [["Ann Invented", 0, 0, 0]]}, "view.nodes.0.0"),
        ({"nodes": [[ANN, 0.5, 0, 0]]}, "view.nodes.0.1"),
        ({"nodes": [[ANN, 0, 0, 2]]}, "view.nodes.0.3"),
        ({"nodes": [[ANN, 0, 0, 0]] * 2001}, "view.nodes"),
        ({"hidden": ["x"]}, "view.hidden.0"),
        ({"note": "Ann Invented"}, "view.note"),
        ({"filter": {**VIEW["filter"], "day": "Ann Invented"}}, "view.filter.day"),
        ({"format": "other"}, "view.format"),
    ],
)
def test_what_is_no_view_is_not_saved(desk: Desk, change: dict[str, Any], field: str) -> None:
    name = f"bad-{field.replace('.', '-')}"
    key = desk.who(name)
    refused = desk.client.post("/v1/views", {"name": "Bad", "view": view(**change)}, key)
    assert (refused.status, [error["field"] for error in refused.data["errors"]]) == (422, [field])
    assert not (desk.folder / FOLDER / "open" / name).exists()


@pytest.mark.parametrize("name", ["", " ", "a\x00b", "x" * 101, "\u202e"])
def test_a_name_is_a_line_that_can_be_printed(desk: Desk, name: str) -> None:
    refused = desk.client.post("/v1/views", {"name": name, "view": view()}, desk.who(f"n{len(desk.keys.read())}"))
    assert (refused.status, [error["field"] for error in refused.data["errors"]]) == (422, ["name"])


def test_a_view_of_two_thousand_nodes_is_saved_and_no_more_views_than_fit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = desk.who("collector")
    largest = view(nodes=[[node_id("test", str(i)), 999_999, -999_999, 1] for i in range(2000)])
    assert desk.client.post("/v1/views", {"name": "Large", "view": largest}, key).status == 200
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 1)
    refused = desk.client.post("/v1/views", {"name": "Another", "view": view()}, key)
    assert (refused.status, "delete one" in refused.data["detail"]) == (422, True)
    assert desk.client.post("/v1/views", {"name": "Large", "view": view()}, key).status == 200


@pytest.mark.parametrize("id", ["none", "..%2F..%2Fkeys", "a" * 26, "%00", "%C3%A9" * 26])
def test_an_id_of_no_view_is_not_found(desk: Desk, id: str) -> None:
    assert desk.client.get(f"/v1/views/{id}", desk.who(f"i{len(desk.keys.read())}")).status in (404, 422)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    load(tmp_path / "graph.sqlite", "s", [node("ann", name="Ann Invented")])
    with run_service(Workspace(tmp_path / "graph.sqlite"), refresh=False) as client:
        client.post("/v1/views", {"name": "Kept", "view": view()})
        (path,) = (tmp_path / FOLDER / "open" / "_").glob("*.json")
        path.write_text("{", encoding="utf-8")
        assert client.get("/v1/views").status == 503
