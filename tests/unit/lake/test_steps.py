"""Do the steps rely on nothing that an engine may not give: no order, no even spread, no plan that is kept?"""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from kg.errors import StoreError
from kg.lake import steps
from kg.lake.steps import Step, link_sums_step, nodes_step
from tests.house.tree import ROOT

RECORDS = [
    {
        "leader_ns": "one",
        "leader_key": f"n{number % 7}",
        "source": f"s{number % 3}",
        "namespace": "one",
        "key": f"n{number % 7}",
        "type": "Person",
        "body": json.dumps({"properties": {"name": [f"Name {number}"]}}),
    }
    for number in range(40)
]
LINKS = [
    {"id": f"l{number}", "type": "OWNS", "tail": "a", "head": "b", "body": '{"said":[]}', "protected": number == 3}
    for number in range(10)
]


def made(step: Step, rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(row) for batch in step.function(pa.Table.from_pylist(rows)) for row in batch.to_pylist())


def test_rows_that_come_in_any_order_make_the_same_nodes() -> None:
    shuffled = Random(1).sample(RECORDS, len(RECORDS))
    assert made(nodes_step(), shuffled) == made(nodes_step(), RECORDS)
    nodes = [row for row in made(nodes_step(), shuffled) if "'kind': 'node'" in row]
    assert len(nodes) == 7


def test_a_step_of_no_rows_makes_a_table_without_rows() -> None:
    (batch,) = nodes_step().function(pa.Table.from_pylist(RECORDS).slice(0, 0))
    assert (batch.num_rows, batch.schema) == (0, nodes_step().schema)


def test_sums_of_parts_in_any_order_are_those_of_the_whole() -> None:
    def total(*parts: list[dict[str, Any]]) -> tuple[int, ...]:
        rows = [
            row
            for part in parts
            for batch in link_sums_step().function(pa.Table.from_pylist(part))
            for row in batch.to_pylist()
        ]
        return tuple(
            sum(int(row["total"], 16) for row in rows if row["scope"] == scope) % 2**256
            for scope in ("open", "protected")
        )

    assert total(LINKS) == total(LINKS[7:], LINKS[:7])
    assert len(set(total(LINKS))) == 2


def test_a_node_of_more_records_than_one_worker_merges_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MAX_RECORDS", 5)
    with pytest.raises(StoreError, match=r"one:n0 has more than 5 records, which one worker would merge"):
        made(nodes_step(), RECORDS)


def test_no_engine_repartitions_before_a_step() -> None:
    """Spark may plan a repartition away, and one key's rows come to several workers without an error."""
    for path in (ROOT / "src" / "kg" / "lake").rglob("*.py"):
        assert not re.search(r"\.(repartition|repartitionByRange|sortWithinPartitions|coalesce)\(", path.read_text())
