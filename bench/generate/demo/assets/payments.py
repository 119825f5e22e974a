"""What was paid to whom, and who lent on what?"""

from __future__ import annotations

from itertools import pairwise

from bench.generate.demo.assets.arrangements import papers
from bench.generate.demo.assets.registered_assets import BIG_BANK
from bench.generate.demo.hubs import BANK
from bench.generate.demo.records import Voice, in_jurisdiction
from bench.generate.demo.world import Network, Thing, World
from bench.generate.seeded_random import Dice, later

CHANGER = "e-changer-01"
PURPOSES = ("consulting", "goods in transit", "loan repayment", "deposit", "equipment", "advance")
CHANGED = {2, 9, 14, 16, 21, 29, 31}
"""Networks whose money also went through the money changer."""


def open_bank(world: World) -> None:
    """Write the big bank and the money changer, which belong to nobody's network."""
    says = world.book.says("demo-bank", stated="2014-06-30", origin="Directory of banks", handling="open")
    known = {"alias": "子午蓟银行", "sector": "banking", "swift": "INVDZZ22", "registration_number": "GBX-000017"}
    says.node(BANK, "Enterprise", name=BIG_BANK, **known)
    known = {"sector": "money transfer", "registration_number": "HKX-044519"}
    says.node(CHANGER, "Enterprise", name="Golden Sluice Remittance Ltd", **known)
    for key, code in ((BANK, "GB"), (CHANGER, "HK")):
        says.link("REGISTERED_IN", key, in_jurisdiction(code))
    world.unrelated += [BANK, CHANGER]


def move(world: World, network: Network) -> None:
    """Write the network's payments and loans."""
    dice = world.dice(network.name, "money")
    for flow in network.recipe.flows:
        _flow(world, network, flow.split(" > "), dice)
    for debt in network.recipe.debts:
        label, lender = debt.split(" ")
        _lend(world, network, network.things[label], lender)
    _change(world, network, dice)


def pay(world: World, ends: tuple[str, str], amount: str, day: str, purpose: str = "") -> None:
    """One transfer in the bank's books, from the first to the second."""
    dice = world.dice("transfer", *ends, day, amount)
    stated = max(later(day, 20), dice.day("2013-03-01", "2014-10-30"))
    says = world.book.says("demo-bank", stated=stated, origin="Statement of account")
    known = {"purpose": purpose or dice.pick(PURPOSES), "reference": f"TT{dice.digits(8)}"}
    says.link("PAID", *ends, amount=amount, date=day, **known)


def _flow(world: World, network: Network, words: list[str], dice: Dice) -> None:
    """Money along the words, a little less and a little later at each."""
    keys = [network.head.body.key if word == "soe" else network.key(word) for word in words]
    accounts = [t.since for t in network.things.values() if t.key in keys]
    day = later(max([network.head.crime_from, *accounts]), 40)
    amount = 1_000 * dice.between(180, 2_600)
    for _ in range(dice.between(1, 3)):
        for ends in pairwise(keys):
            pay(world, ends, f"{amount} USD", day)
            day, amount = later(day, dice.between(1, 12)), amount - 100 * dice.between(5, amount // 2_500 + 6)
        day, amount = later(day, dice.between(20, 160)), 1_000 * dice.between(90, 1_400)


def _lend(world: World, network: Network, thing: Thing, lender: str) -> None:
    """A mortgage, or a loan by which a family borrows from its own company."""
    says = world.book.says("demo-land", stated="2014-06-30", origin=f"Charges register, {thing.key}")
    amount = f"{thing.worth * 6 // 10} {thing.currency}"
    key = BANK if lender == "bank" else network.key(lender)
    says.link("ENCUMBERS", key, thing.key, amount=amount, start_date=thing.since)
    if lender != "bank":
        _loan(network, says.but(credibility="2"), key, thing, amount)


def _loan(network: Network, says: Voice, lender: str, thing: Thing, amount: str) -> None:
    key = papers(network, says, "loan", thing.since, amount=amount)
    borrower = network.parties.get("spouse", network.head.key)
    says.link("SETTLED", lender, key, date=thing.since, role="lender")
    says.link("BENEFITS_FROM", borrower, key, role="borrower", share="100", entitlement="fixed")


def _change(world: World, network: Network, dice: Dice) -> None:
    """Some money went through a money changer who serves anybody."""
    accounts = [t for t in network.things.values() if t.kind == "BankAccount"]
    if int(network.name[-2:]) in CHANGED and accounts:
        account = dice.pick(accounts)
        day = later(account.since, dice.between(60, 500))
        pay(world, (CHANGER, account.key), f"{100 * dice.between(400, 3_000)} USD", day, "remittance")
