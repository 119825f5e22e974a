"""How well, and how fast, is a list of people found in a register that writes them otherwise?

    python -m bench.screening                           # 100 people, 60 of them among 100,000 entries, one seed
    python -m bench.screening --entries 20000 --seeds 5
    python -m bench.screening --entries 20000 --keys    # what the keys for matching cost a load
    python -m bench.screening --rows 1000               # so many rows screened over HTTP, by a service of its own

All people are invented: surnames, given characters, dates and countries are drawn at random by their frequency. The
list has characters and pinyin with a birth date or year; the register writes the same people in any scheme and order,
with English names, initials, dates cut short or swapped. Namesakes come by chance, as in life.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import random
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from kg import operations
from kg.cli import COLLECT_AFTER
from kg.findings.matches import Screening
from kg.names.chinese.characters import Slot, characters
from kg.names.chinese.romanisations import SCHEMES, Scheme
from kg.names.tables import read_table
from kg.operations import FileLoadRequest, Workspace
from kg.operations.matching.screening import ScreeningRequest, screen

CHINESE_SHARE = 0.5
"""Of the entries; the others have names of other languages."""

LISTED, PRESENT = 100, 60
LOADS = 4
MOST_SECONDS = 30
"""The longest budget of a request."""
SCHEME_SHARES = {"pinyin": 0.4, "taiwan": 0.2, "hongkong": 0.3, "southeast_asia": 0.1}
_SLOTS: tuple[Slot, ...] = ("surname", "given")
_LEAST = 0.05
"""Spellings that are rarer are never written."""


@dataclass
class Person:
    """Somebody invented."""

    name: tuple[str, ...]
    """Surname and given characters, or given name and surname in Latin letters."""
    born: str
    country: str
    passport: str
    is_chinese: bool = True
    written: list[str] = field(default_factory=list)


def _cumulated(shares: Mapping[str, float]) -> tuple[list[str], list[float]]:
    return list(shares), list(accumulate(shares.values()))


class World:
    """Draws people."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        table = characters()
        self._surnames = _cumulated(table.ppm["surname"])
        self._given = _cumulated(table.ppm["given"])
        self._others: dict[str, list[str]] = {}
        for row in read_table("other_names.csv"):
            if row["language"] not in {"korean", "vietnamese"}:
                self._others.setdefault(row["language"], []).append(row["spelling"])
        self._english = [row["name"] for row in read_table("english_given_names.csv")]
        self._spellings: dict[tuple[str, Slot], dict[str, list[tuple[str, float]]]] = {}
        for scheme in SCHEMES:
            for slot in _SLOTS:
                spellings = table.spellings_of(scheme, slot).items()
                self._spellings[scheme.name, slot] = {c: [f for f in found if f[1] > _LEAST] for c, found in spellings}

    def person(self, *, chinese: bool) -> Person:
        """Somebody."""
        r = self.random
        if chinese:
            surname = r.choices(self._surnames[0], cum_weights=self._surnames[1])[0]
            count = 2 if r.random() < 0.84 else 1
            given = r.choices(self._given[0], cum_weights=self._given[1], k=count)
            name: tuple[str, ...] = (surname, *given)
        else:
            words = self._others[r.choice(sorted(self._others))]
            name = tuple(w.title() for w in r.choices(words, k=2))
        born = f"{r.randint(1940, 1995)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}"
        country = r.choices(("CN", "HK", "TW", "CA", "US", "SG", "AU", "GB"), (50, 12, 10, 8, 8, 5, 4, 3))[0]
        country = country if chinese else r.choice(("GB", "US", "DE", "BR", "AE"))
        return Person(name, born, country, self._passport(), chinese)

    def _passport(self) -> str:
        return f"{self.random.choice('EGKX')}{self.random.randint(10**7, 10**8 - 1)}"

    def write(self, person: Person, scheme: str = "") -> str:
        """A name as some clerk writes it."""
        r = self.random
        if not person.is_chinese:
            first, last = person.name
            return f"{first} {last}" if r.random() < 0.7 else f"{last.upper()}, {first}"
        if scheme == "han" or (not scheme and r.random() < 0.15):
            return "".join(person.name)
        chosen = scheme or r.choices(list(SCHEME_SHARES), list(SCHEME_SHARES.values()))[0]
        of_scheme = next(s for s in SCHEMES if s.name == chosen)
        surname = self._spelling(of_scheme, "surname", person.name[0]).title()
        given = [self._spelling(of_scheme, "given", c) for c in person.name[1:]]
        joint = "" if chosen == "pinyin" else "-" if chosen == "taiwan" else " "
        together = joint.join(given)
        together = together.title() if joint == " " else together[0].upper() + together[1:]
        way = r.random()
        if way < 0.5:
            return f"{surname} {together}"
        if way < 0.7:
            return f"{together} {surname}"
        if way < 0.8:
            return f"{surname.upper()}, {together}"
        if way < 0.95 or len(given) < 2:
            english = r.choice(self._english)
            return f"{english} {surname} {together}" if r.random() < 0.5 else f"{surname} {together} {english}"
        return f"{surname} {''.join(g[0].upper() + '.' for g in given)}"

    def _spelling(self, scheme: Scheme, slot: Slot, character: str) -> str:
        found = self._spellings[scheme.name, slot].get(character) or [(self._pinyin(character), 1.0)]
        writings, shares = zip(*found, strict=True)
        return str(self.random.choices(writings, shares)[0])

    def _pinyin(self, character: str) -> str:
        for slot in _SLOTS:
            if found := self._spellings["pinyin", slot].get(character):
                return found[0][0]
        return "wei"

    def date(self, born: str) -> str:
        """A birth date as another source has it."""
        way = self.random.random()
        if way < 0.55:
            return born
        if way < 0.8:
            return born[:4]
        if way < 0.84:
            year, month, day = born.split("-")
            return f"{year}-{day}-{month}" if int(day) <= 12 else born
        return "" if way < 0.97 else f"{int(born[:4]) + self.random.choice((-1, 1))}{born[4:]}"


def make(folder: Path, seed: int, entries: int) -> set[tuple[str, str]]:
    """Write `persons.csv`, the register, and `list.csv`; returns the true pairs of keys."""
    world = World(seed)
    listed = [world.person(chinese=True) for _ in range(LISTED)]
    register = [world.person(chinese=world.random.random() < CHINESE_SHARE) for _ in range(entries - PRESENT)]
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("key", "name", "alias", "birth_date", "citizenship", "passport_number"))
        for number, person in enumerate(listed):
            born = person.born if world.random.random() < 0.6 else person.born[:4]
            passport = person.passport if world.random.random() < 0.3 else ""
            out.writerow((f"t{number}", "".join(person.name), world.write(person, "pinyin"), born, "CN", passport))
    rows_out = []
    for number, person in enumerate([*listed[:PRESENT], *register]):
        passport = person.passport if world.random.random() < 0.3 else ""
        rows_out.append((f"e{number}", world.write(person), world.date(person.born), person.country, passport))
    world.random.shuffle(rows_out)
    with (folder / "persons.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("key", "name", "birth_date", "citizenship", "passport_number"))
        out.writerows(rows_out)
    return {(f"t{n}", f"e{n}") for n in range(PRESENT)}


def main() -> None:
    """Print recall, precision, calibration and CPU seconds for each seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what was missed and what was wrong")
    parser.add_argument("--keys", action="store_true", help="measure what the keys for matching cost a load")
    parser.add_argument("--rows", type=int, default=0, help="screen so many people over HTTP")
    chosen = parser.parse_args()
    gc.set_threshold(COLLECT_AFTER)  # as the command does
    if chosen.keys:
        _print_key_cost(chosen.entries)
        return
    if chosen.rows:
        _print_service(chosen.entries, chosen.rows)
        return
    pool: list[tuple[float, bool]] = []
    print("| seed | load s CPU | screen s CPU | recall 0.1 | precision 0.1 | recall 0.9 | precision 0.9 | compared |")
    print("|---|---|---|---|---|---|---|---|")
    for seed in range(chosen.seeds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            truth = make(folder, seed, chosen.entries)
            workspace = Workspace(folder / "graph.sqlite")
            before = time.process_time()
            operations.load(workspace, operations.reference_load_request())
            operations.load(workspace, FileLoadRequest((folder / "persons.csv",), source="register"))
            loaded = time.process_time() - before
            before = time.process_time()
            screening = screen(workspace, ScreeningRequest((folder / "list.csv",), least=0.01))
            took = time.process_time() - before
            pool += _print(seed, loaded, took, screening, _by_id(truth), show=chosen.show)
    _calibration(pool)
    print(f"load average {os.getloadavg()[0]:.1f}")


def _print_service(entries: int, rows: int) -> None:
    """Screen people of the list's kind over HTTP, all in one request, two times: the tables of names are read once."""
    from bench.service import ServiceProcess

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, 0, entries)
        workspace = Workspace(folder / "graph.sqlite")
        operations.load(workspace, operations.reference_load_request())
        operations.load(workspace, FileLoadRequest((folder / "persons.csv",), source="register"))
        world = World(1)
        people = [world.person(chinese=True) for _ in range(rows)]
        asked = [{"name": "".join(p.name), "birth_date": p.born, "citizenship": "CN"} for p in people]
        with ServiceProcess(workspace) as service:
            service.wait()
            for nth in ("first", "second"):
                before, begin = service.cpu_seconds(), time.perf_counter()
                body = {"rows": asked, "seconds": MOST_SECONDS}
                status, answer = service.ask("POST", "/v1/screenings", body, {"Kg-Case": "bench"})
                took, spent = time.perf_counter() - begin, service.cpu_seconds() - before
                found = sum(len(target["matches"]) for target in answer["targets"]) if status == 200 else answer
                print(
                    f"{nth}: {rows:,} rows against {entries:,} entries: {status} in {took:.1f} s, {spent:.1f} s CPU; "
                    f"{found} matches; load average {os.getloadavg()[0]:.1f}"
                )


def _print_key_cost(entries: int) -> None:
    """Load the register with and without the keys that are in the index for matching alone, in turn."""
    from kg.ledger.rules import merge
    from kg.names import index

    def load(folder: Path, name: str) -> tuple[float, int]:
        workspace = Workspace(folder / f"{name}.sqlite")
        before = time.process_time()
        operations.load(workspace, FileLoadRequest((folder / "persons.csv",), source="register"))
        return time.process_time() - before, workspace.path.stat().st_size

    keys = {(merge, "birth_year_words"): lambda *_: [], (index, "vowelless"): lambda _: ()}
    kept = {(module, name): getattr(module, name) for module, name in keys}
    found: dict[str, list[tuple[float, int]]] = {"with keys": [], "without": []}
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), 0, entries)
        load(Path(name), "warm")
        for nth in range(LOADS):
            for way, functions in (("with keys", kept), ("without", keys)):
                for (module, function), make_keys in functions.items():
                    setattr(module, function, make_keys)
                found[way].append(load(Path(name), f"{way}{nth}"))
        for (module, function), make_keys in kept.items():
            setattr(module, function, make_keys)
    (seconds, size), (bare, bare_size) = map(min, found.values())
    print(
        f"{entries:,} entries: load {seconds:.2f} s CPU with the keys, {bare:.2f} s without: {seconds / bare - 1:+.1%}"
    )
    print(f"file {size / 2**20:.1f} MiB with, {bare_size / 2**20:.1f} MiB without: {size / bare_size - 1:+.1%}")
    print(f"the least of {LOADS} loads each, in turn; load average {os.getloadavg()[0]:.1f}")


def _by_id(truth: set[tuple[str, str]]) -> set[tuple[str, str]]:
    from kg.records import node_id

    return {(node_id("screened-list", t), node_id("register", e)) for t, e in truth}


def _print(
    seed: int, loaded: float, took: float, screening: Screening, truth: set[tuple[str, str]], *, show: bool
) -> list[tuple[float, bool]]:
    pairs = {(m.one, m.other): m for t in screening.targets for m in t.matches}
    figures = []
    for least in (0.1, 0.9):
        shown = {pair for pair, m in pairs.items() if m.probability >= least - 0.0011}
        found = shown & truth
        figures += [len(found) / len(truth), len(found) / len(shown) if shown else 1.0]
    compared = sum(t.compared for t in screening.targets)
    print(f"| {seed} | {loaded:.1f} | {took:.1f} | " + " | ".join(f"{f:.3f}" for f in figures) + f" | {compared:,} |")
    if show:
        for pair in sorted(truth - {p for p, m in pairs.items() if m.probability >= 0.1}):
            print("missed", pair, pairs.get(pair))
        for pair, m in pairs.items():
            if pair not in truth and m.probability >= 0.1:
                evidence = [(e.feature, e.bits, e.says) for e in m.evidence]
                print("wrong", m.probability, m.one_caption, m.other_caption, evidence)
    return [(m.probability, pair in truth) for pair, m in pairs.items()]


def _calibration(pool: list[tuple[float, bool]]) -> None:
    print("\n| said | pairs | true |\n|---|---|---|")
    for tenth in range(10):
        of_tenth = [(p, t) for p, t in pool if tenth / 10 <= p < (tenth + 1) / 10 or (tenth == 9 and p == 1)]
        if of_tenth:
            said, true = (sum(v[i] for v in of_tenth) / len(of_tenth) for i in (0, 1))
            print(f"| {said:.3f} | {len(of_tenth)} | {true:.3f} |")
    print(f"Brier {sum((p - t) ** 2 for p, t in pool) / max(1, len(pool)):.4f}")


if __name__ == "__main__":
    main()
