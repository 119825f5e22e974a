"""Remarks on values that are well formed and probably wrong; the values are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from kg.ontology import Ontology, Property
from kg.ontology.memo import Memo
from kg.ontology.values import CHECK_DIGITS, BadValue, date_or_empty, is_placeholder_date
from kg.records import Record, Reject
from kg.sources.rows import SourceRow, quote_value

_KEPT = "it is kept as it is"
_CHECK = f"its check digits do not fit, so that it is probably mistyped; {_KEPT}"
_PLACEHOLDER_DATE = f"is a day that programs write where there is no date; {_KEPT}"
_FUTURE = f"is after the day of the load; {_KEPT}"
_BEGINNINGS = ("birth_date", "incorporation_date")
_LOST = f"letters of it were lost when a program saved it; {_KEPT}"
_SHORT = f"is a number that a spreadsheet has shortened, and digits of it may be lost; {_KEPT}"
_GARBLED = f"its letters were decoded wrongly; {_KEPT}"
_TURNED = f"has a sign that shows its letters in another order; {_KEPT}"
_HTML = f"has codes of HTML; {_KEPT}"

_TURNING = ("\u202d", "\u202e")
"""Signs that turn the letters after them, whatever script they are of."""

_LEADS = (
    b"\xc2",
    b"\xc3",
    b"\xd0\xa0",
    b"\xd0\xa1",
    b"\xef\xbf\xbd",
    b"\xe2\x80\x9d",
    b"\xe2\x80\x9e",
    b"\xc5\xb8",
    *(sign.encode() for sign in _TURNING),
)
"""What a row in UTF-8 has where letters of it were decoded wrongly or are turned, besides many that have it rightly."""

_ODD_SIGNS = re.compile(rb"&|\\u|1970|1900|1899|\?[A-Za-z?]|E\+[0-9]")
_LOST_LETTERS = re.compile(r"[^\W\d_]\?[^\W\d_]|(?<!\S)\?[^\W\d_]|\?{3}")
"""What stands where a program saved a letter that its encoding does not have: `J?rgen`."""

_SHORTENED = re.compile(r"[0-9]E\+[0-9]{1,2}(?![0-9])")
_CODE = re.compile(r"&(?:#x?[0-9a-f]{2,6}|amp|quot|apos|lt|gt|nbsp|[aeiou](?:uml|acute|grave|circ));", re.IGNORECASE)
_HIGH = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_LATIN = re.compile(rf"[\u00c2-\u00df][{_HIGH}]|[\u00e0-\u00f4][{_HIGH} ]{{2}}")
_CYRILLIC = re.compile(r"[РС][\u0080-\u00bfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈҐЁЄЇІіґё№єјЅѕї]")
_ACCENTED = "\u00c0-\u017f¨¯²³´¸¹º¿ª¥"
_WORD = re.compile(rf"[^\W\d_{_ACCENTED}]*[{_ACCENTED}]+[^\W\d_]*")
"""A word with letters that have accents, or with signs that stand for letters in such words of another encoding."""

_CENTRAL = re.compile(
    r"(?<![^\W\d_])[£¦¶¯][a-z\u00df-\u00ff]{2,}|[^\W\d_][±¶¼¿³¹¾¬][a-z\u00df-\u00ff]|\b[A-Z][a-z]+[ae]³(?!\w)"
)
"""Letters of ISO 8859-2 and Windows-1250, as Windows-1252 shows them: `£ukasz`, `Wa³êsa`."""

_DOS = re.compile(r"[A-Za-z][„”‚ˆ‰‡][a-z]|[a-z]‚(?![^\s])")
_MAC = re.compile(r"[A-Za-z]Ÿ[a-z]|[a-z]Ž(?:[a-z]|(?!\S))")
_SHOWN = ("cp1252", "latin-1", "cp1250", "iso8859_2")
_VOWELS = frozenset("аеёиоуыэюяіїєαεηιουωάέήίόύώ")


class Remarks:
    """Finds such values: wrong check digits, letters that were decoded wrongly, days that stand for no date."""

    def __init__(self, ontology: Ontology, *, checks: bool, day: str = "") -> None:
        """Check digits are looked at with `checks`, and dates of birth and of payments after `day` with one."""
        self._ontology = ontology
        self._checked = _checked_types(ontology) if checks else {}
        self._day = day
        self._later = Memo(self._is_future)
        self._beginnings = _dates_of_beginning(ontology) if day else {}
        self._row: object = None
        self._is_odd = False

    def on(self, record: Record) -> Iterable[Reject]:
        """The remarks on a record's values, as rejects of values that nothing was done to."""
        if (row := record.row) is not self._row:
            self._row, self._is_odd = row, isinstance(row, SourceRow) and _may_be_odd(row.raw)
        checked = self._checked.get(record.type)
        if (
            self._is_odd
            or (checked and not checked.isdisjoint(record.properties))
            or (record.type in self._beginnings and self._future(record))
        ):
            return self._found(record)
        return ()

    def _found(self, record: Record) -> Iterator[Reject]:
        row = record.row
        if not isinstance(row, SourceRow):
            return
        known = self._ontology.properties(record.type)
        for name in sorted(self._checked.get(record.type, frozenset()).intersection(record.properties)):
            for value in record.properties[name]:
                if not _fits(known[name], value):
                    yield _remark(record, row, name, value, _CHECK)
        for name, value in self._future(record):
            yield _remark(record, row, name, value, _FUTURE)
        if self._is_odd:
            for name, values in record.properties.items():
                for value in values:
                    if problem := _problem(known[name].type, value):
                        yield _remark(record, row, name, value, problem)

    def _future(self, record: Record) -> list[tuple[str, str]]:
        """The dates of birth, incorporation and payments that the day of the load has not reached."""
        properties, later = record.properties, self._later
        names = self._beginnings.get(record.type, ())
        found = [name for name in names if name in properties and any(map(later.__getitem__, properties[name]))]
        return [(name, value) for name in found for value in properties[name] if later[value]]

    def _is_future(self, value: str) -> bool:
        year = value[:4]
        if year.isdecimal() and value[4:5] in ("", "-") and year < self._day[:4]:  # most of them
            return False
        return date_or_empty(value) > self._day


@cache
def _dates_of_beginning(ontology: Ontology) -> Mapping[str, tuple[str, ...]]:
    """By type, its properties with a day that has come when somebody tells of it; types without any are left out."""
    payments = ontology.with_trait("payment")
    found = {
        t: tuple(n for n in (("date",) if t in payments else _BEGINNINGS) if n in ontology.properties(t))
        for t in (*ontology.nodes, *ontology.links)
    }
    return {name: dates for name, dates in found.items() if dates}


@cache
def _checked_types(ontology: Ontology) -> Mapping[str, frozenset[str]]:
    """By type, its properties that have check digits."""
    types = (*ontology.nodes, *ontology.links)
    found = {t: frozenset(name for name, known in ontology.properties(t).items() if known.check) for t in types}
    return {name: checked for name, checked in found.items() if checked}


def _fits(checked: Property, value: str) -> bool:
    """Whether the check digits of a value fit; also of what is no such identifier, which is told elsewhere."""
    try:
        return CHECK_DIGITS[checked.check](checked.clean(value))
    except BadValue:
        return True


def _may_be_odd(raw: bytes) -> bool:
    """Whether a row may have such a value; for most rows a few searches of its bytes tell that it has none."""
    if _ODD_SIGNS.search(raw):
        return True
    return not raw.isascii() and (any(lead in raw for lead in _LEADS) or not _is_utf_8(raw))


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _problem(kind: str, value: str) -> str:
    if kind == "date":
        return _PLACEHOLDER_DATE if is_placeholder_date(date_or_empty(value)) else ""
    if kind in ("money", "valuation"):
        return _SHORT if _SHORTENED.search(value) else ""
    if kind not in ("name", "text"):
        return ""
    if "\ufffd" in value or (kind == "name" and _LOST_LETTERS.search(value)):
        return _LOST
    if any(sign in value for sign in _TURNING):
        return _TURNED
    if "&" in value and _CODE.search(value):
        return _HTML
    return _GARBLED if not value.isascii() and fix_encoding(value) else ""


def subject_key(record: Record) -> str:
    """The key under which the ledger has a record."""
    return record.identity or record.key


def fix_encoding(text: str) -> str:
    """What a text was before a program took its bytes for those of another encoding; empty where none did.

    `MÃ¼ller` was `Müller`: UTF-8, read as Windows-1252. `Èâàí` was `Иван`, and `Wa³êsa` was `Wałęsa`: encodings of one
    byte a letter, read so. A text is taken for such only if all of it may be.
    """
    if _LATIN.search(text):
        for bytes_ in (_western(text), _western(text.replace(" ", "\xa0"))):
            if meant := _as_utf_8(bytes_):
                return meant
    if _CYRILLIC.search(text) and (meant := _as_utf_8(_encoded(text, "cp1251"))):
        return meant
    if meant := _all_of_another_script(text):
        return meant
    bytes_ = _western(text)
    if b"\x00" in bytes_:
        return ""
    if _CENTRAL.search(text):
        return bytes_.decode("iso8859_2" if any(sign in text for sign in "¦¶±¬¼") else "cp1250", "replace")
    if _DOS.search(text):
        return bytes_.decode("cp850")
    return bytes_.decode("mac_roman") if _MAC.search(text) else ""


def _all_of_another_script(text: str) -> str:
    """What a text of Cyrillic or Greek letters was that shows as words of nothing but accents: `Èâàí Ïåòðîâ`."""
    words = _WORD.findall(text)
    long = [word for word in words if len(word) > 2]
    is_alone = all(re.fullmatch(rf"[{_ACCENTED}]+", word) for word in words)
    if not is_alone or not (len(long) > 1 or any(len(word) > 3 for word in long)):
        return ""
    bytes_ = next(filter(None, (_encoded(text, shown) for shown in _SHOWN)), b"")
    return max((bytes_.decode(meant, "replace") for meant in ("cp1251", "koi8_r", "cp1253")), key=_fluency)


def _fluency(text: str) -> tuple[bool, int]:
    """How much a text is like one that people write: small letters after capitals, consonants beside vowels."""
    is_cased = not any(word.swapcase().istitle() for word in text.split() if len(word) > 1)
    pairs = zip(text.lower(), text.lower()[1:], strict=False)
    return is_cased, sum(
        (one in _VOWELS) != (other in _VOWELS) for one, other in pairs if one.isalpha() and other.isalpha()
    )


def _western(text: str) -> bytes:
    """The bytes that Windows-1252 shows so; of those for which it has no sign, those of ISO 8859-1."""
    return b"".join(_encoded(sign, "cp1252") or _encoded(sign, "latin-1") or b"\x00" for sign in text)


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return b""


def _as_utf_8(found: bytes) -> str:
    try:
        meant = found.decode()
    except UnicodeDecodeError:
        return ""
    return "" if meant.isascii() or "\x00" in meant else meant


def _remark(record: Record, row: SourceRow, name: str, value: str, problem: str) -> Reject:
    meant = f", which was {quote_value(fix_encoding(value))}" if problem == _GARBLED else ""
    reason = f"property {name}, value {quote_value(value)}{meant}: {problem}"
    return Reject(row.file, row.line, reason, row.text(), cells=row.cells, about=subject_key(record)).as_advice()
