"""Do the tables of Offshore Leaks claim what they say, through a declaration alone?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.ontology import load_ontology
from kg.records import Record, Ref
from kg.sources import connectors
from kg.sources.tabular.mapping_lint import mapping_problems
from tests import golden
from tests.sources.read_results import as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
FILES = sorted(p.name for p in HERE.glob("*.csv"))


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
