"""From bits to a probability, and to what an analyst does with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kg.findings.matches import SHARED_BY_MANY, Band, Capped, Evidence, Match, Rival, rank

RULES_VERSION = "3"
"""Of the features, their weights, and the tables of names."""

STRONG, REVIEW, FAINT = 0.9, 0.1, 0.01

MAX_UNCERTAIN = 0.89
"""Above this is nothing that rests on names alone, or that a feature speaks plainly against."""

NAMES = "names"
"""The feature that compares names."""

CONTRADICTED = -4.0
"""A feature that says so much against it keeps a candidate from being strong."""

MAX_CONTRADICTED = 0.5
"""Above this is nothing that a feature speaks against so plainly that no slip of a clerk explains it: however much else
agrees, as it does of relatives and of twins, that the sources err is no likelier than that the two are two.
"""

_NO_SLIP = -5.0
"""From so many bits on; another day of the same year is a slip that true pairs have too."""

_MIN_BITS = 3.0
"""What says less is no kind of evidence of its own."""

_MIN_KINDS = 2
"""Independent kinds of evidence that a strong candidate has."""

_MOST_BITS = 1000.0
"""Of odds; more make no difference."""


def weighed(match: Match, rivals: Sequence[Match] = ()) -> Match:
    """A match with probability and band by its evidence, its prior, and its rivals: others of which only one is right.

    The hypotheses exclude each other, so each has its share of the odds of all and of none.
    """
    bits = _odds_bits(match)
    against = sum(2.0 ** min(_MOST_BITS, _odds_bits(rival) - bits) for rival in rivals)
    p = 1 / (1 + 2.0 ** min(_MOST_BITS, -bits) + against)
    limit, most = _limit(match.evidence)
    capped = limit if p > most else ""
    p = round(min(p, most), 4)
    ends = match.one, match.other
    told = tuple(_rival(rival, ends) for rival in rivals)
    return replace(match, probability=p, band=band(match.evidence, p), capped=capped, rivals=told)


def limited_by_judgement(match: Match, kind: str) -> Match:
    """A match about which a judgement of this kind holds: none where it is `distinct`, never strong if `unsure`."""
    if kind == "distinct":
        return replace(match, probability=0.0, band="none", capped="judged distinct")
    if kind == "unsure" and match.probability > MAX_UNCERTAIN:
        return replace(match, probability=MAX_UNCERTAIN, band="review", capped="judged unsure")
    return match


Exclude = Callable[[str, str, tuple[str, str]], bool]
"""Whether two nodes or rows cannot be one, with their names that are alike to one name of a third."""


def share_among_rivals(matches: Iterable[Match], exclude: Exclude) -> list[Match]:
    """The same matches, each with its share where others of the same one exclude it.

    Of others that may be one with each other, only the most probable counts. Those that are improbable by themselves
    take nothing from others.
    """
    alone = [weighed(match) for match in matches]
    by_end: dict[str, list[Match]] = {}
    for match in sorted(alone, key=rank):
        if match.probability >= REVIEW:
            for end in (match.one, match.other):
                by_end.setdefault(end, []).append(match)
    found = []
    for match in alone:
        rivals = [*_rivals(match, match.one, by_end, exclude), *_rivals(match, match.other, by_end, exclude)]
        found.append(weighed(match, rivals) if rivals else match)
    return found


def _rivals(match: Match, end: str, by_end: dict[str, list[Match]], exclude: Exclude) -> Iterable[Match]:
    """The matches of one end that exclude a match, and each other."""
    apart = [match]
    for other in by_end.get(end, ()):
        if all(_exclude(other, one, end, exclude) for one in apart):
            apart.append(other)
            yield other


def _exclude(one: Match, other: Match, end: str, exclude: Exclude) -> bool:
    (node, written, of_end), (other_node, other_written, of_other_end) = _beside(one, end), _beside(other, end)
    names = (written, other_written) if of_end == of_other_end else ("", "")
    return node != other_node and exclude(node, other_node, names)


def _beside(match: Match, end: str) -> tuple[str, str, str]:
    """The node beside an end, and the names of both that were compared."""
    names = next((e for e in match.evidence if e.feature == NAMES), Evidence(NAMES, 0.0, ""))
    if match.one == end:
        return match.other, names.other_value, names.one_value
    return match.one, names.one_value, names.other_value


def _rival(rival: Match, ends: tuple[str, str]) -> Rival:
    if rival.one in ends:
        return Rival(rival.one, rival.other, rival.other_caption, rival.bits)
    return Rival(rival.other, rival.one, rival.one_caption, rival.bits)


def _odds_bits(match: Match) -> float:
    return match.prior_bits + sum(e.bits for e in match.evidence)


def _limit(evidence: Iterable[Evidence]) -> tuple[Capped, float]:
    """Why a match can be no more probable than what; empty and 1 where nothing limits it."""
    found = tuple(evidence)
    if _is_contradicted(found):
        return "contradicted", MAX_CONTRADICTED if min(e.bits for e in found) <= _NO_SLIP else MAX_UNCERTAIN
    return ("", 1.0) if _kinds_for(found) - {NAMES} else ("name alone", MAX_UNCERTAIN)


def band(evidence: Iterable[Evidence], p: float) -> Band:
    """`strong` rests on two independent kinds of evidence at least; names alone are for `review`."""
    found = tuple(evidence)
    if p >= STRONG and len(_kinds_for(found)) >= _MIN_KINDS and not _is_contradicted(found):
        return "strong"
    if p >= REVIEW:
        return "review"
    return "faint" if p >= FAINT else "none"


def _is_contradicted(evidence: Iterable[Evidence]) -> bool:
    return any(e.bits <= CONTRADICTED for e in evidence)


def _kinds_for(evidence: Iterable[Evidence]) -> set[str]:
    found = (e for e in evidence if e.bits >= _MIN_BITS and e.feature not in SHARED_BY_MANY)
    return {e.feature for e in found if not _needs_a_slip(e)}


def _needs_a_slip(evidence: Evidence) -> bool:
    """Whether two birth dates agree only if one of them is mistaken, as where day and month are swapped."""
    days = evidence.one_value, evidence.other_value
    is_whole = all(len(day) == _DAY and not day.endswith(_OFTEN_UNKNOWN) for day in days)
    return evidence.feature == _BIRTH_DATE and is_whole and days[0] != days[1]


_BIRTH_DATE, _DAY, _OFTEN_UNKNOWN = "birth date", 10, "-01-01"
