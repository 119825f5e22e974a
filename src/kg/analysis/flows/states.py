"""The states that accounts may be in together, after every order of what was paid."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import NamedTuple

from kg.analysis.flows.bounds import exactly
from kg.analysis.flows.orders import AccountName
from kg.analysis.flows.rules import Account, ProRata, hull_of, other_lot

MAX_STATES, FEWER_STATES, STATES_OF_OPENINGS = 120, 24, 36
"""The most states of accounts together that are told apart: among few movements, among many, by unknown openings.

Of more, only what each account has by itself is kept, or of openings, neighbours are put together.
"""

FEW_MOVEMENTS = 2_000

State = Mapping[AccountName, Account]
"""What is in some accounts at the same time."""


class _Together(NamedTuple):
    """Accounts of which what is in one depends on what is in another."""

    names: tuple[AccountName, ...]
    states: tuple[tuple[Account, ...], ...]

    def coarser(self, most: int) -> _Together:
        """At most so many states, each of which has what some neighbours of them have."""
        size = -(-len(self.states) // most)
        runs = (self.states[i : i + size] for i in range(0, len(self.states), size))
        return _Together(self.names, tuple(tuple(map(hull_of, zip(*run, strict=True))) for run in runs))


@dataclass(slots=True)
class AccountStates:
    """The accounts, each with others on which it depends."""

    new: Callable[[AccountName], tuple[Account, ...]]
    """The states that an account may be in that nobody has named yet."""
    most: int = MAX_STATES
    """How many states of accounts together are told apart."""
    divided: bool = False
    """Whether states are those of openings, of which neighbours are alike: of too many, not all are put together."""
    together: dict[AccountName, _Together] = field(default_factory=dict)
    widened: bool = False
    """Whether there were more states than are told apart."""

    def count(self, names: Iterable[AccountName]) -> int:
        """How many states some accounts may be in together."""
        return prod(len(one.states) for one in self._parts(names))

    def read(self, names: Iterable[AccountName], most: int) -> list[State]:
        """Those states, with the accounts that depend on these; of more than `most`, fewer that are wide enough."""
        parts = self._parts(names)
        while prod(len(one.states) for one in parts) > most:
            widest = max(range(len(parts)), key=lambda i: len(parts[i].states))
            half = len(parts[widest].states) // 2
            parts[widest] = parts[widest].coarser(half if self.divided else 1)
            self.widened = True
        return [
            dict(pair for part, row in zip(parts, rows, strict=True) for pair in zip(part.names, row, strict=True))
            for rows in product(*(part.states for part in parts))
        ]

    def write(self, states: Sequence[State]) -> None:
        """Put accounts that were read into other states, each of which has all of them."""
        found = _Together(tuple(sorted(states[0])), ())
        rows = dict.fromkeys(tuple(state[name] for name in found.names) for state in states)
        self._put(found.names, list(rows))

    def resplit_openings(self, name: AccountName) -> None:
        """Tell apart again what an account may have that got nothing traced yet, from the least of it on.

        What it paid out meanwhile has made one part of the amounts that there may have been much wider than the others.
        """
        part = self.together.get(name)
        if part and part.names == (name,):
            had = [one.balance.low for (one,) in part.states if isinstance(one, ProRata) and not one.traced.high]
            if len(had) == len(part.states):
                least = (other_lot(exactly(min(had))),) if min(had) else ()
                self.together[name] = _Together((name,), tuple((one.pay_in(least),) for one in self.new(name)))

    def remove(self, name: AccountName) -> Account:
        """Forget an account on which nothing depends any more; what is in it in any state."""
        part = self._parts([name])[0]
        at = part.names.index(name)
        self.together.pop(name, None)
        rest = (*part.names[:at], *part.names[at + 1 :])
        if rest:
            self._put(rest, list(dict.fromkeys((*row[:at], *row[at + 1 :]) for row in part.states)))
        return hull_of(list(dict.fromkeys(row[at] for row in part.states)))

    def _parts(self, names: Iterable[AccountName]) -> list[_Together]:
        told = {name: self.together.get(name) for name in sorted(names)}
        parts = (part or _Together((name,), tuple((one,) for one in self.new(name))) for name, part in told.items())
        found = {part.names: part for part in parts}
        return list(found.values())

    def _put(self, names: tuple[AccountName, ...], rows: Collection[tuple[Account, ...]]) -> None:
        part = _Together(names, tuple(rows))
        if len(part.states) > self.most:
            part, self.widened = part.coarser(self.most if self.divided else 1), True
        columns = list(zip(*part.states, strict=True))
        certain = [i for i, column in enumerate(columns) if all(one == column[0] for one in column)]
        for i in certain:
            self.together[names[i]] = _Together((names[i],), ((columns[i][0],),))
        open_ = [i for i in range(len(names)) if i not in set(certain)]
        rest = _Together(tuple(names[i] for i in open_), tuple(tuple(row[i] for i in open_) for row in part.states))
        for name in rest.names:
            self.together[name] = rest
