"""In which words is an accusation told, and who speaks as an authority?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from kg.clearance import CLEARED
from kg.findings.statements import stated_spans
from kg.names import name_words
from kg.ontology.values.jurisdictions import code_of_country

OFFICES = frozenset(
    (
        *("procuratorate", "procurator", "prosecutor", "prosecutors", "prosecution", "police", "court", "courts"),
        *("judge", "tribunal", "magistrate", "ministry", "attorney", "government", "authority", "authorities"),
    )
)
"""Words for the offices of a state."""

MEDIA = frozenset(
    (
        *("blog", "daily", "gazette", "herald", "journal", "magazine", "media", "news", "newspaper", "post", "press"),
        *("radio", "reporter", "television", "times", "tribune", "tv", "weekly", "wire"),
    )
)
"""Words for who reports and does not accuse."""

BODIES = OFFICES | frozenset(("agency", "bureau", "commission", "department", "interpol", "office"))
"""Words for bodies that can charge, convict or clear somebody, of whichever state."""

HAN_MEDIA = re.compile(r"(?:报|周刊|杂志|新闻|新闻网|电视台|通讯社|新华社)$")
"""How the names of newspapers and broadcasters end in Chinese."""

ANYBODYS_STAGES = ("alleged", "accused")
"""What anybody can do; only an authority charges, convicts or clears."""

HAN_OFFICE = re.compile(
    r"(?:最高|人民|国家|中央)*(?:检察院|检察机关|公安机关|公安部|公安局|警方|法院|监察委员会|监察机关|纪委监委|纪委|司法部)"
)


PAPER_TYPES: Mapping[str, str] = {"list": "ListEntry", "warrant": "Warrant", "notice": "Notice"}
"""What a paper is called where it speaks for its issuer, and its type."""

UNDATED = ", on an unknown day"
"""What stands for the date of an accusation that has none."""


ONE_DAY_STAGES = ("convicted", "cleared")
"""Stages that an act of one day brings about; the others begin on a day and last."""


def stage_date(stage: str, day: str) -> str:
    """` on 2013-06-14` or ` in 2013` for what happened once, ` since 2013` for what lasts; empty without a day."""
    if not day:
        return ""
    if stage not in ONE_DAY_STAGES:
        return f" since {day}"
    return f" on {day}" if len(day) == len("2013-06-14") else f" in {day}"


T = TypeVar("T")


class AccusationWords(NamedTuple):
    """What one claim says of a party and an offence."""

    stage: str
    """`alleged`, `charged`, `convicted`, …"""
    speakers: tuple[str, ...]
    """Who says so."""
    official: tuple[str, ...]
    """Those of them that are authorities."""
    name: str
    """The party."""
    offence: str
    since: str = ""
    """A date; empty where none is given."""


def accusation_phrase(said: AccusationWords, undated: str = "") -> str:
    """`charged by a court since 2014: theft`, `convicted by a court on 2014-02-03: theft`.

    Without a date, `undated` stands in its place.

    What only an authority can do is told as the word of whoever says it where that is none:
    `the Evening News says that Ann Example was convicted (2014): theft`.
    """
    if said.official or said.stage in ANYBODYS_STAGES:
        speakers = said.speakers if said.stage in ANYBODYS_STAGES else said.official
        return (
            f"{said.stage} by {' and '.join(speakers)}{stage_date(said.stage, said.since) or undated}: {said.offence}"
        )
    when = f" ({said.since})" if said.since else undated
    verb = "says" if len(said.speakers) == 1 else "say"
    return f"{' and '.join(said.speakers)} {verb} that {said.name} was {said.stage}{when}: {said.offence}"


class StatedStage(NamedTuple):
    """A stage of an accusation as one claim or several of one origin state it."""

    stage: str
    date: str
    """Empty where none is given."""
    voices: frozenset[str]
    """Who says so: the sources and whom they name."""

    def answers(self, other: StatedStage) -> bool:
        """Whether it says of the same accusation, by the same source or speaker, what stands from its day on.

        It may be of the same day: 2014 answers 2014-05, and what has no day is answered by anything.
        """
        return not other.is_later(self) and not self.voices.isdisjoint(other.voices)

    def is_later(self, other: StatedStage) -> bool:
        """Whether its first possible day is after the last one of another."""
        own, before = (stated_spans(said.date.split(" or ")) for said in (self, other))
        return bool(own) and (not before or min(s.first for s in own) > max(s.last for s in before))


def last_stages(said: Sequence[T], stage: Callable[[T], StatedStage]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """What goes on to accuse one party of one offence, and what clears it.

    A clearance answers what the same source or the same speaker said until then. What another source alleges stands.
    """
    stated = [(one, stage(one)) for one in said]
    cleared = [pair for pair in stated if pair[1].stage == CLEARED]
    others = [pair for pair in stated if pair[1].stage != CLEARED]
    accusing = (one for one, told in others if not any(clear.answers(told) for _, clear in cleared))
    clearing = (
        one for one, clear in cleared if not any(told.answers(clear) and told.is_later(clear) for _, told in others)
    )
    return tuple(accusing), tuple(clearing)


def is_official(
    speaker: str, is_agency: Callable[[tuple[str, ...]], object], papers: Iterable[tuple[str, Iterable[str]]]
) -> bool:
    """Whether a speaker is an authority, of whichever state, or a paper that names the party.

    `is_agency` is asked for the words of the speaker's name; `papers`: the type, and the names and numbers, of each
    paper that names the party. A paper goes by one of them, or by the word for its kind.
    """
    words = name_words(speaker)
    return is_body(speaker) or bool(is_agency(words)) or any(is_called_so(words, *paper) for paper in papers)


def is_called_so(words: tuple[str, ...], paper_type: str, names: Iterable[str]) -> bool:
    """Whether words are a name or number of a paper, or the word for its kind: `the red notice`."""
    bare = " ".join(words).removeprefix("the ").removeprefix("arrest ").removeprefix("red ")
    return paper_type == PAPER_TYPES.get(bare) or any(words == name_words(name) for name in names)


def is_body(speaker: str) -> bool:
    """Whether a name is that of a state, or of a body that can charge, convict or clear somebody."""
    if code_of_country(speaker):
        return True
    return not is_media(speaker) and bool(BODIES.intersection(name_words(speaker)) or HAN_OFFICE.search(speaker))


def is_media(speaker: str) -> bool:
    """Whether a name is that of somebody who reports."""
    return bool(MEDIA.intersection(name_words(speaker)) or HAN_MEDIA.search(speaker.strip()))
