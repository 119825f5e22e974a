"""What does a network hold, and through what?"""

from __future__ import annotations

from bench.generate.demo.assets.arrangements import ARRANGEMENTS, arrangement, join
from bench.generate.demo.assets.movable_assets import CRAFT, good
from bench.generate.demo.assets.ownership import insider, own
from bench.generate.demo.assets.registered_assets import LAND
from bench.generate.demo.hubs import DIRECTORS, agent_address, professional
from bench.generate.demo.network_spec import Step, steps
from bench.generate.demo.records import in_jurisdiction
from bench.generate.demo.world import Network, Thing, World
from bench.generate.seeded_random import Dice, later


def hold(world: World, network: Network) -> None:
    """Walk every chain of the network's recipe and write what it says."""
    for chain in network.recipe.chains:
        first, *rest = steps(chain)
        walked = [network.key(first.word)]
        for step in rest:
            walked.append(_step(world, network, walked[-1], step))
        network.routes[first.word, rest[-1].label] = walked


def _step(world: World, network: Network, holder: str, step: Step) -> str:
    if step.code:
        network.things[step.label] = _make(world, network, holder, step)
    thing = network.things[step.label]
    if thing.kind == "Arrangement":
        join(world, network, holder, thing, step.word)
    else:
        own(world, network, holder, step)
    return thing.key


def _make(world: World, network: Network, holder: str, step: Step) -> Thing:
    dice = world.dice(network.name, "make", step.label)
    since = _day(network, holder, step, dice)
    if step.word in ARRANGEMENTS:
        return arrangement(world, network, step, since, dice)
    if step.word == "co":
        return _company(world, network, step, since, dice)
    return _asset(world, network, step, since, dice)


def _day(network: Network, holder: str, step: Step, dice: Dice) -> str:
    """What a thing holds comes soon after it; nobody had a wallet before 2012."""
    if step.word == "wallet":
        return dice.day("2012-03-01", "2013-11-30")
    if held := network.since(holder):
        return later(held, dice.between(5, 120))
    return dice.day(later(network.head.crime_from, 120), later(network.head.left, 500))


def _company(world: World, network: Network, step: Step, since: str, dice: Dice) -> Thing:
    key, name = world.book.key("c"), world.firm(dice, step.code)
    address = agent_address(step.code) if step.at_agent else _office(world, step.code, dice)
    world.register.company(key, name, step.code, incorporationDate=since, addressEntity=address)
    if director := _hired(network, dice) if step.hired else insider(network, dice):
        world.register.director(director, key, later(since, dice.between(0, 40)))
    if not step.at_agent and not network.recipe.path and step.code == network.recipe.host:
        says = world.book.says("demo-court", stated="2014-03-20", origin=f"Statement of staff, {network.name}")
        says.link("MANAGES", insider(network, dice), key, start_date=later(since, 60))
    network.enterprises.append(key)
    return Thing(key, "Enterprise", step.code, since)


def _hired(network: Network, dice: Dice) -> str:
    """Where the recipe asks for a shortcut through a director, it must be one person at both ends."""
    return DIRECTORS[0].key if network.recipe.path else professional(dice)


def _office(world: World, code: str, dice: Dice) -> str:
    place = world.places[code]
    town = dice.pick(place.towns)
    full = f"{dice.between(3, 240)} {dice.pick(place.streets)}, {town}"
    return world.register.address(world.book.key("a"), full, town, code)


def _asset(world: World, network: Network, step: Step, since: str, dice: Dice) -> Thing:
    made = good(step.word, world.places[step.code], dice, since)
    says = world.book.says(made.source, stated=dice.day("2013-12-01", "2014-11-20"), origin=f"{made.name}, extract")
    key = says.node(world.book.key("as"), made.kind, name=made.name, **made.properties)
    says.link("LOCATED_IN", key, in_jurisdiction(network.recipe.host if step.word in CRAFT else step.code))
    if step.word in CRAFT:
        says.link("REGISTERED_IN", key, in_jurisdiction(step.code), start_date=since)
    address = ""
    if step.word in LAND:
        address = says.node(world.book.key("a"), "Address", full=made.name, city=made.name.rsplit(", ", 1)[-1])
        says.link("HAS_ADDRESS", key, address)
        says.link("LOCATED_IN", address, in_jurisdiction(step.code))
    network.assets.append(key)
    return Thing(key, made.kind, step.code, since, made.worth, made.currency, address)
