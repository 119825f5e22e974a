"""Measures how candidates over a whole graph scale: keys, blocks and pairs of invented people and companies.

    python bench/candidates.py 20000 100000

Names are drawn at random from the tables of graph/reference/names; a tenth of the parties are written once more, in
another scheme or script. Prints what was measured, and what a million would take if it grew in the same way.
"""

from __future__ import annotations

import gc
import os
import random
import resource
import sys
import time
from array import array
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from kg.analysis.matching import FEATURES, Party, Register, compare_parties
from kg.analysis.matching.blocks import Facts, PartyBlocks, least_bits
from kg.analysis.matching.evidence.names import name_bits, name_evidence
from kg.cli import COLLECT_AFTER
from kg.names.chinese.characters import characters
from kg.names.chinese.romanisations import SCHEMES
from kg.names.tables import read_table

SEED = 17
WRITTEN_TWICE = 0.1
WITH_BIRTH_YEAR, WITH_BIRTH_DATE = 0.75, 0.5
COMPANIES = 0.25
LEAST = 0.1
MILLION = 1_000_000
_CACHED = 20_000
_WORDS = [
    a + b
    for a in ("amber", "cedar", "ebony", "jasper", "opal", "sable")
    for b in ("ridge", "dune", "ford", "mere", "wick")
]
_KINDS = ["Trading", "Holdings", "Shipping", "Resources", "Development", "Capital", "Logistics", "Energy"]
_FORMS = ["Ltd", "Limited", "GmbH", "SA", "Inc", "LLC"]


class Inventor:
    """Invents parties; the same for one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        table = characters()
        self._surnames, self._given = (
            (list(table.ppm[slot]), list(table.ppm[slot].values())) for slot in ("surname", "given")
        )
        self._spelled = [(table.spellings_of(s, "surname"), table.spellings_of(s, "given")) for s in SCHEMES]
        self._others = [r["spelling"].title() for r in read_table("other_names.csv")]

    def parties(self, count: int) -> Iterator[Party]:
        """So many parties, some of them twice."""
        while count > 0:
            is_company = self._random.random() < COMPANIES
            make = self._company if is_company else self._person
            name, again = make()
            values = {} if is_company else self._birth()
            identity = count
            for number, written in enumerate((name, again) if self._random.random() < WRITTEN_TWICE else (name,)):
                count -= 1
                kind = "Enterprise" if is_company else "Person"
                yield Party(f"{identity}-{number}", written, kind, is_company, (written,), values=values)

    def _person(self) -> tuple[str, str]:
        choose = self._random.choices
        if self._random.random() < 0.3:
            words = choose(self._others, k=3 if self._random.random() < 0.3 else 2)
            return " ".join(words), " ".join(reversed(words))
        surname = choose(*self._surnames)[0]
        given = choose(*self._given, k=1 if self._random.random() < 0.15 else 2)
        ways = [surname + "".join(given), self._latin(surname, given), self._latin(surname, given)]
        return tuple(self._random.sample(ways, 2))  # type: ignore[return-value]  # two of them

    def _latin(self, surname: str, given: list[str]) -> str:
        of_surname, of_given = self._random.choice(self._spelled)

        def spell(table: Mapping[str, list[tuple[str, float]]], character: str) -> str:
            found = table.get(character) or [("wei", 1.0)]
            return self._random.choices([s for s, _ in found], [p for _, p in found])[0]

        return f"{spell(of_surname, surname)} {'-'.join(spell(of_given, c) for c in given)}".title()

    def _company(self) -> tuple[str, str]:
        words = self._random.sample(_WORDS, 2)
        core = f"{words[0]} {words[1]} {self._random.randint(1, 60)} {self._random.choice(_KINDS)}".title()
        return f"{core} {self._random.choice(_FORMS)}", f"{core} {self._random.choice(_FORMS)}"

    def _birth(self) -> dict[str, tuple[str, ...]]:
        if self._random.random() > WITH_BIRTH_YEAR:
            return {}
        year = self._random.randint(1935, 2000)
        if self._random.random() > WITH_BIRTH_DATE:
            return {"birth_date": (str(year),)}
        return {"birth_date": (f"{year}-{self._random.randint(1, 12):02}-{self._random.randint(1, 28):02}",)}


class Parties:
    """Many parties, in little memory: `kg candidates` reads them from the store."""

    def __init__(self, parties: Iterator[Party]) -> None:
        self.numbers = array("i")
        """The same of those that are one party written twice."""
        self._names, self._days, self._ids, self._companies = list[str](), list[str](), array("b"), array("b")
        for party in parties:
            number, _, writing = party.id.partition("-")
            self.numbers.append(int(number))
            self._ids.append(int(writing))
            self._names.append(party.caption)
            self._days.append(sys.intern(party.first("birth_date")))
            self._companies.append(party.is_company)
        self.party = lru_cache(_CACHED)(self.read)

    def __len__(self) -> int:
        return len(self.numbers)

    def read(self, place: int) -> Party:
        """The party at a place; `party` remembers the last ones."""
        name, day, is_company = self._names[place], self._days[place], bool(self._companies[place])
        kind = "Enterprise" if is_company else "Person"
        values = {"birth_date": (day,)} if day else {}
        identity = f"{self.numbers[place]}-{self._ids[place]}"
        return Party(identity, name, kind, is_company, (name,), values=values)


def measure(count: int) -> tuple[float, float, int]:
    """Print what so many parties take; returns CPU seconds of keys and of the rest, and pairs."""
    parties = Parties(Inventor(SEED).parties(count))
    of_parties = _resident()
    of_keys, blocks = 0.0, PartyBlocks()
    for place in range(len(parties)):
        party = parties.read(place)
        before = time.process_time()
        blocks.add(party, Facts())
        of_keys += time.process_time() - before
    register = Register(size=len(parties))
    before = time.process_time()
    pairs = blocks.pairs(least_bits(LEAST, register.prior_bits))
    of_pairs = time.process_time() - before
    twice = len(parties) - len(set(parties.numbers))
    numbers = np.frombuffer(parties.numbers, np.int32)
    is_twice = numbers[pairs.one] == numbers[pairs.other]
    blocked = int(is_twice.sum())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(parties):,} parties, {twice:,} of them written twice; peak {peak:,.0f} MiB, of them "
        f"{of_parties:,.0f} MiB the parties themselves and the tables"
    )
    print(f"  {blocks.keys:,} keys in {of_keys:.1f} s CPU, {len(parties) / of_keys:,.0f} parties a second")
    print(
        f"  {pairs.blocks:,} blocks, the largest of {pairs.largest:,}, {pairs.crowded:,} crowded; "
        f"{pairs.set_apart:,} parties not compared with all"
    )
    print(
        f"  {pairs.in_blocks:,} pairs in blocks, {len(pairs.one):,} can pass, {blocked:,} of them written twice, "
        f"in {of_pairs:.1f} s CPU",
        flush=True,
    )
    before = time.process_time()
    found = right = 0
    for one, other, is_right in zip(pairs.one, pairs.other, is_twice, strict=True):
        if _is_likely(parties.party(one), parties.party(other), register):
            found += 1
            right += bool(is_right)
    of_scores = time.process_time() - before
    print(f"  scored in {of_scores:.1f} s CPU: {found:,} at {LEAST} or more, {right:,} of them written twice")
    return of_keys, of_pairs + of_scores, len(pairs.one)


def _resident() -> float:
    """MiB of memory that the process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _is_likely(one: Party, other: Party, register: Register) -> bool:
    """The comparison of `kg candidates`: the names first, the rest where they can be enough."""
    stated = sum(found.bits for feature in FEATURES if (found := feature(one, other, register)))
    if stated + name_bits(one, other) < least_bits(LEAST, register.prior_bits):
        return False
    return compare_parties(one, other, register, name_evidence(one, other)).probability >= LEAST


def main() -> None:
    """Measure each size, then say what a million would take."""
    gc.set_threshold(COLLECT_AFTER)  # as the command does
    sizes = [int(text) for text in sys.argv[1:]] or [20_000, 100_000]
    measured = [(size, measure(size)) for size in sizes]
    size, (keys, rest, pairs) = measured[-1]
    share = MILLION / size
    print(
        f"extrapolated, not measured: {MILLION:,} parties: keys {keys * share:,.0f} s CPU, "
        f"pairs and scores {rest * share:,.0f} s CPU, {pairs * share:,.0f} pairs, if pairs grow as parties do"
        if size < MILLION
        else f"{MILLION:,} parties: {keys * share + rest * share:,.0f} s CPU in all"
    )
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
