"""What does `kg request draft` write? Everybody in the case is invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.records import Provenance, link_id
from tests.stores import load
from tests.unit.analysis.routes.legal_case import case, determination, link, node, resident

HOSTILE = "Deed <b>| [x](y)"


@pytest.fixture(autouse=True)
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    monkeypatch.setenv("KG_SCOPE", "protected")
    documents = [
        node("deed", "Document", name=HOSTILE, sha256="ab" * 32),
        link("deed DOCUMENTS house", about=link_id("test", "owns", ""), page="3"),
        node("secret", "Document", name="Note of an informant", said=Provenance(handling="protected")),
        link("secret DOCUMENTS ann", said=Provenance(handling="protected")),
    ]
    protected = determination("torture_risk", "yes")
    cleared = link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)", date="2013")
    load(tmp_path / "graph.sqlite", "case", case(resident("US"), documents, protected, cleared))


def draft(*words: str, to: str = "US") -> Result:
    return CliRunner().invoke(
        app, ["request", "draft", *words, "--requesting", "CN", "--to", to, "--as-of", "2014-12-05"]
    )


def test_a_freeze_names_basis_facts_property_exhibits_and_holes() -> None:
    text = draft("freeze", "Ann Example").stdout
    assert text.startswith("# Draft: request for freeze from CN to US")
    assert "mutual assistance treaty CN–US: yes" in text
    assert "charged by the prosecutor since 2006-01-01: embezzlement" in text
    assert "cleared by a court \\(invented\\) in 2013: embezzlement" in text.replace("(", "\\(").replace(
        ")", "\\)"
    ).replace("\\\\", "\\")
    assert "Traced: proceeds" in text
    assert "Held: chain of 1: owns; weakest step graded B (exhibit 1)" in text.replace("\\", "")
    assert f"SHA-256 {'ab' * 32}" in text
    # The source that told of the charge tells of the clearance: by it, nothing traces the asset any more.
    assert "HOLE: path from the offence to the asset" in text
    assert "HOLE: Is there an order of the requesting state" in text


def test_nothing_protected_is_in_a_draft_and_no_name_is_markup() -> None:
    text = draft("freeze", "Ann Example").stdout
    assert "informant" not in text
    assert "torture" not in text
    assert "<b>" not in text
    assert "[x](y)" not in text


@pytest.mark.parametrize("kind", ["mutual_assistance", "return"])
def test_other_kinds_are_drafted(kind: str) -> None:
    assert draft(kind, "Ann Example").stdout.startswith(f"# Draft: request for {kind.replace('_', ' ')} from CN to US")


def test_a_draft_can_be_a_file(tmp_path: Path) -> None:
    assert draft("freeze", "Ann Example", "--out", str(tmp_path / "draft.md")).stdout == ""
    assert (tmp_path / "draft.md").read_text(encoding="utf-8") == draft("freeze", "Ann Example").stdout


@pytest.mark.parametrize(
    ("words", "to", "message"),
    [
        (("extradition", "Ann Example"), "US", "is blocked: no extradition treaty in force between CN and US"),
        (("freeze", "nobody"), "US", "no entity is named 'nobody'"),
        (("freeze", "test:works"), "US", "expected a person"),
        (("freeze", "Ann Example"), "ZZ", "key host, value 'ZZ': expected a jurisdiction"),
        (("freeze", "Ann Example"), "TH", "a request of the kind freeze to TH is blocked"),
    ],
)
def test_what_cannot_be_drafted_is_one_line(words: tuple[str, ...], to: str, message: str) -> None:
    result = draft(*words, to=to)
    assert (result.exit_code != 0, result.stderr.count("\n")) == (True, 1)
    assert message in result.stderr


def test_the_state_that_requests_may_be_that_of_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["request", "draft", "freeze", "Ann Example", "--to", "US", "--as-of", "2014-12-05"]
    without = CliRunner().invoke(app, words)
    assert without.exit_code == 2 and "KG_REQUESTING" in without.stderr
    monkeypatch.setenv("KG_REQUESTING", "CN")
    assert CliRunner().invoke(app, words).stdout == draft("freeze", "Ann Example").stdout
