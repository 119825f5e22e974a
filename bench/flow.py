"""How long does it take to follow money through many payments, by each rule?

`python -m bench.flow [PAYMENTS]` makes payments at random among a tenth as many accounts, two of a thousand known to
the month, and follows those of the first account; beside it, NetworkX counts which accounts can be reached at all.
`python -m bench.flow bounds` makes small cases, and compares the most that is traced pro rata where no opening balance
is known with the most that any combination of balances gives.
"""

from __future__ import annotations

import os
import random
import sys
import time
from fractions import Fraction
from itertools import product

import networkx as nx

from kg.analysis.flows.bounds import ANYTHING, NOTHING, exactly
from kg.analysis.flows.orders import Movement
from kg.analysis.flows.tracing import trace
from kg.findings import TRACING_RULES


def payments(count: int) -> list[Movement]:
    """Payments of ten years among accounts that are named by number; the first pays every fiftieth."""
    chance, found = random.Random(7), []
    accounts = max(count // 10, 10)
    for i in range(count):
        payer = 0 if i % 50 == 0 else chance.randrange(1, accounts)
        payee, day = chance.randrange(1, accounts), chance.randrange(730_000, 733_650)
        last = day + (30 if chance.random() < 0.002 else 0)
        if payee != payer:
            amount = exactly(Fraction(chance.randrange(100, 1_000_000), 100))
            found.append(Movement(str(i), str(payer), str(payee), day, last, amount, "USD"))
    return found


def widths(cases: int = 60) -> list[float]:
    """How many times as large as any that is reached the upper bounds of small cases are, in rising order."""
    chance, found = random.Random(5), list[float]()
    for _ in range(cases):
        made = []
        for i in range(chance.randint(3, 9)):
            payer = chance.choice(("0", "0", "1", "1", "2", "3")) if i else "0"
            payee = chance.choice([name for name in ("1", "2", "3") if name != payer])
            made.append(Movement(str(i), payer, payee, i, i, exactly(Fraction(chance.randint(1, 9))), "USD"))
        reached: dict[str, float] = {}
        for openings in product((0, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 20, 50, 1000), repeat=3):
            for name, traced in _pro_rata(made, dict(zip("123", openings, strict=True))).items():
                reached[name] = max(reached.get(name, 0), traced)
        traced_at_most = trace(made, ["0"], "pro-rata", ANYTHING)
        highs = {m.id: traced_at_most.traced.get(m.id) for m in made if m.payer != "0"}
        highs |= {f"in {name}": held for (name, _), held in traced_at_most.held.items()}
        found += [float(high.high) / reached[name] for name, high in highs.items() if high and reached.get(name)]
    return sorted(found)


def _pro_rata(made: list[Movement], opening: dict[str, float]) -> dict[str, float]:
    """What is traced of each payment, and held in the end, by the words of the rule."""
    balance, traced, found = {"0": 0.0, **opening}, dict.fromkeys("0123", 0.0), {}
    for one in made:
        paid = float(one.amount.low)
        balance[one.payer] = max(balance[one.payer], paid)
        part = paid if one.payer == "0" else traced[one.payer] * paid / balance[one.payer]
        for name, sign in ((one.payer, -1), (one.payee, 1)):
            balance[name], traced[name] = balance[name] + sign * paid, traced[name] + sign * part
        found[one.id] = part
    return found | {f"in {name}": traced[name] for name in "123"}


def main() -> None:
    """Print seconds of processor time for each rule and assumption, and the load of the machine."""
    if sys.argv[1:] == ["bounds"]:
        wide = widths()
        for limit in (1.001, 1.05, 1.2):
            print(f"{sum(one < limit for one in wide) / len(wide):.0%} of {len(wide)} less than {limit} times as large")
        print(f"the widest: {wide[-1]:.2f} times as large")
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    made = payments(count)
    start = time.process_time()
    reached = len(nx.descendants(nx.DiGraph((m.payer, m.payee) for m in made), "0"))
    print(f"{len(made):,} payments, {reached:,} accounts reached: NetworkX {time.process_time() - start:.2f} s")
    for rule in TRACING_RULES:
        for name, opening in (("zero", NOTHING), ("unknown", ANYTHING)):
            start = time.process_time()
            found = trace(made, ["0"], rule, opening)
            seconds = time.process_time() - start
            apart = len(found.unordered)
            print(f"{rule}, opening {name}: {seconds:.2f} s, {len(found.traced):,} traced, {apart:,} without an order")
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
