"""Which keys do the commands make, show and take away?"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.api_keys import ApiKeyFile, ApiKeyRing
from kg.cli import app

Run = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "new" / "keys.json"
    monkeypatch.setenv("KG_API_KEYS", str(path))
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["keys", *words])


def test_a_key_is_shown_once_and_kept_as_its_digest(file: Path) -> None:
    made = run("add", "ann", "--expires", "never")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    assert re.fullmatch(r"kg_[A-Za-z0-9_-]{43}", secret)
    assert made.stderr == "Key for ann created, valid until it is revoked; it is shown only once\n"
    kept = file.read_text(encoding="utf-8")
    assert secret.removeprefix("kg_") not in kept
    assert json.loads(kept)["keys"][0]["digest"] == sha256(secret.encode()).hexdigest()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ApiKeyRing(ApiKeyFile(file)).identify(secret) == ("ann", "good")
    assert ApiKeyRing(ApiKeyFile(file)).identify(secret[:-1]) == ("", "")
    assert secret not in run("list").stdout + run("list", "--json").stdout


def test_keys_are_listed_with_their_state(file: Path) -> None:
    assert run("list").stdout.startswith("no keys;")
    assert json.loads(run("list", "--json").stdout) == []
    ApiKeyFile(file).add("bob", "1d", "2020-01-01")
    run("add", "ann", "--expires", "never")
    ApiKeyFile(file).add("cy", "2020-02-29", "2020-01-01")
    assert json.loads(run("revoke", "cy", "--json").stdout)["state"] == "revoked"
    found = json.loads(run("list", "--json").stdout)
    assert [(key["name"], key["expires"], key["state"]) for key in found] == [
        ("ann", "never", "good"),
        ("bob", "2020-01-02", "expired"),
        ("cy", "2020-02-29", "revoked"),
    ]
    assert "expired" in run("list").stdout
    assert run("revoke", "ann").stdout == "Key of ann revoked\n"
    assert run("revoke", "ann").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (("add", "Ann Example", "--expires", "never"), 2, "name 'Ann Example': expected 1 to 40 of a-z"),
        (("add", "../ann", "--expires", "never"), 2, "name '../ann': expected"),
        (("add", "taken", "--expires", "never"), 2, "a key with this name exists"),
        (("add", "ann", "--expires", "soon"), 2, "--expires 'soon': expected a day such as 2027-06-30, 90d, or never"),
        (("add", "ann", "--expires", "2027-02-30"), 2, "--expires '2027-02-30': expected a day"),
        (("add", "ann", "--expires", "99999d"), 0, ""),
        (("add", "ann", "--expires", "2020-01-01"), 2, "--expires 2020-01-01: expected a day that is not over"),
        (("revoke", "nobody"), 3, "no API key is named 'nobody'"),
    ],
)
def test_what_is_not_as_expected_is_refused(file: Path, words: tuple[str, ...], code: int, problem: str) -> None:
    ApiKeyFile(file).add("taken", "never", "2026-11-24")
    before = file.read_bytes()
    done = run(*words)
    assert (done.exit_code, problem in done.stderr) == (code, True), done.stderr
    assert (file.read_bytes() == before) == (code != 0)


def test_a_file_of_something_else_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    for other in ("", "{}", "[1]", '{"keys": []}', '{"keys": [{"name": "ann"}]}'):
        file.write_text(other, encoding="utf-8")
        file.chmod(0o600)
        done = run("add", "ann", "--expires", "never")
        assert (done.exit_code, "as `kg keys` writes" in " ".join(done.stderr.split())) == (2, True)
        assert file.read_text(encoding="utf-8") == other
