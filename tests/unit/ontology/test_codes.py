"""Are codes recognised, and nothing taken for one that is none?"""

from __future__ import annotations

import pytest

from kg.ontology import Ontology, load_ontology
from kg.ontology.values import CHECK_DIGITS, VALUE_TYPES, BadValue, identifier_key, is_unnamed


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    """The ontology that ships."""
    return load_ontology()


def clean(kind: str, raw: str) -> str:
    """The canonical text."""
    return VALUE_TYPES[kind].clean(raw)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("HRB 12345", "HRB 12345"),
        ("１２３－Ａ", "123-A"),
        ("a\u2011b", "a-b"),
        ("bc1Qx", "bc1Qx"),
        (" 京A·12345 ", "京A·12345"),
    ],
)
def test_an_identifier_keeps_its_case_and_its_separators(raw: str, kept: str) -> None:
    assert clean("identifier", raw) == kept


@pytest.mark.parametrize("raw", ["-", "--/--", "?", "·"])
def test_an_identifier_has_a_letter_or_a_digit(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected an identifier with at least one letter or digit$"):
        clean("identifier", raw)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        *((text, False) for text in ("Others", "Other shareholders", "Treasury shares", "Streubesitz", "其他股东")),
        *((text, True) for text in ("Other Ltd", "Public Holdings", "Otros Example", "Own Shares Example Ltd")),
    ],
)
def test_several_unnamed_holders_are_nobody_and_join_no_companies(text: str, named: bool) -> None:
    assert is_unnamed(text) is not named


@pytest.mark.parametrize(
    "raw", ["unknown", "Not  Available", "not known", "pending", "keine", "see notes", "to follow", "N/A", "tbc"]
)
def test_words_for_a_missing_identifier_are_none(raw: str) -> None:
    with pytest.raises(BadValue, match="not words for a missing one"):
        clean("identifier", raw)


@pytest.mark.parametrize("raw", ["1.2E+08", "1,23457e+11", "9E+15"])
def test_a_number_that_a_spreadsheet_shortened_is_no_identifier(raw: str) -> None:
    with pytest.raises(BadValue, match="a spreadsheet has shortened; type it as text"):
        clean("identifier", raw)


@pytest.mark.parametrize("raw", ["1E08", "E+08", "NA12345", "PENDING-7", "Nil 4"])
def test_what_only_begins_like_them_is_an_identifier(raw: str) -> None:
    assert clean("identifier", raw) == raw


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("HRB12345", "HRB12345"),
        ("hrb 123-45", "HRB12345"),
        ("ＨＲＢ　１２３４５", "HRB12345"),
        ("京A·12345", "京A12345"),
        ("١٢٣", "123"),
        ("-", ""),
    ],
)
def test_spellings_of_one_identifier_share_a_key(raw: str, key: str) -> None:
    assert identifier_key(raw) == key


def test_identifiers_are_the_same_but_for_separators_and_case() -> None:
    assert VALUE_TYPES["identifier"].same("GB29 NWBK", "gb29nwbk")
    assert not VALUE_TYPES["identifier"].same("GB29", "GB30")


@pytest.mark.parametrize(
    ("node", "name", "raw", "kept"),
    [
        ("Vessel", "imo", "IMO9074729", "9074729"),
        ("Vessel", "imo", "imo no. 9074729", "9074729"),
        ("Vessel", "imo", "9074729.0", "9074729"),
        ("Vessel", "mmsi", "235 000 000", "235000000"),
        ("Vessel", "mmsi", "MMSI: 235000000", "235000000"),
        ("Vessel", "mmsi", "235000000.0", "235000000"),
        ("Enterprise", "swift", "examgb2l", "EXAMGB2L"),
        ("Enterprise", "swift", "EXAM GB 2L XXX", "EXAMGB2L"),
        ("Enterprise", "swift", "SWIFT: EXAMGB2L123", "EXAMGB2L123"),
        ("BankAccount", "bic", "examgb2lxxx", "EXAMGB2L"),
        ("BankAccount", "iban", "gb29 nwbk 6016 1331 9268 19", "GB29NWBK60161331926819"),
        ("BankAccount", "iban", "IBAN GB29-NWBK-6016-1331-9268-19", "GB29NWBK60161331926819"),
        ("Party", "lei", "5493000example000x12", "5493000EXAMPLE000X12"),
        ("Party", "lei", "LEI: 5493 000E XAMP LE00 0X12", "5493000EXAMPLE000X12"),
        ("Security", "isin", "gb 00exampl e1", "GB00EXAMPLE1"),
        ("Entity", "wikidata_id", "q42", "Q42"),
        ("Enterprise", "registration_number", "GB-COH 1234567", "01234567"),
        ("Enterprise", "registration_number", "gb-coh-sc12345", "SC012345"),
        ("Enterprise", "registration_number", "PL-KRS: 12345", "0000012345"),
        ("Enterprise", "registration_number", "BE-BCE_KBO 403.170.701", "0403170701"),
        ("Enterprise", "registration_number", "NO-BRC 912345678", "912345678"),
        ("Enterprise", "registration_number", "DE-HRB 12345", "DE-HRB 12345"),
        ("Enterprise", "registration_number", "1234567", "1234567"),
        ("Entity", "wikidata_id", "https://www.wikidata.org/wiki/Q42", "Q42"),
        ("Entity", "wikidata_id", "http://www.wikidata.org/entity/Q42", "Q42"),
    ],
)
def test_spellings_of_a_code_become_one(node: str, name: str, raw: str, kept: str, ontology: Ontology) -> None:
    assert ontology.properties(node)[name].clean(raw) == kept


@pytest.mark.parametrize(
    ("node", "name", "raw"),
    [
        ("Vessel", "imo", "907472"),
        ("Vessel", "imo", "IMO90747290"),
        ("Vessel", "mmsi", "23500000"),
        ("Enterprise", "swift", "EXAMGB2"),
        ("BankAccount", "iban", "29GB"),
        ("Party", "lei", "5493000EXAMPLE000X1"),
        ("Entity", "wikidata_id", "https://example.org/Q42"),
    ],
)
def test_what_no_spelling_of_a_code_is_is_refused(node: str, name: str, raw: str, ontology: Ontology) -> None:
    with pytest.raises(BadValue, match=r"^expected (an identifier|20 letters and digits,) such as "):
        ontology.properties(node)[name].clean(raw)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("imo", "9074729", "9074728"),
        ("lei", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R21"),
        ("iban", "GB29NWBK60161331926819", "GB29NWBK60161331926891"),
        ("isin", "US0378331005", "US0387331005"),
    ],
)
def test_check_digits_tell_a_digit_that_is_wrong_or_in_another_place(kind: str, right: str, wrong: str) -> None:
    assert CHECK_DIGITS[kind](right)
    assert not CHECK_DIGITS[kind](wrong)


def test_an_imo_number_gets_back_the_zeros_that_its_check_digit_proves(ontology: Ontology) -> None:
    imo = ontology.properties("Vessel")["imo"]
    assert imo.clean("123450") == "0123450"


@pytest.mark.parametrize(
    "raw",
    [
        "https://example.org",
        "HTTP://Example.org/a?b=c#d",
        "http://user@example.org:8080/x",
        "https://例子.example/路",
        "https://example.org?q=1",
    ],
)
def test_a_web_address_is_kept_as_written(raw: str) -> None:
    assert clean("url", raw) == raw


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("example.org", "http://example.org"),
        ("www.example.org/a?b", "http://www.example.org/a?b"),
        ("//example.org:8080/x", "http://example.org:8080/x"),
        ("例子.example", "http://例子.example"),
        ("https://example.org/?q=a b", "https://example.org/?q=a%20b"),
    ],
)
def test_a_web_address_gets_its_scheme_and_loses_its_spaces(raw: str, kept: str) -> None:
    assert clean("url", raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "example",
        "a@example.org",
        "mailto:a@example.org",
        "example.org and others",
        "1.2",
        "example.org.",
        "javascript://example.org/%0aalert(1)",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/hosts",
        "ftp://example.org",
        "https://",
        "https:///path",
        "https://a b.example",
        "https:\\\\example.org",
    ],
)
def test_only_addresses_of_the_web_are_taken(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a web address"):
        clean("url", raw)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("yes", "yes"),
        ("TRUE", "yes"),
        ("t", "yes"),
        ("1", "yes"),
        ("No", "no"),
        ("false", "no"),
        ("F", "no"),
        ("０", "no"),
    ],
)
def test_yes_and_no_have_several_spellings(raw: str, kept: str) -> None:
    assert clean("flag", raw) == kept


@pytest.mark.parametrize("raw", ["maybe", "2", "yes no", "nein"])
def test_anything_else_is_neither_yes_nor_no(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected yes or no$"):
        clean("flag", raw)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        *(("cn", "CN"), ("US-DE", "US-DE"), ("gb_sct", "GB-SCT"), ("ＨＫ", "HK"), ("cn-91", "CN-91")),
        *(("China", "CN"), ("chn", "CN"), ("中国", "CN"), ("The Bahamas", "BS"), ("uk", "GB"), ("zr", "CD")),
    ],
)
def test_a_jurisdiction_is_a_code(raw: str, kept: str) -> None:
    assert clean("jurisdiction", raw) == kept


@pytest.mark.parametrize("raw", ["Cathay", "XYZ", "C", "US-", "US-ABCD", "US DE", "ß", "\ufb01", "١٢"])
def test_what_is_no_code_and_no_name_is_no_jurisdiction(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a code of ISO 3166"):
        clean("jurisdiction", raw)
