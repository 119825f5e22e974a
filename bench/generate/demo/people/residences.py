"""Who lives where, and which titles were moved to relatives?"""

from __future__ import annotations

from bench.generate.demo.assets.ownership import transfer_day
from bench.generate.demo.world import Network, World
from bench.generate.seeded_random import add_days


def write_residences(world: World, network: Network) -> None:
    """Write residences, and who held what was moved to a relative."""
    if network.spec.lives:
        _residence(world, network)
    for row in network.spec.moved:
        label, giver, _ = row.split(" ")
        thing = network.assets_by_label[label]
        writer = world.book.writer("demo-land", stated="2014-09-15", origin=f"Transfer of title, {thing.key}")
        dates = {"start_date": thing.since, "end_date": transfer_day(network, label)}
        writer.link("OWNS", network.key(giver), thing.key, share="100", **dates)


def _residence(world: World, network: Network) -> None:
    home = network.assets_by_label[network.spec.lives]
    writer = world.book.writer("demo-kin", stated="2014-05-31", origin="Register of residents")
    for word in ("head", "second", "spouse", "child"):
        if word in network.parties:
            since = add_days(home.since, 40)
            writer.link("HAS_ADDRESS", network.parties[word], home.address, kind="residence", start_date=since)
