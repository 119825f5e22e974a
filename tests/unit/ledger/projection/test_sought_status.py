"""Who is shown as sought, and who is taken off? Everybody in it is invented."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect, get_meta, set_meta
from kg.ledger.ledger import Ledger
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.records import Provenance, Record, link_id, node_id
from tests.stores import link, load, node, store, store_fixture, withdraw

NEVER = float("inf")
"""A share of records that no load reaches: the projection always follows and is never built anew."""

ANN = node_id("test", "ann")
PAPERS = [
    node("office", "Agency", name="Office of Inquiry (invented)"),
    node("ann", name="Ann Example"),
    node("theft", "Offence", name="embezzlement"),
    node("w", "Warrant", number="W-1", issued_on="2005"),
    node("n", "Notice", number="N-1", issued_on="2006-03-01", issuer="General Secretariat (invented)"),
    link("ann SOUGHT_UNDER w"),
    link("ann SOUGHT_UNDER n"),
    link("w ISSUED_BY office"),
]
WARRANT, NOTICE = "w", "n"


def word(
    by: str, stage: str = "cleared", date: str = "2012-05-01", key: str = "", said: Provenance | None = None
) -> Record:
    """What somebody says of Ann and the offence."""
    known = key or f"{stage} {by} {date}"
    return link("ann ACCUSED_OF theft", key=known, provenance=said, stage=stage, said_by=by, date=date)


def told(path: Path, *records: Record, source: str = "desk") -> None:
    load(path, source, records, rebuild_share=NEVER)
    assert verify(path, load_ontology()).differing == ()


def sought(path: Path) -> str:
    """The papers under which Ann is shown as sought."""
    with store(path) as opened:
        under = opened.nodes([ANN])[ANN].sought_under
    return " ".join(p for p in (WARRANT, NOTICE) if link_id("test", f"ann SOUGHT_UNDER {p}", "") in under)


@store_fixture
def path(path: Path) -> None:
    told(path, *PAPERS, source="papers")
    assert sought(path) == "w n"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (word("Office of Inquiry (invented)"), "n"),
        (word("office of inquiry, INVENTED"), "n"),
        (word("General Secretariat (invented)"), "w"),
        (word("a court (invented)"), "w n"),
        (word("Office of Inquiry (invented)", stage="charged"), "w n"),
        (word("Office of Inquiry (invented)", date="2004-12-31"), "w n"),
        (word("Office of Inquiry (invented)", date="2005"), "n"),
    ],
)
def test_a_paper_ends_when_its_issuer_says_cleared(path: Path, said: Record, left: str) -> None:
    told(path, said)
    assert sought(path) == left


def test_who_was_cleared_is_sought_again_when_the_word_is_taken_back(path: Path) -> None:
    told(path, word("Office of Inquiry (invented)"))
    assert sought(path) == "n"
    told(path, word("Office of Inquiry (invented)", stage="charged"))
    assert sought(path) == "w n"
    told(path, word("Office of Inquiry (invented)"))
    withdraw(path, "desk", rebuild_share=NEVER)
    assert verify(path, load_ontology()).differing == ()
    assert sought(path) == "w n"


def test_it_matters_how_the_issuer_is_called_and_which_paper_it_issued(path: Path) -> None:
    told(path, word("The Inquiry (invented)"))
    assert sought(path) == "w n"
    told(path, node("office", "Agency", alias="The Inquiry (invented)"), source="directory")
    assert sought(path) == "n"
    told(path, node("office", "Agency", alias="The Inquiry"), source="directory")
    assert sought(path) == "w n"
    told(path, node("office", "Agency", alias="The Inquiry (invented)"), link("n ISSUED_BY office"), source="directory")
    assert sought(path) == ""
    told(path, source="directory")
    assert sought(path) == "w n"


def test_a_word_counts_from_the_day_of_the_paper(path: Path) -> None:
    told(path, word("Office of Inquiry (invented)", date="2004"))
    assert sought(path) == "w n"
    told(path, *(r for r in PAPERS if r.key != "w"), node("w", "Warrant", issued_on="2003"), source="papers")
    assert sought(path) == "n"


def test_one_source_s_cleared_is_not_put_into_the_mouth_of_another(path: Path) -> None:
    told(path, word("Office of Inquiry (invented)", stage="charged", key="accusation"))
    told(path, word("a court (invented)", key="accusation"), source="court")
    assert sought(path) == "w n"


def test_who_is_cleared_under_protection_stays_sought_for_everybody_else(path: Path) -> None:
    told(path, word("Office of Inquiry (invented)", said=Provenance(handling="protected")))
    assert sought(path) == "w n"


def test_a_store_that_was_projected_under_older_rules_is_built_anew(path: Path) -> None:
    told(path, word("Office of Inquiry (invented)"))
    with closing(connect(path)) as connection:
        under = f'["{link_id("test", "ann SOUGHT_UNDER w", "")}"]'
        connection.execute("UPDATE stored_node SET sought = ? WHERE id = ?", (under, ANN))
        set_meta(connection, "ontology", "the digest under older rules")
        connection.commit()
        assert Ledger(connection, load_ontology()).rebuild_if_outdated()
        assert get_meta(connection, "ontology") == load_ontology().digest
    assert sought(path) == "n"
