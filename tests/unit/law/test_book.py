"""Are mistakes in the files of the law pointed at?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.law import load_law
from kg.law.book import LawBook
from kg.law.conditions import fact_names
from tests.unit.law.folder import change, law_folder

TAX, ABSENT = "routes/tax.toml", "routes/trial_in_absentia.toml"

MISTAKES = [
    (TAX, 'subject = "person"', 'subject = "ship"', ", key subject, value 'ship': .*'person' or 'asset'"),
    (TAX, "outcome =", "result =", ", key (outcome|result)"),
    (TAX, '"tax_evaded"', '"tax_avaded"', r", key when\.all\[2\], value 'tax_avaded': expected a fact"),
    (TAX, '"tax_evaded"', '"asset_in_host"', r", key when\.all\[2\], value '.*': expected a fact about a person"),
    (TAX, '{ not = "death_recorded" }', "7", r", key when\.all\[0\], value '7': expected a fact's name"),
    (TAX, 'host = ["tax"', 'host = ["taxi"', r", key agencies\.host\.0, value 'taxi'"),
    (TAX, 'name = "Tax', 'id = "x"\nname = "Tax', ", key id: the file's name is the route's id"),
    (TAX, 'instruments = ["', 'instruments = ["tax_evaded", "', r", key instruments\[0\], .*a fact about the law"),
    (ABSENT, "2018-10-26\n", '"2018-10-26"\n', ", key valid_from, value '2018-10-26'"),
    (
        ABSENT,
        "2018-10-26\n",
        "2018-10-26\nvalid_to = 2018-10-25\n",
        ", key valid_to, value .*: expected a day on or after",
    ),
    ("facts.toml", 'handling = "protected"', 'handling = "secret"', r", key \w+\.handling, value 'secret'"),
    (TAX, 'work = ["tax"]', 'work = ["taxi"]', r", key agencies\.work\.0, value 'taxi'"),
    (
        "facts.toml",
        "{host} extradites only",
        "{hosts} extradites only",
        r", key host_requires_treaty\.yes, .*no blanks",
    ),
    ("agency_work.csv", "us-eoir,removal", "us-eoir,removals", r":\d+, key work, value 'removals': expected words of"),
    ("agency_work.csv", "us-eoir,", "us-oeir,", r":\d+, key agency, value 'us-oeir': expected an id of agencies.csv"),
    ("jurisdiction_rules.csv", "1948-06-25", "1948-13-25", ":2, key valid_from, value '1948-13-25': expected a date"),
    (TAX, 'stages = ["submission"', 'stages = ["submision"', r", key stages\[0\], value 'submision': expected a stage"),
    (
        TAX,
        'stages = ["submission"',
        'stages = ["freeze"',
        r", key stages\[0\], value 'freeze': .*no fact about an asset",
    ),
    ("stages.toml", "least = 18\n", "least = 180\n", r", key arrest\.days.*most to be at least"),
    ("stages.toml", '\nside = "host"', '\nside = "third"', r", key \w+\.side, value 'third'"),
    (
        "presumptions.toml",
        '"dual_criminality"',
        '"torture_risk"',
        r", key \w+\.fact, .*neither protected nor about the law",
    ),
    (
        "presumptions.toml",
        '"uncac_binds_both"',
        '"uncac_bind"',
        r", key \w+\.when.*, value 'uncac_bind': expected a fact",
    ),
    (
        "facts.toml",
        'teeth = "host_requires',
        'teeth = "tax_evaded" #',
        r", key \w+\.teeth, value 'tax_evaded': .*the law",
    ),
    ("facts.toml", 'role = "step"', 'role = "stap"', r", key \w+\.role, value 'stap'"),
    ("conventions.csv", ",art44_position,", ",art45_position,", ":1: expected the column art44_position"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), MISTAKES)
def test_a_mistake_names_file_key_value_and_what_was_expected(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = law_folder(tmp_path)
    change(folder / file, old, new)
    with pytest.raises(InputError, match=re.escape(file) + message):
        LawBook(folder)


def test_a_route_is_a_file(tmp_path: Path) -> None:
    folder = law_folder(tmp_path)
    (folder / "routes" / "of_our_own.toml").write_text((folder / "routes" / "tax.toml").read_text(encoding="utf-8"))
    assert LawBook(folder).routes.keys() - load_law().routes.keys() == {"of_our_own"}


def test_every_route_has_a_name_in_english_and_in_chinese() -> None:
    assert [route.id for route in load_law().routes.values() if not (route.name and route.name_zh)] == []


def test_every_fact_is_named_by_a_route_or_another_fact_or_a_rule() -> None:
    law = load_law()
    named = {name for route in law.routes.values() for name, _ in route.named_facts}
    named |= {name for fact in law.facts.values() for name in fact.rests_on}
    named |= {name for rule in law.presumptions for name, _ in fact_names(rule.condition)}
    assert law.facts.keys() - named == set()


def test_protected_facts_are_those_on_protection_torture_health_and_counsel() -> None:
    found = [name for name, fact in load_law().facts.items() if fact.is_protected]
    assert found == ["torture_risk", "protected_from_return", "health_bars_return", "has_counsel"]


def test_routes_of_chinese_procedure_run_from_the_day_the_law_has_them() -> None:
    routes = load_law().routes
    assert not routes["trial_in_absentia"].is_valid_on(date(2014, 12, 5))
    assert routes["trial_in_absentia"].is_valid_on(date(2018, 10, 26))
    assert routes["extradition"].is_valid_on(date(1990, 1, 1))


def test_who_carries_a_route_does_its_work() -> None:
    law, day = load_law(), date(2014, 12, 5)

    def names(route: str, kind: str) -> list[str]:
        return [a["id"] for a in law.agencies("US", kind, day, law.routes[route].agencies.work)]

    assert names("removal_immigration", "court") == ["us-eoir"]
    assert [names(route, "court") for route in ("extradition", "host_prosecution")] == [[], []]
    assert names("mla_freeze", "court") == ["us-district-courts"]
    assert names("interpol_notice", "international") == ["int-interpol"]
    assert "us-sec" not in names("host_prosecution", "prosecutor")
    assert names("tax", "police") == ["us-irs-ci"]


def test_every_fact_can_be_told_in_words() -> None:
    told = [(f.yes, f.no) for f in load_law().facts.values()]
    assert all(yes and no and yes != no for yes, no in told)
    treaty = load_law().facts["extradition_treaty_in_force"]
    assert (
        treaty.answer_text("no", "CN", "US", "2014-12-05")
        == "no extradition treaty in force between CN and US on 2014-12-05"
    )
    assert treaty.answer_text("unknown", "CN", "US", "2014-12-05") == ""
    bare = treaty.model_copy(update={"no": ""})
    assert bare.answer_text("no", "CN", "", "2014-12-05") == f"{treaty.question} No"


def test_agencies_are_those_that_may_exist_on_the_day() -> None:
    def names(day: date) -> list[str]:
        return [a["id"] for a in load_law().agencies("CN", "anti_corruption", day, ("pursuit",))]

    assert "cn-nsc" not in names(date(2014, 12, 5))
    assert "cn-nsc" in names(date(2018, 4, 1))
