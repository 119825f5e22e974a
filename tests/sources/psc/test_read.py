"""Do the lines of the register of people with significant control become the records that they claim?"""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from kg.database import connect
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.ontology.values.register_numbers import restore_company_number
from kg.records import ReadResult, Ref, Reject
from kg.sources.countries import citizenship_code
from kg.sources.psc.natures import RIGHTS, SHARE_BANDS, UNKNOWN_NATURE, parse_nature
from kg.sources.psc.read import STATEMENT_KIND, PscLineReader
from kg.sources.rows import ReadContext, SourceRow
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
SAMPLE = HERE / "sample.txt"
SELF = "company/00000007/persons-with-significant-control/individual/inv"


def _line(**data: Any) -> dict[str, Any]:
    said = {"kind": "individual-person-with-significant-control", "links": {"self": f"/{SELF}"}, "name": "Ann Invented"}
    return {"company_number": "7", "data": said | data}


def _read(tmp_path: Path, *some: object) -> list[ReadResult]:
    file = tmp_path / "psc.txt"
    file.write_text("".join(json.dumps(s) + "\n" for s in some), encoding="utf-8")
    return read_files(file)


@pytest.mark.parametrize("name", ["sample", "faults"])
def test_a_sample_gives_the_records_and_rejects_it_gave_before(name: str) -> None:
    golden.check(HERE / f"{name}.expected.jsonl", as_json_lines(read_files(HERE / f"{name}.txt", connector="psc")))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1234567", "01234567"),
        ("6", "00000006"),
        ("01234567", "01234567"),
        ("SC12345", "SC012345"),
        ("sc012345", "SC012345"),
        ("NI1", "NI000001"),
        ("OC301234", "OC301234"),
        ("R123", "R0000123"),
        ("IP12345R", "IP12345R"),
        ("123456789", "123456789"),
    ],
)
def test_the_zeros_of_a_number_are_restored_behind_its_letters(raw: str, number: str) -> None:
    assert restore_company_number(raw) == number


def test_a_number_that_came_as_a_number_is_one_too(tmp_path: Path) -> None:
    made = records(_read(tmp_path, _line() | {"company_number": 7}))
    assert (SELF, "individual-person-with-significant-control") in made
    assert made["00000007", ""].properties == {"registration_number": ["00000007"]}


@pytest.mark.parametrize(
    ("text", "link", "share", "more"),
    [
        ("ownership-of-shares-25-to-50-percent", "OWNS", "25..50", ("", "")),
        ("ownership-of-shares-75-to-100-percent", "OWNS", "75..100", ("", "")),
        ("ownership-of-shares-50-to-75-percent-as-trust", "CONTROLS", "50..75", ("", "indirect")),
        ("ownership-of-shares-50-to-75-percent-as-firm", "CONTROLS", "50..75", ("", "indirect")),
        ("ownership-of-shares-more-than-25-percent-registered-overseas-entity", "OWNS", "25..100", ("", "")),
        (
            "ownership-of-shares-more-than-25-percent-as-trust-registered-overseas-entity",
            "OWNS",
            "25..100",
            ("legal", ""),
        ),
        ("ownership-of-shares-more-than-25-percent-as-firm-registered-overseas-entity", "OWNS", "25..100", ("", "")),
        (
            "ownership-of-shares-more-than-25-percent-as-control-over-trust-registered-overseas-entity",
            "CONTROLS",
            "25..100",
            ("", "indirect"),
        ),
        ("voting-rights-25-to-50-percent-limited-liability-partnership", "CONTROLS", "25..50", ("", "")),
        (
            "voting-rights-75-to-100-percent-as-firm-limited-liability-partnership",
            "CONTROLS",
            "75..100",
            ("", "indirect"),
        ),
        ("voting-rights-more-than-25-percent-as-trust-registered-overseas-entity", "CONTROLS", "25..100", ("", "")),
        (
            "right-to-share-surplus-assets-25-to-50-percent-limited-liability-partnership",
            "BENEFITS_FROM",
            "25..50",
            ("", ""),
        ),
        (
            "right-to-share-surplus-assets-50-to-75-percent-as-trust-limited-liability-partnership",
            "CONTROLS",
            "50..75",
            ("", "indirect"),
        ),
        ("part-right-to-share-surplus-assets-75-to-100-percent", "BENEFITS_FROM", "75..100", ("", "")),
        ("right-to-appoint-and-remove-directors", "CONTROLS", "", ("", "")),
        ("right-to-appoint-and-remove-members-as-firm-limited-liability-partnership", "CONTROLS", "", ("", "indirect")),
        ("right-to-appoint-and-remove-person", "CONTROLS", "", ("", "")),
        ("significant-influence-or-control", "CONTROLS", "", ("", "")),
        (
            "significant-influence-or-control-as-control-over-firm-registered-overseas-entity",
            "CONTROLS",
            "",
            ("", "indirect"),
        ),
        ("registered-owner-as-nominee-person-scotland-registered-overseas-entity", "BENEFITS_FROM", "", ("", "")),
        (
            "registered-owner-as-nominee-another-entity-northern-ireland-registered-overseas-entity",
            "BENEFITS_FROM",
            "",
            ("", "indirect"),
        ),
    ],
)
def test_a_nature_of_control_is_a_link_with_a_band(text: str, link: str, share: str, more: tuple[str, str]) -> None:
    assert parse_nature(text) == (link, share, *more)


def test_every_right_band_and_way_is_known() -> None:
    banded = [r for r in RIGHTS if r.startswith(("ownership", "voting", "right-to-share", "part-right"))]
    made = [f"{r}{band}{way}" for r in banded for band in SHARE_BANDS for way in ("", "-as-trust", "-as-firm")]
    assert [text for text in (*made, *RIGHTS) if parse_nature(text) is UNKNOWN_NATURE] == []


def test_a_nature_that_nobody_knows_is_control_in_its_own_words(tmp_path: Path) -> None:
    made = records(_read(tmp_path, _line(natures_of_control=["invented-nature"])))
    assert (made[SELF, "invented-nature"].type, made[SELF, "invented-nature"].properties) == (
        "CONTROLS",
        {"how": ["invented-nature"]},
    )


def test_what_has_ceased_has_an_end(tmp_path: Path) -> None:
    ceased = _line(
        notified_on="2016-04-06", ceased_on="2020-01-31", natures_of_control=["voting-rights-25-to-50-percent"]
    )
    link = records(_read(tmp_path, ceased))[SELF, "voting-rights-25-to-50-percent"]
    assert (link.properties["start_date"], link.properties["end_date"]) == (["2016-04-06"], ["2020-01-31"])


@pytest.mark.parametrize(
    ("born", "kept"),
    [
        ({"year": 1978, "month": 7}, ["1978-07"]),
        ({"year": 1978, "month": 7, "day": 3}, ["1978-07-03"]),
        ({"year": 1978}, ["1978"]),
        ({"month": 7}, None),
        ({"year": 1978, "month": 13}, None),
    ],
)
def test_a_birth_is_as_precise_as_the_register(tmp_path: Path, born: dict[str, int], kept: list[str] | None) -> None:
    assert records(_read(tmp_path, _line(date_of_birth=born)))[SELF, ""].properties.get("birth_date") == kept


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("British", ["GB"]),
        ("British,Irish", ["GB", "IE"]),
        ("irish / american", ["IE", "US"]),
        ("French And Dutch", ["FR", "NL"]),
        ("Mexico", ["MX"]),
        ("Polish", ["PL"]),
        ("Swedish", ["SE"]),
        ("Turkish", ["TR"]),
        ("Emirati", ["AE"]),
        ("British, Polish", ["GB", "PL"]),
        ("English,Nigerian", ["GB", "NG"]),
        ("Antigua And Barbuda, British", ["AG", "GB"]),
        ("Dual British-Irish National", ["GB", "IE"]),
        ("Trinidad and Tobago", ["TT"]),
        ("Citizen of the Dominican Republic", ["DO"]),
        ("Dominican", []),
        ("Nowherean", []),
    ],
)
def test_a_nationality_is_a_citizenship_where_its_word_means_one_place(
    tmp_path: Path, words: str, codes: list[str]
) -> None:
    made = records(_read(tmp_path, _line(nationality=words)))
    assert [r.ends[1] for r in made.values() if r.type == "CITIZEN_OF" and r.ends] == [
        Ref("jurisdiction", code) for code in codes
    ]
    assert made[SELF, ""].other["nationality"] == [words]


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("Dominican", "value 'Dominican': .*; Dominican may mean DM or DO$"),
        ("British, Atlantean", "value 'Atlantean': .*, its name or its code$"),
    ],
)
def test_a_word_that_means_no_place_is_counted(tmp_path: Path, words: str, unknown: str) -> None:
    (reject,) = rejects(_read(tmp_path, _line(nationality=words)))
    assert re.search(unknown, reject.reason) and not reject.whole


def test_no_word_means_two_places() -> None:
    assert [citizenship_code(word) for word in ("guinean", "congo", "georgia", "")] == ["", "", "", ""]


def test_a_person_whom_the_register_protects_has_no_name_and_is_marked() -> None:
    made = records(read_files(SAMPLE, connector="psc"))
    key = "company/01234567/persons-with-significant-control/super-secure/inv7"
    node, link = made[key, ""], made[key, "super-secure-person-with-significant-control"]
    assert (node.type, "name" in node.properties, node.provenance.handling) == ("Party", False, "restricted")
    assert (link.type, link.properties["status"], link.provenance.handling) == ("CONTROLS", ["ceased"], "restricted")


def test_a_statement_is_a_dated_claim_on_the_company() -> None:
    said = [r for r in records(read_files(SAMPLE, connector="psc")).values() if r.referents == ("00000006",)]
    assert [r.properties["summary"][0].removeprefix("Register of people with significant control: ") for r in said] == [
        "psc-exists-but-not-identified from 2016-07-12 to 2017-01-01",
        "no-individual-or-entity-with-signficant-control from 2017-01-01",
        "psc-exempt-as-shares-admitted-on-market from 2016-10-29 to 2018-01-01; from 2019-05-01",
    ]


def test_an_overseas_entity_is_not_said_to_be_registered_here() -> None:
    made = records(read_files(SAMPLE, connector="psc"))
    assert ("00000006", "register:GB") in made
    assert ("OE000001", "register:GB") not in made


def test_totals_are_compared_over_all_parts_of_a_snapshot(tmp_path: Path) -> None:
    rows = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    for name, part in (("psc-1of2.txt", rows[:4]), ("psc-2of2.txt", rows[4:])):
        (tmp_path / name).write_text("".join(part), encoding="utf-8")
    (word,) = rejects(read_files(tmp_path / "psc-1of2.txt", tmp_path / "psc-2of2.txt"))
    assert word.reason.startswith("property nationality, value 'Citizen Of Nowhere': ")
    (reject,) = rejects(read_files(tmp_path / "psc-2of2.txt"))
    assert (reject.reason, reject.whole) == (
        "property persons_of_significant_control_count, value '7': "
        "the files have 3; a part is missing, or rows were lost",
        False,
    )


def test_a_line_printed_over_many_lines_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "psc.one.json").write_text(json.dumps(_line(), indent=2), encoding="utf-8")
    assert (SELF, "") in records(read_files(tmp_path / "psc.one.json"))


def test_a_page_of_the_api_is_read_with_the_number_in_its_paths_and_told_where_pages_follow(tmp_path: Path) -> None:
    line = _line(natures_of_control=["ownership-of-shares-25-to-50-percent"])
    item = line["data"] | {"links": {"self": "/company/1234567/persons-with-significant-control/individual/x"}}
    path = tmp_path / "psc-page.json"
    path.write_text(json.dumps({"items": [item], "total_results": 2, "start_index": 0}, indent=1), encoding="utf-8")
    made = read_files(path)
    assert [r.ends[1].key for r in records(made).values() if r.ends and r.type == "OWNS"] == ["01234567"]
    assert ("01234567", "") in records(made)
    assert [r.reason for r in rejects(made)] == [
        "there are 2 results, and these files list 1: a page is missing, and the rest counts as withdrawn"
    ]


def test_pages_of_the_api_are_added_up_by_company_and_kind_also_by_several_processes(tmp_path: Path) -> None:
    def page(company: int, number: int, total: int, kind: str = "persons-with-significant-control") -> bytes:
        item = _line()["data"] | {"links": {"self": f"/company/{company}/{kind}/individual/x{number}"}}
        if kind.endswith("statements"):
            item = {"kind": STATEMENT_KIND, "links": item["links"], "statement": "none", "notified_on": "2016-04-06"}
        return orjson.dumps({"items": [item], "total_results": total, "start_index": number})

    company = page(7654321, 0, 3)  # of which pages overlap
    pages = [page(1234567, 0, 2), page(1234567, 1, 2), company, company, page(7654321, 0, 1, f"{STATEMENT_KIND}s")]
    path = tmp_path / "psc-page.json"
    path.write_bytes(b"\n".join(pages))
    told = ["there are 3 results, and these files list 1: a page is missing, and the rest counts as withdrawn"]
    assert [r.reason for r in rejects(read_files(path))] == told
    context = ReadContext(load_ontology(), NAMESPACE)
    with PscLineReader(context).left() as left:
        for number, raw in enumerate(pages, start=1):
            reader = PscLineReader(context)
            assert list(reader.read([SourceRow(str(path), number, raw)]))
            left.add(reader.take_left())
        assert [r.reason for r in left.read() if isinstance(r, Reject)] == told


def test_loaded_and_withdrawn_it_leaves_nothing(tmp_path: Path) -> None:
    ontology, store = load_ontology(), tmp_path / "g.sqlite"
    with closing(connect(store, create=True)) as connection:
        ledger = Ledger(connection, ontology)
        request = LoadRequest("psc", NAMESPACE, "Invented", True, (SAMPLE.name,), "2026-01-02")
        result = ledger.load(request, read_files(SAMPLE, connector="psc"))
        assert (result.rejected, result.set_aside, result.repeated) == (0, 1, 0)
        assert ledger.load(request, read_files(SAMPLE, connector="psc")).total_changed == 0
        assert verify(store, ontology).differing == ()
        ledger.withdraw("psc", "2026-01-03")
        assert connection.execute("SELECT (SELECT count(*) FROM node), (SELECT count(*) FROM link)").fetchone() == (
            0,
            0,
        )
