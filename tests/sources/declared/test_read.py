"""Do the declarations of public tables read files with the published headers?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.records import Record
from kg.sources import choose_connector, connectors
from kg.sources.connector import DECLARED, FOLDER
from kg.sources.tabular.mapping_lint import mapping_problems
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records

HERE = Path(__file__).parent
FILES = sorted(p.name for p in HERE.iterdir() if p.suffix.lower() == ".csv")
DECLARATIONS = sorted(p.stem for p in (FOLDER / DECLARED).glob("*.toml"))
LISTS = {"ofac": "SDN.CSV", "uk-sanctions": "UK-Sanctions-List.csv", "eu-sanctions": "20260901-FULL-1_1.csv"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_the_published_header_gives_the_records_it_gave_before(name: str) -> None:
    golden.check(HERE / f"{Path(name).stem}.expected.jsonl", as_json_lines(read_files(HERE / name)))


@pytest.mark.parametrize("name", DECLARATIONS)
def test_every_declaration_fits_the_ontology_and_has_a_file(name: str) -> None:
    assert list(mapping_problems(connectors()[name], load_ontology())) == []
    assert [f for f in FILES if choose_connector(HERE / f).name == name] != []


@pytest.mark.parametrize("name", FILES)
def test_loaded_twice_and_withdrawn_it_leaves_nothing(tmp_path: Path, name: str) -> None:
    ontology, store = load_ontology(), tmp_path / "g.sqlite"
    with closing(connect(store, create=True)) as connection:
        ledger = Ledger(connection, ontology)
        request = LoadRequest("declared", NAMESPACE, "Invented", True, (name,), "2026-03-01")
        ledger.load(request, read_files(HERE / name))
        assert ledger.load(request, read_files(HERE / name)).total_changed == 0
        assert verify(store, ontology).differing == ()
        ledger.withdraw("declared", "2026-03-02")
        assert connection.execute("SELECT count(*) FROM node").fetchone() == (0,)


@pytest.mark.parametrize("name", LISTS)
def test_a_listing_is_a_measure_of_its_authority_and_makes_nobody_wanted(name: str) -> None:
    made = records(read_files(HERE / LISTS[name])).values()
    assert {r.type for r in made if r.ends} >= {"TARGETS", "ORDERED_BY"} - (
        {"ORDERED_BY"} if name[:2] == "eu" else set()
    )
    assert not {"SOUGHT_UNDER", "ACCUSED_OF"} & {r.type for r in made}
    assert {r.properties["kind"][0] for r in made if r.type == "Measure"} == {"sanction"}


def test_a_listing_in_several_rows_targets_its_subject_once() -> None:
    made = [r for r in read_files(HERE / "UK-Sanctions-List.csv") if isinstance(r, Record)]
    targets = {(r.key, r.part) for r in made if r.type == "TARGETS"}
    assert sorted(key for key, _ in targets) == ["INV0001/listing", "INV0002/listing", "INV0003/listing"]


def test_companies_and_people_with_control_share_their_keys() -> None:
    assert {connectors()[n].source.namespace for n in ("psc", "uk-companies", "uk-company-land")} == {"gb-coh"}  # type: ignore[union-attr]  # both declare one
