"""Screening a list against a graph and against a file. All people and companies are invented."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from kg import operations
from kg.analysis.matching.resident_number import check_character
from kg.errors import InputError
from kg.findings.matches import Screening
from kg.ontology import load_ontology
from kg.operations import Workspace
from kg.operations.matching.comparison import compare_nodes
from kg.operations.matching.hits import check_output, render_hits
from kg.operations.matching.rows import ListRow, party_of_row
from kg.operations.matching.screening import ScreeningRequest, screen
from kg.records import Provenance
from tests.stores import load, node

RESIDENT = "99000019560629004"
NUMBER = RESIDENT + check_character(RESIDENT)

REGISTER = """key;name;birth_date;citizenship;passport_number;position
r1;Cheung Hui Man Peter;1965-12-03;Canada;;
r2;ZHANG Xuwen;1965;China;;
r3;Zhang Xuwen;1981-02-02;China;;
r4;Zhang Xu;1965-03-12;China;;
r5;Somebody Else;;;G1234567;
r6;Olga Example;1970-05-05;;;
r7;Shen Lan-lan;;;;Head of the Office of Invented Dams
"""
LIST = """name,date of birth,nationality,passport,position
张栩文,1965-03-12,China,G1234567,
沈岚澜,,,,"Head, Office of Invented Dams"
Nobody Known,1900,,,
-,,,,
"""


def _files(folder: Path) -> tuple[Path, Path]:
    listed, register = folder / "list of names.csv", folder / "register.csv"
    listed.write_text(LIST, encoding="utf-8")
    register.write_text(REGISTER, encoding="utf-8")
    return listed, register


@pytest.fixture(scope="module")
def screening(tmp_path_factory: pytest.TempPathFactory) -> Screening:
    folder = tmp_path_factory.mktemp("screening")
    listed, register = _files(folder)
    found = screen(Workspace(folder / "none.sqlite"), ScreeningRequest((listed,), (register,), least=0.01))
    assert sorted(p.name for p in folder.iterdir()) == [listed.name, register.name], "nothing is loaded"
    return found


def test_entries_are_found_by_names_and_numbers(screening: Screening) -> None:
    found = {t.caption: {m.other_caption: m.band for m in t.matches} for t in screening.targets}
    assert found["张栩文"] == {
        "ZHANG Xuwen": "strong",
        "Cheung Hui Man Peter": "strong",
        "Somebody Else": "faint",
        "Zhang Xuwen": "review",
    }
    assert found["Nobody Known"] == {}


def test_names_and_a_post_in_other_words(screening: Screening) -> None:
    match, *_ = next(t for t in screening.targets if t.caption == "沈岚澜").matches
    assert {e.feature for e in match.evidence} == {"names", "post"}
    assert match.missing == ("birth date", "number")


def test_each_match_says_what_was_compared(screening: Screening) -> None:
    match = next(m for t in screening.targets for m in t.matches if m.other_caption == "Cheung Hui Man Peter")
    says = {e.feature: (e.one_value, e.other_value) for e in match.evidence}
    assert says["birth date"] == ("1965-03-12", "1965-12-03")
    assert says["names"] == ("张栩文", "Cheung Hui Man Peter")


def test_the_order_of_rows_makes_no_difference(screening: Screening, tmp_path: Path) -> None:
    header, *rows = REGISTER.splitlines()
    listed, register = _files(tmp_path)
    register.write_text("\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8")
    again = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,), least=0.01))
    assert again == screening


def test_hits_as_files(screening: Screening) -> None:
    rows = list(csv.DictReader(io.StringIO(render_hits(screening, "h.csv").decode("utf-8-sig"))))
    assert {row["target"] for row in rows} == {t.caption for t in screening.targets}, "also those without a match"
    assert sum(row["band"] != "none" for row in rows) == screening.matches
    assert render_hits(screening, "h.xlsx").startswith(b"PK")
    with pytest.raises(InputError, match="expected a file ending in"):
        check_output("hits.doc")


def test_a_name_alone_is_never_strong(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "register", [node("one", name="逯栩澜"), node("other", name="Lu Xulan")])
    workspace = Workspace(path)
    with operations.open_store(workspace) as store:
        match = compare_nodes(store, workspace.ontology, "test:one", "test:other")
        assert (match.band, match.probability < 0.9) == ("review", True)


def test_a_resident_number_gives_birth_date_and_sex(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    register = [
        node("one", name="沈垣", national_number=NUMBER, gender="male"),
        node("two", name="Shen Yuan", birth_date="1956-06-29", gender="female"),
    ]
    load(path, "register", register)
    workspace = Workspace(path)
    with operations.open_store(workspace) as store:
        match = compare_nodes(store, workspace.ontology, "test:one", "test:two")
    evidence = {e.feature: e for e in match.evidence}
    assert evidence["birth date"].bits > 13
    assert evidence["sex"].bits < 0
    assert match.warnings == (f"the resident number {NUMBER} says female, the record male",)


def test_protected_entries_are_compared_in_their_scope_alone(tmp_path: Path) -> None:
    path, listed = tmp_path / "graph.sqlite", tmp_path / "list.csv"
    listed.write_text("name\nQuentin Shelter\n", encoding="utf-8")
    load(path, "open", [node("ann", name="Ann Example")])
    load(path, "shelter", [node("q", name="Quentin Shelter", provenance=Provenance(handling="protected"))])
    workspace, request = Workspace(path), ScreeningRequest((listed,), least=0.0)
    assert (screen(workspace, request).entries, screen(workspace, request).matches) == (1, 0)
    found = screen(replace(workspace, protected=True), request)
    assert [m.other_caption for t in found.targets for m in t.matches] == ["Quentin Shelter"]


def test_a_broken_list_is_told_with_its_line(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("name,born\nAnn,1960,surplus\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (listed,)))
    assert (raised.value.location.line, raised.value.location.file) == (2, str(listed))


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        ("CN", {"CN"}),
        ("cn", {"CN"}),
        ("chn", {"CN"}),
        ("Chinese", {"CN"}),
        ("British, Polish", {"GB", "PL"}),
        ("us-de", {"US-DE"}),
        (" ", set()),
    ],
)
def test_countries_of_a_row_are_codes_names_or_words_for_citizens(stated: str, codes: set[str]) -> None:
    row = ListRow("person", {"name": ["Ann Example"], "citizenship": [stated]})
    assert party_of_row(load_ontology(), "rows.0", row).countries == codes
