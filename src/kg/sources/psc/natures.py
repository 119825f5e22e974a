"""Parses natures of control."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class ControlNature(NamedTuple):
    """A link between a party and an enterprise."""

    link_type: str
    """Link type."""
    share: str = ""
    interest: str = ""
    directness: str = ""


OVERSEAS = "-registered-overseas-entity"
SCOPE_SUFFIXES = ("-limited-liability-partnership", OVERSEAS)
"""Last suffix: the sort of enterprise; none for a company or another partnership."""

THROUGH_SUFFIXES = ("-as-control-over-trust", "-as-control-over-firm", "-as-trust", "-as-firm")
"""Suffix before it: what the party has the right through."""

HELD_SUFFIXES = ("-as-trust", "-as-firm")
"""Of an overseas entity, the party itself is trustee or member; of others, it controls the trust or firm."""

SHARE_BANDS = {
    "-25-to-50-percent": "25..50",
    "-50-to-75-percent": "50..75",
    "-75-to-100-percent": "75..100",
    "-more-than-25-percent": "25..100",
}
PLACE_SUFFIXES = ("-england-wales", "-scotland", "-northern-ireland")

RIGHTS = {
    "ownership-of-shares": ControlNature("OWNS"),
    "voting-rights": ControlNature("CONTROLS"),
    "right-to-share-surplus-assets": ControlNature("BENEFITS_FROM"),
    "part-right-to-share-surplus-assets": ControlNature("BENEFITS_FROM"),
    "right-to-appoint-and-remove-directors": ControlNature("CONTROLS"),
    "right-to-appoint-and-remove-members": ControlNature("CONTROLS"),
    "right-to-appoint-and-remove-person": ControlNature("CONTROLS"),
    "significant-influence-or-control": ControlNature("CONTROLS"),
    "registered-owner-as-nominee-person": ControlNature("BENEFITS_FROM"),
    "registered-owner-as-nominee-another-entity": ControlNature("BENEFITS_FROM", directness="indirect"),
}
"""The right, at the beginning. An overseas entity that is the registered owner of land as somebody's nominee holds it
for them."""

UNKNOWN_NATURE = ControlNature("CONTROLS")
"""For a nature of control that is not in the list: some kind of control."""


@lru_cache(maxsize=1_000)
def parse_nature(text: str) -> ControlNature:
    """The link for a nature of control; UNKNOWN_NATURE for one that the register introduced later.

    Bands are closed: more than 25 % and not more than 50 % is `25..50`. Who controls a trust or firm that has the right
    controls through it, and does not hold.
    """
    rest, scope = _strip_suffix(text, SCOPE_SUFFIXES)
    rest, through = _strip_suffix(rest, THROUGH_SUFFIXES)
    rest, band = _strip_suffix(rest, tuple(SHARE_BANDS))
    rest, _ = _strip_suffix(rest, PLACE_SUFFIXES)
    right = RIGHTS.get(rest)
    if right is None:
        return UNKNOWN_NATURE
    right = right._replace(share=SHARE_BANDS.get(band, ""))
    if not through:
        return right
    if scope == OVERSEAS and through in HELD_SUFFIXES:
        return right._replace(interest="legal") if (right.link_type, through) == ("OWNS", "-as-trust") else right
    return right._replace(link_type="CONTROLS", directness="indirect")


def _strip_suffix(text: str, ends: tuple[str, ...]) -> tuple[str, str]:
    """A text without the first of `ends` that it has as suffix, and that suffix."""
    end = next((end for end in ends if text.endswith(end)), "")
    return text.removesuffix(end), end
