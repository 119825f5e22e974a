"""Do mappings of FollowTheMoney make the entities of rows that they say?"""

from __future__ import annotations

import gzip
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from kg import operations
from kg.errors import InputError
from kg.ontology import load_ontology
from kg.operations import FileLoadRequest, Workspace
from kg.records import ReadResult, UnreadValue
from kg.sources import ReadContext, choose_connector, common_source
from kg.sources.ftm_mappings.yaml_files import MAX_BYTES, read_yaml
from tests.sources.read_results import NAMESPACE, records, rejects

MAPPING = """
invented_register:
  label: An invented register
  info_url: https://example.org
  queries:
    - csv_url: file:///data/holders.csv
      filters:
        kind: owner
      filters_not:
        status: [void, deleted]
      entities:
        company:
          schema: Company
          id_column: company
          properties:
            name: {column: company name}
            jurisdiction: {literal: sm}
            incorporationDate: {column: founded, format: "%d.%m.%Y"}
        holder:
          schema: Person
          keys: [holder, born]
          key_literal: holder
          properties:
            name: {column: holder, required: true}
            alias: {column: also, split: "|"}
            birthDate: {column: born}
            address: {template: "{{street}}, {{town}}"}
            summary: {columns: [street, town], join: " - "}
        share:
          schema: Ownership
          keys: [company, holder]
          properties:
            owner: {entity: holder}
            asset: {entity: company}
            percentage: {column: part}
"""
HEAD = "company,company name,founded,kind,status,holder,born,also,street,town,part,shoe size\n"
ROW = "c1,Acme (invented),01.02.2003,owner,,Ann Example,1970,Na|An,1 Invented Road,Nowhere,51,38\n"
HOLDER = sha1(b"invented_register" + b"holder" + b"1970" + b"Ann Example", usedforsecurity=False).hexdigest()
SHARE = sha1(b"invented_register" + b"Ann Example" + b"c1", usedforsecurity=False).hexdigest()


def _mapping(folder: Path, text: str = MAPPING) -> str:
    path = folder / "mine.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def _read(folder: Path, rows: str, text: str = MAPPING, name: str = "holders.csv") -> list[ReadResult]:
    file = folder / name
    file.write_bytes(gzip.compress((HEAD + rows).encode()) if name.endswith("gz") else (HEAD + rows).encode())
    connector = choose_connector(file, _mapping(folder, text))
    return list(connector.read([file], ReadContext(load_ontology(), NAMESPACE)))


@pytest.mark.parametrize("name", ["holders.csv", "holders.csv.gz", "anything.txt"])
def test_a_row_becomes_the_entities_of_the_query(tmp_path: Path, name: str) -> None:
    found = _read(tmp_path, ROW, name=name)
    assert rejects(found) == []
    made = records(found)
    assert made["c1", ""].type == "Enterprise"
    assert made["c1", ""].properties == {"name": ["Acme (invented)"], "incorporation_date": ["2003-02-01"]}
    assert made["c1", ""].other == {"shoe size": ["38"]}
    assert made["c1", "jurisdiction:sm"].type == "REGISTERED_IN"
    assert made[HOLDER, ""].properties == {
        "name": ["Ann Example"],
        "alias": ["An", "Na"],
        "birth_date": ["1970"],
        "address": ["1 Invented Road, Nowhere"],
        "summary": ["1 Invented Road - Nowhere"],
    }
    assert made[SHARE, f"{HOLDER}→c1"].properties == {"share": ["51"]}


def test_what_several_rows_say_of_one_entity_is_merged(tmp_path: Path) -> None:
    other = (
        ROW.replace("Ann Example", "Bo Example").replace("Acme (invented)", "Acme Ltd (invented)").replace("51", "49")
    )
    found = _read(tmp_path, ROW + other)
    assert rejects(found) == []
    assert records(found)["c1", ""].properties["name"] == ["Acme (invented)", "Acme Ltd (invented)"]
    assert sum(r.type == "OWNS" for r in records(found).values()) == 2


@pytest.mark.parametrize(
    ("row", "types"),
    [
        (ROW.replace(",owner,", ",manager,"), []),
        (ROW.replace("owner,,", "owner,void,"), []),
        (ROW.replace("owner,,", "owner,live,"), ["Enterprise", "OWNS", "Person", "REGISTERED_IN"]),
        (ROW.replace("Ann Example,1970", ","), ["Enterprise", "REGISTERED_IN"]),
    ],
)
def test_filters_keys_and_required_properties_choose_what_is_made(tmp_path: Path, row: str, types: list[str]) -> None:
    found = _read(tmp_path, row)
    assert sorted(r.type for r in records(found).values()) == types


@pytest.mark.parametrize(
    ("row", "reason", "whole"),
    [
        (",,,owner,,,,,,,,\n", "no entity of the mapping has a key in this row", True),
        (ROW.replace("01.02.2003", "spring"), "founded, value 'spring': expected a date written as %d.%m.%Y", False),
        (ROW.replace("51", "much"), "percentage, value 'much'", False),
        (ROW.replace(",38", ""), "expected 12 cells, not 11", True),
        (ROW.replace("c1,", "c\x011,"), "key id", True),
    ],
)
def test_a_row_or_value_that_cannot_be_read_is_kept_with_its_line(
    tmp_path: Path, row: str, reason: str, whole: bool
) -> None:
    (reject, *_) = [r for r in rejects(_read(tmp_path, row)) if reason in r.reason]
    assert (reject.whole, reject.line, reject.row) == (whole, 2, row.rstrip("\n"))


def test_the_words_of_dates_in_another_format_stay_with_their_entity(tmp_path: Path) -> None:
    made = records(_read(tmp_path, ROW.replace("01.02.2003", "spring") + ROW.replace("01.02.2003", "autumn")))
    kept = [UnreadValue("founded", "incorporation_date", word) for word in ("autumn", "spring")]
    assert (list(made["c1", ""].not_understood), "incorporation_date" in made["c1", ""].properties) == (kept, False)
    dated = "            asset: {entity: company}\n            startDate: {column: founded, format: '%Y'}\n"
    text = MAPPING.replace("            asset: {entity: company}\n", dated)
    made = records(_read(tmp_path, ROW.replace("01.02.2003", "spring"), text))
    assert made[SHARE, f"{HOLDER}→c1"].not_understood == (UnreadValue("founded", "start_date", "spring"),)
    made = records(_read(tmp_path, ROW.replace("01.02.2003", "spring").replace("Ann Example", ""), text))
    assert {v.words for v in made["c1", ""].not_understood} == {"spring"}


def test_it_declares_the_source_and_is_a_snapshot(tmp_path: Path) -> None:
    file = tmp_path / "holders.csv"
    file.write_text(HEAD + ROW)
    source = common_source([file], _mapping(tmp_path))
    assert source is not None and (source.name, source.title) == ("invented_register", "An invented register")
    place = Workspace(tmp_path / "graph.sqlite")
    result = operations.load(place, FileLoadRequest((file,), _mapping(tmp_path)))
    assert (result.source, result.rejected, result.added) == ("invented_register", 0, 4)
    with pytest.raises(InputError, match="a table is a snapshot"):
        operations.load(place, FileLoadRequest((file,), _mapping(tmp_path), delta=True))


def test_each_file_is_read_by_the_queries_that_name_it(tmp_path: Path) -> None:
    people = "{name: {column: name}}"
    text = f"""
inv:
  queries:
    - csv_url: https://example.org/a%20b.csv
      entities: {{x: {{schema: Person, id_column: id, properties: {people}}}}}
    - csv_urls: [c.csv]
      entities: {{x: {{schema: Vessel, id_column: id, properties: {people}}}}}
"""
    files = [tmp_path / "a b.csv", tmp_path / "c.csv"]
    for file in files:
        file.write_text(f"id,name\n{file.stem},N\n")
    connector = choose_connector(files[0], _mapping(tmp_path, text))
    found = records(connector.read(files, ReadContext(load_ontology(), NAMESPACE)))
    assert {key: r.type for (key, _), r in found.items()} == {"a b": "Person", "c": "Vessel"}
    files[0].rename(tmp_path / "d.csv")
    with pytest.raises(InputError, match=r"d\.csv: is read by no query of .*mine\.yml; .* called a b\.csv, c\.csv"):
        list(connector.read([tmp_path / "d.csv", files[1]], ReadContext(load_ontology(), NAMESPACE)))


ENTITY = "entities: {x: {schema: Person, id_column: id}}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "expected a mapping of FollowTheMoney"),
        ("a: {}\nb: {}", "expected a mapping of FollowTheMoney"),
        ("", "expected a mapping of FollowTheMoney"),
        ("a: {label: x}", "key a: expected queries"),
        (
            "a: {query: {database: 'postgresql://x', table: t, " + ENTITY + "}}",
            "a.queries.0: reads a database; kg reads CSV",
        ),
        ("a: {query: {" + ENTITY + "}}", "a.queries.0: expected csv_url"),
        ("a: {query: {csv_url: x.csv, entities: {}}}", "a.queries.0: expected entities"),
        ("a: {query: {csv_url: x.csv, colour: red, " + ENTITY + "}}", "a.queries.0.colour"),
        (
            "a: {query: {csv_url: x.csv, entities: {x: {schema: Ghost, id_column: id}}}}",
            "entities.x: schema 'Ghost': expected a schema of FollowTheMoney",
        ),
        ("a: {query: {csv_url: x.csv, entities: {x: {schema: Thing, id_column: id}}}}", "not abstract"),
        ("a: {query: {csv_url: x.csv, entities: {x: {schema: Person}}}}", "expected either keys or id_column"),
        (
            "a: {query: {csv_url: x.csv, entities: {x: {schema: Person, key: a, id_column: b}}}}",
            "either keys or id_column",
        ),
        (
            "a: {query: {csv_url: x.csv, entities: {x: {schema: Person, key: a, properties: {hue: {column: b}}}}}}",
            "property 'hue': expected a property of Person",
        ),
        (
            "a: {query: {csv_url: x, entities: {x: {schema: Ownership, key: a, properties: {owner: {entity: y}}}}}}",
            "names the entity 'y', which the query does not have",
        ),
        (
            "a: {query: {csv_url: x.csv, entities: {"
            "x: {schema: LegalEntity, key: a, properties: {parent: {entity: y}}}, "
            "y: {schema: LegalEntity, key: a, properties: {parent: {entity: x}}}}}}",
            "in a circle: x, y",
        ),
        ("a: {query: {csv_url: x.csv, csv_url: y.csv, " + ENTITY + "}}", "key 'csv_url' occurs more than once"),
        ("a: [", "cannot be read as YAML"),
        ("a: !!python/object:os.system {}", "cannot be read as YAML"),
        ("a: " + "[" * 900_000, "cannot be read as YAML: nested more than 50 deep"),
        ("a: \x07", "cannot be read as YAML: special characters are not allowed"),
        ("a: &x " + "x" * MAX_BYTES, "expected at most"),
        (
            "\n".join(["a: &a0 [x, x]", *(f"b{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]),
            "aliases of aliases",
        ),
    ],
    ids=lambda text: text[:40],
)
def test_a_mapping_that_cannot_be_run_says_why(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        choose_connector(tmp_path / "x.csv", _mapping(tmp_path, text))
    assert problem in str(caught.value) and "mine.yml" in str(caught.value)


def test_a_file_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holders\.csv:1: expected a column called part"):
        connector = choose_connector(tmp_path / "holders.csv", _mapping(tmp_path))
        (tmp_path / "holders.csv").write_text(HEAD.replace(",part,", ",x,") + ROW)
        list(connector.read([tmp_path / "holders.csv"], ReadContext(load_ontology(), NAMESPACE)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "a: no\nb: 007\nc: 2020-01-02\nd: ~\ne: 1.50",
            {"a": "no", "b": "007", "c": "2020-01-02", "d": "~", "e": "1.50"},
        ),
        ("x: &x {a: 1}\ny: {<<: *x, b: 2}", {"x": {"a": "1"}, "y": {"a": "1", "b": "2"}}),
    ],
)
def test_every_scalar_of_yaml_is_its_text(tmp_path: Path, text: str, found: Any) -> None:
    assert read_yaml(Path(_mapping(tmp_path, text))) == found
