"""What does `kg load` say of rows that are equal?"""

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
    ],
)
def test_equal_rows_and_repeated_records_have_a_line_each(
    counts: dict[str, int], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_load(LoadResult("pay", **counts))  # type: ignore[arg-type]  # counts are numbers
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {line}"]
