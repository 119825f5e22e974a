"""Do the entries of the Security Council's list become listings, with all that they say?"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.records import UnreadValue
from kg.sources.files.lines import MAX_LINE
from kg.sources.files.xml_elements import read_elements
from tests import golden
from tests.sources.read_results import as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
LIST = HERE / "consolidated.xml"


def _list(*entries: str) -> str:
    return f"<CONSOLIDATED_LIST><INDIVIDUALS>{''.join(entries)}</INDIVIDUALS></CONSOLIDATED_LIST>"


def test_a_sample_gives_the_records_and_rejects_it_gave_before() -> None:
    golden.check(HERE / "consolidated.expected.jsonl", as_json_lines(read_files(LIST)))


def test_a_date_of_birth_that_is_not_exact_stays_in_words() -> None:
    made = records(read_files(LIST))["9900001", ""]
    assert made.properties["birth_date"] == ["2051-10-13", "2052"]
    unread = [u for u in made.not_understood if u.property == "birth_date"]
    assert unread == [
        UnreadValue("INDIVIDUAL_DATE_OF_BIRTH", "birth_date", "APPROXIMATELY 2053"),
        UnreadValue("INDIVIDUAL_DATE_OF_BIRTH", "birth_date", "BETWEEN 2050 to 2054"),
    ]


def test_a_listing_is_a_measure_with_regime_day_and_source() -> None:
    made = records(read_files(LIST))
    listing, target = made["9900001/listing", ""], made["9900001/listing", "target"]
    assert listing.properties["program"] == ["Invented Regime"]
    assert listing.properties["ordered_on"] == ["2091-12-31"]
    assert (listing.provenance.origin, listing.provenance.stated) == ("United Nations Security Council", "2097-02-02")
    assert [end.key for end in target.ends or ()] == ["9900001/listing", "9900001"]


def test_the_rejects_hold_the_entry_as_it_was() -> None:
    [whole] = [r for r in rejects(read_files(LIST)) if r.whole]
    assert whole.row == "<INDIVIDUAL><FIRST_NAME>NO KEY</FIRST_NAME></INDIVIDUAL>"
    assert whole.line == 46


@pytest.mark.parametrize("form", ["gzip", "utf-16", "utf-8-sig", "latin-1", "one byte at a time"])
def test_a_list_is_read_however_it_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    entry = "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Žofie &lt;ü&gt;</FIRST_NAME></INDIVIDUAL>"
    text = f'<?xml version="1.0" encoding="{form}"?>{_list(entry, entry.replace("1", "2"))}'
    path = tmp_path / "consolidated.xml"
    match form:
        case "gzip":
            path = tmp_path / "consolidated.xml.gz"
            path.write_bytes(gzip.compress(text.replace("gzip", "UTF-8").encode()))
        case "utf-16":
            path.write_bytes(text.encode("utf-16"))
        case "latin-1":
            path.write_bytes(text.replace("latin-1", "ISO-8859-1").replace("Ž", "Z").encode("latin-1"))
        case "utf-8-sig":
            path.write_bytes(text.replace("utf-8-sig", "UTF-8").encode("utf-8-sig"))
        case _:
            path.write_text(text.replace(form, "UTF-8"), encoding="utf-8")
            monkeypatch.setattr("kg.sources.files.lines._CHUNK", 1)
    made = records(read_files(path))
    name = "Zofie <ü>" if form == "latin-1" else "Žofie <ü>"
    assert [made[key, ""].properties["name"] for key in ("1", "2")] == [[name], [name]]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FAULTS: Mapping[str, tuple[str, str]] = {
    "another root": ("<sdnList/>", "consolidated.xml:1: expected the element CONSOLIDATED_LIST, not sdnList"),
    "an entity that expands": (BOMB + _list("<INDIVIDUAL>&b;</INDIVIDUAL>"), "has a document type"),
    "a file outside": ('<!DOCTYPE x SYSTEM "file:///etc/hostname">' + _list(), "has a document type"),
    "cut short": (_list()[:-8], "consolidated.xml:1: is no XML, or cut short: "),
    "no XML": ("DATAID,NAME\n1,Ann\n", "is no XML, or cut short: "),
    "an entity that is none": (_list("<INDIVIDUAL>&nbsp;</INDIVIDUAL>"), "is no XML, or cut short: undefined entity"),
    "too deep": (_list("<A>" * 70 + "</A>" * 70), "expected elements nested at most 64 deep"),
    "a web page": ("<!DOCTYPE html><html></html>", "is a web page"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_such_list_is_told_in_one_line(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "consolidated.xml"
    path.write_text(FAULTS[fault][0], encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_files(path)
    assert FAULTS[fault][1] in str(error.value)
    assert "\n" not in str(error.value)


def test_an_element_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_LINE > 1_000_000
    monkeypatch.setattr("kg.sources.files.xml_elements.MAX_LINE", 1_000_000)
    path = tmp_path / "consolidated.xml"
    path.write_text(_list("<INDIVIDUAL><DATAID>1</DATAID><NOTE>" + "<A>x</A>" * 500_000 + "</NOTE></INDIVIDUAL>"))
    with pytest.raises(InputError, match="expected an element of at most 1000000 bytes"):
        list(read_elements(path, "CONSOLIDATED_LIST", ("INDIVIDUAL",)))


def test_no_value_of_an_entry_is_lost() -> None:
    made = as_json_lines(read_files(LIST))
    for words in ("used in 2090", "Since 2093.", "Lemuria", "Atlantis", "2090-01-02", "S-7", "Seaman", "UN List"):
        assert words in made, words
