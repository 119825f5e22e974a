"""Which passports do people on the list have, genuine, revoked and false?"""

from __future__ import annotations

from typing import NamedTuple

from bench.generate.demo.people.presence import ELSEWHERE
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.world import Suspect, World
from bench.generate.seeded_random import SeededRandom, add_days


class IdentityPaper(NamedTuple):
    """A passport before any source speaks of it."""

    shown: list[str]
    """The name on it, in each of its scripts."""
    issuer: str
    issued: str
    standing: str


def write_documents(world: World) -> None:
    """Write identity documents."""
    for suspect in world.suspects.values():
        random = world.random("documents", suspect.number)
        if random.chance(0.4):
            _write_document(world, suspect, _genuine_passport(suspect, random), random)
        if random.chance(0.09):
            _write_document(world, suspect, _false_passport(world, suspect, random), random)


def _genuine_passport(suspect: Suspect, random: SeededRandom) -> IdentityPaper:
    issued = add_days(suspect.left, -random.between(60, 1_200))
    standing = "revoked" if random.chance(0.2) else "genuine"
    return IdentityPaper([suspect.name.passport, suspect.name.full], "CN", issued, standing)


def _false_passport(world: World, suspect: Suspect, random: SeededRandom) -> IdentityPaper:
    name = world.stranger(random)
    issued = add_days(suspect.left, -random.between(5, 90))
    return IdentityPaper([name.passport or name.full], random.choice(ELSEWHERE), issued, "fraudulent")


def _write_document(world: World, suspect: Suspect, paper: IdentityPaper, random: SeededRandom) -> None:
    stated = random.day("2012-01-10", "2014-10-30")
    writer = world.book.writer("demo-kin", stated=stated, origin="Register of travel papers")
    number = f"ZZ{random.digits(7)}"  # no passport number has the prefix ZZ
    known = {"kind": "passport", "number": number, "issuer": paper.issuer, "standing": paper.standing}
    dates = {"issued_on": paper.issued, "expires_on": add_days(paper.issued, 3_652)}
    key, name = world.book.key("doc"), f"Passport {number}"
    writer.node(key, "IdentityDocument", name=name, shown_name=paper.shown, **known, **dates)
    false = paper.standing == "fraudulent"
    writer.link("HAS_DOCUMENT", suspect.key, key, use="used under another name" if false else "travel")
    if not false:
        writer.link("ISSUED_BY", key, jurisdiction_end(paper.issuer))
