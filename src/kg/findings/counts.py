"""Numbers of things in words."""

_IRREGULAR = {"people": "person", "ties": "tie"}
"""Plurals whose singular no rule gives."""


def plural(number: int, things: str) -> str:
    """`1 asset`, `2,000 assets`, `1 person`, `1 further tie`."""
    before, _, last = things.rpartition(" ")
    if number == 1:
        last = _IRREGULAR.get(last) or (f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s"))
    return " ".join(part for part in (f"{number:,}", before, last) if part)
