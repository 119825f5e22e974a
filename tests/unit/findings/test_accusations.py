"""Is an accusation told as the word of whoever makes it? All names are invented."""

from __future__ import annotations

import pytest

from kg.findings.accusations import (
    UNDATED,
    AccusationWords,
    StatedStage,
    accusation_phrase,
    is_body,
    is_official,
    last_stages,
)


@pytest.mark.parametrize(
    ("speakers", "stage", "since", "told"),
    [
        (("Harbour City Court",), "convicted", "2014", "convicted by Harbour City Court in 2014: theft"),
        (("The Evening News",), "convicted", "2014", "The Evening News says that Ann was convicted (2014): theft"),
        (("A Post", "B Post"), "charged", "", "A Post and B Post say that Ann was charged, on an unknown day: theft"),
        (("The Evening News",), "alleged", "", "alleged by The Evening News, on an unknown day: theft"),
        (("The Evening News", "Harbour Police"), "charged", "", "charged by Harbour Police, on an unknown day: theft"),
    ],
)
def test_what_only_an_authority_does_is_the_word_of_anybody_else(
    speakers: tuple[str, ...], stage: str, since: str, told: str
) -> None:
    official = tuple(filter(is_body, speakers))
    assert accusation_phrase(AccusationWords(stage, speakers, official, "Ann", "theft", since), UNDATED) == told


@pytest.mark.parametrize(
    ("accused", "cleared", "goes_on"),
    [
        ("2014-05-01", "2014", False),
        ("2014", "2014-05-01", False),
        ("2014-05", "2013", True),
        ("2015 or 2016", "2014-05", True),
        ("2015", "", True),
        ("", "2014", False),
        ("", "", False),
    ],
)
def test_a_clearance_answers_what_may_have_been_said_until_its_day(accused: str, cleared: str, goes_on: bool) -> None:
    said = [StatedStage("charged", accused, frozenset("s")), StatedStage("cleared", cleared, frozenset("s"))]
    assert [len(kept) for kept in last_stages(said, lambda one: one)] == [goes_on, not goes_on]


@pytest.mark.parametrize(
    ("speaker", "speaks"),
    [
        ("Harbour City Court", True),
        ("the red notice", True),
        ("Notice N-7", True),
        ("the arrest warrant", False),
        ("The Marsh Desk", True),
        ("The Evening News", False),
        ("Ann Example", False),
    ],
)
def test_who_speaks_officially_is_an_authority_or_a_paper_about_the_party(speaker: str, speaks: bool) -> None:
    agencies = {("the", "marsh", "desk")}
    assert is_official(speaker, agencies.__contains__, [("Notice", ("Notice N-7", "N-7"))]) is speaks
