"""Who is near the networks and has nothing to do with them?"""

from __future__ import annotations

from bench.generate.demo.assets.movable_assets import asset_spec
from bench.generate.demo.assets.payments import MONEY_CHANGER, write_payment
from bench.generate.demo.hubs import BANK, LAWYERS, TRUSTEES
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.world import DemoAsset, Network, World
from bench.generate.seeded_random import SeededRandom, add_days

HOMES = ("US", "US", "US", "CA", "CA", "AU", "AU", "NZ", "GB", "SG", "HK", "FR")
HOUSEHOLDS = 36
FAMILY_TRUSTS = 10


def write_bystanders(world: World) -> None:
    """Write sellers, tenants, staff, colleagues, other clients of the bank and of the trustees."""
    for number in range(HOUSEHOLDS):
        _household(world, number)
    for network in world.networks:
        _near_network(world, network)
    _colleagues(world)
    _bookkeeper(world)


def _resident(world: World, random: SeededRandom, code: str) -> str:
    name = world.stranger(random)
    writer = world.book.writer(
        "demo-kin", stated=random.day("2012-01-10", "2014-09-30"), origin="Register of residents"
    )
    known = {"alias": name.latin, "gender": name.gender, "birth_date": random.day("1940-01-01", "1985-12-31")}
    key = writer.node(world.book.key("x"), "Person", name=name.full, **known)
    writer.link("PRESENT_IN", key, jurisdiction_end(code), how="resident")
    world.unrelated.append(key)
    return key


def _household(world: World, number: int) -> None:
    """A family with a mortgage; some with a trust at the same trustees as the sought."""
    random = world.random("household", number)
    code = random.choice(HOMES)
    owner, spouse = (_resident(world, random, code) for _ in range(2))
    kin = world.book.writer("demo-kin", stated="2013-09-30", origin="Family register")
    kin.link("FAMILY_OF", owner, spouse, relation="spouse")
    holder = _trust(world, random, owner, spouse) if number < FAMILY_TRUSTS else owner
    _mortgaged_home(world, random, holder, code)
    currency = world.places[code].currency
    day = random.day("2012-01-01", "2014-10-01")
    write_payment(world, (owner, BANK), f"{random.between(900, 4_800)} {currency}", day, "mortgage payment")
    if number % 5 == 0:
        _savings(world, random, spouse, code)
    if number % 4 == 0:
        day = random.day("2009-01-01", "2014-10-01")
        write_payment(world, (MONEY_CHANGER, spouse), f"{random.between(300, 9_000)} USD", day, "remittance")


def _mortgaged_home(world: World, random: SeededRandom, holder: str, code: str) -> None:
    since = random.day("2000-01-01", "2011-12-31")
    home = asset_spec("house", world.places[code], random, since)
    writer = world.book.writer("demo-land", stated="2014-06-30", origin=f"{home.name}, extract")
    key = writer.node(world.book.key("as"), home.kind, name=home.name, **home.properties)
    writer.link("LOCATED_IN", key, jurisdiction_end(code))
    writer.link("OWNS", holder, key, share="100", start_date=since)
    writer.link("ENCUMBERS", BANK, key, amount=f"{home.value * 7 // 10} {home.currency}", start_date=since)
    world.unrelated.append(key)


def _savings(world: World, random: SeededRandom, holder: str, code: str) -> None:
    """Fund units in the bank's custody: the title is the bank's, as it is for every client."""
    since = random.day("2006-01-01", "2012-12-31")
    units = asset_spec("fund", world.places[code], random, since)
    writer = world.book.writer("demo-bank", stated="2014-03-31", origin=f"{units.name}, extract")
    key = writer.node(world.book.key("as"), units.kind, name=units.name, **units.properties)
    writer.link("OWNS", holder, key, share="100", start_date=since)
    writer.link("OWNS", BANK, key, share="100", interest="legal", role="custodian", start_date=since)
    world.unrelated.append(key)


def _trust(world: World, random: SeededRandom, owner: str, spouse: str) -> str:
    since = random.day("1995-01-01", "1999-12-31")
    writer = world.book.writer("demo-court", stated="2014-04-30", origin="Register of trusts")
    known = {"name": f"Family settlement of {since}", "kind": "trust", "made_on": since}
    key = writer.node(world.book.key("arr"), "Arrangement", **known)
    writer.link("SETTLED", owner, key, date=since)
    writer.link("TRUSTEE_OF", random.choice(TRUSTEES).key, key, start_date=since)
    writer.link("PROTECTS", random.choice(LAWYERS).key, key, start_date=since)
    writer.link("BENEFITS_FROM", spouse, key, share="0..100", entitlement="discretionary", start_date=since)
    world.unrelated.append(key)
    return key


def _near_network(world: World, network: Network) -> None:
    random = world.random(network.name, "neighbours")
    estates = [t for t in network.assets_by_label.values() if t.kind == "RealEstate"]
    if estates and random.chance(0.7):
        _seller(world, random.choice(estates), random)
    if estates and not network.spec.path and random.chance(0.35):
        tenant = _resident(world, random, network.spec.host)
        writer = world.book.writer("demo-kin", stated="2014-05-31", origin="Register of residents")
        writer.link("HAS_ADDRESS", tenant, random.choice(estates).address, kind="residence", start_date="2013-02")
    spouse = network.parties.get("spouse")
    if spouse and random.chance(0.5):
        payee, purpose = random.choice(((BANK, "fees"), *((lawyer.key, "legal fees") for lawyer in LAWYERS)))
        amount, day = f"{random.between(400, 9_000)} USD", random.day("2010-01-01", "2014-08-30")
        write_payment(world, (spouse, payee), amount, day, purpose)


def _seller(world: World, thing: DemoAsset, random: SeededRandom) -> None:
    """Whoever held the title before; nothing more connects the two."""
    seller = _resident(world, random, thing.code)
    writer = world.book.writer("demo-land", stated="2014-02-28", origin=f"Earlier titles, {thing.key}")
    dates = {"start_date": add_days(thing.since, -random.between(900, 5_000)), "end_date": thing.since}
    writer.link("OWNS", seller, thing.key, share="100", **dates)


def _colleagues(world: World) -> None:
    """The press names people who worked at one place in one breath."""
    suspects = list(world.suspects.values())
    for first in suspects:
        random = world.random("colleagues", first.number)
        mates = [s for s in suspects if s.number > first.number and s.body == first.body]
        if mates and random.chance(0.2):
            stated, url = random.day("2014-01-05", "2014-11-20"), f"https://example.org/press/2014-{random.digits(3)}"
            writer = world.book.writer("demo-press", stated=stated, url=url)
            writer.link("ASSOCIATED_WITH", first.key, mates[0].key, relation="former colleague")


def _bookkeeper(world: World) -> None:
    """Somebody keeps the books of companies in several networks and of many others."""
    keeper = _resident(world, world.random("bookkeeper"), "US")
    writer = world.book.writer("demo-court", stated="2014-03-31", origin="Register of bookkeepers")
    ours = [n.enterprises[-1] for n in world.networks if n.enterprises and not n.spec.path and n.spec.host == "US"]
    others = [key for key in world.unrelated if key.startswith("c-")][:30]
    for company in (*ours, *others):
        writer.link("HELD_POST_AT", keeper, company, post="bookkeeper", start_date="2008")
