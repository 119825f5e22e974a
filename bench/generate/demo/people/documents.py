"""Which passports do people on the list have, genuine, revoked and false?"""

from __future__ import annotations

from typing import NamedTuple

from bench.generate.demo.people.presence import ELSEWHERE
from bench.generate.demo.records import in_jurisdiction
from bench.generate.demo.world import Suspect, World
from bench.generate.seeded_random import Dice, later


class Paper(NamedTuple):
    """A passport before any source speaks of it."""

    shown: list[str]
    """The name on it, in each of its scripts."""
    issuer: str
    issued: str
    standing: str


def identify(world: World) -> None:
    """Write identity documents."""
    for suspect in world.suspects.values():
        dice = world.dice("documents", suspect.number)
        if dice.chance(0.4):
            _put(world, suspect, _own(suspect, dice), dice)
        if dice.chance(0.09):
            _put(world, suspect, _false(world, suspect, dice), dice)


def _own(suspect: Suspect, dice: Dice) -> Paper:
    issued = later(suspect.left, -dice.between(60, 1_200))
    standing = "revoked" if dice.chance(0.2) else "genuine"
    return Paper([suspect.name.passport, suspect.name.full], "CN", issued, standing)


def _false(world: World, suspect: Suspect, dice: Dice) -> Paper:
    name = world.stranger(dice)
    issued = later(suspect.left, -dice.between(5, 90))
    return Paper([name.passport or name.full], dice.pick(ELSEWHERE), issued, "fraudulent")


def _put(world: World, suspect: Suspect, paper: Paper, dice: Dice) -> None:
    stated = dice.day("2012-01-10", "2014-10-30")
    says = world.book.says("demo-kin", stated=stated, origin="Register of travel papers")
    number = f"ZZ{dice.digits(7)}"  # no passport number has the prefix ZZ
    known = {"kind": "passport", "number": number, "issuer": paper.issuer, "standing": paper.standing}
    dates = {"issued_on": paper.issued, "expires_on": later(paper.issued, 3_652)}
    key, name = world.book.key("doc"), f"Passport {number}"
    says.node(key, "IdentityDocument", name=name, shown_name=paper.shown, **known, **dates)
    false = paper.standing == "fraudulent"
    says.link("HAS_DOCUMENT", suspect.key, key, use="used under another name" if false else "travel")
    if not false:
        says.link("ISSUED_BY", key, in_jurisdiction(paper.issuer))
