"""What do `kg owners` and `kg holdings` say?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app

REGISTER = """{"source": {"name": "register", "title": "Register (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["Ann Example"]}}
{"key": "bob", "type": "Person", "properties": {"name": ["Bob Example"]}}
{"key": "acme", "type": "Enterprise", "properties": {"name": "Acme Holding"}}
{"key": "yacht", "type": "Vessel", "properties": {"name": "MY Example"}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": ["60"]}}
{"key": "o2", "type": "OWNS", "from": "acme", "to": "yacht", "properties": {"share": ["50"], "start_date": ["2014-05"]}}
{"key": "o3", "type": "OWNS", "from": "bob", "to": "acme", "properties": {"share": ["25"], "interest": ["legal"]}}
{"key": "i1", "type": "HOLDS_INDIRECTLY", "from": "ann", "to": "yacht", "properties": {"share": ["25..50"]}}
"""
PRESS = """{"source": {"name": "press", "title": "Press (invented)", "namespace": "inv", "invented": true}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": ["40"]}}
{"key": "p1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": ["30"], "shares": ["B"]}}
"""


@pytest.fixture(autouse=True)
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    for name, text in {"register": REGISTER, "press": PRESS}.items():
        load_text(tmp_path, name, text)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def load_text(folder: Path, source: str, text: str) -> None:
    file = folder / f"{source}.records.jsonl"
    file.write_text(text, encoding="utf-8")
    assert run("load", str(file)).exit_code == 0


def load_rows(folder: Path, source: str, *rows: str, namespace: str = "inv") -> None:
    """Load records of an invented source."""
    about = {"name": source, "title": f"{source.title()} (invented)", "namespace": namespace, "invented": True}
    load_text(folder, source, "".join(f"{row}\n" for row in (json.dumps({"source": about}), *rows)))


def asked(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


TRUST = """{"source": {"name": "deeds", "title": "Deeds (invented)", "namespace": "deed", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["Ann Settlor"]}}
{"key": "cy", "type": "Person", "properties": {"name": ["Cy Trustee"]}}
{"key": "old", "type": "Person", "properties": {"name": ["Oz Earlier"]}}
{"key": "t", "type": "Arrangement", "properties": {"name": ["Reed Settlement"]}}
{"key": "hut", "type": "RealEstate", "properties": {"name": ["Reed Hut"]}}
{"key": "1", "type": "SETTLED", "from": "ann", "to": "t", "stated": "2014", "reliability": "B", "origin": "Deed 7"}
{"key": "2", "type": "TRUSTEE_OF", "from": "cy", "to": "t", "stated": "2014", "reliability": "B", "origin": "Deed 7"}
{"key": "3", "type": "TRUSTEE_OF", "from": "old", "to": "t", "properties": {"end_date": ["2010"]}}
{"key": "4", "type": "OWNS", "from": "t", "to": "hut"}
"""


def test_who_has_a_part_in_a_trust_is_named_with_the_document_and_no_share_is_made_of_it(tmp_path: Path) -> None:
    load_text(tmp_path, "deeds", TRUST)
    trustee = "  Cy Trustee is trustee of Reed Settlement (Arrangement), which holds Reed Hut  [deeds B- 2014 [1]]"
    settlor = "  Ann Settlor settled Reed Settlement (Arrangement), which holds Reed Hut  [deeds B- 2014 [1]]"
    shown = run("owners", "Reed Hut").stdout.splitlines()
    at = shown.index("legal title, held for others:")
    assert shown[at : at + 4] == [shown[at], trustee, "through a trust or another arrangement:", settlor]
    assert "  [1] Deed 7" in shown
    assert not any(
        "Oz" in line or "owners not known" in line or "source names a holder of 0 to 100 % of the legal" in line
        for line in shown[at:]
    )
    assert settlor in run("holdings", "Ann Settlor").stdout
    assert trustee in run("holdings", "Cy Trustee").stdout
    assert "Reed Hut" not in run("holdings", "Oz Earlier", "--as-of", "2015").stdout
    (role,) = asked("holdings", "Cy Trustee")["arrangements"]
    assert role["holds_title"]


def test_owners_are_shown_with_chains_sources_and_doubts() -> None:
    shown = run("owners", "MY Example", "--as-of", "2015").stdout.splitlines()
    assert [line.split() for line in shown[4:6]] == [
        ["Ann", "Example", "(Person)", "30", "to", "35", "%", "30", "to", "35", "%", shown[4].split()[-1]],
        ["Bob", "Example", "(Person)", "none", "12.5", "%", shown[5].split()[-1]],
    ]
    assert "    Acme Holding holds 50 % of MY Example: owns (share 50; start date 2014-05)  [register]" in shown
    assert "  declared in total by register: share 25..50 (not added to the chains)" in shown
    contradiction = "! contradiction on Ann Example in Acme Holding: "
    assert f"{contradiction}share stated as 70 % (press) and as 60 % (register)" in shown
    assert "! no source names a holder of 65 to 70 % of the beneficial interest" in shown


def test_undated_shares_that_may_be_one_holding_are_told(tmp_path: Path) -> None:
    rows = [
        *(json.dumps({"key": key, "type": "Person", "properties": {"name": [key]}}) for key in ("Cy", "Di")),
        '{"key": "c", "type": "Enterprise", "properties": {"name": "Cobalt Example"}}',
    ]
    for holder, share, more in (("Cy", "30", {}), ("Cy", "35", {}), ("Di", "5", {}), ("Di", "6", {"end_date": "2010"})):
        said = {"share": share, **more}
        rows.append(json.dumps({"key": holder + share, "type": "OWNS", "from": holder, "to": "c", "properties": said}))
    load_rows(tmp_path, "list", *rows, namespace="list")
    told = (
        "list states 30 % and 35 % of Cobalt Example for Cy, without a date: they may be several holdings, or one at "
        "several times"
    )
    assert [line for line in run("owners", "Cobalt Example").stdout.splitlines() if "several times" in line] == [
        f"! {told}"
    ]
    assert asked("owners", "Cobalt Example")["caveats"] == [told]


def test_what_one_source_says_adds_up_and_several_sources_make_an_interval() -> None:
    found = asked("holdings", "Ann Example", "--as-of", "2014-06-01")
    shares = {found["captions"][h["held"]]: tuple(h["beneficial"].values()) for h in found["holdings"]}
    assert shares == {"Acme Holding": (70, 60), "MY Example": (35, 30)}
    links = {link for h in found["holdings"] for c in h["chains"] for s in c["steps"] for link in s["links"]}
    assert links | {name for h in found["holdings"] for name in h["declared"]} == set(found["links"])


def test_a_day_in_doubt_widens_the_interval_and_one_before_has_nothing() -> None:
    yacht = asked("owners", "MY Example", "--as-of", "2014-05-10")["holdings"]
    assert [(h["beneficial"], h["legal"]) for h in yacht] == [
        ({"low": 0.0, "high": 35.0}, {"low": 0.0, "high": 35.0}),
        ({"low": 0.0, "high": 0.0}, {"low": 0.0, "high": 12.5}),
    ]
    assert "no owner is known" in run("owners", "MY Example", "--as-of", "2013").stdout


def test_small_holdings_are_left_out_and_owners_between_shown_where_asked() -> None:
    assert len(asked("owners", "MY Example", "--min", "20")["holdings"]) == 1
    assert {h["place"] for h in asked("owners", "MY Example", "--all")["holdings"]} == {"person", "between"}


def test_a_name_nobody_has_and_a_day_that_is_none_are_one_line() -> None:
    refused = run("holdings", "MY Example")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "kg: 'MY Example' is a Vessel; expected a person or an enterprise, or a trust that holds\n",
    )
    assert (run("owners", "Nobody").exit_code, run("holdings", "Ann Example", "--as-of", "May").exit_code) == (3, 2)
    assert run("owners", "MY Example", "--as-of", "May").stderr == (
        "kg: as_of 'May': expected a day such as 2014-12-05, a month or a year\n"
    )


def test_an_end_of_a_holding_that_waits_to_be_described_is_told_and_so_are_rejected_rows(tmp_path: Path) -> None:
    load_rows(
        tmp_path,
        "late",
        '{"key": "w1", "type": "OWNS", "from": "nobody", "to": "acme", "properties": {"share": ["15"]}}',
        '{"key": "w2", "type": "OWNZ", "from": "ann", "to": "acme"}',
        '{"key": "w3", "type": "OWNS", "from": "acme", "to": "nothing"}',
    )
    of_held = "! late names a holding of Acme Holding, inv:nothing, that no source describes yet (late.records.jsonl:4)"
    assert of_held in run("holdings", "Ann Example").stdout
    told = "! late names a holder of Acme Holding, inv:nobody (share 15), that no source describes yet (late"
    assert f"{told}.records.jsonl:2)" in run("owners", "MY Example").stdout
    rejected = "1 row was rejected at the last load of late, perhaps of holdings; `kg rejects late` lists it"
    assert asked("owners", "MY Example")["caveats"] == [rejected]
    (unresolved,) = json.loads(run("owners", "MY Example", "--json").stdout)["unresolved"]
    assert unresolved == {
        "source": "late",
        "holder": "inv:nobody",
        "held": "Acme Holding",
        "share": ["15"],
        "is_held_missing": False,
        "place": "late.records.jsonl:2",
    }
    assert "1 row rejected at the last load of late; `kg rejects late` lists them" in run("sources").stdout


def test_a_holding_that_ceased_on_an_unknown_day_is_told(tmp_path: Path) -> None:
    told = "! the link of Bob Example to MY Example is stated as ceased, on an unknown day; it counts as in force"
    for end_date, is_told in (("", True), ("2030-01-01", False)):
        dated = f', "end_date": ["{end_date}"]' if end_date else ""
        row = '{"key": "c1", "type": "OWNS", "from": "bob", "to": "yacht", "properties": {"status": ["ceased"]'
        load_rows(tmp_path, "ceased", f"{row}{dated}}}}}")
        assert (told in run("owners", "MY Example").stdout) is is_told


def test_a_holding_that_is_stated_on_a_day_is_not_gone_on_the_next(tmp_path: Path) -> None:
    load_rows(
        tmp_path,
        "day",
        '{"key": "hut", "type": "RealEstate", "properties": {"name": "Hut"}}',
        '{"key": "d1", "type": "OWNS", "from": "bob", "to": "hut",'
        ' "properties": {"share": "60", "date": "2015-01-02"}}',
    )
    of_days = {day: asked("owners", "Hut", "--as-of", day) for day in ("2014", "2015-01-02", "2020")}
    shares = {day: [tuple(h["legal"].values()) for h in found["holdings"]] for day, found in of_days.items()}
    assert shares == {"2014": [], "2015-01-02": [(60, 60)], "2020": [(60, 0)]}
    told = "the link of Bob Example to Hut is stated on 2015-01-02, and not since; it counts from 0 on"
    assert of_days["2020"]["caveats"] == [told]


def test_nobody_owns_a_person_whatever_a_link_says(tmp_path: Path) -> None:
    load_rows(
        tmp_path,
        "swap",
        '{"key": "dag", "type": "Person", "properties": {"name": "Dag Invented"}}',
        '{"key": "hol", "type": "Enterprise", "properties": {"name": "Hollin Invented"}}',
        '{"key": "kas", "type": "Enterprise", "properties": {"name": "Kastan Invented"}}',
        '{"key": "s1", "type": "OWNS", "from": "dag", "to": "kas", "properties": {"share": "100"}}',
        '{"key": "s2", "type": "OWNS", "from": "hol", "to": "dag", "properties": {"share": "100"}}',
    )
    told = "the link of Hollin Invented to Dag Invented counts for nothing: swap states a person as owned"
    for command, name, count in (("owners", "Kastan", 1), ("holdings", "Hollin", 0), ("owners", "Dag", 0)):
        found = asked(command, f"{name} Invented")
        assert (len(found["holdings"]), found["caveats"]) == (count, [told])
    (dag,) = asked("owners", "Kastan Invented")["holdings"]
    assert (dag["place"], dag["legal"]) == ("person", {"low": 100.0, "high": 100.0})


def test_who_controls_shares_that_nobody_is_named_for_is_told(tmp_path: Path) -> None:
    load_rows(
        tmp_path,
        "trust",
        '{"key": "umm", "type": "Enterprise", "properties": {"name": "Umm Invented"}}',
        '{"key": "t1", "type": "CONTROLS", "from": "bob", "to": "umm",'
        ' "properties": {"share": "75..100", "how": "as-trust", "directness": "indirect"}}',
        '{"key": "t2", "type": "DIRECTS", "from": "ann", "to": "umm"}',
    )
    assert asked("owners", "Umm Invented")["caveats"] == [
        "trust states control of 75 to 100 % of Umm Invented for Bob Example (as-trust): they control it, and who "
        "holds it for them or through whom is not stated"
    ]


def test_holders_who_may_be_one_person_are_told_until_they_are_judged_to_be_two(tmp_path: Path) -> None:
    people = (("x", "Cy Invented", "1971-07"), ("y", "Mr Cy Invented", "1971-07"), ("z", "Cy Invented", "1972-07"))
    load_rows(
        tmp_path,
        "alike",
        '{"key": "hull", "type": "Vessel"}',
        *(
            f'{{"key": "{key}", "type": "Person", "properties": {{"name": ["{name}"], "birth_date": ["{day}"]}}}}'
            for key, name, day in people
        ),
        *(f'{{"key": "o{key}", "type": "OWNS", "from": "{key}", "to": "hull"}}' for key, *_ in people),
    )
    told = "Cy Invented and Mr Cy Invented, holders of Vessel hull, may be one person by name and birth date 1971-07"
    assert asked("owners", "inv:hull")["caveats"] == [f"{told}; they are counted as two"]
    assert run("distinct", "inv:x", "inv:y", "--by", "desk", "--why", "seen together").exit_code == 0
    assert asked("owners", "inv:hull")["caveats"] == []
