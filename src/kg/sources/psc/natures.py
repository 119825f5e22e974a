"""What does a nature of control say?"""

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
"""Which sort of enterprise it is about, at the end; none for a company or another partnership."""

THROUGH_SUFFIXES = ("-as-control-over-trust", "-as-control-over-firm", "-as-trust", "-as-firm")
"""By what the party has the right, before that."""

HELD_SUFFIXES = ("-as-trust", "-as-firm")
"""Of an overseas entity these say that the party is itself trustee or member; of others, that it controls these."""

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
"""What the right is, at the beginning. An overseas entity that is the registered owner of land as somebody's nominee
holds that land for them."""

UNKNOWN_NATURE = ControlNature("CONTROLS")
"""All that is sure of a nature of control that none of these are: it is one."""


@lru_cache(maxsize=1_000)
def parse_nature(text: str) -> ControlNature:
    """The link that a nature of control says; UNKNOWN for one that the register has brought in since.

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
    """A text without the first of `ends` that it ends in, and that end."""
    end = next((end for end in ends if text.endswith(end)), "")
    return text.removesuffix(end), end
