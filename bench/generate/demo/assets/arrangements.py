"""Which trusts, nominee agreements and powers join a holder, a principal and an asset?"""

from __future__ import annotations

from bench.generate.demo.hubs import LAWYERS, TRUSTEES
from bench.generate.demo.network_spec import ChainStep
from bench.generate.demo.records import SourceWriter, jurisdiction_end
from bench.generate.demo.world import DemoAsset, Network, World
from bench.generate.seeded_random import SeededRandom, add_days

ARRANGEMENTS = {"trust": "trust", "deed": "nominee_agreement"}
"""Words of a chain, and the kind of arrangement they make."""

TITLES = {
    "trust": "Settlement of {}",
    "nominee_agreement": "Nominee agreement of {}",
    "power_of_attorney": "Power of attorney of {}",
    "loan": "Loan agreement of {}",
}


def write_arrangement(world: World, network: Network, step: ChainStep, since: str, random: SeededRandom) -> DemoAsset:
    """Make an arrangement and put its holder in."""
    writer = _court(world, network, random)
    kind = ARRANGEMENTS[step.word]
    key = arrangement_node(network, writer, kind, since, governing_law=step.code)
    writer.link("REGISTERED_IN", key, jurisdiction_end(step.code))
    if kind == "trust":
        _trust(network, writer, key, since, random)
    else:
        writer.link("TRUSTEE_OF", network.parties["nominee"], key, start_date=since, role="nominee")
    return DemoAsset(key, "Arrangement", step.code, since)


def arrangement_node(network: Network, writer: SourceWriter, kind: str, since: str, **properties: str) -> str:
    """The arrangement's own node; its key."""
    key = writer.book.key("arr")
    writer.node(key, "Arrangement", name=TITLES[kind].format(since), kind=kind, made_on=since, **properties)
    network.arrangements.append(key)
    return key


def join_arrangement(world: World, network: Network, holder: str, thing: DemoAsset, word: str) -> None:
    """Make `holder` the one for whom an arrangement was made; `word` is the chain's."""
    random = world.random(network.name, "join", thing.key)
    writer = _court(world, network, random)
    writer.link("SETTLED", holder, thing.key, date=thing.since)
    if word == "deed":
        writer.link("BENEFITS_FROM", holder, thing.key, share="100", entitlement="fixed", start_date=thing.since)


def write_powers_of_attorney(world: World, network: Network) -> None:
    """In every third network somebody may sign for an account by a power of attorney."""
    accounts = [t for t in network.assets_by_label.values() if t.kind == "BankAccount"]
    agents = [key for word, key in network.parties.items() if word not in {"head", "second"}]
    if int(network.name[-2:]) % 3 or network.spec.path or not accounts or not agents:
        return
    random = world.random(network.name, "power")
    writer, account = _court(world, network, random), random.choice(accounts)
    made = add_days(account.since, random.between(30, 900))
    key = arrangement_node(network, writer, "power_of_attorney", made)
    agent = random.choice(agents)
    writer.link("SETTLED", network.head.key, key, date=made, role="principal")
    writer.link("SIGNS_FOR", agent, key, start_date=made)
    writer.link("SIGNS_FOR", agent, account.key, start_date=made)


def _trust(network: Network, writer: SourceWriter, key: str, since: str, random: SeededRandom) -> None:
    trustee, lawyer = random.choice(TRUSTEES), random.choice(LAWYERS)
    writer.link("TRUSTEE_OF", trustee.key, key, start_date=since)
    ally = network.parties.get("sibling") or network.parties.get("parent") or lawyer.key
    writer.link("PROTECTS", ally, key, start_date=since)
    kin = [k for word, k in network.parties.items() if word.startswith(("spouse", "child"))]
    for relative in kin or [network.head.key]:
        writer.link("BENEFITS_FROM", relative, key, share="0..100", entitlement="discretionary", start_date=since)


def _court(world: World, network: Network, random: SeededRandom) -> SourceWriter:
    day = random.day("2012-03-01", "2014-11-10")
    return world.book.writer("demo-court", stated=day, origin=f"Affidavit, {network.name}")
