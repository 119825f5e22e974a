"""Which links run between networks without making them one?"""

from __future__ import annotations

from bench.generate.demo.world import World
from bench.generate.seeded_random import add_days

RELATION = {"FAMILY_OF": "spouse"}
SOURCE = {"FAMILY_OF": "demo-kin", "SIGNS_FOR": "demo-bank"}
"""Who says so; courts say the rest."""


def write_network_links(world: World) -> None:
    """Write the ties of networks.toml: a nominee serves two families, children of two marry."""
    for row in world.spec.ties:
        first, kind, second = row.split(" ")
        random = world.random("tie", row)
        stated = random.day("2013-09-01", "2014-10-31")
        writer = world.book.writer(
            SOURCE.get(kind, "demo-court"), stated=stated, origin=f"Extract, {kind} {random.digits(4)}"
        )
        since = add_days(stated, -random.between(700, 1_400))
        writer.link(kind, _key(world, first), _key(world, second), start_date=since, relation=RELATION.get(kind, ""))


def _key(world: World, word: str) -> str:
    number, _, name = word.partition(".")
    return world.networks[int(number) - 1].key(name)
