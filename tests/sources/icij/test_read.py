"""Do the tables of Offshore Leaks claim what they say, through a declaration alone?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.ontology import load_ontology
from kg.records import ReadResult, Record, Ref
from kg.sources import connectors
from kg.sources.tabular.mapping_lint import mapping_problems
from tests import golden
from tests.sources.read_results import as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
FILES = sorted(p.name for p in HERE.glob("*.csv"))


HEADERS = {
    "nodes-entities.csv": "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,"
    "address,internal_id,incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,ibcRUC,"
    "country_codes,countries,sourceID,valid_until,note",
    "nodes-officers.csv": "node_id,name,countries,country_codes,sourceID,valid_until,note",
    "nodes-addresses.csv": "node_id,address,name,countries,country_codes,sourceID,valid_until,note",
    "nodes-intermediaries.csv": "node_id,name,status,internal_id,address,countries,country_codes,sourceID,"
    "valid_until,note",
    "nodes-others.csv": "node_id,name,type,incorporation_date,struck_off_date,closed_date,jurisdiction,"
    "jurisdiction_description,countries,country_codes,sourceID,valid_until,note",
    "relationships.csv": "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID",
}
"""The header lines of the archive of 2026-09-09."""


def _entities(tmp_path: Path, *rows: str) -> list[ReadResult]:
    file = tmp_path / "nodes-entities.csv"
    file.write_text("\n".join([HEADERS[file.name], *rows]) + "\n", encoding="utf-8")
    return read_files(file)


def _links(kind: str) -> list[tuple[str, str]]:
    made = records(read_files(HERE / "relationships.csv")).values()
    return [(r.ends[0].key, r.ends[1].key) for r in made if r.ends and r.type == kind]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_gives_the_records_and_rejects_it_gave_before(name: str) -> None:
    golden.check(HERE / f"{Path(name).stem}.expected.jsonl", as_json_lines(read_files(HERE / name)))


def test_it_needs_no_python() -> None:
    assert sorted(p.name for p in (HERE.parents[2] / "src/kg/sources/icij").iterdir() if p.is_file()) == ["source.toml"]
    assert list(mapping_problems(connectors()["icij"], load_ontology())) == []


def test_literal_backslashes_survive() -> None:
    made = records(read_files(HERE / "nodes-entities.csv"))
    names = [made[key, ""].properties["name"] for key in ("19000002", "19000003")]
    assert names == [['LANTERN \\ LOOM \\" HOLDINGS'], ["Ends in a backslash\\"]]


def test_a_year_of_two_digits_is_read_by_the_stated_pivot_and_stays_as_it_was_written() -> None:
    made = records(read_files(HERE / "nodes-entities.csv"))["19000002", ""]
    assert made.properties["incorporation_date"] == ["1997-01-03"]
    assert made.other["incorporation_date"] == ["03-JAN-97"]


def test_officers_are_parties_because_nothing_says_whether_they_are_people() -> None:
    assert {r.type for r in records(read_files(HERE / "nodes-officers.csv")).values() if not r.ends} == {"Party"}


def test_what_looks_alike_is_possibly_the_same_and_merges_nothing() -> None:
    assert len(_links("POSSIBLY_SAME_AS")) == 4
    made = [r for name in FILES for r in read_files(HERE / name) if isinstance(r, Record)]
    assert [r for r in made if r.referents] == []


def test_the_words_of_a_link_say_what_an_officer_is() -> None:
    made = records(read_files(HERE / "relationships.csv")).values()
    assert Counter(r.type for r in made) == {
        "OWNS": 4,
        "DIRECTS": 1,
        "BENEFITS_FROM": 1,
        "SIGNS_FOR": 1,
        "ASSOCIATED_WITH": 3,
        "HAS_ADDRESS": 2,
        "POSSIBLY_SAME_AS": 4,
    }
    interests = {r.properties["role"][0]: r.properties.get("interest") for r in made if r.type == "OWNS"}
    assert interests == {
        "shareholder of": None,
        "Nominee Shareholder of": ["legal"],
        "Director / Shareholder of": None,
        "beneficial owner of": ["beneficial"],
    }


def test_two_rows_that_say_the_same_are_one_record_and_the_key_is_made_from_what_they_say() -> None:
    made = [r for r in read_files(HERE / "relationships.csv") if isinstance(r, Record)]
    twice = [k for k, n in Counter((r.key, r.part) for r in made).items() if n > 1]
    assert len(twice) == 1
    assert {r.line for r in made if (r.key, r.part) == twice[0]} == {2, 17}


def test_a_code_that_is_none_is_set_aside_and_what_is_not_identified_stays_where_it_was() -> None:
    made = read_files(HERE / "nodes-entities.csv")
    ends = [r.ends[1] for r in records(made).values() if r.ends and r.key == "19000003"]
    assert ends == [Ref("jurisdiction", "US-NV"), Ref("jurisdiction", "US")]
    assert records(made)["19000003", ""].other["country_codes"] == ["XXX"]
    assert any("column country_codes, value 'QQQ'" in r.reason for r in rejects(made))


@pytest.mark.parametrize("name", FILES)
def test_the_samples_have_the_published_headers(name: str) -> None:
    assert (HERE / name).read_text(encoding="utf-8").partition("\n")[0] == HEADERS[name]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (r'"THE \"LOOM\" LTD."', 'THE "LOOM" LTD.'),
        (r'"LOOM \"NORTH\", APIA"', 'LOOM "NORTH", APIA'),
        (r'"THE ""OLD"" \"LOOM\" LTD."', 'THE "OLD" "LOOM" LTD.'),
        (r'"A \ B\"', "A \\ B\\"),
        (r'"ENDS IN ONE\"', "ENDS IN ONE\\"),
        (r"LOOM \ LTD.", "LOOM \\ LTD."),
    ],
)
def test_a_quote_may_be_escaped_by_a_backslash_where_the_row_has_its_cells_only_then(
    tmp_path: Path, cell: str, name: str
) -> None:
    made = _entities(tmp_path, f"19000009,{cell}{',' * 19}", f"19000010,Next{',' * 19}")
    assert [r.properties["name"] for r in records(made).values()] == [[name], ["Next"]]
    assert rejects(made) == []


def test_a_row_that_has_not_its_cells_in_either_way_is_rejected_as_it_was(tmp_path: Path) -> None:
    (found,) = rejects(_entities(tmp_path, r'19000009,"A \"B",C' + "," * 20, f"19000010,Next{',' * 19}"))
    assert (found.line, found.row) == (2, r'19000009,"A \"B",C' + "," * 20)


def test_a_number_of_nothing_identifies_nobody(tmp_path: Path) -> None:
    (node,) = records(_entities(tmp_path, "19000009,LOOM" + "," * 14 + "0" + "," * 5)).values()
    assert ("registration_number" in node.properties, node.other["ibcRUC"]) == (False, ["0"])
