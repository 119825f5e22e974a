"""How long do legal routes take, for everybody and for one person over HTTP, and what memory?

    python -m bench.routes                 # the demo set, 10,000 invented people, and one person over HTTP
    python -m bench.routes --people 1000   # fewer

Each measurement runs in a process of its own, because peak memory is that of a process. To reach on a machine that does
nothing else: the demo set in 5 s; 10,000 people in 60 s and 1 GiB; one person over HTTP in 50 ms, 95th percentile. CPU
seconds, the load and a loop of known length are printed beside, because they tell what a busy machine would have taken.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DAY = "2014-12-05"
PLACES = ("US", "CA", "AU", "NZ", "GB", "SG", "TH", "HK", "FR", "MY")
ARTICLES = ("UNCAC 15", "UNCAC 17", "UNCAC 19", "UNCAC 23")
PENALTIES = ("ten years", "life imprisonment", "death", "seven years")
FACTS = ("dual_criminality", "evidence_usable_in_host", "tried_already", "immunity", "specialty_assured")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=200, help="requests over HTTP")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "STORE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        what, store = chosen.one
        print(json.dumps(_all_routes(Path(store)) if what == "all" else _routes_over_http(Path(store), chosen.asked)))
        return
    with tempfile.TemporaryDirectory() as folder:
        demo, many = Path(folder) / "demo.sqlite", Path(folder) / "many.sqlite"
        _load_demo(demo)
        _load_many(many, chosen.people)
        for name, store in (("demo set", demo), (f"{chosen.people:,} people", many)):
            found = _measured("all", store, chosen.asked)
            print(
                f"{name:16} {found['people']:>7,} people, {found['routes']:>9,} routes in {found['seconds']:6.1f} s"
                f" ({found['cpu']:.1f} s of CPU), peak {found['peak']:,.0f} MiB; {_machine(found['loop'])}"
            )
        for name, store in (("demo set", demo), (f"{chosen.people:,} people", many)):
            found = _measured("http", store, chosen.asked)
            print(
                f"{name:16} one person over HTTP: median {found['median']:.1f} ms, 95th {found['p95']:.1f} ms,"
                f" CPU of server and client {found['cpu']:.1f} ms each time; {_machine(found['loop'])}"
            )


def _machine(loop: float) -> str:
    return f"load {os.getloadavg()[0]:.1f}, ten million additions {loop:.2f} s of CPU"


def _loop() -> float:
    """CPU seconds of ten million additions, now: about 0.28 where nothing else runs."""
    began, total = time.process_time(), 0
    for i in range(10_000_000):
        total += i
    return time.process_time() - began


def _measured(what: str, store: Path, asked: int) -> Any:
    command = [sys.executable, "-m", "bench.routes", "--asked", str(asked), "--one", what, str(store)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _all_routes(store: Path) -> dict[str, float]:
    from kg import operations
    from kg.cli import COLLECT_AFTER
    from kg.operations.answers import RoutesAnswer

    gc.set_threshold(COLLECT_AFTER)  # as the command does
    loop = _loop()
    began, cpu = time.perf_counter(), time.process_time()
    people = routes = 0
    workspace = operations.Workspace(store)
    with operations.open_store(workspace) as opened:
        query = operations.LegalQuery("CN", DAY)
        frame = operations.legal_frame(opened, query)
        for one in operations.find_routes(opened, query):
            RoutesAnswer.of_person(frame, one, opened).to_json_bytes()
            people, routes = people + 1, routes + len(one.routes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"people": people, "routes": routes, "seconds": seconds, "cpu": cpu, "peak": peak, "loop": loop}


def _routes_over_http(store: Path, asked: int) -> dict[str, float]:
    from kg import operations
    from tests.api.service_client import run_service

    workspace, took = operations.Workspace(store), list[float]()
    with operations.open_store(workspace) as opened:
        people = [
            one.person for one in operations.find_routes(opened, operations.LegalQuery("CN", DAY, routes=("tax",)))
        ]
    dice, loop = random.Random(1), _loop()
    with run_service(workspace) as client:
        client.get(f"/v1/persons/{people[0]}/routes", requesting="CN", as_of=DAY)  # reads the view and finds clusters
        cpu = time.process_time()
        for person in dice.choices(people, k=asked):
            began = time.perf_counter()
            answer = client.get(f"/v1/persons/{person}/routes", requesting="CN", as_of=DAY)
            took.append(1000 * (time.perf_counter() - began))
            assert answer.status == 200, answer.body
        cpu = 1000 * (time.process_time() - cpu) / asked
    took.sort()
    return {"median": took[len(took) // 2], "p95": took[int(len(took) * 0.95)], "cpu": cpu, "loop": loop}


def _load_demo(store: Path) -> None:
    from kg import operations

    for order in operations.demo_load_requests():
        operations.load(operations.Workspace(store), order)


def _load_many(store: Path, people: int) -> None:
    from kg import operations
    from kg.operations import FileLoadRequest, reference_load_request

    file = store.with_name("many.records.jsonl")
    head = {"source": {"name": "many", "title": "Invented people", "namespace": "many", "invented": True}}
    with file.open("w", encoding="utf-8") as out:
        for row in ({}, *_rows(people)):
            out.write(json.dumps(row or head) + "\n")
    workspace = operations.Workspace(store)
    operations.load(workspace, reference_load_request())
    operations.load(workspace, FileLoadRequest((file,), connector="records"))


def _rows(people: int) -> Iterator[dict[str, Any]]:
    """Everybody is invented: a warrant or listing, an offence, where they may be, a company, and what it owns."""
    dice = random.Random(20141205)
    yield _node("police", "Agency", name="Office of Inquiry (invented)")
    yield _link("police", "AGENCY_OF", ["jurisdiction", "CN"])
    for i in range(people):
        yield from _person(dice, i)


def _person(dice: random.Random, i: int) -> Iterator[dict[str, Any]]:
    who, paper, offence, firm = f"p{i}", f"w{i}", f"o{i}", f"c{i}"
    workspace, year = dice.choice(PLACES), dice.randint(1996, 2008)
    yield _node(who, "Person", name=f"Person {i} (invented)")
    yield _node(paper, dice.choice(("Warrant", "ListEntry")), name=f"paper {i}", issued_on=f"{year}-05-01")
    yield _link(who, "SOUGHT_UNDER", paper)
    yield _link(paper, "ISSUED_BY", "police")
    said = {"convention_article": dice.choice(ARTICLES), "maximum_penalty": dice.choice(PENALTIES), "law_of": "CN"}
    yield _node(offence, "Offence", name=f"offence {i}", limitation_date=f"{year + dice.randint(5, 25)}", **said)
    yield _link(who, "ACCUSED_OF", offence, stage=dice.choice(("alleged", "charged")), date=f"{year}-01-01")
    how = dice.choice(("resident", "suspected"))
    yield _link(who, "PRESENT_IN", ["jurisdiction", workspace], how=how, start_date=f"{year}-06-01")
    yield _link(who, "CITIZEN_OF", ["jurisdiction", dice.choice(("CN", "CN", workspace))], acquired_by="birth")
    yield _node(firm, "Enterprise", name=f"Company {i} (invented)")
    yield _link(who, "OWNS", firm, share="100")
    for j in range(dice.randint(0, 3)):
        asset = f"a{i}-{j}"
        yield _node(asset, "RealEstate", name=f"house {i} {j}")
        yield _link(firm, "OWNS", asset, share="100")
        yield _link(asset, "LOCATED_IN", ["jurisdiction", dice.choice((workspace, *PLACES))])
        if dice.random() < 0.5:
            yield _link(asset, "PROCEEDS_OF", offence, tracing="converted")
    if dice.random() < 0.3:
        fact = dice.choice(FACTS)
        yield _node(f"d{i}", "Determination", fact=fact, answer=dice.choice(("yes", "no")), decided_on="2013-01-01")
        yield _link(f"d{i}", "DETERMINES", who)


def _node(key: str, kind: str, **properties: str) -> dict[str, Any]:
    return {"key": key, "type": kind, "properties": properties, "reliability": "B", "credibility": "2"}


def _link(tail: str, kind: str, head: str | list[str], **properties: str) -> dict[str, Any]:
    end = head if isinstance(head, str) else head[1]
    row = {"key": f"{tail} {kind} {end}", "type": kind, "from": tail, "to": head, "properties": properties}
    return {**row, "reliability": "B", "credibility": "2"}


if __name__ == "__main__":
    main()
