"""How the words of a name are spelled in Latin letters without diacritics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from operator import itemgetter

from kg.names.words import HAN, SIMPLE_WORD, fold_word, name_words, one_script, transliterate, written_words

Unit = tuple[str, ...]
"""The spellings of one word or character, one for each scheme of its script; they may be equal."""

HANGUL = re.compile("[\uac00-\ud7a3]")
ABJAD = re.compile("[\u0590-\u07ff\u0900-\u0d7f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Scripts that do not write every vowel: Semitic ones, and those of India."""

DOUBLED = re.compile("[aou]e|aa")
"""How umlauts are spelled out, and how å is."""

MIN_DOUBLED = 4
"""In shorter words, two vowels are two: `Xue` is not `Xu`."""

MIN_CONSONANTS = 3
"""With fewer consonants, a name written without vowels could be any."""

_CYRILLIC = re.compile("[\u0400-\u052f]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_NOT_ASCII_WORD = re.compile("[^a-z0-9]+")
_VOWELS = str.maketrans(dict.fromkeys("aeiouvwy", "") | {"g": "j", "q": "k", "c": "k"})
_ABJAD_DIGRAPH = re.compile("(s)h|[ck](h)|(?<=[td])h")
_ABJAD_LETTERS = str.maketrans("pz", "bd")
"""Letters that one letter of a script without vowels is read as."""

_REPEATED = re.compile(r"(.)\1+")


class _Letters(dict[int, str]):
    """A table for `str.translate`: those given, and what a function makes of each other letter."""

    def __init__(self, given: Mapping[str, str], make: Callable[[str], str]) -> None:
        super().__init__(str.maketrans(dict(given)))
        self._make = make

    def __missing__(self, code: int) -> str:
        made = self[code] = self._make(chr(code))
        return made


class _Scheme:
    """What a scheme of transliteration spells otherwise than the library, by letters; `^` is the start of a word, `$`
    its end.
    """

    def __init__(self, spelled: Mapping[str, str]) -> None:
        self._letters = _Letters({k: v for k, v in spelled.items() if len(k) == 1}, _to_ascii)
        rules = ((k, v) for k, v in spelled.items() if len(k) > 1)
        self.rules = dict(sorted(rules, key=lambda rule: -len(rule[0])))
        """Spellings of letters in a row, or in one place of a word, to what they are spelled."""
        self._spelled = list(self.rules.values())

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"({letters})" for letters in self.rules))

    def spell(self, word: str) -> str:
        """A word in ASCII."""
        if self.rules:
            word = self._pattern.sub(lambda found: self._spelled[(found.lastindex or 1) - 1], word)
        return word.translate(self._letters)


def _to_ascii(text: str) -> str:
    return _NOT_ASCII_WORD.sub("", transliterate(text).lower())


def _base_letter(letter: str) -> str:
    """The letter that keyboards without this one have for it: `к` for `қ`, by Unicode's own names of both."""
    base, found, _ = unicodedata.name(letter, "").partition(" WITH ")
    try:
        return unicodedata.lookup(base) if found else letter
    except KeyError:
        return letter


_BASE_LETTERS = _Letters({}, _base_letter)


class _BaseScheme(_Scheme):
    """A scheme for words as they are written on a keyboard without their letters."""

    def spell(self, word: str) -> str:
        """A word in ASCII."""
        return super().spell(word.translate(_BASE_LETTERS))


class _Script:
    """The schemes of a script. Letters that depend on none beside them are looked up, as the first or a later one."""

    def __init__(self, *schemes: _Scheme) -> None:
        self.schemes = schemes
        self._first: dict[str, tuple[str, ...]] = {}
        self._later: dict[str, tuple[str, ...]] = {}
        rules = dict.fromkeys(rule for scheme in schemes for rule in scheme.rules if not _START.fullmatch(rule))
        self._depends = re.compile("|".join(rules) or "(?!)")

    def spell(self, word: str) -> list[str]:
        """A word in ASCII, by each scheme."""
        if not word or self._depends.search(word):
            return [scheme.spell(word) for scheme in self.schemes]
        try:
            letters = [self._first[word[0]], *map(self._later.__getitem__, word[1:])]
        except KeyError:
            self._add(word)
            return self.spell(word)
        return list(map("".join, zip(*letters, strict=True)))

    def _add(self, word: str) -> None:
        self._first[word[0]] = tuple(scheme.spell(f"{word[0]}{_SILENT}") for scheme in self.schemes)
        for letter in word[1:]:
            self._later[letter] = tuple(scheme.spell(f"{_SILENT}{letter}{_SILENT}") for scheme in self.schemes)


_START = re.compile(r"\^.")
_SILENT = "\ue000"
"""Stands for letters around one."""

_AS_THE_LIBRARY = _Scheme({})
_GERMAN = {
    **{"ж": "sch", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "в": "w", "ю": "ju", "я": "ja"},
    **{"ё": "jo", "^е": "je"},
}
CYRILLIC_SCHEMES = _Script(
    _Scheme({"є": "e"}),
    # English press
    _Scheme({"ё": "yo", "^е": "ye", "^є": "ye", "є": "ye", "[иы]й$": "y", "ий": "iy", "ј": "y", "ї": "yi"}),
    # ICAO 9303, for passports
    _Scheme({"й": "i", "ю": "iu", "я": "ia", "ъ": "ie"}),
    # Ukraine, 2010
    _Scheme(
        {"г": "h", "зг": "zgh", "и": "y", "^й": "y", "й": "i", "^ю": "yu", "ю": "iu", "^я": "ya", "я": "ia"}
        | {"^є": "ye", "є": "ie", "^ї": "yi"}
    ),
    # Bulgaria
    _Scheme({"ъ": "a", "щ": "sht", "х": "h"}),
    # scholars and Slavs with Latin letters, whose diacritics are folded
    _Scheme(
        {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "џ": "dz", "й": "j", "ю": "ju", "я": "ja"}
        | {"є": "je", "ї": "ji"}
    ),
    # Germany, today and before
    _Scheme(_GERMAN | {"й": "i", "[иы]й$": "i"}),
    _Scheme(_GERMAN | {"й": "j"}),
    _BaseScheme({"є": "e"}),
)
_GREEK_SCHEMES = _Script(
    # ELOT 743
    _Scheme({"ου": "ou", "αυ": "av", "ευ": "ev", "ηυ": "iv", "γγ": "ng", "γξ": "nx", "γχ": "nch", "^μπ": "b"}),
    _AS_THE_LIBRARY,
    # press
    _Scheme(
        {
            "ου": "ou",
            "αυ": "af",
            "ευ": "ef",
            "μπ": "b",
            "^ντ": "d",
            "ντ": "nt",
            "γκ": "g",
            "χ": "h",
            "υ": "i",
            "γγ": "g",
        }
        | {"οι": "i", "ει": "i", "αι": "e"}
    ),
)
_ABJAD_SCHEMES = _Script(_AS_THE_LIBRARY, _Scheme({"ى$": "ي", "^ال": ""}))
_LATIN_SCHEMES = _Script(
    _AS_THE_LIBRARY,
    # two letters for one: Germany, the Nordic countries, Serbia; the open e of Azerbaijan as English has it
    _Scheme({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj", "ə": "a"}),
)
_SURNAMES = {
    # characters that are read otherwise as surnames
    **{"曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "区": "ou", "區": "ou", "翟": "zhai"},
    **{"乐": "yue", "樂": "yue", "盖": "ge", "蓋": "ge", "缪": "miao", "繆": "miao", "秘": "bi", "黑": "he"},
    **{
        "吕": "lyu lv lue",
        "呂": "lyu lv lue",
        "种": "chong",
        "员": "yun",
        "員": "yun",
        "召": "shao",
        "折": "she",
        "朴": "piao",
        "覃": "qin",
    },
    # surnames that Koreans spell otherwise than by a scheme
    **{"김": "kim", "이": "lee yi rhee", "리": "lee rhee", "박": "park", "최": "choi", "정": "jung chung"},
    **{"임": "lim", "유": "yoo ryu", "노": "roh noh", "신": "shin", "안": "ahn", "심": "shim", "우": "woo"},
    **{"허": "hur", "서": "suh", "문": "moon", "백": "paik baek", "손": "sohn", "여": "yeo", "나": "ra"},
}


def spellings(text: str) -> tuple[Unit, ...]:
    """The spellings of each word of a name, of each character in Han and Hangul; words without any are left out."""
    if text.isascii():
        words = name_words(text)
        return tuple((collapse(word),) for word in words)
    units: list[Unit] = []
    for word in written_words(text):
        parts = HANGUL.sub(r" \g<0> ", word).split() if HANGUL.search(word) else (word,)
        units += (_spell(part, is_first=not units) for part in parts)
    return tuple(unit for unit in units if unit)


def tied(units: tuple[Unit, ...]) -> tuple[tuple[str, ...], ...]:
    """The whole name by each scheme."""
    count = max(map(len, units), default=0)
    columns = [unit if len(unit) == count else unit + unit[:1] * (count - len(unit)) for unit in units]
    return tuple(dict.fromkeys(zip(*columns, strict=True)))


def collapse(word: str) -> str:
    """An ASCII word in which `ae`, `oe`, `ue` and `aa` are one letter, as where umlauts are not spelled out."""
    return DOUBLED.sub(lambda found: found[0][0], word) if len(word) >= MIN_DOUBLED else word


@lru_cache(maxsize=16_384)
def consonants(word: str) -> str:
    """What is left of an ASCII word in a script without vowels, with letters alike that Arabs have one of."""
    bare = _REPEATED.sub(itemgetter(1), word.replace("ph", "f").translate(_VOWELS))
    return bare[:-1] if bare.endswith("h") and len(bare) > 1 else bare


@lru_cache(maxsize=16_384)
def vowelless(word: str) -> tuple[str, ...]:
    """What scripts without vowels keep of an ASCII word: first the Arabic one, in which `kh` is near to `h`."""
    forms = (_ABJAD_DIGRAPH.sub(_first_letter, word), word)
    return tuple(dict.fromkeys(found for form in forms if (found := consonants(form.translate(_ABJAD_LETTERS)))))


def _first_letter(digraph: re.Match[str]) -> str:
    return digraph[digraph.lastindex] if digraph.lastindex else ""


@lru_cache(maxsize=16_384)
def _spell(word: str, *, is_first: bool) -> Unit:
    """The spellings of one word, by the schemes of its script; none for a word of signs."""
    if word.isascii():
        return (collapse(word),)
    if SIMPLE_WORD.fullmatch(word):
        found = CYRILLIC_SCHEMES.spell(word) if _CYRILLIC.search(word) else _ABJAD_SCHEMES.spell(fold_word(word))
    else:
        found = [spelling for one in one_script(word) for spelling in _spell_in_script(one, is_first)]
    spelled = tuple(spelling for spelling in found if spelling)
    return spelled if len(set(spelled)) > 1 else spelled[:1]


def _spell_in_script(word: str, is_first: bool) -> Iterable[str]:
    if HAN.match(word):
        return [_to_ascii(word), *(_SURNAMES.get(word, "").split() if is_first else ())]
    if HANGUL.match(word):
        return [*_korean(_to_ascii(word)), *(_SURNAMES.get(word, "").split() if is_first else ())]
    if _KANA.search(word):
        return _japanese(word)
    if _CYRILLIC.search(word):
        return CYRILLIC_SCHEMES.spell(word)
    if _GREEK.search(word):
        return _GREEK_SCHEMES.spell(_without_accents(word))
    if ABJAD.search(word):
        return _ABJAD_SCHEMES.spell(fold_word(word))
    return [collapse(spelled) for spelled in _LATIN_SCHEMES.spell(word)]


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _korean(official: str) -> list[str]:
    """A syllable as South Korea spells it, by McCune and Reischauer without diacritics, and as people spell it."""
    official = re.sub("(?<!n)[gdb]$", lambda found: {"g": "k", "d": "t", "b": "p"}[found[0]], official)
    hard = re.sub("^[gdbj]", lambda found: {"g": "k", "d": "t", "b": "p", "j": "ch"}[found[0]], official)
    popular = [re.sub("^g", "k", re.sub("(?<!e)u", u, official)).replace("yeong", "young") for u in ("u", "oo")]
    spelled = [text.replace("eo", "u").replace("eu", "u").replace("hui", "hee") for text in popular]
    return [official, hard.replace("eo", "o").replace("eu", "u"), *spelled]


def _japanese(word: str) -> list[str]:
    """A word in kana by Hepburn, with long vowels in full and, as they are without macrons, as short ones."""
    spelled = ""
    double = False
    for kana in word:
        sound, is_small = _to_ascii(kana), "SMALL" in unicodedata.name(kana, "")
        if is_small and sound == "t":
            double = True
        elif is_small and spelled and sound[:1] == "y":
            spelled = spelled[:-1] + (sound[1:] if spelled.endswith(("shi", "chi", "ji")) else sound)
        elif is_small and spelled:
            spelled = spelled[:-1] + sound
        else:
            spelled += (("t" if sound.startswith("ch") else sound[:1]) if double else "") + sound
            double = False
    return [spelled, re.sub("ou|oo", "o", spelled).replace("uu", "u")]


_SLIPS = re.compile("(?<=[zcs])h(?=[aeiouü])|(?<=[zcs])(?=[aeiouü])|(?<=[aeiouü]n)g?(?![aeiouügn])")
"""Where one of z, c, s and zh, ch, sh, or of n and ng at the end of a syllable, may stand for the other."""


def pinyin_slips(text: str) -> Iterator[str]:
    """A text in Latin letters with each sound that is often confused in pinyin as the other: `yanzou`, `yanzhou`."""
    lower = text.lower()
    for slip in _SLIPS.finditer(lower):
        other = "" if slip[0] else "g" if lower[slip.start() - 1] == "n" else "h"
        yield lower[: slip.start()] + other + lower[slip.end() :]
