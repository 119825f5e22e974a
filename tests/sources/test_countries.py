"""Are names of places read only where one place is meant?"""

from __future__ import annotations

import pytest

from kg.sources.countries import coded


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
    assert coded(code, name) == found
