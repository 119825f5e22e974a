"""Identifiers, web addresses and flags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from kg.ontology.values.register_numbers import without_register
from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")
_WEB = re.compile(r"https?://[^\s/?#\\]+(?:[/?#].*)?", re.IGNORECASE)
_HOST = re.compile(r"(?://)?((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,24}(?::\d+)?(?:[/?#].*)?)")
_IMO = re.compile(r"(?:IMO(?: ?(?:NO|NUMBER|NR)\b)?[ :.#-]*)?([0-9]{5,7})(?:\.0)?", re.IGNORECASE)
_LABEL = re.compile(r"(?:BIC|SWIFT|LEI|ISIN|IBAN|MMSI)(?: ?(?:CODE|NO|NUMBER)\b)?[ :.#-]+(?=\S)", re.IGNORECASE)
_ITEM = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/(?:Special:EntityPage/)?(Q[0-9]+)/?", re.IGNORECASE
)
_MISSING = re.compile(
    r"unknown|unidentified|undisclosed|unspecified|unnamed|anonymous|unavailable"
    r"|(?:not|none) (?:known|available|applicable|provided|given|stated|recorded|found)"
    r"|n\.? ?[/.]? ?a\.?|n/k|none|nil|null|nan|no number|missing|lost|stolen|withheld|pending|to follow"
    r"|various|diverse|sundry|miscellaneous|several|bearer|self|ditto|idem|cash|bargeld|espèces|efectivo|contanti"
    r"|наличные|现金|現金|匿名|多人"
    r"|to be (?:advised|confirmed|determined)"
    r"|t\.?b\.?[acd]\.?|see (?:notes?|remarks?|comments?|below|above|file)|x{3,}|keine?|k\.? ?a\.?|unbekannt"
    r"|nicht bekannt|fehlt|folgt|inconnue?|aucune?|desconocid[oa]|ningun[oa]|sconosciut[oa]|nessun[oa]"
    r"|desconhecid[oa]|onbekend|ukjent|okänd|ukendt|nieznan[yae]|neznám[ýáé]|bilinmiyor|anonyme?|anónimo"
    r"|неизвестн(?:о|ый|ая|ое|ые)|невідом(?:о|ий|а|е)|нет|нет данных|未知|不明|不详|不詳|无|無|なし|미상"
    r"|#(?:ref!|n/a|name\?|value!|div/0!|null!|num!|spill!|calc!)|[\W_]+",
    re.IGNORECASE,
)
"""What stands where there is nothing to name: words of many languages, errors of spreadsheets, signs alone."""

_SEVERAL = re.compile(
    r"(?:all |the )?others?|(?:other|minority|remaining|small|public|various) (?:(?:share|stock)?holders|owners)"
    r"|(?:minority|non-controlling) interests?|minorities|(?:the |general )+public|free float"
    r"|(?:treasury|own) (?:shares|stock)|streubesitz|(?:sonstige|übrige)(?: aktionäre| gesellschafter)?"
    r"|eigene (?:aktien|anteile)|autres(?: actionnaires| associés)?|autocontrôle|flottant|actions propres"
    r"|otros(?: accionistas| socios)?|autocartera|altri(?: azionisti| soci)?|azioni proprie|outros(?: acionistas)?"
    r"|прочие(?: акционеры)?|другие(?: акционеры)?|其[他它](?:股[东東])?|(?:社会)?公[众眾]股[东東]?|[库庫]存股",
    re.IGNORECASE,
)
"""What stands for several holders of shares who are not named, or for the company itself."""

_LONGEST_MISSING = 24

_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
"""A long number as spreadsheet programs show it; its digits are lost."""

_ZEROS = "not zeros for a missing one"
SHORTENED = "not a number that a spreadsheet has shortened; type it as text"
"""Ends of messages about texts that are no identifiers."""

_COUNTED = ("123456789", "1234567890", "0123456789", "987654321", "9876543210")

_FLAGS = {word: flag for flag, words in {"yes": "yes true t 1", "no": "no false f 0"}.items() for word in words.split()}


class IdentifierValue(ValueType):
    """A number or code issued by somebody."""

    def clean(self, raw: str) -> str:
        """As written, with its case: the addresses of some crypto-assets differ only by case."""
        text = clean_text(to_ascii_width(raw), self.expected)
        if not identifier_key(text):
            raise BadValue(f"expected {self.expected} with at least one letter or digit")
        if not text.strip("0"):
            raise BadValue(f"expected {self.expected}, {_ZEROS}")
        if _MISSING.fullmatch(text):
            raise BadValue(f"expected {self.expected}, not words for a missing one")
        if is_shortened(text):
            raise BadValue(f"expected {self.expected}, {SHORTENED}")
        return text

    def same(self, left: str, right: str) -> bool:
        """Equal but for separators and case."""
        return identifier_key(left) == identifier_key(right)


class UrlValue(ValueType):
    """A web address."""

    def clean(self, raw: str) -> str:
        """The address as written, with a scheme. Only http and https: a link in a report must not run code."""
        text = clean_text(raw, self.expected)
        if not _WEB.fullmatch(text):
            host = _HOST.fullmatch(text)
            if not host:
                raise BadValue(f"expected {self.expected}")
            text = f"http://{host[1]}"
        return text.replace(" ", "%20")


class FlagValue(ValueType):
    """yes or no."""

    def clean(self, raw: str) -> str:
        """`yes` or `no`."""
        flag = _FLAGS.get(clean_text(to_ascii_width(raw), self.expected).lower())
        if flag is None:
            raise BadValue(f"expected {self.expected}")
        return flag


def identifier_key(text: str) -> str:
    """The form that all spellings of an identifier share: letters in upper case and digits of ASCII."""
    if text.isascii():
        return text.upper() if text.isalnum() else _SEPARATORS.sub("", text).upper()
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(str(unicodedata.decimal(c, c)) for c in folded if c.isalnum())


def is_placeholder(key: str) -> bool:
    """Whether the shared form of an identifier is one that people type where they have none: 000000, 123456789."""
    return len(set(key)) == 1 or key in _COUNTED


def is_missing(text: str) -> bool:
    """Whether a text stands where nobody and nothing is named, as `Unknown`, `N/A`, `-` and `#REF!` do."""
    return len(text) <= _LONGEST_MISSING and not text[-1:].isdigit() and _MISSING.fullmatch(text.strip()) is not None


def is_unnamed(text: str) -> bool:
    """Whether a text that should name somebody names nobody: what is missing, or several, as `Others` are."""
    return is_missing(text) or (len(text) <= _LONGEST_MISSING and _SEVERAL.fullmatch(text.strip()) is not None)


def is_shortened(text: str) -> bool:
    """Whether a text is a long number as spreadsheet programs show it, without most of its digits: `1.23E+07`."""
    return _SHORTENED.fullmatch(text) is not None


def number_problem(text: str) -> str:
    """What is wrong with a number as a key; empty for most texts. A zero alone may be one, several are none."""
    number = to_ascii_width(text).strip()
    if is_shortened(number):
        return f"expected a key, {SHORTENED}"
    return f"expected a key, {_ZEROS}" if len(number) > 1 and not number.strip("0") else ""


MIN_PHONE, PHONE = 7, 9
"""Digits of a phone number that may be somebody's, and its last ones, which all ways to write it share."""


def phone_key(text: str) -> str:
    """The last digits of a phone number; empty for what is none."""
    key = identifier_key(text)
    return key[-PHONE:] if len(key) >= MIN_PHONE else ""


def email_key(text: str) -> str:
    """An e-mail address in small letters."""
    return text.strip().lower()


CONTACTS: Mapping[str, Callable[[str], str]] = {"email": email_key, "phone": phone_key}
"""Properties with contacts of one person or company, and the form of each that all ways to write it share."""


def _compact(text: str) -> str:
    """Without its label and separators, in upper case."""
    return identifier_key(_LABEL.sub("", text, count=1))


def _bic(text: str) -> str:
    """The same without the branch XXX, which means the head office, as no branch does."""
    compact = _compact(text)
    return compact[:8] if len(compact) == 11 and compact.endswith("XXX") else compact


def _imo(text: str) -> str:
    """Seven digits. A number that lost zeros at its start gets them back where the check digit then fits."""
    found = _IMO.fullmatch(text)
    if not found or len(found[1]) == 7:
        return found[1] if found else text
    digits = found[1].zfill(7)
    check = sum(int(digit) * weight for digit, weight in zip(digits[:6], range(7, 1, -1), strict=True)) % 10
    return digits if check == int(digits[6]) else text


def _digits(text: str) -> str:
    """Without separators, a label, and the decimals that a sheet gives a number."""
    return _compact(text.removesuffix(".0"))


def _item(text: str) -> str:
    """The item that an address of Wikidata names."""
    found = _ITEM.fullmatch(text)
    return found[1].upper() if found else text.upper()


IDENTIFIER_FORMS: Mapping[str, Callable[[str], str]] = {
    "bic": _bic,
    "compact": _compact,
    "digits": _digits,
    "imo": _imo,
    "register": without_register,
    "wikidata": _item,
}
"""By name, what brings the spellings of an identifier into the one form that its pattern describes."""


identifier_type = IdentifierValue(
    "identifier",
    "an identifier",
    "A number or code issued by somebody; separators and case do not matter in comparisons.",
    ("HRB 12345", "９１２３４５６"),
)
url_type = UrlValue(
    "url",
    "a web address such as https://example.org/page",
    "A web address, http or https.",
    ("https://example.org/page", "www.example.org"),
)
flag_type = FlagValue("flag", "yes or no", "Yes or no.", ("yes", "FALSE", "1"))
