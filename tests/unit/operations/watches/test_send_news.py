"""Does each receiver get what changed, once, and nothing that they may not?"""

from __future__ import annotations

import email
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from kg.database import connect
from kg.errors import InputError, NotFound
from kg.ledger.erasure import list_activities
from kg.operations import (
    DeliverySettings,
    WatchDelivery,
    WatchRequest,
    Workspace,
    back_up,
    list_watches,
    send_news,
    start_watch,
    stop_watch,
)
from kg.operations.watches.watch_list import read_watches
from kg.records import Provenance, Record
from tests.receivers import Received, mail_server, webhook
from tests.stores import judge, link, load, node, store_fixture, withdraw

HIDDEN = Provenance(handling="protected")
CASE = [
    node("ann", name="Ann Example"),
    node("bob", name="Bob Example"),
    node("cay", name="Cay Example"),
    node("acme", "Enterprise", name="Acme Holding"),
    node("flat", "RealEstate", name="Flat 9"),
    node("villa", "RealEstate", name="Villa Invented"),
    node("paper", "Notice", number="N-1", issuer="Invented Police"),
    link("ann SOUGHT_UNDER paper"),
    link("ann OWNS acme", share="51"),
    link("acme OWNS flat", share="100"),
    link("cay OWNS villa", share="100"),
]
SECRET = "invented secret"


@store_fixture
def path(path: Path) -> None:
    load(path, "register", CASE, day="2024-06-01")


@pytest.fixture
def hook() -> Iterator[Received]:
    with webhook() as received:
        yield received


@pytest.fixture
def post() -> Iterator[Received]:
    with mail_server() as received:
        yield received


def reload(path: Path, *more: Record, without: tuple[str, ...] = (), day: str = "2024-06-09") -> None:
    load(path, "register", [*(r for r in CASE if r.key not in without), *more], day=day)


def watch(path: Path, subject: str, *receivers: str, **more: Any) -> int:
    made = start_watch(Workspace(path), WatchRequest(subject, receivers, day="2024-06-02", **more))
    return made.watch.number


def send(path: Path, hook: Received | None = None, post: Received | None = None, **more: Any) -> list[WatchDelivery]:
    settings = DeliverySettings(
        smtp_host="127.0.0.1" if post else "",
        smtp_port=post.port if post else 587,
        smtp_security="none",
        smtp_from="kg@desk.example",
        webhook_secret=SECRET if hook else "",
    )
    return send_news(Workspace(path), settings, day="2024-06-10", pause=lambda _: None, **more)


def url(hook: Received, path: str = "/news") -> str:
    return f"http://127.0.0.1:{hook.port}{path}"


def changes(hook: Received) -> list[tuple[str, str]]:
    return [(c["what"], c["text"]) for c in json.loads(hook.calls[-1][2])["changes"]]


def test_a_webhook_gets_what_changed_signed_and_once(path: Path, hook: Received) -> None:
    watch(path, "Ann Example", url(hook, "/news?desk=1"))
    assert [d.outcome for d in send(path, hook)] == ["nothing new"]
    reload(path, node("ann", name="Ann Example", birth_date="1958"), without=("ann",))
    assert [d.outcome for d in send(path, hook)] == ["sent"]
    assert [d.outcome for d in send(path, hook)] == ["nothing new"]
    ((address, headers, body),) = hook.calls
    moment, signature = (part.split("=")[1] for part in headers["kg-signature"].split(","))
    assert signature == hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert (address, told["title"], told["id"]) == ("/news?desk=1", "Ann Example", headers["kg-delivery"])
    assert (told["since"], told["day"]) == ("2024-06-10", "2024-06-10")
    assert "1958" in changes(hook)[0][1]
    assert told["changes"][0]["sources"][0]["name"] == "register"


def test_a_watched_person_brings_what_befalls_the_assets_behind_companies(path: Path, hook: Received) -> None:
    freeze = [node("m", "Measure", name="Freeze 3", ordered_on="2020"), link("m TARGETS flat")]
    reload(path, *freeze)
    watch(path, "Ann Example", url(hook))
    lifted = node("m", "Measure", name="Freeze 3", ordered_on="2020", lifted_on="2024-06-05")
    restated = replace(CASE[4], provenance=Provenance(page="3"))
    seized = [node("s", "Measure", name="Seizure 4", ordered_on="2021"), link("s TARGETS flat")]
    reload(path, *freeze, *seized, restated, without=("flat",))
    send(path, hook)
    reload(path, lifted, freeze[1], *seized, restated, without=("flat",))
    send(path, hook)
    (told,) = json.loads(hook.calls[-1][2])["changes"]
    assert told["effects"] == ["Flat 9: stays restrained, by Seizure 4"]
    reload(path, *freeze, restated, without=("flat",))
    send(path, hook)
    reload(path, lifted, freeze[1], restated, without=("flat",))
    send(path, hook)
    ((what, text),) = changes(hook)
    assert (what, "Freeze 3" in text) == ("lifted", True)
    (told,) = json.loads(hook.calls[-1][2])["changes"]
    assert told["effects"] == ["Flat 9: restrained before, now no measure in force"]


@pytest.mark.parametrize("kind", ["node", "cluster"])
def test_a_relative_is_named_as_not_accused(path: Path, hook: Received, kind: str) -> None:
    watch(path, "Ann Example", url(hook), kind=kind)
    reload(path, link("bob FAMILY_OF ann"), link("bob OWNS acme", share="10"))
    send(path, hook)
    told = json.loads(hook.calls[-1][2])["changes"]
    named = [c for c in told if "Bob Example" in c["text"]]
    note = "relative, not accused in these sources"
    assert named and all(note in " ".join((c["text"], *c["notes"])) for c in named)


def test_what_was_not_delivered_is_sent_with_the_next_run_together_with_what_came(path: Path, hook: Received) -> None:
    watch(path, "Ann Example", url(hook))
    reload(path, link("bob FAMILY_OF ann"))
    hook.answers += [500, 503, 429]
    (failed,) = send(path, hook)
    assert (failed.has_failed, failed.outcome, len(hook.calls)) == (True, "it answered 429", 3)
    assert len({headers["kg-delivery"] for _, headers, _ in hook.calls}) == 1
    assert list_watches(Workspace(path))[0].watch.receivers[0].failed == "it answered 429"
    (again,) = send(path, hook)
    assert (again.outcome, hook.calls[-1][1]["kg-delivery"]) == ("sent", hook.calls[0][1]["kg-delivery"])
    hook.answers += [404]
    reload(path, link("bob FAMILY_OF ann"), link("cay FAMILY_OF ann"))
    assert send(path, hook)[0].outcome == "it answered 404"
    reload(path, link("bob FAMILY_OF ann"), link("cay FAMILY_OF ann"), link("ann OWNS villa"), day="2024-06-10")
    assert send(path, hook)[0].outcome == "sent"
    texts = " ".join(text for _, text in changes(hook))
    assert "Cay Example" in texts and "Villa Invented" in texts and "Bob Example" not in texts
    assert list_watches(Workspace(path))[0].watch.receivers[0].failed == ""


def test_one_receiver_that_fails_does_not_keep_news_from_another(path: Path, hook: Received, post: Received) -> None:
    watch(path, "Ann Example", "nobody@desk.example", url(hook))
    reload(path, link("bob FAMILY_OF ann"))
    post.answers += [550]
    assert [d.outcome for d in send(path, hook, post)] == ["127.0.0.1 refused the address", "sent"]
    assert [d.outcome for d in send(path, hook, post)] == ["sent", "nothing new"]
    assert (len(hook.calls), len(post.mails)) == (1, 1)


def test_redirects_are_not_followed(path: Path, hook: Received) -> None:
    watch(path, "Ann Example", url(hook))
    reload(path, link("bob FAMILY_OF ann"))
    hook.answers += [302]
    assert send(path, hook)[0].outcome == "it answered 302; redirects are not followed"
    assert [address for address, _, _ in hook.calls] == ["/news"]


def test_mail_says_what_changed_in_plain_text(path: Path, post: Received) -> None:
    watch(path, "test:ann", "desk@desk.example")
    reload(path, node("ann", name="Ann Example|安娜"), link("bob FAMILY_OF ann"), without=("ann",))
    assert send(path, None, post)[0].outcome == "sent"
    ((to, content),) = post.mails
    message: Any = email.message_from_bytes(content, policy=default)
    assert (to, message["From"], message["To"]) == ("desk@desk.example", "kg@desk.example", "desk@desk.example")
    assert message["Subject"] == "kg: 2 changes: Ann Example"
    text = message.get_content()
    assert "安娜" in text and "Bob Example" in text and "source: register" in text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "KG_SMTP_HOST and KG_SMTP_FROM are not set, with which mail is sent"),
        ({"smtp_security": "starttls"}, "127.0.0.1 offers no STARTTLS, or no login; nothing was sent"),
        ({"smtp_security": "none", "smtp_host": "mail.example"}, "KG_SMTP_SECURITY is none, which is only for"),
        ({"smtp_security": "none", "smtp_user": "kg"}, "127.0.0.1 refused KG_SMTP_USER or its password (535)"),
    ],
)
def test_mail_is_not_sent_without_encryption_or_with_a_refused_password(
    path: Path, post: Received, settings: dict[str, Any], said: str
) -> None:
    watch(path, "Ann Example", "desk@desk.example")
    reload(path, link("bob FAMILY_OF ann"))
    usual = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_from": "kg@desk.example"} if settings else {}
    given = DeliverySettings(**{**usual, "smtp_password": "invented password", **settings})
    (done,) = send_news(Workspace(path), given, day="2024-06-10")
    assert done.has_failed and done.outcome.startswith(said)
    assert not post.mails and "invented password" not in f"{done}{given}"
    if settings.get("smtp_security") == "starttls":
        assert not [c for c in post.commands if c.startswith("AUTH")]


def test_webhooks_need_a_secret_and_a_server(path: Path) -> None:
    watch(path, "Ann Example", "http://127.0.0.1:9/")
    reload(path, link("bob FAMILY_OF ann"))
    assert send(path)[0].outcome.startswith("KG_WEBHOOK_SECRET is not set")
    assert send(path, Received())[0].outcome.startswith("it cannot be reached: ")


@pytest.mark.parametrize("handling", ["node", "link"])
def test_protected_facts_are_never_sent(path: Path, hook: Received, handling: str) -> None:
    number = watch(path, "Ann Example", url(hook))
    hidden = [node("eve", name="Hidden Eve", provenance=HIDDEN), link("eve FAMILY_OF ann", provenance=HIDDEN)]
    if handling == "link":
        hidden = [link("bob FAMILY_OF ann", relationship="hidden aunt", provenance=HIDDEN)]
    reload(path, *hidden)
    settings = DeliverySettings(webhook_secret=SECRET)
    (done,) = send_news(Workspace(path, protected=True), settings, day="2024-06-10", pause=lambda _: None)
    assert (done.watch, done.outcome, hook.calls) == (number, "nothing new", [])


def test_a_person_whom_only_the_scope_sees_cannot_be_watched(path: Path) -> None:
    reload(path, node("eve", name="Hidden Eve", provenance=HIDDEN))
    with pytest.raises(NotFound):
        start_watch(Workspace(path, protected=True), WatchRequest("Hidden Eve", ("desk@desk.example",)))


def test_a_cluster_is_followed_by_its_members(path: Path, hook: Received) -> None:
    watch(path, "Acme Holding", url(hook), kind="cluster")
    reload(path, link("bob OWNS acme", share="49"))
    assert send(path, hook)[0].outcome == "sent"
    assert ("joined", "Bob Example") in changes(hook)
    assert [text for _, text in changes(hook) if "49" in text]
    reload(path)
    assert send(path, hook)[0].outcome == "sent"
    assert ("left", "Bob Example") in changes(hook)
    assert send(path, hook)[0].outcome == "nothing new"


def test_a_merged_node_and_one_that_no_source_describes_are_told(path: Path, hook: Received) -> None:
    watch(path, "Ann Example", url(hook))
    judge(path, "same", "test:ann", "test:cay")
    assert send(path, hook)[0].outcome == "sent"
    assert changes(hook)[0][0] == "merged"
    withdraw(path, "register")
    assert send(path, hook)[0].outcome == "sent"
    assert {what for what, _ in changes(hook)} == {"no longer reported"}
    assert json.loads(hook.calls[-1][2])["title"] == "an entity that no source describes"


def test_a_dry_run_sends_nothing_and_forgets_nothing(path: Path, hook: Received) -> None:
    watch(path, "Ann Example", url(hook))
    reload(path, link("bob FAMILY_OF ann"))
    for _ in range(2):
        (done,) = send(path, hook, is_dry_run=True)
        assert done.outcome == "not sent" and done.news and "Bob Example" in "\n".join(done.news.lines())
    assert not hook.calls
    assert send(path, hook)[0].outcome == "sent"


@pytest.mark.parametrize(
    "address",
    [
        "desk",
        "a b@x.example",
        "a@b@c",
        "a@x.example\nBcc: z@x.example",
        "http://hook.example/",
        "ftp://hook.example/",
        "https://user:pass@hook.example/",
        "https://",
        "https://hook.example:port/",
        "https://hook.example/#x",
        "https://hook.example/a b",
        "http://127.0.0.1.hook.example/",
        "https://hook.example/\r\nX: y",
        "http://[::1",
    ],
)
def test_an_address_that_cannot_be_is_refused(path: Path, address: str) -> None:
    with pytest.raises(InputError):
        watch(path, "Ann Example", address)
    assert list_watches(Workspace(path)) == []


def test_what_is_watched_is_listed_removed_and_in_a_backup(path: Path, tmp_path: Path) -> None:
    assert watch(path, "Ann Example", "desk@desk.example", "https://hook.example/x") == 1
    assert watch(path, "Villa Invented", "desk@desk.example") == 2
    with pytest.raises(InputError, match="watch 1 already sends this"):
        watch(path, "Ann Example", "desk@desk.example")
    with pytest.raises(InputError, match="whom to tell"):
        watch(path, "Ann Example")
    with pytest.raises(NotFound, match="there is no watch 7"):
        stop_watch(Workspace(path), 7)
    back_up(Workspace(path), tmp_path / "kept.sqlite")
    stop_watch(Workspace(path), 1)
    assert [(one.title, one.watch.number) for one in list_watches(Workspace(path))] == [("Villa Invented", 2)]
    with closing(connect(tmp_path / "kept.sqlite")) as connection:
        assert [one.number for one in read_watches(connection)] == [1, 2]


def test_who_watches_and_what_was_sent_is_kept(path: Path, hook: Received) -> None:
    watch(path, "Ann Example", url(hook))
    reload(path, link("bob FAMILY_OF ann"))
    send(path, hook)
    stop_watch(Workspace(path), 1)
    with closing(connect(path)) as connection:
        done = [entry.what for entry in list_activities(connection) if entry.kind == "watch"]
    assert done == [f"watch 1 added, for {url(hook)}", f"watch 1 sent to {url(hook)}", "watch 1 removed"]
