"""Are names of places read only where one place is meant?"""

from __future__ import annotations

import pytest

from kg.ontology.values.jurisdictions import plain_name, reference_rows
from kg.sources.countries import (
    citizenship_code,
    citizenship_problem,
    citizenships,
    code_of_country,
    jurisdiction_code,
    state_code,
)


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        ("ie", "", "IE"),
        ("US-DE", "Delaware", "US-DE"),
        ("", "Mexico", "MX"),
        ("", "UNITED  KINGDOM", "GB"),
        ("", "United Kingdom of Great Britain and Northern Ireland (the)", "GB"),
        ("", "Republic of Ireland", "IE"),
        ("", "Antigua and Barbuda", "AG"),
        ("", "墨西哥", "MX"),
        ("Mexico", "Mexico", "MX"),
        ("", "Georgia", ""),
        ("", "Congo", ""),
        ("", "Delaware", ""),
        ("ZZ", "Narnia", ""),
        ("ZZ", "Mexico", "MX"),
        ("XX-DE", "", ""),
        ("SU", "", ""),
        ("YU", "", ""),
        ("AN", "", ""),
        ("ZR", "", "CD"),
        ("UK", "", "GB"),
        ("XK", "", "XK"),
        ("", "", ""),
    ],
)
def test_a_code_counts_first_and_then_a_name_that_only_one_has(code: str, name: str, found: str) -> None:
    assert jurisdiction_code(code, name) == found


@pytest.mark.parametrize(
    "name",
    [
        "UK",
        "The Bahamas",
        "England",
        "Great Britain",
        "Republic of Ireland",
        "Côte d’Ivoire",
        "墨西哥",
        "Congo",
        "Atlantis",
    ],
)
def test_a_cell_and_a_register_read_a_name_by_one_rule(name: str) -> None:
    assert code_of_country(name) == jurisdiction_code("", name)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" hkg ", "HK"),
        ("gb", "GB"),
        ("Samoa", "WS"),
        ("Georgia", ""),
        ("", ""),
        ("Réunion", "RE"),
        ("Curacao", "CW"),
        ("Libéria", "LR"),
    ],
)
def test_a_country_is_a_code_of_two_or_three_letters_or_a_name(text: str, code: str) -> None:
    assert code_of_country(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("Peoples Republic Of China", "CN"), ("P.R. China", "CN"), ("China, People's Republic of", "CN")),
        *(("中华人民共和国", "CN"), ("Korea, South", "KR"), ("Hong Kong, China", "HK"), ("HONG KONG S.A.R.", "HK")),
        *(("Virgin Islands (British)", "VG"), ("St. Vincent and the Grenadines", "VC"), ("Saint Kitts & Nevis", "KN")),
        *(("Deutschland", "DE"), ("Schweiz", "CH"), ("Россия", "RU"), ("الصين", "CN"), ("Suisse", "CH"), ("U.S", "US")),
        *(("Federal Republic of Germany", "DE"), ("Republic of the Marshall Islands", "MH"), ("U.A.E", "AE")),
        *(
            ("Congo, Democratic Republic of the", "CD"),
            ("Republic of Moldova", "MD"),
            ("United Kingdom (England)", "GB"),
        ),
        *(
            ("Congo", ""),
            ("Korea", ""),
            ("Korean", ""),
            ("Georgia", ""),
            ("Virgin Islands", ""),
            ("Channel Islands", ""),
        ),
        *(("Delaware", ""), ("New York", ""), ("London", ""), ("Paris", ""), ("USSR", ""), ("Yugoslavia", "")),
        *(("Jersey, Channel Islands", ""), ("Tbilisi, Georgia", ""), ("US-", "")),
    ],
)
def test_a_name_in_another_language_order_or_spelling_means_its_jurisdiction(text: str, code: str) -> None:
    assert code_of_country(text) == code


def test_other_names_are_written_plainly_and_mean_one_jurisdiction_each() -> None:
    rows = reference_rows("country_names.csv")
    known = {row["alpha2"] for row in reference_rows("jurisdictions.csv")}
    assert len({row["name"] for row in rows}) == len(rows) > 20_000
    assert [row for row in rows if plain_name(row["name"]) != row["name"] or row["jurisdiction"] not in known] == []


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *(("Polish", "PL"), ("POLES", "PL"), ("Swedish", "SE"), ("Swede", "SE"), ("Turk", "TR"), ("Emirati", "AE")),
        *(("Dutchwoman", "NL"), ("Irishmen", "IE"), ("Manxwoman", "IM"), ("Filipina", "PH"), ("Frenchwomen", "FR")),
        *(("Nepali", "NP"), ("Nepalese", "NP"), ("Nigerien", "NE"), ("Nigerian", "NG"), ("South Korean", "KR")),
        *(("Kazakh", "KZ"), ("Slovakian", "SK"), ("Slovene", "SI"), ("Ni-Vanuatu", "VU"), ("Palestinian", "PS")),
        *(("Polish citizen", "PL"), ("citizen of Poland", "PL"), ("Us", "US"), ("GBR", "GB"), ("pl", ""), ("In", "")),
        *(("Korean", ""), ("Congolese", ""), ("Channel Islander", ""), ("Chinese", "CN"), ("French", "FR")),
        *(("Monégasque", "MC"), ("São Toméan", "ST"), ("Ivoirian", "CI")),
    ],
)
def test_a_word_for_citizens_means_their_jurisdiction(word: str, code: str) -> None:
    assert citizenship_code(word) == code


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("British, Polish", ("GB", "PL"), ()),
        ("English,Nigerian", ("GB", "NG"), ()),
        ("British/Irish", ("GB", "IE"), ()),
        ("British-Polish", ("GB", "PL"), ()),
        ("British (Polish)", ("GB", "PL"), ()),
        ("Bissau-Guinean", ("GW",), ()),
        ("Trinidad & Tobago and British", ("GB", "TT"), ()),
        ("Dual national", (), ()),
        ("Irish, Atlantean", ("IE",), ("Atlantean",)),
        ("Korean", (), ("Korean",)),
        ("", (), ()),
    ],
)
def test_several_words_are_several_citizenships(text: str, codes: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert citizenships(text) == (codes, unknown)


def test_a_word_of_several_jurisdictions_names_them() -> None:
    assert citizenship_problem("Korean").endswith("; Korean may mean KP or KR")
    assert citizenship_problem("Atlantean").endswith("its name or its code")


def test_every_state_has_a_word_for_its_citizens() -> None:
    named = {row["code"] for row in reference_rows("citizens.csv")}
    named |= {row["jurisdiction"] for row in reference_rows("demonyms.csv")}
    codes = {row["alpha2"] for row in reference_rows("jurisdictions.csv")}
    assert named <= codes
    without = {"AQ", "BL", "BV", "GS", "HM", "IO", "MF", "PM", "SJ", "SX", "TF", "UM"}
    assert codes - named == without, "territories without citizens of their own, or none at all"


def test_a_part_is_a_part_of_its_state_and_a_state_is_itself() -> None:
    assert [state_code(code) for code in ("US-DE", "GB-SCT", "MY-15", "HK", "")] == ["US", "GB", "MY", "HK", ""]
