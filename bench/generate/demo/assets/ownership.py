"""Which source says who owns what, since when, and whose name stands in the register?"""

from __future__ import annotations

from bench.generate.demo.hubs import BANK
from bench.generate.demo.network_spec import ChainStep
from bench.generate.demo.world import DemoAsset, Network, World
from bench.generate.seeded_random import SeededRandom, add_days

SOURCES = {"RealEstate": "demo-land", "BankAccount": "demo-bank", "Security": "demo-bank"}
"""Who says who holds an asset; courts say so of the others."""
GIFT = "Transferred for love and affection, no price."


def write_ownership(world: World, network: Network, holder: str, step: ChainStep) -> None:
    """Write that `holder` owns what the step names."""
    thing = network.assets_by_label[step.label]
    behind = holder in network.arrangements
    if thing.kind == "Enterprise" and not behind:
        since = max(thing.since, network.since(holder))
        world.register.owner(holder, thing.key, step.share.replace("..", "-"), since)
        return
    random = world.random(network.name, "own", thing.key, holder)
    source = "demo-court" if behind else SOURCES.get(thing.kind, "demo-court")
    writer = world.book.writer(source, stated=random.day("2013-12-01", "2014-11-20"), origin=f"File on {thing.key}")
    shown = behind and thing.kind == "Enterprise" and _write_nominee(world, network, thing, step, random)
    # An account has a holder and signatories; a share in it would say more than the bank does.
    share = "" if thing.kind == "BankAccount" else step.share
    given = _is_gift(network, holder, step.label)
    since = transfer_day(network, step.label) if given else max(thing.since, network.since(holder))
    known = {"share": share, "interest": "beneficial" if shown else "", "summary": GIFT if given else ""}
    writer.link("OWNS", holder, thing.key, start_date=since, **known)
    if thing.kind == "Security":
        writer.link("OWNS", BANK, thing.key, share=step.share, interest="legal", role="custodian", start_date=since)
    if thing.kind == "BankAccount" and holder in network.enterprises and (signatory := choose_insider(network, random)):
        writer.link("SIGNS_FOR", signatory, thing.key, start_date=add_days(thing.since, 3))


def choose_insider(network: Network, random: SeededRandom) -> str:
    """A nominee or relative for a board; nobody where the true chain must stay the only short way."""
    if network.spec.path:
        return ""
    nominees = [key for word, key in network.parties.items() if word.startswith("nominee")]
    grown = [key for word, key in network.parties.items() if word in {"spouse", "sibling", "second", "parent"}]
    return random.choice(nominees or grown or [network.head.key])


def transfer_day(network: Network, label: str) -> str:
    """The day on which the title of a thing was moved to a relative.

    It comes some hundred days after both the purchase and the flight, and is the same whenever it is asked.
    """
    first = max(network.assets_by_label[label].since, network.head.left)
    return add_days(first, 150 + 70 * len(network.parties) + network.head.number)


def _is_gift(network: Network, holder: str, label: str) -> bool:
    moves = (row.split(" ") for row in network.spec.moved)
    return any(word == label and network.key(taker) == holder for word, _, taker in moves)


def _write_nominee(world: World, network: Network, thing: DemoAsset, step: ChainStep, random: SeededRandom) -> bool:
    """Where the register shows the nominee as shareholder, a court says later that only the title was held."""
    nominee = network.parties.get("nominee")
    if not nominee or random.chance(0.4):
        return False
    shown = world.register.owner(nominee, thing.key, step.share, thing.since)
    stated = random.day("2013-02-01", "2014-11-20")
    court = world.book.writer("demo-court", stated=stated, origin=f"Affidavit, {network.name}")
    court.restate(shown, interest="legal", summary="Held under the nominee agreement.")
    return True
