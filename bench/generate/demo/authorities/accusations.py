"""What is alleged, by whom, and how far has it gone?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from bench.generate.demo.authorities.warrants import CLEARED_ON
from bench.generate.demo.people.listed_people import list_writer
from bench.generate.demo.records import SourceWriter, jurisdiction_end
from bench.generate.demo.world import Network, Suspect, World
from bench.generate.seeded_random import add_days


class Crime(NamedTuple):
    """A kind of offence, from offences.toml."""

    name: str
    conduct: str
    statute: str
    article: str
    penalty: str
    limit: int
    """Years until it can no longer be prosecuted."""


class Trial(NamedTuple):
    """A prosecution outside China."""

    accused: str
    code: str
    stage: str
    opened: str


CRIMES = {
    name: Crime(**row)
    for name, row in tomllib.loads(Path(__file__).with_name("offences.toml").read_text(encoding="utf-8")).items()
}
AT_HOME = ("embezzlement", "misappropriation", "bribes", "abuse", "loan_fraud", "commissions")
STAGES = {"judgment": "convicted", "trial": "charged", "closed": "cleared"}
"""Stage of a case abroad to the stage of the accusation."""
PROCURATORATE = "the procuratorate"


def write_accusations(world: World) -> None:
    """Write the enterprises that were harmed, who worked there, and what the list alleges."""
    writer = list_writer(world)
    for body in world.bodies:
        writer.node(body.key, "Enterprise", name=body.name, alias=body.alias, sector=body.sector, state_owned="yes")
        writer.link("REGISTERED_IN", body.key, jurisdiction_end("CN"))
    world.unrelated += [body.key for body in world.bodies]
    for suspect in world.suspects.values():
        _accusation(world, suspect)
    for network in world.networks:
        for other in network.sought[1:]:
            known = {"stage": "alleged", "said_by": "the list", "role": "accomplice"}
            writer.with_provenance(credibility="4").link("ACCUSED_OF", other.key, network.head.offence, **known)


def write_foreign_cases(world: World, network: Network) -> None:
    """Write the criminal cases of other jurisdictions that the recipe names."""
    for row in network.spec.cases:
        crime, word, code, stage = row.split(" ")
        opened = world.random(network.name, "opened", crime).day("2011-06-10", "2013-06-30")
        _write_case(world, network, crime, Trial(network.key(word), code, stage, opened))


def _accusation(world: World, suspect: Suspect) -> None:
    random, writer = world.random("charge", suspect.number), list_writer(world)
    span = {"committed_from": suspect.crime_from, "committed_to": suspect.crime_to}
    amount = f"{100_000 * random.pareto(12, 9_000)} CNY"
    _offence(writer, suspect.offence, CRIMES[random.choice(AT_HOME)], "CN", **span, amount=amount)
    charged = {"stage": "charged", "said_by": PROCURATORATE, "date": add_days(suspect.left, random.between(30, 700))}
    alleged = {"stage": "alleged", "said_by": "the list"}
    writer.link("ACCUSED_OF", suspect.key, suspect.offence, **(charged if random.chance(0.5) else alleged))
    if suspect.number in world.with_fate("cleared"):
        cleared = {"stage": "cleared", "said_by": PROCURATORATE, "date": CLEARED_ON}
        writer.with_provenance(stated=CLEARED_ON).link("ACCUSED_OF", suspect.key, suspect.offence, **cleared)
    writer.link("VICTIM_OF", suspect.body.key, suspect.offence)
    years = {"start_date": add_days(suspect.crime_from, -1_500)[:4], "end_date": suspect.left[:7]}
    writer.link("HELD_POST_AT", suspect.key, suspect.body.key, post=suspect.post, **years)


def _offence(writer: SourceWriter, key: str, crime: Crime, code: str, **facts: str) -> None:
    first, last = facts["committed_from"], facts["committed_to"]
    writer.node(
        key,
        "Offence",
        name=f"{crime.name}, {first[:4]} to {last[:4]}",
        conduct=crime.conduct,
        statute=crime.statute,
        convention_article=crime.article,
        maximum_penalty=crime.penalty,
        limitation_date=f"{int(last[:4]) + crime.limit}{last[4:7]}",
        law_of=code,
        **facts,
    )


def _write_case(world: World, network: Network, crime: str, trial: Trial) -> None:
    random = world.random(network.name, "court", crime)
    offence, case = world.book.key("offence-abroad"), world.book.key("case")
    closed = add_days(trial.opened, random.between(200, 400)) if trial.stage in {"judgment", "closed"} else ""
    origin, stated = f"Docket, {network.name}", max(closed, random.day("2014-03-01", "2014-11-20"))
    writer = world.book.writer("demo-court", stated=stated, origin=origin, credibility="1")
    span = {"committed_from": add_days(network.head.left, 100), "committed_to": add_days(network.head.left, 900)}
    _offence(writer, offence, CRIMES[crime], trial.code, **span)
    number = f"{trial.code}-INV-{trial.opened[:4]}-{random.digits(3)}"
    known = {"number": number, "kind": "criminal", "stage": trial.stage}
    writer.node(case, "Case", name=f"Criminal case {number}", **known, opened_on=trial.opened, closed_on=closed)
    writer.link("PARTY_TO", trial.accused, case, role="defendant", start_date=trial.opened)
    court = world.agency("case", trial.code, random)
    said = {"stage": STAGES[trial.stage], "said_by": court.name if court else "a court"}
    writer.link("ACCUSED_OF", trial.accused, offence, **said, date=closed or trial.opened)
    writer.link("PREDICATE_FOR", network.head.offence, offence)
