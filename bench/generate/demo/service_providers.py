"""Which companies do agents and professional directors serve besides the networks'?"""

from __future__ import annotations

from bench.generate.demo.hubs import AGENTS, DIRECTORS, LAWYERS, TRUSTEES, Agent, Professional, agent_address
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.world import World
from bench.generate.seeded_random import add_days

CLIENTS = 130
SETTLEMENTS = 30
"""Trusts of other families that each trustee looks after."""
FOREIGN = ("US", "GB", "CA", "AU", "SG", "HK", "TH", "ES", "FR", "AE")


def write_service_providers(world: World) -> None:
    """Write agents, professional directors, trustees, lawyers and every company of theirs outside the networks."""
    for agent in AGENTS:
        world.register.address(agent.address, agent.full, agent.city, agent.code)
        world.register.company(agent.key, agent.name, agent.code, addressEntity=agent.address)
    for person in (*DIRECTORS, *TRUSTEES, *LAWYERS):
        _write_provider(world, person)
    world.unrelated += [x.key for x in (*AGENTS, *DIRECTORS, *TRUSTEES, *LAWYERS)]
    clients = _clients(world)
    companies = [_company(world, agent, clients) for agent in AGENTS for _ in range(agent.companies)]
    world.unrelated += companies
    _fill_boards(world, companies)
    for trustee in TRUSTEES:
        _write_trusts(world, trustee)


def _write_provider(world: World, person: Professional) -> None:
    if person.kind == "Enterprise":
        world.register.company(person.key, person.name, person.code, addressEntity=agent_address(person.code))
    elif person in LAWYERS:
        writer = world.book.writer("demo-court", stated="2013-06-30", origin="Register of law firms")
        writer.node(person.key, "Person", name=person.name, position="lawyer")
        writer.link("LOCATED_IN", person.key, jurisdiction_end(person.code))
    else:
        world.register.person(person.key, person.name, country=person.code.lower(), position="company director")


def _clients(world: World) -> list[str]:
    """People who bought a company off the shelf, for reasons of their own."""
    keys = []
    for number in range(CLIENTS):
        random = world.random("client", number)
        name = world.stranger(random)
        code = random.choice(FOREIGN).lower()
        keys.append(world.register.person(world.book.key("x"), name.latin or name.full, country=code, nationality=code))
    world.unrelated += keys
    return keys


def _company(world: World, agent: Agent, clients: list[str]) -> str:
    key = world.book.key("c")
    random = world.random("off the shelf", key)
    code, since = random.choice(agent.serves), random.day("1991-01-01", "2013-12-31")
    ended = add_days(since, random.between(300, 2_500)) if random.chance(0.2) else ""
    shown = {"dissolutionDate": ended if ended < "2014-11-01" else "", "incorporationDate": since}
    world.register.company(key, world.firm(random, code), code, addressEntity=agent.address, **shown)
    if random.chance(0.35):
        world.register.owner(random.choice(clients), key, random.choice(("100", "100", "50", "51")), since)
    return key


def _fill_boards(world: World, companies: list[str]) -> None:
    """Each professional directs so many of the companies, some beside each other."""
    for person in DIRECTORS:
        random = world.random("boards", person.key)
        for company in random.shuffled(companies)[: person.boards]:
            since = random.day("2002-01-01", "2013-06-30")
            until = random.day("2013-07-01", "2014-10-31") if random.chance(0.1) else ""
            world.register.director(person.key, company, since, until)


def _write_trusts(world: World, trustee: Professional) -> None:
    """Trusts of which a register says who looks after them, and not for whom."""
    random = world.random("settlements", trustee.key)
    writer = world.book.writer("demo-court", stated="2014-04-30", origin="Register of trusts")
    for _ in range(SETTLEMENTS):
        since = random.day("1988-01-01", "2013-12-31")
        known = {"name": f"Settlement of {since}", "kind": "trust", "made_on": since, "governing_law": trustee.code}
        key = writer.node(world.book.key("arr"), "Arrangement", **known)
        writer.link("TRUSTEE_OF", trustee.key, key, start_date=since)
        if random.chance(0.6):
            writer.link("PROTECTS", random.choice(LAWYERS).key, key, start_date=since)
        world.unrelated.append(key)
