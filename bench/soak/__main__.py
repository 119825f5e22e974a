"""What is lost, torn or leaked while everything happens at once, and processes are killed?

Run: python -m bench.soak [--seconds 600] [--least 3] [--pause 5] [--neo4j] [--seed 1] [--json]
Everything listens on loopback and ends with the run. Exit code 1 if anything was lost, torn or leaked.

Each load replaces one source by a person, a company and the link between them, all named for the load's number, with a
protected fact. A load is lost if it was told as loaded and the store has an older one; an answer is torn if it names
two loads; a text is leaked if an answer without the scope has the protected fact, or a log has what somebody asked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.soak.clients import HonestClient, HostileClient
from bench.soak.processes import Backups, KgCommand, Loader, Neo4jSync, ServiceRunner, Verifier, start_neo4j, stop_neo4j
from bench.soak.tally import Tally


def main() -> int:
    """Run it and print the table."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-soak-") as name, ExitStack() as opened:
        tally, folder = Tally(), Path(name)
        kg = KgCommand(folder)
        loader = Loader(kg, tally, random.Random(options.seed))
        loader.load()
        key = kg.output("keys", "add", "honest", "--expires", "never").strip()
        service = ServiceRunner(kg, key, tally, random.Random(options.seed + 1), options.pause)
        opened.callback(service.stop)
        service.start()
        turns: list[Callable[[], None]] = [
            loader.load,
            service.turn,
            Verifier(kg, tally, options.pause).turn,
            Backups(kg, tally, options.pause).turn,
            *(HonestClient(service, tally, number).ask for number in range(options.clients)),
            *(
                HostileClient(service, tally, random.Random(options.seed + 100 + number)).attack
                for number in range(options.clients // 2)
            ),
        ]
        if options.neo4j:
            address = start_neo4j(kg)
            opened.callback(stop_neo4j, kg)
            turns.append(Neo4jSync(kg, tally, address, random.Random(options.seed + 2)).sync)
        begin = time.monotonic()
        _run(turns, options.seconds, lambda: bool(options.least) and tally.has_survived(options.least))
        service.stop()
        tally.check_end(kg, loader, service)
        seconds = time.monotonic() - begin
    load = os.getloadavg()[0]
    if options.json:
        sys.stdout.write(json.dumps({"seconds": round(seconds), "load": round(load, 1), **tally.to_json()}) + "\n")
    else:
        sys.stdout.write(f"{seconds:.0f} s, load average {load:.1f}\n\n{tally.table()}\n")
    return int(tally.is_broken)


def _run(turns: list[Callable[[], None]], seconds: float, is_enough: Callable[[], bool]) -> None:
    """Each of `turns` again and again, in a thread of its own, until the time is over or it is enough."""
    end, failures = time.monotonic() + seconds, list[BaseException]()

    def repeat(turn: Callable[[], None]) -> None:
        try:
            while time.monotonic() < end and not failures and not is_enough():
                turn()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=repeat, args=(turn,), daemon=True) for turn in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="how long (default 600)")
    parser.add_argument("--least", type=int, default=0, help="end once each kind of work has survived so often")
    parser.add_argument("--clients", type=int, default=4, help="honest clients; half as many hostile ones (default 4)")
    parser.add_argument(
        "--pause", type=float, default=5.0, help="seconds between backups, and the least between kills (default 5)"
    )
    parser.add_argument("--neo4j", action="store_true", help="start a Neo4j too, and sync to it")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn (default 1)")
    parser.add_argument("--json", action="store_true", help="print data as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
