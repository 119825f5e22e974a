"""Does the page about the ontology say all of it, and only what is so?"""

from __future__ import annotations

import re

import pytest

from kg.ontology import LinkType, NodeType, Ontology, Property, load_ontology
from kg.ontology.derive import derived_files
from kg.ontology.derive.docs import ontology_page
from kg.ontology.derive.reference import CREDIBILITY, HANDLING, RELIABILITY
from kg.ontology.model import HANDLINGS
from kg.ontology.values import VALUE_TYPES
from kg.records import CREDIBILITIES, RELIABILITIES
from tests.house.tree import ROOT

ONTOLOGY = load_ontology()
PAGE = ontology_page(ONTOLOGY)
HEADINGS = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)


DERIVED = derived_files(ROOT / "graph" / "ontology")


@pytest.mark.parametrize("name", DERIVED)
def test_the_file_that_is_checked_in_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == DERIVED[name], "run `kg generate`"


def test_it_says_at_its_top_which_command_makes_it() -> None:
    assert "`kg generate` makes this page" in "\n".join(PAGE.splitlines()[:5])


def test_the_same_ontology_gives_the_same_page() -> None:
    nodes, links = list(ONTOLOGY.nodes.values()), list(ONTOLOGY.links.values())
    traits = dict(reversed(ONTOLOGY.traits.items()))
    assert ontology_page(Ontology(nodes[::-1], links[::-1], traits)) == PAGE


def test_every_type_has_a_heading() -> None:
    assert [
        n for n in (*ONTOLOGY.nodes, *ONTOLOGY.links, *(f"{v} values" for v in VALUE_TYPES)) if n not in HEADINGS
    ] == []


def test_every_link_within_the_page_leads_to_one_heading() -> None:
    anchors = [h.lower().replace(" ", "-") for h in HEADINGS]
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= set(anchors)


def test_every_row_of_a_table_has_as_many_cells_as_its_heading() -> None:
    tables = re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
    assert [t for t in tables if len({_cells(row) for row in t.splitlines()}) != 1] == []


def test_the_diagrams_show_every_type() -> None:
    lineage, links = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
    assert set(ONTOLOGY.nodes) == set(re.findall(r"\b[A-Z]\w+", lineage)) - {"LR"}
    assert set(ONTOLOGY.link_names) <= set(re.findall(r"[A-Z_]+", links))
    assert all(f'["{trait}"]' in links for trait in ONTOLOGY.traits)


def test_grades_mean_what_records_may_say() -> None:
    assert (tuple(RELIABILITY), tuple(CREDIBILITY), tuple(HANDLING)) == (RELIABILITIES, CREDIBILITIES, HANDLINGS)
    assert "F and 6 mean *unknown*, not low" in " ".join(PAGE.split())


def test_both_wordings_of_a_link_are_there_with_its_mapping() -> None:
    section = _section("OWNS")
    assert "- Reads: [Party](#party) *owns* [Asset](#asset)" in section
    assert "- Backwards: [Asset](#asset) *is owned by* [Party](#party)" in section
    assert "`Ownership`, from `owner` to `asset`" in section
    assert "| `interest` | [text](#text-values): `legal`, `beneficial` |" in section


def test_a_protected_link_says_so() -> None:
    assert f"- Handling: `protected`: {HANDLING['protected']}" in _section("HAS_STATUS_IN")


def test_a_property_that_identifies_says_so_with_its_pattern() -> None:
    assert "| `imo` | [identifier](#identifier-values) matching `^[0-9]{7}$`, *identifies* |" in _section("Vessel")


def test_signs_of_markdown_are_shown_as_they_are() -> None:
    odd = Property(type="text", description="Either a|b, <i> or *x*.", pattern="a|b", values=("a", "b"))
    node = NodeType(name="Thing", description="One | two.", properties={"kind": odd})
    page = ontology_page(Ontology([node], [], {}))
    assert "\nOne \\| two.\n" in page
    assert (
        "| `kind` | [text](#text-values): `a`, `b` matching `a\\|b` | Either a\\|b, &lt;i> or \\*x\\*. |  |\n" in page
    )


def test_an_ontology_with_nothing_shared_has_a_page() -> None:
    thing, words = ("Thing",), "meets"
    link = LinkType(
        name="MEETS", description="They meet.", directed=False, from_=thing, to=thing, caption=words, inverse=words
    )
    page = ontology_page(Ontology([NodeType(name="Thing", description="Any.")], [link], {}))
    assert "- Direction: none; it reads alike both ways\n" in page


def _section(heading: str) -> str:
    return PAGE.partition(f"### {heading}\n")[2].partition("\n### ")[0]


def _cells(row: str) -> int:
    """Cells of a row; a pipe after a backslash is none of their borders."""
    return len(re.findall(r"(?<!\\)\|", row)) - 1
