"""Who lives where, and which titles were moved to relatives?"""

from __future__ import annotations

from bench.generate.demo.assets.ownership import moved_on
from bench.generate.demo.world import Network, World
from bench.generate.seeded_random import later


def settle(world: World, network: Network) -> None:
    """Write residences, and who held what was moved to a relative."""
    if network.recipe.lives:
        _residence(world, network)
    for row in network.recipe.moved:
        label, giver, _ = row.split(" ")
        thing = network.things[label]
        says = world.book.says("demo-land", stated="2014-09-15", origin=f"Transfer of title, {thing.key}")
        dates = {"start_date": thing.since, "end_date": moved_on(network, label)}
        says.link("OWNS", network.key(giver), thing.key, share="100", **dates)


def _residence(world: World, network: Network) -> None:
    home = network.things[network.recipe.lives]
    says = world.book.says("demo-kin", stated="2014-05-31", origin="Register of residents")
    for word in ("head", "second", "spouse", "child"):
        if word in network.parties:
            since = later(home.since, 40)
            says.link("HAS_ADDRESS", network.parties[word], home.address, kind="residence", start_date=since)
