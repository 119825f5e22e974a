"""Under which warrants, notices and list entries is who sought?"""

from __future__ import annotations

from bench.generate.demo.people.listed_people import LISTED_ON, list_writer
from bench.generate.demo.records import jurisdiction_end
from bench.generate.demo.world import Suspect, World
from bench.generate.seeded_random import add_days

EARLIER = "2007-05-18"
"""Day of a first, shorter list, handed to Canada."""
CLEARED_ON = "2014-12-02"
NOTED = ("cleared", "notice_cleared", "review_pending", "review_blocked", "notice_deleted", "dead")
"""Fates of people who must have a warrant and a notice."""
REVIEWS = {"review_pending": "pending", "review_blocked": "blocked", "notice_deleted": "deleted"}
"""Fates, and the state before the commission that reviews such files."""


def write_warrants(world: World) -> None:
    """Write everybody on the list, and the papers by which each is sought."""
    _agencies(world)
    noted = {number for fate in NOTED for number in world.with_fate(fate)}
    for suspect in world.suspects.values():
        random = world.random("papers", suspect.number)
        _person(world, suspect)
        _list_entry(world, suspect)
        if warranted := random.chance(0.55) or suspect.number in noted:
            _warrant(world, suspect)
        if suspect.number in noted or (warranted and random.chance(0.3)):
            _notice(world, suspect)
        if suspect.host == "CA" and suspect.left < EARLIER:
            _earlier_entry(world, suspect)


def _agencies(world: World) -> None:
    writer = list_writer(world)
    for agency in world.agencies:
        writer.node(agency.key, "Agency", name=agency.name, kind=agency.kind)
        writer.link("AGENCY_OF", agency.key, jurisdiction_end(agency.jurisdiction))


def _person(world: World, suspect: Suspect) -> None:
    random, name = world.random("listed", suspect.number), suspect.name
    list_writer(world).node(
        suspect.key,
        "Person",
        name=name.full,
        alias=name.latin,
        family_name=name.family,
        given_name=name.given,
        gender=name.gender,
        birth_date=suspect.born,
        birth_place=f"{random.choice(world.bodies).town}, China",
        position=f"formerly {suspect.post}, {suspect.body.alias}",
        # The region 99 occurs in no Chinese identity number, and the number has no check digit.
        national_number=f"990000-{suspect.born.replace('-', '')}-{suspect.number:03d}",
    )


def _list_entry(world: World, suspect: Suspect) -> None:
    ended = _cleared(world, suspect)
    writer = list_writer(world).with_provenance(stated=max(LISTED_ON, ended.get("ended_on", "")))
    key = writer.node(
        suspect.entry,
        "ListEntry",
        name=f"No. {suspect.number} on the list of {LISTED_ON}",
        number=f"L14-{suspect.number:03d}",
        list_name="List of alleged fugitives of November 2014",
        issued_on=LISTED_ON,
        handed_to="US",
        **ended,
    )
    writer.link("SOUGHT_UNDER", suspect.key, key)
    writer.link("ISSUED_BY", key, "ag-liaison")


def _earlier_entry(world: World, suspect: Suspect) -> None:
    url = f"https://example.org/list/{EARLIER}"
    writer = world.book.writer("demo-list", stated=EARLIER, origin=f"List of {EARLIER}", url=url)
    withdrawn = {"ended_on": "2012-10-09", "end_reason": "withdrawn"} if suspect.number % 3 == 0 else {}
    name, key = f"Entry for {suspect.name.latin} on the list of {EARLIER}", f"list07-{suspect.number:03d}"
    known = {"list_name": "List of May 2007", "issued_on": EARLIER, "handed_to": "CA"}
    writer.node(key, "ListEntry", name=name, **known, **withdrawn)
    writer.link("SOUGHT_UNDER", suspect.key, key)
    writer.link("ISSUED_BY", key, "ag-liaison")


def _warrant(world: World, suspect: Suspect) -> None:
    random = world.random("warrant", suspect.number)
    issued = add_days(suspect.left, random.between(20, 900))
    ended = _cleared(world, suspect)
    stated = max(LISTED_ON, ended.get("ended_on", ""))
    writer = world.book.writer("demo-list", stated=stated, origin="Register of warrants", credibility="2")
    number, key = f"W-{issued[:4]}-{suspect.number:04d}", f"warrant-{suspect.number:03d}"
    known = {"number": number, "kind": "arrest warrant", "issued_on": issued}
    writer.node(key, "Warrant", name=f"Arrest warrant {number}", **known, **ended)
    writer.link("SOUGHT_UNDER", suspect.key, key)
    writer.link("ISSUED_BY", key, world.issuer("warrant", "CN", random))


def _notice(world: World, suspect: Suspect) -> None:
    random = world.random("notice", suspect.number)
    issued = random.day(add_days(suspect.left, 950), "2014-03-31")
    writer = world.book.writer("demo-list", stated="2014-11-30", origin="Register of notices", credibility="2")
    number, key = f"INV-{issued[:4]}/{suspect.number:05d}", f"notice-{suspect.number:03d}"
    kind, title = ("diffusion", "Diffusion") if random.chance(0.12) else ("red", "Red notice")
    known = {"number": number, "kind": kind, "issued_on": issued}
    writer.node(key, "Notice", name=f"{title} {number}", **known, **_notice_status(world, suspect))
    writer.link("SOUGHT_UNDER", suspect.key, key)
    writer.link("ISSUED_BY", key, "ag-coop")


def _cleared(world: World, suspect: Suspect) -> dict[str, str]:
    """What a paper of somebody whom its issuer cleared says in the end."""
    is_cleared = suspect.number in world.with_fate("cleared")
    return {"ended_on": CLEARED_ON, "end_reason": "cleared"} if is_cleared else {}


def _notice_status(world: World, suspect: Suspect) -> dict[str, str]:
    """How the notice ended, and its state before the commission that reviews such files."""
    number = suspect.number
    if number in world.with_fate("cleared") or number in world.with_fate("notice_cleared"):
        return {"ended_on": "2014-11-20", "end_reason": "cleared"}
    review = next((state for fate, state in REVIEWS.items() if number in world.with_fate(fate)), "")
    deleted = {"ended_on": "2014-07-15", "end_reason": "deleted"} if review == "deleted" else {}
    return {"review": review, **deleted}
