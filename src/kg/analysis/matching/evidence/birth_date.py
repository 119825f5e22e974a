"""Birth dates, or the years and months that are known of them."""

from __future__ import annotations

from datetime import date

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

SAME_DAY, SAME_MONTH, SAME_YEAR = 13.9, 9.0, 5.6
"""Of the about 15,000 days, 500 months and 48 years on which adults of a register were born."""

SWAPPED, YEAR_APART, UNKNOWN_DAY, OTHER_DAY, OTHER_YEAR, FAR_YEAR = 8.0, 3.0, 4.0, -4.0, -8.0, -14.0
"""`FAR_YEAR` is for so many years that no slip of the pen makes them."""
COUNTED_AGE = -2.0
"""Of a bare year next to another, where somebody has a Chinese, Korean, Vietnamese or Japanese name."""
FAR = 5
"""Years."""
_YEAR, _MONTH, _DAY = 4, 7, 10
_OFTEN = "1 January often stands for a day that is not known"


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """The dates that agree best; None where one has none."""
    pairs = [(a, b) for a in one.birth_dates for b in other.birth_dates]
    if not pairs:
        return None

    def weigh(pair: tuple[str, str]) -> tuple[float, str]:
        if _may_count_otherwise(*pair) and (one.is_east_asian or other.is_east_asian):
            return (
                COUNTED_AGE,
                f"born {pair[0]} and {pair[1]}: a year apart, as ages counted in the East Asian way make it",
            )
        return _compare(*pair)

    (bits, says), (a, b) = max(((weigh(pair), pair) for pair in pairs), key=lambda found: found[0][0])
    return Evidence("birth date", bits, says, a, b)


def _may_count_otherwise(a: str, b: str) -> bool:
    """Whether of one no more than the year is known, which is next to that of the other."""
    is_bare = any(len(day) == _YEAR for day in (a, b)) or _is_first_day(a, b)
    return is_bare and abs(int(a[:_YEAR]) - int(b[:_YEAR])) == 1


def _compare(a: str, b: str) -> tuple[float, str]:
    shorter = min(len(a), len(b))
    if a[:shorter] == b[:shorter]:
        if shorter > _YEAR and _is_first_day(a, b):
            return SAME_YEAR, f"born {a} and {b}: {_OFTEN}"
        bits = {_YEAR: SAME_YEAR, _MONTH: SAME_MONTH, _DAY: SAME_DAY}.get(shorter, SAME_YEAR)
        return bits, f"both born {a[:shorter]}" if a == b else f"born {a} and {b}, which agree as far as both say"
    years = abs(int(a[:_YEAR]) - int(b[:_YEAR]))
    if shorter < _DAY:
        if not years and _is_first_day(a, b):
            return UNKNOWN_DAY, f"born {a} and {b}: {_OFTEN}"
        return (OTHER_DAY if not years else _other_year(years)), f"born {a} and {b}"
    if not years:
        if (a[5:7], a[8:]) == (b[8:], b[5:7]):
            return SWAPPED, f"born {a} and {b}: day and month may be swapped"
        if _is_first_day(a, b):
            return UNKNOWN_DAY, f"born {a} and {b}: {_OFTEN}"
        return OTHER_DAY, f"born {a} and {b}: the same year, another day"
    if years == 1 and a[_YEAR:] == b[_YEAR:] and not _is_first_day(a):
        return YEAR_APART, f"born {a} and {b}: a year apart on the same day, as a mistake or another count has it"
    apart = abs((date.fromisoformat(a) - date.fromisoformat(b)).days) if _is_date(a) and _is_date(b) else 0
    return _other_year(years), f"born {a} and {b}" + (f": {apart // 365} years apart" if apart > 730 else "")


def _other_year(years: int) -> float:
    return FAR_YEAR if years > FAR else OTHER_YEAR


def _is_first_day(*days: str) -> bool:
    return any(day.endswith("-01-01") for day in days)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
