"""Is a snapshot kept, reopened or rebuilt when the store has gone on?"""

from __future__ import annotations

import pytest

from kg.operations import StoreState
from kg.records import GraphVersion
from kg_api.snapshots.snapshot_manager import Action, Position, decide

SEEN = StoreState(GraphVersion("ledger", 2), "two", 7)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (None, Action.REBUILD),
        (Position("one", 7, is_checkpointed=True), Action.REBUILD),
        (Position("two", 7, is_checkpointed=True), Action.KEEP),
        (Position("two", 7, is_checkpointed=False), Action.REOPEN),
        (Position("two", 6, is_checkpointed=True), Action.REOPEN),
    ],
)
def test_another_graph_is_rebuilt_and_a_commit_that_leaves_it_as_it_is_reopens_it(
    current: Position | None, expected: Action
) -> None:
    assert decide(SEEN, current) == expected
