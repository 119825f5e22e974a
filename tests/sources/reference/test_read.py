"""Do the reference tables claim what is known, and no more?"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.ontology import load_ontology
from kg.records import Record, Ref
from kg.resources import data_dir
from kg.sources import ReadContext, connectors
from kg.sources.reference.claims import TABLES
from tests import golden
from tests.sources.read_results import as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
FACTS = data_dir("graph") / "reference"


def _all() -> list[Record]:
    connector = connectors()["reference"]
    made = list(connector.read(connector.matching_files(FACTS), ReadContext(load_ontology(), "reference")))
    assert rejects(made) == []
    return list(records(made).values())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_sample_gives_the_records_and_rejects_it_gave_before(name: str) -> None:
    golden.check(HERE / f"{Path(name).stem}.expected.jsonl", as_json_lines(read_files(HERE / name)))


def test_every_kept_row_is_read_and_none_is_rejected() -> None:
    rows = [row for name in TABLES for _, row in _rows(name)]
    keys = {row.get("id") or row["alpha2"] for row in rows} | {"uncac", "untoc"}
    assert {r.key for r in _all()} == keys


def test_no_key_is_claimed_twice() -> None:
    connector = connectors()["reference"]
    made = connector.read(connector.matching_files(FACTS), ReadContext(load_ontology(), "reference"))
    assert [k for k, n in Counter((r.key, r.part) for r in made if isinstance(r, Record)).items() if n > 1] == []


def test_every_link_has_two_ends_that_the_facts_describe() -> None:
    made = _all()
    described = {Ref("jurisdiction" if r.type == "Jurisdiction" else "reference", r.key) for r in made if not r.ends}
    assert [r for r in made if r.ends and not set(r.ends) <= described] == []


def test_every_link_goes_where_the_ontology_allows_it() -> None:
    ontology, made = load_ontology(), _all()
    types = {
        Ref("jurisdiction" if r.type == "Jurisdiction" else "reference", r.key): r.type for r in made if not r.ends
    }
    assert all(ontology.allows(r.type, types[r.ends[0]], types[r.ends[1]]) for r in made if r.ends)


def test_a_pair_without_a_treaty_is_a_dated_claim_and_no_agreement() -> None:
    made = records(read_files(HERE / "extradition_treaties.csv"))
    absence = made["ext-aa-none", ""]
    assert (absence.type, absence.ends) == ("NO_AGREEMENT_WITH", (Ref("jurisdiction", "CN"), Ref("jurisdiction", "US")))
    assert absence.properties["status_as_of"] == ["2016-09-24"]
    assert not [r for r in made.values() if r.type == "Agreement" and r.key == "ext-aa-none"]


def test_what_was_shared_once_binds_nobody() -> None:
    made = records(read_files(HERE / "asset_sharing_agreements.csv"))
    assert {r.key: r.type for r in made.values() if not r.part} == {
        "asr-agreement": "Agreement",
        "asr-programme": "Agreement",
        "asr-shared": "SHARES_ASSETS_WITH",
        "asr-policy": "SHARES_ASSETS_WITH",
        "asr-rule": "Agreement",
    }
    assert sorted(r.part for r in made.values() if r.part) == ["party:CA", "party:CN", "party:US"]


def test_a_rule_of_a_convention_is_said_of_the_convention() -> None:
    assert records(read_files(HERE / "asset_sharing_agreements.csv"))["asr-rule", ""].referents == ("uncac",)
    assert records(read_files(HERE / "conventions.csv"))["uncac", ""].type == "Agreement"


def test_the_compilers_confidence_is_no_credibility() -> None:
    made = _all()
    assert {r.provenance.credibility for r in made} == {""}
    assert {v for r in made for v in r.other.get("confidence", ())} == {"high", "medium", "low"}


def test_a_second_source_is_kept() -> None:
    (treaty,) = [r for r in _all() if r.key == "ext-cn-th-1993" and not r.part]
    assert treaty.provenance.url == "http://iolaw.cssn.cn/zxzp/200311/t20031103_4587334.shtml"
    assert treaty.other["source2_url"] == ["https://wodeyuanxiao.com/Graduationthesis/pfbxptmzfp.html"]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_cell_is_lost(name: str) -> None:
    made = list(records(read_files(FACTS / name, connector="reference")).values())
    shared = [r for r in made if r.key in {"uncac", "untoc"}]
    for line, row in _rows(name):
        kept = {text for r in [*shared, *(r for r in made if r.line == line)] for text in _texts(r)}
        assert [c for c, cell in row.items() if not set(_pieces(c, cell)) <= kept] == [], row


def _rows(name: str) -> list[tuple[int, dict[str, str]]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def _pieces(column: str, cell: str) -> list[str]:
    parts = cell.split(";") if column == "roles" else [cell]
    return [part.strip() for part in parts if part.strip()]


def _texts(record: Record) -> list[str]:
    said = [record.provenance.origin, record.provenance.url, record.provenance.stated]
    ends = [end.key for end in record.ends or ()]
    values = [v.strip() for values in [*record.properties.values(), *record.other.values()] for v in values]
    return [record.key, *said, *ends, *values]


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "treaties.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"treaties\.csv: expected a file called jurisdictions\.csv"):
        read_files(tmp_path / "treaties.csv", connector="reference")
