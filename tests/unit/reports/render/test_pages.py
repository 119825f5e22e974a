"""Do the page, the Markdown and the JSON say what they said when somebody last read them?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.report import NOTES, SOME_INVENTED
from kg.reports.render.files import FORMATS, JSON_FORMAT, render_formats, render_html, render_json, write_files
from tests.golden import check
from tests.unit.reports.renderings import render_markdown
from tests.unit.reports.sample_report import CHANGED, CLUSTER, FIGURES, REPORT

GOLDEN = Path(__file__).parents[3] / "golden" / "reports"


def test_the_page_reads_as_it_did() -> None:
    page = re.sub(r"(<style>).*?(</style>)", r"\1\2", render_html(REPORT), flags=re.DOTALL)
    check(GOLDEN / "handmade.html", page)


def test_the_markdown_reads_as_it_did() -> None:
    check(GOLDEN / "handmade.md", render_markdown(REPORT))


def test_what_is_different_from_the_last_report_reads_as_it_did() -> None:
    text, page = render_markdown(CHANGED), render_html(CHANGED)
    check(GOLDEN / "changed.md", text[text.index("## What has changed") : text.index("## Key figures")])
    check(GOLDEN / "changed.html", page[page.index("<h2>What has changed") : page.index('<section id="figures"')])


def test_the_json_reads_as_it_did() -> None:
    check(GOLDEN / "handmade.json", render_json(REPORT))


def test_the_json_names_its_format_and_carries_the_notes() -> None:
    data = json.loads(render_json(REPORT))
    assert (data["format"], data["notes"]) == (JSON_FORMAT, list(NOTES))


@pytest.mark.parametrize("form", FORMATS)
def test_one_report_gives_the_same_bytes_each_time(form: str) -> None:
    assert render_formats(REPORT)[form] == render_formats(REPORT)[form]


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


@pytest.mark.parametrize("form", ["html", "md"])
@pytest.mark.parametrize(
    "said",
    [
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
        "adds up values of different dates",
        "1,200,000 to 1,500,000",
        "This report describes the first 1 of 2 clusters in full.",
        *NOTES,
    ],
)
def test_pages_for_people_say(form: str, said: str) -> None:
    assert said in render_formats(REPORT)[form]


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_cleared_persons_notice_is_not_told_as_a_pursuit(form: str) -> None:
    assert "Formerly sought by INTERPOL: red notice" not in render_formats(REPORT)[form]


@pytest.mark.parametrize("form", ["html", "md"])
def test_invented_people_are_marked_only_where_others_are_not(form: str) -> None:
    some = replace(REPORT, banner=SOME_INVENTED, mark_invented=True)
    mark = {"html": '</bdi> <em class="tag invented">', "md": "*invented*"}[form]
    assert (mark in render_formats(REPORT)[form], mark in render_formats(some)[form]) == (False, True)


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_report_without_clusters_says_so(form: str) -> None:
    none = replace(FIGURES, clusters=0, clusters_shown=0)
    empty = replace(REPORT, figures=none, clusters=(), other_clusters=(), people_sought=(), banner="")
    assert "There are no clusters." in render_formats(empty)[form]


def test_a_long_table_is_folded() -> None:
    assert ">Show 26 assets</summary>" in render_html(_with_assets(26))
    assert ">Show 25 assets</summary>" not in render_html(_with_assets(25))


def test_three_files_are_written_by_date(tmp_path: Path) -> None:
    paths = write_files(REPORT, tmp_path / "new" / "folder")
    assert {ending: path.name for ending, path in paths.items()} == {
        "html": "report-2024-06-01.html",
        "md": "report-2024-06-01.md",
        "json": "report-2024-06-01.json",
    }
    assert {ending: path.read_bytes().decode() for ending, path in paths.items()} == render_formats(REPORT)
    assert len(list((tmp_path / "new" / "folder").iterdir())) == len(FORMATS)


def _with_assets(number: int) -> Report:
    return replace(REPORT, clusters=(replace(CLUSTER, assets=CLUSTER.assets * number),))
