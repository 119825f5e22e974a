"""Who and what has two keys, and who only has the same name?"""

from __future__ import annotations

from bench.generate import names
from bench.generate.demo.contradictions import press_writer
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.register import REGISTRY
from bench.generate.demo.world import Network, World
from bench.generate.seeded_random import add_days

ALIASES = (2, 9, 14, 26)
"""Networks whose head also acts under another name."""
TWINS = (3, 12, 24)
"""Networks one of whose companies another source lists under a key of its own."""
NAMESAKES = (17, 58)
"""People on the list whose name a stranger bears."""


def write_duplicates(world: World) -> None:
    """Write doubles, which only share an identifying number, and namesakes, who do not even share that."""
    for number in ALIASES:
        _alias(world, world.networks[number - 1])
    for number in TWINS:
        _twin(world, world.networks[number - 1])
    for number in NAMESAKES:
        _namesake(world, number)


def _alias(world: World, network: Network) -> None:
    """Two people with one passport number: one person under two names, as far as anybody knows."""
    random, head = world.random(network.name, "alias"), network.head
    passport = f"ZZ{random.digits(7)}"
    writer = world.book.writer("demo-court", stated="2014-10-30", origin=f"Seized papers, {network.name}")
    writer.node(head.key, "Person", name=head.name.full, passport_number=passport)
    shown, key = world.name(lambda: names.chinese_name(random, head.name.gender)), world.book.key("d")
    world.register.person(key, shown.latin, passportNumber=passport, birthDate=head.born[:4])
    company, since = world.book.key("c"), random.day("2005-01-01", "2010-12-31")
    world.register.company(company, world.firm(random, "HK"), "HK", incorporationDate=since)
    world.register.owner(key, company, "100", since)
    account = next(t.key for t in network.assets_by_label.values() if t.kind == "BankAccount")
    bank = world.book.writer("demo-bank", stated="2014-05-31", origin="Signature card")
    bank.link("SIGNS_FOR", key, account, start_date=since)
    network.people.append(key)
    network.enterprises.append(company)


def _twin(world: World, network: Network) -> None:
    """Two companies with one registration number, written otherwise."""
    company = network.enterprises[0]
    properties = next(r for r in world.book.rows[REGISTRY] if r["id"] == company)["properties"]
    name, number = properties["name"][0].upper(), properties["registrationNumber"][0].replace("-", " ")
    writer = world.book.writer("demo-court", stated="2014-07-31", origin=f"Creditors, {network.name}")
    key = writer.node(world.book.key("d"), "Enterprise", name=name, registration_number=number)
    writer.link("PAID", key, network.head.key, amount="25000 USD", date="2010-03-08", purpose="advance")
    network.enterprises.append(key)


def _namesake(world: World, number: int) -> None:
    """A stranger with the name of somebody on the list, whom a newspaper took for the same."""
    suspect, random = world.suspects[number], world.random("namesake", number)
    writer = press_writer(world, random, reliability="E", credibility="5")
    born, name = add_days(suspect.born, random.between(3_000, 6_000)), suspect.name
    key = writer.node(world.book.key("x"), "Person", name=name.full, alias=name.latin, birth_date=born)
    writer.link("PRESENT_IN", key, jurisdiction_end("SG"), how="resident")
    writer.link("POSSIBLY_SAME_AS", key, suspect.key, reason="same name")
    world.unrelated.append(key)
