"""Identifiers, web addresses, flags and codes of jurisdictions."""

from __future__ import annotations

import re
import unicodedata

from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")
_WEB = re.compile(r"https?://[^\s/?#\\]+(?:[/?#]\S*)?", re.IGNORECASE)
_JURISDICTION = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{1,3})?")
_FLAGS = {word: flag for flag, words in {"yes": "yes true t 1", "no": "no false f 0"}.items() for word in words.split()}


class IdentifierValue(ValueType):
    """A number or code issued by somebody."""

    def clean(self, raw: str) -> str:
        """As written, with its case: the addresses of some crypto-assets differ only by case."""
        text = clean_text(to_ascii_width(raw), self.expected)
        if not identifier_key(text):
            raise BadValue(f"expected {self.expected} with at least one letter or digit")
        return text

    def same(self, left: str, right: str) -> bool:
        """Equal but for separators and case."""
        return identifier_key(left) == identifier_key(right)


class UrlValue(ValueType):
    """A web address."""

    def clean(self, raw: str) -> str:
        """The address as written. Only http and https: reports show them as links, and a link must not run code."""
        text = clean_text(raw, self.expected)
        if not _WEB.fullmatch(text):
            raise BadValue(f"expected {self.expected}")
        return text


class FlagValue(ValueType):
    """yes or no."""

    def clean(self, raw: str) -> str:
        """`yes` or `no`."""
        flag = _FLAGS.get(clean_text(to_ascii_width(raw), self.expected).lower())
        if flag is None:
            raise BadValue(f"expected {self.expected}")
        return flag


class JurisdictionValue(ValueType):
    """A code of a jurisdiction."""

    def clean(self, raw: str) -> str:
        """Upper case, with a hyphen before the part. Whether such a jurisdiction exists is not checked."""
        text = clean_text(to_ascii_width(raw), self.expected)
        if not _JURISDICTION.fullmatch(text):
            raise BadValue(f"expected {self.expected}")
        return text.upper().replace("_", "-")


def identifier_key(text: str) -> str:
    """The form that all spellings of an identifier share: letters in upper case and digits of ASCII."""
    if text.isascii():
        return text.upper() if text.isalnum() else _SEPARATORS.sub("", text).upper()
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(str(unicodedata.decimal(c, c)) for c in folded if c.isalnum())


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
    ("https://example.org/page",),
)
flag_type = FlagValue("flag", "yes or no", "Yes or no.", ("yes", "FALSE", "1"))
jurisdiction_type = JurisdictionValue(
    "jurisdiction",
    "a code of ISO 3166, such as CN or US-DE",
    "A jurisdiction: its code of ISO 3166-1 alpha-2, or of ISO 3166-2 for a part of a state.",
    ("CN", "us-de", "gb_sct"),
)
