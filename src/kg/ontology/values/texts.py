"""Texts and names, and the cleaning of all values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kg.names import INVISIBLE

MAX_TEXT = 65_000
"""Longest value, in characters; longer ones are rejected, never cut."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""White space is not among them: tabs, line ends and form feeds become one space."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Unpaired surrogates, which neither JSON files nor databases can store."""


class _AsciiWidth(dict[int, int]):
    """Code points to those of ASCII for the same sign; decimal digits of each script too, which are looked up once."""

    def __missing__(self, code: int) -> int:
        digit = unicodedata.decimal(chr(code), None)
        self[code] = code if digit is None else 0x30 + int(digit)
        return self[code]


_ASCII_WIDTH = _AsciiWidth(
    {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
    | {0x2010: 0x2D, 0x2011: 0x2D, 0x2212: 0x2D, 0x066A: 0x25, 0x066B: 0x2E, 0x066C: 0x2C}
)


_SEXES = re.compile(
    "(?P<male>m|male|man|masculine|männlich|mann|homme|hombre|masculin|masculino|maschile|м|муж|мужской|男)"
    "|(?P<female>f|female|woman|feminine|weiblich|frau|femme|mujer|féminin|femenino|femminile|ж|жен|женский|女)",
)


def stated_sexes(words: Iterable[str]) -> frozenset[str]:
    """`male` and `female`, as words of registers say them; other words say neither."""
    known = (_SEXES.fullmatch(text.strip().casefold().rstrip(".")) for text in words)
    return frozenset(found.lastgroup for found in known if found and found.lastgroup)


class BadValue(ValueError):
    """A value that is not what its type expects; the message says what was expected."""


@dataclass(frozen=True)
class ValueType:
    """One kind of value. `clean` returns the canonical text or raises BadValue; `caption` is what a person reads."""

    name: str
    expected: str
    """Completes `expected …` in messages."""
    description: str
    examples: tuple[str, ...]
    """As sources may write it."""

    def clean(self, raw: str) -> str:
        """The canonical text of `raw`; cleaning it again changes nothing. Raises BadValue."""
        return clean_text(raw, self.expected)

    def caption(self, text: str) -> str:
        """What a person reads for a canonical text."""
        return text

    def same(self, left: str, right: str) -> bool:
        """Whether two canonical texts can be true of one thing at once."""
        return left == right


_FORMULA = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|[=@][A-Z][A-Z0-9.]*\(.*\)")
"""What a spreadsheet program writes for a formula that failed, and the formula itself."""


class NameValue(ValueType):
    """A name."""

    def clean(self, raw: str) -> str:
        """As any text. Raises BadValue also for a formula of a spreadsheet and its error."""
        text = clean_text(raw, self.expected)
        if text[0] in "#=@" and _FORMULA.fullmatch(text):
            raise BadValue(f"expected {self.expected}, not a formula of a spreadsheet or its error")
        return text

    def same(self, left: str, right: str) -> bool:
        """Equal but for case, full width and spacing."""
        return left == right or _fold(left) == _fold(right)


def clean_text(raw: str, expected: str) -> str:
    """`raw` in Unicode's form NFC, without invisible characters, with runs of white space as one space.

    Raises BadValue for control characters, halves of surrogate pairs, more than MAX_TEXT characters, and where nothing
    is left.
    """
    text = _normalize(raw)
    if not text:
        raise BadValue(f"expected {expected}, not an empty value")
    if len(text) > MAX_TEXT:
        raise BadValue(f"expected at most {MAX_TEXT} characters, not {len(text)}")
    return text


def to_ascii_width(raw: str) -> str:
    """The text with full-width letters and signs, digits of all scripts, typographic hyphens and minus signs, and the
    Arabic signs of numbers as those of ASCII.

    Unicode's own folding would go too far: `5²` would become `52`.
    """
    return raw if raw.isascii() else raw.translate(_ASCII_WIDTH)


def _normalize(raw: str) -> str:
    if raw.isascii() and raw.isprintable():
        return raw if raw.isalnum() else " ".join(raw.split())
    if _CONTROL.search(raw):
        raise BadValue("expected text without control characters")
    if _SURROGATE.search(raw):
        raise BadValue("expected text that UTF-8 can encode, not an unpaired surrogate")
    return " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", raw)).split())


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


text_type = ValueType("text", "text", "Free text.", ("Left the board in spring.",))
name_type = NameValue(
    "name", "a name", "A name; case, width and spacing do not matter in comparisons.", ("Wei Min", "王 伟民")
)
