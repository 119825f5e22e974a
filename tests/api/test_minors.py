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

SECRETS = (
    "Hushwell",
    "Quietley",
    "N-404404",
    "P-777888",
    "HUSHWELL",
    "E-424242",
    "2013-05-03",
    "Little Lane",
    "nursery",
    "K-515151",
    "Savings",
    "Kite of",
    "schooled",
    "recital",
    "Hidelane",
    "cello",
    "lullaby",
    "xylograph",
    "P 777888",
    "stroller",
    "sandbox",
)

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
    {"key": "k", "type": "BankAccount", "properties": {"name": "Savings, Bo", "account_number": "K-515151"}},
    {"key": "b-k", "type": "OWNS", "from": "b", "to": "k"},
    {
        "key": "a-k",
        "type": "PAID",
        "from": "a",
        "to": "k",
        "properties": {"amount": "USD 5", "purpose": "for HUSHWELL Bo"},
    },
    {"key": "b-c", "type": "HAS_DOCUMENT", "from": "b", "to": "c"},
    {"key": "b-d", "type": "OWNS", "from": "b", "to": "d", "properties": {"share": "100"}},
    {"key": "b-a", "type": "FAMILY_OF", "from": "b", "to": "a", "properties": {"relation": "child"}},
    {"key": "b-SOUGHT", "type": "SOUGHT_UNDER", "from": "b", "to": "w"},
    {"key": "h", "type": "Enterprise", "properties": {"name": "Holdings Seven"}},
    {"key": "y", "type": "Vessel", "properties": {"name": "Kite of Bo"}},
    {"key": "b-h", "type": "OWNS", "from": "b", "to": "h", "properties": {"share": "100"}},
    {"key": "h-y", "type": "OWNS", "from": "h", "to": "y", "properties": {"share": "100"}},
    {
        "key": "t",
        "type": "Offence",
        "properties": {"name": "theft", "conduct": "Took money. Bo Hushwell was schooled by it."},
    },
    {"key": "a-t", "type": "ACCUSED_OF", "from": "a", "to": "t", "properties": {"stage": "alleged"}},
    {
        "key": "a",
        "part": "z",
        "type": "Person",
        "properties": {"summary": "Lives abroad. Paid for a recital of her son Bo."},
    },
    {"key": "g", "type": "Person", "properties": {"name": "Gil Overgrown", "birth_date": "2000-05-05"}},
    {"key": "g-a", "type": "FAMILY_OF", "from": "a", "to": "g", "properties": {"relation": "parent of"}},
    {"key": "g-d", "type": "OWNS", "from": "g", "to": "d", "properties": {"share": "1"}},
    {"key": "v", "type": "Warrant", "properties": {"number": "W-1", "issuer": "Cityville", "issued_on": "2013-01-01"}},
    {"key": "a-v", "type": "SOUGHT_UNDER", "from": "a", "to": "v"},
    {"key": "o", "type": "ListEntry", "properties": {"name": "Overgrown listed", "issued_on": "2013-01-01"}},
    {"key": "g-o", "type": "SOUGHT_UNDER", "from": "g", "to": "o"},
    {"key": "cu", "type": "Case", "properties": {"name": "Custody of Bo Hushwell"}},
    {"key": "rq", "type": "Request", "properties": {"name": "Return of Bo Hushwell"}},
    {"key": "li", "type": "ListEntry", "properties": {"name": "Hushwell, Bo", "number": "7"}},
    {"key": "a-li", "type": "SOUGHT_UNDER", "from": "a", "to": "li"},
    {"key": "a", "part": "y", "type": "Person", "properties": {"alias": "Mother of Bo Hushwell"}},
    {"key": "b-no", "type": "HAS_DOCUMENT", "from": "b", "to": "nobody"},
    {"key": "ad", "type": "Address", "properties": {"full": "7 Hidelane, Cityville", "city": "Cityville"}},
    {"key": "b-ad", "type": "HAS_ADDRESS", "from": "b", "to": "ad"},
    {"key": "co", "type": "Address", "properties": {"full": "c/o Hushwell, Bo, 9 Highroad"}},
    {"key": "a-co", "type": "HAS_ADDRESS", "from": "a", "to": "co"},
    {"key": "z", "type": "Person", "properties": {"name": "Zed Stranger", "summary": "Taught Bo Hushwell the cello."}},
    {"key": "h", "part": "x", "type": "Enterprise", "properties": {"summary": "A stroller of N-404404 is kept here."}},
    {
        "key": "t",
        "part": "x",
        "type": "Offence",
        "properties": {"summary": "Showed P 777888. For little Bo, a sandbox."},
    },
    {"key": "a-z", "type": "PAID", "from": "a", "to": "z", "properties": {"amount": "USD 7", "purpose": "lullaby, Bo"}},
    {"key": "gu", "type": "Case", "properties": {"name": "Guardianship of Bo, xylograph"}},
    {"key": "a-gu", "type": "PARTY_TO", "from": "a", "to": "gu"},
]

BO = node_id("test", "b")

GROWN_SINCE = "Overgrown"
"""In the name of who was 14 on the day asked about, and is of age by now."""

DAY = "2014-09-01"

MORE_QUESTIONS: tuple[tuple[object, ...], ...] = (
    ("routes", "test:b", "--requesting", "CN"),
    ("routes", "--requesting", "CN"),
    ("portfolio", "--requesting", "CN"),
    ("screen", "{list}", "--from", "0"),
    ("candidates", "--write"),
    ("flow", "test:b"),
    ("flow", "test:a"),
    ("show", "test:a"),
    ("show", "test:k"),
    ("show", "test:y"),
    ("show", "test:t"),
    ("freeze-set", "test:b", "--requesting", "CN"),
    ("freeze-set", "test:a", "--requesting", "CN"),
)

ABOUT_A_DAY: tuple[tuple[object, ...], ...] = (
    ("routes", "test:g"),
    ("routes",),
    ("portfolio",),
    ("gaps",),
    ("freeze-set", "test:a"),
    ("freeze-set", "test:g"),
    ("dossier", "test:a", "--out", "{page}"),
    ("dossier", "test:g", "--out", "{page}"),
    ("request", "draft", "freeze", "test:a", "--to", "US", "--out", "{page}"),
    ("flow", "test:g"),
    ("owners", "test:d"),
    ("holdings", "test:g"),
    ("path", "test:a", "test:g"),
    ("connect", "test:a", "test:g"),
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
    assert "bank account of a child" in told["('show', 'test:k')"]
    assert "vessel of a child" in told["('show', 'test:y')"]
    assert "Took money. [a sentence that names a child is withheld]" in told["('show', 'test:t')"]
    assert "Lives abroad. [a sentence that names a child is" in told["('show', 'test:a')"]
    assert "Lives abroad. [a sentence" in told["out.graphml"]
    assert "identity document of a child" in told["show ('test:c',) ()"]
    assert json.loads(twin.kg("show", "test:b", "--json")[1])["entity"]["properties"] == {"birth_date": ["2013"]}
    whole = twin.kg("show", "test:b", scope="protected")[1]
    assert "Bo Hushwell" in whole and "N-404404" in whole


def test_who_was_under_18_on_the_day_asked_about_is_told_as_a_child(tmp_path: Path) -> None:
    twin = Twin(tmp_path / "graph", given_protected=False)
    file, page = twin.folder / "in" / "s1.records.jsonl", twin.folder / "page.md"
    file.write_text("\n".join(map(json.dumps, RECORDS)) + "\n")
    assert twin.kg("load", file, "--source", "s1", "--namespace", "test")[0] == 0
    requesting = {"routes", "portfolio", "gaps", "freeze-set", "dossier", "request"}

    def ask(day: str) -> dict[str, str]:
        told = {}
        for words in ABOUT_A_DAY:
            page.write_text("")
            given = (str(page) if word == "{page}" else word for word in words)
            code = ("--requesting", "CN") if words[0] in requesting else ()
            told[str(words)] = str(twin.kg(*given, "--as-of", day, *code)) + page.read_text()
        with run_service(Workspace(twin.store, requesting="CN")) as client:
            for address in (
                *(
                    "persons/test:g/routes",
                    "persons/test:g/freeze-set",
                    "persons/test:a/dossier",
                    "persons/test:g/dossier",
                    "portfolio",
                    "gaps",
                    "entities/test:d/owners",
                ),
                *("entities/test:g/holdings", "entities/test:a/links"),
            ):
                told[address] = client.get(f"/v1/{address}?as_of={day}").body.decode()
            asked = {"nodes": ["test:a", "test:g"], "as_of": day}
            for address in ("connections", "graph", "timelines", "neighbourhoods"):
                told[address] = client.post(f"/v1/{address}", asked).body.decode()
            ends = {"from": "test:a", "to": "test:g", "as_of": day}
            told["paths"] = client.post("/v1/paths", ends).body.decode()
        return told

    told = ask(DAY)
    assert {question for question, text in told.items() if GROWN_SINCE in text} == set()
    named = {question for question, text in told.items() if "a child of Ann" in text}
    assert named >= {str(words) for words in ABOUT_A_DAY if words[0] in {"portfolio", "dossier", "owners", "path"}}, (
        named
    )
    assert {"connections", "graph", "paths"} <= named
    for words in (("owners", "test:d"), ("holdings", "test:b"), ("path", "test:a", "test:b"), ("flow", "test:b")):
        early = str(twin.kg(*words, "--as-of", "1900-01-01"))
        assert [secret for secret in SECRETS if secret in early] == [], words
    later = ask("2018-05-05")
    assert GROWN_SINCE in later["('portfolio',)"] and GROWN_SINCE in later["paths"]
