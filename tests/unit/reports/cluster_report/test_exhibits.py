"""Does a cluster's page list the documents about its members, and who states each property? All is invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.ontology import load_ontology
from kg.operations.questions.clusters import find_clusters
from kg.records import Provenance, Record
from kg.reports.cluster_report.model import ClusterSection, ReportParameters
from kg.reports.cluster_report.report import build_report
from kg.reports.context import report_graph
from kg.reports.entries import EvidenceEntry
from kg.reports.phrases import evidence
from kg.stores.sqlite.store import SqliteStore
from tests.unit.reports.example_case import link, load_source, node

DIGEST = "ab" * 32
EXTRACT = Provenance(origin="Extract 7", reliability="B", credibility="2", stated="2014-06", page="12")


def said(record: Record, provenance: Provenance) -> Record:
    return replace(record, provenance=provenance)


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> ClusterSection:
    path: Path = tmp_path_factory.mktemp("exhibits") / "graph.sqlite"
    register = [
        said(node("ann", name="Ann Example", birth_date="1958", gender="female"), EXTRACT),
        said(node("flat", "RealEstate", name="Flat", title_number="T-9"), EXTRACT),
        node("w", "Warrant", number="W-1", issued_on="2001-01-01"),
        link("ann SOUGHT_UNDER w"),
        link("ann OWNS flat"),
    ]
    desk = [
        node("ann", name="Ann Example", birth_date="1959"),
        node("deed", "Document", name="Deed", sha256=DIGEST, media_type="application/pdf", size="7"),
        said(link("deed DOCUMENTS flat", page="3"), Provenance(stated="2014")),
        node("note", "Document", name="Note of an informant"),
        said(link("note DOCUMENTS ann"), Provenance(handling="protected")),
    ]
    load_source(path, "register", register)
    load_source(path, "desk", desk)
    with SqliteStore(path, load_ontology(), protected=True) as store:
        report = build_report(
            report_graph(store), find_clusters(store, ClusterParameters()), ReportParameters("2024-06-01")
        )
    return report.clusters[0]


def test_exhibits_have_page_digest_and_who_says_so_and_protected_ones_are_left_out(section: ClusterSection) -> None:
    (deed,) = section.exhibits
    assert (deed.title, deed.about, deed.pages, deed.sha256, deed.size) == ("Deed", "Flat", ("3",), DIGEST, "7")
    assert [(e.sources, e.stated) for e in deed.evidence] == [(("desk",), "2014")]


def test_each_value_of_a_property_has_who_states_it(section: ClusterSection) -> None:
    (ann,), (flat,) = section.people, section.assets
    details = {d.label: dict(zip(d.values, d.evidence, strict=True)) for d in ann.details}
    assert {v: [e.sources for e in who] for v, who in details["birth date"].items()} == {
        "1958": [("register",)],
        "1959": [("desk",)],
    }
    assert ann.shared_evidence == ()
    (all_of_flat,) = flat.shared_evidence
    assert (all_of_flat.grade, all_of_flat.page) == ("B2", "12")


@pytest.mark.parametrize(
    ("page", "shown"), [("12", "B2, 2014-06, Extract 7, page 12"), ("annex B", "B2, 2014-06, Extract 7, annex B")]
)
def test_evidence_names_the_document_and_the_page(page: str, shown: str) -> None:
    entry = EvidenceEntry(("register",), "Extract 7", "B", "2", "2014-06", "", "", "open", False, page)
    assert evidence(entry) == shown
