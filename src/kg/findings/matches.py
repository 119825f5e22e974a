"""What a comparison of two people or companies found, and what a judgement about them would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from kg.findings.counts import plural
from kg.records import POSSIBLY_SAME, derived_id

Band = Literal["strong", "review", "faint", "none"]

Capped = Literal["", "name alone", "contradicted", "judged distinct", "judged unsure"]
"""Why a probability is no higher: nothing beside the name says much for it, a feature speaks plainly against it, or
somebody judged the two.
"""


SHARED_BY_MANY = frozenset({"country", "sex"})
"""Features that namesakes have in common, as rare as they may be in the register: no kind of evidence of their own."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one feature says for or against one identity."""

    feature: str
    """Such as `names` or `birth date`."""
    bits: float
    """Positive for, negative against; each bit doubles or halves the odds."""
    says: str
    """One sentence with the values compared."""
    one_value: str = ""
    other_value: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another who may be the same one instead: at most one of both is right."""

    end: str
    """The id of the end of the match that may be this one instead."""
    id: str
    caption: str
    bits: float
    """The sum of the evidence for it, to compare with that of the match."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two people or companies that may be one. It is a suggestion: nothing in the graph follows from it."""

    one: str
    """The id of the one that is looked for, or the reference of its row."""
    other: str
    """The id of the other."""
    one_caption: str
    other_caption: str
    probability: float
    bits: float
    """The sum of the evidence, without the prior."""
    band: Band
    evidence: tuple[Evidence, ...]
    namesakes_expected: float | None
    """How many others in the register are expected to be called so, by the frequency of the name; null where the two
    are not called alike.
    """
    missing: tuple[str, ...]
    """What neither comparison could use and would decide it, such as `birth date`."""
    warnings: tuple[str, ...] = ()
    other_sources: tuple[str, ...] = ()
    rules_version: str = ""
    prior_bits: float = 0.0
    """The logarithm of the odds before all evidence, by the size of the register; with `bits` it gives the odds."""
    capped: Capped = ""
    """Why the probability is no higher, whatever the odds; empty where the odds are all there is to it."""
    rivals: tuple[Rival, ...] = ()
    """Others of whom only one can be right: the odds are shared with them."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two nodes that may be one, and since when that is known."""

    match: Match
    seen_first: str
    """Day on which it was first written."""
    seen_last: str
    """Day on which it was last found."""

    @classmethod
    def from_json(cls, text: str) -> Suggestion:
        """What `orjson.dumps` wrote of one."""
        said = orjson.loads(text)
        match: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said["match"].items()}
        match["evidence"] = tuple(Evidence(**e) for e in match["evidence"])
        match["rivals"] = tuple(Rival(**r) for r in match.get("rivals", ()))
        return cls(Match(**match), said["seen_first"], said["seen_last"])


def namesake_words(match: Match) -> str:
    """How many others of the register are expected to be called so; empty where the names are not alike."""
    if match.namesakes_expected is None:
        return ""
    if match.namesakes_expected < 1:
        return "fewer than one other person or company called so expected"
    return f"about {plural(round(match.namesakes_expected), 'other')} called so expected"


def probability_words(match: Match, digits: int = 3) -> str:
    """`0.890 review, capped: nothing but the name and country`."""
    capped = f", capped: {_capped_words(match)}" if match.capped else ""
    return f"{match.probability:.{digits}f} {match.band}{capped}"


def _capped_words(match: Match) -> str:
    if match.capped != "name alone":
        return match.capped
    more = [e.feature for e in match.evidence if e.feature in SHARED_BY_MANY and e.bits > 0]
    return f"nothing but {' and '.join(['name', *sorted(more)])}" if more else match.capped


def rival_words(match: Match, references: Mapping[str, str] | None = None) -> str:
    """`at most one of these can be right: this one (+21.3 bits), Ann Sample (register:7, +20.9 bits)`.

    `references` are what ids are called, where that is known. Empty where there is no rival.
    """
    if not match.rivals:
        return ""
    known = references or {}
    others = (f"{r.caption} ({known.get(r.id, r.id)}, {r.bits:+.1f} bits)" for r in match.rivals)
    return f"at most one of these can be right: this one ({match.bits:+.1f} bits), {', '.join(others)}"


@dataclass(frozen=True, slots=True)
class ScreenedTarget:
    """One person or company of the list, and what was found."""

    id: str
    caption: str
    type: str
    matches: tuple[Match, ...]
    """The most probable first."""
    compared: int
    """Entries of which the names were compared."""
    crowded: int
    """Ways to write the name that more entries have than are compared."""
    has_words: bool = True
    """Whether its name has words that can be looked for."""


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer to a screening. It is about probabilities: nobody is said to be anybody."""

    targets: tuple[ScreenedTarget, ...]
    entries: int
    """People and companies in the register."""
    rejected: int
    """Rows of the list or register that could not be read."""
    notes: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    """By id, the first `namespace:key` of records about each entry that is told, and about each on a list of files."""

    @property
    def matches(self) -> int:
        """How many matches there are, without `improbable`."""
        return sum(len(target.matches) for target in self.targets) - self.improbable

    @property
    def improbable(self) -> int:
        """How many are told for a number in common alone, though all else makes them improbable."""
        return sum(match.band == "none" for target in self.targets for match in target.matches)


@dataclass(frozen=True, slots=True)
class NameComparison:
    """Two names and what they weigh."""

    left: str
    right: str
    bits: float
    same: bool
    """Whether they are told as names of one."""
    reasons: tuple[str, ...]


def suggestion_id(match: Match) -> str:
    """The id that a suggestion has where it stands among links; it is the same for both orders of the two."""
    return pair_id(match.one, match.other)


def pair_id(one: str, other: str) -> str:
    """The id of the suggestion that two nodes may be one."""
    return derived_id(POSSIBLY_SAME, "suggestion", *sorted((one, other)))


def reasons_of(match: Match) -> list[str]:
    """What speaks for and against a match, one sentence a feature."""
    return [f"{e.feature} {e.bits:+.1f}: {e.says}" for e in match.evidence]


def has_same_number(evidence: Iterable[Evidence]) -> bool:
    """Whether both have the same number: such a pair is looked at whatever else speaks against it."""
    return any(e.feature == "number" and e.bits > 0 for e in evidence)


def rank(match: Match) -> tuple[float, float, str, str]:
    """A key that sorts matches: the most probable first."""
    return -match.probability, -match.bits, match.one, match.other


@dataclass(frozen=True, slots=True)
class JudgementEffect:
    """What would be different after a judgement. Nothing of it has happened."""

    kind: str
    """`same`, `distinct` or `unsure`."""
    nodes: tuple[str, str]
    captions: tuple[str, str]
    links_joined: int = 0
    """Links of the node whose id is given up, which would be links of the other."""
    clusters_changed: int = 0
    """Clusters that would have other members, be new, or be gone."""
    contradictions: tuple[str, ...] = ()
    """What sources say of the two that could then not all be true, and what of it is seen only when they are one."""
    sought: tuple[str, ...] = ()
    """Who of the two would be wanted and is not now."""
    suggestions_removed: int = 0
    """Links `POSSIBLY_SAME_AS` that would go."""
    missing: str = ""
    """What is missing until it takes effect; empty where nothing is."""

    @property
    def sentence(self) -> str:
        """`3 links join, 1 cluster changes, 2 loaded contradictions become visible`."""
        said = []
        if self.kind == "same":
            said.append(_counted(self.links_joined, "links", "join"))
            said.append(_counted(self.clusters_changed, "clusters", "change"))
            said.append(_counted(len(self.contradictions), "loaded contradictions", "become", "visible"))
            said += [f"{name} becomes wanted" for name in self.sought]
        else:
            said.append("no link joins, no cluster changes")
        if self.suggestions_removed:
            said.append(_counted(self.suggestions_removed, "possible matches", "go"))
        if self.kind == "unsure":
            said.append("the pair is hidden from review until records of either change")
        return ", ".join(said)


def _counted(number: int, things: str, verb: str, rest: str = "") -> str:
    """`3 links join`, `1 cluster changes`, `no cluster changes`."""
    one = f"{verb}{'es' if verb == 'go' else 's'}"
    words = plural(number, things) if number else f"no {plural(1, things).partition(' ')[2]}"
    return " ".join(filter(None, (words, one if number < 2 else verb, rest)))
