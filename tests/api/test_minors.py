"""Does any output tell the name or a number of somebody under 18? Everybody here is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.operations import Workspace
from kg.records import node_id
from tests.api.service_client import run_service
from tests.api.test_protected_absence import GETS, POSTS
from tests.property.test_protected_absence import Twin, outputs

SECRETS = ("Hushwell", "Quietley", "N-404404", "P-777888", "E-424242", "2013-05-03", "Little Lane", "nursery")

RECORDS: list[dict[str, Any]] = [
    {"key": "a", "type": "Person", "properties": {"name": "Ann Marlow", "birth_date": "1980-01-01"}},
    {
        "key": "b",
        "type": "Person",
        "properties": {
            "name": "Bo Hushwell",
            "alias": "Quietley",
            "birth_date": "2013-05-03",
            "national_number": "N-404404",
            "address": "1 Little Lane",
        },
        "other": {"school": "nursery"},
    },
    {"key": "b", "part": "x", "type": "Person", "properties": {"name": "Bo Quietley"}},
    {"key": "c", "type": "IdentityDocument", "properties": {"number": "P-777888", "shown_name": "Bo Hushwell"}},
    {"key": "d", "type": "RealEstate", "properties": {"name": "Villa"}},
    {"key": "w", "type": "ListEntry", "properties": {"name": "Entry of Bo Hushwell", "number": "E-424242"}},
    {"key": "b-c", "type": "HAS_DOCUMENT", "from": "b", "to": "c"},
    {"key": "b-d", "type": "OWNS", "from": "b", "to": "d", "properties": {"share": "100"}},
    {"key": "b-a", "type": "FAMILY_OF", "from": "b", "to": "a", "properties": {"relation": "child"}},
    {"key": "b-SOUGHT", "type": "SOUGHT_UNDER", "from": "b", "to": "w"},
    {"key": "b-no", "type": "HAS_DOCUMENT", "from": "b", "to": "nobody"},
]

BO = node_id("test", "b")

BO = node_id("test", "b")

MORE_QUESTIONS: tuple[tuple[object, ...], ...] = (
    ("routes", "test:b", "--requesting", "CN"),
    ("routes", "--requesting", "CN"),
    ("portfolio", "--requesting", "CN"),
    ("screen", "{list}", "--from", "0"),
    ("candidates", "--write"),
    ("flow", "test:b"),
)


def test_no_output_tells_the_name_or_a_number_of_a_minor(tmp_path: Path) -> None:
    twin = Twin(tmp_path / "graph", given_protected=True)
    file = twin.folder / "in" / "s1.records.jsonl"
    file.write_text("\n".join(map(json.dumps, RECORDS)) + "\n")
    assert twin.kg("load", file, "--source", "s1", "--namespace", "test")[0] == 0
    people = twin.folder / "in" / "list.csv"
    people.write_text("name,birth_date\nBo H,2013\n")
    told: dict[str, str] = {}
    for words in MORE_QUESTIONS:
        told[str(words)] = str(twin.kg(*(str(people) if word == "{list}" else word for word in words)))
    pages = twin.folder / "pages"
    twin.kg("routes", "--requesting", "CN", "--report", pages)
    told |= {str(page.name): page.read_text() for page in pages.rglob("*.html")}
    told |= {
        question: answer.decode() if isinstance(answer, bytes) else str(answer) for question, answer in outputs(twin)
    }
    with run_service(Workspace(twin.store, requesting="CN")) as client:
        for address in (
            f"{template}{q}" if q.startswith("?") or not q else q for template, qs in GETS.items() for q in qs
        ):
            told[address] = client.get(address).body.decode()
        for address, body in (request for requests in POSTS.values() for request in requests):
            told[f"{address} {body}"] = client.post(address, body).body.decode()
    leaks = {(question, secret) for question, text in told.items() for secret in SECRETS if secret in text}
    assert leaks == set()
    named = {question for question, text in told.items() if "a child of Ann Marlow" in text}
    assert named > {
        *(
            "show ('test:b',) ()",
            "show ('test:b',) ('--json',)",
            "path ('test:a', 'test:b') ()",
            "owners ('test:d',) ()",
        ),
        *("out.graphml", "out.gexf", "out-csv/out-csv/nodes.csv", "/v1/entities?q=Bo", f"/v1/entities/{BO}/holdings"),
    }, sorted(named)
    assert "identity document of a child" in told["show ('test:c',) ()"]
    assert json.loads(twin.kg("show", "test:b", "--json")[1])["entity"]["properties"] == {"birth_date": ["2013"]}
    whole = twin.kg("show", "test:b", scope="protected")[1]
    assert "Bo Hushwell" in whole and "N-404404" in whole
