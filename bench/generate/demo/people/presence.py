"""Where are people said to be, whose nationals are they, and what is their status there?"""

from __future__ import annotations

from bench.generate.demo.people.listed_people import LISTED_ON, list_writer
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.world import Suspect, World
from bench.generate.seeded_random import SeededRandom, add_days

NATURALISING = {"US", "CA", "AU", "NZ", "GB"}
FOR_SALE = ("KN", "VU", "CY", "MT")
"""Where citizenship could be had for an investment."""
ELSEWHERE = ("TH", "MY", "SG", "HK", "AE", "PA", "FR", "ES", "JP", "VU")
STATUSES = (
    ("asylum application pending", ""),
    ("protection against removal granted", "2013-04-18"),
    ("asylum refused, under appeal", "2014-02-11"),
    ("lawful permanent resident", "2006-09-27"),
    ("protection against removal granted", "2012-11-30"),
)
"""Statuses, and the days on which they were decided, of those whom networks.toml calls protected."""


def write_presence(world: World) -> None:
    """Write presence, citizenship and status of everybody on the list."""
    for suspect in world.suspects.values():
        random = world.random("whereabouts", suspect.number)
        _presence(world, suspect, random)
        _citizenship(world, suspect, random)
    for number, (kind, decided) in zip(world.with_fate("protected"), STATUSES, strict=True):
        suspect, origin = world.suspects[number], f"Immigration file {number}"
        writer = world.book.writer("demo-kin", stated="2014-06-30", origin=origin, handling="protected")
        writer.link("HAS_STATUS_IN", suspect.key, jurisdiction_end(suspect.host), kind=kind, decided_on=decided)


def _presence(world: World, suspect: Suspect, random: SeededRandom) -> None:
    """The list suspects; papers of the host say since when somebody lives there; the press saw somebody elsewhere."""
    host = jurisdiction_end(suspect.host)
    listed = list_writer(world).with_provenance(credibility="4")
    listed.link("PRESENT_IN", suspect.key, host, how="suspected", start_date=suspect.left)
    if random.chance(0.45):
        writer = world.book.writer("demo-kin", stated=random.day("2013-01-10", "2014-10-30"), origin="Residence record")
        since = add_days(suspect.left, random.between(1, 700))
        writer.link("PRESENT_IN", suspect.key, host, how="resident", start_date=since)
    if random.chance(0.25):
        day = random.day(max("2008-01-01", add_days(suspect.left, 30)), "2014-11-15")
        url = f"https://example.org/press/{day[:4]}-{random.digits(3)}"
        press = world.book.writer("demo-press", stated=add_days(day, 3), url=url, credibility="5")
        press.link("PRESENT_IN", suspect.key, jurisdiction_end(random.choice(ELSEWHERE)), how="sighted", date=day)


def _citizenship(world: World, suspect: Suspect, random: SeededRandom) -> None:
    origin = f"Nationality file {suspect.key}"
    writer = world.book.writer("demo-kin", stated=random.day("2013-11-10", "2014-10-30"), origin=origin)
    loses = suspect.number in world.with_fate("citizenship_lost")
    since = add_days(suspect.left, random.between(1_900, 2_200))
    naturalised = suspect.host in NATURALISING and since < LISTED_ON and (loses or random.chance(0.16))
    lost = since if naturalised and loses else ""
    writer.link("CITIZEN_OF", suspect.key, jurisdiction_end("CN"), acquired_by="birth", lost_on=lost)
    if naturalised:
        host = jurisdiction_end(suspect.host)
        writer.link("CITIZEN_OF", suspect.key, host, acquired_by="naturalisation", start_date=since)
    if random.chance(0.07):
        code, bought = random.choice(FOR_SALE), random.day("2011-02-01", "2013-10-30")
        writer.link("CITIZEN_OF", suspect.key, jurisdiction_end(code), acquired_by="investment", start_date=bought)
