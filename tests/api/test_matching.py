"""Screening and comparison over HTTP: the documents of the commands, and the lines of the log. All are invented."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from limits import parse_many
from typer.testing import CliRunner

from kg.cli import app
from kg.operations import Workspace
from kg.records import Provenance, node_id
from kg.settings import Settings
from kg_api.config import ServiceConfig, read_config
from kg_api.dependencies import GraphRequest
from kg_api.middleware.audit import AuditLog
from kg_api.middleware.limits import LIST_BYTES, MAX_BODY_BYTES
from kg_api.requests import MAX_ROWS
from tests.api.service_client import ServiceClient, run_service
from tests.stores import link, load, node

CASE = {"Kg-Case": "2026/17", "Kg-Purpose": "asset tracing"}
HIDDEN = Provenance(handling="protected")
PETER, COMPANY, YACHT = (node_id("test", key) for key in ("r1", "co", "yacht"))

LIST = """name,alias,date of birth,nationality,passport,position
张栩文,Petrus Zhang;栩文张,1965-03-12,China,G1234567,
沈岚澜,,,,,"Head, Office of Invented Dams"
Nobody Known,,1900,Canadian; British,,
-,,,,,
"""
ROWS: list[dict[str, Any]] = [
    {
        "name": "张栩文",
        "alias": ["Petrus Zhang", "栩文张"],
        "birth_date": "1965-03-12",
        "citizenship": "CN",
        "passport_number": "G1234567",
        "position": "",
    },
    {"name": "沈岚澜", "position": ["Head, Office of Invented Dams"], "gender": None},
    {"type": "person", "name": ["Nobody Known"], "birth_date": "1900", "citizenship": ["Canadian", "british"]},
    {"name": "-"},
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matching") / "graph.sqlite"
    people = [
        node("r1", name="Cheung Hui Man Peter", birth_date="1965-12-03"),
        node("r2", name="ZHANG Xuwen", birth_date="1965"),
        node("r5", name="Somebody Else", passport_number="G1234567"),
        node("r7", name="Shen Lan-lan", position="Head of the Office of Invented Dams"),
        node("co", "Enterprise", name="Brockwell Tansy Ltd", registration_number="HK-778899"),
        node("yacht", "Vessel", name="Nebel"),
    ]
    places = [node("CN", "Jurisdiction", code="CN", name="China"), node("CA", "Jurisdiction", code="CA", name="Canada")]
    load(path, "people", [*people, link("r1 CITIZEN_OF CA"), link("r2 CITIZEN_OF CN"), *places])
    load(path, "shelter", [node("q", name="Quentin Shelterworth", provenance=HIDDEN)])
    return path


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit.jsonl")


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(path), refresh=False) as client:
        yield replace(client, always=CASE)


def kg(path: Path, *words: object) -> Any:
    done = CliRunner().invoke(app, [*map(str, words), "--json"], env={"KG_STORE": f"embedded:{path}"})
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def screen(client: ServiceClient, rows: Any, **more: object) -> Any:
    reply = client.post("/v1/screenings", {"rows": rows, **more})
    assert reply.status == 200, reply.body
    return reply.data


# --- the same documents


def test_a_screening_is_the_document_that_the_command_prints(path: Path, client: ServiceClient, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(LIST, encoding="utf-8")
    printed = kg(path, "screen", listed, "--from", 0.001, "--expect", 0.3, "--source", "people")
    answered = screen(client, ROWS, **{"from": 0.001, "expect": 0.3, "source": "people"})
    places = {row["name"] if isinstance(row["name"], str) else row["name"][0]: n for n, row in enumerate(ROWS)}
    for target in printed["targets"]:  # a row of a file is called by its record, one of a body by its place
        assert printed["references"].pop(target["id"]).startswith("line ")
        target["id"] = f"rows.{places[target['caption']]}"
        for match in target["matches"]:
            match["one"] = target["id"]
    assert printed.pop("notes") == ["4 rows of the list without a key, called by the line"]
    assert answered.pop("notes") == []
    assert sum(len(target["matches"]) for target in answered["targets"]) >= 4
    assert answered == printed


def test_a_comparison_is_the_document_that_the_command_prints(path: Path, client: ServiceClient) -> None:
    reply = client.get("/v1/comparisons", one="test:r1", other="test:r2")
    assert reply.data == kg(path, "why", "test:r1", "test:r2")
    again = client.get("/v1/comparisons", {"If-None-Match": reply.headers["etag"]}, one="test:r1", other="test:r2")
    assert (again.status, again.body) == (304, b"")


def test_compared_names_are_those_that_the_command_prints(path: Path, client: ServiceClient, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("left,right,kind\n张栩文,Cheung Hui Man,\nX Ltd,X Limited,company\n,-,\n", encoding="utf-8")
    sent = [
        {"left": "张栩文", "right": "Cheung Hui Man"},
        {"left": "X Ltd", "right": "X Limited", "type": "company"},
        {"left": "", "right": "-"},
    ]
    reply = client.post("/v1/name-comparisons", {"pairs": sent})
    assert reply.data == {"comparisons": kg(path, "compare-names", "--pairs", pairs)}


def test_a_fuzzy_search_is_the_document_that_the_command_prints(path: Path, client: ServiceClient) -> None:
    for text in ("Brokwell Tansy", "Brockwell Tansy Ltd", "张栩文"):
        printed = kg(path, "search", text, "--fuzzy", "--limit", 5)
        assert client.get("/v1/entities", q=text, fuzzy="true", limit=5).data == printed
    assert [one["entity"]["id"] for one in kg(path, "search", "Brokwell Tansy", "--fuzzy")["may_be_written_so"]] == [
        COMPANY
    ]


def test_without_fuzzy_an_answer_is_as_it_was(client: ServiceClient) -> None:
    plain = client.get("/v1/entities", q="Brockwell")
    assert plain.data["entities"] and "may_be_written_so" not in plain.data
    assert client.get("/v1/entities", q="Brockwell", fuzzy="false").body == plain.body


# --- what is screened


def test_companies_are_screened_by_their_own_rules(client: ServiceClient) -> None:
    row = {"type": "company", "name": "Brokwell Tansy Limited", "registration_number": "HK778899"}
    [target] = screen(client, [row])["targets"]
    assert [(m["other"], m["band"]) for m in target["matches"]] == [(COMPANY, "strong")]


def test_a_name_alone_is_never_strong(client: ServiceClient) -> None:
    [target] = screen(client, [{"name": "Cheung Hui Man Peter"}])["targets"]
    assert [(m["other"], m["band"]) for m in target["matches"]][:1] == [(PETER, "review")]


def test_nothing_is_stored_by_a_screening(path: Path, client: ServiceClient) -> None:
    before = path.read_bytes()
    screen(client, ROWS)
    assert path.read_bytes() == before


def test_a_thousand_rows_are_screened_and_one_more_is_not(client: ServiceClient) -> None:
    rows = [{"name": f"Nobody Known {n}"} for n in range(MAX_ROWS)]
    assert len(json.dumps(rows)) < MAX_BODY_BYTES
    assert len(screen(client, rows, seconds=30)["targets"]) == MAX_ROWS
    assert client.post("/v1/screenings", {"rows": [*rows, {"name": "A"}]}).status == 422


def test_protected_entries_are_neither_shown_nor_counted_without_their_scope(path: Path, client: ServiceClient) -> None:
    rows = [{"name": "Quentin Shelterworth"}]
    found = screen(client, rows, **{"from": 0})
    assert (found["entries"], found["targets"][0]["compared"]) == (5, 0)
    hidden, never = (client.post("/v1/screenings", {"rows": rows, "source": name}) for name in ("shelter", "nothing"))
    assert (hidden.status, never.status) == (404, 404)
    assert hidden.data["detail"].replace("shelter", "nothing") == never.data["detail"]
    with run_service(Workspace(path, protected=True), refresh=False) as scoped:
        found = screen(replace(scoped, always=CASE), rows)
    assert (found["entries"], len(found["targets"][0]["matches"])) == (6, 1)


# --- what is refused


@pytest.mark.parametrize(
    ("row", "field", "expected"),
    [
        ({"name": "A", "birth_date": "spring"}, "rows.1.birth_date", "expected a date"),
        ({"name": "A", "birth_date": ["1960", "1960-13-01"]}, "rows.1.birth_date", "expected a date"),
        ({"name": "A", "citizenship": "Atlantis"}, "rows.1.citizenship", "expected a word for the citizens"),
        *(
            ({"name": "A", "citizenship": c}, "rows.1.citizenship", "expected")
            for c in ("XX", "xx-de", "US-1234", "-", "CN, Atlantis")
        ),
        ({"name": "A", "passport_number": "--"}, "rows.1.passport_number", "at least one letter or digit"),
        ({"name": "A", "lei": "12"}, "rows.1.lei", "expected 20 letters and digits"),
        ({"type": "company", "name": "A", "lei": "12"}, "rows.1.lei", "expected 20 letters and digits"),
        ({"type": "company", "name": "A", "birth_date": "1960"}, "rows.1.birth_date", "expected one of name, alias"),
        ({"type": "company", "name": "A", "citizenship": "CN"}, "rows.1.citizenship", "registered_in of a company"),
        ({"type": "ship", "name": "A"}, "rows.1.type", "expected one of person, company"),
        ({"name": ""}, "rows.1.name", "expected a name"),
        ({"name": []}, "rows.1.name", "expected a name"),
        ({"name": None}, "rows.1.name", "expected a name"),
        ({"alias": "A"}, "rows.1.name", "Field required"),
        ({"name": 7}, "rows.1.name", "list"),
        ({"name": ["A", 7]}, "rows.1.name.1", "string"),
        ({"name": {"first": "A"}}, "rows.1.name", "list"),
        ({"name": "A\x00B"}, "rows.1.name", "control characters"),
        ({"name": "A" * 501}, "rows.1.name.0", "500"),
        ({"name": ["A"] * 51}, "rows.1.name", "50"),
        ({"name": "A", "born": "1960"}, "rows.1.born", "Extra inputs"),
        ("Ann", "rows.1", "dictionary"),
        (None, "rows.1", "dictionary"),
    ],
)
def test_a_bad_row_is_told_with_its_place_key_and_value(
    client: ServiceClient, row: Any, field: str, expected: str
) -> None:
    reply = client.post("/v1/screenings", {"rows": [{"name": "Ann Example"}, row]})
    assert reply.status == 422
    [error] = reply.data["errors"]
    assert (error["field"], expected in error["expected"]) == (field, True), error


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rows": []}, "rows"),
        ({"rows": {"name": "Ann"}}, "rows"),
        ({"from": 1.1}, "from"),
        ({"from": -0.1}, "from"),
        ({"from": "0.5"}, "from"),
        ({"from": True}, "from"),
        ({"expect": 0}, "expect"),
        ({"seconds": 31}, "seconds"),
        ({"seconds": 0.5}, "seconds"),
        ({"limit": 3}, "limit"),
        ({"source": "x" * 2_101}, "source"),
    ],
)
def test_other_fields_that_are_not_valid_are_told(client: ServiceClient, change: dict[str, Any], field: str) -> None:
    reply = client.post("/v1/screenings", {"rows": [{"name": "Ann"}]} | change)
    assert (reply.status, [error["field"] for error in reply.data["errors"]]) == (422, [field])


def test_a_key_that_a_row_has_twice_is_told(client: ServiceClient) -> None:
    reply = client.post("/v1/screenings", b'{"rows": [{"name": "A", "alias": "C", "name": "B"}]}')
    assert (reply.status, reply.data["detail"]) == (422, "rows.0.name 'name': expected this name once")


@pytest.mark.parametrize("case", [None, "", "  "])
def test_who_names_no_case_screens_nobody(client: ServiceClient, case: str | None) -> None:
    headers = {} if case is None else {"Kg-Case": case}
    reply = replace(client, always={}).post("/v1/screenings", {"rows": [{"name": "Ann Example"}]}, headers)
    [error] = reply.data["errors"]
    assert (reply.status, error["field"]) == (422, "Kg-Case")


def test_what_does_not_fit_into_the_time_is_no_answer(client: ServiceClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GraphRequest, "deadline", lambda *_: lambda: True)  # time that has run out
    for address, body in (
        ("/v1/screenings", {"rows": [{"name": "Zhang Xuwen"}]}),
        ("/v1/name-comparisons", {"pairs": [{"left": "A", "right": "B"}]}),
    ):
        reply = client.post(address, body | {"seconds": 1})
        assert (reply.status, "could not all be compared within 1 seconds" in reply.data["detail"]) == (504, True)


def test_bodies_of_lists_may_be_larger_than_others(client: ServiceClient) -> None:
    rows = [{"name": "Ann Example", "address": "x" * 400}] * 200
    assert len(json.dumps({"rows": rows})) > MAX_BODY_BYTES
    assert client.post("/v1/screenings", {"rows": rows}).status == 200
    for operation, address in (("screenList", "/v1/screenings"), ("compareNames", "/v1/name-comparisons")):
        reply = client.post(address, b" " * (LIST_BYTES[operation] + 1))
        assert (reply.status, str(LIST_BYTES[operation]) in reply.data["detail"]) == (413, True)
    assert client.post("/v1/paths", b" " * (MAX_BODY_BYTES + 1)).status == 413


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("one=test:r1", 422, "other"),
        ("one=test:r1&other=test:nobody", 404, "other"),
        ("one=test:q&other=test:r1", 404, "one"),
        ("one=test:r1&other=test:yacht", 422, "other"),
        ("one=&other=test:r1", 422, "one"),
        ("one=test:r1&one=test:r2&other=test:r1", 422, "one"),
    ],
)
def test_what_cannot_be_compared_is_told(client: ServiceClient, query: str, status: int, field: str) -> None:
    reply = client.get(f"/v1/comparisons?{query}")
    assert (reply.status, [error["field"] for error in reply.data["errors"]]) == (status, [field])


@pytest.mark.parametrize(
    "pairs",
    [[], [{"left": "A"}], [{"left": "A", "right": None}], [["A", "B"]], [{"left": "A", "right": "B" * 501}], "A,B"],
)
def test_pairs_that_are_none_are_told(client: ServiceClient, pairs: Any) -> None:
    assert client.post("/v1/name-comparisons", {"pairs": pairs}).status == 422


def test_fuzzy_needs_a_name(client: ServiceClient) -> None:
    reply = client.get("/v1/entities", type="Person", fuzzy="true")
    assert (reply.status, reply.data["errors"][0]["field"]) == (422, "fuzzy")


# --- names that are not found


def test_a_name_that_is_not_found_is_answered_as_by_the_command(path: Path, client: ServiceClient) -> None:
    done = CliRunner().invoke(app, ["path", "逯栩文", YACHT], env={"KG_STORE": f"embedded:{path}"})
    assert done.stderr.startswith("kg: no entity is named")
    done = CliRunner().invoke(app, ["path", "Brokwell Tansy", YACHT], env={"KG_STORE": f"embedded:{path}"})
    replies = [
        client.post("/v1/paths", {"from": "Brokwell Tansy", "to": YACHT}),
        client.get("/v1/comparisons", one="Brokwell Tansy", other="test:r1"),
        client.get("/v1/entities/Brokwell%20Tansy"),
    ]
    for reply in replies[1:]:
        assert reply.status == 404
        assert done.stderr == f"kg: {reply.data['detail']}; give an id\n"
        assert reply.data["may_be_written_so"] == [{"id": COMPANY, "type": "Enterprise", "name": "Brockwell Tansy Ltd"}]


def test_where_nothing_may_be_written_so_the_problem_has_no_such_list(client: ServiceClient) -> None:
    problem = client.get("/v1/entities/nobody").data
    assert problem.keys() == {"type", "title", "status", "detail", "errors"}


# --- how often, and what is logged


def test_screenings_have_a_rate_of_their_own(path: Path) -> None:
    rates = ServiceConfig(screening_limits=tuple(parse_many("2/minute")))
    with run_service(Workspace(path), rates, refresh=False) as client:
        asked = replace(client, always=CASE)
        statuses = [asked.post("/v1/screenings", {"rows": [{"name": "Ann"}]}).status for _ in range(3)]
        assert statuses == [200, 200, 429]
        refused = asked.post("/v1/%73creenings", {"rows": [{"name": "Ann"}]})
        assert (refused.status, refused.data["detail"]) == (429, "expected at most 2 per 1 minute of screenList")
        assert int(refused.headers["retry-after"]) > 0
        assert asked.post("/v1/name-comparisons", {"pairs": [{"left": "A", "right": "B"}]}).status == 200
        assert asked.get("/v1/entities", q="Ann").status == 200


def test_the_rate_is_modest_unless_it_is_set(tmp_path: Path) -> None:
    settings = Settings(api_keys=tmp_path / "keys.json")
    assert [str(rate) for rate in ServiceConfig().screening_limits] == []
    assert settings.api_screening_rate == "10/minute;100/day"
    found = read_config(Settings(api_screening_rate="5/hour"), "127.0.0.1").screening_limits
    assert [str(rate) for rate in found] == ["5 per 1 hour"]


def test_a_screening_is_logged_row_by_row_before_it_is_answered(path: Path, log: AuditLog) -> None:
    rows = [{"name": "Cheung Hui Man Peter", "birth_date": "1965-12-03"}, {"name": "Nobody Known"}]
    asked = {"rows": rows, "from": 0.5}
    with run_service(Workspace(path), ServiceConfig(audit_log=log), refresh=False) as client:
        answer = replace(client, always=CASE).post("/v1/screenings", asked).data
        matches = answer["targets"][0]["matches"]
        lines = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["asked", "screened", "screened", "answered"]
    assert {line["request"] for line in lines} == {lines[0]["request"]}
    assert {(line["case"], line["purpose"], line["operation"]) for line in lines} == {
        ("2026/17", "asset tracing", "screenList")
    }
    given = [{"id": m["other"], "probability": m["probability"], "band": m["band"]} for m in matches]
    assert given[0]["id"] == PETER
    assert [(line["row"], line["asked"], line["given"]) for line in lines[1:3]] == [
        (0, rows[0], given),
        (1, rows[1], []),
    ]
    assert (lines[3]["results"], lines[3]["about"]) == (len(given), [one["id"] for one in given])


def test_a_refused_screening_is_logged_without_rows(path: Path, log: AuditLog) -> None:
    with run_service(Workspace(path), ServiceConfig(audit_log=log), refresh=False) as client:
        client.post("/v1/screenings", {"rows": [{"name": "Ann"}]})
    lines = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line.get("status"), line.get("refused")) for line in lines] == [
        ("asked", None, None),
        ("answered", 422, "case"),
    ]


def test_what_cannot_be_logged_is_not_screened(path: Path, tmp_path: Path) -> None:
    blocked = AuditLog(tmp_path / "audit.jsonl")
    blocked.path.mkdir()
    with run_service(Workspace(path), ServiceConfig(audit_log=blocked), refresh=False) as client:
        reply = replace(client, always=CASE).post("/v1/screenings", {"rows": ROWS})
    assert reply.status == 503


def test_the_store_of_a_copy_answers_alike(path: Path, client: ServiceClient, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path))
    with run_service(Workspace(copy), refresh=False) as other:
        assert screen(replace(other, always=CASE), ROWS) == screen(client, ROWS)
