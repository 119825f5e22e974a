"""Where do sources contradict or copy each other?"""

from __future__ import annotations

from bench.generate.demo.people.listed_people import LISTED_ON
from bench.generate.demo.records import SourceWriter, jurisdiction_end
from bench.generate.demo.register import REGISTRY
from bench.generate.demo.world import Network, Suspect, World
from bench.generate.seeded_random import SeededRandom, add_days

OTHER_SHARES = {"100": "60", "60": "45", "55": "30", "51": "30", "50": "25", "70": "51", "80": "50", "30": "49"}
"""What the register says, and what a report makes of it."""


def write_contradictions(world: World) -> None:
    """Write contradictions and copies."""
    for suspect in world.suspects.values():
        _about(world, suspect, world.random("doubt", suspect.number))
    for number, network in enumerate(world.networks, start=1):
        if number % 3 == 0:
            _other_share(world, network)
        if number % 6 == 2:
            _said_to_be_sold(world, network)
        if number % 5 == 1 and not network.spec.path:
            _said_to_be_theirs(world, network)
        if not network.spec.path:
            _said_to_be_bought_with_it(world, network)
    _contradicted_deaths(world)


def press_writer(world: World, random: SeededRandom, **said: str) -> SourceWriter:
    """A report of its own."""
    stated = said.get("stated") or random.day("2013-01-05", "2014-11-20")
    url = f"https://example.org/press/{stated[:4]}-{random.digits(3)}"
    return world.book.writer("demo-press", **{**said, "stated": stated, "url": url})


def _about(world: World, suspect: Suspect, random: SeededRandom) -> None:
    """The press repeats the list for some, and has another birth date for a few."""
    name = suspect.name.full
    if random.chance(0.08):
        born = add_days(suspect.born, random.choice((-365, 366, 31, -10, 730)))
        press_writer(world, random, credibility="3").node(suspect.key, "Person", name=name, birth_date=born)
    elif random.chance(0.22):
        writer = press_writer(world, random, stated="2014-12-01", origin=f"List of {LISTED_ON}", reliability="E")
        writer.node(suspect.key, "Person", name=name, position=f"formerly {suspect.post}, {suspect.body.alias}")
        listed = (row for row in world.book.rows["demo-list"] if row["type"] == "SOUGHT_UNDER")
        writer.restate(next(row for row in listed if row["to"] == suspect.entry))


def _other_share(world: World, network: Network) -> None:
    """The register says one share, a report another, of one shareholding."""
    for row in world.book.rows[REGISTRY]:
        company, share = (row["properties"].get(name, [""])[0] for name in ("asset", "percentage"))
        if company in network.enterprises and share in OTHER_SHARES:
            writer = press_writer(world, world.random(network.name, "share"), reliability="C", credibility="3")
            writer.restate(row, share=OTHER_SHARES[share])
            return


def _said_to_be_sold(world: World, network: Network) -> None:
    """The land register has an owner whom a report calls the former one."""
    for row in world.book.rows["demo-land"]:
        if row["type"] == "OWNS" and row["to"] in network.assets and "end_date" not in row["properties"]:
            random = world.random(network.name, "sold")
            sold = random.day("2013-01-10", "2014-06-30")[:7]
            writer = press_writer(world, random, stated=random.day("2014-07-10", "2014-11-20"))
            writer.restate(row, end_date=sold, status="said to be sold")
            return


def _said_to_be_theirs(world: World, network: Network) -> None:
    """A report, of its own knowledge, calls a house the sought person's, whoever's name is on the title."""
    estates = [t for t in network.assets_by_label.values() if t.kind == "RealEstate"]
    if estates:
        random = world.random(network.name, "theirs")
        writer = press_writer(world, random, origin=f"Neighbours, {network.name}")
        writer.link("OWNS", network.head.key, random.choice(estates).key, share="0..100", interest="beneficial")


def _said_to_be_bought_with_it(world: World, network: Network) -> None:
    """Reports, some improbable, have one thing that no court traced as bought with proceeds of the head's offence."""
    traced = {network.key(row.split(" ")[0]) for row in network.spec.proceeds}
    random = world.random(network.name, "bought")
    things = [thing for _, thing in sorted(network.assets_by_label.items()) if thing.kind != "Arrangement"]
    untraced = [thing.key for thing in things if thing.key not in traced]
    if untraced:
        writer = press_writer(world, random, credibility=random.choice(("4", "5")))
        writer.link("PROCEEDS_OF", random.choice(untraced), network.head.offence, tracing="converted")


def _contradicted_deaths(world: World) -> None:
    """A death that civil status records and a later report ignores."""
    for number in world.with_fate("dead"):
        suspect, random = world.suspects[number], world.random("dead", number)
        writer = world.book.writer("demo-kin", stated="2012-02-20", origin="Register of deaths")
        writer.node(suspect.key, "Person", name=suspect.name.full, death_date="2012-02-11")
        late = press_writer(world, random, stated="2013-08-02", credibility="5")
        late.link("PRESENT_IN", suspect.key, jurisdiction_end("TH"), how="sighted", date="2013-07")
