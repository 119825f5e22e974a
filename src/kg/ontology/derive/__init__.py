"""The files that are derived from the ontology."""

from __future__ import annotations

from pathlib import Path

from kg.ontology.derive.cypher import schema_page
from kg.ontology.derive.docs import ontology_page
from kg.ontology.derive.grass import style_page
from kg.ontology.derive.looks import looks_page
from kg.ontology.load import COMPILED, compiled_page, read_ontology
from kg.ontology.words import COMPILED_WORDS, compiled_words


def derived_files(folder: Path) -> dict[str, str]:
    """The text of every file that is derived from the ontology of a folder, by its path in a checkout."""
    ontology = read_ontology(folder)
    return {
        f"graph/ontology/{COMPILED}": compiled_page(ontology, folder),
        f"graph/ontology/{COMPILED_WORDS}": compiled_words(folder),
        "docs/ontology.md": ontology_page(ontology),
        "cypher/schema.cypher": schema_page(ontology),
        "cypher/style.grass": style_page(ontology),
        "api/page/src/looks.json": looks_page(ontology),
    }
