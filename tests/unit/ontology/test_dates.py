"""Does a date keep the precision of its source?"""

from __future__ import annotations

from datetime import date

import pytest

from kg.ontology.values import VALUE_TYPES, BadValue, DateSpan, date_span

DATE = VALUE_TYPES["date"]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("2014", "2014"),
        ("2014-06", "2014-06"),
        ("2014-06-30", "2014-06-30"),
        (" 2014 ", "2014"),
        ("２０１４－０６－３０", "2014-06-30"),
        ("2014-06-30T23:15", "2014-06-30"),
        ("2014-06-30 23:15:00", "2014-06-30"),
        ("2014-06-30T23:15:00.123456Z", "2014-06-30"),
        ("2014-06-30T23:15:00+08:00", "2014-06-30"),
        ("2014-06-30T23", "2014-06-30"),
        ("2016-02-29", "2016-02-29"),
        ("0001", "0001"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_date_is_kept_as_precise_as_it_is(raw: str, kept: str) -> None:
    assert DATE.clean(raw) == kept


@pytest.mark.parametrize(
    "raw", ["2014-13", "2014-00", "2014-06-31", "2014-06-00", "2014-00-00", "2015-02-29", "0000", "0000-01-01"]
)
def test_days_that_no_calendar_has_are_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"there is no such day$"):
        DATE.clean(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "14",
        "30.06.2014",
        "06/30/2014",
        "2014-6-3",
        "2014-06-30x",
        "2014 or 2015",
        "2014-06 or 07",
        "2014T10:00",
        "2014-06-30T25:00",
        "2014-06-30T23:61",
        "-2014",
        "12014",
        "٢٠١٤",
        "20140630",
        "soon",
    ],
)
def test_other_texts_are_no_dates(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a date: 2014, 2014-06 or 2014-06-30$"):
        DATE.clean(raw)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2014-02", date(2014, 2, 1), date(2014, 2, 28)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2014-12", date(2014, 12, 1), date(2014, 12, 31)),
        ("2014-06-30", date(2014, 6, 30), date(2014, 6, 30)),
    ],
)
def test_a_date_spans_all_days_it_may_mean(text: str, first: date, last: date) -> None:
    assert date_span(text) == DateSpan(text, first, last)


@pytest.mark.parametrize(
    ("left", "right", "can_be"),
    [
        ("2014", "2014-06-30", True),
        ("2014-06", "2014", True),
        ("2014-06", "2014-07", False),
        ("2014", "2015-01-01", False),
        ("2014-06-30", "2014-06-30", True),
    ],
)
def test_two_dates_are_the_same_when_one_day_fits_both(left: str, right: str, can_be: bool) -> None:
    assert DATE.same(left, right) is can_be
