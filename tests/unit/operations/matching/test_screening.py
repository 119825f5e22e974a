"""Screening a list against a graph and against a file. All people and companies are invented."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kg import operations
from kg.analysis.matching.evidence.names import called_so_bits
from kg.analysis.matching.resident_number import check_character
from kg.errors import InputError
from kg.findings.matches import Evidence, Screening
from kg.ontology import load_ontology
from kg.operations import Workspace
from kg.operations.matching.comparison import compare_nodes, compare_pairs, compare_two
from kg.operations.matching.hits import check_output, render_hits
from kg.operations.matching.rows import ListRow, party_of_row, screen_rows
from kg.operations.matching.screening import ScreeningRequest, screen
from kg.records import Provenance
from tests.stores import judge, load, node, undo

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
        "Cheung Hui Man Peter": "review",
        "Somebody Else": "faint",
    }
    assert found["Nobody Known"] == {}


def test_ships_on_a_list_are_told_as_not_compared(tmp_path: Path) -> None:
    listed, register = tmp_path / "list.ftm.json", _files(tmp_path)[1]
    ships = [{"schema": "Vessel", "id": f"ship-{i}", "properties": {"name": [f"MY Invented {i}"]}} for i in range(7)]
    people = [{"schema": "Person", "id": "ann", "properties": {"name": ["Ann Example"]}}]
    listed.write_text("".join(json.dumps(row) + "\n" for row in [*ships, *people]), encoding="utf-8")
    screening = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    assert [target.caption for target in screening.targets] == ["Ann Example"]
    (note,) = (note for note in screening.notes if "Vessel" in note)
    assert note.startswith("7 of type Vessel not compared, for only people and companies are: ship-")
    assert note.count("MY Invented") == 5 and note.endswith(" and 2 more")


def test_a_chinese_company_is_found_by_its_spelling(tmp_path: Path) -> None:
    listed, register = tmp_path / "list.csv", tmp_path / "register.csv"
    listed.write_text("company name\n深圳市华栩科技有限公司\n永栩国际有限公司\n", encoding="utf-8")
    names = "Shenzhen Huaxu Technology Co. Ltd", "Shenzhen Huaxu Trading Ltd", "Wing Hui International Limited"
    register.write_text("\n".join(("company name", *names)) + "\n", encoding="utf-8")
    screening = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    found = {t.caption: [m.other_caption for m in t.matches] for t in screening.targets}
    assert found == {"深圳市华栩科技有限公司": [names[0]], "永栩国际有限公司": [names[2]]}


def test_a_name_that_is_not_known_is_nobodys(tmp_path: Path) -> None:
    listed, register = tmp_path / "list.csv", tmp_path / "register.csv"
    names = ("Unknown", "N/A", "不详", "Неизвестно", "Unknown Invented")
    rows = "\n".join(("name;birth date", *(f"{name};1970-01-02" for name in names)))
    for file in (listed, register):
        file.write_text(rows, encoding="utf-8")
    screening = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,), least=0.01))
    assert {t.caption: len(t.matches) for t in screening.targets} == {**dict.fromkeys(names, 0), "Unknown Invented": 1}
    assert {t.caption for t in screening.targets if t.has_words} == {"Unknown Invented"}


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


def test_each_entry_is_told_by_its_key(screening: Screening) -> None:
    keys = {m.other_caption: screening.references[m.other] for t in screening.targets for m in t.matches}
    assert keys["Cheung Hui Man Peter"] == "r1"
    assert {screening.references[t.id] for t in screening.targets} >= {"line 2", "line 3"}


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


@pytest.mark.parametrize("protected", [False, True])
def test_nobody_under_18_is_screened_or_compared(tmp_path: Path, *, protected: bool) -> None:
    """Neither as a row of a list, nor as an entry of a file or graph, nor by a resident number, nor by `kg why`."""
    born = "99000020140505004"
    child = f"{born}{check_character(born)}"
    listed, register = tmp_path / "list.csv", tmp_path / "persons.csv"
    rows = ("Ludovica Brantmoor,2014-05-05,ZZ998877,", f"Edgar Winterhalm,,ZZ998878,{child}", "Ludovica Brantmoor,,,")
    lines = ("name,birth_date,passport_number,national_number", *rows, "Ann Example,1960,,")
    listed.write_text("\n".join(lines), encoding="utf-8")
    register.write_text("\n".join(f"{key},{row}" for key, row in zip(("key", *"abcd"), lines, strict=True)), "utf-8")
    workspace = Workspace(tmp_path / "graph.sqlite", protected=protected)
    operations.load(workspace, operations.FileLoadRequest((register,), source="test"))
    for files in ((register,), ()):
        screening = screen(workspace, ScreeningRequest((listed,), files, least=0.0))
        assert "2 rows not screened: under 18" in screening.notes
        found = {t.caption: {m.other_caption for m in t.matches} for t in screening.targets}
        assert found == {"Ann Example": {"Ann Example"}, "Ludovica Brantmoor": {"Ludovica Brantmoor"}}
    with operations.open_store(workspace) as store:
        row = {"name": ["Ann Example"], "birth_date": ["2014-05-05"]}
        screening = screen_rows(store, [ListRow("person", row)], ScreeningRequest(least=0.0), lambda: None)
        assert (screening.targets, screening.notes) == ((), ("1 row not screened: under 18",))
        one, other = store.resolve("test:a"), store.resolve("test:d")
        for pair in ((one, other), (other, one)):
            with pytest.raises(InputError, match="nobody under 18 is compared"):
                compare_nodes(store, workspace.ontology, *pair)


def test_a_broken_list_is_told_with_its_line(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("name,born\nAnn,1960,surplus\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (listed,)))
    assert (raised.value.location.line, raised.value.location.file) == (2, str(listed))


def test_several_lists_of_one_name_are_screened_row_by_row(tmp_path: Path) -> None:
    files = []
    for folder, name in (("one", "Olga Example"), ("two", "Shen Lanlan")):
        file = tmp_path / folder / "list.csv"
        file.parent.mkdir()
        file.write_text(f"name\n{name}\n", encoding="utf-8")
        files.append(file)
    _, register = _files(tmp_path)
    found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest(tuple(files), (register,)))
    assert {t.caption: len(t.matches) for t in found.targets} == {"Olga Example": 1, "Shen Lanlan": 1}


def test_what_cannot_be_read_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    listed, register = _files(tmp_path)
    listed.write_text('key,name,DOB,shoes\n,"Olga\nExample",1970,\n\n,Lan Shen,soon,red\n', encoding="utf-8")
    found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    assert found.notes == (
        f"{listed}:5: column birth_date, value 'soon': expected a date: 2014, 2014-06 or 2014-06-30",
        "columns that are no property of these types, and not compared there: shoes of Person",
        "2 rows of the list without a key, called by the line",
    )


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("名单 2024", ("姓名", "Name", "出生日期")),
        ("persons", ("name", "alias", "birth_date")),
        ("List", ("Key", "name", "birth_date")),
    ],
)
def test_a_workbook_whose_only_sheet_has_any_name_is_a_list(
    tmp_path: Path, title: str, headings: tuple[str, ...]
) -> None:
    book = openpyxl.Workbook()
    assert book.active
    book.active.title = title
    book.create_sheet("empty")
    rows = ("", "Olga Example", date(1970, 5, 5)), ("x7", "Zhang Xuwen", date(1981, 2, 2))
    for row in ((), headings, *rows):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    _, register = _files(tmp_path)
    request = ScreeningRequest((tmp_path / "list.xlsx",), (register,))
    found = screen(Workspace(tmp_path / "none.sqlite"), request)
    keys = {found.references[t.id]: [found.references[m.other] for m in t.matches] for t in found.targets}
    if headings[0] == "Key":
        assert keys == {"line 3": ["r6"], "x7": ["r3"]}
    else:
        assert {key: others for key, others in keys.items() if others} == {"line 3": ["r6"], "line 4": ["r3"]}
    count = "1 row" if headings[0] == "Key" else "2 rows"
    assert found.notes == (f"{count} of the list without a key, called by the line",)


def test_a_number_in_common_alone_is_no_match_that_counts(tmp_path: Path) -> None:
    listed, register = _files(tmp_path)
    listed.write_text("key,name,birth_date,passport\na,Ann Sample,1931,G1234567\n", encoding="utf-8")
    register.write_text("key,name,birth_date,passport\nb,Wu Li,1990,G1234567\n", encoding="utf-8")
    found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    assert [m.band for t in found.targets for m in t.matches] == ["none"]
    assert (found.matches, found.improbable) == (0, 1)


def test_a_person_is_never_a_company_and_a_graph_without_jurisdictions_says_so(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "graph.sqlite")
    people = [node("one", name="Olga Example"), node("firm", "Enterprise", name="Olga Example Ltd")]
    load(workspace.path, "register", people)
    with operations.open_store(workspace) as store:
        match = compare_nodes(store, workspace.ontology, "Olga Example", "Olga Example Ltd")
    assert (match.probability, match.band) == (0.0, "none")
    assert any("never one" in warning for warning in match.warnings)
    (tmp_path / "list.csv").write_text("key,name,citizenship\na,Olga Example,CN\n", encoding="utf-8")
    found = screen(workspace, ScreeningRequest((tmp_path / "list.csv",)))
    assert any("`kg load --reference`" in note for note in found.notes)


@pytest.mark.parametrize(("content", "problem"), [(None, "there is no such file"), ("name\n", "has no rows")])
def test_a_list_without_rows_is_named(tmp_path: Path, content: str | None, problem: str) -> None:
    listed = tmp_path / "list.csv"
    if content is not None:
        listed.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=rf"^{listed}: {problem}"):
        screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,)))


def test_an_entry_without_a_name_has_none_to_compare(tmp_path: Path) -> None:
    listed, register = _files(tmp_path)
    listed.write_text("name,passport\n,G1234567\n,\n", encoding="utf-8")
    found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,), least=0.01))
    assert not any(t.has_words for t in found.targets)
    assert [[m.other_caption for m in t.matches] for t in found.targets] == [["Somebody Else"], []]


def test_a_resident_number_is_found_in_its_other_form(tmp_path: Path) -> None:
    listed, register = tmp_path / "list.csv", tmp_path / "register.csv"
    old = NUMBER[:6] + NUMBER[8:17]
    for ours, theirs in ((old, NUMBER), (NUMBER, old)):
        listed.write_text(f"name,national_number\nOlga Example,{ours}\n", encoding="utf-8")
        register.write_text(f"name,national_number\nNadia Nobody,{theirs}\n", encoding="utf-8")
        found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,), least=0))
        assert [e.bits for m in found.targets[0].matches for e in m.evidence if e.feature == "number"] == [20.0]


def test_a_node_is_not_compared_with_itself(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "graph.sqlite")
    load(workspace.path, "register", [node("one", name="Olga Example")])
    with operations.open_store(workspace) as store, pytest.raises(InputError, match="is the same node as the first"):
        compare_nodes(store, workspace.ontology, "Olga Example", "Olga Example")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"left,right\nM\xfcller,Muller\n", ":2: expected UTF-8"),
        (b"left,right\na\n", ":2: expected 2 cells, not 1"),
        (b"left\na\n", "right"),
        (None, "there is no such file"),
    ],
)
def test_a_file_of_pairs_that_cannot_be_read(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / "pairs.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        list(compare_pairs(file))


def test_pairs_of_a_file_are_compared_by_kind(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    rows = (
        "left;right;kind",
        "Invented Ltd;Invented Limited;Company",
        "Invented Ltd;Invented Limited;Firm",
        "Invented;;",
    )
    file.write_text("\n".join((*rows, "Invented Ltd;Invented Limited;homophones", "")), encoding="utf-8")
    found = list(compare_pairs(file))
    assert [pair.same for pair in found] == [True, True, False, True]
    assert (found[2].bits, found[2].reasons) == (0.0, ("one of the two has no name to compare",))
    with pytest.raises(InputError, match=r"key right, value ' \. ': expected a name"):
        compare_two("Invented", " . ")


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


def test_a_list_with_chinese_columns_is_read_and_mistakes_name_its_own_file(tmp_path: Path) -> None:
    listed, register = tmp_path / "名单.csv", tmp_path / "register.csv"
    listed.write_text("序号,姓名,出生日期,国籍,身份证号码\n1,张虚构,1970-03-02,中国,\n", encoding="utf-8")
    register.write_text("name,birth_date\nZhang Xugou,1970-03-02\n", encoding="utf-8")
    (target,) = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,))).targets
    assert [e.feature for e in target.matches[0].evidence] == ["names", "birth date"]
    listed.write_text("代号\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected a column called name") as error:
        screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    assert error.value.location.file == str(listed)


@pytest.mark.parametrize(
    "heading", ["Chinese name", "name in Chinese", "native name", "Original name", "中文名", "原名"]
)
def test_a_name_in_another_script_is_compared_too(tmp_path: Path, heading: str) -> None:
    listed, register = tmp_path / "list.csv", tmp_path / "register.csv"
    rows = f"Name,{heading},Other names\nMr X,张虚构,Y\nName,{heading},Other names\n"
    listed.write_text(rows, encoding="utf-8")
    register.write_text("name,birth_date\nZhang Xugou,1970-03-02\n", encoding="utf-8")
    found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,), least=0))
    assert [(t.caption, len(t.matches)) for t in found.targets] == [("Mr X", 1)]
    assert found.notes[0] == f"{listed}:3: the row repeats the headings; it is skipped"


@pytest.mark.parametrize("name", ["persons.csv", "persons-2024.csv", "persons_2.csv", "people.csv"])
@pytest.mark.parametrize("key", [("key", "a"), ("", "")], ids=["with keys", "without"])
def test_a_list_is_screened_whatever_its_file_is_called(tmp_path: Path, name: str, key: tuple[str, str]) -> None:
    listed, register = tmp_path / name, tmp_path / "register.csv"
    rows = ((key[0], "name", "birth_date"), (key[1], "张虚构", "1970-03-02"))
    listed.write_text("".join(",".join(filter(None, row)) + "\n" for row in rows), encoding="utf-8")
    register.write_text("name,birth_date\nZhang Xugou,1970-03-02\n", encoding="utf-8")
    found = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    assert [(t.caption, len(t.matches)) for t in found.targets] == [("张虚构", 1)]


def test_a_list_that_is_in_the_graph_itself_does_not_match_itself(tmp_path: Path) -> None:
    listed, workspace = tmp_path / "persons.csv", Workspace(tmp_path / "graph.sqlite")
    listed.write_text("key,name,birth_date\na,张栩文,1965-03-12\nb,Olga Example,\n", encoding="utf-8")
    operations.load(workspace, operations.FileLoadRequest((listed,), source="wanted"))
    load(workspace.path, "register", [node("r", name="Zhang Xuwen", birth_date="1965-03-12")], namespace="register")
    apart = screen(workspace, ScreeningRequest((listed,)))
    assert [(m.other_caption, m.other_sources) for t in apart.targets for m in t.matches] == [
        ("Zhang Xuwen", ("register",))
    ]
    (note,) = apart.notes
    assert note.startswith("this list is in the graph itself, as source wanted: ")
    names = next(e for t in apart.targets for m in t.matches for e in m.evidence if e.feature == "names")
    assert "called so" not in names.says, "its own entries are no namesakes"
    judge(workspace.path, "same", "wanted:a", "register:r")
    joined = screen(workspace, ScreeningRequest((listed,)))
    assert [m.warnings for t in joined.targets for m in t.matches] == [
        ("the row itself is a record of this entry: wanted:a of source wanted",)
    ]
    chosen = screen(workspace, ScreeningRequest((listed,), source="wanted"))
    assert sum(len(t.matches) for t in chosen.targets) == 2


@pytest.mark.parametrize("source", ["", "register"])
def test_what_was_judged_of_a_record_of_the_list_holds_for_its_row(tmp_path: Path, source: str) -> None:
    listed, workspace = tmp_path / "persons.csv", Workspace(tmp_path / "graph.sqlite")
    listed.write_text("key,name,birth_date\na,张栩文,1965-03-12\nb,Olga Example,\n", encoding="utf-8")
    operations.load(workspace, operations.FileLoadRequest((listed,), source="wanted"))
    load(workspace.path, "register", [node("r", name="Zhang Xuwen", birth_date="1965-03-12")], namespace="register")
    request = ScreeningRequest((listed,), source=source)
    before = screen(workspace, request)
    judge(workspace.path, "unsure", "register:r", "wanted:a")
    unsure = screen(workspace, request)
    (match,) = (m for t in unsure.targets for m in t.matches)
    assert (match.band, match.capped, match.probability) == ("review", "judged unsure", 0.89)
    assert any(warning.startswith("judged unsure on ") for warning in match.warnings)
    judge(workspace.path, "distinct", "register:r", "wanted:a")
    apart = screen(workspace, request)
    assert apart.matches == 0
    assert any("(a) and Zhang Xuwen (register:r) are no match: judged distinct on " in note for note in apart.notes)
    with operations.open_store(workspace) as store:
        match = compare_nodes(store, workspace.ontology, "wanted:a", "register:r")
        assert (match.band, match.capped, match.probability) == ("none", "judged distinct", 0.0)
    for number in (2, 1):
        undo(workspace.path, number)
    assert screen(workspace, request) == before, "taken back exactly"


def test_namesakes_are_counted_in_any_script(tmp_path: Path) -> None:
    listed, register = tmp_path / "list.csv", tmp_path / "register.csv"
    listed.write_text("name,birth date\n张伟,1970-01-11\n", encoding="utf-8")
    written = ["张伟"] * 3 + ["Zhang Wei", "Wei Zhang", "Cheung Wai"] * 2
    rows = [f"{name},{1950 + 3 * i}-02-03" for i, name in enumerate(written)]
    register.write_text("\n".join(("name,birth date", "張偉,1970-01-11", *rows)) + "\n", encoding="utf-8")
    (target,) = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,))).targets
    match = target.matches[0]
    assert "3 others in the register called so, 9 in any spelling" in next(
        e.says for e in match.evidence if e.feature == "names"
    )
    assert match.namesakes_expected == 9
    han, latin = (called_so_bits(Evidence("names", bits, "", "张伟", name)) for bits, name in ((18, "張偉"), (9, "")))
    assert han < 12 and latin == 9, "in characters it is as frequent as it is read"
