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
        says = world.book.writer("demo-court", stated="2013-06-30", origin="Register of law firms")
        says.node(person.key, "Person", name=person.name, position="lawyer")
        says.link("LOCATED_IN", person.key, jurisdiction_end(person.code))
    else:
        world.register.person(person.key, person.name, country=person.code.lower(), position="company director")


def _clients(world: World) -> list[str]:
    """People who bought a company off the shelf, for reasons of their own."""
    keys = []
    for number in range(CLIENTS):
        dice = world.random("client", number)
        name = world.stranger(dice)
        code = dice.choice(FOREIGN).lower()
        keys.append(world.register.person(world.book.key("x"), name.latin or name.full, country=code, nationality=code))
    world.unrelated += keys
    return keys


def _company(world: World, agent: Agent, clients: list[str]) -> str:
    key = world.book.key("c")
    dice = world.random("off the shelf", key)
    code, since = dice.choice(agent.serves), dice.day("1991-01-01", "2013-12-31")
    ended = add_days(since, dice.between(300, 2_500)) if dice.chance(0.2) else ""
    shown = {"dissolutionDate": ended if ended < "2014-11-01" else "", "incorporationDate": since}
    world.register.company(key, world.firm(dice, code), code, addressEntity=agent.address, **shown)
    if dice.chance(0.35):
        world.register.owner(dice.choice(clients), key, dice.choice(("100", "100", "50", "51")), since)
    return key


def _fill_boards(world: World, companies: list[str]) -> None:
    """Each professional directs so many of the companies, some beside each other."""
    for person in DIRECTORS:
        dice = world.random("boards", person.key)
        for company in dice.shuffled(companies)[: person.boards]:
            since = dice.day("2002-01-01", "2013-06-30")
            until = dice.day("2013-07-01", "2014-10-31") if dice.chance(0.1) else ""
            world.register.director(person.key, company, since, until)


def _write_trusts(world: World, trustee: Professional) -> None:
    """Trusts of which a register says who looks after them, and not for whom."""
    dice = world.random("settlements", trustee.key)
    says = world.book.writer("demo-court", stated="2014-04-30", origin="Register of trusts")
    for _ in range(SETTLEMENTS):
        since = dice.day("1988-01-01", "2013-12-31")
        known = {"name": f"Settlement of {since}", "kind": "trust", "made_on": since, "governing_law": trustee.code}
        key = says.node(world.book.key("arr"), "Arrangement", **known)
        says.link("TRUSTEE_OF", trustee.key, key, start_date=since)
        if dice.chance(0.6):
            says.link("PROTECTS", dice.choice(LAWYERS).key, key, start_date=since)
        world.unrelated.append(key)
