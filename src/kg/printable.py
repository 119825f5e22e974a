"""Text from outside as it is printed and logged: control characters are shown, and never reach a terminal."""

from __future__ import annotations

import re

# C0 but tab and line feed, DEL, C1, signs that turn the direction of text, further line ends, lone surrogates.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text with what a terminal would act on as a visible escape, such as `\x1b` or `\u202e`."""
    return _UNPRINTABLE.sub(_escape, text)


def printable_json(text: str) -> str:
    r"""A JSON document with the same characters as JSON escapes, such as `\u009b`: its meaning is the same."""
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _escape(sign: re.Match[str]) -> str:
    code = ord(sign[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
