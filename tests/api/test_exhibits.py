"""Does the service list the documents about an entity, page by page, and none that is for another scope?"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from kg.operations import AttachRequest, Workspace, attach
from kg.records import Provenance
from tests.api.service_client import ServiceClient, run_service
from tests.stores import load, node

DIGESTS = {sha256(text).hexdigest() for text in (b"one", b"two", b"three")}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceClient]:
    folder: Path = tmp_path_factory.mktemp("exhibits")
    load(folder / "graph.sqlite", "register", [node("ann", name="Ann Example")])
    place = Workspace(folder / "graph.sqlite")
    for text in (b"one", b"two", b"three", b"of an informant"):
        file = folder / "invented.txt"
        file.write_bytes(text)
        handling = "protected" if text.startswith(b"of") else "open"
        said = Provenance(page="7", stated="2014", handling=handling)
        attach(place, AttachRequest(file, "test:ann", provenance=said))
    with run_service(place, refresh=False) as client:
        yield client


def test_exhibits_come_page_by_page_with_digest_and_who_says_so(client: ServiceClient) -> None:
    first = client.get("/v1/entities/test:ann/exhibits", limit=2).data
    rest = client.get("/v1/entities/test:ann/exhibits", limit=2, cursor=first["next"]).data
    found = [*first["exhibits"], *rest["exhibits"]]
    assert ({e["sha256"] for e in found}, len(found), rest["next"]) == (DIGESTS, 3, None)
    assert all((e["pages"], e["is_kept"], e["caption"]) == (["7"], True, "Ann Example") for e in found)
    assert [said["stated"] for said in found[0]["said"]] == ["2014"]
    of_document = client.get(f"/v1/entities/{found[0]['document']}/exhibits").data["exhibits"]
    assert of_document == [found[0]]


def test_an_unknown_entity_has_no_exhibits(client: ServiceClient) -> None:
    assert client.get("/v1/entities/test:bo/exhibits").status == 404
    hidden = sha256(b"of an informant").hexdigest()
    assert client.get(f"/v1/entities/document:{hidden}/exhibits").status == 404
