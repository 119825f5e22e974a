"""Does a date keep the precision of its source?"""

from __future__ import annotations

import re
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
        ("1066", "1066"),
        ("9999-12-31", "9999-12-31"),
        ("2001-00-00", "2001"),
        ("2001-05-00", "2001-05"),
        ("2014-00", "2014"),
        ("+1952-00-00T00:00:00Z", "1952"),
        ("2001-5-3", "2001-05-03"),
        ("2001-5", "2001-05"),
        ("2001/05/03", "2001-05-03"),
        ("2001/5/3", "2001-05-03"),
        ("2001/05", "2001-05"),
        ("05/2001", "2001-05"),
        ("2001.05.03", "2001-05-03"),
        ("20010503", "2001-05-03"),
        ("20010503T101112Z", "2001-05-03"),
        ("1978.0", "1978"),
        ("2001年5月3日", "2001-05-03"),
        ("2001年5月", "2001-05"),
        ("30.06.2014", "2014-06-30"),
        ("30/06/2014", "2014-06-30"),
        ("06/30/2014", "2014-06-30"),
        ("30-06-2014 10:00", "2014-06-30"),
        ("05/05/2014", "2014-05-05"),
        ("00/00/1950", "1950"),
        ("00.05.1950", "1950-05"),
        ("05/00/1950", "1950-05"),
        ("3 May 2001", "2001-05-03"),
        ("1st of May 2001", "2001-05-01"),
        ("May 3, 2001", "2001-05-03"),
        ("23-MAR-2006", "2006-03-23"),
        ("2001-May-03", "2001-05-03"),
        ("March 2006", "2006-03"),
        ("2006 March", "2006-03"),
        ("Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02"),
        ("Mon Jan 2 15:04:05 UTC 2006", "2006-01-02"),
        ("2014-06-30Z", "2014-06-30"),
        ("2014-06-30+02:00", "2014-06-30"),
        ("2014-06-30 5:03:00 PM", "2014-06-30"),
        ("2014-06-30 23:15:00.1234567890 +0800", "2014-06-30"),
        ("2014-06-30T10:00:00+02:00[Europe/Berlin]", "2014-06-30"),
        ("30/6/2014 10:00:00 AM", "2014-06-30"),
        ("٢٠١٤/٠٦/٣٠", "2014-06-30"),
        ("२०१४-०६", "2014-06"),
        ("１６９９", "1699"),
    ],
)
def test_a_date_is_kept_as_precise_as_it_is(raw: str, kept: str) -> None:
    assert DATE.clean(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        *("2014-13", "2014-06-31", "2015-02-29", "0000", "0000-01-01", "0000-00-00", "2014-00-05", "20141340"),
        *("31/04/2014", "13/13/2014", "31 April 2014", "2014-13-00"),
    ],
)
def test_days_that_no_calendar_has_are_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"there is no such day$"):
        DATE.clean(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "14",
        "2014-06-30x",
        "2014 or 2015",
        "2014-06 or 07",
        "2014T10:00",
        "2014-06-30T25:00",
        "2014-06-30T23:61",
        "-2014",
        "soon",
        "circa 1950",
        "1950s",
        "23-MAR-06",
        "201406",
        "1400000000",
        "2014-W05",
        "2014.5",
        "3 Mai 2001",
        "5 of 2014",
    ],
)
def test_other_texts_are_no_dates(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a date: 2014, 2014-06 or 2014-06-30$"):
        DATE.clean(raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("03/04/2014", "03 or 04 may be the month"),
        ("03.04.2014", "03 or 04 may be the month"),
        ("03.04.24", "its year has two digits: write all four, or declare the column with `convert`"),
        ("1/5/2014 10:00", "1 or 5 may be the month"),
        ("2001/02", "2001/02 may be a month or two years"),
        ("۱۳۷۰/۰۵/۱۲", "this year may be of another calendar"),
        ("๒๕๕๗", "this year may be of another calendar"),
        ("1369/12/11", "this year may be of another calendar"),
        ("2557-03", "this year may be of another calendar"),
        ("0001-01-01", "so early a year stands for no date, or lacks a digit"),
        ("0201-05-03", "so early a year stands for no date, or lacks a digit"),
        ("43831", "spreadsheets count days so, 43831 for 2020-01-01: format the cells as dates"),
        ("12014", "spreadsheets count days so"),
        ("43831.5", "spreadsheets count days so"),
        ("1900-01-00", "this is the zero of a spreadsheet, which stands for no date"),
    ],
)
def test_a_date_that_may_be_two_is_refused_with_the_reason(raw: str, why: str) -> None:
    with pytest.raises(BadValue, match=re.escape(why)):
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
