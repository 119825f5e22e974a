"""How good is the evidence for each element? Everybody in these cases is invented."""

from __future__ import annotations

import pytest

from kg.records import Provenance, Record
from tests.unit.analysis.routes.legal_case import case, find_routes, link, node, resident


def grades(*records: Record, without: tuple[str, ...] = ()) -> dict[str, str]:
    """The grade of each element."""
    return {one.element: one.grade for one in find_routes(case(*records, without=without)).evidence}


def said(origin: str, reliability: str = "B", credibility: str = "2") -> Provenance:
    """A graded claim of an origin."""
    return Provenance(origin=origin, reliability=reliability, credibility=credibility)


def accused(stage: str) -> Record:
    """Another accusation."""
    return link("ann ACCUSED_OF theft", "more", stage=stage, said_by="a court (invented)", date="2010")


def traced(key: str, provenance: Provenance) -> Record:
    """A claim that the house comes from the offence."""
    return link("house PROCEEDS_OF theft", key, said=provenance)


def test_each_element_is_graded() -> None:
    assert grades() == {
        "identity": "none",
        "act": "one source",
        "amount": "none",
        "presence": "none",
        "papers": "one source",
        "tracing": "one source",
        "holder": "one source",
    }


@pytest.mark.parametrize(
    ("element", "records", "without", "grade"),
    [
        ("act", [accused("alleged")], ("accused",), "alleged"),
        ("act", [], ("accused",), "none"),
        ("act", [accused("convicted")], (), "court finding"),
        ("papers", [accused("convicted")], (), "court finding"),
        ("presence", [resident("US")], (), "one source"),
        ("presence", [link("ann PRESENT_IN jurisdiction:US", how="suspected")], (), "alleged"),
        ("tracing", [traced("from", said("bank"))], ("from",), "one source"),
        ("tracing", [traced("from", said("bank")), traced("a", said("bank"))], ("from",), "one source"),
        ("tracing", [traced("from", said("bank")), traced("a", said("court"))], ("from",), "two independent origins"),
        ("tracing", [traced("from", said("bank")), traced("a", said("x", "E"))], ("from",), "one source"),
        ("tracing", [traced("from", said("rumour", "D", "5"))], ("from",), "alleged"),
        ("tracing", [traced("from", said("rumour", "D", "4"))], ("from",), "alleged"),
        ("tracing", [], ("from",), "none"),
        ("holder", [link("ann OWNS house", "owns", said=said("x", "E"))], ("owns",), "alleged"),
        ("amount", [node("theft", "Offence", law_of="CN", amount="5000000 CNY")], ("theft",), "one source"),
        ("identity", [node("ann", name="Ann Example", birth_date="1961-02-03")], ("ann",), "one source"),
    ],
)
def test_origins_and_grades_decide(element: str, records: list[Record], without: tuple[str, ...], grade: str) -> None:
    assert grades(*records, without=without)[element] == grade


def test_a_final_forfeiture_is_a_courts_finding_on_the_tracing() -> None:
    court = [
        node("court", "Agency"),
        link("court AGENCY_OF jurisdiction:US", key="court-of"),
        node("m", "Measure", kind="forfeiture", final_on="2013-01-01"),
        link("m ORDERED_BY court"),
        link("m TARGETS house"),
    ]
    assert grades(*court)["tracing"] == "court finding"


def test_a_claim_without_a_day_counts_from_the_day_on_which_its_source_stated_it() -> None:
    late = Provenance(reliability="B", credibility="2", stated="2014-07-01", origin="a later paper")
    records = case(
        link("ann ACCUSED_OF theft", key="late", stage="charged", said_by="a newspaper (invented)", said=late),
        link("ann ACCUSED_OF theft", key="free", stage="cleared", said_by="Office of Inquiry (invented)", said=late),
    )
    before, after = (find_routes(records, day) for day in ("2014-06-01", "2014-07-01"))
    assert [len(one.accusations) for one in (before, after)] == [1, 2]
    assert [len(one.clearances) for one in (before, after)] == [0, 1]
    assert [one.papers[0].in_force for one in (before, after)] == [True, False]
    origins = [next(e.origins for e in one.evidence if e.element == "act") for one in (before, after)]
    assert ["a later paper" in found for found in origins] == [False, True]
