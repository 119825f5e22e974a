"""Which measures, requests and cases have authorities begun, and how far did they get?"""

from __future__ import annotations

from typing import NamedTuple

from bench.generate.demo.records import SourceWriter
from bench.generate.demo.world import DemoAsset, Network, World
from bench.generate.seeded_random import SeededRandom, add_days

STAGES = {
    "sought": ("sought_on",),
    "ordered": ("sought_on", "ordered_on"),
    "executed": ("sought_on", "ordered_on", "executed_on"),
    "appealed": ("sought_on", "ordered_on", "executed_on", "appealed_on"),
    "final": ("sought_on", "ordered_on", "executed_on", "final_on"),
    "lifted": ("sought_on", "ordered_on", "executed_on", "appealed_on", "lifted_on"),
    "returned": ("sought_on", "ordered_on", "executed_on", "final_on", "returned_on"),
}
"""How far a measure got, and the days it then has."""
IN_REM = {"appealed": "appeal", "final": "final", "returned": "final"}
"""How far a forfeiture got, and where its case then stands."""
GROUNDS = {
    "no_treaty": "no extradition treaty is in force between the two",
    "evidence": "the papers do not show how the asset goes back to the offence",
    "dual_criminality": "the conduct is not shown to be an offence here",
    "reciprocity": "no assurance of reciprocity was given",
    "death_penalty": "no assurance was given that the death penalty will not be imposed",
    "own_national": "the person is a national of the requested state",
    "protection": "the person is protected against removal",
}


class RequestSpec(NamedTuple):
    """What a request asks for, and what came of it."""

    kind: str
    target: str
    code: str
    answer: str
    ground: str


def write_proceedings(world: World, network: Network) -> None:
    """Write what authorities have done about the network."""
    for row in network.spec.measures:
        kind, label, stage = row.split(" ")
        _measure(world, network, network.assets_by_label[label], kind, stage)
    for row in network.spec.requests:
        kind, word, answer, *ground = row.split(" ")
        code = network.assets_by_label[word].code if word in network.assets_by_label else network.spec.host
        asked = RequestSpec(kind, network.key(word), code, answer, GROUNDS[ground[0]] if ground else "")
        _request(world, asked, world.random(network.name, row))
    for row in network.spec.proceeds:
        label, tracing = row.split(" ")
        stated = world.random(network.name, row).day("2014-01-10", "2014-11-20")
        writer = world.book.writer("demo-court", stated=stated, origin=f"Court file, {network.name}")
        writer.link("PROCEEDS_OF", network.key(label), network.head.offence, tracing=tracing)
    _inquiry(world, network)


def _measure(world: World, network: Network, thing: DemoAsset, kind: str, stage: str) -> None:
    random = world.random(network.name, kind, thing.key)
    day, days = random.day(max("2011-03-01", add_days(thing.since, 60)), "2013-05-31"), {}
    for name in STAGES[stage]:
        days[name], day = day, add_days(day, random.between(4, 130))
    stated = max(days.values())
    writer = world.book.writer("demo-court", stated=stated, origin=f"Court file, {network.name}", credibility="1")
    key, name = world.book.key("measure"), f"{kind.capitalize()} of {thing.key} in {thing.code}"
    reason, amount = "Held to be bought with proceeds of the offence alleged.", f"{thing.worth} {thing.currency}"
    writer.node(key, "Measure", name=name, kind=kind, reason=reason, amount=amount, **days)
    writer.link("TARGETS", key, thing.key)
    writer.link("ORDERED_BY", key, world.issuer("measure", thing.code, random))
    if kind == "forfeiture":
        _in_rem(network, thing, writer, days["sought_on"], IN_REM[stage])


def _in_rem(network: Network, thing: DemoAsset, writer: SourceWriter, opened: str, stage: str) -> None:
    """A forfeiture has a case of its own against the thing; a relative comes in as claimant."""
    key = writer.book.key("case")
    number = f"{thing.code}-INV-{opened[:4]}-{key[-4:]}"
    known = {"number": number, "kind": "forfeiture", "stage": stage, "opened_on": opened}
    writer.node(key, "Case", name=f"Forfeiture case {number}", **known)
    writer.link("TARGETS", key, thing.key)
    claimants = (network.parties.get(word, "") for word in ("ex", "spouse", "child"))
    if claimant := next(filter(None, claimants), ""):
        writer.link("PARTY_TO", claimant, key, role="claimant")


def _request(world: World, asked: RequestSpec, random: SeededRandom) -> None:
    sent = random.day("2010-05-01", "2014-02-28")
    answered = "" if asked.answer == "pending" else add_days(sent, random.between(60, 270))
    writer = world.book.writer("demo-court", stated=max(answered, "2014-05-30"), origin="Register of requests")
    number, title = f"R-{sent[:4]}-{random.digits(4)}", asked.kind.replace("_", " ").capitalize()
    known = {"kind": asked.kind, "number": number, "answer": asked.answer, "ground": asked.ground}
    key, name = world.book.key("request"), f"{title} request {number}, CN to {asked.code}"
    writer.node(key, "Request", name=name, sent_to=asked.code, sent_on=sent, answered_on=answered, **known)
    writer.link("TARGETS", key, asked.target)
    writer.link("ISSUED_BY", key, "ag-liaison")


def _inquiry(world: World, network: Network) -> None:
    """The case at home that stands behind every list entry of the network."""
    key = world.book.key("case")
    opened = add_days(network.head.left, world.random(network.name, "inquiry").between(10, 400))
    number = f"CN-INV-{opened[:4]}-{key[-4:]}"
    writer = world.book.writer(
        "demo-court", stated="2014-11-25", origin="Case register", reliability="B", credibility="3"
    )
    known = {"number": number, "kind": "criminal", "stage": "investigation", "opened_on": opened}
    writer.node(key, "Case", name=f"Investigation {number}", **known)
    for suspect in network.sought:
        writer.link("PARTY_TO", suspect.key, key, role="suspect")
