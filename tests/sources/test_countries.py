"""Are names of places read only where one place is meant?"""

from __future__ import annotations

import pytest

from kg.sources.countries import jurisdiction_code, state_code


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


def test_a_part_is_a_part_of_its_state_and_a_state_is_itself() -> None:
    assert [state_code(code) for code in ("US-DE", "GB-SCT", "MY-15", "HK", "")] == ["US", "GB", "MY", "HK", ""]
