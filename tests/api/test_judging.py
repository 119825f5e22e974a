"""Is a judgement made through the service only by who may, told before, and kept in the name of who made it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.operations import Workspace, list_judgements
from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates
from kg_api.config import ServiceConfig
from tests.api.service_client import ServiceClient, ServiceReply, run_service
from tests.stores import link, load, node

JUDGES = ("ann", "bo")


@dataclass
class Desk:
    client: ServiceClient
    workspace: Workspace
    keys: dict[str, dict[str, str]]

    def judge(self, who: str, kind: str, **more: Any) -> ServiceReply:
        body = {"kind": kind, "one": "test:wen", "other": "test:cheung", **more}
        return self.client.post("/v1/judgements", body, self.keys[who])

    def pairs(self, who: str = "reader", **asked: str) -> list[tuple[str, str]]:
        found = self.client.get("/v1/candidates", self.keys[who], **asked).data["pairs"]
        return [(one["match"]["one_caption"], one["match"]["other_caption"]) for one in found]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "graph.sqlite"
    records = [
        node("wen", name="张伟文", birth_date="1970-03-02"),
        node("cheung", name="Cheung Wai Man", birth_date="1970-03-02"),
        node("paper", "Warrant"),
        link("wen SOUGHT_UNDER paper"),
        node("quince", "Enterprise", name="Golden Quince Trading Ltd"),
        link("cheung OWNS quince", share="100"),
    ]
    load(path, "register", records)
    workspace = Workspace(path, two_eyes=True)
    find_graph_candidates(workspace, CandidateRequest(write=True))
    file = ApiKeyFile(tmp_path / "keys.json")
    keys = {name: {"Authorization": f"Bearer {file.add(name, 'never', today())[1]}"} for name in (*JUDGES, "reader")}
    with run_service(workspace, ServiceConfig(ApiKeyRing(file), judges=JUDGES)) as client:
        yield Desk(client, workspace, keys)


def test_a_pair_is_listed_looked_at_and_judged_by_two_who_may(desk: Desk) -> None:
    (pair,) = desk.client.get("/v1/candidates", desk.keys["reader"]).data["pairs"]
    assert {e["feature"] for e in pair["match"]["evidence"]} >= {"names", "birth date"}
    assert desk.pairs(node="test:quince") == [] and len(desk.pairs(node="test:wen", least="0.2")) == 1
    assert [desk.client.get("/session", desk.keys[who]).data["may_judge"] for who in ("ann", "reader")] == [True, False]

    told = desk.judge("ann", "same").data
    assert told["says"].startswith("1 link joins") and told["becomes_sought"] == ["Cheung Wai Man"]
    assert (told["number"], "second person" in told["missing"], told["evidence_against"]) == (0, True, [])
    assert list_judgements(desk.workspace) == [] and len(desk.pairs()) == 1

    refused = desk.judge("ann", "same", record=True)
    assert (refused.status, [error["field"] for error in refused.data["errors"]]) == (422, ["why"])
    first = desk.judge("ann", "same", record=True, why="same birth date and spelling").data
    assert first["number"] == 1 and first["missing"]
    assert desk.judge("ann", "same", record=True, why="again").status == 422
    second = desk.judge("bo", "same", record=True, why="passport seen").data
    assert second["missing"] == ""
    (made,) = list_judgements(desk.workspace)
    judged = made.judgement
    assert (judged.by, judged.user, judged.confirmed_by, judged.confirmed_user) == ("ann", "ann", "bo", "bo")


def test_who_may_not_judges_nothing(desk: Desk) -> None:
    for record in (False, True):
        refused = desk.judge("reader", "distinct", record=record, why="other person")
        assert (refused.status, "KG_API_JUDGES" in refused.data["detail"]) == (403, True)
    assert list_judgements(desk.workspace) == []


def test_a_pair_that_is_judged_distinct_is_not_listed_again(desk: Desk) -> None:
    assert desk.judge("bo", "distinct", record=True, why="two passports").data["number"] == 1
    with run_service(desk.workspace) as fresh:
        assert fresh.get("/v1/candidates").data["pairs"] == []
        assert fresh.post("/v1/judgements", {"kind": "same", "one": "test:wen", "other": "test:cheung"}).status == 403
