"""Is a value that is probably wrong remarked on, kept, and hidden where its row is?"""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from kg.errors import StrictReject
from kg.ledger.ledger import raise_on_reject
from kg.ontology import load_ontology
from kg.operations.ledger.protection import mark_protected
from kg.operations.ledger.remarks import fix_encoding
from kg.records import ReadResult, Record, Reject
from kg.sources.rows import SourceRow, quote_value


def read(record: Record, *others: Record, ascii_only: bool = False) -> list[ReadResult]:
    """What comes of the records of one row."""
    claims = [one.properties for one in (record, *others)]
    record.row = SourceRow("a.jsonl", 1, json.dumps(claims, ensure_ascii=ascii_only).encode())
    for other in others:
        other.row = record.row
    return list(mark_protected([record, *others], ["a.jsonl"], load_ontology()))


def reasons(results: Iterable[ReadResult]) -> list[str]:
    """What is remarked."""
    found = [result for result in results if isinstance(result, Reject)]
    assert all(reject.is_remark and reject.place == "a.jsonl:1" for reject in found)
    return [reject.reason for reject in found]


CHECK = "its check digits do not fit, so that it is probably mistyped; it is kept as it is"
STAND_IN = "is a day that programs write where there is no date; it is kept as it is"
GARBLED = "its letters were decoded wrongly; it is kept as it is"


def test_an_amount_that_a_spreadsheet_has_shortened_is_told() -> None:
    short, whole = (Record("a", "Cash", {"amount": [text]}) for text in ("1.23457E+06 EUR", "5.69E7 EUR"))
    said = "is a number that a spreadsheet has shortened, and digits of it may be lost; it is kept as it is"
    assert reasons(read(short)[1:]) == [f"property amount, value '1.23457E+06 EUR': {said}"]
    assert read(whole) == [whole]


@pytest.mark.parametrize(
    ("kind", "name", "value", "told"),
    [
        ("Vessel", "imo", "IMO 9074728", CHECK),
        ("Enterprise", "lei", "5493001KJTIIGC8Y1R21", CHECK),
        ("Security", "isin", "US0387331005", CHECK),
        ("BankAccount", "iban", "GB29 NWBK 6016 1331 9268 91", CHECK),
        ("Person", "birth_date", "1970-01-01", STAND_IN),
        ("Person", "birth_date", "1/1/1900 0:00", STAND_IN),
        ("Enterprise", "incorporation_date", "1899-12-30", STAND_IN),
        ("Person", "name", "An�a (invented)", "letters of it were lost when a program saved it; it is kept as it is"),
        ("Person", "name", "J?rgen Gr?sse", "letters of it were lost when a program saved it; it is kept as it is"),
        ("Person", "name", "???? ??????", "letters of it were lost when a program saved it; it is kept as it is"),
        ("Person", "name", "A \u202eecila", "has a sign that shows its letters in another order; it is kept as it is"),
        ("Enterprise", "name", "A &amp; B (invented)", "has codes of HTML; it is kept as it is"),
    ],
)
def test_a_value_that_is_probably_wrong_is_remarked_on_and_kept(kind: str, name: str, value: str, told: str) -> None:
    record = Record("a", kind, {name: [value]})
    kept, *remarks = read(record)
    assert kept is record
    assert reasons(remarks) == [f"property {name}, value {value!r}: {told}"]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("Vessel", "imo", "IMO 9074729"),
        ("BankAccount", "iban", "GB29 NWBK 6016 1331 9268 19"),
        ("Person", "birth_date", "1970-01-02"),
        ("Person", "birth_date", "1970"),
        ("Enterprise", "name", "Smith & Co; and others (invented)"),
        ("Party", "web_page", "https://example.org/?a=1&amp;b=1970"),
    ],
)
def test_what_is_right_is_not(kind: str, name: str, value: str) -> None:
    assert reasons(read(Record("a", kind, {name: [value]}))) == []


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("MÃ¼ller Beispiel", "Müller Beispiel"),
        ("å¼ ä¼Ÿ", "张伟"),
        ("Ð\x98Ð²Ð°Ð½", "Иван"),
        ("РњСЋР»Р»РµСЂ", "Мюллер"),
        ("Èâàí Ïåòðîâ", "Иван Петров"),
        ("ÎÎÎ Ðîìàøêà Ltd", "ООО Ромашка Ltd"),
        ("Čâŕí Ďĺňđîâ", "Иван Петров"),
        ("é×ÁÎ ðÅÔÒÏ×", "Иван Петров"),
        ("Ãéþñãïò", "Γιώργος"),
        ("£ukasz ¦liwa", "Łukasz Śliwa"),
        ("Wa³êsa", "Wałęsa"),
        ("J„ger", "Jäger"),
        ("MŸller", "Müller"),
    ],
)
def test_letters_that_were_decoded_wrongly_are_told_with_those_that_they_were(
    value: str, meant: str, *, ascii_only: bool
) -> None:
    results = read(Record("a", "Person", {"name": [value]}), ascii_only=ascii_only)
    assert reasons(results) == [f"property name, value {value!r}, which was {meant!r}: {GARBLED}"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8"])
def test_wrong_letters_are_told_in_whatever_encoding_the_file_is(encoding: str) -> None:
    record = Record("a", "Person", {"name": ["Ïåòðîâ"]}, row=SourceRow("a.csv", 2, "a,Ïåòðîâ".encode(encoding)))
    assert len([*mark_protected([record], ["a.csv"], load_ontology())]) == 2


def test_a_name_in_any_script_is_taken_for_what_it_is() -> None:
    names = "Müller,São João,Çelik Ñandú,Ömer Çiçek,L'ÉTÉ…,»SÖ“,Société «Été»,РСФСР,Рівне,Иван,张伟,Nguyễn,Åse Øå,ÀÉ,"
    names += (
        "£5m fund,5 m³ a day,Trương Ước,Đỗ Thị Ưởng,Été à Áé,Łukasz Śliwa,Çağrı Öğüş,Šťastný Žižek,Œuvre d’Éloi,¿Qué?"
    )
    assert [name for name in names.split(",") if fix_encoding(name)] == []


def test_a_remark_on_a_protected_row_is_protected() -> None:
    bad = Record("v", "Vessel", {"imo": ["9074728"]})
    hidden = Record("v", "HAS_STATUS_IN", {}, "status")
    *_, remark = read(bad, hidden)
    assert isinstance(remark, Reject)
    assert remark.protected


@pytest.mark.parametrize(
    ("value", "is_told"),
    [("2061-03-04", True), ("4 March 2957", True), ("2026-06-02", True), ("2026-06-01", False), ("2026", False)],
)
@pytest.mark.parametrize(("kind", "name"), [("Person", "birth_date"), ("PAID", "date")])
def test_nobody_is_born_or_paid_after_the_day_of_the_load(kind: str, name: str, value: str, *, is_told: bool) -> None:
    record = Record("a", kind, {name: [value]}, row=SourceRow("a.jsonl", 1, b"{}"))
    found = reasons(mark_protected([record], ["a.jsonl"], load_ontology(), day="2026-06-01"))
    told = f"property {name}, value {value!r}: is after the day of the load; it is kept as it is"
    assert found == ([told] if is_told else [])


def test_identifiers_of_an_invented_source_are_nobodys_on_purpose() -> None:
    record = Record("v", "Vessel", {"imo": ["9074728"]}, row=SourceRow("a.jsonl", 1, b"{}"))
    assert [*mark_protected([record], ["a.jsonl"], load_ontology(), invented=True)] == [record]


def test_letters_lost_in_an_escape_in_capitals_are_found() -> None:
    record = Record("a", "Person", {"name": ["An\ufffda (invented)"]})
    record.row = SourceRow("a.jsonl", 1, rb'{"name": ["An\uFFFDa (invented)"]}')
    assert len(reasons(mark_protected([record], ["a.jsonl"], load_ontology()))) == 1


def test_a_strict_load_goes_on_after_a_remark_and_stops_at_a_reject() -> None:
    raise_on_reject(Reject("a.jsonl", 1, "a remark", "", whole=False, is_advice=True))
    for whole in (True, False):
        with pytest.raises(StrictReject):
            raise_on_reject(Reject("a.jsonl", 1, "a reject", "", whole=whole))


@pytest.mark.parametrize("value", ["O'Sample", 'Ann "Bo" Sample', 'O\'Sample "Bo": one', "a \\ 'b': \"c\""])
def test_the_kind_of_a_remark_has_nothing_of_the_value(value: str) -> None:
    reason = f"property name, value {quote_value(value)}, which was {quote_value(value)}: it is kept"
    assert Reject("a.jsonl", 1, reason, "", whole=False).kind == "property name: it is kept"
    assert Reject("a.jsonl", 1, f"the name {quote_value(value)} is kept", "", whole=False).kind == "the name … is kept"
