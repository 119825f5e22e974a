"""Do the page, the Markdown and the JSON say what they said when somebody last read them?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.report import NOTES, SOME_INVENTED
from kg.reports.render.files import FORMATS, JSON_FORMAT, render_html, render_json, write_files
from kg.reports.render.markdown import html_to_markdown
from tests.golden import check
from tests.unit.reports.renderings import render_clusters, render_markdown, rendered
from tests.unit.reports.sample_report import CHANGED, CLUSTER, FIGURES, FRONT, REPORT, RESTRAINT

GOLDEN = Path(__file__).parents[3] / "golden" / "reports"


def test_the_page_reads_as_it_did() -> None:
    page = re.sub(r"(<style>).*?(</style>)", r"\1\2", render_html(REPORT), flags=re.DOTALL)
    check(GOLDEN / "handmade.html", page)


def test_the_page_about_a_cluster_reads_as_it_did() -> None:
    page = re.sub(r"(<style>).*?(</style>)", r"\1\2", render_clusters(REPORT), flags=re.DOTALL)
    check(GOLDEN / "cluster.html", page)
    check(GOLDEN / "cluster.md", html_to_markdown(page))


def test_the_markdown_reads_as_it_did() -> None:
    check(GOLDEN / "handmade.md", render_markdown(REPORT))


def test_what_is_different_from_the_last_report_reads_as_it_did() -> None:
    text, page = render_markdown(CHANGED), render_html(CHANGED)
    check(GOLDEN / "changed.md", text[text.index("## What has changed") : text.index("## Values and events")])
    check(GOLDEN / "changed.html", page[page.index("<h2>What has changed") : page.index('<section id="values"')])


def test_the_json_reads_as_it_did() -> None:
    check(GOLDEN / "handmade.json", render_json(REPORT).decode())


def test_the_json_names_its_format_and_carries_the_notes() -> None:
    data = json.loads(render_json(REPORT))
    assert (data["format"], data["notes"]) == (JSON_FORMAT, list(NOTES))


@pytest.mark.parametrize("form", FORMATS)
def test_one_report_gives_the_same_bytes_each_time(form: str) -> None:
    assert rendered(REPORT)[form] == rendered(REPORT)[form]


def test_the_page_needs_nothing_else() -> None:
    page = render_html(REPORT)
    loading = re.findall(r"<(?:script|link|img|iframe|object|embed|source)\b|@import|url\((?!#)|\bsrc=", page)
    assert loading == []
    assert "default-src 'none'" in page


def test_the_page_names_its_language_and_fits_a_phone() -> None:
    page = render_html(REPORT)
    assert '<html lang="en">' in page
    assert 'content="width=device-width, initial-scale=1"' in page


def test_every_cell_of_a_table_with_heads_has_its_label_for_narrow_screens() -> None:
    page = render_html(REPORT)
    tables = [t for t in re.findall(r"<table.*?</table>", page, re.DOTALL) if "<thead>" in t]
    assert [cell for t in tables for cell in re.findall(r"<td(?! data-label)[^>]*>", t)] == []


SAID_OF_CLUSTERS = [
    "Sought by Harbour City Prosecutor (China) since 1998-11-03 under warrant W-17.",
    "Sought by China since a day that no source gives under list entry 5 (The hundred).",
    "Formerly sought by INTERPOL: green notice B-2, issued 2004, ended 2009 (expired).",
    "Cleared by INTERPOL on 2012-05-01: red notice A-18/2005.",
    "Cleared by Harbour City Court in 2012-05: embezzlement.",
    "Not accused in these sources.",
    "2 copies of one origin, wire 7, restricted",
    "no source; kg derives it",
    "The cluster splits if this claim is withdrawn.",
    "Not shown: 1 further link of this kind.",
    "Not shown: 2 weaker ties.",
    "The cluster splits if all 3 claims are withdrawn.",
    "1,200,000 to 1,500,000",
    *NOTES,
]


def cluster_page(report: Report, form: str) -> str:
    page = render_clusters(report)
    return page if form == "html" else html_to_markdown(page)


@pytest.mark.parametrize("form", ["html", "md"])
@pytest.mark.parametrize("said", SAID_OF_CLUSTERS)
def test_pages_about_clusters_say(form: str, said: str) -> None:
    assert said in cluster_page(REPORT, form)


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_cleared_persons_notice_is_not_told_as_a_pursuit(form: str) -> None:
    assert "Formerly sought by INTERPOL: red notice" not in cluster_page(REPORT, form) + rendered(REPORT)[form]


@pytest.mark.parametrize("form", ["html", "md"])
def test_invented_people_are_marked_only_where_others_are_not(form: str) -> None:
    some = replace(REPORT, banner=SOME_INVENTED, mark_invented=True)
    mark = {"html": '<em class="tag invented">', "md": "*invented*"}[form]
    assert (mark in rendered(REPORT)[form], mark in rendered(some)[form]) == (False, True)
    assert (mark in cluster_page(REPORT, form), mark in cluster_page(some, form)) == (False, True)


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_report_without_clusters_says_so(form: str) -> None:
    none = replace(FIGURES, clusters=0, clusters_shown=0)
    empty = replace(REPORT, figures=none, clusters=(), other_clusters=(), people_sought=(), banner="")
    assert "There are no clusters." in rendered(empty)[form]


def test_a_long_table_is_folded() -> None:
    assert ">Show 26 assets</summary>" in render_clusters(_with_assets(26))
    assert ">Show 25 assets</summary>" not in render_clusters(_with_assets(25))


def test_three_files_are_written_by_date(tmp_path: Path) -> None:
    paths = write_files(REPORT, tmp_path / "new" / "folder")
    assert {ending: path.name for ending, path in paths.items()} == {
        "html": "report-2024-06-01.html",
        "md": "report-2024-06-01.md",
        "json": "report-2024-06-01.json",
    }
    assert {ending: path.read_bytes().decode() for ending, path in paths.items()} == rendered(REPORT)
    assert len(list((tmp_path / "new" / "folder").iterdir())) == len(FORMATS)


@pytest.mark.parametrize("pages", [1, 5])
def test_a_full_report_has_a_page_about_each_cluster_that_leads_back(tmp_path: Path, pages: int) -> None:
    folder = write_files(REPORT, tmp_path, pages)["clusters"]
    assert folder == tmp_path / "report-2024-06-01-clusters"
    assert sorted(file.name for file in folder.iterdir()) == ["c1.html", "c1.md"]
    for form in ("html", "md"):
        report, page = tmp_path / f"report-2024-06-01.{form}", folder / f"c1.{form}"
        assert f"{folder.name}/c1.{form}" in report.read_text(encoding="utf-8")
        assert f"../report-2024-06-01.{form}" in page.read_text(encoding="utf-8")


def test_pages_of_clusters_that_are_no_longer_described_go_and_other_files_stay(tmp_path: Path) -> None:
    folder = write_files(REPORT, tmp_path, 1)["clusters"]
    for name in ("gone.html", "gone.md", "mine.txt"):
        (folder / name).write_text("", encoding="utf-8")
    write_files(REPORT, tmp_path, 1)
    assert sorted(file.name for file in folder.iterdir()) == ["c1.html", "c1.md", "mine.txt"]


def test_the_first_half_page_names_clusters_changes_and_deadlines_before_anything_else() -> None:
    page = render_markdown(CHANGED)
    marks = (
        "3 changes since 2024-05-27",
        "Who and what matters",
        "alleged loss: CNY 5 M",
        "What changed since 2024-05-27",
        "Freeze 7 (measure), concerning Flat 9: lifted 2024-06-01",
        "Overdue and due",
        "3 days overdue",
        "in 4 days",
        "What has changed since the report of 2024-05-27",
        "Values and events",
        "Further clusters",
        "Other people sought",
        "Overdue answers: no reply or report for more than 90 days",
        "152 days without an answer",
        "How to read this report",
    )
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


def test_deadlines_beyond_the_first_few_have_a_table_with_those_overdue_apart_from_those_due() -> None:
    assert "Everything overdue and due" not in render_markdown(REPORT)
    late = replace(RESTRAINT, days=-40, when="40 days overdue")
    page = render_markdown(replace(REPORT, front=replace(FRONT, actions=(late,) * 5 + REPORT.front.actions)))
    titles = ("## Everything overdue and due", "### Overdue", "### Due within 7 days", "### Due within 90 days")
    places = [page.index(title) for title in titles]
    assert places == sorted(places)
    assert "Days are counted from 2024-06-01" in page
    overdue = page[places[1] : places[2]]
    assert (overdue.count("days overdue"), "in 4 days" in overdue) == (6, False)


def test_the_keys_of_the_json_are_in_the_order_of_the_pages() -> None:
    report = json.loads(render_json(CHANGED))
    assert list(report)[8:14] == [
        "front",
        "figures",
        "clusters",
        "other_clusters",
        "people_sought",
        "everybody_cleared",
    ]
    assert list(report["front"])[:4] == ["leading", "changes", "missed", "actions"]


def _with_assets(number: int) -> Report:
    return replace(REPORT, clusters=(replace(CLUSTER, assets=CLUSTER.assets * number),))
