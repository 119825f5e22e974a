"""Phone numbers, e-mail addresses and postal addresses."""

from __future__ import annotations

from collections.abc import Callable

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence
from kg.names import name_words
from kg.ontology.values import CONTACTS

_MIN_ADDRESS = 3


def _address(text: str) -> str:
    """The words of an address with a number: without one it is a place, where many live."""
    words = name_words(text)
    return " ".join(words) if len(words) >= _MIN_ADDRESS and any(map(str.isdigit, "".join(words))) else ""


_FORMS: tuple[tuple[str, float, str, Callable[[str], str]], ...] = (
    ("email", 12.0, "e-mail address", CONTACTS["email"]),
    ("phone", 10.0, "phone number", CONTACTS["phone"]),
    ("address", 6.0, "address", _address),
)


def contact_keys(party: Party) -> frozenset[tuple[str, str]]:
    """E-mail addresses and phone numbers in the form in which they are compared."""
    return frozenset(
        (name, key) for name, _, _, form in _FORMS[:2] for v in party.values.get(name, ()) if (key := form(v))
    )


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """What both have; nothing against where they differ: people move."""
    for name, bits, called, form in _FORMS:
        ours = {form(v): v for v in one.values.get(name, ())}
        theirs = {form(v): v for v in other.values.get(name, ())}
        for key in sorted((ours.keys() & theirs.keys()) - {""}):
            return Evidence("contact", bits, f"the same {called}, {ours[key]}", ours[key], theirs[key])
    return None
