"""Does a report as of a day tell anything that is dated later? Everybody in it is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.operations.questions.clusters import compute_cluster_details, find_clusters
from kg.operations.store.as_of import store_as_of
from kg.records import Provenance, Record
from kg.reports.cluster_report.model import ReportParameters
from kg.reports.cluster_report.report import build_report
from kg.reports.context import report_graph
from tests.stores import store
from tests.unit.reports.example_case import link, load_source, node
from tests.unit.reports.renderings import render_all_markdown

LATE = Provenance(stated="2014-10-10")
EARLY = Provenance(stated="2014-05-01")

CASE = [
    node("ann", name="Ann Example"),
    node("kin", name="Kin Example"),
    node("w", "Warrant", number="W-1", issued_on="2013-05-01"),
    node("n", "Notice", kind="red", number="N-1", issued_on="2014-11-01", issuer="Office of Notices"),
    node("flat", "RealEstate", name="Early Flat"),
    node("court", "RealEstate", name="Late Court"),
    node("m", "Measure", kind="freeze", ordered_on="2014-08-01", lifted_on="2014-10-20"),
    node("m2", "Measure", kind="seizure", ordered_on="2014-10-01"),
    node("q", "Request", kind="mutual_assistance", number="RQ-1", sent_on="2013-09-01"),
    Record(
        "q2",
        "Request",
        {
            "kind": ["extradition"],
            "sent_on": ["2014-02"],
            "answered_on": ["2014-10-15"],
            "answer": ["refused"],
            "ground": ["insufficient evidence"],
        },
    ),
    node("o", "Offence", name="laundering", amount="7777 USD", limitation_date="2014-11-07"),
    node("o2", "Offence", name="bribery"),
    link("ann SOUGHT_UNDER w"),
    link("ann SOUGHT_UNDER n"),
    link("ann FAMILY_OF kin", relation="spouse"),
    link("ann OWNS flat", share="100"),
    link("kin OWNS court", share="100", start_date="2014-10-01"),
    link("m TARGETS flat"),
    link("m2 TARGETS flat"),
    link("q TARGETS ann"),
    link("q2 TARGETS ann"),
    link("ann ACCUSED_OF o", stage="alleged", said_by="a paper (invented)", said=LATE),
    link("ann ACCUSED_OF o2", stage="charged", said_by="a court (invented)", said=EARLY),
]

LATER = (
    *("N-1", "Late Court", "2014-10", "2014-11", "seizure", "refused", "insufficient", "laundering"),
    *("lifted", "no longer in force", "alleged loss"),
)


def told(path: Path, day: str) -> str:
    with store(path) as opened:
        dated = store_as_of(opened, day)
        found = find_clusters(dated, ClusterParameters())
        studied = compute_cluster_details(dated, found, 5, ClusterParameters())
        return render_all_markdown(build_report(report_graph(dated), found, ReportParameters(day), studied))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = tmp_path_factory.mktemp("dated") / "graph.sqlite"
    load_source(found, "desk", CASE)
    return found


def test_nothing_dated_after_the_day_of_facts_is_told(path: Path) -> None:
    page = told(path, "2014-09-01")
    assert [text for text in LATER if text in page] == []
    assert all(text in page for text in ("W-1", "Early Flat", "ordered 2014-08-01", "sent 2013-09-01", "bribery"))


def test_on_a_later_day_it_is_told(path: Path) -> None:
    page = told(path, "2014-12-01")
    assert [text for text in LATER if text not in page] == ["no longer in force"]
