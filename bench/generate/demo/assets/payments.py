"""What was paid to whom, and who lent on what?"""

from __future__ import annotations

from itertools import pairwise

from bench.generate.demo.assets.arrangements import arrangement_node
from bench.generate.demo.assets.registered_assets import BIG_BANK
from bench.generate.demo.hubs import BANK
from bench.generate.demo.records import SourceWriter, jurisdiction_end
from bench.generate.demo.world import DemoAsset, Network, World
from bench.generate.seeded_random import SeededRandom, add_days

MONEY_CHANGER = "e-changer-01"
PURPOSES = ("consulting", "goods in transit", "loan repayment", "deposit", "equipment", "advance")
REMITTANCE_NETWORKS = {2, 9, 14, 16, 21, 29, 31}
"""Networks whose money also went through the money changer."""


def write_banks(world: World) -> None:
    """Write the big bank and the money changer, which belong to nobody's network."""
    writer = world.book.writer("demo-bank", stated="2014-06-30", origin="Directory of banks", handling="open")
    known = {"alias": "子午蓟银行", "sector": "banking", "swift": "INVDZZ22", "registration_number": "GBX-000017"}
    writer.node(BANK, "Enterprise", name=BIG_BANK, **known)
    known = {"sector": "money transfer", "registration_number": "HKX-044519"}
    writer.node(MONEY_CHANGER, "Enterprise", name="Golden Sluice Remittance Ltd", **known)
    for key, code in ((BANK, "GB"), (MONEY_CHANGER, "HK")):
        writer.link("REGISTERED_IN", key, jurisdiction_end(code))
    world.unrelated += [BANK, MONEY_CHANGER]


def write_payments(world: World, network: Network) -> None:
    """Write the network's payments and loans."""
    random = world.random(network.name, "money")
    for flow in network.spec.flows:
        _write_flow(world, network, flow.split(" > "), random)
    for debt in network.spec.debts:
        label, lender = debt.split(" ")
        _write_mortgage(world, network, network.assets_by_label[label], lender)
    _write_remittance(world, network, random)


def write_payment(world: World, ends: tuple[str, str], amount: str, day: str, purpose: str = "") -> None:
    """One transfer in the bank's books, from the first to the second."""
    random = world.random("transfer", *ends, day, amount)
    stated = max(add_days(day, 20), random.day("2013-03-01", "2014-10-30"))
    writer = world.book.writer("demo-bank", stated=stated, origin="Statement of account")
    known = {"purpose": purpose or random.choice(PURPOSES), "reference": f"TT{random.digits(8)}"}
    writer.link("PAID", *ends, amount=amount, date=day, **known)


def _write_flow(world: World, network: Network, words: list[str], random: SeededRandom) -> None:
    """Money along the words, a little less and a little later at each."""
    keys = [network.head.body.key if word == "soe" else network.key(word) for word in words]
    accounts = [t.since for t in network.assets_by_label.values() if t.key in keys]
    day = add_days(max([network.head.crime_from, *accounts]), 40)
    amount = 1_000 * random.between(180, 2_600)
    for _ in range(random.between(1, 3)):
        for ends in pairwise(keys):
            write_payment(world, ends, f"{amount} USD", day)
            day, amount = add_days(day, random.between(1, 12)), amount - 100 * random.between(5, amount // 2_500 + 6)
        day, amount = add_days(day, random.between(20, 160)), 1_000 * random.between(90, 1_400)


def _write_mortgage(world: World, network: Network, thing: DemoAsset, lender: str) -> None:
    """A mortgage, or a loan by which a family borrows from its own company."""
    writer = world.book.writer("demo-land", stated="2014-06-30", origin=f"Charges register, {thing.key}")
    amount = f"{thing.worth * 6 // 10} {thing.currency}"
    key = BANK if lender == "bank" else network.key(lender)
    writer.link("ENCUMBERS", key, thing.key, amount=amount, start_date=thing.since)
    if lender != "bank":
        _write_loan(network, writer.with_provenance(credibility="2"), key, thing, amount)


def _write_loan(network: Network, writer: SourceWriter, lender: str, thing: DemoAsset, amount: str) -> None:
    key = arrangement_node(network, writer, "loan", thing.since, amount=amount)
    borrower = network.parties.get("spouse", network.head.key)
    writer.link("SETTLED", lender, key, date=thing.since, role="lender")
    writer.link("BENEFITS_FROM", borrower, key, role="borrower", share="100", entitlement="fixed")


def _write_remittance(world: World, network: Network, random: SeededRandom) -> None:
    """Some money went through a money changer who serves anybody."""
    accounts = [t for t in network.assets_by_label.values() if t.kind == "BankAccount"]
    if int(network.name[-2:]) in REMITTANCE_NETWORKS and accounts:
        account = random.choice(accounts)
        day = add_days(account.since, random.between(60, 500))
        write_payment(world, (MONEY_CHANGER, account.key), f"{100 * random.between(400, 3_000)} USD", day, "remittance")
