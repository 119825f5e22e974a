"""Which connector reads a file, and which source does the file belong to?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError, NotFound
from kg.ontology import load_ontology
from kg.sources import ReadContext, SourceDeclaration, choose_connector, common_source, connectors, recognition
from kg.sources import connector as model


@pytest.mark.parametrize(
    ("name", "connector"),
    [
        ("entities.ftm.json", "ftm"),
        ("Entities.FTM.json.gz", "ftm"),
        ("donations.ijson", "ftm"),
        ("register.bods.json.gz", "bods"),
        ("bods04.example.jsonl", "bods"),
        ("20260101-0800-gleif-goldencopy-rr-golden-copy.csv", "gleif"),
        ("20260101-0800-lei2-golden-copy.json.gz", "gleif"),
        ("gleif.bods.json", "bods"),
        ("interpol-red-page-1.json", "interpol"),
        ("SDN.CSV", "ofac"),
        ("BasicCompanyData-2026-09-01-part7_7.csv", "uk-companies"),
        ("2026-30493.interpol.json", "interpol"),
        ("red_notices.json.gz", "interpol"),
        ("psc-snapshot-2026-01-01_1of29.txt", "psc"),
        ("persons-with-significant-control-snapshot-2026-01-01.txt.gz", "psc"),
        ("people.records.jsonl", "records"),
        ("people.records.jsonl.gz", "records"),
        ("agencies.csv", "reference"),
        ("persons.csv.gz", "sheets"),
        ("Links.CSV.bz2", "sheets"),
        ("entities.ftm.json.xz", "ftm"),
    ],
)
def test_a_file_is_recognised_by_its_name(name: str, connector: str) -> None:
    assert choose_connector(Path("anywhere") / name).name == connector


@pytest.mark.parametrize("name", ["case.xlsx.gz", "persons.parquet.xz"])
def test_a_workbook_in_a_compressed_file_is_not_recognised(name: str) -> None:
    assert not any(connector.matches(Path(name)) for connector in connectors().values())


def test_every_folder_with_a_source_toml_is_a_connector_that_reads() -> None:
    folders = ["bods", "ftm", "gleif", "icij", "interpol", "opensanctions", "psc", "records", "reference", "sheets"]
    folders += ["un_sanctions", "world_bank"]
    assert [name for name, c in connectors().items() if not c.shown.startswith("declared/")] == folders
    context = ReadContext(load_ontology(), "sample")
    assert [list(c.read([], context)) for c in connectors().values()] == [[]] * len(connectors())


def test_a_connector_can_be_named() -> None:
    assert choose_connector(Path("odd.txt"), "ftm").name == "ftm"


def test_a_name_that_no_connector_has_is_refused() -> None:
    known = ", ".join(connectors())
    with pytest.raises(NotFound, match=f"no connector 'ftn'; connectors: {known}"):
        choose_connector(Path("a.ijson"), "ftn")


def test_a_connector_picks_its_files_from_a_folder(tmp_path: Path) -> None:
    for name in ("b.records.jsonl", "a.records.jsonl", "notes.txt"):
        (tmp_path / name).touch()
    assert [p.name for p in connectors()["records"].matching_files(tmp_path)] == ["a.records.jsonl", "b.records.jsonl"]


def test_the_reference_connector_declares_its_source() -> None:
    source = common_source([Path("agencies.csv"), Path("conventions.csv")])
    assert source is not None
    assert (source.name, source.namespace, source.invented) == ("reference", "reference", False)


def test_a_native_file_declares_its_source_in_its_first_line(tmp_path: Path) -> None:
    file = _native(tmp_path / "a", '{"source": {"name": "cases", "title": "Invented cases", "invented": true}}')
    assert common_source([file]) == SourceDeclaration(name="cases", title="Invented cases", invented=True)


def test_files_may_declare_nothing(tmp_path: Path) -> None:
    plain = _native(tmp_path / "a", '{"key": "p", "type": "Person"}')
    assert common_source([plain, _native(tmp_path / "b", "not JSON")]) is None
    assert common_source([Path("a.ijson")]) is None
    assert common_source([]) is None


@pytest.mark.parametrize("second", ['{"source": {"name": "y", "title": "Y"}}', '{"key": "p", "type": "Person"}'])
def test_all_files_of_a_load_declare_the_same_source(tmp_path: Path, second: str) -> None:
    files = [_native(tmp_path / "a", '{"source": {"name": "x", "title": "X"}}'), _native(tmp_path / "b", second)]
    with pytest.raises(InputError, match=r"b\.records\.jsonl:1, key source: declares .* a load has one source"):
        common_source(files)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ('{"source": {"title": "X"}}', "source.name"),
        ('{"source": {"name": "x", "title": "X", "owner": "y"}}', "source.owner"),
        ('{"source": "x"}', "source"),
        ('{"source": {"name": "x", "title": "X", "invented": "perhaps"}}', "source.invented"),
    ],
)
def test_a_declaration_that_is_not_sound_is_refused(tmp_path: Path, header: str, key: str) -> None:
    with pytest.raises(InputError, match=rf"a\.records\.jsonl:1, key {key}[:,] "):
        common_source([_native(tmp_path / "a", header)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'title = "T"\ndescription = "D"\nfiles = ["*.x"]\ncolour = "red"',
            "x/source.toml, key colour, value 'red': unknown key",
        ),
        ('title = "T"\nfiles = ["*.x"]', "x/source.toml, key description: Field required"),
        ('name = "y"', "x/source.toml, key name: the folder's name is the connector's name"),
        ("title = ", "x/source.toml: cannot be read"),
    ],
)
def test_a_mistake_in_a_source_toml_names_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "source.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(model, "FOLDER", tmp_path)
    with pytest.raises(InputError) as caught:
        connectors.__wrapped__()
    assert message in str(caught.value)


def test_two_connectors_that_recognise_one_file_must_be_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "source.toml").write_text(
            'title = "T"\ndescription = "D"\nfiles = ["*.x"]', encoding="utf-8"
        )
    monkeypatch.setattr(model, "FOLDER", tmp_path)
    monkeypatch.setattr(recognition, "connectors", connectors.__wrapped__)
    with pytest.raises(InputError, match=r"a\.x: could be any of one, two; name one"):
        choose_connector(Path("a.x"))


def _native(stem: Path, first: str) -> Path:
    path = stem.with_name(f"{stem.name}.records.jsonl")
    path.write_text(first + '\n{"key": "q", "type": "Person"}\n', encoding="utf-8")
    return path
