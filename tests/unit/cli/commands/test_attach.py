"""Who says so, in which document and where in it; and the documents themselves. All is invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app

REGISTER = """{"source": {"name": "register", "title": "Register (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": "Ann Example", "birth_date": "1958-03"}, "reliability": "B", \
"credibility": "2", "origin": "Extract 7", "stated": "2014-06", "url": "https://example.org/7", "page": "12"}
{"key": "acme", "type": "Enterprise", "properties": {"name": "Acme Holding"}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": "51"}, "reliability": "A"}
"""
PRESS = """{"source": {"name": "press", "title": "Press (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": "Ann Example", "birth_date": "1959"}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": "60"}, "page": "annex B"}
"""
DEED = b"an invented deed"
DIGEST = sha256(DEED).hexdigest()
MISSING = f"attachment deed.pdf, SHA-256 {DIGEST}: its file is missing"

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    (folder / "deed.pdf").write_bytes(DEED)
    for name, rows in (("register", REGISTER), ("press", PRESS)):
        file = folder / f"{name}.records.jsonl"
        file.write_text(rows, encoding="utf-8")
        assert CliRunner().invoke(app, ["load", str(file)], env=_env(folder)).exit_code == 0
    return folder


def _env(folder: Path) -> dict[str, str]:
    return {"KG_STORE": f"embedded:{folder / 'graph.sqlite'}"}


@pytest.fixture
def run(place: Path) -> Run:
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words], env=_env(place))


def words(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_show_names_for_each_value_who_says_it_and_in_which_document(run: Run) -> None:
    shown = words(run("show", "Ann Example"))
    values = [line.rpartition(" ")[0] for line in shown if line.startswith("birth_date")]
    assert values == ["birth_date 1958-03 register B2 2014-06 [1]", "birth_date 1959 press --"]
    details, rest = (line for line in shown if line.startswith(("owns", "(press")))
    assert details.startswith("owns Acme Holding (Enterprise) share 51 (register A-) or 60 press [2]; register A-")
    assert rest == "(press [2])"
    assert shown[-3:] == ["cited:", "[1] Extract 7, page 12, https://example.org/7", "[2] press, annex B"]


def test_path_names_for_each_link_who_says_it_and_which_value(run: Run) -> None:
    shown = words(run("path", "Ann Example", "Acme Holding"))
    assert "│ owns (share 51 (register A-) or 60 (press [1])) [press [1]; register A-]" in shown
    assert shown[shown.index("cited:") + 1] == "[1] press, annex B"


@pytest.mark.parametrize("command", [("show", "Ann Example"), ("path", "Ann Example", "Acme Holding")])
def test_in_json_a_link_of_several_records_has_the_claims_of_each(run: Run, command: tuple[str, ...]) -> None:
    (claims,) = json.loads(run(*command, "--json").stdout)["link_claims"].values()
    assert {(c["source"], c["page"], *c["properties"]["share"]) for c in claims} == {
        ("press", "annex B", "60"),
        ("register", "", "51"),
    }


def test_a_file_is_attached_listed_copied_out_and_erased(run: Run, place: Path) -> None:
    said = ["--title", "Deed of sale", "--page", "3", "--stated", "2014-06-30", "--reliability", "b"]
    attached = words(run("attach", place / "deed.pdf", "--to", "Ann Example", *said))
    assert attached[0].endswith("deed.pdf: attached, by attachments, 16 bytes, application/pdf")
    assert attached[1] == f"sha256 {DIGEST}"
    again = words(run("attach", place / "deed.pdf", "--to", "Ann Example", *said))
    assert "was attached before, nothing changed" in again[0] and again[0].endswith("its bytes were kept already")
    row = f"Deed of sale Ann Example 3 application/pdf 16 {DIGEST[:12]} attachments B- 2014-06-30"
    assert row in words(run("show", "Ann Example"))
    assert row in words(run("exhibits"))
    assert row in words(run("exhibits", f"document:{DIGEST}"))
    (one,) = json.loads(run("exhibits", "Ann Example", "--json").stdout)
    assert (one["sha256"], one["pages"], one["said"][0]["stated"]) == (DIGEST, ["3"], "2014-06-30")
    assert json.loads(run("show", "Ann Example", "--json").stdout)["exhibits"] == [one]
    assert words(run("exhibits", "Acme Holding")) == ["no exhibits; `kg attach FILE --to NAME` adds one"]
    target = place / "out.pdf"
    assert words(run("exhibits", "Ann Example", "--extract", target)) == [f"wrote {target}"]
    assert target.read_bytes() == DEED
    assert run("exhibits", "Ann Example", "--extract", "-").stdout_bytes == DEED
    assert run("exhibits", "Ann Example", "--extract", f"{place}/new/folder/").exit_code == 0
    assert [file.read_bytes() for file in (place / "new" / "folder").iterdir()] == [DEED]
    assert words(run("verify"))[0].startswith("clean: ")
    erased = words(run("withdraw", "attachments", "--erase", "--yes"))
    assert f"erased the attached file {DIGEST}" in erased
    assert words(run("exhibits"))[0].startswith("no exhibits")


def test_exhibits_tell_a_file_that_was_altered(run: Run, place: Path) -> None:
    run("attach", place / "deed.pdf", "--to", "Ann Example")
    (kept,) = [file for file in place.rglob(DIGEST) if file.is_file()]
    kept.chmod(0o600)
    kept.write_bytes(b"another")
    told = f"! deed.pdf: its file is not what was attached; it has to have the SHA-256 {DIGEST}"
    assert told in words(run("exhibits", "Ann Example"))
    assert told in words(run("exhibits"))


def test_verify_tells_a_missing_file_and_what_to_do(run: Run, place: Path) -> None:
    run("attach", place / "deed.pdf", "--to", "Acme Holding")
    (place / "graph.sqlite.files" / DIGEST[:2] / DIGEST).unlink()
    found = run("verify")
    assert (found.exit_code, found.stdout.splitlines()[0]) == (1, MISSING)
    assert json.loads(run("verify", "--json").stdout)["attachments"] == [MISSING]
    listed = words(run("exhibits", "Acme Holding"))
    assert any(f"{DIGEST[:12]} (no file)" in line for line in listed)
    run("withdraw", "attachments", "--erase", "--yes")


@pytest.mark.parametrize(
    ("command", "code", "problem"),
    [
        (
            ("attach", "nothing.pdf", "--to", "Ann Example"),
            2,
            "nothing.pdf: cannot be read (No such file or directory)",
        ),
        (("attach", "deed.pdf", "--to", "Nobody"), 3, "Nobody"),
        (("attach", "deed.pdf", "--to", "inv:ann", "--source", "press"), 2, "is loaded from files"),
        (("exhibits", "--extract", "x"), 2, "--extract needs the name of a node or document"),
        (("exhibits", "Acme Holding", "--extract", "x"), 3, "Acme Holding has no attached file"),
    ],
)
def test_an_error_is_one_line(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], code: int, problem: str
) -> None:
    monkeypatch.chdir(place)
    result = run(*command)
    assert (result.exit_code, len(result.stderr.splitlines()), problem in result.stderr) == (code, 1, True), (
        result.stderr
    )
