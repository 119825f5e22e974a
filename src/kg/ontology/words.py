"""The words of the trade for types, values and jurisdictions, besides the ontology's own names."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import OntologyError
from kg.resources import data_dir
from kg.toml_files import read_toml

WORDS, COMPILED_WORDS = "words.toml", "words.json"
"""The file of words, and the file that has the same as it was read."""

SIMILARITY = 0.8
"""How alike a word and the one that was probably meant are at least."""

_MOST_LIKE = 100
"""So many words are looked at letter by letter."""

_LEAST_OF_LETTERS = 0.5
"""How alike they are at least where letters count as in both only in one order: `onws` for `owns` has 0.75."""


class TypeWord(NamedTuple):
    """The type that a word means, whether it is read from the link's other end, and what keeps the word."""

    type: str
    reverse: bool = False
    keep: str = ""
    """The property that keeps the word, which says more than the type; empty if it does not."""


def fold_text(text: str) -> str:
    """A text as texts of tables are compared: case and white space folded."""
    return " ".join(text.split()).casefold()


def fold_word(text: str) -> str:
    """A word as words are compared: like a text, and with spaces for underscores."""
    return fold_text(text.replace("_", " "))


def type_label(name: str) -> str:
    """The name of a node or link type in words: `real estate` for `RealEstate`, `family of` for `FAMILY_OF`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()


@lru_cache(maxsize=1)
def read_words() -> Mapping[str, Mapping[str, Any]]:
    """The file of words: as it was compiled from the same file, else read anew, which takes ten times as long."""
    path = data_dir("graph") / "ontology" / WORDS
    try:
        compiled = json.loads(path.with_name(COMPILED_WORDS).read_bytes())
        if compiled["source"] == hashlib.sha256(path.read_bytes()).hexdigest():
            found: Mapping[str, Mapping[str, Any]] = compiled["words"]
            return found
    except (OSError, ValueError, LookupError, TypeError):  # damaged, or of another kg
        pass
    return read_toml(path, path.name, OntologyError)


def compiled_words(root: Path) -> str:
    """The text of the compiled file of the words in a folder."""
    content = (root / WORDS).read_bytes()
    found = {"source": hashlib.sha256(content).hexdigest(), "words": read_toml(root / WORDS, WORDS, OntologyError)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def words_of_types(kind: str, names: Iterable[str]) -> dict[str, TypeWord]:
    """The words for the types of `names`, of the kind `nodes` or `links`, in their folded form."""
    known = read_words()[kind]
    return {
        fold_word(word): TypeWord(name, reverse, said.get("keep", ""))
        for name in names
        if (said := known.get(name))
        for reverse, words in ((False, said["words"]), (True, said.get("reverse", ())))
        for word in words
    }


@lru_cache(maxsize=512)
def words_of_values(lineage: tuple[str, ...], name: str, values: tuple[str, ...]) -> Mapping[str, str]:
    """The words for the values of a property of a type, in their folded form; `lineage` is it and all it extends."""
    found = {fold_word(value): value for value in values}
    for type_name in lineage:
        for value, words in read_words()["values"].get(type_name, {}).get(name, {}).items():
            found |= {fold_word(word): value for word in words if value in values}
    return found


def words_meant(path: Sequence[str]) -> Mapping[str, str]:
    """Words that may mean a value and do not have to, in their folded form, each with that value.

    `path`: a type and one of its properties, or `valuations` for their kinds.
    """
    said = read_words()["meant"]
    for name in path:
        said = said.get(name, {})
    return {fold_word(word): value for value, words in said.items() for word in words}


@lru_cache(maxsize=1)
def words_of_valuations() -> Mapping[str, str]:
    """The words for the kinds of valuations, in their folded form."""
    said = read_words()["valuations"]
    return {fold_word(word): kind for kind, words in said.items() for word in (kind, *words)}


@lru_cache(maxsize=8)
def words_of_grades(name: str, values: tuple[str, ...]) -> Mapping[str, str]:
    """The words for a grade of provenance, in their folded form."""
    found = {fold_word(value): value for value in values}
    for value, words in read_words()["grades"].get(name, {}).items():
        found |= {fold_word(word): value for word in words}
    return found


@lru_cache(maxsize=256)
def column_words(columns: tuple[str, ...]) -> Mapping[str, str]:
    """What some columns of sheets may be called, in folded form, to their names: of two with one word, the first.

    A name of one means no other.
    """
    own = {fold_word(column): column for column in columns}
    known = {column: read_words()["columns"].get(column, ()) for column in own.values()}
    return {**{fold_word(word): column for column, words in reversed(known.items()) for word in words}, **own}


class _TotalWords(NamedTuple):
    """How totals and balances are told by their words."""

    begins: re.Pattern[str]
    """What the key of a total begins with."""
    begins_or_notes: re.Pattern[str]
    """What that of a total or of a note begins with."""
    whole: re.Pattern[str]
    """A text of nothing but words that totals have."""
    making: re.Pattern[str]
    """A word that makes such a text a total."""
    beginnings: frozenset[str]
    """The first two letters of all words."""


@lru_cache(maxsize=1)
def _total_words() -> _TotalWords:
    said = read_words()["totals"]
    begins, begins_or_notes = (
        re.compile(rf"(?:{'|'.join(map(re.escape, some))})(?:\b|$)", re.IGNORECASE)
        for some in (said["begins"], said["begins"] + said["notes"])
    )
    named = said["begins"] + said["balances"]
    words = sorted({*named, *said["beside"]}, key=len, reverse=True)
    making, every = ("|".join([*map(_whole_word, some), _COMPOUND]) for some in (named, words))
    return _TotalWords(
        begins,
        begins_or_notes,
        whole=re.compile(rf"(?:(?:{every})[\W\d_]*)+", re.IGNORECASE),
        making=re.compile(making, re.IGNORECASE),
        beginnings=frozenset(word[:2].casefold() for words in said.values() for word in words),
    )


def _whole_word(word: str) -> str:
    """A pattern for a word with no letter beside it, unless it is of a script without spaces."""
    return re.escape(word) if word[-1] >= _UNSPACED else rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])"


def may_be_total(text: str, *, notes: bool = True) -> bool:
    """Whether the row with a key or text may be a total, a balance carried forward, or, with `notes`, a note."""
    known = _total_words()
    if text[:2].casefold() not in known.beginnings:
        return False
    begins = known.begins_or_notes if notes else known.begins
    return begins.match(text) is not None or is_total(text)


def is_total(text: str) -> bool:
    """Whether a text says only that its row is a total or a balance: `Total:`, `Closing balance 31 Jan`, `合计`."""
    if len(text) > _LONGEST_TOTAL or not has_only_total_words(text):  # most texts end here: a tenth of the pattern
        return False
    known = _total_words()
    return known.whole.fullmatch(text.lstrip(_BEFORE)) is not None and known.making.search(text) is not None


def has_only_total_words(text: str) -> bool:
    """Whether each word of a text may be one of a total, as in `31 Jan`, `Debit` or `EUR`: it tells no payment."""
    known = _parts_of_totals()
    for word in _LETTERS.findall(text.casefold()):
        if not (word in known or word[0] >= _UNSPACED or word.endswith(_BALANCE)):
            return False
    return True


def has_total_word(text: str) -> bool:
    """Whether a word for a total or a balance is anywhere in a text."""
    return _total_words().making.search(text) is not None


_LONGEST_TOTAL = 80
_BALANCE = "saldo"
_COMPOUND = rf"(?<![^\W\d_])[^\W\d_]+{_BALANCE}(?![^\W\d_])"
"""Words of many languages: Beginsaldo, Primosaldo, Loppusaldo."""
_BEFORE = "0123456789.,:;()-*# "
_LETTERS = re.compile(r"[^\W\d_]+")
_UNSPACED = "\u3040"
"""The first letter of scripts without spaces between words."""


@lru_cache(maxsize=1)
def _parts_of_totals() -> frozenset[str]:
    return frozenset(
        part for words in read_words()["totals"].values() for part in _LETTERS.findall(" ".join(words).casefold())
    )


@lru_cache(maxsize=1)
def _words_of_nobody() -> tuple[frozenset[str], frozenset[str]]:
    """What names nobody as it stands, and what does so before a number."""
    said = read_words()["nobody"]
    numbered = frozenset(map(fold_word, said["numbered"]))
    return numbered.union(map(fold_word, said["whole"])), numbered


def is_nobody(text: str) -> bool:
    """Whether a text stands for the other end of a payment and names nobody: `cash`, `[redacted]`, `Check 123`."""
    words, numbered = _words_of_nobody()
    word = fold_word(text)
    return word in words or word.strip(_AROUND) in words or word.rstrip(_NUMBER) in numbered


_AROUND = " .,:;*-()[]{}<>'\"“”"
_NUMBER = " .:#/-0123456789"


@lru_cache(maxsize=1)
def _over_pattern() -> re.Pattern[str]:
    said = {name: "|".join(map(re.escape, words)) for name, words in read_words()["over"].items()}
    whole = rf"(?<!not )(?<!never )(?<![\w-])(?:(?:{said['words']})(?![\w-])|(?:{said['beginnings']})|ex-)"
    return re.compile(rf"(?!.*\bex[- ]officio\b)(?:.*?{whole}|.*(?:{said['parts']}))")


@lru_cache(maxsize=4_096)
def is_over(text: str) -> bool:
    """Whether a source's words for the status or role of a link say that it is over: `Inactive`, `ex-shareholder`."""
    return _over_pattern().match(fold_word(text)) is not None


class HoldingKind(NamedTuple):
    """In which interest, how directly and by which right beside the capital something is held; empty if not stated."""

    interest: str = ""
    directness: str = ""
    right: str = ""


HOLDING_WORDS = ("ownership_type", "role", "shares", "status")
"""Properties of a link in which sources may say of which kind a holding is."""


def holding_kind(properties: Mapping[str, Sequence[str]]) -> HoldingKind:
    """The kind of holding that the properties of a link state, and where they do not, the source's words mean."""
    said = _kind_of_words(tuple(text for name in HOLDING_WORDS if name in properties for text in properties[name]))
    if stated := properties.get("interest"):
        said = said._replace(interest=_kind_of_words(tuple(stated)).interest)
    if stated := properties.get("directness"):
        said = said._replace(directness=_kind_of_words(tuple(stated)).directness)
    return said


def may_be_indirect(text: str) -> bool:
    """Whether a word for what is held through others is anywhere in a text, such as a link as JSON."""
    folded = text.casefold()
    return any(word in folded for word in _indirect_words())


@lru_cache(maxsize=1)
def _indirect_words() -> tuple[str, ...]:
    return tuple(read_words()["holdings"]["directness"]["indirect"])


@lru_cache(maxsize=4_096)
def _kind_of_words(texts: tuple[str, ...]) -> HoldingKind:
    words = [*map(fold_word, texts)]
    found = ({meant for word in words if (meant := _meant(name, word))} for name in ("interest", "directness"))
    interest, directness = (some.pop() if len(some) == 1 else "" for some in found)
    return HoldingKind(interest, directness, next((right for word in words if (right := _right(word))), ""))


@lru_cache(maxsize=2)
def _holding_pattern(name: str) -> re.Pattern[str]:
    """What words of an interest or a directness begin with, one group a value; not where they are negated."""
    said = read_words()["holdings"][name]
    groups = (f"(?P<{value}>{'|'.join(map(_word_start, words))})" for value, words in said.items())
    return re.compile(rf"{_NOT_NEGATED}(?:{'|'.join(groups)})[^\W\d_]*(?: {_HOLDER})?")


_NOT_NEGATED = r"(?<!not )(?<!not a )(?<!no )(?<!non-)(?<!non )"
_HOLDER = r"(?:owner|holder|shareholder|interest|title)[^\W\d_]*"
_JOINED = re.compile(r"\W*(?:and|or|und|oder|et|ou|e|o|y|и|или|和|及|或)?\W*")
"""What stands between words that are both meant."""


def _word_start(word: str) -> str:
    if word.endswith(" "):
        return _whole_word(word.rstrip())
    return re.escape(word) if word[0] >= _UNSPACED else rf"(?<![^\W\d_]){re.escape(word)}"


def _meant(name: str, word: str) -> str:
    """The interest or directness that a word means: the first that it names, and none where it names both."""
    if found := words_of_values(("OWNS",), name, tuple(read_words()["holdings"][name])).get(word):
        return found
    named = [*_holding_pattern(name).finditer(word)]
    if any(a.lastgroup != b.lastgroup and _JOINED.fullmatch(word[a.end() : b.start()]) for a, b in pairwise(named)):
        return ""
    return (named[0].lastgroup or "").removeprefix("either") if named else ""


def _right(word: str) -> str:
    """The right beside the capital that a word for a kind of holding means, such as `votes`; else empty."""
    said = read_words()["rights"]
    if any(part in word for part in said["capital"]):
        return ""
    return next((name for name, parts in said.items() if any(part in word for part in parts)), "")


def jurisdiction_words() -> list[tuple[str, str]]:
    """Names of jurisdictions that the reference list lacks, each with its code."""
    return [(name, code) for code, names in read_words()["jurisdictions"].items() for name in names]


def closest(word: str, known: Iterable[str]) -> str:
    """The one of some words that was probably meant; empty if none is like it."""
    return _closest(word, tuple(known))


@lru_cache(maxsize=1_024)
def _closest(word: str, known: tuple[str, ...]) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    like = process.extract(
        word, known, scorer=Indel.normalized_similarity, score_cutoff=_LEAST_OF_LETTERS, limit=_MOST_LIKE
    )
    score, found = max(((_similarity(word, other), other) for other, *_ in like), default=(0.0, ""))
    return found if score >= SIMILARITY else ""


def _similarity(one: str, other: str) -> float:
    """How alike two words are, 0 to 1: the part of their letters that is in both, less one for each pair exchanged."""
    from rapidfuzz.distance import OSA, Indel

    ones, others = Counter(one), Counter(other)
    only_one, only_other = (ones - others).total(), (others - ones).total()
    exchanged = OSA.distance(one, other) - max(only_one, only_other)
    letters = max(len(one) + len(other), 1)
    return max(1 - (only_one + only_other + exchanged) / letters, Indel.normalized_similarity(one, other))
