"""Does kg read what FollowTheMoney accepts and emits, and is the share that the docs state the one that it reads?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.followthemoney_values import FIELDS, recorded_values, row, unread, values_of
from kg.ontology import Property, load_ontology
from kg.ontology.derive.ftm import ftm_mapping
from kg.sources.ftm.properties import country_code

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")

NO_JURISDICTIONS = ["ac", "cp", "cq", "cshh", "csxx", "cy-trnc", "dd", "dg", "eu", "ic", "ip", "suhh"]
NO_JURISDICTIONS += ["ta", "un", "x-so", "yucs", "zz"]
EXCEPTIONS = {
    "country": NO_JURISDICTIONS,
    "url": ["ftp://example.org/a", "ftp://example.org/b", "ftp://example.org/c"],
}
"""Emitted values that are not read; docs/sources.md has the reasons."""


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_what_is_emitted_is_read_but_for_the_listed_exceptions(kind: str) -> None:
    emitted, typed = values_of(kind)
    lost = unread(kind, emitted)
    assert lost == EXCEPTIONS.get(kind, [])
    assert len(lost) <= len(emitted) / 100 or kind == "country"
    assert row(kind, (lost, unread(kind, typed))) in DOCS


def test_every_exception_has_its_reason_in_the_docs() -> None:
    assert [value for value in NO_JURISDICTIONS if f"`{value}`" not in DOCS] == []


@pytest.mark.parametrize("kind", ["bic", "date", "iban", "imo", "inn", "isin", "lei", "url", "wikidata"])
def test_as_typed_and_as_emitted_are_one_value(kind: str) -> None:
    prop, lost = _property(*FIELDS[kind][0]), unread(kind, values_of(kind)[1])
    for value in recorded_values():
        moved = "+02:00" in value.raw and not value.emitted.startswith(value.raw[:10])  # to another day, in UTC
        if value.kind == kind and value.raw not in lost and not moved:
            assert _same(prop, value.raw, value.emitted), value


def test_a_country_as_typed_is_the_one_emitted() -> None:
    for value in recorded_values():
        read = country_code(value.raw)
        if value.kind == "country" and read:
            assert read.partition("-")[0] == country_code(value.emitted).partition("-")[0], value


def test_every_type_that_the_ontology_has_a_place_for_is_recorded() -> None:
    assert {value.kind for value in recorded_values()} == set(FIELDS)


def _property(schema: str, name: str) -> Property:
    ontology = load_ontology()
    mapping = ftm_mapping(ontology)
    rule = mapping.nodes.get(schema) or mapping.edges[schema]
    return ontology.properties(rule.type)[rule.fields.properties[name]]


def _same(prop: Property, typed: str, emitted: str) -> bool:
    one, other = prop.clean(typed), prop.clean(emitted)
    return one == other or (prop.type == "url" and one.lower().rstrip("/") == other.lower().rstrip("/"))
