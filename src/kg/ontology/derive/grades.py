"""The meanings of the grades of a claim."""

from __future__ import annotations

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "unknown: nobody can judge the source; this is not low",
}
"""Reliability of a source, as investigators grade it."""

CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "unknown: nobody can judge the information; this is not low",
}
"""Credibility of information, graded independently of its source."""

HANDLING = {
    "open": "its source sets no limit",
    "restricted": "to be passed on only as its source allows; the code stays with the claim",
    "protected": "asylum, health, counsel: never shown, exported or listed as a gap without that scope",
}
"""Handling codes of a claim or of a type of link."""
