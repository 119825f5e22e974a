"""How long does it take to follow money through many payments, by each rule?

`python -m bench.flow [PAYMENTS]` makes payments at random among a tenth as many accounts, two of a thousand known to
the month, and follows those of the first account; beside it, NetworkX counts which accounts can be reached at all.
"""

from __future__ import annotations

import os
import random
import sys
import time
from fractions import Fraction

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


def main() -> None:
    """Print seconds of processor time for each rule and assumption, and the load of the machine."""
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
            wide = len(found.unordered)
            print(f"{rule}, opening {name}: {seconds:.2f} s, {len(found.traced):,} traced, {wide:,} without an order")
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
