"""What does a nature of control say?"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Nature(NamedTuple):
    """A link between a party and an enterprise."""

    kind: str
    """Link type."""
    share: str = ""
    interest: str = ""
    directness: str = ""


OVERSEAS = "-registered-overseas-entity"
SCOPES = ("-limited-liability-partnership", OVERSEAS)
"""Which sort of enterprise it is about, at the end; none for a company or another partnership."""

THROUGH = ("-as-control-over-trust", "-as-control-over-firm", "-as-trust", "-as-firm")
"""By what the party has the right, before that."""

HELD = ("-as-trust", "-as-firm")
"""Of an overseas entity these say that the party is itself trustee or member; of others, that it controls these."""

BANDS = {
    "-25-to-50-percent": "25..50",
    "-50-to-75-percent": "50..75",
    "-75-to-100-percent": "75..100",
    "-more-than-25-percent": "25..100",
}
PLACES = ("-england-wales", "-scotland", "-northern-ireland")

RIGHTS = {
    "ownership-of-shares": Nature("OWNS"),
    "voting-rights": Nature("CONTROLS"),
    "right-to-share-surplus-assets": Nature("BENEFITS_FROM"),
    "part-right-to-share-surplus-assets": Nature("BENEFITS_FROM"),
    "right-to-appoint-and-remove-directors": Nature("CONTROLS"),
    "right-to-appoint-and-remove-members": Nature("CONTROLS"),
    "right-to-appoint-and-remove-person": Nature("CONTROLS"),
    "significant-influence-or-control": Nature("CONTROLS"),
    "registered-owner-as-nominee-person": Nature("BENEFITS_FROM"),
    "registered-owner-as-nominee-another-entity": Nature("BENEFITS_FROM", directness="indirect"),
}
"""What the right is, at the beginning. An overseas entity that is the registered owner of land as somebody's nominee
holds that land for them."""

UNKNOWN = Nature("CONTROLS")
"""All that is sure of a nature of control that none of these are: it is one."""


@lru_cache(maxsize=1_000)
def nature(text: str) -> Nature:
    """The link that a nature of control says; UNKNOWN for one that the register has brought in since.

    Bands are closed: more than 25 % and not more than 50 % is `25..50`. Who controls a trust or firm that has the right
    controls through it, and does not hold.
    """
    rest, scope = _without(text, SCOPES)
    rest, through = _without(rest, THROUGH)
    rest, band = _without(rest, tuple(BANDS))
    rest, _ = _without(rest, PLACES)
    right = RIGHTS.get(rest)
    if right is None:
        return UNKNOWN
    right = right._replace(share=BANDS.get(band, ""))
    if not through:
        return right
    if scope == OVERSEAS and through in HELD:
        return right._replace(interest="legal") if (right.kind, through) == ("OWNS", "-as-trust") else right
    return right._replace(kind="CONTROLS", directness="indirect")


def _without(text: str, ends: tuple[str, ...]) -> tuple[str, str]:
    """A text without the first of `ends` that it ends in, and that end."""
    end = next((end for end in ends if text.endswith(end)), "")
    return text.removesuffix(end), end
