"""Does an authority of a state say what a claim says, or somebody else?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from kg.analysis.routes.case import FactQuery, since_text
from kg.findings.accusations import (
    HAN_OFFICE,
    OFFICES,
    AccusationWords,
    accusation_phrase,
    is_called_so,
    is_media,
    is_official,
)
from kg.names import name_words
from kg.ontology.values.jurisdictions import code_of_country, fold_name, reference_rows, unique_names
from kg.records import Claim

BARE_WORDS = OFFICES | frozenset(
    (
        *("the", "a", "an", "s", "of", "for", "and", "office", "service", "state", "national", "public", "general"),
        *("chief", "supreme", "high", "people", "criminal", "district", "provincial", "municipal", "central"),
        *("security", "justice", "interior", "bureau", "department", "requesting", "invented"),
    )
)
"""Words that name no place: an office called by these alone is one of the state whose law is meant."""

LONGEST_STATE = 5
"""Most words, or characters in Chinese, in which the name of a state is looked for."""

LONGEST_CODE = 3
"""Most letters in the code of a state."""


def speaker_doubt(query: FactQuery, claim: Claim, offence: int, state: str) -> str:
    """Why an accusation or a judgment is not known to be a state's; empty where an authority of that state says it.

    Without `said_by` the origin speaks, which may be anybody's paper: then nobody knows.
    """
    said_by = query.context.texts(claim, "said_by")
    speakers = said_by or tuple(filter(None, (claim.provenance.origin,)))
    found = {_is_authority(query, speaker, offence, state) for speaker in speakers}
    if True in found:
        return ""
    if not said_by:
        return "who says so is not known"
    if None in found:
        return "of which state that authority is, is not known"
    return f"no word of {'the requesting state' if state == query.requesting else state}"


def accusation_text(query: FactQuery, claim: Claim, offence: int, *, undated: str = "") -> str:
    """`charged by a court since 2014: theft`; without a date, `undated` stands in its place.

    What only an authority can do is told as the word of whoever says it where that is none:
    `the Evening News says that Ann Example was convicted (2014): theft`.
    """
    stage = query.context.first_text(claim, "stage") or "accused"
    speakers = query.context.texts(claim, "said_by") or (claim.source,)
    agencies, papers = query.context.states_of_agencies(), list(_papers(query))
    official = tuple(
        speaker
        for speaker in speakers
        if query.law.states_of_agency(speaker) or is_official(speaker, agencies.get, papers)
    )
    name, offence_name = query.context.name_of(query.person), query.context.name_of(offence)
    since = since_text(query, claim, "date").removeprefix(" since ")
    return accusation_phrase(AccusationWords(stage, speakers, official, name, offence_name, since), undated)


def _is_authority(query: FactQuery, speaker: str, offence: int, state: str) -> bool | None:
    """Whether a speaker is an authority of a state; None for an authority of which it is not known whose it is.

    An agency of the graph goes before one of the tables. A name that agencies of several states have, such as the
    Ministry of Justice, is read like a bare office: it is that of the state whose law the offence is under.
    """
    words = name_words(speaker)
    states = query.context.states_of_agencies().get(words) or query.law.states_of_agency(speaker)
    is_shared = len(states) > 1 and state in states
    if states and not is_shared:
        return state in states
    if code_of_country(speaker) == state or _is_paper_of_person(query, words, state):
        return True
    if is_media(speaker):
        return False
    if named := frozenset(_states_named(speaker)):
        return state in named and bool(OFFICES.intersection(words))
    if _han_office(speaker, state):
        return True
    han = HAN_OFFICE.search(speaker)
    if not (is_shared or han or OFFICES.intersection(words)):
        return False
    is_bare = is_shared or (HAN_OFFICE.fullmatch(speaker.strip()) if han else BARE_WORDS.issuperset(words))
    return True if is_bare and state in query.context.merged_texts(offence, "law_of") else None


def _is_paper_of_person(query: FactQuery, words: tuple[str, ...], state: str) -> bool:
    """Whether this is the name of a paper of a state that names the person, or the word for its kind."""
    return any(is_called_so(words, *paper) for paper in _papers(query, state))


def _papers(query: FactQuery, state: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """The type, names and numbers of each paper, of a state if given, that names the person."""
    context = query.context
    for link in context.outgoing(query.person, "SOUGHT_UNDER"):
        if not state or state in context.issuing_jurisdictions(link.far, "ISSUED_BY"):
            names = (*context.merged_texts(link.far, "name"), *context.merged_texts(link.far, "number"))
            yield context.view.type(link.far), names


def _states_named(speaker: str) -> Iterator[str]:
    """The states whose name, word for their people or code in capitals is in a text."""
    words = re.findall(r"\w+", speaker)
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_STATE, len(words)) + 1):
            text = " ".join(words[start:end])
            is_word = not text.isupper() and len(text) <= LONGEST_CODE  # `of` and `is` are no codes
            if code := "" if is_word else code_of_country(text) or _demonyms().get(fold_name(text), ""):
                yield code


def _han_office(speaker: str, state: str) -> bool:
    """Whether a text in Chinese is the name of a state and of an office: 中国公安部."""
    text = speaker.strip()
    return any(
        code_of_country(text[:end]) == state and HAN_OFFICE.fullmatch(text[end:]) for end in range(2, LONGEST_STATE + 1)
    )


@lru_cache(maxsize=1)
def _demonyms() -> Mapping[str, str]:
    return unique_names((row["word"], row["jurisdiction"]) for row in reference_rows("demonyms.csv"))
