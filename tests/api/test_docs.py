"""Does the page about the service say what is there, and do its lines work word for word?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from kg.operations import demo_orders, load, workplace
from tests.api.serving import Answer, Client, served
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
LINES = re.findall(r"^curl .*$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    place = workplace(tmp_path_factory.mktemp("demo") / "demo.sqlite")
    for order in demo_orders():
        load(place, order)
    with served(place) as client:
        yield client


def test_every_operation_stands_in_the_table_of_the_page(client: Client) -> None:
    described = client.get("/openapi.json").data["paths"]
    operations = [
        (method.upper(), path, operation["operationId"])
        for path, methods in described.items()
        for method, operation in methods.items()
    ]
    assert sorted(re.findall(r"^\| `(\w+) (/\S+)` \| `(\w+)` \|", PAGE, re.MULTILINE)) == sorted(operations)


def test_there_are_lines_to_paste() -> None:
    assert len(LINES) >= 7


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_page_is_answered(client: Client, line: str) -> None:
    answer = _as_curl(client, line)
    assert answer.status == 200
    assert any(answer.data.get(key) for key in ("entities", "entity", "links", "paths", "clusters", "nodes"))


def _as_curl(client: Client, line: str) -> Answer:
    """Ask what `curl` would, with the options that the page uses; raises for any other."""
    words = shlex.split(line)[1:]
    parts = urlsplit(words.pop())
    assert (parts.scheme, parts.netloc) == ("http", "127.0.0.1:8100")
    path = f"{parts.path}?{parts.query}"
    if words[:1] == ["--json"]:
        return client.post(path, words[1].encode())
    headers: dict[str, str] = {}
    while "-H" in words:
        at = words.index("-H")
        name, _, value = words[at + 1].partition(": ")
        headers[name] = value
        del words[at : at + 2]
    assert set(words) <= {"-L", "--compressed"}
    answer = client.get(path, headers)
    return client.get(answer.headers["location"]) if "-L" in words and answer.status == 307 else answer
