"""Are facts that count as the same for each host really so?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.analysis.routes import REQUIRED_COLUMNS, RouteQuestion
from kg.analysis.routes.case import Case, FactQuery
from kg.analysis.routes.context import CaseContext
from kg.analysis.routes.facts.answers import FACT_FUNCTIONS, HOST_FREE_FACTS
from kg.law import load_law
from tests.stores import load, store
from tests.unit.analysis.routes.legal_case import GRADED, case, link, node, resident


def test_facts_that_are_found_once_for_all_hosts_are_the_same_for_each(tmp_path: Path) -> None:
    measure = [node("f", "Measure", kind="forfeiture", final_on="2013", ordered_on="2012"), link("f TARGETS house")]
    measure += [link("f ORDERED_BY police"), node("n", "Notice", review="pending"), link("ann SOUGHT_UNDER n")]
    convicted = link("ann ACCUSED_OF theft", key="j", stage="convicted", said_by="a court (invented)", date="2013")
    wash = [node("wash", "Offence", name="laundering", law_of="US"), link("ann ACCUSED_OF wash", stage="charged")]
    bank = [node("bank", "Enterprise"), link("bank ENCUMBERS house", said=GRADED)]
    path = tmp_path / "case.sqlite"
    load(path, "case", case(resident("US"), measure, convicted, wash, bank), day="2014-12-05")
    with store(path) as opened:
        view, law = opened.view(REQUIRED_COLUMNS), load_law()
        ann, house = (view.index(opened.resolve(f"test:{key}")) for key in ("ann", "house"))
        question = RouteQuestion("CN", date(2014, 12, 5))
        one = Case(CaseContext(view, [ann], [house]), ann, question, law)
        answers = {
            host: {name: list(FACT_FUNCTIONS[name](FactQuery(one, host, house))) for name in sorted(HOST_FREE_FACTS)}
            for host in ("US", "TH", "CN")
        }
    assert answers["US"] == answers["TH"] == answers["CN"]
    assert sum(bool(said) for said in answers["US"].values()) > 12
