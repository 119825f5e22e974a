"""Which Neo4j runs on which Java, and what may open whose data?"""

from __future__ import annotations

import re

import pytest

from kg.errors import InputError
from kg.neo4j_server.releases import DEFAULT_VERSION, RELEASES, Release, can_open_data_of, release

EVERY = list(RELEASES.values())


@pytest.mark.parametrize("which", EVERY, ids=lambda each: each.version)
def test_every_release_has_a_list_of_its_jars_and_their_names_differ(which: Release) -> None:
    jars = which.jars()
    assert len(jars) > 200
    assert len({jar.name for jar in jars}) == len(jars)
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in jars)
    assert {jar.name for jar in jars} >= {f"neo4j-{which.version}.jar", "neo4j-browser-5.24.0.jar"}


@pytest.mark.parametrize("which", EVERY, ids=lambda each: each.version)
def test_one_java_of_the_extra_runs_them_all(which: Release) -> None:
    assert which.runs_on(21)


def test_the_default_runs_on_the_javas_it_is_made_for_and_no_other() -> None:
    default = release(DEFAULT_VERSION)
    assert [java for java in range(8, 30) if default.runs_on(java)] == [17, 21]
    assert default.java_requirement == "Java 17 or 21"


def test_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=re.escape("no Neo4j '4.4' here; expected 5.26.30 or 2026.08.1")):
        release("4.4")


@pytest.mark.parametrize(
    ("version", "before", "may"),
    [
        ("5.26.30", "5.26.30", True),
        ("5.26.31", "5.26.30", True),
        ("5.26.9", "5.26.30", False),
        ("2026.08.1", "5.26.30", False),
        ("5.26.30", "2026.08.1", False),
    ],
)
def test_data_is_opened_by_the_same_line_and_nothing_older(version: str, before: str, may: bool) -> None:
    assert can_open_data_of(version, before) is may
