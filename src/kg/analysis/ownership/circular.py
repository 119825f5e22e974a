"""What does a holder own of companies that own each other in a circle?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out

Matrix = NDArray[np.float64]

MAX_DENSE_MEMBERS = 300
"""Members of the largest circle that is solved as a matrix; larger ones are closed in on, step by step."""

MAX_STEPS = 500
"""Most steps for a larger circle. Both bounds hold after any number of them, and are tight after enough."""

_EPSILON = 1e-12


def lower_bounds(inside: Matrix, outside: Matrix, timed_out: TimeoutCheck = no_timeout) -> Matrix:
    """The least x with x = outside + x · inside: float64 (holders, members).

    `inside[i, j]`: the lowest share of member `i` in member `j`; `outside[h, j]`: what holder `h` holds of `j` from
    outside the circle. No column of both comes to more than 1. That is integrated ownership (Brioschi, Buzzacchi and
    Colombo, Journal of Banking and Finance 13 (1989) 747): every walk counts, however often it goes round.
    """
    reached = _reachable(inside, np.asarray((outside > 0).any(axis=0)))
    found = np.zeros_like(outside)
    if len(inside) <= MAX_DENSE_MEMBERS:
        # Members that nobody outside reaches may own each other wholly; without them the matrix can be inverted.
        found[:, reached] = _solve(inside[np.ix_(reached, reached)], outside[:, reached])
        return np.asarray(np.clip(found, 0.0, 1.0))
    for _ in range(MAX_STEPS):
        raise_if_timed_out(timed_out)
        before, found = found, np.minimum(outside + found @ inside, 1.0)
        if np.abs(found - before).max(initial=0.0) < _EPSILON:
            break
    return found


def upper_bounds(inside: Matrix, outside: Matrix, timed_out: TimeoutCheck = no_timeout) -> Matrix:
    """The least x with x = min(1, outside + x · inside), of the highest shares: float64 (holders, members).

    Highest shares may come to more than the whole, so that the series has no sum; nobody owns more than the whole of
    anything, though, and with that bound the least solution always is there. Every world that the intervals allow has
    its solution below, because the right side only grows with the shares and with x (Tarski 1955).
    """
    if len(inside) > MAX_DENSE_MEMBERS:
        return _iterate_from_above(inside, outside, timed_out)
    found = np.zeros_like(outside)
    reached = _reachable(inside, np.asarray((outside > 0).any(axis=0)))
    part = inside[np.ix_(reached, reached)]
    if np.abs(np.linalg.eigvals(part)).max(initial=0.0) < 1 - _EPSILON:
        found[:, reached] = _solve(part, outside[:, reached])
        again = np.flatnonzero((found > 1 + _EPSILON).any(axis=1))
    else:
        again = np.arange(len(outside))
    for row in again.tolist():
        raise_if_timed_out(timed_out)
        found[row] = _capped_solution(inside, outside[row])
    return np.asarray(np.clip(found, 0.0, 1.0))


def is_closed(inside: Matrix) -> bool:
    """Whether some members hold each other wholly, so that nobody outside holds anything of them."""
    return bool(len(inside)) and bool(np.abs(np.linalg.eigvals(inside)).max() >= 1 - 1e-9)


def _capped_solution(inside: Matrix, outside: Matrix) -> Matrix:
    """The least solution for one holder, by policy iteration from above.

    At first every member that the holder reaches is taken to be wholly the holder's. Where the right side then is
    less, the member follows from the others instead, and so on; each round one more does at least. The solution is the
    only one among the members reached, because the right side is concave there and more than 0 (Krasnoselskii 1964).
    """
    reached = np.flatnonzero(_reachable(inside, outside > 0))
    w, b = inside[np.ix_(reached, reached)], outside[reached]
    x, follows = np.ones(len(reached)), np.zeros(len(reached), bool)
    while True:
        less = ~follows & (b + x @ w < x - _EPSILON)
        if not less.any():
            break
        follows |= less
        given = b[follows] + x[~follows] @ w[np.ix_(~follows, follows)]
        x[follows] = _solve(w[np.ix_(follows, follows)], given[None, :])[0]
    whole = np.zeros(len(inside))
    whole[reached] = x
    return whole


def _iterate_from_above(inside: Matrix, outside: Matrix, timed_out: TimeoutCheck = no_timeout) -> Matrix:
    """Down from the whole of everything that each holder reaches: no step goes below the solution."""
    found = np.zeros_like(outside)
    for row, given in enumerate(outside):
        found[row, _reachable(inside, given > 0)] = 1.0
    for _ in range(MAX_STEPS):
        raise_if_timed_out(timed_out)
        before, found = found, np.minimum(outside + found @ inside, found)
        if np.abs(before - found).max(initial=0.0) < _EPSILON:
            break
    return np.asarray(found)


def _solve(inside: Matrix, outside: Matrix) -> Matrix:
    """The x with x = outside + x · inside."""
    return np.asarray(np.linalg.solve(np.eye(len(inside)) - inside.T, outside.T).T)


def _reachable(inside: Matrix, start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    reached = start.copy()
    while True:
        more = reached | (inside[reached] > 0).any(axis=0)
        if (more == reached).all():
            return reached
        reached = more
