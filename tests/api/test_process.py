"""Does the service start, answer and end as those who run it expect?"""

from __future__ import annotations

import signal
import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kg.api_keys import ApiKeyFile, today
from kg_api.__main__ import main
from tests.api.service_client import has_metric_line, run_process, wait_until
from tests.stores import link, load, node

QUESTION = b'{"from": "test:ann", "to": "test:yacht", "sample": 0}'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    return path


@pytest.fixture
def settings(path: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "KG_STORE": f"embedded:{path}",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "KG_VIEW_CACHE": str(tmp_path / "views"),
    }


def test_kg_serve_is_the_same_program(settings: dict[str, str]) -> None:
    with run_process(settings, ("-m", "kg", "serve")) as process:
        assert process.client.get("/v1/entities", q="ann").data["entities"][0]["caption"] == "Ann Example"
        process.ask_to_end()
        assert process.wait() == -signal.SIGTERM
    assert "ann" not in process.log


def test_what_runs_is_finished_before_the_end_and_nothing_new_begins(settings: dict[str, str]) -> None:
    answers = (_asked_while_it_ends(settings) for _ in range(5))
    # 408: the machine was too slow to send the body in the time that a client has for it.
    assert next(found for status, found in answers if status != 408)


def _asked_while_it_ends(settings: dict[str, str]) -> tuple[int, bool]:
    """The status of a question that was under way when the service was asked to end, and whether it was answered."""
    with run_process(settings) as process:
        client = process.client
        wait_until(lambda: client.get("/readyz").status != 503)
        with closing(HTTPConnection("127.0.0.1", client.port, timeout=120)) as asking:
            asking.putrequest("POST", "/v1/paths")
            asking.putheader("Content-Type", "application/json")
            asking.putheader("Content-Length", str(len(QUESTION)))
            asking.endheaders()
            asking.send(QUESTION[:-1])
            # Two are running: the one that asks for the number, and this one.
            wait_until(lambda: has_metric_line(client, "kg_requests_running 2.0"))
            process.ask_to_end()
            _refused(client.port)
            try:
                asking.send(QUESTION[-1:])
                answer = asking.getresponse()
                outcome = answer.status, answer.status == 200 and b'"found":true' in answer.read()
            except ConnectionResetError:  # the byte came after the 408, which it took away
                outcome = 408, False
        assert process.wait() == -signal.SIGTERM
    assert "Application shutdown complete." in [line["message"] for line in process.lines]
    return outcome


def test_with_a_key_it_answers_on_any_address_and_keeps_an_audit_log(settings: dict[str, str], tmp_path: Path) -> None:
    secret = ApiKeyFile(tmp_path / "data" / "kg" / "api-keys.json").add("ann", "1d", today())[1]
    with run_process(
        {**settings, "KG_API_HOSTS": "kg.example.org"}, options=("--host", "0.0.0.0", "--port", "0")
    ) as process:
        ann = {"Authorization": f"Bearer {secret}"}
        asked = "/v1/entities?q=example"
        assert process.client.get(asked).status == 401
        for host, status in (("kg.example.org", 200), ("127.0.0.1", 200), ("0.0.0.0:80", 200), ("x.example.org", 421)):
            assert process.client.get(asked, ann | {"Host": host}).status == status
    log = (tmp_path / "data" / "kg" / "api-audit.jsonl").read_text(encoding="utf-8")
    answered = [line for line in log.splitlines() if '"event":"answered"' in line]
    assert [line.count('"key":"ann"') for line in answered] == [0, 1, 1, 1, 0]
    assert secret not in log


def test_an_audit_log_begins_with_the_first_key_also_while_the_service_runs(
    settings: dict[str, str], tmp_path: Path
) -> None:
    asked, log = "/v1/entities?q=example", tmp_path / "data" / "kg" / "api-audit.jsonl"
    with run_process(settings) as process:
        assert process.client.get(asked).status == 200
        assert not log.exists()
        secret = ApiKeyFile(tmp_path / "data" / "kg" / "api-keys.json").add("ann", "1d", today())[1]
        assert process.client.get(asked, {"Authorization": f"Bearer {secret}"}).status == 200
    assert log.read_text(encoding="utf-8").count('"event":"answered"') == 1


@pytest.mark.parametrize(
    ("name", "value", "code", "problem"),
    [
        ("KG_API_RATE", "often", 2, "key KG_API_RATE, value 'often': expected a rate such as"),
        ("KG_API_ORIGINS", "*", 2, "key KG_API_ORIGINS, value '*': expected comma-separated origins such as"),
        ("KG_API_AUDIT", "/dev/null/audit", 4, "the audit log cannot be written"),
        ("KG_API_KEYS", "/dev/null/keys", 4, "the API keys cannot be read"),
    ],
)
def test_a_setting_that_is_none_is_said_at_the_start(  # noqa: PLR0913  # what each setting does
    settings: dict[str, str],
    name: str,
    value: str,
    code: int,
    problem: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for setting in (*settings.items(), (name, value)):
        monkeypatch.setenv(*setting)
    assert main(["--port", "0"]) == code
    assert problem in capsys.readouterr().err


def _refused(port: int) -> None:
    """Wait until nobody can begin to ask any longer."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=120).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:  # it was taken in by a listener that was just being closed
            continue
