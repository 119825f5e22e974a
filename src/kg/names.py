"""The words of names, and full-text queries for them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(rf"{_HAN.pattern}|[^\W_]+")

WHOLE_NAME_MARK = "\ue000"
"""Starts the index word of a whole name: a private-use character, which SQLite takes for a letter."""

MAX_JOINED_WORDS = 8
"""Neighbouring words are joined only in queries of at most so many words."""

MAX_QUERY_WORDS = 40
"""Words of a query beyond these are ignored."""

_LETTER_FOLDS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not decompose, and what people type for them."""


@lru_cache(maxsize=16_384)
def name_words(text: str) -> tuple[str, ...]:
    """The words of a name: case, diacritics and full width folded, each Han character a word of its own."""
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(_LETTER_FOLDS)
    plain = unicodedata.normalize("NFC", "".join(c for c in folded if not unicodedata.combining(c)))
    return tuple(_WORD.findall(_HAN.sub(r" \g<0> ", plain)))


def index_text(names: list[str]) -> str:
    """The index text of some names: for each a word for the whole name, its words, and neighbouring words joined.

    The joined pairs let `Weimin` find `Wei Min`. The word for the whole name comes first, so that no phrase matches
    across two names.
    """
    kept: list[str] = []
    for name in names:
        parts = name_words(name)
        if not parts:
            continue
        kept += (_whole_name_word(parts), *parts)
        spelled = [p for p in parts if not _HAN.match(p)]
        joined = [a + b for a, b in pairwise(spelled)]
        if len(spelled) > 2:
            joined.append("".join(spelled))
        if len(joined) == 1:
            kept.append(_whole_name_word(joined))
        kept += joined
    return " ".join(kept)


def whole_name_query(text: str) -> str:
    """The FTS5 query for names that have these words in this order and no others; empty when it has no words."""
    parts = name_words(text)
    return f'"{_whole_name_word(parts)}"' if parts else ""


def _whole_name_word(parts: Sequence[str]) -> str:
    """One word for a whole name, so that an exact match needs no comparison of word positions.

    It starts with a character that no word has.
    """
    packed = " ".join(parts).encode("utf-8", "surrogatepass")
    return WHOLE_NAME_MARK + hashlib.blake2b(packed, digest_size=10).hexdigest()


def whole_words_query(text: str) -> str:
    """The FTS5 query for names that have all these words in full, where `prefix_query` matches their beginnings."""
    return prefix_query(text).replace('"*', '"')


def prefix_query(text: str) -> str:
    """The FTS5 query for a text that a person typed; empty when it has no words.

    Latin words match by prefix and in any order; Han characters in a row match as a phrase. The same words joined
    in neighbouring pairs match too, so that `Wei Min` finds `Weimin`.
    """
    parts = name_words(text)[:MAX_QUERY_WORDS]
    if not parts:
        return ""
    spelled = [p for p in parts if not _HAN.match(p)]
    variants = [spelled]
    if len(spelled) <= MAX_JOINED_WORDS:
        variants += [[*spelled[:i], spelled[i] + spelled[i + 1], *spelled[i + 2 :]] for i in range(len(spelled) - 1)]
    if len(spelled) > 2:
        variants.append(["".join(spelled)])
    phrases = [f'"{" ".join(run)}"' for is_han, run in groupby(parts, lambda p: bool(_HAN.match(p))) if is_han]
    alternatives = [" AND ".join([*phrases, *(f'"{w}"*' for w in v)]) for v in variants]
    return " OR ".join(f"({a})" for a in dict.fromkeys(alternatives) if a)
