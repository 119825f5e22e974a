"""How far two written words of names are alike, and what that is worth as evidence in bits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from kg.names.spellings import ABJAD, HANGUL, MIN_CONSONANTS, spellings, vowelless
from kg.names.tables import read_table
from kg.names.words import HAN, name_words

Weight = Callable[[str], float]
"""The bits of a word: -log2 of its frequency in the register at hand. It is asked with the word folded to ASCII."""

Free = frozenset[int]
"""The places of words that may be there or not."""

MAX_WORDS = 32
"""Words of a name beyond these are not compared: it is a sentence."""

MAX_JOINED = 4
"""So many words of one name may be one word of the other."""

INITIALS = "initials"
SHORT_MISTAKE = "one letter off in a short word"
OTHER_SEX = "a name of the other sex"
DOUBTFUL = {SHORT_MISTAKE, OTHER_SEX}
"""Likenesses that two other words have to support."""
INITIAL_BITS = 3.5
CHARACTER_BITS = 6.0
"""A Han character or a Korean syllable."""

_SPELLED_LOSS = 0.5
_SOUND_LOSS = 2.0
_NICKNAME_LOSS = 3.0
_CONSONANTS_LOSS = 3.0
_FEW_CONSONANTS_LOSS = 2.0
_TYPING_LOSS = 5.0
_SHORT_TYPING_LOSS = 8.0
"""Of a word of four letters."""
_FIRST_LETTER_LOSS = 1.0
_SECOND_EDIT_LOSS = 2.5

_MIN_TYPED = 4
"""In shorter words another letter makes another name."""
_MIN_TYPED_TWICE = 9
_MIN_SOUND = 3
_MIN_SOUND_TYPED = 6
_MAX_JOINED_EDITS = 2

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("(?<=sk)a[yij]a$", "y"),
        ("gu(?=[eiy])", "g"),
        ("tsch|sch|tch|ch|sh|cz", "S"),
        ("dzh|zh|dj|dsch", "J"),
        ("kh|gh|ck|q", "k"),
        ("ph", "f"),
        ("th", "t"),
        ("dh", "d"),
        ("w", "v"),
        ("x", "ks"),
        ("tz|ts|z|c(?=[eiy])", "s"),
        ("c", "k"),
        ("(?<=[aeiouy])j(?![aeiouy])|(?<=y)j", "i"),
        ("j", "J"),
        ("[eiy]y+$|ii+$", "i"),
        ("(?<=[bdflmnprstvz])yo(?=.)", "e"),
        ("ou|oo|au|u", "o"),
        ("a[eiy]|e[aeiy]|i[ey]|y|i", "e"),
        (r"(.)\1+", r"\1"),
        ("(?<=.)h(?![aeo])", ""),
    )
)


_SYLLABLE = re.compile("(sh|kh|th|dh|gh|ph|ch|[^aeiouvwy])([aeiouvwy]*)")
_LONG_VOWELS = (("y", "eiy"), ("vw", "ouvw"))
"""Letters that stand for a long vowel, and vowels of spellings that it may be."""

_SPELLED_LONG = re.compile("[ae][iy]|ee")
"""Vowels of spellings for which such a script has a letter."""

_FREE_ARTICLES = frozenset({"al"})

_WOMANS = re.compile("(?:ov|ev|in|yn)a")
"""How surnames of women end, in Slavic languages, where those of men have no vowel."""

_NO_UMLAUT = re.compile("[gq]u[ei]")
"""The `u` is no vowel here: `Marquez`, `Miguel`."""


class Word:
    """A word of a name, with what is compared of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded = "".join(name_words(text))
        self.is_exact = bool(HAN.search(text) or HANGUL.search(text) or any(map(str.isdigit, text)))
        """Whether only the same word is like it: one character more or less makes another."""
        self.forms = tuple(dict.fromkeys((folded, *self._spelled())))
        self.ascii = next((form for form in self.forms if form.isascii()), folded)

    def _spelled(self) -> Iterator[str]:
        units = () if _NO_UMLAUT.search(self.text) else spellings(self.text)
        for scheme in range(max(map(len, units), default=0)):
            yield "".join(unit[min(scheme, len(unit) - 1)] for unit in units)

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter."""
        return len(self.text) == 1 and not self.is_exact

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """Its spellings with sounds that are confused alike."""
        return tuple(dict.fromkeys(sound(form) for form in self.forms if form.isascii()))

    @cached_property
    def consonants(self) -> frozenset[str]:
        """What scripts without vowels keep of it: the Arabic one, in which `kh` is near to `h`, and others."""
        return frozenset(vowelless(self.ascii))

    @cached_property
    def is_without_vowels(self) -> bool:
        """Whether its script writes few vowels."""
        return bool(ABJAD.search(self.text))

    def begins(self, initials: Word) -> bool:
        """Whether it has the initial."""
        return any(form.startswith(letter) for letter in initials.forms for form in self.forms if letter)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one word is like another."""

    loss: float
    """Bits that it is worth less than the same word."""
    edits: int
    words: str
    """For people to read; empty for the same word."""


_SAME = Likeness(0.0, 0, "")
_SPELLED = Likeness(_SPELLED_LOSS, 0, "transliterated")
_JOINED = Likeness(0.5, 0, "joined")
_INITIALS = Likeness(0.0, 0, INITIALS)


@lru_cache(maxsize=65_536)
def word(text: str) -> Word:
    """A word as it is compared."""
    return Word(text)


@lru_cache(maxsize=65_536)
def sound(ascii_word: str) -> str:
    """A word in which letters that one sound is spelled with in several languages are one."""
    for pattern, one in _SOUNDS:
        ascii_word = pattern.sub(one, ascii_word)
    return ascii_word


@lru_cache(maxsize=262_144)
def likeness(one: Word, other: Word) -> Likeness | None:
    """How two words are alike; nothing when they are different words."""
    if one.text == other.text:
        return _SAME
    if one.is_exact and other.is_exact:
        return _SAME if one.forms[0] == other.forms[0] else None
    if not set(one.forms).isdisjoint(other.forms):
        return _SAME if one.forms[0] == other.forms[0] else _SPELLED
    if one.is_exact or other.is_exact or one.is_initial or other.is_initial:
        return None
    return min(_likenesses(one, other), key=lambda like: like.loss, default=None)


def _likenesses(one: Word, other: Word) -> Iterator[Likeness]:
    if {one.ascii, other.ascii} <= _muhammad():
        yield Likeness(_SOUND_LOSS, 0, "spelled otherwise")
        return
    if other.ascii in nicknames().get(one.ascii, ()) or one.ascii in nicknames().get(other.ascii, ()):
        yield Likeness(_NICKNAME_LOSS, 0, "short name")
    common = one.consonants & other.consonants if one.is_without_vowels != other.is_without_vowels else ()
    if common and _long_vowels_fit(*sorted((one, other), key=lambda found: not found.is_without_vowels)):
        is_short = max(map(len, common)) < MIN_CONSONANTS
        yield Likeness(_CONSONANTS_LOSS + is_short * _FEW_CONSONANTS_LOSS, 0, "same consonants")
    longer = max(len(one.ascii), len(other.ascii))
    if OSA.distance(one.ascii, other.ascii, score_cutoff=longer // 2) > longer // 2:
        return
    if _sound_alike(one, other, longer):
        yield Likeness(_SOUND_LOSS, 0, "sounds alike")
    elif sexes := _sexes(*sorted((one.ascii, other.ascii), key=lambda text: (len(text), text))):
        yield sexes
    else:
        yield from _typed(one, other)


def _long_vowels_fit(bare: Word, spelled: Word) -> bool:
    """Whether a script without the others writes the long vowels of both: حسين is not `Hasan`, nor حسن `Hussein`."""
    ours, theirs = _syllables(bare.ascii), _syllables(spelled.ascii)
    if len(ours) != len(theirs):
        return True
    return all(
        not (set(one) & set(letters) and not set(other) & set(sounds))
        for one, other in zip(ours, theirs, strict=True)
        for letters, sounds in _LONG_VOWELS
    ) and not any(
        _SPELLED_LONG.search(other) and not set(one) & set("eiy") for one, other in zip(ours, theirs, strict=True)
    )


@lru_cache(maxsize=16_384)
def _syllables(ascii_word: str) -> tuple[str, ...]:
    """The vowels after each consonant of a word but the last; a double consonant is one."""
    found: list[tuple[str, str]] = []
    for consonant, vowels in _SYLLABLE.findall(ascii_word):
        if found and found[-1] == (consonant, ""):
            found.pop()
        found.append((consonant, vowels))
    return tuple(vowels for _, vowels in found[:-1])


def _sound_alike(one: Word, other: Word, longer: int) -> bool:
    if longer < _MIN_TYPED or (longer == _MIN_TYPED and len({one.ascii[:1], other.ascii[:1]} & set("aei")) > 1):
        return False  # `Son` and `Sun`, `Ivan` and `Evan`
    return any(len(s) >= _MIN_SOUND and s in other.sounds for s in one.sounds)


def _sexes(short: str, long: str) -> Likeness | None:
    """Two forms of a name, for a man and a woman: of one surname, or of two given names."""
    if long == f"{short}a":
        is_surname = _WOMANS.search(long, len(long) - 3)
        return Likeness(_SOUND_LOSS, 0, "as of a woman") if is_surname else Likeness(_TYPING_LOSS, 1, OTHER_SEX)
    is_other = long[:-1] == short[:-1] and {long[-1:], short[-1:]} == {"a", "o"}
    return Likeness(_TYPING_LOSS, 1, OTHER_SEX) if is_other else None


def _typed(one: Word, other: Word) -> Iterator[Likeness]:
    """A typing mistake, by letters; in long words, one of a sound too."""
    shorter = min(len(one.ascii), len(other.ascii))
    for a in one.forms:
        for b in other.forms:
            yield from _edited(a, b, _edits_allowed(max(len(a), len(b))), 0.0)
    if shorter >= _MIN_SOUND_TYPED:
        for a in one.sounds:
            for b in other.sounds:
                yield from _edited(a, b, 1, _SPELLED_LOSS)


def _edited(one: str, other: str, allowed: int, more_loss: float) -> Iterator[Likeness]:
    edits = OSA.distance(one, other, score_cutoff=allowed) if allowed else 1
    if edits <= allowed and (edits == 1 or one[:1] == other[:1]):
        is_short = max(len(one), len(other)) <= _MIN_TYPED
        loss = (_SHORT_TYPING_LOSS if is_short else _TYPING_LOSS) + _SECOND_EDIT_LOSS * (edits - 1)
        loss += more_loss + _FIRST_LETTER_LOSS * (one[:1] != other[:1])
        yield Likeness(loss, edits, SHORT_MISTAKE if is_short else "one letter off" if edits == 1 else "letters off")


def _edits_allowed(letters: int) -> int:
    return 0 if letters < _MIN_TYPED else 1 if letters < _MIN_TYPED_TWICE else 2


@lru_cache(maxsize=1)
def _muhammad() -> frozenset[str]:
    """How the most frequent name of the world is spelled and abbreviated."""
    return frozenset(row["word"] for row in read_table("person_words.csv") if row["kind"] == "muhammad")


@lru_cache(maxsize=65_536)
def short_forms(ascii_word: str) -> frozenset[str]:
    """The short names of a name, and the names that it is short for."""
    return nicknames().get(ascii_word, frozenset()) | _full_names().get(ascii_word, frozenset())


@lru_cache(maxsize=1)
def _full_names() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, short in nicknames().items():
        for one in short:
            found[one].add(name)
    return {one: frozenset(names) for one, names in found.items()}


@lru_cache(maxsize=1)
def nicknames() -> dict[str, frozenset[str]]:
    """Names to the short names that stand for them."""
    return {row["name"]: frozenset(row["nicknames"].split()) for row in read_table("nicknames.csv")}


def default_bits(ascii_word: str) -> float:
    """What a word is worth that no register says more about: short words are shared by more people."""
    return 11.0 if len(ascii_word) > 3 else 8.0 if len(ascii_word) == 3 else 6.0


@dataclass(frozen=True, slots=True)
class Pairing:
    """One word, or several that are one on the other side, and what they are worth."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    like: Likeness


def pair_words(
    left: Sequence[Word],
    right: Sequence[Word],
    free: tuple[Free, Free] = (frozenset(), frozenset()),
    min_initials: int = 2,
) -> list[Pairing]:
    """Which words of one name are those of the other: the most alike first, then words that are joined on one side.

    Words in the places of `free` may be a part of a joined word, and pair with nothing by themselves. So many initials
    as `min_initials` may be one word.
    """
    open_left = set(range(len(left))) - free[0]
    open_right = set(range(len(right))) - free[1]
    found = sorted(
        (like.loss, abs(i - j), i, j) for i in open_left for j in open_right if (like := likeness(left[i], right[j]))
    )
    pairs: list[Pairing] = []
    for *_, i, j in found:
        if i in open_left and j in open_right and (like := likeness(left[i], right[j])):
            open_left.remove(i)
            open_right.remove(j)
            pairs.append(Pairing((i,), (j,), like))
    if open_left and open_right:
        joined = _joined(left, open_left, right, open_right, free[1], min_initials)
        pairs += [Pairing((i,), run, like) for i, run, like in joined]
        joined = _joined(right, open_right, left, open_left, free[0], min_initials)
        pairs += [Pairing(run, (j,), like) for j, run, like in joined]
    return pairs


def _joined(
    wholes: Sequence[Word],
    open_wholes: set[int],
    parts: Sequence[Word],
    open_parts: set[int],
    free_parts: Free,
    min_initials: int,
) -> Iterator[tuple[int, tuple[int, ...], Likeness]]:
    """Open words that are several neighbouring words of the other name, or their initials; both are closed."""
    for i in sorted(open_wholes):
        for run in _runs(len(parts)):
            if open_parts.isdisjoint(run) or not open_parts.union(free_parts).issuperset(run):
                continue
            like = _like_joined(wholes[i], [parts[j] for j in run], min_initials)
            if like:
                open_wholes.discard(i)
                open_parts.difference_update(run)
                yield i, run, like
                break


@lru_cache(maxsize=64)
def _runs(count: int) -> tuple[tuple[int, ...], ...]:
    """The places of two to four neighbouring words, the longest first."""
    lengths = range(min(MAX_JOINED, count), 1, -1)
    return tuple(tuple(range(start, start + n)) for n in lengths for start in range(count - n + 1))


def _like_joined(whole: Word, parts: Sequence[Word], min_initials: int) -> Likeness | None:
    if whole.is_exact or any(part.is_exact for part in parts):
        return _JOINED if whole.text == "".join(part.text for part in parts) else None
    letters = whole.ascii
    if min_initials <= len(letters) == len(parts) and all(map(Word.begins, parts, map(word, letters))):
        return _INITIALS
    joined = word("".join(part.ascii for part in parts))
    has_vowels = {one.is_without_vowels for one in (whole, *parts) if one.ascii not in _FREE_ARTICLES}
    is_suffixed = parts[-1].ascii in _FREE_ARTICLES
    if (
        len(has_vowels) > 1
        and not is_suffixed
        and any(len(found) >= MIN_CONSONANTS for found in whole.consonants & joined.consonants)
    ):
        return Likeness(_CONSONANTS_LOSS + _JOINED.loss, 0, f"{_JOINED.words}, same consonants")
    if abs(len(joined.ascii) - len(letters)) > _MAX_JOINED_EDITS:
        return None
    like = likeness(whole, joined)
    return like and Likeness(like.loss + _JOINED.loss, like.edits, ", ".join(filter(None, (_JOINED.words, like.words))))
