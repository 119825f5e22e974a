"""Who is on the list, and who are their relatives and nominees?"""

from __future__ import annotations

from bench.generate import names
from bench.generate.demo.network_spec import NetworkSpec
from bench.generate.demo.records import SourceWriter, jurisdiction_end
from bench.generate.demo.world import LISTED, Network, Suspect, World
from bench.generate.names import Name
from bench.generate.seeded_random import SeededRandom, add_days

POSTS = (
    *("director", "deputy director", "chief accountant", "head of finance", "sales manager", "branch manager"),
    *("party secretary", "head of procurement", "cashier", "chief engineer", "head of the foreign trade office"),
)
HOSTS = ("US",) * 6 + ("CA", "CA", "AU", "NZ", "GB", "SG", "HK", "TH", "FR", "AE", "ES", "JP", "MY")
"""Where the list suspects those who have no network."""
LISTED_ON = "2014-11-28"
OPPOSITE = {"male": "female", "female": "male"}
PARTNERS = {"spouse": "spouse", "ex": "former spouse"}
BIRTH_OFFSET_DAYS = {"parent": -9_500, "child": 9_900, "child2": 10_800}
"""Days between somebody's birth and a relative's."""


def write_people(world: World) -> None:
    """Give everybody on the list a name and a history, and everybody in a network a place."""
    recipes = {number: spec for spec in world.spec.networks for number in spec.sought}
    for number in range(1, LISTED + 1):
        suspect = world.suspects[number] = _suspect(world, number, recipes.get(number))
        world.names_by_key[suspect.key] = suspect.name
    for position, spec in enumerate(world.spec.networks, start=1):
        sought = [world.suspects[number] for number in spec.sought]
        network = Network(f"network-{position:02d}", spec, sought)
        network.parties = {word: s.key for word, s in zip(("head", "second"), sought, strict=False)}
        world.networks.append(network)
        _write_circle(world, network)


def list_writer(world: World) -> SourceWriter:
    """The list itself, as handed over."""
    url = f"https://example.org/list/{LISTED_ON}"
    return world.book.writer("demo-list", stated=LISTED_ON, origin=f"List of {LISTED_ON}", url=url)


def _suspect(world: World, number: int, spec: NetworkSpec | None) -> Suspect:
    random = world.random("suspect", number)
    name = _listed_name(world, number, spec, random)
    start = random.day("1991-03-01", "2003-06-30")
    stop = add_days(start, random.between(200, 1_500))
    return Suspect(
        number=number,
        name=name,
        body=random.choice(world.bodies),
        post=random.choice(POSTS),
        born=add_days(start, -random.between(32 * 365, 54 * 365)),
        crime_from=start,
        crime_to=stop,
        left=add_days(stop, random.between(5, 420)),
        host=spec.host if spec else random.choice(HOSTS),
    )


def _listed_name(world: World, number: int, spec: NetworkSpec | None, random: SeededRandom) -> Name:
    """Spouses on the list are a man and a woman, siblings share a family name."""
    gender = names.random_gender(random) if random.chance(0.8) else "male"
    surname = ""
    if spec and number != spec.sought[0]:
        first = world.suspects[spec.sought[0]].name
        gender = OPPOSITE[first.gender] if spec.bond == "spouse" else gender
        surname = first.family if spec.bond == "sibling" else ""
    return world.name(lambda: names.chinese_name(random, gender, surname))


def _write_circle(world: World, network: Network) -> None:
    random = world.random(network.name, "people")
    origin = f"Family register, {network.head.key}"
    writer = world.book.writer("demo-kin", stated=random.day("2012-01-05", "2014-09-30"), origin=origin)
    if network.spec.bond:
        _write_bond(world, network, writer)
    for word in network.spec.kin:
        _relative(world, network, word, random, writer)
    for word in ("nominee", "nominee2")[: network.spec.nominees]:
        _nominee(world, network, word, random)


def _write_bond(world: World, network: Network, writer: SourceWriter) -> None:
    first, second = network.sought
    if network.spec.bond == "partner":
        url = f"https://example.org/press/2013-{first.number:03d}"
        press = world.book.writer("demo-press", stated="2013-05-20", credibility="3", url=url)
        press.link("ASSOCIATED_WITH", first.key, second.key, relation="business partner")
    else:
        writer.link("FAMILY_OF", first.key, second.key, relation=network.spec.bond)


def _relative(world: World, network: Network, word: str, random: SeededRandom, writer: SourceWriter) -> None:
    head = network.head
    name = _related_name(world, head.name, word, random)
    born = add_days(head.born, BIRTH_OFFSET_DAYS.get(word, 0) + random.between(-900, 900))
    facts = {"family_name": name.family, "given_name": name.given, "gender": name.gender}
    alias = [name.latin, names.western_name(random, name)] if word.startswith("child") else [name.latin]
    precise = born if random.chance(0.7) else born[:4]
    key = writer.node(world.book.key("r"), "Person", name=name.full, alias=alias, **facts, birth_date=precise)
    married = {"start_date": add_days(head.crime_from, -4_000)} if word in PARTNERS else {}
    parted = {"end_date": add_days(head.left, 700)} if word == "ex" else {}
    writer.link("FAMILY_OF", head.key, key, relation=PARTNERS.get(word) or word.rstrip("2"), **married, **parted)
    writer.link("CITIZEN_OF", key, jurisdiction_end("CN"), acquired_by="birth")
    since = add_days(head.left, -200)
    writer.link("PRESENT_IN", key, jurisdiction_end(network.spec.host), how="resident", start_date=since)
    _add_to_network(world, network, word, key, name)


def _related_name(world: World, head: Name, word: str, random: SeededRandom) -> Name:
    gender = OPPOSITE[head.gender] if word in PARTNERS else names.random_gender(random)
    surname = "" if word in PARTNERS else head.family
    return world.name(lambda: names.chinese_name(random, gender, surname))


def _nominee(world: World, network: Network, word: str, random: SeededRandom) -> None:
    name = world.stranger(random)
    key, born, country = world.book.key("n"), str(random.between(1950, 1984)), network.spec.host.lower()
    world.register.person(key, name.latin or name.full, birthDate=born, country=country)
    stated = random.day("2012-06-01", "2014-10-30")
    court = world.book.writer("demo-court", stated=stated, credibility="3", origin=f"Statement, {network.name}")
    court.node(key, "Person", name=name.full, alias=name.latin, summary="Says that shares were held for somebody else.")
    _add_to_network(world, network, word, key, name)


def _add_to_network(world: World, network: Network, word: str, key: str, name: Name) -> None:
    world.names_by_key[key] = name
    network.parties[word] = key
    network.people.append(key)
