"""How does a browser ask for somebody who has shown a key once, and when does that end?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.operations import Workspace
from kg_api import page
from kg_api.config import ServiceConfig
from kg_api.middleware.audit import AuditLog
from kg_api.middleware.sessions import (
    IDLE_SECONDS,
    LONGEST_SECONDS,
    MAX_KEY_SESSIONS,
    MAX_SESSIONS,
    UNATTENDED,
    SessionStore,
    is_session_use,
    session_token,
)
from tests.api.service_client import ServiceClient, ServiceReply, run_service
from tests.stores import load, node

ASKED = "/v1/entities?q=ann"
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Desk:
    """A service that asks for keys, and what it notes."""

    client: ServiceClient
    keys: ApiKeyFile
    log: AuditLog
    names: list[str] = field(default_factory=list)

    def key(self) -> tuple[str, str]:
        """A new key: its name, and itself."""
        name = f"analyst-{len(self.names)}"
        self.names.append(name)
        return name, self.keys.add(name, "never", today())[1]

    def open(self, secret: str, headers: Mapping[str, str] = OWN, **said: str) -> ServiceReply:
        return self.client.post("/session", {"key": secret, **said}, headers)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    load(folder / "graph.sqlite", "s", [node("ann", name="Ann Example")])
    keys, log = ApiKeyFile(folder / "keys.json"), AuditLog(folder / "audit.jsonl")
    keys.add("first", "never", today())
    config = ServiceConfig(ApiKeyRing(keys), audit_log=log)
    with run_service(Workspace(folder / "graph.sqlite"), config, refresh=False) as client:
        yield Desk(client, keys, log)


def cookie(reply: ServiceReply) -> dict[str, str]:
    """The header that sends back what a reply set."""
    return {"Cookie": reply.headers["set-cookie"].partition(";")[0]}


def test_a_key_opens_a_session_that_asks_with_the_name_case_and_purpose(desk: Desk) -> None:
    name, secret = desk.key()
    opened = desk.open(secret, case="2014/7", purpose="查 assets")
    assert opened.data == {
        "key": name,
        "case": "2014/7",
        "purpose": "查 assets",
        "has_keys": True,
        "protected": False,
        "may_judge": False,
        "requesting": "",
    }
    assert opened.headers["cache-control"] == "no-store"
    first, *rest = opened.headers["set-cookie"].split("; ")
    assert first.startswith(f"kg-{desk.client.port}=") and len(first) > 50
    assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=strict"]
    own = {**cookie(opened), **OWN}
    assert desk.client.get(ASKED, {**own, "Kg-Case": "another"}).status == 200
    assert desk.client.get("/session", own).data == opened.data
    line = desk.lines()[-1]
    assert (line["key"], line["case"], line["purpose"]) == (name, "2014/7", "查 assets")


def test_behind_https_the_cookie_is_for_this_host_and_https_alone(desk: Desk) -> None:
    opened = desk.open(desk.key()[1], {**OWN, "Origin": "https://desk.example.org"})
    first, *rest = opened.headers["set-cookie"].split("; ")
    assert first.startswith(f"__Host-kg-{desk.client.port}=")
    assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=strict", "Secure"]
    assert desk.client.get(ASKED, {**cookie(opened), **OWN}).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", "same-origin, same-origin", None])
def test_a_cookie_asks_nothing_unless_the_page_of_this_service_sends_it(desk: Desk, site: str | None) -> None:
    sent = cookie(desk.open(desk.key()[1]))
    headers = sent if site is None else {**sent, "Sec-Fetch-Site": site}
    refused = desk.client.get(ASKED, headers)
    assert (refused.status, refused.data["detail"].startswith("expected an API key")) == (401, True)
    assert desk.client.get(ASKED, {**sent, **OWN}).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
def test_no_other_page_begins_a_session(desk: Desk, site: str | None) -> None:
    refused = desk.open(desk.key()[1], {} if site is None else {"Sec-Fetch-Site": site})
    assert (refused.status, "set-cookie" in refused.headers) == (403, False)
    assert desk.lines()[-1]["refused"] == "site"


def test_a_revoked_key_ends_its_sessions_at_once(desk: Desk) -> None:
    name, secret = desk.key()
    own = {**cookie(desk.open(secret)), **OWN}
    assert desk.client.get(ASKED, own).status == 200
    desk.keys.revoke(name, today())
    refused = desk.client.get(ASKED, own)
    assert (refused.status, refused.data["detail"]) == (401, f"the API key of {name} is revoked")
    assert desk.client.get(ASKED, own).data["detail"].startswith("the session has ended")
    assert desk.open(secret).status == 401


def test_a_session_that_is_ended_asks_nothing(desk: Desk) -> None:
    own = {**cookie(desk.open(desk.key()[1])), **OWN}
    ended = desk.client.ask("DELETE", "/session", None, own)
    assert (ended.status, ended.headers["clear-site-data"]) == (204, '"cache", "storage"')
    assert f'kg-{desk.client.port}=""' in ended.headers["set-cookie"] and "Max-Age=0" in ended.headers["set-cookie"]
    assert desk.client.get(ASKED, own).status == 401


def test_whoever_logs_in_again_leaves_the_session_before(desk: Desk) -> None:
    secret = desk.key()[1]
    first = {**cookie(desk.open(secret, case="one")), **OWN}
    second = desk.open(secret, first, case="two")
    assert desk.client.get("/session", first).status == 401
    assert desk.client.get("/session", {**cookie(second), **OWN}).data["case"] == "two"


def test_the_log_says_who_began_and_ended_a_session_for_which_case(desk: Desk) -> None:
    name, secret = desk.key()
    opened = desk.open(secret, case="2014/7", purpose="tracing")
    assert desk.open("").status == 422  # nobody, who could fill the log with it
    desk.client.ask("DELETE", "/session", None, {**cookie(opened), **OWN})
    assert desk.lines()[-1]["key"] == name
    told = [line for line in desk.lines() if line["key"] == name]
    assert [(line["event"], line["method"], line["operation"], line["status"]) for line in told] == [
        ("answered", "POST", "openSession", 200),
        ("answered", "DELETE", "endSession", 204),
    ]
    assert {(line["case"], line["purpose"], str(line["asked"])) for line in told} == {("2014/7", "tracing", "{}")}


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "é", '"', "kg", "a" * 4000])
def test_a_cookie_that_is_none_opens_nothing(desk: Desk, value: str) -> None:
    headers = {"Cookie": f"kg-{desk.client.port}={value}", **OWN}
    assert desk.client.get(ASKED, {k: v.encode("utf-8").decode("latin-1") for k, v in headers.items()}).status == 401


def test_services_on_several_ports_of_a_machine_leave_each_others_sessions_alone(desk: Desk) -> None:
    own = {**cookie(desk.open(desk.key()[1])), **OWN}
    sent = own["Cookie"]
    beside = {**own, "Cookie": f"kg-1=other; kg=other; __Host-kg-1=other; {sent}"}
    assert desk.client.get(ASKED, beside).status == 200
    assert desk.client.get(ASKED, {**own, "Cookie": sent.replace(str(desk.client.port), "1")}).status == 401


def test_no_browser_keeps_what_a_session_is_answered(desk: Desk) -> None:
    secret = desk.key()[1]
    own = {**cookie(desk.open(secret)), **OWN}
    asked = [desk.client.get(ASKED, own), desk.client.get("/readyz", own), desk.client.get("/v1/entities/none", own)]
    assert {answer.headers["cache-control"] for answer in asked} == {"no-store"}
    by_key = desk.client.get(ASKED, {"Authorization": f"Bearer {secret}"})
    assert by_key.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("path", "headers", "is_use"),
    [("/v1/graph", {}, True), ("/v1/graph", {UNATTENDED: "1"}, False), ("/readyz", {}, False)],
)
def test_what_an_open_page_asks_by_itself_is_no_use(path: str, headers: dict[str, str], is_use: bool) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    assert is_session_use({"type": "http", "path": path, "headers": raw}) is is_use


def test_a_key_in_a_header_goes_before_a_cookie(desk: Desk) -> None:
    own = {**cookie(desk.open(desk.key()[1])), **OWN}
    assert desk.client.get(ASKED, {**own, "Authorization": "Bearer kg_no"}).status == 401


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"key": "kg_" + "A" * 43}, 401, ""),
        ({}, 422, "key"),
        ({"key": ""}, 422, "key"),
        ({"key": "k" * 201}, 422, "key"),
        ({"key": "kg_a", "case": "a\x00b"}, 422, "case"),
        ({"key": "kg_a", "purpose": "p" * 201}, 422, "purpose"),
        ({"key": "kg_a", "who": "me"}, 422, "who"),
        ({"key": 7}, 422, "key"),
    ],
)
def test_what_is_no_key_or_note_is_refused(desk: Desk, body: object, status: int, field: str) -> None:
    refused = desk.client.post("/session", body, OWN)
    assert (refused.status, "set-cookie" in refused.headers) == (status, False)
    assert [error["field"] for error in refused.data["errors"]] == ([field] if field else [])


def test_a_key_that_is_sent_to_begin_a_session_is_in_no_log(desk: Desk) -> None:
    secret = desk.key()[1]
    for key in (secret, secret[:-1], "a password"):
        for site in ("same-origin", "cross-site"):
            desk.open(key, {"Sec-Fetch-Site": site})
    noted = desk.log.path.read_text(encoding="utf-8")
    assert secret not in noted and secret[:-1] not in noted and "a password" not in noted


def test_without_keys_there_is_no_session_and_none_is_needed(tmp_path: Path) -> None:
    load(tmp_path / "graph.sqlite", "s", [node("ann", name="Ann Example")])
    with run_service(Workspace(tmp_path / "graph.sqlite"), refresh=False) as client:
        assert client.get("/session").data["has_keys"] is False
        assert client.post("/session", {"key": "kg_any"}, OWN).status == 409
        assert client.get("/", {"X-Forwarded-For": "10.0.0.7"}).status == 403


def test_the_page_and_its_files_are_open_and_hold_browsers_to_its_policy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "index.html": b"<!doctype html>",
        "main.0a1b2c3d4e5f.js": b"0",
        "LICENSES.txt": b"MIT",
        "icon.svg": b"<svg/>",
    }
    monkeypatch.setattr(page, "page_files", lambda: files)
    index, script = desk.client.get("/"), desk.client.get("/page/main.0a1b2c3d4e5f.js")
    assert (index.status, script.status) == (200, 200)
    assert index.headers["cache-control"] == "private, no-cache"
    assert "immutable" in script.headers["cache-control"]
    for name in ("index.html", "LICENSES.txt", "icon.svg"):
        assert desk.client.get(f"/page/{name}").headers["cache-control"] == "private, no-cache"
    policy = index.headers["content-security-policy"].split("; ")
    assert policy[0] == "default-src 'none'" and "require-trusted-types-for 'script'" in policy
    assert not any(word in " ".join(policy) for word in ("unsafe", "http", "data:", "*"))
    for name in ("nothing.js", "..%2fpage.py", "%2e%2e/page.py", ".made-of", "a/b"):
        assert desk.client.get(f"/page/{name}").status == 404
    assert desk.client.get("/", {"Host": "evil.example.org"}).status == 421
    monkeypatch.setattr(page, "page_files", dict)
    assert "make demo" in desk.client.get("/").data["detail"]


def test_sessions_end_after_rest_and_after_a_day_of_work() -> None:
    now = [0.0]
    sessions = SessionStore(lambda: now[0])
    token, other = sessions.start("d", "", ""), sessions.start("d", "", "")
    for _ in range(int(LONGEST_SECONDS / (IDLE_SECONDS - 1))):
        now[0] += IDLE_SECONDS - 1
        assert sessions.find(token) is not None
        assert sessions.find(other, is_use=False) is None or now[0] < IDLE_SECONDS
    now[0] = LONGEST_SECONDS
    assert sessions.find(token) is None


def test_of_too_many_sessions_the_one_that_asked_longest_ago_ends() -> None:
    now = [0.0]
    sessions = SessionStore(lambda: now[0])
    tokens = []
    for _ in range(MAX_KEY_SESSIONS + 1):
        tokens.append(sessions.start("a", "", ""))
        now[0] += 1
    assert [sessions.find(token) is not None for token in tokens] == [False] + [True] * MAX_KEY_SESSIONS
    for number in range(MAX_SESSIONS):
        now[0] += 0.001
        sessions.start(str(number), "", "")
    assert not any(map(sessions.find, tokens))


@pytest.mark.parametrize("count", [1, 2])
def test_no_token_is_kept_as_it_is(count: int) -> None:
    sessions = SessionStore()
    tokens = [sessions.start("d", "", "") for _ in range(count)]
    assert len(set(tokens)) == count
    assert not any(token in repr(vars(sessions)) for token in tokens)


def test_several_cookie_headers_are_read_as_one() -> None:
    headers = [(b"sec-fetch-site", b"same-origin"), (b"cookie", b"a=1; b"), (b"cookie", b"kg=token")]
    assert session_token({"type": "http", "headers": headers}) == "token"
