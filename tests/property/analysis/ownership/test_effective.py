"""Is effective ownership the closed-form solution, and do intervals hold every world they allow?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kg.analysis.ownership import OwnershipQuestion, effective_ownership, holdings_of, owners_of
from kg.analysis.ownership.circular import _iterate_from_above, lower_bounds, upper_bounds
from kg.analysis.ownership.integrated import integrated_ownership
from kg.analysis.ownership.shares import DirectShares
from kg.analysis.ownership.topological_order import strongly_connected_components, topological_levels
from tests.builders import graph

Matrix = NDArray[np.float64]

PEOPLE, FIRMS = 2, 4
NODES = PEOPLE + FIRMS

PART = st.integers(0, 10)


@st.composite
def worlds(draw: st.DrawFn) -> Matrix:
    """Shares of everybody in everything, of which nothing comes to more than the whole; nobody holds a person."""
    drawn = np.array(draw(st.lists(st.lists(PART, min_size=NODES, max_size=NODES), min_size=NODES, max_size=NODES)))
    drawn[:, :PEOPLE] = 0
    drawn[drawn < 5] = 0
    free = np.array(draw(st.lists(st.integers(0, 4), min_size=NODES, max_size=NODES)))
    total = drawn.sum(axis=0) + free
    return np.asarray(drawn / np.maximum(total, 1))


@st.composite
def bands(draw: st.DrawFn) -> tuple[Matrix, Matrix, Matrix]:
    """A world, and lower and upper shares around it."""
    world = draw(worlds())
    slack = np.array(draw(st.lists(PART, min_size=2 * NODES**2, max_size=2 * NODES**2))).reshape(2, NODES, NODES) / 10
    known = world > 0
    return world, np.maximum(world - slack[0], 0) * known, np.minimum(world + slack[1], 1) * known


def direct(low: Matrix, high: Matrix) -> DirectShares:
    holder, held = np.nonzero(high.T)[::-1]
    order = np.lexsort((holder, held))
    holder, held = holder[order].astype(np.int64), held[order].astype(np.int64)
    pairs = np.arange(len(holder) + 1, dtype=np.int64)
    return DirectShares(holder, held, low[holder, held], high[holder, held], pairs, pairs[:-1])


def person_rows(found: object, name: str) -> Matrix:
    rows = np.zeros((PEOPLE, NODES))
    holder, held, values = (getattr(found, column) for column in ("holder", "held", name))
    people = holder < PEOPLE
    rows[holder[people], held[people]] = values[people]
    return rows


def closed_form(world: Matrix) -> Matrix:
    """Integrated ownership by its definition, the pseudo-inverse standing in where a circle owns itself."""
    return np.asarray((world @ np.linalg.pinv(np.eye(NODES) - world))[:PEOPLE])


@given(worlds())
def test_exact_shares_give_the_closed_form(world: Matrix) -> None:
    found = integrated_ownership(direct(world, world))
    if np.abs(np.linalg.eigvals(world)).max() < 1 - 1e-9:
        assert np.allclose(person_rows(found, "low"), closed_form(world))
    assert np.allclose(person_rows(found, "low"), person_rows(found, "high"))
    assert person_rows(found, "high").sum(axis=0).max() <= 1 + 1e-9


@given(bands())
def test_intervals_hold_every_world_that_the_shares_allow(drawn: tuple[Matrix, Matrix, Matrix]) -> None:
    world, low, high = drawn
    true = person_rows(integrated_ownership(direct(world, world)), "low")
    found = integrated_ownership(direct(low, high))
    assert (person_rows(found, "low") <= true + 1e-9).all()
    assert (person_rows(found, "high") >= true - 1e-9).all()


@given(bands(), st.floats(0, 1))
def test_wider_shares_never_give_a_narrower_interval(drawn: tuple[Matrix, Matrix, Matrix], part: float) -> None:
    world, low, high = drawn
    wide = integrated_ownership(direct(low, high))
    narrow = integrated_ownership(direct(low + part * (world - low), high - part * (high - world)))
    assert (person_rows(wide, "low") <= person_rows(narrow, "low") + 1e-9).all()
    assert (person_rows(wide, "high") >= person_rows(narrow, "high") - 1e-9).all()


@given(bands())
def test_the_upper_solution_is_a_fixed_point_and_the_iteration_for_large_circles_comes_down_to_it(
    drawn: tuple[Matrix, Matrix, Matrix],
) -> None:
    _, low, high = drawn
    inside, outside = high[PEOPLE:, PEOPLE:], high[:PEOPLE, PEOPLE:]
    found = upper_bounds(inside, outside)
    assert np.allclose(found, np.minimum(1, outside + found @ inside))
    from_below = np.zeros_like(found)
    for _ in range(300):
        from_below = np.minimum(1, outside + from_below @ inside)
    assert np.allclose(found, from_below, atol=2e-2)
    assert (_iterate_from_above(inside, outside) >= found - 1e-9).all()
    assert (lower_bounds(low[PEOPLE:, PEOPLE:], np.minimum(outside, low[:PEOPLE, PEOPLE:])) <= found + 1e-9).all()


@given(worlds())
def test_levels_come_after_everything_they_are_held_by(world: Matrix) -> None:
    tail, head = (ends.astype(np.int64) for ends in np.nonzero(world))
    part = strongly_connected_components(NODES, tail, head)
    seen: dict[int, int] = {}
    for at, level in enumerate(topological_levels(NODES, part[tail], part[head])):
        seen |= dict.fromkeys(level.tolist(), at)
    assert sorted(seen) == list(range(NODES))
    assert all(seen[a] < seen[b] for a, b in zip(part[tail].tolist(), part[head].tolist(), strict=True) if a != b)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_links_and_both_ends_agree(world: Matrix, dice: object) -> None:
    pairs = list(zip(*np.nonzero(world), strict=True))
    lines = [f"{_name(a)} OWNS {_name(b)} share={100 * world[a, b]:.4f}" for a, b in pairs]
    nodes = [_name(n) for n in range(NODES)]
    shuffled = list(lines)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands over a random.Random
    one, other = graph(*nodes, *lines), graph(*shuffled, *nodes)
    asked = OwnershipQuestion("f2", most_chains=50)
    assert owners_of(one, asked) == owners_of(other, asked)
    everything = effective_ownership(one)
    columns = [getattr(everything, name).tolist() for name in ("holder", "held", "low", "high")]
    for person in range(PEOPLE):
        answer = holdings_of(one, OwnershipQuestion(f"p{person}"))
        told = {h.held: (h.beneficial.low, h.beneficial.high) for h in answer.holdings if h.beneficial.high}
        whole = {
            one.id(a): (low * 100, high * 100)
            for h, a, low, high in zip(*columns, strict=True)
            if one.id(h) == f"p{person}" and round(high * 100, 4)
        }
        # Two sums of the same shares may differ in their last bit, and then fall on two sides of a half.
        assert told == {held: pytest.approx(share, abs=0.00005 + 1e-9) for held, share in whole.items()}


def _name(node: int) -> str:
    return f"p{node}:Person" if node < PEOPLE else f"f{node}:Enterprise"
