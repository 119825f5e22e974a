"""Are names of places read only where one place is meant?"""

from __future__ import annotations

import pytest

from kg.sources.countries import code_of_country, jurisdiction_code, state_code


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


@pytest.mark.parametrize(("text", "code"), [(" hkg ", "HK"), ("gb", "GB"), ("Samoa", "WS"), ("Georgia", ""), ("", "")])
def test_a_country_is_a_code_of_two_or_three_letters_or_a_name(text: str, code: str) -> None:
    assert code_of_country(text) == code


def test_a_part_is_a_part_of_its_state_and_a_state_is_itself() -> None:
    assert [state_code(code) for code in ("US-DE", "GB-SCT", "MY-15", "HK", "")] == ["US", "GB", "MY", "HK", ""]
