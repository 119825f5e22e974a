"""What does `kg load` say of rows that are equal, of shares that may be fractions, and of what it replaced?"""

from __future__ import annotations

import pytest

from kg.cli.commands.load import show_load
from kg.ledger.loads import LoadResult, RejectExample, ReplacedLoad
from kg.ledger.projection.joined_nodes import JoinedNodes
from kg.ledger.stage.repeated_rows import RepeatedRecord
from kg.operations import demo_load_requests


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"equal_rows": 1}, "1 row is equal to another and counts once"),
        ({"equal_rows": 2_000}, "2,000 rows are equal to others and count once"),
        ({"equal_events": 1}, "1 link with money comes from a row that is equal to another; it counts, having no key"),
        ({"equal_events": 2}, "2 links with money come from rows that are equal to others; they count, having no key"),
        ({"repeated": 1}, "1 record was stated by several rows, and count once"),
        (
            {"joined": JoinedNodes(1, 0, ("A (x:1) and B (x:2) are one because x names 1 a referent of 2",))},
            "1 node is one of several records because a source names a referent of them:\n"
            "    A (x:1) and B (x:2) are one because x names 1 a referent of 2",
        ),
        (
            {"negative_amounts": {"PAID.amount": (9, 10)}},
            "PAID.amount: 9 of 10 amounts are below zero, and none counts as money that went from the payer to "
            "the payee; where the sign says who paid, the others may go the wrong way: load with --reverse below-zero "
            "or --reverse above-zero, or declare `reverse` for the column",
        ),
        (
            {"repeated": 2, "repeats": (RepeatedRecord("p1", 4, 2, is_row=False),)},
            "2 records were stated by several rows, and count once: p1 in line 4 as in line 2 …",
        ),
        ({"copies": {"b/a.csv": "a/a.csv"}}, "b/a.csv is a copy of a/a.csv; it counts once"),
        (
            {"replaced": ReplacedLoad(1, ("people.csv",), 2)},
            "nothing remains of what the source said (load 1: people.csv): these files replaced its 2 records; to keep "
            "both, load them under another --source",
        ),
        (
            {"fraction_shares": {"OWNS.share": "0.5"}},
            "OWNS.share: no value is above 1; 0.5 is read as 0.5 %, not as a fraction; if it is one, write it "
            'in per cent, or declare convert = "fraction" in a declaration of your own',
        ),
        (
            {"small_shares": {"OWNS.share": (2, "0.5")}},
            "OWNS.share: 2 values are below 1 and read as per cent, beside larger ones; if 0.5 means a fraction, write "
            "it in per cent",
        ),
    ],
)
def test_what_a_load_remarks_has_a_line_each(
    counts: dict[str, object], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_load(LoadResult("pay", **counts))  # type: ignore[arg-type]  # by field
    assert capsys.readouterr().out.splitlines()[1:] == f"  {line}".splitlines()


def test_what_is_kept_and_only_remarked_on_is_counted_apart(capsys: pytest.CaptureFixture[str]) -> None:
    examples = {"odd": [RejectExample("a.csv", 2, "", "odd")]}
    show_load(LoadResult("a", set_aside=1, remarks=2, rejects_file="a.jsonl", reasons={"odd": 3}, examples=examples))
    assert capsys.readouterr().out.splitlines()[1] == "  0 rows rejected, 1 value set aside, 2 remarks: a.jsonl"


def test_a_list_of_what_was_not_understood_says_how_much_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {f"Person.p{n}": n for n in range(1, 9)}
    show_load(LoadResult("a", not_understood=counts))
    *_, fifth, last = capsys.readouterr().out.splitlines()
    assert fifth.strip() == "4 × Person.p4"
    assert last.strip() == "6 × of 3 more kinds (`kg sources` counts all)"


def test_facts_that_come_with_kg_replace_those_of_another_version() -> None:
    assert all(request.replace for request in demo_load_requests())
