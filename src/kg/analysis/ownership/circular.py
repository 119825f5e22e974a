"""What does a holder own of companies that own each other in a circle?"""

from __future__ import annotations

import numpy as np

from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.view import BoolArray, FloatArray

MAX_DENSE_MEMBERS = 300
"""Members of the largest circle that is solved as a matrix; larger ones are approximated by iteration."""

MAX_STEPS = 500
"""Most iterations for a larger circle. Both bounds are valid after any number of them, and tight after enough."""

_EPSILON = 1e-12


def lower_bounds(inside: FloatArray, outside: FloatArray, timed_out: TimeoutCheck = no_timeout) -> FloatArray:
    """The least x with x = outside + x · inside: float64 (holders, members).

    `inside[i, j]`: the lowest share of member `i` in member `j`; `outside[h, j]`: the share of holder `h` in `j` from
    outside the circle. No column of both comes to more than 1. This is integrated ownership (Brioschi, Buzzacchi and
    Colombo, Journal of Banking and Finance 13 (1989) 747): every walk counts, however often it repeats the circle.
    """
    reached = _reachable(inside, np.asarray((outside > 0).any(axis=0)))
    found = np.zeros_like(outside)
    if len(inside) <= MAX_DENSE_MEMBERS:
        # Members that no outside holder reaches may own each other wholly; without them the matrix is invertible.
        found[:, reached] = _solve(inside[np.ix_(reached, reached)], outside[:, reached])
        return np.asarray(np.clip(found, 0.0, 1.0))
    for _ in range(MAX_STEPS):
        raise_if_timed_out(timed_out)
        before, found = found, np.minimum(outside + found @ inside, 1.0)
        if np.abs(found - before).max(initial=0.0) < _EPSILON:
            break
    return found


def upper_bounds(inside: FloatArray, outside: FloatArray, timed_out: TimeoutCheck = no_timeout) -> FloatArray:
    """The least x with x = min(1, outside + x · inside), of the highest shares: float64 (holders, members).

    The highest shares may come to more than the whole, and then the series has no sum; but nobody owns more than the
    whole of anything, and with this bound a least solution always exists. The solution for any shares within the
    intervals is below it, because the right side is monotone in the shares and in x (Tarski 1955).
    """
    if len(inside) > MAX_DENSE_MEMBERS:
        return _iterate_from_above(inside, outside, timed_out)
    found = np.zeros_like(outside)
    reached = _reachable(inside, np.asarray((outside > 0).any(axis=0)))
    part = inside[np.ix_(reached, reached)]
    if np.abs(np.linalg.eigvals(part)).max(initial=0.0) < 1 - _EPSILON:
        found[:, reached] = _solve(part, outside[:, reached])
        rows = np.flatnonzero((found > 1 + _EPSILON).any(axis=1))
    else:
        rows = np.arange(len(outside))
    for row in rows.tolist():
        raise_if_timed_out(timed_out)
        found[row] = _capped_solution(inside, outside[row])
    return np.asarray(np.clip(found, 0.0, 1.0))


def is_closed(inside: FloatArray) -> bool:
    """Whether some members own each other wholly, so that nobody outside owns anything of them."""
    return bool(len(inside)) and bool(np.abs(np.linalg.eigvals(inside)).max() >= 1 - 1e-9)


def _capped_solution(inside: FloatArray, outside: FloatArray) -> FloatArray:
    """The least solution for one holder, by policy iteration from above.

    At first every member that the holder reaches is taken to be wholly the holder's. Where the right side is less, the
    member's share is derived from the others instead; each round adds at least one such member. The solution is unique
    among the members reached, because the right side is concave there and more than 0 (Krasnoselskii 1964).
    """
    reached = np.flatnonzero(_reachable(inside, outside > 0))
    w, b = inside[np.ix_(reached, reached)], outside[reached]
    x, derived = np.ones(len(reached)), np.zeros(len(reached), bool)
    while True:
        is_less = ~derived & (b + x @ w < x - _EPSILON)
        if not is_less.any():
            break
        derived |= is_less
        given = b[derived] + x[~derived] @ w[np.ix_(~derived, derived)]
        x[derived] = _solve(w[np.ix_(derived, derived)], given[None, :])[0]
    whole = np.zeros(len(inside))
    whole[reached] = x
    return whole


def _iterate_from_above(inside: FloatArray, outside: FloatArray, timed_out: TimeoutCheck = no_timeout) -> FloatArray:
    """Iteration downwards from the whole of everything that each holder reaches: never below the solution."""
    found = np.zeros_like(outside)
    for row, given in enumerate(outside):
        found[row, _reachable(inside, given > 0)] = 1.0
    for _ in range(MAX_STEPS):
        raise_if_timed_out(timed_out)
        before, found = found, np.minimum(outside + found @ inside, found)
        if np.abs(before - found).max(initial=0.0) < _EPSILON:
            break
    return np.asarray(found)


def _solve(inside: FloatArray, outside: FloatArray) -> FloatArray:
    """The x with x = outside + x · inside."""
    return np.asarray(np.linalg.solve(np.eye(len(inside)) - inside.T, outside.T).T)


def _reachable(inside: FloatArray, start: BoolArray) -> BoolArray:
    reached = start.copy()
    while True:
        more = reached | (inside[reached] > 0).any(axis=0)
        if (more == reached).all():
            return reached
        reached = more
