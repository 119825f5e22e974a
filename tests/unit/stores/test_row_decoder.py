"""Of which links do columns say all that claims say of shares and days?"""

from __future__ import annotations

from typing import Any

import pytest

from kg.ledger.rules.merge import canonical_json
from kg.stores.row_decoder import is_undisputed

SAID = [{"source": "register"}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"said": SAID}, True),
        ({"said": SAID, "properties": {"share": ["51"], "start_date": ["2001"], "end_date": ["2002"]}}, True),
        ({"said": SAID, "properties": {"start_date": ["2001"], "name": ["a", "b"]}, "other": {"note": ["x"]}}, True),
        ({"said": SAID, "properties": {"date": ["2001"]}}, False),
        ({"said": SAID, "properties": {"share": ["25"], "directness": ["indirect"]}}, False),
        ({"said": SAID, "properties": {"share": ["25"], "role": ["Mittelbar gehalten"]}}, False),
        ({"said": SAID, "properties": {"share": ["25"], "role": ["unmittelbar"]}}, True),
        ({"said": SAID * 2, "properties": {"share": ["51"]}}, False),
        ({"said": [{"source": "a", "datasets": ["b", "c"]}], "properties": {"share": ["51"], "name": ['a "b"']}}, True),
        ({"said": SAID, "properties": {"share": ["51", "60"]}}, False),
        ({"said": SAID, "properties": {"start_date": ["2001", "2002"]}}, False),
        ({"said": SAID, "properties": {"date": ["2001"], "end_date": ["2002"]}}, False),
        ({"said": SAID, "other": {"share": ["a third"]}}, False),
        ({"said": SAID, "not_understood": [["share", "share", "a third", "register"]]}, False),
        ({"said": SAID, "not_understood": [["endDate", "end_date", "soon", "register"]]}, False),
        ({"said": SAID, "not_understood": [["url", "url", "none", "register"]]}, True),
        ({"said": SAID, "protected": {"properties": {"share": ["51"]}}}, False),
    ],
)
def test_one_record_with_single_values_that_are_all_understood(body: dict[str, Any], expected: bool) -> None:
    assert is_undisputed(canonical_json(body)) is expected
