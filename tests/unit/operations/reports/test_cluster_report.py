"""Is a periodic report made once, and does it tell what is different?"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.database import connect
from kg.errors import InputError, StoreBusy
from kg.ledger.erasure import purge
from kg.operations import PeriodicReportRequest, PeriodicReportRun, Workspace, write_periodic_report
from kg.operations.ledger.attach import AttachRequest, attach
from kg.operations.reports.cluster_report import due_day
from kg.operations.store.attachments import AttachmentFolder, file_sha256
from kg.records import Provenance, Record, UnreadValue
from kg.reports.changes.enforcement import AssetStatus, status_effects, value_effects
from kg.reports.changes.report_folder import FAILED, MADE, ReportFolder, content_digest
from kg.reports.cluster_report import report
from kg.reports.cluster_report.cluster import cluster_section
from kg.reports.cluster_report.summary import StatusTotal
from tests.stores import judge, link, load, node, store_fixture, undo, withdraw

FIRST, SECOND, THIRD = "2024-06-03", "2024-06-10", "2024-06-24"

CASE = [
    node("ann", name="Ann Example", birth_date="1958"),
    node("bob", name="Bob Example"),
    node("acme", "Enterprise", name="Acme Holding"),
    node("flat", "RealEstate", name="Flat 9", valuation="market 2020 100000..120000 CAD"),
    node("paper", "Notice", number="N-1", issuer="Invented Police", issued_on="2019-01-02"),
    link("ann SOUGHT_UNDER paper"),
    link("ann OWNS acme", share="51"),
    link("acme OWNS flat", share="100", start_date="2001"),
    link("bob FAMILY_OF ann"),
]


@store_fixture
def path(path: Path) -> None:
    load(path, "register", CASE, day="2024-06-01")
    load(path, "press", [link("bob OWNS flat", share="10")], day="2024-06-01")


def run(path: Path, today: str, **more: Any) -> PeriodicReportRun:
    order = PeriodicReportRequest(path.parent / "reports", today, **more)
    return write_periodic_report(Workspace(path), order, ClusterParameters())


def reload(path: Path, *more: Record, without: tuple[str, ...] = (), day: str = "2024-06-09") -> None:
    load(path, "register", [*(r for r in CASE if r.key not in without), *more], day=day)


def changes(made: PeriodicReportRun) -> Any:
    return json.loads(made.files["json"].read_bytes())["front"]["changes"]


def lines(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(item["what"], item["text"]) for item in items]


def group(found: Any, key: str) -> list[dict[str, Any]]:
    return next((one["items"] for one in found["groups"] if one["key"] == key), [])


def told(found: Any, key: str) -> list[tuple[str, str]]:
    return lines(group(found, key))


def shelf(path: Path) -> ReportFolder:
    return ReportFolder(path.parent / "reports")


def test_the_first_report_has_nothing_to_compare_with(path: Path) -> None:
    made = run(path, "2024-06-05")
    assert (made.day, made.missed) == (FIRST, ())
    assert changes(made) is None
    assert "There is no earlier report" in made.files["html"].read_text(encoding="utf-8")


def test_a_report_that_was_made_is_not_made_again_unless_asked(path: Path) -> None:
    first = run(path, "2024-06-03").files["html"].read_bytes()
    assert run(path, "2024-06-09").files == {}
    assert run(path, "2024-06-09", again=True).files["html"].read_bytes() == first


def test_missed_reports_are_made_up_for_by_one(path: Path) -> None:
    run(path, FIRST)
    made = run(path, "2024-06-26")
    assert (made.day, made.missed) == (THIRD, ("2024-06-10", "2024-06-17"))
    assert [r.day for r in shelf(path).runs()] == [FIRST, THIRD]
    assert "2024-06-10, 2024-06-17" in made.files["html"].read_text(encoding="utf-8")


def test_where_nothing_changed_the_report_says_so(path: Path) -> None:
    run(path, FIRST)
    reload(path)
    page = run(path, SECOND).files["html"].read_text(encoding="utf-8")
    assert "Nothing material has changed since the report of 2024-06-03" in page
    assert shelf(path).runs()[-1].says == "nothing material"


def test_what_is_new_is_told_with_its_day_in_the_world_and_the_day_it_was_recorded(path: Path) -> None:
    run(path, FIRST)
    reload(
        path,
        node("account", "BankAccount", name="Account 7", opened_on="2024-06-07"),
        link("bob OWNS account", start_date="2024-06-07"),
        link("bob DIRECTS acme", start_date="2010"),
    )
    found = changes(run(path, SECOND))
    assert [(i["what"], i["text"], i["on"], i["recorded"]) for i in group(found, "assets")] == [
        ("new", "Account 7 (bank account): opened 2024-06-07", "2024-06-07", "2024-06-09"),
        ("new", "Bob Example owns Account 7, from 2024-06-07", "2024-06-07", "2024-06-09"),
        ("new", "Bob Example directs Acme Holding, from 2010", "2010", "2024-06-09"),
    ]
    assert found["counted"] == [["register", 3, 0, 0]]
    assert found["method"] == []
    (grown,) = found["clusters"]
    assert (grown["what"], grown["cluster"], grown["members"]) == ("grown", "Cluster 1", 5)
    assert grown["was"] == [{"name": "Cluster 1", "members": 4, "here": 4}]
    assert grown["came"] == [{"where": "no cluster", "members": 1, "names": ["Account 7"]}]
    assert (grown["left"], grown["besides"]) == ([], ["2 links added"])
    assert grown["by"].startswith("records about it and time: ")  # a new record tells a tie that began since
    assert (grown["records"], grown["sources"]) == (3, ["register"])
    assert found["clusters_counted"] == (
        "1 cluster before, as of 2024-06-01; 1 cluster now, as of 2024-06-09: 1 grown."
    )


def test_clusters_with_the_same_members_and_other_roles_are_told_and_counted(path: Path) -> None:
    run(path, FIRST)
    reload(path, link("bob SOUGHT_UNDER paper"), day="2024-06-08")
    found = changes(run(path, SECOND))
    (same,) = found["clusters"]
    assert (same["what"], same["besides"], same["by"]) == (
        "unchanged",
        ["Bob Example: role changed from relative to sought"],
        "",
    )
    assert found["clusters_counted"].endswith(": 1 unchanged; 1 of the unchanged has other roles, links or red flags.")


def test_names_stand_a_line_each_and_with_those_that_are_not_named_they_add_up(path: Path) -> None:
    homes = [node(f"home-{n}", "RealEstate", name=f"{n} Invented Street, Harbour City") for n in range(1, 8)]
    reload(path, *homes, *(link(f"ann OWNS home-{n}") for n in range(1, 8)), day="2024-06-02")
    run(path, FIRST)
    reload(path)
    made = run(path, SECOND)
    (shrunk,) = changes(made)["clusters"]
    (left,) = shrunk["left"]
    assert (shrunk["what"], left["where"], left["members"]) == ("shrunk", "no cluster", 7)
    assert len(left["names"]) == 5
    assert all(name.endswith(" Invented Street, Harbour City") for name in left["names"])
    markdown = made.files["md"].read_text(encoding="utf-8")
    names = "".join(f"      - {name}\n" for name in left["names"])
    assert f"    - 7 members no longer in any cluster\n{names}      - and 2 more\n" in markdown
    assert "  - Before: Cluster 1, 11 members, 4 of them still here\n" in markdown
    page = made.files["html"].read_text(encoding="utf-8")
    assert f"<li><bdi>{left['names'][0]}</bdi></li>" in page
    assert ("no longer reported", f"{left['names'][0]} (real estate)") in told(changes(made), "assets")


def test_what_only_time_did_to_a_cluster_is_told_as_such(path: Path) -> None:
    reload(path, node("cid", name="Cid Example"), link("cid OWNS flat", end_date="2020"), day="2024-06-02")
    run(path, FIRST, as_of="2020-01-01")
    made = run(path, SECOND, as_of="2190-01-01")
    (shrunk,) = changes(made)["clusters"]
    assert (shrunk["what"], shrunk["records"]) == ("shrunk", 0)
    assert shrunk["by"] == "time: what is over by another day weighs otherwise"
    assert (changes(made)["groups"], changes(made)["method"]) == ([], [])


def test_who_is_no_longer_wanted_comes_first_and_each_change_names_what_was_and_is(path: Path) -> None:
    run(path, FIRST)
    reload(
        path,
        node("ann", name="Ann Example", birth_date="1959"),
        node("paper", "Notice", number="N-1", ended_on="2024-06-08", end_reason="cleared"),
        without=("ann", "paper"),
        day="2024-06-08",
    )
    load(path, "press", [link("ann OWNS acme", share="70")], day="2024-06-08")
    found = changes(run(path, SECOND))
    assert [one["key"] for one in found["groups"]] == ["enforcement", "assets", "contradictions", "parties"]
    assert sorted(told(found, "enforcement")) == [
        (
            "cleared",
            "Ann Example: cleared by an issuer whom the sources do not name, 2024-06-08, of notice N-1",
        ),
        (
            "cleared",
            "N-1 (notice), concerning Ann Example: end reason now cleared; ended 2024-06-08; issued no longer given, "
            "2019-01-02 before; issuer no longer given, Invented Police before",
        ),
        (
            "no longer wanted",
            "Ann Example: every warrant, notice and list entry has been withdrawn, executed or has expired",
        ),
    ]
    assert told(found, "contradictions") == [
        ("contradicted", "Ann Example owns Acme Holding, 51 % or 70 %: share 51 % or 70 %"),
        ("no longer contradicted", "Flat 9: shares of all owners (was Acme Holding: 100 % or Bob Example: 10 %)"),
    ]
    assert told(found, "parties") == [("changed", "Ann Example (person): birth date 1958 before, now 1959")]
    assert group(found, "parties")[0]["values"] == [{"label": "birth date", "before": ["1958"], "now": ["1959"]}]
    items = [item for one in found["groups"] for item in one["items"]]
    assert {(c["name"], *(s["name"] for s in i["sources"])) for i in items for c in i["clusters"]} == {
        ("Cluster 1", "press", "register"),
        ("Cluster 1", "register"),
        ("Cluster 1", "press"),
    }


def test_what_is_settled_names_its_cluster_and_the_sources_that_disagreed(path: Path) -> None:
    load(path, "press", [link("ann OWNS acme", share="70")], day="2024-06-02")
    run(path, FIRST)
    load(path, "press", [link("ann OWNS acme", share="51")], day="2024-06-08")
    (settled,) = group(changes(run(path, SECOND)), "contradictions")
    assert (settled["what"], settled["clusters"][0]["name"]) == ("no longer contradicted", "Cluster 1")
    assert [source["name"] for source in settled["sources"]] == ["press", "register"]


def test_a_relative_who_is_named_is_said_not_to_be_accused(path: Path) -> None:
    run(path, FIRST)
    reload(path, node("bob", name="Bob Example", birth_date="1990"), without=("bob",), day="2024-06-08")
    load(path, "press", [link("bob OWNS flat", share="12")], day="2024-06-08")
    made = run(path, SECOND)
    (changed,) = group(changes(made), "parties")
    assert changed["notes"] == ["Bob Example: relative, not accused in these sources"]
    assert "Bob Example: relative, not accused in these sources" in made.files["html"].read_text(encoding="utf-8")
    fraud = [node("fraud", "Offence", name="fraud"), link("bob ACCUSED_OF fraud", stage="charged")]
    load(path, "court", fraud, day="2024-06-15")
    load(path, "press", [link("bob OWNS flat", share="15")], day="2024-06-15")
    notes = [i["notes"] for one in changes(run(path, "2024-06-17"))["groups"] for i in one["items"]]
    assert notes
    assert not any(notes)


def test_clearances_are_told_of_everybody_however_few_clusters_are_described(path: Path) -> None:
    others = [
        node("loner", name="Loner Example"),
        node("fraud", "Offence", name="fraud of 2004"),
        link("loner ACCUSED_OF fraud", stage="charged", said_by="Invented Court", date="2010"),
    ]
    reload(path, *others, day="2024-06-02")
    run(path, FIRST, limit=0)
    cleared = link("loner ACCUSED_OF fraud", stage="cleared", said_by="Invented Court", date="2024-06-07")
    paper = node("paper", "Notice", number="N-1", ended_on="2024-06-08", end_reason="cleared")
    reload(path, *others[:2], cleared, paper, without=("paper",), day="2024-06-08")
    found = changes(run(path, SECOND, limit=0))
    assert [text for what, text in told(found, "enforcement") if what == "cleared" and "cleared by" in text] == [
        "Ann Example: cleared by an issuer whom the sources do not name, 2024-06-08, of notice N-1",
        "Loner Example: cleared by Invented Court, 2024-06-07, of fraud of 2004",
    ]
    assert changes(run(path, THIRD))["groups"] == []


def test_what_a_state_does_about_one_cluster_is_not_told_of_the_others_that_it_is_tied_to(path: Path) -> None:
    ends = [node("state", "Jurisdiction", code="RO", name="Romania")]
    ends += [node("cay", name="Cay Example"), node("villa", "RealEstate", name="Villa 3"), link("cay OWNS villa")]
    ends += [link("cay CITIZEN_OF state"), link("ann CITIZEN_OF state"), link("cay SOUGHT_UNDER paper-2")]
    ends += [node("paper-2", "Notice", number="N-2", issued_on="2019")]
    reload(path, *ends, day="2024-06-02")
    run(path, FIRST)
    request = [node("mla", "Request", number="RQ-1", sent_on="2024-06-05"), link("mla ISSUED_BY state")]
    reload(path, *ends, *request, link("mla TARGETS villa"))
    items = group(changes(run(path, SECOND)), "enforcement")
    assert [len(i["clusters"]) for i in items if i["text"].startswith("RQ-1")] == [1, 1, 1]


def test_a_clearance_is_one_line_and_what_befalls_an_asset_says_whose_it_is_and_where(path: Path) -> None:
    said = [node("fraud", "Offence", name="fraud of 2004"), node("m", "Measure", name="Freeze 3", ordered_on="2024")]
    said += [link("m TARGETS flat"), node("house", "RealEstate", name="House 4"), link("ann OWNS house")]
    accused = link("bob ACCUSED_OF fraud", stage="charged", said_by="Invented Court", date="2023")
    reload(path, *said, accused, day="2024-06-02")
    run(path, FIRST)
    lifted = node("m", "Measure", name="Freeze 3", ordered_on="2024", lifted_on="2024-06-06")
    cleared = link("bob ACCUSED_OF fraud", stage="cleared", said_by="Invented Court", date="2023")
    reload(path, *(r for r in said if r.key != "m"), lifted, cleared)
    made = run(path, SECOND)
    items = group(changes(made), "enforcement")
    assert [(i["what"], i["text"], i["recorded"]) for i in items if "fraud" in i["text"]] == [
        ("cleared", "Bob Example: cleared by Invented Court, 2023, of fraud of 2004", "2024-06-09")
    ]
    (freeze,) = (i for i in items if "Freeze 3" in i["text"])
    assert sorted(freeze["notes"])[:2] == [
        "Acme Holding owns Flat 9, 100 %, from 2001",
        "Bob Example owns Flat 9, 10 %",
    ]
    front = made.files["md"].read_text(encoding="utf-8").partition("## Overdue and due")[0]
    (line,) = (line for line in front.splitlines() if "Freeze 3" in line)
    assert "Cluster 1" in line and "no known jurisdiction" not in front


def test_a_cluster_that_is_described_in_one_report_only_is_no_news(path: Path) -> None:
    load(path, "press", [link("ann OWNS acme", share="70")], day="2024-06-01")
    run(path, FIRST)
    assert changes(run(path, SECOND, limit=0))["groups"] == []
    assert changes(run(path, THIRD))["groups"] == []


def test_a_withdrawn_source_and_a_judgement_are_told_with_names(path: Path) -> None:
    load(path, "leak", [node("bob-2", name="B. Example")], day="2024-06-01")
    run(path, FIRST)
    withdraw(path, "press")
    judge(path, "same", "test:bob", "test:bob-2")
    found = changes(run(path, SECOND))
    assert found["groups"][0]["key"] == "sources"
    gone = "press: everything that it reported, 1 record; until then: Bob Example owns Flat 9, 10 %"
    assert told(found, "sources") == [("source withdrawn", gone)]
    assert told(found, "records") == [
        ("merged", "Bob Example (test:bob) and B. Example (test:bob-2), by A. Analyst: compared (judgement 1)"),
    ]
    assert told(found, "withdrawn") == [("no longer reported", "Bob Example owns Flat 9, 10 %")]
    withdraw(path, "register")
    wanted = "Ann Example: a source that reported a warrant, notice or list entry was withdrawn: register"
    assert ("no longer wanted", wanted) in told(changes(run(path, THIRD)), "withdrawn")


def test_a_judgement_that_has_no_effect_any_more_is_told_once(path: Path) -> None:
    load(path, "leak", [node("bob-2", name="B. Example")], day="2024-06-01")
    judge(path, "same", "test:bob", "test:bob-2")
    run(path, "2024-06-03", every="day")
    withdraw(path, "leak")
    names = (
        "Bob Example (test:bob) and test:bob-2, by A. Analyst: compared; what it was about is no longer recorded, or"
    )
    ((what, text),) = told(changes(run(path, "2024-06-04", every="day")), "records")
    assert (what, text) == ("judgement without effect", f"{names} recorded otherwise (judgement 1)")
    assert told(changes(run(path, "2024-06-05", every="day")), "records") == []


def test_a_judgement_that_waits_is_told_as_one_and_as_a_merger_once_it_is_confirmed(path: Path) -> None:
    load(path, "leak", [node("bob-2", name="B. Example")], day="2024-06-01")
    run(path, FIRST)
    judge(path, "same", "test:bob", "test:bob-2", needs_second=True)
    names = "Bob Example (test:bob) and B. Example (test:bob-2), by A. Analyst: compared (judgement 1)"
    waiting = ("proposed as the same, not confirmed yet", names)
    assert told(changes(run(path, SECOND)), "records") == [waiting]
    judge(path, "same", "test:bob", "test:bob-2", by="B. Boss", user="bob")
    confirmed = names.replace(": compared", ": compared; confirmed by B. Boss: compared")
    assert told(changes(run(path, THIRD)), "records") == [("merged", confirmed)]


def test_who_is_split_off_and_was_in_no_cluster_does_not_leave_one(path: Path) -> None:
    load(path, "leak", [node("a-nn", name="A. Example", birth_date="1961")], day="2024-06-01")
    judge(path, "same", "test:ann", "test:a-nn")
    run(path, FIRST)
    undo(path, 1)
    found = changes(run(path, SECOND))
    assert found["clusters"] == []
    settled = ("no longer contradicted", "Ann Example: birth date (was 1958 or 1961)")
    assert told(found, "contradictions") == [settled]


@pytest.mark.parametrize("sought", [("a", "z"), ("z",)], ids=" ".join)
@pytest.mark.parametrize("split_by", ["undo", "withdrawal"])
def test_who_is_merged_or_split_is_no_news_but_the_judgement(
    tmp_path: Path, sought: tuple[str, ...], split_by: str
) -> None:
    path = tmp_path / "graph.sqlite"
    for key in ("a", "z"):
        facts = [node(key, name=f"{key.upper()}. Vintersby (invented)"), node(f"house-{key}", "RealEstate", name=key)]
        facts += [link(f"{key} OWNS house-{key}"), Record(f"m-{key}", "Measure", {"kind": ["freeze"]})]
        facts += [link(f"m-{key} TARGETS house-{key}")]
        if key in sought:
            facts += [node(f"w-{key}", "Warrant", issued_on="2020"), link(f"{key} SOUGHT_UNDER w-{key}")]
            facts += [node(f"o-{key}", "Offence", conduct="Fraud"), link(f"{key} ACCUSED_OF o-{key}", stage="cleared")]
        load(path, f"court-{key}", facts, day="2024-06-01")
    joint = [Record("a", "Person", {}, referents=("z",))]
    run(path, "2024-06-03", every="day")
    if split_by == "undo":
        judge(path, "same", "test:a", "test:z")
        judge(path, "same", "test:house-a", "test:house-z")
    else:
        load(path, "index", joint, day="2024-06-01")
    merged = changes(run(path, "2024-06-04", every="day"))
    if split_by == "undo":
        undo(path, 1)
        undo(path, 2)
    else:
        withdraw(path, "index")
    split = changes(run(path, "2024-06-05", every="day"))
    causes = {change["by"] for found in (merged, split) for change in found["clusters"] if change["by"]}
    assert split_by != "undo" or causes <= {"judgements on identity: 1, 2"}
    for found, what in ((merged, "merged"), (split, "judgement withdrawn")):
        items = [item for one in found["groups"] if one["key"] not in ("records", "sources") for item in one["items"]]
        told_otherwise = [line for line in lines(items) if split_by == "undo" or "wanted" in line[0]]
        assert told_otherwise == []
        assert [item["what"] for item in group(found, "records")] == ([what] * 2 if split_by == "undo" else [])
        moved = [move["where"] for one in found["clusters"] for move in (*one["came"], *one["left"])]
        assert "no cluster" not in moved
        assert not any("role changed" in line for one in found["clusters"] for line in one["besides"])


def test_clusters_of_an_unchanged_graph_are_those_of_the_last_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(path, FIRST)
    monkeypatch.setattr("kg.operations.questions.clusters.find_clusters", lambda *_: pytest.fail("found again"))
    made = run(path, SECOND)
    monkeypatch.undo()
    again = run(path, SECOND, again=True)
    assert [file.read_bytes() for file in made.files.values()] == [file.read_bytes() for file in again.files.values()]
    assert changes(run(path, THIRD, as_of="stated"))["clusters_counted"].startswith("1 cluster before")


@pytest.mark.parametrize("pages", [0, 1])
def test_robustness_is_computed_for_clusters_with_a_page(path: Path, pages: int) -> None:
    made = run(path, FIRST, pages=pages)
    (section,) = json.loads(made.files["json"].read_bytes())["clusters"]
    assert bool(section["firmness"]) == bool(pages)
    assert sorted(made.files) == sorted(["html", "json", "md", *["clusters"][:pages]])
    assert len(list(made.files["html"].parent.rglob("*-clusters/*"))) == 2 * pages


def test_another_way_of_looking_is_a_change_of_the_method(path: Path) -> None:
    run(path, FIRST)
    order = PeriodicReportRequest(path.parent / "reports", SECOND)
    found = changes(write_periodic_report(Workspace(path), order, ClusterParameters(hub_degree=30)))
    assert lines(found["method"]) == [("hub degree", "20 before, now 30")]


def test_a_run_that_fails_says_so_and_keeps_the_last_good_report(path: Path) -> None:
    run(path, FIRST, formats=("xlsx",))
    good = path.rename(path.with_name("moved.sqlite"))
    with pytest.raises(Exception, match="there is no store"):
        run(path, SECOND)
    last = shelf(path).runs()[-1]
    assert (last.day, last.state) == (SECOND, FAILED)
    page = (path.parent / "reports" / "index.html").read_text(encoding="utf-8")
    assert "The run of 2024-06-10 failed: there is no store" in page
    assert f'href="{FIRST}/report-{FIRST}.html"' in page
    assert (f'href="{FIRST}/report-{FIRST}.xlsx">XLSX<' in page, ".docx" in page) == (True, False)
    good.rename(path)
    assert run(path, SECOND).files
    assert [r.state for r in shelf(path).runs()] == [MADE, MADE]


def test_two_runs_are_never_at_once(path: Path) -> None:
    with shelf(path).lock(), pytest.raises(StoreBusy, match="another run is making a report"):
        run(path, FIRST)
    assert run(path, FIRST).files


def test_one_graph_and_one_day_give_the_same_bytes_after_a_reload_that_changes_nothing(path: Path) -> None:
    run(path, FIRST)
    first = {name: file.read_bytes() for name, file in run(path, SECOND).files.items()}
    reload(path, day="2024-06-12")
    assert {name: file.read_bytes() for name, file in run(path, SECOND, again=True).files.items()} == first


def test_reports_about_another_ledger_are_not_compared(path: Path, tmp_path: Path) -> None:
    run(path, FIRST)
    path.unlink()
    load(path, "register", CASE)
    with pytest.raises(InputError, match="the reports here are about ledger"):
        run(path, SECOND)


@pytest.mark.parametrize(
    ("today", "every", "day"),
    [
        ("2024-06-05", "day", "2024-06-05"),
        ("2024-06-05", "week", "2024-06-03"),
        ("2024-06-03", "week", "2024-06-03"),
        ("2024-03-01", "month", "2024-03-01"),
        ("2024-03-31", "month", "2024-03-01"),
    ],
)
def test_the_report_that_is_due_states_the_first_day_of_its_period(today: str, every: str, day: str) -> None:
    assert due_day(today, every) == day


@pytest.mark.parametrize(("today", "every"), [("summer", "week"), ("2024-06-05", "year")])
def test_what_is_no_day_and_no_period_is_refused(today: str, every: str) -> None:
    with pytest.raises(InputError):
        due_day(today, every)


def test_a_list_of_runs_that_is_damaged_is_named(path: Path) -> None:
    run(path, FIRST)
    (path.parent / "reports" / "runs.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"runs\.json"):
        run(path, SECOND)


BASE = (
    node("freeze", "Measure", name="Freeze 1", ordered_on="2024-01-02"),
    link("freeze TARGETS flat"),
    node("loner", name="Loner Example"),
    node("warrant", "Warrant", number="W-1"),
    link("loner SOUGHT_UNDER warrant"),
    node("fraud", "Offence", name="fraud of 2004", limitation_date="2024-06-07"),
    link("loner ACCUSED_OF fraud", stage="charged"),
    node("payer", "Enterprise", name="Payer Ltd"),
    node("file", "Case", name="Crown v Loner"),
    link("loner PARTY_TO file"),
    link("freeze ORDERED_BY court", end_date="2024-06-06"),
    node("court", "Agency", name="Harbour Court"),
)


@pytest.mark.parametrize(
    ("more", "without", "key", "what", "text", "clusters"),
    [
        (
            [node("freeze", "Measure", name="Freeze 1", ordered_on="2024-01-02", lifted_on="2024-06-06")],
            ("freeze",),
            "enforcement",
            "lifted",
            "Freeze 1 (measure), concerning Flat 9: lifted 2024-06-06",
            1,
        ),
        (
            [],
            ("freeze", "freeze TARGETS flat"),
            "enforcement",
            "no longer reported",
            "Freeze 1 (measure), concerning Flat 9",
            1,
        ),
        (
            [],
            ("freeze",),
            "enforcement",
            "no longer reported",
            "Freeze 1 (measure), concerning Flat 9",
            1,
        ),
        (
            [node("file", "Case", name="Crown v Loner", court="Harbour Court")],
            ("file",),
            "enforcement",
            "changed",
            "Crown v Loner (case), concerning Loner Example: court now Harbour Court",
            0,
        ),
        (
            [
                node("later", "Request", name="MLA 1", sent_on="2024-06-08"),
                link("later TARGETS payer"),
                link("payer PAID acme"),
            ],
            (),
            "assets",
            "new",
            "Payer Ltd paid Acme Holding, into Cluster 1 from outside",
            1,
        ),
        (
            [node("freeze", "Request", name="Freeze 1")],
            ("freeze",),
            "enforcement",
            "changed",
            "Freeze 1 (request), concerning Flat 9: measure before, now request; "
            "ordered no longer given, 2024-01-02 before",
            1,
        ),
        (
            [link("bob DIRECTS acme", key="bob FAMILY_OF ann")],
            ("bob FAMILY_OF ann",),
            "assets",
            "changed",
            "Bob Example directs Acme Holding: before, Bob Example is family of Ann Example",
            1,
        ),
    ],
    ids=["lifted", "gone with its link", "gone", "no cluster", "payment", "type", "ends"],
)
def test_what_bears_on_a_member_or_on_somebody_sought_is_told(  # noqa: PLR0913  # one column each
    path: Path, more: list[Record], without: tuple[str, ...], key: str, what: str, text: str, clusters: int
) -> None:
    reload(path, *BASE, day="2024-06-02")
    run(path, FIRST)
    load(path, "register", [*(r for r in (*CASE, *BASE) if r.key not in without), *more], day="2024-06-09")
    (item,) = [one for one in group(changes(run(path, SECOND)), key) if (one["what"], one["text"]) == (what, text)]
    assert (len(item["clusters"]), item["recorded"], item["sources"]) == (
        clusters,
        "2024-06-09",
        [{"name": "register", "title": "register"}],
    )


def test_days_that_sources_named_before_are_told_when_they_come(path: Path) -> None:
    reload(path, *BASE, day="2024-06-02")
    run(path, FIRST, as_of="stated")
    found = changes(run(path, SECOND, as_of="stated"))
    assert [(i["what"], i["text"], i["on"]) for i in group(found, "enforcement")] == [
        (
            "date reached",
            "fraud of 2004 (offence), concerning Loner Example: limitation date 2024-06-07 has come",
            "2024-06-07",
        ),
        ("ended", "Freeze 1 was ordered by Harbour Court, until 2024-06-06", "2024-06-06"),
    ]
    assert changes(run(path, THIRD, as_of="stated"))["groups"] == []


@pytest.mark.parametrize(
    ("record", "is_told"),
    [
        (node("mla", "Request", number="RQ-1", due_on="2024-06-07"), True),
        (node("mla", "Request", number="RQ-1", due_on="2024-06-07", answered_on="2024-06-01", answer="refused"), False),
        (node("mla", "Measure", name="Freeze 2", expires_on="2024-06-07"), True),
        (node("mla", "Measure", name="Freeze 2", expires_on="2024-06-07", lifted_on="2024-06-01"), False),
    ],
    ids=["due", "answered", "expires", "lifted"],
)
def test_the_end_of_a_term_is_no_news_once_what_it_was_for_has_happened(
    path: Path, record: Record, is_told: bool
) -> None:
    reload(path, *BASE, record, link("mla TARGETS flat"), day="2024-06-02")
    run(path, FIRST, as_of="stated")
    told = [item["text"] for item in group(changes(run(path, SECOND, as_of="stated")), "enforcement")]
    assert (
        any(
            ("2024-06-07 has come" in text or "lapsed on 2024-06-07" in text) and "limitation" not in text
            for text in told
        )
        == is_told
    )


def test_what_was_lifted_says_what_became_of_the_asset_and_of_the_totals(path: Path) -> None:
    reload(path, *BASE, day="2024-06-02")
    run(path, FIRST)
    lifted = node("freeze", "Measure", name="Freeze 1", ordered_on="2024-01-02", lifted_on="2024-06-06")
    reload(path, *(r for r in BASE if r.key != "freeze"), lifted)
    made = run(path, SECOND)
    first = group(changes(made), "enforcement")[0]
    assert (first["what"], first["on"]) == ("lifted", "2024-06-06")
    assert first["effects"] == ["Flat 9, CAD 100,000 to 120,000: restrained before, now no measure in force"]
    assert "Bob Example: relative, not accused in these sources" in first["notes"]
    assert [(m["status"], m["assets_before"], m["assets"]) for m in changes(made)["values"]] == [
        ("held", 0, 1),
        ("restrained", 1, 0),
    ]
    page = made.files["md"].read_text(encoding="utf-8")
    assert page.index("lifted 2024-06-06") < page.index("## Values and events")


def test_what_was_lifted_says_once_what_else_restrains_the_asset(path: Path) -> None:
    seized = (
        node("seizure", "Measure", name="Seizure 2", ordered_on="2024-01-03"),
        link("seizure TARGETS flat"),
    )
    reload(path, *BASE, *seized, day="2024-06-02")
    run(path, FIRST)
    lifted = node("freeze", "Measure", name="Freeze 1", ordered_on="2024-01-02", lifted_on="2024-06")
    rest = (*(r for r in BASE if r.key != "freeze"), lifted)
    reload(path, *rest, *seized, link("bob DIRECTS acme", start_date="2010", end_date="2024-06"))
    assert group(changes(run(path, SECOND)), "enforcement")[0]["effects"] == ["Flat 9: stays restrained, by Seizure 2"]
    later = changes(run(path, "2024-07-08"))
    assert [item["text"] for item in group(later, "enforcement") if "lifted" in item["text"]] == []
    assert group(later, "assets") == []


def _status(status: str, worth: str) -> AssetStatus:
    """The status of a flat worth `GBP 2 to 4 and USD 3`."""
    values = (text.replace(",", "").replace(" to ", " ").split() for text in worth.split(" and ") if text)
    totals = (StatusTotal(status, name, low, (low, *high)[-1], 1) for name, low, *high in values)
    return AssetStatus(status, tuple(totals), "Flat 9")


@pytest.mark.parametrize(("status", "label"), [("held", ""), ("traced", " (said to be proceeds of an offence)")])
def test_a_status_stands_beside_the_value_of_its_time(status: str, label: str) -> None:
    before, now = _status("restrained", "GBP 3"), _status(status, "GBP 2")
    assert status_effects({"flat": before}, {"flat": now}) == {
        "flat": f"Flat 9, GBP 3: restrained before, now no measure in force{label}, GBP 2"
    }


def test_what_only_the_provenance_changes_is_one_line_of_a_source(path: Path) -> None:
    run(path, FIRST)
    stated = [replace(r, provenance=Provenance(stated="2024-06-08", reliability="B")) for r in CASE]
    load(path, "register", stated, day="2024-06-09")
    assert told(changes(run(path, SECOND)), "claims") == [
        (
            "restated",
            "Acme Holding; Acme Holding owns Flat 9, 100 %, from 2001; Ann Example and 6 further claims: "
            "reliability of the source now B; stated on now 2024-06-08",
        )
    ]


@pytest.mark.parametrize("name", [field.name for field in fields(Provenance) if field.name != "handling"])
def test_each_part_of_a_provenance_is_told_beside_all_the_others(tmp_path: Path, name: str) -> None:
    path = tmp_path / "graph.sqlite"
    usual: dict[str, Any] = {"reliability": "A", "credibility": "1", "stated": "2024-06-01", "datasets": ("one",)}
    full = Provenance(
        **{
            field.name: usual.get(field.name, f"https://example.org/{field.name}")
            for field in fields(Provenance)
            if field.name != "handling"
        }
    )
    other: dict[str, Any] = {"reliability": "B", "credibility": "2", "stated": "2024-06-02", "datasets": ("two",)}
    flat = node("flat", "RealEstate", name="Flat 9")
    others = [r for r in CASE if r.key != "flat"]
    load(path, "register", [*others, replace(flat, provenance=full)], day="2024-06-01")
    run(path, FIRST)
    now = replace(full, **{name: other.get(name, "https://example.org/other")})
    load(path, "register", [*others, replace(flat, provenance=now)], day="2024-06-09")
    made = run(path, SECOND)
    ((what, text),) = told(changes(made), "claims")
    assert (what, text.count(" before, now ")) == ("restated", 1)
    front = made.files["md"].read_text(encoding="utf-8").partition("## Overdue and due")[0]
    assert "1 change only of titles, grades, pages and dates of claims is listed below." in front
    assert "restated" not in front


def test_values_without_a_property_and_those_that_were_not_understood_are_told(path: Path) -> None:
    run(path, FIRST)
    unread = replace(
        CASE[0], other={"nick": ["Annie"]}, not_understood=(UnreadValue("death", "death_date", "circa 2001"),)
    )
    load(path, "register", [unread, *CASE[1:]], day="2024-06-09")
    assert told(changes(run(path, SECOND)), "parties") == [
        ("changed", "Ann Example (person): death date (not understood) now circa 2001; nick now Annie")
    ]


def test_a_source_that_was_erased_is_named(path: Path) -> None:
    run(path, FIRST)
    withdraw(path, "press")
    with closing(connect(path)) as connection:
        purge(connection, "press", protected=True)
    load(path, "wire", [link("bob OWNS flat", share="12")], day="2024-06-08")
    found = changes(run(path, SECOND))
    assert told(found, "sources") == [("source erased", "press")]
    assert ("new", "Bob Example owns Flat 9, 12 %") in told(found, "assets")


def test_what_several_sources_say_in_the_same_words_is_one_line(path: Path) -> None:
    run(path, FIRST)
    for source in ("wire", "mirror"):
        load(path, source, [link("bob DIRECTS acme", key=f"{source} 1"), link("bob DIRECTS acme", key=f"{source} 2")])
    (item,) = group(changes(run(path, SECOND)), "assets")
    assert item["text"] == "Bob Example directs Acme Holding (2 records)"
    assert [source["name"] for source in item["sources"]] == ["mirror", "wire"]


def test_what_another_source_says_too_is_neither_new_nor_gone(path: Path) -> None:
    paid: dict[str, Any] = {"amount": "5000 GBP", "date": "2024-05-01"}
    load(path, "wire", [link("bob PAID acme", key="w1", purpose="loan", **paid)])
    said = [link("ann ASSOCIATED_WITH bob"), link("bob OWNS flat", key="again", share="10")]
    load(path, "leak", [*said, node("bob", name="Bob Example", birth_date="1960"), link("bob DIRECTS acme")])
    run(path, FIRST)
    load(path, "bank", [link("bob PAID acme", key=key, purpose="x", **paid) for key in ("b1", "b2")])
    load(path, "courier", [Record("flat", "RealEstate", {"valuation": ["market 2024 200000 CAD"]})])
    reload(path, link("ann ASSOCIATED_WITH bob", key="other"))
    withdraw(path, "leak")
    found = changes(run(path, SECOND))
    payment = "Bob Example paid Acme Holding, GBP 5,000, purpose: x, on 2024-05-01"
    assert sorted(told(found, "assets")) == [
        ("also reported", payment),
        (
            "changed",
            "Flat 9 (real estate): valuation CAD 100,000 to 120,000 (market, 2020) before, now CAD 200,000 "
            "(market, 2024)",
        ),
        ("new", payment),
    ]
    assert [item["effects"] for item in group(found, "assets") if item["what"] == "changed"] == [
        ["Flat 9, identified, not restrained: known value rose to CAD 200,000, CAD 100,000 to 120,000 before"]
    ]
    assert [what for what, _ in told(found, "parties")] == ["also reported"]
    assert sorted(told(found, "withdrawn")) == [
        ("no longer reported", "Bob Example (person): birth date no longer given, 1960 before"),
        ("no longer reported", "Bob Example directs Acme Holding"),
        ("still reported", "Ann Example is associated with Bob Example: register still says so"),
        ("still reported", "Bob Example owns Flat 9, 10 %: press still says so"),
    ]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("GBP 3,400,000", "GBP 1,000,000", "known value fell to GBP 1,000,000, GBP 3,400,000 before"),
        ("GBP -500", "GBP -2,000", "known value fell to GBP -2,000, GBP -500 before"),
        ("GBP 2 to 4", "GBP 1 to 5", "known value is now GBP 1 to 5, GBP 2 to 4 before"),
        ("GBP 2 to 4", "GBP 4", "known value rose to GBP 4, GBP 2 to 4 before"),
        ("GBP 2 and USD 3", "GBP 1 and USD 3", "known value fell to GBP 1 and USD 3, GBP 2 and USD 3 before"),
        ("GBP 2", "USD 3", "known value is now USD 3, GBP 2 before"),
        ("GBP 2", "", "no value is known any more, GBP 2 before"),
        ("GBP 300,000", "GBP 299,999", "known value fell to GBP 299,999, GBP 300,000 before"),
    ],
)
def test_a_value_that_falls_or_rises_alone_has_a_consequence(before: str, now: str, told: str) -> None:
    old, new = (_status("restrained", worth) for worth in (before, now))
    assert value_effects({"flat": old}, {"flat": new}) == {
        "flat": (f"Flat 9, restrained: {told}", "299,999" not in now)
    }


def test_a_transfer_comes_first_and_a_new_measure_takes_one_line_of_the_first_page(path: Path) -> None:
    base = [
        node("car", "Vehicle", name="Car"),
        Record("paper", "Notice", {"kind": ["red"], "number": ["N-1"], "issued_on": ["2019-01-02"]}),
    ]
    reload(path, *base, link("ann OWNS car", start_date="2012"), without=("paper",), day="2024-06-02")
    run(path, FIRST)
    ended = link("ann OWNS car", start_date="2012", end_date="2024-06-06")
    order = [node("freeze", "Measure", name="Freeze 1", ordered_on="2024-06-07"), node("court", "Agency", name="Court")]
    links = [link("freeze TARGETS flat"), link("freeze ORDERED_BY court")]
    bought = link("bob OWNS car", start_date="2024-06-06")
    reload(path, *base, ended, bought, *order, *links, without=("paper",))
    made = run(path, SECOND)
    page = made.files["md"].read_text(encoding="utf-8").partition("## What changed since")[2].partition("\n## ")[0]
    shown = [line[2:].split()[0] for line in page.splitlines() if line.startswith("- ")]
    assert shown[:2] == ["transferred", "new"]
    assert "days after the red notice" in page
    assert (page.count("Freeze 1"), page.count("owns Car")) == (1, 2)


def test_a_death_and_a_deadline_that_moved_come_before_a_value_that_hardly_did(path: Path) -> None:
    fraud = [node("fraud", "Offence", name="fraud", limitation_date="2029-06-30"), link("ann ACCUSED_OF fraud")]
    reload(path, *fraud, day="2024-06-02")
    run(path, FIRST)
    fraud[0] = node("fraud", "Offence", name="fraud", limitation_date="2027-03-15")
    flat = node("flat", "RealEstate", name="Flat 9", valuation="market 2024 99999..120000 CAD")
    bob = node("bob", name="Bob Example", death_date="2024-06-05")
    reload(path, *fraud, flat, bob, without=("flat", "bob"))
    found = changes(run(path, SECOND))
    assert [(i["what"], i["leads"]) for g in found["groups"] for i in g["items"]] == [
        ("died", True),
        ("changed", True),
        ("changed", False),
    ]


def test_what_is_dated_in_the_future_has_not_happened_yet(path: Path) -> None:
    asked = {"kind": ["mutual_assistance"], "sent_on": ["2024-01-02"]}
    request = [Record("ask", "Request", asked), link("ask TARGETS flat")]
    reload(path, *request, day="2024-06-02")
    run(path, FIRST)
    answered = Record("ask", "Request", {**asked, "answer": ["refused"], "answered_on": ["2024-07-01"]})
    reload(path, answered, request[1], link("bob PAID acme", amount="5 GBP", date="2024-07-02"))
    found = changes(run(path, SECOND))
    assert [what for what, _ in told(found, "enforcement")] == ["changed"]
    assert told(found, "assets")[0][1].startswith(
        "Bob Example paid Acme Holding, GBP 5, on 2024-07-02 (that day has not"
    )


def test_sections_read_again_say_what_new_ones_would(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze = node("hold", "Measure", ordered_on="2024-01-02", executed_on="2024-01-03", expires_on="2024-07-15")
    reload(path, freeze, link("hold TARGETS flat"), day="2024-06-02")
    written = list[str]()

    def write(graph: Any, cluster: Any, day: str, *more: Any) -> Any:
        written.append(day)
        return cluster_section(graph, cluster, day, *more)

    monkeypatch.setattr(report, "cluster_section", write)
    days, states = ("2024-06-03", "2024-06-10", "2024-07-15", "2024-07-22", "2027-06-07"), list[str]()
    for day in days:
        (section,) = json.loads(run(path, day).files["json"].read_bytes())["clusters"]
        order = PeriodicReportRequest(path.parent / day, day)
        anew = write_periodic_report(Workspace(path), order, ClusterParameters()).files["json"]
        assert section == json.loads(anew.read_bytes())["clusters"][0]
        states.append(section["assets"][0]["state"])
    assert states == ["restrained", "restrained", "held", "held", "held"]
    assert written.count("2024-06-10") == 1  # by the report in a folder of its own
    assert written.count("2027-06-07") == 2  # what was last said three years ago is stale


def test_sections_of_a_changed_file_are_not_read_again(path: Path) -> None:
    file = run(path, FIRST).files["json"]
    file.write_bytes(file.read_bytes().replace(b"Bob Example", b"Bad Example"))
    assert b"Bad Example" not in run(path, SECOND).files["json"].read_bytes()


def test_namesakes_are_never_one_change_and_a_clearance_is_joined_with_its_own_record_alone(path: Path) -> None:
    fraud = [node("fraud", "Offence", name="fraud of 2004"), node("ann-2", name="Ann Example")]
    accused = [link(f"{who} ACCUSED_OF fraud", stage="charged", said_by="Court", date="2010") for who in ("ann", "bob")]
    others = [*fraud, link("ann-2 OWNS flat"), node("anna", name="Ann"), link("anna OWNS flat")]
    reload(path, *others, *accused, day="2024-06-02")
    run(path, FIRST)
    cleared = [link(f"{who} ACCUSED_OF fraud", stage="cleared", said_by="Court", date="2010") for who in ("ann", "bob")]
    house = [node("house", "RealEstate", name="House 4"), link("ann OWNS house"), link("ann-2 OWNS house")]
    reload(
        path, *others, *cleared, *house, link("anna ACCUSED_OF fraud", stage="cleared", said_by="Court", date="2024")
    )
    found = changes(run(path, SECOND))
    assert sorted(text for what, text in told(found, "enforcement") if what == "cleared") == [
        "Ann Example (born 1958): cleared by Court, 2010, of fraud of 2004",
        "Ann: cleared by Court, 2024, of fraud of 2004",
        "Bob Example: cleared by Court, 2010, of fraud of 2004",
    ]
    owning = [item for item in group(found, "assets") if " owns House 4" in item["text"]]
    assert sorted(item["text"] for item in owning) == [
        "Ann Example (born 1958) owns House 4",
        "Ann Example (test:ann-2) owns House 4",
    ]
    assert [len(item["about"]) for item in owning] == [2, 2]
    assert owning[0]["about"] != owning[1]["about"]


@pytest.mark.parametrize(("born", "told"), [("2012", False), ("1990", True)])
def test_a_name_does_not_tell_that_a_child_bears_it_too(path: Path, born: str, told: bool) -> None:
    reload(path, node("young", name="Ann Example", birth_date=born), day="2024-06-02")
    assert (b"Ann Example (born 1958)" in run(path, FIRST).files["html"].read_bytes()) is told


def test_another_name_is_a_change_of_the_name_alone(path: Path) -> None:
    said = [node("fraud", "Offence", name="fraud of 2004"), node("court", "Agency", name="Harbour Court")]
    said += [link("bob ACCUSED_OF fraud", stage="cleared", date="2023"), link("paper ISSUED_BY court")]
    ended = node("paper", "Notice", number="N-1", ended_on="2024-06-01", end_reason="cleared")
    load(path, "press", [link("ann OWNS acme", share="70"), link("bob OWNS flat", share="10")], day="2024-06-01")
    named = ("ann", "bob", "acme", "flat", "paper")
    reload(path, *said, ended, without=("paper",), day="2024-06-02")
    run(path, FIRST)
    others = [
        replace(r, properties={**r.properties, "name": [f"New {r.key}"]})
        for r in (*CASE, *said)
        if "name" in r.properties
    ]
    reload(path, *others, *said[2:], ended, without=named, day="2024-06-08")
    found = changes(run(path, SECOND))
    assert {item["what"] for one in found["groups"] for item in one["items"]} == {"changed"}
    assert {value["label"] for one in found["groups"] for i in one["items"] for value in i["values"]} == {"name"}


def test_what_the_last_report_described_otherwise_is_told_value_by_value(path: Path) -> None:
    file = run(path, FIRST).files["json"]
    content = (
        file.read_bytes()
        .replace(b'"1958"', b'"1957"')
        .replace(b"Acme Holding owns Flat 9, 100 %", b"Acme Holding owns Flat 9")
    )
    file.write_bytes(content)
    kept = file.with_name("run.json")
    memory = json.loads(kept.read_bytes())
    memory["report"]["content"] = content_digest(content)
    kept.write_text(json.dumps(memory), encoding="utf-8")
    load(path, "wire", [node("zoe", name="Zoe Example")], day="2024-06-08")
    made = changes(run(path, SECOND))
    described = [i for key in ("parties", "assets") for i in group(made, key) if i["what"] == "described otherwise"]
    assert [(i["text"].partition(" [")[0], i["values"][0]["label"], i["sources"][0]["name"]) for i in described] == [
        ("Ann Example: birth date 1957", "birth date", "register"),
        ("Flat 9: held by Acme Holding owns Flat 9, from 2001", "held by", "register"),
    ]
    assert tuple(described[0]["values"][0]["before"]) == ("1957 [register, 2024-06-01]",)
    assert changes(run(path, THIRD))["groups"] == []


def test_an_exhibit_whose_file_is_altered_is_news_on_the_first_page_once(path: Path) -> None:
    deed = path.with_name("deed.txt")
    deed.write_text("Invented deed", encoding="utf-8")
    workspace = Workspace(path)
    attach(workspace, AttachRequest(deed, "test:flat", "desk"))
    digest = file_sha256(deed)
    run(path, FIRST)
    kept = AttachmentFolder(workspace.attachments_folder).file(digest)
    kept.chmod(0o600)
    kept.write_text("Another deed", encoding="utf-8")
    made = run(path, SECOND)
    damaged = "deed (document), linked to Flat 9: its file is not what was attached"
    assert told(changes(made), "exhibits") == [("exhibit damaged", f"{damaged} (SHA-256 {digest[:12]}…)")]
    assert damaged in made.files["md"].read_text(encoding="utf-8").partition("## Overdue and due")[0]
    deed.write_text("Invented scan of the deed 6", encoding="utf-8")
    attach(workspace, AttachRequest(deed, "test:flat", "desk", day="2024-06-12"))
    judge(path, "same", f"document:{digest}", f"document:{file_sha256(deed)}")
    assert "exhibits" not in [one["key"] for one in changes(run(path, THIRD))["groups"]]
    kept.write_text("Invented deed", encoding="utf-8")
    assert told(changes(run(path, "2024-07-01")), "exhibits")[0][0] == "exhibit restored"


def test_a_changed_file_that_is_attached_to_the_same_is_a_new_version(path: Path) -> None:
    deed = path.with_name("deed.txt")
    deed.write_text("Invented deed", encoding="utf-8")
    attach(Workspace(path), AttachRequest(deed, "test:flat", "desk", day="2024-06-02"))
    digest = file_sha256(deed)
    without = [
        *(node(f"note-{n}", "Document", name="note", file_name="deed.txt") for n in range(2)),
        *(link(f"note-{n} DOCUMENTS flat") for n in range(2)),
    ]
    load(path, "notes", without[::2], day="2024-06-03")
    run(path, FIRST)
    load(path, "notes", without, day="2024-06-08")
    deed.write_text("Invented deed, signed", encoding="utf-8")
    attach(Workspace(path), AttachRequest(deed, "test:flat", "desk", day="2024-06-08"))
    attach(Workspace(path), AttachRequest(deed, "test:acme", "desk", day="2024-06-08"))
    found = told(changes(run(path, SECOND)), "parties")
    assert {what for what, text in found if text.startswith("note")} == {"new"}, "it has no file"
    found = [one for one in found if one[1].startswith("deed")]
    assert [(what, text.partition(":")[0]) for what, text in found] == [
        ("new version", "deed (document), linked to Flat 9, Acme Holding"),
        ("new", "deed documents Acme Holding"),
    ]
    assert found[0][1].endswith(f"the version before was attached on 2024-06-02 (SHA-256 {digest[:12]}…)")
