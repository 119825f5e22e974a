"""A file whose name says nothing is told by its content, and how to load it."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.sources import choose_connector, connectors

HERE = Path(__file__).parent
SAMPLES = sorted(
    path
    for folder in HERE.iterdir()
    if folder.is_dir() and folder.name not in ("files", "ftm_mappings", "tabular", "sheets", "reference")
    for path in folder.iterdir()
    if path.suffix != ".py" and "expected" not in path.name and any(c.matches(path) for c in connectors().values())
)
WITHOUT_HEADER = {"ADD.CSV", "ALT.CSV", "SDN.CSV"}
AFTER_A_PREAMBLE = {"ConList.csv", "UK-Sanctions-List.csv"}


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        choose_connector(path)
    return error.value.problem


@pytest.mark.parametrize(
    "sample", [p for p in SAMPLES if p.name not in WITHOUT_HEADER | AFTER_A_PREAMBLE], ids=lambda p: p.name
)
def test_a_renamed_sample_is_told_with_the_connector_that_reads_it(tmp_path: Path, sample: Path) -> None:
    renamed = tmp_path / "download (1)"
    shutil.copyfile(sample, renamed)
    connector = choose_connector(sample)
    problem = refusal(renamed)
    assert f"{connector.name} ({connector.title}): " in problem or f"what {connector.name} reads" in problem, problem
    assert problem.endswith(f"add --as {connector.name}") or "name the file" in problem


def test_there_are_samples_of_most_connectors() -> None:
    assert len({choose_connector(sample).name for sample in SAMPLES}) > 12


def test_compressed_content_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "entities.gz"
    path.write_bytes(gzip.compress(b'{"id": "a", "schema": "Person", "properties": {"name": ["Ann Example"]}}\n'))
    assert refusal(path).endswith("it holds what ftm reads (FollowTheMoney entities, JSON lines): add --as ftm")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "sep=;\nid;name\n1;Ann Example\n", "it is a table with the columns id, name: say what they mean"),
        ("a.csv", "entity_id,prop,value,dataset\na,Person:name,Ann,d\n", "it holds what opensanctions reads"),
        ("a.csv", "id\tname\n1\tAnn Example\n", "it is a table with the columns id, name: say what"),
        ("a.json", '{"foo": {"bar": 1}}', "it has the keys foo, bar; if one reads it, load it with --as NAME"),
        ("a.xml", "<?xml version='1.0'?><list><x/></list>", "it has the elements list, x; if one reads it"),
        ("a.txt", "only words\n", "name the reader with --as NAME; connectors: bods, "),
        ("a.csv", "name\nAnn\n", "it has one column, which does not tell what its rows are"),
        ("a.json", "[]", "name the reader with --as NAME; connectors: bods, "),
    ],
)
def test_other_content_is_told_with_what_can_be_done(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert f"no connector reads a file of this name; {said}" in refusal(path)


def test_content_that_is_no_text_is_told_instead_of_the_name(tmp_path: Path) -> None:
    path = tmp_path / "scan.dat"
    path.write_bytes(b"%PDF-1.7 invented")
    assert refusal(path) == "is a PDF; export the data as CSV, or type the table into a sheet (`kg template`)"
