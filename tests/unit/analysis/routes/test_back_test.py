"""Do the routes of cases that ended look, on the day before, as they should? Everything in them is invented.

Each situation is of a kind that public cases had: what is known is the bare record, without an official's answers. What
happened may not be blocked; what could not happen by law has to be. No rule of the software is made for one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import pytest

from kg.findings import PersonRoutes, RouteAnswer, most_complete_first
from kg.records import Record
from tests.unit.analysis.routes.legal_case import case, determination, find_routes, link, node, resident

RECALL, BLOCKED, FIRST_THREE = 1.0, 0.9, 0.5
"""Least shares: of routes that happened and are not blocked, of impossible ones that are, of true ones among three."""


class Situation(NamedTuple):
    """What was known the day before something happened."""

    kind: str
    day: str
    records: Sequence[Record]
    happened: tuple[str, ...]
    impossible: tuple[str, ...] = ()
    requesting: str = "CN"


def citizen(code: str) -> Record:
    """Ann is a citizen."""
    return link(f"ann CITIZEN_OF jurisdiction:{code}", acquired_by="birth", start_date="1960")


def asset_in(code: str) -> list[Record]:
    """The house is in another place."""
    return [link(f"house LOCATED_IN jurisdiction:{code}", key="there-too")]


def charged_there(code: str, stage: str = "charged", name: str = "laundering") -> list[Record]:
    """Ann is accused under the law of the host."""
    offence = node("wash", "Offence", name=name, law_of=code)
    return [offence, link("ann ACCUSED_OF wash", stage=stage, said_by="a court (invented)", date="1998")]


def measure(code: str, kind: str = "forfeiture", **days: Any) -> list[Record]:
    """A court of the host ordered something about the house."""
    return [
        node("court", "Agency", name="Court (invented)", kind="court"),
        link(f"court AGENCY_OF jurisdiction:{code}", key="court-of"),
        node("m", "Measure", kind=kind, **days),
        link("m ORDERED_BY court"),
        link("m TARGETS house"),
    ]


def request(code: str, kind: str = "extradition", **more: Any) -> list[Record]:
    """The requesting state sent a request about Ann."""
    told = node("r", "Request", kind=kind, sent_to=code, **more)
    return [told, link("r ISSUED_BY police"), link("r TARGETS ann")]


def bare(
    place: str, *more: Record | Sequence[Record], asset: str = "", requesting: str = "CN", since: str = "1998"
) -> list[Record]:
    """Ann lives somewhere, has a house somewhere, and is wanted since long ago."""
    moved = asset_in(asset) if asset else []
    old = [node("w", "Warrant", name="warrant 1", issued_on="1998-01-01"), resident(place, start_date=since)]
    accused = link("ann ACCUSED_OF theft", "accused", stage="charged", said_by="the prosecutor", date="1998-01-01")
    without = ("w", "accused", *(["there"] if asset else []))
    return case(old, accused, moved, *more, without=without, requesting=requesting)


ABSENT = ("extradition",)
BY_CONVENTION = ("extradition_by_uncac", "asset_return_embezzled", "asset_return_prior_owner", "asset_return_priority")

SITUATIONS = [
    Situation(
        "plea in the host with an agreed return, before a treaty",
        "2004-05-01",
        bare("US", charged_there("US"), citizen("CN")),
        ("plea_with_agreed_return",),
        ("extradition", "extradition_by_reciprocity", "trial_in_absentia", "in_absentia_confiscation"),
    ),
    Situation(
        "conviction in the host for laundering, sentence served, then removal",
        "2012-03-01",
        bare("CA", charged_there("CA", "convicted"), citizen("CN")),
        ("removal_immigration",),
        ABSENT,
    ),
    Situation(
        "spouse removed for marriage fraud",
        "2015-08-01",
        bare("US", citizen("CN")),
        ("removal_immigration",),
        ("extradition", "extradition_by_uncac", "trial_in_absentia"),
    ),
    Situation(
        "refugee claim refused after ten years, removal with an assurance against death",
        "2011-07-01",
        bare(
            "CA",
            citizen("CN"),
            link("ann HAS_STATUS_IN jurisdiction:CA", kind="asylum refused", decided_on="2011-05-01"),
            determination("death_penalty_assured_against", "yes", decided_on="2001-01-01"),
        ),
        ("removal_immigration",),
        ABSENT,
    ),
    Situation(
        "host convicts for receiving, person served, confiscation in absence at home",
        "2014-09-01",
        bare("SG", charged_there("SG", name="receiving"), citizen("CN"), asset="SG"),
        ("host_prosecution", "in_absentia_confiscation"),
        ("trial_in_absentia",),
    ),
    Situation(
        "settlement with forfeiture about a shared asset",
        "2016-02-01",
        bare("US", charged_there("US"), node("kin", name="Kim Example"), link("kin OWNS house", key="kin-owns")),
        ("settlement_with_forfeiture", "plea_with_agreed_return"),
        ABSENT,
    ),
    Situation(
        "civil suit of a victim in the courts of a forum, before the convention binds",
        "2009-03-01",
        bare("GB", asset="GB", requesting="TH"),
        ("direct_civil_recovery",),
        BY_CONVENTION,
        "TH",
    ),
    Situation(
        "return by an agreement for the case to a third body",
        "2007-04-01",
        bare("KZ", asset="CH", requesting="KZ"),
        ("asset_return_by_case_agreement",),
        BY_CONVENTION[1:],
        "KZ",
    ),
    Situation(
        "forfeiture without a conviction and without a request of the state that was harmed",
        "2010-10-01",
        bare("KR", asset="US", requesting="KR"),
        ("non_conviction_forfeiture",),
        ("asset_return_priority",),
        "KR",
    ),
    Situation(
        "return of deposits under the host's own act",
        "2003-08-01",
        bare("PH", asset="CH", requesting="PH"),
        ("asset_return_by_own_law",),
        BY_CONVENTION[1:],
        "PH",
    ),
    Situation(
        "asset shared after the host's own forfeiture",
        "2016-11-01",
        bare("NZ", measure("NZ", ordered_on="2015-01-01", final_on="2016-06-01"), asset="NZ"),
        ("asset_sharing",),
        ABSENT,
    ),
    Situation(
        "extradition by a treaty that entered into force between flight and request",
        "2016-09-01",
        bare("FR", citizen("CN"), since="2012"),
        ("extradition",),
        ("extradition_by_uncac", "extradition_by_reciprocity"),
    ),
    Situation("extradition asked for before that treaty", "2014-09-01", bare("FR", since="2012"), (), ("extradition",)),
    Situation(
        "extradition refused for a risk of persecution",
        "2014-09-01",
        bare("TH", determination("discriminatory_purpose", "yes", decided_on="2014-01-01")),
        (),
        ("extradition",),
    ),
    Situation(
        "refused for own nationality, then tried there",
        "2015-01-01",
        bare(
            "CN",
            citizen("CN"),
            request("CN", sent_on="2013", answered_on="2014", answer="refused", ground="own national"),
            requesting="TH",
        ),
        ("prosecution_in_place_of_extradition",),
        ("extradition",),
        "TH",
    ),
    Situation(
        "treaty suspended in between",
        "2020-09-01",
        bare("HK", requesting="US"),
        (),
        ("extradition", "extradition_by_reciprocity", "extradition_by_uncac"),
        "US",
    ),
    Situation(
        "moved between parts of one state",
        "2013-04-01",
        bare("HK", citizen("CN"), asset="HK"),
        ("removal_immigration",),
        ("extradition", "extradition_by_uncac", "extradition_by_untoc", "asset_return_priority"),
    ),
    Situation(
        "death before judgment",
        "2014-10-01",
        [r for r in bare("US") if r.key != "ann"] + [node("ann", name="Ann Example", death_date="2014-01-01")],
        ("in_absentia_confiscation",),
        ("extradition", "removal_immigration", "host_prosecution", "interpol_notice"),
    ),
    Situation(
        "notice deleted",
        "2015-01-01",
        bare(
            "US",
            citizen("CN"),
            node("n", "Notice", kind="red", issued_on="2009", ended_on="2014", end_reason="deleted"),
            link("ann SOUGHT_UNDER n"),
        ),
        ("removal_immigration",),
        ("interpol_notice", "extradition"),
    ),
    Situation(
        "cleared by the issuer",
        "2015-01-01",
        bare(
            "TH",
            link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="Office of Inquiry (invented)", date="2013"),
        ),
        (),
        ("extradition", "removal_immigration", "mla_freeze"),
    ),
    Situation(
        "asset in a third state while the person is elsewhere",
        "2011-01-01",
        bare("CA", asset="AU"),
        ("mla_freeze", "non_conviction_forfeiture"),
        ABSENT,
    ),
    Situation(
        "extradition by treaty with an assurance against death",
        "2010-06-01",
        bare("TH", citizen("CN"), determination("death_penalty_assured_against", "yes", decided_on="2010-01-01")),
        ("extradition",),
        ("extradition_by_uncac",),
    ),
    Situation(
        "order to explain wealth",
        "2019-06-01",
        bare("GB", asset="GB"),
        ("unexplained_wealth_order", "non_conviction_forfeiture"),
        ABSENT,
    ),
    Situation(
        "own order without a conviction enforced abroad",
        "2014-06-01",
        bare("US", asset="NZ"),
        ("foreign_non_conviction_order",),
        ABSENT,
    ),
    Situation(
        "the host forfeits of its own motion",
        "2012-06-01",
        bare("US", charged_there("US"), measure("US", "freeze", ordered_on="2012-01-01")),
        ("host_own_motion",),
        ABSENT,
    ),
    Situation("return that the person began", "2015-05-01", bare("US", citizen("CN")), ("voluntary_return",), ABSENT),
    Situation("trial in absence at home", "2021-01-01", bare("US", citizen("CN")), ("trial_in_absentia",), ABSENT),
    Situation(
        "evidence by letters rogatory between courts",
        "1999-06-01",
        bare("US"),
        ("letters_rogatory",),
        ("extradition", "extradition_by_uncac"),
    ),
]


@cache
def found(at: int) -> PersonRoutes:
    """The routes of a situation."""
    one = SITUATIONS[at]
    return find_routes(one.records, one.day, requesting=one.requesting)


def answers(at: int, route: str) -> list[RouteAnswer]:
    """The answers of one route in a situation."""
    return [answer for answer in found(at).routes if answer.route.id == route]


def among_first_three(at: int, route: str) -> bool:
    """Whether a route is one of the first three about its person or asset."""
    (answer, *_) = answers(at, route)
    others = [a for a in found(at).routes if (a.subject, a.route.subject) == (answer.subject, answer.route.subject)]
    return route in [a.route.id for a in most_complete_first(others)[:3]]


def pairs(name: str) -> list[tuple[int, str]]:
    """Each situation with each route of a kind, `happened` or `impossible`."""
    return [(at, route) for at, one in enumerate(SITUATIONS) for route in getattr(one, name)]


@pytest.mark.parametrize(
    ("at", "route"), pairs("happened"), ids=lambda x: SITUATIONS[x].kind if isinstance(x, int) else x
)
def test_what_happened_was_not_blocked_the_day_before(at: int, route: str) -> None:
    states = {answer.state for answer in answers(at, route)}
    assert states - {"blocked"}


def test_what_could_not_happen_was_blocked() -> None:
    wrong = [
        (SITUATIONS[at].kind, route)
        for at, route in pairs("impossible")
        if any(answer.state != "blocked" for answer in answers(at, route))
    ]
    assert len(wrong) <= (1 - BLOCKED) * len(pairs("impossible")), wrong


def test_the_true_route_is_among_the_first_three_for_half() -> None:
    true = [(at, route) for at, route in pairs("happened") if route not in ("voluntary_return", "letters_rogatory")]
    late = [(SITUATIONS[at].kind, route) for at, route in true if not among_first_three(at, route)]
    assert len(late) <= (1 - FIRST_THREE) * len(true), late
