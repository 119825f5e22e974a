"""Do plain lines, which are read by their shape, become what the reader of all lines makes of them?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ontology import load_ontology
from kg.ontology.derive.ftm import NodeRule, ftm_mapping
from kg.records import Record
from kg.sources import ReadContext
from kg.sources.ftm.read import FtmReader
from kg.sources.ftm.spool import SpooledEntities
from kg.sources.rows import PropertyChecks, SourceRow

HERE = Path(__file__).parent
MAPPING = ftm_mapping(load_ontology())
READER = FtmReader(ReadContext(load_ontology(), "inv"), SpooledEntities(), {"repeated"})

SCHEMATA = [
    "Person",
    "Company",
    "Ownership",
    "Directorship",
    "Payment",
    "Sanction",
    "Vessel",
    "Thing",
    "Address",
    "Nothing",
]
ODD_NAMES = [
    "handling",
    "sourceUrl",
    "publisher",
    "modifiedAt",
    "retrievedAt",
    "currency",
    "amount",
    "amountEur",
    "notes",
    "kg",
]
TEXTS = [
    *(
        "Ann (invented)",
        "安 安",
        " x ",
        "",
        "\x07",
        "\ud800",
        "1970",
        "31/12/1970",
        "never",
        "us",
        "GB-SCT",
        "suhh",
        "British",
    ),
    *("51", "0.5", "EUR", "1000", "1,5", "https://example.org", 'a ":" b', "inv-1", "9123456", "y" * 300, "handling"),
]
KEYS = st.sampled_from(["inv-1"] * 8 + ["repeated", "", "a\nb", "ключ"])


def _good_texts(schema: str) -> dict[str, list[str]]:
    """By property of a schema, texts that its values can be."""
    rule = MAPPING.nodes.get(schema) or MAPPING.edges.get(schema)
    if rule is None:
        return {"name": TEXTS}
    checks = PropertyChecks(load_ontology()).of_type(rule.type)
    good = {name: [t for t in TEXTS if not checks[target](t)] for name, target in rule.fields.properties.items()}
    good |= {name: ["1000", "5"] for names in rule.fields.money.values() for name in names}
    if isinstance(rule, NodeRule):
        return good | {name: ["us", "gb", "fr"] if link.curated else ["inv-3"] for name, link in rule.links.items()}
    return good | {end: ["inv-3", "inv-4"] for pair in rule.ends for end in pair}


GOOD = {schema: _good_texts(schema) for schema in SCHEMATA}
TEXT_LISTS = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2)
ODD_VALUES: st.SearchStrategy[Any] = st.sampled_from([[], "text", [1], [None, "x"], {"id": "inv-3"}, [{"id": "inv-3"}]])
AROUND = st.fixed_dictionaries(
    {},
    optional={
        "datasets": st.sampled_from([["inv"], ["inv", "two"], [], "inv", [7], ["inv-1"]]),
        "caption": st.just("Ann"),
        "first_seen": st.sampled_from(["2020-01-01", ""]),
        "last_change": st.sampled_from(["2020-01-01T00:00:00", "never"]),
        "referents": st.sampled_from([["inv-9"], ["inv-1"], [1]]),
        "target": st.booleans(),
    },
)
ODD_AROUND: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{"handling": "protected"}, {"kg": {"handling": "protected"}}, {"op": "ADD"}]
)


@st.composite
def entities(draw: st.DrawFn) -> dict[str, Any]:
    """An entity, mostly of plain values under names that its schema has."""
    schema = draw(st.sampled_from(SCHEMATA))
    good, rule = GOOD[schema], MAPPING.edges.get(schema)
    names = draw(st.lists(st.sampled_from(sorted(good)), max_size=4))
    names += draw(st.sampled_from(rule.ends)) if rule else ()
    names += [draw(st.sampled_from(ODD_NAMES))] if not draw(st.integers(0, 2)) else ()
    properties: dict[str, Any] = {}
    for name in draw(st.permutations(names)):
        fitting = good.get(name) or TEXTS
        properties[name] = draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=2))
        if not draw(st.integers(0, 19)):
            properties[name] = draw(st.one_of(TEXT_LISTS, ODD_VALUES))
    around: dict[str, Any] = draw(AROUND) if draw(st.booleans()) else {"datasets": ["inv"]}
    around |= draw(ODD_AROUND) if not draw(st.integers(0, 19)) else {}
    return {"id": draw(KEYS), "schema": schema, "properties": properties, **around}


def _row(text: str) -> SourceRow:
    return SourceRow("x.ftm.json", 7, text.encode("utf-8", "surrogatepass"))


@given(entities())
def test_any_line_becomes_the_same_in_both_ways(entity: dict[str, Any]) -> None:
    row = _row(json.dumps(entity))
    assert _seen(READER.read_row(row)) == _seen(READER.read_any_row(row))


@pytest.mark.parametrize("name", ["sample.ftm.json", "faults.ftm.json"])
def test_the_samples_become_the_same_in_both_ways(name: str) -> None:
    for line in (HERE / name).read_bytes().splitlines():
        row = SourceRow(name, 1, line)
        assert _seen(READER.read_row(row)) == _seen(READER.read_any_row(row))


def _seen(readings: Any) -> list[Any]:
    """Everything of some results, also what does not count when records are compared."""
    return [(r, r.body(), r.line, r.row, r.identity) if isinstance(r, Record) else r for r in readings]


@pytest.mark.parametrize(
    "entity",
    [
        {
            "id": "p",
            "schema": "Person",
            "properties": {"notes": ["B", "A"], "summary": ["A", "C"], "nationality": ["us", "fr"]},
        },
        {"id": "o", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["c"], "percentage": ["51"]}},
        {"id": "y", "schema": "Payment", "properties": {"payer": ["p"], "beneficiary": ["c"], "amountEur": ["5"]}},
        {
            "id": "c",
            "schema": "Company",
            "properties": {"name": ["A"], "sourceUrl": ["https://example.org"]},
            "target": True,
        },
    ],
    ids=lambda entity: entity["schema"],
)
def test_these_lines_are_plain(entity: dict[str, Any]) -> None:
    row = _row(json.dumps(entity))
    assert _seen(READER.plain.read(row, ()) or ()) == _seen(READER.read_any_row(row)) != []
