"""Does a mistake in an ontology file say where it is?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.ontology import load_ontology, read_ontology
from kg.ontology.load import COMPILED, compiled_page
from kg.resources import data_dir
from tests.unit.ontology.ontology_files import VALID_FILES, write_ontology

ASSET, OWNS = VALID_FILES["nodes/Asset.toml"], VALID_FILES["links/OWNS.toml"]


def _problem(root: Path, file: str, text: str) -> OntologyError:
    with pytest.raises(OntologyError) as caught:
        load_ontology(write_ontology(root, {file: text}))
    return caught.value


def test_a_sound_ontology_is_read(tmp_path: Path) -> None:
    ontology = load_ontology(write_ontology(tmp_path, {}))
    assert (ontology.node_names, ontology.link_names) == (("Asset", "Party"), ("OWNS",))


def test_a_file_is_its_own_registration(tmp_path: Path) -> None:
    yacht = 'extends = ["Asset"]\ndescription = "A ship for leisure."\n'
    assert "Yacht" in load_ontology(write_ontology(tmp_path, {"nodes/Yacht.toml": yacht})).node_names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("description = ", "cannot be read: Invalid value (at end of document)"),
        ('name = "Asset"\n' + ASSET, "key name: the file's name is the type's name; leave this key out"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_named(tmp_path: Path, text: str, message: str) -> None:
    problem = _problem(tmp_path, "nodes/Asset.toml", text)
    assert str(problem) in {f"nodes/Asset.toml: {message}", f"nodes/Asset.toml, {message}"}


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (write_ontology(tmp_path, {}) / "traits.toml").write_bytes(b'ownership = "\xff"\n')
    with pytest.raises(OntologyError, match=r"/traits\.toml: cannot be read: "):
        load_ontology(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_ontology(tmp_path, {}) / "traits.toml").unlink()
    with pytest.raises(OntologyError, match=r"/traits\.toml: cannot be read: "):
        load_ontology(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "key", "value"),
    [
        ("nodes/Asset.toml", 'description = "x"\ncolour = "red"', "colour", "red"),
        ("nodes/Asset.toml", 'extends = ["Thing"]', "description", None),
        ("nodes/Asset.toml", "description = 5", "description", "5"),
        ("nodes/Asset.toml", ASSET.replace("identifies", "identify"), "properties.serial.identify", "True"),
        ("nodes/Asset.toml", ASSET.replace("identifies = true", 'values = "A"'), "properties.serial.values", "A"),
        ("links/OWNS.toml", OWNS + 'directed = "maybe"', "directed", "maybe"),
        ("links/OWNS.toml", OWNS.replace('"Party"', "[1]"), "from.0", "1"),
    ],
)
def test_a_wrong_key_is_named_with_its_value(tmp_path: Path, file: str, text: str, key: str, value: str | None) -> None:
    place = _problem(tmp_path, file, text).location
    assert (place.file, place.key, place.value) == (file, key, value)


def test_an_unknown_value_type_is_named_with_those_there_are(tmp_path: Path) -> None:
    problem = _problem(tmp_path, "nodes/Asset.toml", ASSET.replace('"identifier"', '"serial"'))
    assert problem.location.key == "properties.serial"
    assert "type 'serial' is none of text, name, identifier, url" in str(problem)


@pytest.mark.parametrize(
    "form", ['{edge = "Ownership", source = "owner"}', '{edge = "A", source = "b", target = "c", property = "d"}']
)
def test_a_followthemoney_form_is_an_edge_or_a_property(tmp_path: Path, form: str) -> None:
    problem = _problem(tmp_path, "links/OWNS.toml", f"{OWNS}ftm = {form}\n")
    assert str(problem).startswith("links/OWNS.toml, key ftm.0: ")
    assert str(problem).endswith("give either edge, source and target, or property")


def test_the_compiled_ontology_is_the_one_that_was_read() -> None:
    root = data_dir("graph") / "ontology"
    compiled, read = load_ontology(root), read_ontology(root)
    assert compiled is not read
    assert (compiled.to_json(), compiled.digest) == (read.to_json(), read.digest)
    assert [compiled.properties(name) for name in compiled.nodes] == [read.properties(name) for name in read.nodes]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("nodes/Yacht.toml", 'extends = ["Asset"]\ndescription = "A ship for leisure."\n'),
        ("links/OWNS.toml", OWNS.replace("owned", "held")),
        ("traits.toml", 'ownership = "Having."\n'),
    ],
)
def test_a_compiled_ontology_of_other_files_is_not_used(tmp_path: Path, file: str, text: str) -> None:
    root = write_ontology(tmp_path / Path(file).stem, {})  # a folder of its own: what was read of one is remembered
    before = read_ontology(root)
    (root / COMPILED).write_text(compiled_page(before, root), encoding="utf-8")
    (root / file).write_text(text, encoding="utf-8")
    assert load_ontology(root).to_json() == read_ontology(root).to_json() != before.to_json()


@pytest.mark.parametrize(
    ("part", "damaged"), [('"nodes"', '"vertices"'), ('"caption"', '"words"'), ('"digest"', '"sum"'), ("{", "[]{")]
)
def test_a_compiled_ontology_that_cannot_be_understood_is_not_used(tmp_path: Path, part: str, damaged: str) -> None:
    root = write_ontology(tmp_path / damaged.strip('"[]{}'), {})
    page = compiled_page(read_ontology(root), root)
    assert part in page
    (root / COMPILED).write_text(page.replace(part, damaged, 1), encoding="utf-8")
    assert load_ontology(root).to_json() == read_ontology(root).to_json()
