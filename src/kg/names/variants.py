"""Names that stand in one text: with a maiden name in brackets, an alias after an at sign, a form of address before."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.names.tables import read_table
from kg.names.words import HAN, name_words

_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_OR = (
    r"(?:@|;|\ba\.?k\.?a\.?(?=\W|$)|\b[afn]/k/a\b|\b[fn]\.k\.a\.?|\balias\b"
    r"|\b(?:(?:also|better|formerly|previously|widely) )?known as\b|\bformerly\b|曾用名|又名|别名|化名|原名)"
)
_PARTS = re.compile(rf"\s*{_OR}\s*[:：]?\s*", re.I)
_BORN = re.compile(r"\b(?:née|nee|geb\.?|born)\s+(?=[A-Z])")
_FORMS = (
    r"(?:mrs?|ms|miss|mme|madam|mdm|dr|prof|professor|sir|lady|datuk|dato['’]?|datin|tan sri|puan sri|toh puan"
    r"|encik|(?:gen|general|col|colonel|capt|captain|lt|judge|justice|senator|governor|ambassador|minister|president)"
    r"(?=\.?\s+\S+\s+\S))"
)
_ADDRESS = re.compile(
    rf"^{_FORMS}(?!\w)\.?\s*(?:(?:seri|sri|paduka|wira|amar)\b\s*)*(?:(?P<husband>[^\W\d]+),\s*)?", re.I
)
_HONOURS = r"(?:jr|jnr|junior|sr|snr|senior|esq|ph\.?d)"
_LETTERS = r"(?:jp|md|qc|sc|kc|sbs|gbs|bbs|gbm|mbe|obe|cbe|ii|iii)"
_AFTER = re.compile(
    rf"(?<=\w),?\s+{_HONOURS}\.?$|(?<=\w)(?<!^)(?:,?\s+{_LETTERS}\.?)+$|(?<=[\u4e00-\u9fff]{{2}})\s*"
    r"(?:先生|女士|小姐|太太|博士|教授|律师|律師|同志)$",
    re.I,
)
"""What follows a name and is none: letters that may be initials too, only where three words or more stand before."""
_CHILD_OF = re.compile(r"\s+(?:bin|binti|bint|binte|bte|bt)\.?\s+", re.I)
_MAY_BE_SEVERAL = re.compile(
    rf"{_OR}|{_BRACKETS.pattern}|{_BORN.pattern}|^\s*{_FORMS}(?!\w)|{_AFTER.pattern}|{_CHILD_OF.pattern}",
    re.I,
)
"""Whether a text may hold more than one name, or more than the name."""

_LEAST = 2
"""Words or characters of a name that stands in brackets; fewer are a remark."""
_LEAST_BEFORE_LETTERS = 3


@lru_cache(maxsize=16_384)
def written_names(text: str) -> tuple[str, ...]:
    """The names in a text, the main one first; the text itself where it holds one name."""
    if not _MAY_BE_SEVERAL.search(text):
        return (" ".join(text.split()) or text,)
    found = []
    for part in _PARTS.split(text):
        inside = [inner.strip() for inner in _BRACKETS.findall(part)]
        bare = _BRACKETS.sub(" ", part)
        before, *born = _BORN.split(bare)
        found.append(_bare(before))
        found += filter(None, [_before_father(found[-1])])
        for inner in inside:
            name = _BORN.split(inner)[-1] if _BORN.search(inner) else inner
            if _is_name(name) and name == inner and not _ADDRESS.match(name):
                found.append(name)
        surnames = [*born, *(_BORN.split(inner)[-1] for inner in inside if _BORN.search(inner))]
        found += [f"{surname.strip()}, {_given(found[0])}" for surname in surnames if _given(found[0])]
    names = tuple(dict.fromkeys(name for name in (" ".join(n.split()) for n in found) if name))
    return names or (text,)


def is_no_name(text: str) -> bool:
    """Whether a text stands for a name that is not known, such as `N/A`."""
    first = text[:1].lower()
    is_plain = "a" <= first <= "z" or "\u4e00" <= first <= "\u9fff"  # else it may be folded to another letter
    return not (is_plain and first not in _letters_of_no_names()) and " ".join(name_words(text)) in _no_names()


@lru_cache(maxsize=1)
def _letters_of_no_names() -> frozenset[str]:
    """The letters with which such texts begin: most names are told by them."""
    return frozenset(words[0] for words in _no_names())


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    rows = (row["word"] for row in read_table("person_words.csv") if row["kind"] == "no name")
    return frozenset(" ".join(name_words(word)) for word in rows)


def _bare(text: str) -> str:
    """A name without forms of address before it, and without what is no name after it."""
    name = text.strip()
    while (match := _ADDRESS.match(name)) and match.end() < len(name):
        name = name[match.end() :]
    while (match := _AFTER.search(name)) and _is_after(match, name):
        name = name[: match.start()]
    return name


def _is_after(match: re.Match[str], name: str) -> bool:
    before = name[: match.start()].split()
    is_letters = re.fullmatch(rf",?\s+{_LETTERS}\.?", match[0], re.I)
    return len(before) >= (_LEAST_BEFORE_LETTERS if is_letters else 1 if HAN.search(name) else _LEAST)


def _before_father(name: str) -> str:
    """Of a Chinese name that is followed by a father's, as converts have it in Malaysia, what stands before."""
    from kg.names.chinese.reading import LEAST_LANGUAGE, exact_readings, language_bits

    before, *after = _CHILD_OF.split(name, maxsplit=1)
    is_chinese = after and (found := exact_readings(before)) and found[0].given
    return before if is_chinese and language_bits(before) >= LEAST_LANGUAGE else ""


def _is_name(text: str) -> bool:
    return len(text.split()) >= _LEAST or (not text.isascii() and len(text) >= _LEAST)


def _given(name: str) -> str:
    """The given name of a name in Latin letters whose surname is last: a maiden name takes that place."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and "," not in name else ""
