"""Is every mistake seen that only shows when all files are seen together?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.ontology import Ontology, load_ontology
from kg.ontology.lint import problems
from kg.ontology.model import LinkType, NodeType
from tests.unit.ontology.ontology_files import VALID_FILES, write_ontology

ASSET, OWNS, THING = VALID_FILES["nodes/Asset.toml"], VALID_FILES["links/OWNS.toml"], VALID_FILES["nodes/Thing.toml"]
TRAITS = VALID_FILES["traits.toml"]
TAKEN = "expected a name that no link type and no label of the projection has"
ROLE = "\n[roles.nominee]\n"
TEXT = '\n[properties.{}]\ntype = "text"\ndescription = "Words."\n'


def _message(root: Path, file: str, text: str) -> str:
    with pytest.raises(OntologyError) as caught:
        load_ontology(write_ontology(root, {file: text}))
    return str(caught.value)


def test_nothing_is_wrong_with_the_ontology_that_travels_with_the_package() -> None:
    assert list(problems(load_ontology())) == []


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "nodes/asset_type.toml",
            ASSET,
            "nodes/asset_type.toml, value 'asset_type': expected a name such as RealEstate",
        ),
        (
            "nodes/Fugitive.toml",
            ASSET,
            f"nodes/Fugitive.toml, value 'Fugitive': {TAKEN}",
        ),
        (
            "nodes/OWNS.toml",
            ASSET,
            f"nodes/OWNS.toml, value 'OWNS': {TAKEN}",
        ),
        (
            "nodes/Asset.toml",
            ASSET.replace('["Thing"]', '["Thong"]'),
            "nodes/Asset.toml, key extends, value 'Thong': expected the name of another node type",
        ),
        (
            "nodes/Asset.toml",
            ASSET.replace('["Thing"]', '["Asset"]'),
            "nodes/Asset.toml, key extends: a type cannot extend itself, however far round",
        ),
        (
            "nodes/Thing.toml",
            'extends = ["Asset"]' + THING,
            "nodes/Asset.toml, key extends: a type cannot extend itself, however far round",
        ),
        (
            "nodes/Asset.toml",
            'key = "name"' + ASSET,
            "nodes/Asset.toml, key key, value 'name': expected one of this type's own properties",
        ),
        (
            "nodes/Asset.toml",
            'caption = ["title"]' + ASSET,
            "nodes/Asset.toml, key caption, value 'title': expected one of name, serial",
        ),
        (
            "nodes/Asset.toml",
            ASSET.replace("What can be held.", " "),
            "nodes/Asset.toml, key description: expected words on one line",
        ),
        (
            "nodes/Asset.toml",
            ASSET.replace("What can be held.", "What can\\nbe held."),
            "nodes/Asset.toml, key description: expected words on one line",
        ),
    ],
)
def test_mistakes_in_node_types(tmp_path: Path, file: str, text: str, message: str) -> None:
    assert _message(tmp_path, file, text) == message


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "nodes/Asset.toml",
            ASSET + TEXT.format("Title"),
            "nodes/Asset.toml, key properties.Title: expected a name such as birth_date",
        ),
        (
            "nodes/Asset.toml",
            ASSET.replace('"identifier"', '"text"'),
            "nodes/Asset.toml, key properties.serial.identifies: expected only on properties of type identifier",
        ),
        (
            "nodes/Asset.toml",
            ASSET + TEXT.format("name"),
            "nodes/Asset.toml, key properties.name.type, value 'text': expected name, as in Thing",
        ),
        (
            "links/OWNS.toml",
            OWNS + TEXT.format("date"),
            "links/OWNS.toml, key properties.date.type, value 'text': expected date, as in LINK",
        ),
        (
            "nodes/Asset.toml",
            ASSET + TEXT.format("kind") + 'values = ["flat", "town  house"]',
            "nodes/Asset.toml, key properties.kind.values, value 'town  house': expected the canonical text of a text",
        ),
        (
            "links/OWNS.toml",
            OWNS
            + TEXT.format("paid")
            + 'values = ["yes", "no"]\n'
            + TEXT.format("when").replace("text", "date")
            + 'values = ["soon"]',
            "links/OWNS.toml, key properties.when.values, value 'soon': expected the canonical text of a date",
        ),
        (
            "links/OWNS.toml",
            OWNS + TEXT.format("kind").replace("Words.", ""),
            "links/OWNS.toml, key properties.kind.description: expected words on one line",
        ),
    ],
)
def test_mistakes_in_properties(tmp_path: Path, file: str, text: str, message: str) -> None:
    assert _message(tmp_path, file, text) == message


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("links/holds.toml", OWNS, "links/holds.toml, value 'holds': expected a name such as HAS_ADDRESS"),
        (
            "links/OWNS.toml",
            OWNS.replace('"Party"', '["Party", "Prty"]'),
            "links/OWNS.toml, key from, value 'Prty': expected the name of a node type",
        ),
        (
            "links/OWNS.toml",
            OWNS.replace('["ownership"]', '["owner"]'),
            "links/OWNS.toml, key traits, value 'owner': expected one of ownership",
        ),
        (
            "links/OWNS.toml",
            OWNS.replace('["ownership"]', "[]"),
            "links/OWNS.toml, key traits: expected a value; only an abstract link may leave it out",
        ),
        (
            "links/OWNS.toml",
            OWNS.replace('"owns"', '"owns\\nall"'),
            "links/OWNS.toml, key caption: expected words on one line",
        ),
        (
            "links/OWNS.toml",
            f"{OWNS}{ROLE}caption = 'holds for'\ninverse = ''\n{TEXT.format('role')}",
            "links/OWNS.toml, key roles.nominee.inverse: expected words on one line",
        ),
        (
            "links/OWNS.toml",
            f"{OWNS}{ROLE}caption = 'holds for'\ninverse = 'is held by'\n",
            "links/OWNS.toml, key roles: expected a property role, whose words choose among them",
        ),
        (
            "links/OWNS.toml",
            OWNS.replace('["ownership"]', '"ownership"'),
            "links/OWNS.toml, key traits, value 'ownership': expected a list",
        ),
        (
            "links/OWNS.toml",
            f"roles = 'nominee'\n{OWNS}",
            "links/OWNS.toml, key roles, value 'nominee': expected a table",
        ),
        (
            "links/OWNS.toml",
            OWNS.replace('inverse = "is owned by"', ""),
            "links/OWNS.toml, key inverse: expected a value; only an abstract link may leave it out",
        ),
        (
            "links/OWNS.toml",
            OWNS + 'handling = "secret"',
            "links/OWNS.toml, key handling, value 'secret': expected one of open, restricted, protected",
        ),
        (
            "links/OWNS.toml",
            OWNS + "directed = false",
            "links/OWNS.toml, key directed: expected the same ends and the same words both ways where it is false",
        ),
        (
            "links/OTHER.toml",
            VALID_FILES["links/LINK.toml"],
            "links/OTHER.toml, key abstract: expected one abstract link; LINK is it already",
        ),
    ],
)
def test_mistakes_in_link_types(tmp_path: Path, file: str, text: str, message: str) -> None:
    assert _message(tmp_path, file, text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TRAITS + "control = 5", "traits.toml, key control, value '5': expected words on one line"),
        (TRAITS + 'Control = "Deciding."', "traits.toml, key Control: expected a name such as no_agreement"),
    ],
)
def test_mistakes_in_traits(tmp_path: Path, text: str, message: str) -> None:
    assert _message(tmp_path, "traits.toml", text) == message


def test_all_mistakes_are_told_even_where_no_lineage_is_sound() -> None:
    nodes = [NodeType(name="Loop", extends=("Loop",), description="Round.", caption=("nothing",))]
    links = [
        LinkType(
            name="TIES",
            from_=("Loop",),
            to=("Nowhere",),
            description="To nowhere.",
            traits=("t",),
            caption="a",
            inverse="b",
        )
    ]
    told = [f"{place}: {problem}" for place, problem in problems(Ontology(nodes, links, {"t": "A trait."}))]
    assert told == [
        "nodes/Loop.toml, key extends: a type cannot extend itself, however far round",
        "links/TIES.toml, key to, value 'Nowhere': expected the name of a node type",
    ]
