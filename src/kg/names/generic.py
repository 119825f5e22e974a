"""Whether two names of persons, of any language that has no rules of its own, are written for one person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kg.names import companies
from kg.names.match import NameMatch
from kg.names.resemblance import (
    CHARACTER_BITS,
    DOUBTFUL,
    INITIAL_BITS,
    INITIALS,
    MAX_WORDS,
    Likeness,
    Pairing,
    Weight,
    Word,
    default_bits,
    nicknames,
    pair_words,
    word,
)
from kg.names.spellings import HANGUL
from kg.names.tables import english_given_names, read_table
from kg.names.words import name_words, written_words

Kind = Literal["person", "company"]

ALONE_BITS = 3.5
"""A name that agrees in one word only, where another has more, is worth no more than this, whatever the word."""

_MISSING_BITS = 2.0
"""What a word costs that the other name leaves out."""
_MISSING_SMALL_BITS = 0.5
"""The same of an initial, a patronymic, and a word that is there twice."""
_PARTICLE_BITS = 0.5
_CONTRADICTION_BITS = 6.0
_CONTRADICTION_CAP = -2.0
"""A word of each name that has no counterpart: whatever else agrees, the names are not taken for one."""
_PLAIN_CAP = -6.0
"""The same where both words are known given names, or names of fathers: brothers differ in it, a marriage does not."""
_MANY_EDITS_BITS = 6.0
_LETTERS_AN_EDIT = 8
"""More typing mistakes than one in so many letters are no mistakes."""

_INITIAL = Likeness(0.0, 0, INITIALS)

_APOSTROPHE = re.compile(r"(?<=\w)['’`´ʻʼ‘′](?=\w)|(?<=\W)['’`´ʻʼ‘′](?=\w)")
_CHILD_OF = re.compile(r"(?<=\w)\s+[ads]/[lop]\.?\s+(?=\w)", re.IGNORECASE)
"""`a/l`, `a/p`, `s/o`, `d/o`: whose child it is."""
_LETTERS_WITH_DIGITS = re.compile(r"\b(?=[a-z0-9]*[a-z]{2})(?=[a-z]*[0-9])[a-z0-9]+\b", re.IGNORECASE)
_DIGITS_FOR_LETTERS = str.maketrans("01359", "oiesg")
_ARABIC_ARTICLE, _ARTICLE = re.compile("^ال(?=.{3})"), "al"
_SERVANT = re.compile(
    "abd[aeou]?l(?!l?ahi?$|ah?$)(?P<of>[a-z]{3,})|abd[aeou](?P<sun>(?P<first>[rsntz])(?P=first)[a-z]{2,})"
)
_PATRONYMIC = re.compile("(ov|ev|yev|iev)(i[ct]h?|i[ct]s?ch?|itch|na|ych|yc)$|(il|kuzm|fom|luk)(i[ct]h|inichna)$")


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[Word, ...]
    """In the order in which they stand, without titles; what stands before a comma comes last."""
    free: frozenset[int]
    """The places of the words that may be there or not: `al`, `bin`, `von`, `de la`."""
    child: int | None
    """Where `bin` stands between two words: the place of the one before."""
    father: int | None


def compare(left: str, right: str, weight: Weight | None = None, *, kind: Kind | None = None) -> NameMatch:
    """The evidence that two written names are of one person, or of one company by legal form or `kind`.

    It is the same for both orders of the two. `weight` gives the bits of a word; without it rules of thumb do.
    """
    if kind == "company" or (kind is None and companies.are_companies(left, right)):
        return companies.compare(left, right, weight)
    first, second = sorted((left, right))
    return _compare(_parse(first), _parse(second), weight or _default_weight)


def _compare(left: _Name, right: _Name, weight: Weight) -> NameMatch:
    pairs = pair_words(left.words, right.words, (left.free, right.free))
    pairs += _initials(left, right, pairs)
    open_left = _open(left, {i for pair in pairs for i in pair.left})
    open_right = _open(right, {j for pair in pairs for j in pair.right})
    bits = 0.0
    edits = letters = 0
    reasons = []
    for pair in pairs:
        ours, theirs = [left.words[i] for i in pair.left], [right.words[j] for j in pair.right]
        bits += max(min(_bits(ours, weight), _bits(theirs, weight)) - pair.like.loss, 0.0)
        edits += pair.like.edits
        letters += min(_letters(ours), _letters(theirs))
        reasons.append(_reason(ours, theirs, pair.like))
    if edits > max(1, letters // _LETTERS_AN_EDIT):
        bits -= _MANY_EDITS_BITS
        reasons.append(f"{edits} letters off in all")
    contradictions = min(len(open_left), len(open_right))
    if contradictions:
        reasons += (f"{a.text} is not {b.text}" for a, b in zip(open_left, open_right, strict=False))
    for one, words in ((open_left, left.words), (open_right, right.words)):
        for missing in one[contradictions:]:
            bits -= _missing_bits(missing, words)
            reasons.append(f"{missing.text} has no counterpart")
    plain = _plain_contradiction(left, right, open_left, open_right) if contradictions else ""
    if plain:
        reasons.append(plain)
    if _is_reversed(left, right, pairs):
        contradictions += 1
        reasons.append("child and father changed places")
    if contradictions:
        cap = _PLAIN_CAP if plain else _CONTRADICTION_CAP
        bits = min(bits - _CONTRADICTION_BITS * contradictions, cap * contradictions)
    whole = [pair for pair in pairs if pair.like.words != INITIALS and _letters([left.words[pair.left[0]]]) > 1]
    sure = [pair for pair in whole if pair.like.words not in DOUBTFUL]
    if not whole or (len(pairs) == 1 and (open_left or open_right)) or len(sure) < 2 * (len(whole) - len(sure)):
        bits = min(bits, ALONE_BITS)
    return NameMatch(round(bits, 3), tuple(reasons))


def _bits(words: Sequence[Word], weight: Weight) -> float:
    return sum(_word_bits(one, weight) for one in words)


def _word_bits(one: Word, weight: Weight) -> float:
    if one.is_initial:
        return INITIAL_BITS
    if len(one.text) == 1:
        return CHARACTER_BITS
    return _PARTICLE_BITS if one.ascii in _particles() else weight(one.ascii)


def _initials(left: _Name, right: _Name, pairs: Sequence[Pairing]) -> Iterator[Pairing]:
    """Initials of one name that words of the other begin with, among those that are open, in their order."""
    closed_left = left.free.union(*(pair.left for pair in pairs))
    closed_right = set(right.free.union(*(pair.right for pair in pairs)))
    for i, one in enumerate(left.words):
        if i in closed_left:
            continue
        for j, other in enumerate(right.words):
            is_open = j not in closed_right
            if is_open and ((one.is_initial and other.begins(one)) or (other.is_initial and one.begins(other))):
                closed_right.add(j)
                yield Pairing((i,), (j,), _INITIAL)
                break


def _open(name: _Name, closed: set[int]) -> list[Word]:
    """The words without a counterpart that count: the heaviest first."""
    left = [one for i, one in enumerate(name.words) if i not in closed and i not in name.free]
    return sorted(left, key=lambda one: (-_missing_bits(one, name.words), one.text)) if len(left) > 1 else left


def _missing_bits(one: Word, words: Sequence[Word]) -> float:
    is_small = one.is_initial or _PATRONYMIC.search(one.ascii) or sum(other.text == one.text for other in words) > 1
    return _MISSING_SMALL_BITS if is_small else _MISSING_BITS


def _is_reversed(left: _Name, right: _Name, pairs: Sequence[Pairing]) -> bool:
    """Whether the child of one name is the father of the other: `A bin B` and `B bin A`."""
    if left.child is None or right.child is None:
        return False
    found = {pair.left[0]: pair.right[0] for pair in pairs}
    return found.get(left.child) == right.father and found.get(left.father or 0) == right.child


def _plain_contradiction(left: _Name, right: _Name, open_left: Sequence[Word], open_right: Sequence[Word]) -> str:
    """That two name different given names, or different fathers; empty where they do not."""
    for what, one, other in (
        ("given names", _given_name(left), _given_name(right)),
        ("fathers", _father(left), _father(right)),
    ):
        are_open = one in open_left and other in open_right
        if one and other and are_open and (what == "fathers" or _of_one_language(one, other)):
            return f"{one.text} and {other.text} are {what} of two"
    return ""


def _of_one_language(one: Word, other: Word) -> bool:
    """Whether one language has both given names: `Joseph` and `Yusuf` are one name in two."""
    return any({one.ascii, other.ascii} <= known for known in _given_names())


def _given_name(name: _Name) -> Word | None:
    """The first word, or the last where no other is a known given name; None where that word is not known as one."""
    known = [one for one in name.words if any(one.ascii in given for given in _given_names())]
    if len(name.words) < 2 or not known or (known[0] is not name.words[0] and known != [name.words[-1]]):
        return None
    return known[0]


def _father(name: _Name) -> Word | None:
    """The word after `bin`, or a patronymic."""
    if name.father is not None:
        return name.words[name.father]
    return next((one for one in name.words[1:] if _PATRONYMIC.search(one.ascii)), None)


@lru_cache(maxsize=1)
def _given_names() -> tuple[frozenset[str], ...]:
    """The given names that are known in English, and those in Arabic, folded."""
    arabic = frozenset(row["spelling"] for row in read_table("other_names.csv") if row["language"] == "arabic")
    return english_given_names().union(nicknames(), *nicknames().values()), arabic


def _letters(words: Sequence[Word]) -> int:
    return sum(len(one.ascii) for one in words)


def _reason(ours: Sequence[Word], theirs: Sequence[Word], like: Likeness) -> str:
    one, other = " ".join(w.text for w in ours), " ".join(w.text for w in theirs)
    return f"{one} = {other}" + (f": {like.words}" if like.words else "")


@lru_cache(maxsize=16_384)
def _parse(text: str) -> _Name:
    """A name as it is compared."""
    family, comma, given = text.partition(",")
    if comma and "," not in given and given.strip() and family.strip():
        text = f"{given} {family}"
    plain = _APOSTROPHE.sub("", f" {text}")
    plain = _CHILD_OF.sub(" bin ", plain)
    plain = _LETTERS_WITH_DIGITS.sub(lambda found: found[0].translate(_DIGITS_FOR_LETTERS), plain)
    found = [part for one in written_words(plain) for part in _parts(one)]
    words = tuple(_servants(_untitled(found[:MAX_WORDS])))
    particles, filiations = _words_of("particle"), _words_of("filiation")
    free = frozenset(
        i
        for i, one in enumerate(words)
        if (one.ascii in particles and i + 1 < len(words)) or (one.ascii in filiations and i)
    )
    child, father = _filiation(words)
    return _Name(words, frozenset() if len(free) == len(words) else free, child, father)


def _untitled(words: list[Word]) -> list[Word]:
    """The words without titles: none is left out that stands last, or after `al`, or is all that there is.

    A rank, which is a surname too, is one where it comes first and two words follow; a suffix, where it comes last.
    """
    while len(words) > 1 and _is_in(words[-1], "suffix"):
        words = words[:-1]
    while len(words) > 1 and (_is_in(words[0], "title") or (len(words) > 2 and _is_in(words[0], "rank"))):
        words = words[1:]
    return [
        one
        for i, one in enumerate(words)
        if not i or i + 1 == len(words) or not _is_in(one, "title") or words[i - 1].ascii in _words_of("particle")
    ]


def _is_in(one: Word, kind: str) -> bool:
    return one.ascii in _words_of(kind) or one.text in _words_of(kind)


def _parts(written: str) -> Iterator[Word]:
    if HANGUL.search(written):
        yield from (word(syllable) for syllable in HANGUL.sub(r" \g<0> ", written).split())
    elif any(name_words(written)):
        if found := _ARABIC_ARTICLE.match(written):
            yield word(_ARTICLE)
        yield word(written[found.end() :] if found else written)


def _servants(words: Sequence[Word]) -> Iterator[Word]:
    """The words with `Abd al-`, `Abdel` and `Abdul` as one, apart from the word that follows."""
    after = False
    for i, one in enumerate(words):
        text = one.ascii
        found = _SERVANT.fullmatch(text)
        if found and text == one.text:
            yield word("abdul")
            yield word(found["of"] or found["sun"])
        elif text in _SERVANT_WORDS and i + 1 < len(words):
            yield word("abdul")
            after = True
            continue
        elif not (after and text in _words_of("particle")):
            yield one
        after = False


_SERVANT_WORDS = frozenset({"abd", "abdal", "abdel", "abdul", "abdol", "abdoul", "abdil", "bd"})
"""The last is how it is without vowels."""


def _filiation(words: Sequence[Word]) -> tuple[int | None, int | None]:
    """The places of a child and its father, on both sides of the first `bin`."""
    for i, one in enumerate(words[:-1]):
        if i and one.ascii in _words_of("filiation"):
            return i - 1, i + 1
    return None, None


def _default_weight(ascii_word: str) -> float:
    return _frequent().get(ascii_word) or default_bits(ascii_word)


@lru_cache(maxsize=1)
def _particles() -> frozenset[str]:
    return _words_of("particle") | _words_of("filiation")


@lru_cache(maxsize=8)
def _words_of(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in read_table("person_words.csv") if row["kind"] == kind)


@lru_cache(maxsize=1)
def _frequent() -> dict[str, float]:
    return {row["word"]: float(row["bits"]) for row in read_table("person_words.csv") if row["bits"]}
