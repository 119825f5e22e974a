"""The files that are derived from the ontology."""

from __future__ import annotations

from kg.ontology.derive.cypher import schema_page
from kg.ontology.derive.docs import ontology_page
from kg.ontology.derive.grass import style_page
from kg.ontology.derive.looks import looks_page
from kg.ontology.model import Ontology


def derived_files(ontology: Ontology) -> dict[str, str]:
    """The text of every derived file, by its path in a checkout."""
    return {
        "docs/ontology.md": ontology_page(ontology),
        "cypher/schema.cypher": schema_page(ontology),
        "cypher/style.grass": style_page(ontology),
        "api/page/src/looks.json": looks_page(ontology),
    }
