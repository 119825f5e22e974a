"""Are investigators' own sheets read, and is the cell named that is wrong?"""

from __future__ import annotations

import csv
import gzip
import io
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from kg.errors import InputError
from kg.ontology.values import VALUE_TYPES
from kg.records import ReadResult, Record, Ref
from kg.sources import choose_connector
from kg.sources.tabular.corrections import row_digest
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects
from tests.sources.sheets.workbook_file import FormattedValue, save_workbook

HERE = Path(__file__).parent
PERSONS = ["key", "name", "birth_date", "passport_number", "citizenship"]


def _at(*parts: int) -> datetime:
    """An instant as a spreadsheet has it: without a zone."""
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001  # spreadsheets know no zones


def _book(tmp_path: Path, **sheets: list[list[Any]]) -> list[ReadResult]:
    return read_files(save_workbook(tmp_path / "case.xlsx", sheets))


def _said(readings: list[ReadResult]) -> list[str]:
    places = (f"{r.file}!{r.cell}" if r.cell else r.file for r in rejects(readings))
    return [f"{place.rpartition('/')[2]}: {r.reason}" for place, r in zip(places, rejects(readings), strict=True)]


def test_filled_in_sheets_give_the_records_and_remarks_they_gave_before() -> None:
    files = [HERE / f"{name}.csv" for name in ("persons", "enterprises", "assets", "links", "payments")]
    golden.check(HERE / "case.expected.jsonl", as_json_lines(read_files(*files)))


def test_a_workbook_says_what_its_sheets_say_as_files(tmp_path: Path) -> None:
    names = ("persons", "enterprises", "assets", "links", "payments")
    rows = {n: [*csv.reader((HERE / f"{n}.csv").read_text("utf-8").splitlines())] for n in names}
    made = _book(tmp_path, **{name.upper(): found for name, found in rows.items()})
    plain = records(read_files(*(HERE / f"{name}.csv" for name in names)))
    assert {k: r.body() for k, r in records(made).items()} == {k: r.body() for k, r in plain.items()}


def test_a_value_that_cannot_be_read_is_told_by_its_cell(tmp_path: Path) -> None:
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann Example", "31 June 1960", "X1", "Atlantis"]])
    assert _said(made) == [
        "case.xlsx:persons!C2: column birth_date, value '31 June 1960': expected a date: 2014, 2014-06 or 2014-06-30; "
        "there is no such day",
        "case.xlsx:persons!E2: column citizenship, value 'Atlantis': expected a word for the citizens of one "
        "jurisdiction, its name or its code",
    ]


def test_a_row_without_a_key_and_a_key_that_no_row_has_are_told_by_their_cells(tmp_path: Path) -> None:
    links = [
        ["from", "type", "to", "share"],
        ["p1", "owns", "p9", "51 %"],
        ["p1", "eats", "p1", ""],
        ["", "owns", "p1", ""],
    ]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"], [None, "Nobody"]], links=links)
    assert _said(made)[0] == "case.xlsx:persons!A3: column key: expected the key of the row, not an empty cell"
    assert _said(made)[1].startswith("case.xlsx:links!B3: column type, value 'eats': expected one of ")
    assert _said(made)[2] == "case.xlsx:links!A4: column from: expected the key of an end, not an empty cell"
    assert _said(made)[3:] == [
        "case.xlsx:links!C2: column to, value 'p9': no row of these files has this key; "
        "the link is unresolved unless another source has it"
    ]


def test_equal_rows_are_as_many_payments_and_one_link(tmp_path: Path) -> None:
    payment, tie = ["p1", "p2", "100", "EUR", "2014"], ["p1", "family of", "p2"]
    made = _book(
        tmp_path,
        persons=[PERSONS, ["p1", "Ann"], ["p2", "Bo"]],
        links=[["from", "type", "to"], tie, tie],
        payments=[["from", "to", "amount", "currency", "date"], payment, payment, payment],
    )
    links = sorted(r.type for r in records(made).values() if r.ends)
    assert (rejects(made), links) == ([], ["FAMILY_OF", "PAID", "PAID", "PAID"])


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("setlor", "did you mean SETTLED (write: settlor)?"),
        ("tustee of", "did you mean TRUSTEE_OF?"),
        ("shareholdr", "did you mean OWNS (write: shareholder)?"),
        ("is ownd by", "did you mean OWNS (write: is owned by)?"),
        ("eats", "expected one of ACCUSED_OF, "),
    ],
)
def test_a_type_that_is_none_is_answered_with_the_one_that_was_probably_meant(
    tmp_path: Path, written: str, hint: str
) -> None:
    made = _book(tmp_path, links=[["from", "type", "to"], ["p1", written, "t1"]])
    assert _said(made)[0].startswith(f"case.xlsx:links!B2: column type, value '{written}': {hint}")


def test_a_short_word_with_one_wrong_letter_is_answered_with_the_type_meant(tmp_path: Path) -> None:
    made = _book(tmp_path, links=[["from", "type", "to"], ["a", "ownz", "b"], ["a", "zzzz", "b"]])
    assert "did you mean OWNS" in _said(made)[0]
    assert "expected one of" in _said(made)[1]


def test_a_word_for_the_type_of_a_link_that_says_the_interest_too_sets_it(tmp_path: Path) -> None:
    words = ["legal owner", "Beneficial owner", "registered owner", "UBO", "owner", "legal owner", "ubo"]
    stated = ["", "", "", "", "", "beneficial", "ultimate beneficial owner"]
    links = [["from", "type", "to", "interest"]]
    links += [[f"p{n}", word, "c1", interest] for n, (word, interest) in enumerate(zip(words, stated, strict=True))]
    people = [PERSONS, *([f"p{n}", f"Invented {n}"] for n in range(len(words)))]
    made = _book(tmp_path, persons=people, enterprises=[["key", "name"], ["c1", "Acme"]], links=links)
    found = {r.ends[0].key: r.properties for r in records(made).values() if r.ends}
    interests = [found[f"p{n}"].get("interest", []) for n in range(len(words))]
    legal, beneficial = ["legal"], ["beneficial"]
    assert interests == [legal, beneficial, legal, beneficial, [], beneficial, beneficial]
    assert found["p0"]["role"] == ["legal owner"]
    assert _said(made) == [
        "case.xlsx:links!B7: column type, value 'legal owner': means interest legal, but the row says beneficial; "
        "that is kept"
    ]


def test_a_link_that_cannot_stand_between_its_ends_is_told(tmp_path: Path) -> None:
    links = [["from", "type", "to"], ["p1", "is owned by", "p2"], ["p1", "family of", "p2"], ["p1", "citizen of", "cn"]]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"], ["p2", "Bo"]], links=links)
    assert _said(made) == [
        "case.xlsx:links!C2: column to, value 'p2': owns goes from party to asset, not from person to person"
    ]
    ends = [(r.type, r.ends) for r in records(made).values() if r.ends]
    assert ends == [
        ("OWNS", (Ref(NAMESPACE, "p2"), Ref(NAMESPACE, "p1"))),
        ("FAMILY_OF", (Ref(NAMESPACE, "p1"), Ref(NAMESPACE, "p2"))),
        ("CITIZEN_OF", (Ref(NAMESPACE, "p1"), Ref("jurisdiction", "CN"))),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (_at(1960, 3, 23), "1960-03-23"),
        (date(1960, 3, 23), "1960-03-23"),
        (FormattedValue(_at(1960, 3, 1), "mmm yyyy"), "1960-03"),
        (FormattedValue(_at(1960, 1, 1), "yyyy"), "1960"),
        (FormattedValue(_at(1960, 3, 1), '[$-409]d" March" yyyy'), "1960-03-01"),
        (_at(1960, 3, 23, 10, 30), "1960-03-23T10:30:00"),
        (1960, "1960"),
        (1960.0, "1960"),
        ("1960-03", "1960-03"),
    ],
)
def test_a_date_is_as_exact_as_its_cell_shows_it(tmp_path: Path, value: object, text: str) -> None:
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann", value]])
    assert records(made)["p1", ""].properties["birth_date"] == [text]
    assert rejects(made) == []


def test_a_number_that_may_have_lost_its_zeros_is_kept_and_told(tmp_path: Path) -> None:
    made = _book(
        tmp_path, persons=[PERSONS, ["p1", "Ann", None, 12345], ["p2", "Bo", None, FormattedValue(12345, "00000000")]]
    )
    numbers = [r.properties["passport_number"] for r in records(made).values()]
    assert numbers == [["12345"], ["00012345"]]
    assert _said(made) == [
        "case.xlsx:persons!D2: column passport_number, value '12345': is a number, so leading zeros may be "
        "lost; it is kept as it is; format the column as text"
    ]


def test_a_number_of_more_than_fifteen_digits_is_refused(tmp_path: Path) -> None:
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann", None, 4532015112830366123]])
    assert "case.xlsx:persons!D2: column passport_number" in _said(made)[0] and "fifteen digits" in _said(made)[0]
    assert "passport_number" not in records(made)["p1", ""].properties


def test_percentages_and_amounts_are_read_as_they_are_shown(tmp_path: Path) -> None:
    shares: list[Any] = [FormattedValue(0.333, "0.0%"), 50]
    links = [["from", "type", "to", "share"], *(["p1", "owns", "c1", share] for share in shares)]
    payments: list[list[Any]] = [["from", "to", "amount", "currency"], ["p1", "c1", 1200.5, "USD"]]
    companies = [["key", "name"], ["c1", "Acme"]]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"]], enterprises=companies, links=links, payments=payments)
    found = [r.properties for r in records(made).values() if r.ends]
    assert found[:3] == [{"share": ["33.3%"]}, {"share": ["50"]}, {"amount": ["1200.5 USD"]}]
    assert rejects(made) == []


def test_an_amount_shown_in_another_currency_than_its_row_says_is_not_understood(tmp_path: Path) -> None:
    formats = ['#,##0.00 "€"', "[$€-407] #,##0.00", "$#,##0", '#,##0 "units"']
    rows = [[f"y{n}", "a", "b", FormattedValue(900, shown), "USD"] for n, shown in enumerate(formats)]
    heading: list[Any] = ["key", "amount", "to", "from", "currency"]
    below = [heading, ["y9", FormattedValue(900, formats[0]), "b", "a", "USD"]]
    made = _book(tmp_path, payments=[["key", "from", "to", "amount", "currency"], *rows, *below])
    read = [r.properties.get("amount") for r in records(made).values() if r.type == "PAID"]
    assert read == [None, None, ["900 USD"], ["900 USD"], None], "also below a second heading"
    assert "payments!D2: columns amount, currency, value '900 USD': the cell is shown in €" in _said(made)[0]


def test_what_a_spreadsheet_made_of_values_is_told(tmp_path: Path) -> None:
    heading = ["key", "name", "passport_number", "phone", "id_number"]
    rows = [
        ["p1", "TRUE", "12345678901234500000", "4.47E+11", "0"],
        ["p2", "#NAME?", "Mar-05", "+44 20 7946 0000", "10"],
        ["p3", '=HYPERLINK("x","Ann")', "12345678901234500", "", ""],
        ["p4", "True Love Ltd", "1234567890123450", "", ""],
    ]
    path = tmp_path / "persons.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    made = read_files(path)
    told = {f"{r.cell} {'remark' if r.is_remark else 'set aside'}" for r in rejects(made)}
    aside, kept = {"D2", "E2", "B3", "B4"}, {"B2", "C2", "C3", "C4"}
    assert told == {*(f"{cell} set aside" for cell in aside), *(f"{cell} remark" for cell in kept)}


def test_what_is_invisible_in_the_key_that_was_meant_is_shown(tmp_path: Path) -> None:
    people = [PERSONS, ["p4\u200bx", "Ann"], ["p5", "Bo"]]
    made = _book(tmp_path, persons=people, links=[["from", "type", "to"], ["p4x", "spouse", "p5"]])
    assert "did you mean 'p4\\u200bx'?" in _said(made)[0]


@pytest.mark.parametrize(("key", "named"), [("007", "7"), ("Ⅳ", "IV"), ("ｐ6", "p6")])  # they differ
def test_a_key_with_other_forms_of_its_signs_is_suggested(tmp_path: Path, key: str, named: str) -> None:
    people = [PERSONS, [key, "Ann"], ["p5", "Bo"]]
    made = _book(tmp_path, persons=people, links=[["from", "type", "to"], [named, "spouse", "p5"]])
    assert f"did you mean {key}?" in _said(made)[0]


@pytest.mark.parametrize(
    ("amount", "currency", "read", "unread"),
    [
        ("€ 1.234,50", "", "1234.5 EUR", ""),
        ("1.200 EUR", "", "", "1.200 EUR"),
        ("1.200 EUR", "EUR", "", "1.200 EUR EUR"),
        ("$5", "", "", "$5"),
        ("77", "", "", "77"),
        ("", "EUR", "", ""),
    ],
)
def test_an_amount_without_a_currency_cell_is_read_if_it_names_one_and_else_not_understood(
    tmp_path: Path, amount: str, currency: str, read: str, unread: str
) -> None:
    payments = [["key", "from", "to", "amount", "currency"], ["y1", "a", "b", amount, currency]]
    asset = ["key", "type", "value", "value_currency", "value_kind", "value_date"]
    readings = _book(tmp_path, payments=payments, assets=[asset, ["a1", "flat", amount, currency, "market", "2014"]])
    paid = next(r for r in records(readings).values() if r.type == "PAID")
    held = records(readings)["a1", ""]
    clean = VALUE_TYPES["money"].clean
    assert [clean(text) for text in paid.properties.get("amount", ())] == ([read] if read else [])
    assert list(held.properties.get("valuation", ())) == ([f"market 2014 {read}"] if read else [])
    assert [(v.property, v.words) for v in paid.not_understood] == ([("amount", unread)] if unread else [])
    assert {v.property for v in held.not_understood} == (set() if read else {"valuation"})
    assert "amount" not in paid.other


def test_a_typed_number_has_a_decimal_point_whatever_the_texts_of_its_column_have(tmp_path: Path) -> None:
    payments: list[list[Any]] = [
        ["from", "to", "amount", "currency"],
        ["a", "b", 1.234, "EUR"],
        ["a", "b", "1.250,00", "EUR"],
    ]
    asset = ["key", "type", "value", "value_currency", "value_kind", "value_date"]
    made = _book(tmp_path, payments=payments, assets=[asset, ["a1", "flat", 100.125, "EUR", "market", 2014]])
    clean = VALUE_TYPES["money"].clean
    paid = [clean(r.properties["amount"][0]) for r in records(made).values() if r.type == "PAID"]
    assert paid == [clean("1.2340 EUR"), "1250 EUR"]
    assert records(made)["a1", ""].properties["valuation"] == ["market 2014 100.1250 EUR"]
    assert not any("grouping" in line or "separate" in line for line in _said(made))


def test_a_key_is_one_however_its_accents_are_encoded(tmp_path: Path) -> None:
    links = [["from", "type", "to"], ["e\u0301", "spouse", "p2"]]
    made = _book(tmp_path, persons=[PERSONS, ["\u00e9", "Ann"], ["p2", "Bo"]], links=links)
    assert next(r.ends[0].key for r in records(made).values() if r.ends) == "\u00e9"
    assert _said(made) == []


def test_a_value_without_its_kind_and_day_is_not_understood(tmp_path: Path) -> None:
    asset = ["key", "type", "value", "value_currency", "value_kind", "value_date"]
    readings = _book(tmp_path, assets=[asset, ["a1", "flat", "500", "EUR", "", ""], ["a2", "flat", "", "EUR", "", ""]])
    assert [v[:3] for v in records(readings)["a1", ""].not_understood] == [
        ("value, value_currency", "valuation", "500 EUR")
    ]
    assert not records(readings)["a2", ""].not_understood
    assert _said(readings)[0].endswith("value '500 EUR': expected a value in value_kind, value_date too")


@pytest.mark.parametrize(
    ("bare", "others", "kept", "told"),
    [
        ("1", ["0.01"], None, "it may be the whole, because the column has values below 1"),
        ("1", ["1.0"], ["1"], "is read as one per cent, and no share of the column is above 1"),
        ("1", ["99"], ["1"], ""),
        ("1", ["1/2", "½", "unknown"], ["100"], "is read as the whole"),
        ("1", ["1/2", "50"], None, "because the column has fractions"),
        ("1", ["50 %"], None, "because the column has shares with a sign for per cent"),
        ("2", ["1/2", "unknown"], None, "may be per cent or a number of parts"),
        ("9.0", ["one half", "30 %"], None, "may be per cent or a number of parts"),
        ("2", ["one eighth"], None, "because the column has fractions; write 2 % if it is per cent"),
        ("2", ["ein Drittel"], None, "may be per cent or a number of parts"),
        ("2", ["ДВЕ ТРЕТИ"], None, "may be per cent or a number of parts"),
        ("2", ["三分之一"], None, "may be per cent or a number of parts"),
        ("2", ["1/2", "50"], ["2"], ""),
        ("2", ["33 1/3", "1/2"], ["2"], ""),
        ("2", ["3", "1", "98 %"], ["2"], ""),
    ],
)
def test_a_bare_number_is_told_by_the_other_shares(
    tmp_path: Path, bare: str, others: list[str], kept: list[str] | None, told: str
) -> None:
    links = [["from", "type", "to", "share"], *(["p1", "owns", f"c{n}", s] for n, s in enumerate([bare, *others]))]
    companies = [["key", "name"], *([f"c{n}", f"Acme {n}"] for n in range(4))]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"]], enterprises=companies, links=links)
    found = next(r for r in records(made).values() if r.ends and r.ends[1].key == "c0")
    assert found.properties.get("share") == kept
    said = [line for line in _said(made) if line.startswith("case.xlsx:links!D2")]
    assert [told in line for line in said] == ([True] if told else [])


def test_codes_of_html_do_not_cut_names_in_two(tmp_path: Path) -> None:
    names = ["Smith &amp; Sons Ltd", "O&#39;Neill;M&uuml;ller", "R&D; Marks &Partners;AT&amp;"]
    made = _book(tmp_path, persons=[PERSONS, *([f"p{n}", name] for n, name in enumerate(names))])
    assert [r.properties["name"] for r in records(made).values()] == [
        ["Smith &amp; Sons Ltd"],
        ["O&#39;Neill", "M&uuml;ller"],
        ["R&D", "Marks &Partners", "AT&amp;"],
    ]


def test_totals_notes_and_names_without_a_letter_are_read_and_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Total persons", 3],
        ["Source", "Register"],
        ["p1", "-"],
        ["notebook", "Ann"],
        ["p2", "张伟"],
    ]
    made = _book(tmp_path, persons=[PERSONS, *rows])
    assert len(records(made)) == 5
    assert _said(made) == [
        "case.xlsx:persons!A2: column key, value 'Total persons': the row is read; delete it if it is a total, a note "
        "or the like",
        "case.xlsx:persons!B2: column name: the name '3' has no letter; it is kept as it is",
        "case.xlsx:persons!A3: column key, value 'Source': the row is read; delete it if it is a total, a note or the "
        "like",
        "case.xlsx:persons!B4: column name: the name '-' has no letter; it is kept as it is",
    ]


def test_a_status_that_is_less_than_citizenship_keeps_its_words(tmp_path: Path) -> None:
    words = ["British Overseas Citizen", "British National (Overseas)", "British"]
    made = _book(tmp_path, persons=[PERSONS, *([f"p{n}", "Ann", None, None, w] for n, w in enumerate(words))])
    kept = [r.other.get("citizenship") for r in records(made).values() if not r.ends]
    assert kept == [[words[0]], [words[1]], None]


def test_formulas_are_read_by_their_stored_values_and_told_where_there_is_none(tmp_path: Path) -> None:
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann", '="1960"&"-03"']])
    assert _said(made) == [
        'case.xlsx:persons!C2: column birth_date, value \'="1960"&"-03"\': is a formula without a stored value; '
        "save the workbook in a spreadsheet program"
    ]


def test_the_words_of_a_formula_belong_to_the_claim_that_would_have_its_value(tmp_path: Path) -> None:
    declared = (
        'title = "T"\ndescription = "D"\n[[table]]\nsheets = "firms"\nkey = "No"\n[[table.node]]\ntype = "Enterprise"\n'
    )
    declared += '[[table.link]]\ntype = "OWNS"\nfrom = "Owner"\nproperties.share = "Share"\n'
    (tmp_path / "source.toml").write_text(declared, encoding="utf-8")
    path = save_workbook(tmp_path / "case.xlsx", {"firms": [["No", "Owner", "Share"], ["c1", "o1", "=0.2+0.3"]]})
    found = records(read_files(path, connector=str(tmp_path / "source.toml")))
    assert {r.type: [v[1:3] for v in r.not_understood] for r in found.values()} == {
        "Enterprise": [],
        "OWNS": [("share", "=0.2+0.3")],
    }


def test_rows_of_a_preamble_are_above_the_header_of_a_sheet_too(tmp_path: Path) -> None:
    declared = 'title = "T"\ndescription = "D"\n[format]\npreamble = 2\n[[table]]\nsheets = "firms"\nkey = "No"\n'
    declared += '[[table.node]]\ntype = "Enterprise"\nproperties.name = "Firm"\n'
    (tmp_path / "source.toml").write_text(declared, encoding="utf-8")
    rows = [["Register (invented)"], ["Firms", "", "Owners"], ["No", "Firm"], ["c1", "Acme"]]
    path = save_workbook(tmp_path / "case.xlsx", {"firms": rows})
    found = records(read_files(path, connector=str(tmp_path / "source.toml")))
    assert {key: r.line for (key, _), r in found.items()} == {"c1": 4}


def test_errors_of_formulas_are_told(tmp_path: Path) -> None:
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann", "#REF!"]])
    assert _said(made) == ["case.xlsx:persons!C2: column birth_date, value '#REF!': is the error of a formula"]


def test_the_currency_beside_an_amount_that_cannot_be_read_is_part_of_its_words(tmp_path: Path) -> None:
    made = _book(
        tmp_path,
        persons=[["key", "name"], ["a", "Ann"], ["b", "Bo"]],
        payments=[["from", "to", "amount", "currency"], ["a", "b", "#DIV/0!", "EUR"]],
    )
    (paid,) = [record for record in records(made).values() if record.ends]
    assert (paid.unmapped, [value.words for value in paid.not_understood]) == ([], ["#DIV/0! EUR"])


def test_a_truth_value_stays_what_the_cell_shows(tmp_path: Path) -> None:
    made = _book(
        tmp_path,
        persons=[["key", "name"], ["p1", True], ["p2", "FALSE"]],
        enterprises=[["key", "name", "state_owned"], ["e1", "Acme", True]],
    )
    found = records(made)
    assert (found["p1", ""].properties["name"], found["e1", ""].properties["state_owned"]) == (["TRUE"], ["TRUE"])
    remark = "is a truth value of a spreadsheet, and maybe no name; it is kept as it is"
    assert _said(made) == [
        f"case.xlsx:persons!B{n}: column name, value '{text}': {remark}" for n, text in ((2, "TRUE"), (3, "FALSE"))
    ]


def test_a_number_of_a_key_is_meant_with_and_without_decimals(tmp_path: Path) -> None:
    rows = [["key", "name"], *([key, key] for key in ("1.0", "2.0", "10.0"))]
    made = _book(tmp_path, enterprises=rows, links=[["from", "type", "to"], ["10", "owns", "2"]])
    assert [one.rpartition("; ")[2] for one in _said(made) if "no row" in one] == [
        *("did you mean 10.0?", "did you mean 2.0?")
    ]


def test_empty_rows_and_columns_without_a_heading_lose_nothing(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[], PERSONS, ["p1", "Ann", None, None, None, "a remark"], [], [" "], ["p2", "Bo", None]]
    made = _book(tmp_path, persons=[*rows, *([[None]] * 50)])
    assert [(k[0], r.line) for k, r in records(made).items()] == [("p1", 3), ("p2", 6)]
    assert records(made)["p1", ""].other == {"column F": ["a remark"]}
    assert rejects(made) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_several_files_or_sheets_of_one_kind_are_told_by_a_number_or_date(tmp_path: Path, ending: str) -> None:
    head, months = ["from", "to", "amount", "currency", "date"], ("2024-03", "2024-04")
    sheets = {f"payments-{month}": [head, ["p1", "p2", "10", "EUR", f"{month}-01"]] for month in months}
    sheets = {"persons": [["key", "name"], ["p1", "Ann Invented"], ["p2", "Bo Invented"]], **sheets}
    if ending == "xlsx":
        files = [save_workbook(tmp_path / "case.xlsx", sheets)]
    else:
        files = [tmp_path / f"{name}.csv" for name in sheets]
        for file, rows in zip(files, sheets.values(), strict=True):
            file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    made = read_files(*files)
    days = [record.properties["date"] for record in records(made).values() if record.ends]
    assert days == [["2024-03-01"], ["2024-04-01"]]
    assert rejects(made) == []


def test_rows_with_merged_cells_are_told_and_no_value_is_guessed_but_in_the_row_that_has_it(tmp_path: Path) -> None:
    rows = [["key", "name", "citizenship"], *([key, f"{key} Invented", "MT"] for key in "abcdef")]
    path = save_workbook(tmp_path / "case.xlsx", {"persons": rows})
    book = load_workbook(path)
    for cells in ("C3:C4", "B6:C6", "D1:E1", "A20:A90"):  # of two rows, of one, of the heading, of nothing
        book["persons"].merge_cells(cells)
    book.save(path)
    made = read_files(path)
    assert {key for key, _ in records(made)} == {"a", "b", "d", "f"}
    assert [link.ends[1].key for (key, _), link in records(made).items() if key == "b" and link.ends] == ["MT"]
    assert _said(made) == [
        "case.xlsx:persons: cells C3:C4 are merged; unmerge them, and fill each cell that has the value",
        "case.xlsx:persons: cells B6:C6 are merged; unmerge them, and fill each cell that has the value",
    ]
    assert [reject.line for reject in rejects(made)] == [4, 6]


def test_an_end_that_is_merged_downwards_is_the_end_of_each_link(tmp_path: Path) -> None:
    links: list[list[Any]] = [
        ["from", "type", "to", "share"],
        ["a", "owns", "c", "60 %"],
        ["b", "owns", None, "40 %"],
        [None] * 4,
    ]
    path = save_workbook(tmp_path / "case.xlsx", {"persons": [PERSONS, ["a", "Ann"], ["b", "Bo"]], "links": links})
    book = load_workbook(path)
    book["links"].merge_cells("C2:C4")
    book.save(path)
    made = read_files(path)
    assert [r.ends[1].key for r in records(made).values() if r.ends] == ["c", "c"]
    assert "case.xlsx:links: cells C2:C4 are merged; their value is read in this row too" in _said(made)


def test_a_row_with_nothing_but_its_key_is_told_and_a_bar_separates_cells(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("key|name\na|Ann Invented\nTotal: 1|\n", encoding="utf-8")
    made = read_files(path)
    assert {key for key, _ in records(made)} == {"a", "Total: 1"}
    [told] = rejects(made)
    assert (told.cell, told.is_remark) == ("A3", True)
    assert "delete it if it is a total" in told.reason


@pytest.mark.parametrize("headings", [("Name", "Chinese name"), ("姓名", "Name"), ("Name", "中文姓名")])
def test_a_second_name_is_an_alias(tmp_path: Path, headings: tuple[str, str]) -> None:
    made = _book(tmp_path, persons=[["key", *headings], ["p1", "Ann Example", "安"]])
    assert records(made)["p1", ""].properties == {"name": ["Ann Example"], "alias": ["安"]}


def test_headings_in_other_words_that_are_repeated_are_skipped(tmp_path: Path) -> None:
    heading = ["Key", "Name", "Date of birth"]
    made = _book(tmp_path, persons=[heading, ["p1", "Ann Example", "1960"], heading, ["key", "name", "birth_date"]])
    assert [key for key, _ in records(made)] == ["p1"]
    assert [r.line for r in rejects(made)] == [3, 4]


def test_what_is_hidden_or_struck_through_is_read_and_told(tmp_path: Path) -> None:
    rows = [["key", "name"], *([key, f"{key} Invented"] for key in "abcd")]
    path = save_workbook(tmp_path / "case.xlsx", {"persons": rows, "enterprises": [["key", "name"], ["e", "E"]]})
    book = load_workbook(path)
    for number in (1, 3, 4, 9):  # the heading, two rows, and one without cells
        book["persons"].row_dimensions[number].hidden = True
    for cell in ("A1", "B4", "B5"):
        book["persons"][cell].font = Font(strike=True)
    book["enterprises"].sheet_state = "hidden"
    book["persons"].column_dimensions["B"].hidden = True
    book.save(path)
    made = read_files(path)
    assert {key for key, _ in records(made)} == set("abcde")
    assert [
        (reject.place.removeprefix(f"{path.parent}/"), reject.reason.partition(";")[0]) for reject in rejects(made)
    ] == [
        ("case.xlsx:persons!B1", "column name is hidden"),
        ("case.xlsx:persons:3", "the row is hidden"),
        ("case.xlsx:persons:4", "the row is hidden"),
        ("case.xlsx:persons:4", "a cell is struck through"),
        ("case.xlsx:persons:5", "a cell is struck through"),
        ("case.xlsx:enterprises", "the sheet is hidden"),
    ]
    assert all(reject.is_remark and reject.is_advice for reject in rejects(made))


def test_a_sheet_that_no_table_reads_is_told_unless_it_is_empty_or_explains(tmp_path: Path) -> None:
    made = _book(tmp_path, persons=[PERSONS], notes=[["see the file"]], empty=[], **{"Columns explained": [["x"]]})
    (told,) = _said(made)
    assert told.startswith(
        "case.xlsx:notes: no table reads a sheet of this name; expected persons, enterprises, assets"
    )


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"notes": [["a"]]}, "case.xlsx: no sheet is a table; it has 'notes', expected persons, enterprises"),
        ({"Companies": [["a"]]}, "it has 'Companies' (if it is enterprises, call it so), expected persons"),
        ({"People": [["a"]], "Payment": [["a"]]}, "'People' (if it is persons, call it so), 'Payment' (if it is pay"),
        ({"persons": [["key", "title"]]}, "case.xlsx:persons:1: expected a column called name"),
        ({"persons": [[], [*PERSONS, "name"]]}, "case.xlsx:persons!B2: column name occurs more than once"),
    ],
)
def test_a_workbook_that_is_no_table_is_refused(tmp_path: Path, sheets: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        _book(tmp_path, **sheets)
    assert message in str(caught.value)


def _archive(*names: str) -> bytes:
    with zipfile.ZipFile(made := io.BytesIO(), "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"key,name\n", "is text, not a workbook; if it is a table, name it .csv or .tsv"),
        (gzip.compress(b"PK"), "is compressed by gzip; decompress it"),
        (b"<html><table>", "is a web page"),
        (_archive("mimetype"), "is a zip archive, not a workbook of Excel"),
        (_archive("[Content_Types].xml", "word/document.xml"), "is a document, not a workbook"),
        (_archive("[Content_Types].xml", "xl/workbook.bin"), "is a binary workbook; save it as XLSX or CSV"),
        (b"\xd0\xcf\x11\xe0rest", "is an old workbook, or one with a password"),
        (b"%PDF-1.7 rest", "is a PDF; export the data as CSV"),
        (b"PK\x05\x06" + bytes(18), "is a zip archive, not a workbook of Excel"),
    ],
    ids=range(10),  # contents hold the time of the test
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "case.xlsx").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_files(tmp_path / "case.xlsx")
    assert f"case.xlsx: {message}" in str(caught.value)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    whole = save_workbook(
        tmp_path / "whole.xlsx", {"persons": [PERSONS, *([f"p{n}", "Ann"] for n in range(500))]}
    ).read_bytes()
    for size in range(30, len(whole), len(whole) // 7):
        (tmp_path / "case.xlsx").write_bytes(whole[:size])
        with pytest.raises(InputError, match=r"case\.xlsx: cannot be read as a workbook"):
            read_files(tmp_path / "case.xlsx")


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    for name, message in (("none.xlsx", "there is no such file"), ("folder.xlsx", "is a folder; expected a file")):
        with pytest.raises(InputError, match=message):
            read_files(tmp_path / name)


def test_drop_down_lists_and_the_like_give_no_warning(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(records(_book(tmp_path, persons=[PERSONS, ["p1", "Ann"]]))) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_saved_with_another_delimiter_is_read(tmp_path: Path, delimiter: str) -> None:
    text = "key,name,passport_number,citizenship,country\np1,Ann Example,0123,,\n".replace(",", delimiter)
    (tmp_path / "persons.csv").write_text(text, encoding="utf-8-sig")
    assert records(read_files(tmp_path / "persons.csv"))["p1", ""].properties["passport_number"] == ["0123"]


def test_a_workbook_with_macros_is_a_workbook(tmp_path: Path) -> None:
    path = save_workbook(tmp_path / "case.xlsx", {"persons": [["key", "name"], ["a", "A Invented"]]})
    assert {key for key, _ in records(read_files(path.rename(tmp_path / "case.xlsm")))} == {"a"}


def test_any_workbook_is_read_as_sheets() -> None:
    assert choose_connector(Path("Our Case.XLSX")).name == "sheets"


HEADINGS = "Key;Full Name;Date of Birth;Nationality;Notes;Shoe size\n"


def test_headings_are_read_in_other_words_and_letters(tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text(f"{HEADINGS}p1;Ann Invented;1960;GB;a remark;42\n", encoding="utf-8")
    made = read_files(tmp_path / "persons.csv")
    ann = records(made)["p1", ""]
    assert ann.properties == {"name": ["Ann Invented"], "birth_date": ["1960"], "summary": ["a remark"]}
    assert (ann.other, rejects(made), "CITIZEN_OF" in {r.type for r in records(made).values()}) == (
        {"Shoe size": ["42"]},
        [],
        True,
    )
    same = _book(
        tmp_path, persons=[HEADINGS.strip().split(";"), ["p1", "Ann Invented", "1960", "GB", "a remark", "42"]]
    )
    assert records(same)["p1", ""].body() == ann.body()


def test_a_heading_that_is_like_a_column_is_told_and_one_that_means_a_column_twice_is_kept(tmp_path: Path) -> None:
    rows = [["key", "name", "citizenhsip", "notes", "summary"], ["p1", "Ann", "GB", "one", "two"]]
    made = _book(tmp_path, persons=rows)
    assert _said(made) == [
        "case.xlsx:persons!C1: column citizenhsip: did you mean citizenship? Its cells are kept under its own name"
    ]
    assert records(made)["p1", ""].other == {"citizenhsip": ["GB"], "notes": ["one"]}


@pytest.mark.parametrize("heading", ["Handling", " HANDLING ", "handling code", "Classification", "protected"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_handling_code_is_read_under_headings_in_other_words_and_letters(
    heading: str, ending: str, tmp_path: Path
) -> None:
    rows = [["key", "name", heading, "Stated", "RELIABILITY"], ["p1", "Ann Invented", "protected", "2026-01-02", "b"]]
    if ending == "csv":
        (tmp_path / "persons.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
        made = read_files(tmp_path / "persons.csv")
    else:
        made = _book(tmp_path, persons=rows)
    said = records(made)["p1", ""].provenance
    assert (said.handling, said.stated, said.reliability, rejects(made)) == ("protected", "2026-01-02", "B", [])


@pytest.mark.parametrize(
    ("headings", "wrong"), [(["Handlng"], "C1"), (["handeling"], "C1"), (["handling", "Handling"], "D1")]
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_heading_that_may_mean_a_handling_code_is_refused_and_opens_no_row(
    headings: list[str], wrong: str, ending: str, tmp_path: Path
) -> None:
    rows = [["key", "name", *headings], ["p1", "Ann Invented", *([""] * (len(headings) - 1)), "protected"]]
    (tmp_path / "persons.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    with pytest.raises(InputError, match=f"column {headings[-1]}: did you mean handling") as told:
        read_files(tmp_path / "persons.csv") if ending == "csv" else _book(tmp_path, persons=rows)
    assert ending == "csv" or f"persons!{wrong}" in str(told.value)


def test_a_part_of_a_state_means_the_state_and_is_kept(tmp_path: Path) -> None:
    made = _book(tmp_path, enterprises=[["key", "name", "registered_in"], ["e1", "Acme (invented)", "US-DE"]])
    (link,) = (r for r in records(made).values() if r.ends)
    assert (link.ends, rejects(made)) == ((Ref(NAMESPACE, "e1"), Ref("jurisdiction", "US")), [])
    assert records(made)["e1", ""].other == {"registered_in": ["US-DE"]}


def test_equal_payments_with_one_key_are_one_event(tmp_path: Path) -> None:
    pay = "from,to,amount,currency,date"
    for column, count in (("id", 1), ("reference", 2)):
        (tmp_path / "payments.csv").write_text(f"{column},{pay}\n" + "x7,p1,p2,100,USD,2011-01-01\n" * 2)
        paid = [r for r in read_files(tmp_path / "payments.csv") if isinstance(r, Record)]
        assert len({(record.key, record.part) for record in paid}) == count


def test_names_in_further_columns_are_aliases(tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text(
        "key,name,alias,other names,Name (Chinese)\np1,Ann,Annie,A. E.; Anna,安娜\n", encoding="utf-8"
    )
    (ann,) = read_files(tmp_path / "persons.csv")
    assert isinstance(ann, Record)
    assert (ann.properties["name"], ann.properties["alias"]) == (["Ann"], ["Annie", "A. E.", "Anna", "安娜"])
    assert not ann.other


def test_an_empty_cell_that_has_to_be_filled_and_dates_in_the_wrong_order_are_remarked_on(tmp_path: Path) -> None:
    measures = [
        ["key", "kind", "target", "ordered_on", "lifted_on"],
        ["m1", "freeze", "p1", "2026-05-05", "2026-01-01"],
    ]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"], ["p2", None, "1980"]], measures=measures)
    assert _said(made) == [
        "case.xlsx:persons!B3: column name: is empty and has to be filled; the row is read without it",
        "case.xlsx:measures!E2: column lifted_on: ordered on 2026-05-05 is after lifted on 2026-01-01; both are kept",
    ]


def test_the_cell_that_makes_a_link_of_the_wrong_types_is_named_and_keys_parted_by_commas_are_seen(
    tmp_path: Path,
) -> None:
    enterprises = [["key", "name", "type", "registered_in", "country"], ["c3", "Fund", "Agency", "Romania", "Romania"]]
    trusts = [["key", "name", "kind", "beneficiary"], ["t1", "Reed", "trust", "p1, p2"]]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"], ["p2", "Bo"]], enterprises=enterprises, arrangements=trusts)
    first, second = _said(made)
    assert first.startswith("case.xlsx:enterprises!D2: column registered_in, value 'Romania': registered in goes from ")
    assert second.endswith("; separate several keys with `;`, not with a comma")


def test_the_role_is_kept_without_the_words_around_it(tmp_path: Path) -> None:
    trusts = [["key", "name", "kind"], ["t1", "Reed", "nominee agreement"]]
    links = [["from", "type", "to"], ["t1", "has as nominee", "p1"]]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"]], arrangements=trusts, links=links)
    (held,) = [r for r in made if isinstance(r, Record) and r.type == "TRUSTEE_OF"]
    assert held.properties["role"] == ["nominee"]


def test_a_nominee_shareholder_has_the_legal_title_and_nothing_is_remarked(tmp_path: Path) -> None:
    links = [["from", "type", "to"], ["p1", "Nominee shareholder", "k1"]]
    made = _book(tmp_path, persons=[PERSONS, ["p1", "Ann"]], enterprises=[["key", "name"], ["k1", "Reed"]], links=links)
    (held,) = [one for one in made if not (isinstance(one, Record) and one.ends is None)]
    assert isinstance(held, Record)
    assert (held.type, held.properties["interest"], held.properties["role"]) == (
        "OWNS",
        ["legal"],
        ["Nominee shareholder"],
    )


def test_words_that_may_mean_something_are_answered_with_it_and_those_that_do_are_taken(tmp_path: Path) -> None:
    valued = ["key", "type", "name", "country", "value_kind", "value_date", "value", "value_currency"]
    made = _book(
        tmp_path,
        assets=[
            valued,
            ["a1", "Bitcoin", "W", "Swiss", "market value", "2024", "100", "Swiss francs"],
            ["a2", "villa", "H", "CH", "book value", "2024", "100", "CHF"],
            ["a3", "villa", "H", "CH", "purchase price", "2024", "100", "Bitcoin"],
        ],
        arrangements=[["key", "name", "kind"], ["t1", "T", "foundation"]],
        requests=[
            ["key", "kind", "target", "answer"],
            ["r1", "mla", "a1", "granted"],
            ["r2", "mla", "a1", "not granted"],
        ],
    )
    said = sorted(_said(made))
    endings = [
        "foundation is a word for the type Enterprise",
        "Swiss is a word for citizens: did you mean Switzerland (CH)?",
        "'book value' is none of these kinds; did you mean market?",
        "Bitcoin is not the code of a currency",
        "did you mean executed?",
    ]
    assert [text.endswith(ending) for text, ending in zip(said, endings, strict=True)] == [True] * 5
    wallet, refused = records(made)["a1", ""], records(made)["r2", ""]
    assert (wallet.type, wallet.properties["valuation"]) == ("CryptoWallet", ["market value 2024 100 Swiss francs"])
    assert refused.properties["answer"] == ["refused"]


def test_payments_name_accounts_by_their_numbers_and_the_accounts_of_their_parties(tmp_path: Path) -> None:
    """A number is that of the only account with it, whatever groups its digits; of two accounts it is nobody's."""
    made = _book(
        tmp_path,
        payments=[
            ["from", "to", "amount", "currency", "payer_account", "payee_account"],
            ["XX12 3456 7890", "555-1", 10, "USD"],
            ["p1", "p2", 20, "USD", "xx1234567890", "a2"],
            ["777", "p2", 30, "USD"],
        ],
        persons=[["key", "name"], ["p1", "Ann Example"], ["p2", "Ben Example"]],
        assets=[
            ["key", "type", "account_number", "iban"],
            ["a1", "bank account", "1", "XX1234567890"],
            ["a2", "bank account", "5551", ""],
            ["a3", "bank account", "777", ""],
            ["a4", "bank account", "777", ""],
        ],
    )
    links = [r for r in made if isinstance(r, Record) and r.ends]
    assert [(r.type, *(end.key for end in r.ends or ()), r.properties.get("relation")) for r in links] == [
        ("PAID", "a1", "a2", None),
        ("PAID", "p1", "p2", None),
        ("ASSOCIATED_WITH", "p1", "a1", ["payer's account"]),
        ("ASSOCIATED_WITH", "p2", "a2", ["payee's account"]),
        ("PAID", "777", "p2", None),
    ]
    assert links[1].properties["payer_account"] == ["a1"]
    assert _said(made) == [
        "case.xlsx:payments!A4: column from, value '777': several accounts have this number, and the link is "
        "unresolved; write the key of the one that is meant"
    ]


@pytest.mark.parametrize(
    ("rows", "paid", "remarks"),
    [
        ([("acc", "x", "D"), ("acc", "y", "Credit"), ("acc", "", "C")], ["acc x", "y acc", "? acc"], 0),
        ([("acc", "x", "debit"), ("y", "acc", "credit")], ["acc x", "y acc"], 0),
        ([("acc", "x", "CR"), ("acc", "y", "cr"), ("acc", "a", "cr")], ["x acc", "y acc", "a acc"], 1),
        ([("a", "x", "c"), ("b", "y", "c")], ["a x", "b y"], 2),
        ([("a", "x", "weekly"), ("b", "y", "")], ["b y"], 1),
    ],
)
def test_debit_and_credit_turn_payments_where_the_sheet_is_of_one_account(
    tmp_path: Path, rows: list[tuple[str, str, str]], paid: list[str], remarks: int
) -> None:
    sheet: list[list[Any]] = [["from", "to", "Debit/Credit", "amount", "currency"]]
    sheet += ([*row, n, "EUR"] for n, row in enumerate(rows, 1))
    made = _book(
        tmp_path, payments=sheet, enterprises=[["key", "name"], *([k, k] for k in ("acc", "a", "b", "x", "y"))]
    )
    links = {r.properties["amount"][0]: [end.key for end in r.ends] for r in made if isinstance(r, Record) and r.ends}
    shown = [" ".join("?" if end.endswith("unnamed") else end for end in ends) for _, ends in sorted(links.items())]
    assert (shown, len(_said(made))) == (paid, remarks)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Soll/Haben", "S H"),
        ("Af Bij", "Af Bij"),
        ("DRCR", "DR CR"),
        ("direction", "DBIT CRDT"),
        ("debe/haber", "Debe Haber"),
        ("收付标志", "付 收"),
    ],
)
def test_a_word_that_tells_no_direction_refuses_its_row(tmp_path: Path, heading: str, words: str) -> None:
    debit, credit = words.split()
    rows = [("acc", "a", debit), ("acc", "b", credit), ("acc", "c", "reversal"), ("acc", "d", "")]
    sheet: list[list[Any]] = [["from", "to", heading, "amount", "currency"]]
    made = _book(tmp_path, payments=sheet + [[*row, n, "EUR"] for n, row in enumerate(rows, 1)])
    assert [" ".join(end.key for end in r.ends) for r in made if isinstance(r, Record) and r.ends] == [
        *("acc a", "b acc", "acc d")
    ]
    (told,) = [reject for reject in rejects(made) if reject.whole]
    assert (told.cell, told.reason.partition("expected")[2]) == ("C4", " one of credit, debit")
    assert not any(r.unmapped for r in made if isinstance(r, Record))


def test_a_column_of_words_for_debit_and_credit_with_another_name_is_told(tmp_path: Path) -> None:
    heading = ["from", "to", "amount", "currency", "leg", "kind"]
    rows = [["acc", "a", 1, "EUR", "DR", "DR"], ["acc", "b", 2, "EUR", "CR", "wire"], ["acc", "c", 3, "EUR", "", "CR"]]
    said = [one for one in _said(_book(tmp_path, payments=[heading, *rows])) if "no row" not in one]
    assert said == ["case.xlsx:payments!E2: column leg: says debit and credit, and is not read: call it direction"]


@pytest.mark.parametrize(
    ("debit", "credit"),
    [("Debit", "Credit"), ("WITHDRAWALS", "deposits"), ("Soll", "Haben"), ("débit", "Crédit"), ("借方", "贷方")],
)
def test_debit_and_credit_may_be_two_columns_of_amounts(tmp_path: Path, debit: str, credit: str) -> None:
    heading = ["from", "to", debit, credit, "currency", "balance"]
    rows: list[list[Any]] = [
        ["acc", "a", "1.234,50", "", "EUR", 9],
        ["acc", "b", "0.00", 7, "EUR", 8],
        ["acc", "", "", "€ 5", "", 7],
        heading,
        ["acc", "c", 4, "3", "EUR", 6],
        ["acc", "d", "-", "1.500", "EUR", 5],
        ["acc", "e", "x", "", "EUR", 5],
    ]
    (tmp_path / "payments-1.csv").write_text(
        "".join(";".join(map(str, row)) + "\n" for row in [heading, *rows]), encoding="utf-8"
    )
    for made in (_book(tmp_path, payments=[heading, *rows]), read_files(tmp_path / "payments-1.csv")):
        paid = {
            " ".join(ref.key if len(ref.key) < 9 else "?" for ref in r.ends): r.properties.get("amount")
            for r in made
            if isinstance(r, Record) and r.ends
        }
        assert paid == {
            "acc a": ["1.234,50 EUR"],
            "b acc": ["7 EUR"],
            "? acc": ["5 EUR"],
            "d acc": ["1500 EUR"],
            "acc e": None,
        }
        assert [(r.line, r.cell, r.reason) for r in rejects(made) if r.line and "no row of these" not in r.reason] == [
            (5, "", "the row repeats the headings; it is skipped"),
            (6, "", f"expected an amount in one of {debit} and {credit}, not in both"),
            (
                8,
                "C8",
                f"columns {debit}, currency, value 'x EUR': expected an amount and an ISO 4217 code,"
                " such as 1200.50 USD",
            ),
        ]
        shown = {r.line: r.cells for r in rejects(made) if r.line in (6, 8) and r.cells}
        assert [[cells.get(name) for name in (debit, credit, "amount")] for cells in shown.values()] in (
            [["4", "3", None], ["x", "", None]],
            [["4", "3", None], ["x", None, None]],
        )


def test_a_mended_row_is_read_as_the_others_of_its_sheet_tell(tmp_path: Path) -> None:
    """Not as those of the file of mended rows: here whose account, which order of dates and which decimal sign."""
    head = "from,to,date,direction,amount,currency"
    files = {
        "payments-1.csv": ['a,b,13/02/2020,debit,"12,50",EUR', "c,a,03/04/2020,credit,1.234,EURO7"],
        "payments-2.csv": ["a,b,02/13/2020,,12.50,EUR", "c,d,03/04/2020,,1.234,EURO7"],
    }
    mended = [f"problem,{head},corrects row"]
    paths = [tmp_path / name for name in files]
    for path in paths:
        path.write_text("\n".join([head, *files[path.name], ""]), encoding="utf-8")
        (wrong,) = [reject for reject in rejects(read_files(path, connector="sheets")) if "EURO7" in reject.reason]
        mended.append(f"x,{files[path.name][1].replace('EURO7', 'EUR')},{row_digest(wrong.row)}")
    paths.append(tmp_path / "payments-3.csv")
    paths[-1].write_text("\n".join([*mended, ""]), encoding="utf-8")
    made = [r for r in read_files(*paths, connector="sheets") if isinstance(r, Record) and r.ends]
    said = {
        " ".join(end.key for end in r.ends or ()): [
            VALUE_TYPES[n].clean(r.properties[m][0]) for n, m in (("date", "date"), ("money", "amount"))
        ]
        for r in made
    }
    assert said["c a"] == ["2020-04-03", "1234 EUR"]
    assert said["c d"] == ["2020-03-04", "1.2340 EUR"]


@pytest.mark.parametrize("row", [["a", "c", 50, "EUR", "03/04/2020", ""], ["a", "c", 50, "EUR", "", "credit"]])
def test_a_total_is_found_among_rows_that_are_held_back(tmp_path: Path, row: list[Any]) -> None:
    first, total = ["a", "b", 100, "EUR", "13/04/2020", "debit"], ["Total", "all", 150, "EUR"]
    heading = ["from", "to", "amount", "currency", "date", "direction"]
    made = _book(tmp_path, payments=[heading, first, row, total])
    assert [(reject.line, reject.reason) for reject in rejects(made) if reject.whole] == [
        (4, "is a total or balance (Total), and no payment")
    ]


def test_two_payees_in_one_row_are_told_in_their_column(tmp_path: Path) -> None:
    made = _book(
        tmp_path,
        persons=[["key", "name"], *([key, key] for key in ("a", "b", "c"))],
        payments=[["from", "to", "amount", "currency", "payer_account"], ["a", "b;c", 5, "EUR", "a"]],
    )
    (told,) = _said(made)
    assert "B2: column to, value 'b;c': no row" in told and told.endswith("write a row for each, with its own amount")


@pytest.mark.parametrize("damage", [b"<fill/>", b'<fill><patternFill><fgColor rgb="blue"/></patternFill></fill>'])
def test_a_workbook_is_read_whose_styles_openpyxl_refuses(tmp_path: Path, damage: bytes) -> None:
    rows: list[list[Any]] = [["key", "name", "birth_date"], ["p", "Ann", date(1970, 3, 2)]]
    path = save_workbook(tmp_path / "case.xlsx", {"persons": rows})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    styles = parts["xl/styles.xml"].replace(b"<fill><patternFill /></fill>", damage)
    assert damage in styles
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, "xl/styles.xml": styles}.items():
            archive.writestr(name, content)
    assert records(read_files(path))["p", ""].properties["birth_date"] == ["1970-03-02"]
