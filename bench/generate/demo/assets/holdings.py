"""What does a network hold, and through what?"""

from __future__ import annotations

from bench.generate.demo.assets.arrangements import ARRANGEMENTS, join_arrangement, write_arrangement
from bench.generate.demo.assets.movable_assets import CRAFT, asset_spec
from bench.generate.demo.assets.ownership import choose_insider, write_ownership
from bench.generate.demo.assets.registered_assets import LAND
from bench.generate.demo.hubs import DIRECTORS, agent_address, choose_director
from bench.generate.demo.network_spec import ChainStep, parse_chain
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.world import DemoAsset, Network, World
from bench.generate.seeded_random import SeededRandom, add_days


def write_holdings(world: World, network: Network) -> None:
    """Walk every chain of the network's recipe and write what it says."""
    for chain in network.spec.chains:
        first, *rest = parse_chain(chain)
        walked = [network.key(first.word)]
        for step in rest:
            walked.append(_step(world, network, walked[-1], step))
        network.routes[first.word, rest[-1].label] = walked


def _step(world: World, network: Network, holder: str, step: ChainStep) -> str:
    if step.code:
        network.assets_by_label[step.label] = _create_asset(world, network, holder, step)
    thing = network.assets_by_label[step.label]
    if thing.kind == "Arrangement":
        join_arrangement(world, network, holder, thing, step.word)
    else:
        write_ownership(world, network, holder, step)
    return thing.key


def _create_asset(world: World, network: Network, holder: str, step: ChainStep) -> DemoAsset:
    dice = world.random(network.name, "make", step.label)
    since = _day(network, holder, step, dice)
    if step.word in ARRANGEMENTS:
        return write_arrangement(world, network, step, since, dice)
    if step.word == "co":
        return _company(world, network, step, since, dice)
    return _asset(world, network, step, since, dice)


def _day(network: Network, holder: str, step: ChainStep, dice: SeededRandom) -> str:
    """What a thing holds comes soon after it; nobody had a wallet before 2012."""
    if step.word == "wallet":
        return dice.day("2012-03-01", "2013-11-30")
    if held := network.since(holder):
        return add_days(held, dice.between(5, 120))
    return dice.day(add_days(network.head.crime_from, 120), add_days(network.head.left, 500))


def _company(world: World, network: Network, step: ChainStep, since: str, dice: SeededRandom) -> DemoAsset:
    key, name = world.book.key("c"), world.firm(dice, step.code)
    address = agent_address(step.code) if step.at_agent else _office(world, step.code, dice)
    world.register.company(key, name, step.code, incorporationDate=since, addressEntity=address)
    if director := _hired(network, dice) if step.hired else choose_insider(network, dice):
        world.register.director(director, key, add_days(since, dice.between(0, 40)))
    if not step.at_agent and not network.spec.path and step.code == network.spec.host:
        says = world.book.writer("demo-court", stated="2014-03-20", origin=f"Statement of staff, {network.name}")
        says.link("MANAGES", choose_insider(network, dice), key, start_date=add_days(since, 60))
    network.enterprises.append(key)
    return DemoAsset(key, "Enterprise", step.code, since)


def _hired(network: Network, dice: SeededRandom) -> str:
    """Where the recipe asks for a shortcut through a director, it must be one person at both ends."""
    return DIRECTORS[0].key if network.spec.path else choose_director(dice)


def _office(world: World, code: str, dice: SeededRandom) -> str:
    place = world.places[code]
    town = dice.choice(place.towns)
    full = f"{dice.between(3, 240)} {dice.choice(place.streets)}, {town}"
    return world.register.address(world.book.key("a"), full, town, code)


def _asset(world: World, network: Network, step: ChainStep, since: str, dice: SeededRandom) -> DemoAsset:
    made = asset_spec(step.word, world.places[step.code], dice, since)
    says = world.book.writer(made.source, stated=dice.day("2013-12-01", "2014-11-20"), origin=f"{made.name}, extract")
    key = says.node(world.book.key("as"), made.kind, name=made.name, **made.properties)
    says.link("LOCATED_IN", key, jurisdiction_end(network.spec.host if step.word in CRAFT else step.code))
    if step.word in CRAFT:
        says.link("REGISTERED_IN", key, jurisdiction_end(step.code), start_date=since)
    address = ""
    if step.word in LAND:
        address = says.node(world.book.key("a"), "Address", full=made.name, city=made.name.rsplit(", ", 1)[-1])
        says.link("HAS_ADDRESS", key, address)
        says.link("LOCATED_IN", address, jurisdiction_end(step.code))
    network.assets.append(key)
    return DemoAsset(key, made.kind, step.code, since, made.value, made.currency, address)
