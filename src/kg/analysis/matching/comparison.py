"""Compare two people or companies feature by feature."""

from __future__ import annotations

from kg.analysis.matching.evidence.features import FEATURES
from kg.analysis.matching.evidence.names import called_so_bits, name_evidence
from kg.analysis.matching.party import MIN_SIZE, Party, Register
from kg.findings.matches import Evidence, Match
from kg.findings.posterior import RULES_VERSION, weighed


def compare_parties(one: Party, other: Party, register: Register, names: Evidence | None = None) -> Match:
    """The whole comparison. `names` is the evidence of the names where it is known already."""
    evidence = [names or name_evidence(one, other)]
    for feature in FEATURES:
        found = feature(one, other, register)
        if found is not None:
            evidence.append(found)
    match = Match(
        one=one.id,
        other=other.id,
        one_caption=one.caption,
        other_caption=other.caption,
        probability=0.0,
        bits=round(sum(e.bits for e in evidence), 1),
        band="none",
        evidence=tuple(sorted(evidence, key=lambda e: (-abs(e.bits), e.feature))),
        namesakes_expected=_namesakes(evidence[0], register),
        missing=_missing(one, evidence),
        warnings=(*one.warnings, *other.warnings),
        other_sources=other.sources,
        rules_version=RULES_VERSION,
        prior_bits=round(register.prior_bits, 4),
    )
    return weighed(match)


def _namesakes(names: Evidence, register: Register) -> float | None:
    if names.bits <= 0:
        return None
    share: float = 2.0 ** -max(0.0, called_so_bits(names))
    return round(max(register.size, MIN_SIZE) * share, 1)


def _missing(one: Party, evidence: list[Evidence]) -> tuple[str, ...]:
    used = {e.feature for e in evidence}
    wanted = ("birth date", "number") if not one.is_company else ("number",)
    return tuple(name for name in wanted if name not in used)
