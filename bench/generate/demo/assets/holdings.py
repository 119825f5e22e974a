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
    random = world.random(network.name, "make", step.label)
    since = _day(network, holder, step, random)
    if step.word in ARRANGEMENTS:
        return write_arrangement(world, network, step, since, random)
    if step.word == "co":
        return _company(world, network, step, since, random)
    return _asset(world, network, step, since, random)


def _day(network: Network, holder: str, step: ChainStep, random: SeededRandom) -> str:
    """What a thing holds comes soon after it; nobody had a wallet before 2012."""
    if step.word == "wallet":
        return random.day("2012-03-01", "2013-11-30")
    if held := network.since(holder):
        return add_days(held, random.between(5, 120))
    return random.day(add_days(network.head.crime_from, 120), add_days(network.head.left, 500))


def _company(world: World, network: Network, step: ChainStep, since: str, random: SeededRandom) -> DemoAsset:
    key, name = world.book.key("c"), world.firm(random, step.code)
    address = agent_address(step.code) if step.at_agent else _office(world, step.code, random)
    world.register.company(key, name, step.code, incorporationDate=since, addressEntity=address)
    if director := _hired(network, random) if step.hired else choose_insider(network, random):
        world.register.director(director, key, add_days(since, random.between(0, 40)))
    if not step.at_agent and not network.spec.path and step.code == network.spec.host:
        writer = world.book.writer("demo-court", stated="2014-03-20", origin=f"Statement of staff, {network.name}")
        writer.link("MANAGES", choose_insider(network, random), key, start_date=add_days(since, 60))
    network.enterprises.append(key)
    return DemoAsset(key, "Enterprise", step.code, since)


def _hired(network: Network, random: SeededRandom) -> str:
    """Where the recipe asks for a shortcut through a director, it must be one person at both ends."""
    return DIRECTORS[0].key if network.spec.path else choose_director(random)


def _office(world: World, code: str, random: SeededRandom) -> str:
    place = world.places[code]
    town = random.choice(place.towns)
    full = f"{random.between(3, 240)} {random.choice(place.streets)}, {town}"
    return world.register.address(world.book.key("a"), full, town, code)


def _asset(world: World, network: Network, step: ChainStep, since: str, random: SeededRandom) -> DemoAsset:
    made = asset_spec(step.word, world.places[step.code], random, since)
    writer = world.book.writer(
        made.source, stated=random.day("2013-12-01", "2014-11-20"), origin=f"{made.name}, extract"
    )
    key = writer.node(world.book.key("as"), made.kind, name=made.name, **made.properties)
    writer.link("LOCATED_IN", key, jurisdiction_end(network.spec.host if step.word in CRAFT else step.code))
    if step.word in CRAFT:
        writer.link("REGISTERED_IN", key, jurisdiction_end(step.code), start_date=since)
    address = ""
    if step.word in LAND:
        address = writer.node(world.book.key("a"), "Address", full=made.name, city=made.name.rsplit(", ", 1)[-1])
        writer.link("HAS_ADDRESS", key, address)
        writer.link("LOCATED_IN", address, jurisdiction_end(step.code))
    network.assets.append(key)
    return DemoAsset(key, made.kind, step.code, since, made.value, made.currency, address)
