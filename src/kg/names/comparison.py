"""What do two written names say about whether they are of one person or company? Chooses who reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product

from kg.names import companies, generic
from kg.names.chinese import compare_chinese
from kg.names.generic import Kind
from kg.names.match import NameMatch
from kg.names.sinoxenic import LANGUAGES, compare_in
from kg.names.variants import is_no_name, written_names


def compare_names(
    left: str, right: str, kind: Kind = "person", weight: Callable[[str], float] | None = None
) -> NameMatch:
    """What two names weigh in bits, with reasons; symmetric. `weight` gives the bits of words that are not Chinese."""
    for name in (left, right):
        if is_no_name(name):
            return NameMatch(0.0, (f"{name.strip()!r} stands for a name that is not known",))
    if kind == "company":
        return companies.compare(left, right, weight, fold=simplify)
    pairs = product(written_names(left), written_names(right))
    return max((_compare_persons(one, other, weight) for one, other in pairs), key=lambda match: match.bits)


def _compare_persons(left: str, right: str, weight: Callable[[str], float] | None) -> NameMatch:
    """By the rules of the language that both can be of, else by those for any."""
    chinese = compare_chinese(left, right)
    if chinese and (chinese.bits > 0 or (left.isascii() and right.isascii())):
        return chinese
    others = (compare_in(language, left, right) for language in LANGUAGES)
    found = [match for match in (chinese, *others) if match]
    return max(found, key=lambda match: match.bits) if found else generic.compare(left, right, weight)


@lru_cache(maxsize=4_096)
def simplify(text: str) -> str:
    """A text with simplified characters for traditional ones."""
    from kg.names.chinese.characters import characters

    if text.isascii():
        return text
    simplified = characters().simplified
    return "".join(simplified.get(c, (c,))[0] for c in text)
