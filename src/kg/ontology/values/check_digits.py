"""Check digits of identifiers: whether one that is well formed can be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_DIGITS = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=10)}


def _fits_97(text: str) -> bool:
    """ISO 7064, mod 97-10, letters as 10 to 35: the LEI of ISO 17442."""
    return int(text.translate(_DIGITS)) % 97 == 1


def _fits_iban(text: str) -> bool:
    """The same with the country and the check digits at the end: ISO 13616."""
    return _fits_97(text[4:] + text[:4])


def _fits_imo(text: str) -> bool:
    """The last digit is that of the sum of the first six, weighted by 7 down to 2."""
    weighted = sum(int(digit) * weight for digit, weight in zip(text[:6], range(7, 1, -1), strict=True))
    return weighted % 10 == int(text[6])


def _fits_isin(text: str) -> bool:
    """The formula of Luhn over the digits, letters as 10 to 35: ISO 6166."""
    digits = [*map(int, text.translate(_DIGITS))]
    doubled = (2 * digit for digit in digits[-2::-2])
    return (sum(digits[::-2]) + sum(digit // 10 + digit % 10 for digit in doubled)) % 10 == 0


CHECK_DIGITS: Mapping[str, Callable[[str], bool]] = {
    "iban": _fits_iban,
    "imo": _fits_imo,
    "isin": _fits_isin,
    "lei": _fits_97,
}
"""By name, whether the check digits of a canonical identifier fit the rest of it."""
