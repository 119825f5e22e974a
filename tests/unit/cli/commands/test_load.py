"""What does `kg load` say of rows that are equal, and of shares that may be fractions?"""

from __future__ import annotations

import pytest

from kg.cli.commands.load import show_load
from kg.ledger.loads import LoadResult


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"equal_rows": 1}, "1 row is equal to another and counts once"),
        ({"equal_rows": 2_000}, "2,000 rows are equal to others and count once"),
        ({"equal_events": 1}, "1 link with money comes from a row that is equal to another; it counts, having no key"),
        ({"equal_events": 2}, "2 links with money come from rows that are equal to others; they count, having no key"),
        ({"repeated": 1}, "1 record repeated with the same key"),
        (
            {"fraction_shares": {"OWNS.share": "0.5"}},
            'OWNS.share: no value is above 1; 0.5 is read as 0.5 %, not as a fraction (convert = "fraction")',
        ),
    ],
)
def test_what_a_load_remarks_has_a_line_each(
    counts: dict[str, object], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_load(LoadResult("pay", **counts))  # type: ignore[arg-type]  # by field
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {line}"]
