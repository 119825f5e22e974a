"""What does each named conversion of a cell make of a text?"""

from __future__ import annotations

import pytest

from kg.ontology.values import BadValue
from kg.sources.tabular.conversions import CONVERSIONS, has_short_year


@pytest.mark.parametrize(
    ("conversion", "raw", "expected"),
    [
        ("dmy", "23-MAR-2006", "2006-03-23"),
        ("dmy", "3/4/2006", "2006-04-03"),
        ("dmy", "1st of June 2010", "2010-06-01"),
        ("dmy", "June 1, 2010", "2010-06-01"),
        ("dmy", "Sept 2010", "2010-09"),
        ("dmy", "04/2006", "2006-04"),
        ("dmy", "2006", "2006"),
        ("dmy", "2006-03-23", "2006-03-23"),
        ("dmy", "2006-03-23T10:00:00Z", "2006-03-23"),
        ("dmy", "2009年5月3日", "2009-05-03"),
        ("dmy", "20110203", "2011-02-03"),
        ("dmy", "2011/02/01", "2011-02-01"),
        ("mdy", "2009年5月", "2009-05"),
        ("mdy", "March 23, 2006", "2006-03-23"),
        ("mdy", "03/04/2006", "2006-03-04"),
        ("mdy", "23 Mar 2006", "2006-03-23"),
        ("ymd", "2006/03/23", "2006-03-23"),
        ("ymd", "20060323", "2006-03-23"),
        ("ymd", "2006.3", "2006-03"),
        ("alpha3", "WSM", "WS"),
        ("alpha3", "hkg", "HK"),
        ("country", "Samoa", "WS"),
        ("country", "british  virgin islands", "VG"),
        ("country", "Antigua and Barbuda", "AG"),
        ("country", "中国", "CN"),
        ("country", "GBR", "GB"),
        ("country", "gb", "GB"),
        ("country", "UK", "GB"),
        ("country", "The Bahamas", "BS"),
        ("country", "England", "GB"),
        ("country", "Scotland", "GB"),
        ("country", "Great Britain", "GB"),
        ("country", "Republic of Ireland", "IE"),
        ("country", "USA", "US"),
        ("fraction", "0.51", "51.00"),
        ("percent", "0.5 %", "0.5 %"),
        ("percent", "0.0", "0.0"),
        ("fraction", "1", "100"),
        ("fraction", "25 %", "25 %"),
        ("fraction", "½", "½"),
        ("decimal_comma", "1.200,50", "1200.50"),
        ("decimal_comma", "EUR 1 200 000", "EUR 1200000"),
        ("decimal_comma", "12,5 EUR", "12.5 EUR"),
        ("decimal_comma", "1.200 EUR", "1200 EUR"),
        ("decimal_comma", "5,69E+07 EUR", "5.69E+07 EUR"),
        ("decimal_point", "10.125 EUR", "10.1250 EUR"),
        ("decimal_point", "EUR 1,200", "EUR 1200"),
        ("decimal_point", "1,200.50", "1200.50"),
        ("decimal_point", "5.689E7", "5.6890E7"),
        ("fraction", "0.51", "51.00"),
        ("percent", "0.5 %", "0.5 %"),
        ("percent", "0.0", "0.0"),
        ("dmy", "03/04/2006 10:15:00", "2006-04-03"),
        ("mdy", "03/04/2006 10:15 PM", "2006-03-04"),
        ("dmy", "00/00/1950", "1950"),
        ("date", "00/05/1950", "1950-05"),
        ("date", "05/00/1950", "1950-05"),
        ("upper", "eur", "EUR"),
        ("lower", "YES", "yes"),
    ],
)
def test_a_text_is_converted(conversion: str, raw: str, expected: str) -> None:
    assert CONVERSIONS[conversion](raw, None) == expected


@pytest.mark.parametrize(
    ("raw", "pivot", "expected"),
    [
        ("23-MAR-06", 2025, "2006-03-23"),
        ("23-MAR-25", 2025, "2025-03-23"),
        ("23-MAR-26", 2025, "1926-03-23"),
        ("23-MAR-00", 1999, "1900-03-23"),
        ("1/2/99", 2000, "1999-02-01"),
        ("MAR-06", 2025, "2006-03"),
    ],
)
def test_a_year_of_two_digits_is_the_latest_that_the_pivot_allows(raw: str, pivot: int, expected: str) -> None:
    assert CONVERSIONS["dmy"](raw, pivot) == expected
    assert has_short_year(raw)


def test_without_a_pivot_a_year_of_two_digits_is_refused() -> None:
    with pytest.raises(BadValue, match="its year has two digits, and the declaration states no pivot, the latest"):
        CONVERSIONS["dmy"]("23-MAR-06", None)


@pytest.mark.parametrize(
    ("conversion", "raw", "message"),
    [
        ("dmy", "31-FEB-2009", "expected a date such as 23-MAR-2006 or 23/03/2006; there is no such day"),
        ("dmy", "03/23/2006", "there is no such day"),
        ("dmy", "43831", "such as 23-MAR-2006 or 23/03/2006; spreadsheets count days so, 43831 for 2020-01-01: format"),
        (
            "dmy",
            "01/01/0001",
            "such as 23-MAR-2006 or 23/03/2006; so early a year stands for no date, or lacks a digit",
        ),
        ("dmy", "yesterday", "expected a date such as 23-MAR-2006"),
        ("dmy", "23-MRZ-2006", "expected a date such as"),
        ("dmy", "1-2-3-2006", "expected a date such as"),
        ("dmy", "23:03:2006", "expected a date such as"),
        ("dmy", "1 June 20066", "expected a date such as"),
        ("dmy", "1" * 100, "expected a date such as"),
        ("ymd", "23/03/2006", "expected a date such as 2006/03/23"),
        ("alpha3", "XXX", "expected a code of three letters"),
        ("alpha3", "Samoa", "expected a code of three letters"),
        ("country", "Atlantis", "expected a code of ISO 3166-1 or the English name"),
        (
            "country",
            "Georgia",
            "expected a code of ISO 3166-1 or the English name of a jurisdiction, such as Samoa; "
            "Georgia may mean GE or US-GA",
        ),
        ("percent", "0,5", "it may be a fraction, or less than one per cent; write 50 % for a half, or 0.5 %"),
        ("percent", ".25", "it may be a fraction"),
        ("percent", "0.25-0.5", "it may be a fraction"),
        ("percent", "> 0,5", "it may be a fraction"),
        ("country", "NA", "; NA may mean Namibia or nothing"),
        ("citizenship", "na", "; na may mean Namibia or nothing"),
        ("fraction", "51", "expected a part of one"),
        ("fraction", "half", "expected a part of one"),
        ("decimal_comma", "1,200.50", "expected a number with a decimal comma"),
        ("decimal_point", "1.200,50", "expected a number with a decimal point"),
        ("decimal_comma", "no number", "expected a number with a decimal comma"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_what_was_expected(conversion: str, raw: str, message: str) -> None:
    with pytest.raises(BadValue) as caught:
        CONVERSIONS[conversion](raw, None)
    assert message in str(caught.value)


@pytest.mark.parametrize("raw", ["nan", "-NaN", "inf", "0E-999999999", "1E+40"])
def test_what_is_no_plain_part_of_one_is_refused(raw: str) -> None:
    with pytest.raises(BadValue, match="expected a part of one"):
        CONVERSIONS["fraction"](raw, None)


@pytest.mark.parametrize("raw", ["mar mar 2006", "2006 mar mar", "01/02/²²", "mar mar mar"])
def test_a_date_of_odd_parts_is_refused(raw: str) -> None:
    with pytest.raises(BadValue, match="expected a date such as"):
        CONVERSIONS["dmy"](raw, 2025)


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("citizenship", "British, Irish", "expected one citizenship, not 2; separate them with ;"),
        ("citizenship", "Swedish and Ghanaian", "separate them with ;"),
        ("citizenship", "British, Martian", "expected a word for the citizens of one jurisdiction"),
        ("country", "Delaware", r"Delaware is a part of US \(write: US-DE\)"),
    ],
)
def test_a_place_that_is_several_or_a_part_is_told_how_to_write_it(kind: str, raw: str, told: str) -> None:
    with pytest.raises(BadValue, match=told):
        CONVERSIONS[kind](raw, None)
