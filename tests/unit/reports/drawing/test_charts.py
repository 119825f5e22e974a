"""Are the drawings the same each time, readable, and told in words too?"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from kg.reports.cluster_report.model import NamedCount
from kg.reports.cluster_report.summary import EMPTY_SUMMARY, StatusTotal
from kg.reports.drawing.charts import MAX_BARS, charts
from kg.reports.phrases import compact_number
from tests.unit.reports.renderings import chart_svgs
from tests.unit.reports.sample_report import FIGURES, FRONT, REPORT

CHINESE = replace(
    REPORT,
    figures=replace(
        FIGURES,
        assets_by_status=(NamedCount("不动产", 3), NamedCount("银行账户与其他", 2), NamedCount("real estate", 1)),
        assets_by_jurisdiction=tuple(NamedCount(f"Jurisdiction {i}", 40 - i) for i in range(20)),
    ),
)


def test_there_is_one_for_each_figure_that_has_something_to_show() -> None:
    names = [c.name for c in charts(REPORT)]
    assert names == ["assets-by-status", "assets-by-jurisdiction", "status-1", "jurisdiction-1", "events"]
    nothing = replace(FIGURES, assets_by_status=(), assets_by_jurisdiction=(), events=())
    assert charts(replace(REPORT, figures=nothing, front=EMPTY_SUMMARY)) == ()


def test_drawing_again_gives_the_same_bytes() -> None:
    assert chart_svgs(CHINESE) == chart_svgs(CHINESE)


def test_chinese_labels_are_text_and_bring_no_warning() -> None:
    drawing = chart_svgs(CHINESE)[0]
    assert ">不动产</text>" in drawing
    assert ">银行账户与其他</text>" in drawing
    assert "W" not in re.sub(r"<[^>]*>", "", drawing)


def test_a_drawing_says_what_it_shows() -> None:
    drawn, svg = charts(CHINESE)[0], chart_svgs(CHINESE)[0]
    assert svg.startswith('<svg role="img" aria-labelledby="assets-by-status-title" viewBox="0 0 ')
    assert f'<title id="assets-by-status-title">{drawn.alt}</title>' in svg
    assert drawn.alt == "Assets by enforcement status: 不动产: 3; 银行账户与其他: 2; real estate: 1"
    assert drawn.rows == (("不动产", "3"), ("银行账户与其他", "2"), ("real estate", "1"))


def test_no_two_drawings_share_an_id() -> None:
    ids = re.findall(r'\bid="([^"]+)"', "".join(chart_svgs(REPORT)))
    assert len(ids) == len(set(ids))


def test_every_reference_inside_a_drawing_leads_somewhere() -> None:
    for svg in chart_svgs(CHINESE):
        used = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r'href="#([^"]+)"', svg))
        assert used <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_a_drawing_names_no_place_no_day_and_no_library() -> None:
    for svg in chart_svgs(CHINESE):
        assert set(re.findall(r"https?://[^\"]+", svg)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert "<metadata" not in svg
        assert "<style" not in svg


def test_beyond_the_largest_the_rest_is_one_bar_and_the_table_has_all() -> None:
    drawn, svg = charts(CHINESE)[1], chart_svgs(CHINESE)[1]
    assert "6 others" in svg
    assert "Jurisdiction 14" not in re.sub(r"<title.*?</title>", "", svg)
    assert len(drawn.rows) == 20 > MAX_BARS


def test_events_have_a_row_of_columns_for_each_kind_on_one_scale_of_years() -> None:
    drawn = charts(REPORT)[-1]
    assert [text.text for text in drawn.texts] == [
        "Alleged offences",
        "Acts of authorities",
        *(str(year) for year in range(1998, 2013, 2)),
    ]
    first, second, last = drawn.bars
    assert (first.x, last.height) == (second.x, first.height)
    assert second.height == 2 * first.height
    assert drawn.rows == (("Alleged offences", "1998: 1"), ("Acts of authorities", "1998: 2; 2012: 1"))


def test_each_of_the_commonest_currencies_has_drawings_of_its_own_and_an_alleged_loss_makes_none_common() -> None:
    assert [(c.title, c.rows) for c in charts(REPORT)[2:4]] == [
        (
            "Value in CAD by enforcement status",
            (("identified, not restrained", "20 k (1)"), ("restrained", "1.2 M to 1.5 M (1)")),
        ),
        ("Value in CAD by jurisdiction", (("Canada", "1.22 M to 1.52 M (2)"),)),
    ]


def test_nothing_and_less_than_nothing_can_be_drawn() -> None:
    totals = (StatusTotal("held", "USD", "0", "0", 1), StatusTotal("restrained", "USD", "-5", "-5", 1))
    assert len(chart_svgs(replace(REPORT, front=replace(FRONT, apart=totals, by_jurisdiction=())))) == 4


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0", "0"),
        ("999", "999"),
        ("1000", "1 k"),
        ("20000.50", "20 k"),
        ("1234567", "1.23 M"),
        ("-5600000000", "-5.6 bn"),
    ],
)
def test_large_numbers_are_said_with_three_digits(number: str, shown: str) -> None:
    assert compact_number(Decimal(number)) == shown
