"""Amounts of money, and valuations."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.ontology.values.dates import clean_date, date_span
from kg.ontology.values.numbers import decimal_point, parse_decimal, plain_number
from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width
from kg.ontology.words import closest, fold_word, words_meant, words_of_valuations
from kg.resources import data_dir

VALUATION_KINDS = ("balance", "purchase", "sale", "market", "court")

THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""Currencies with three decimals, by ISO 4217: in these `1,200` may mean 1.2 as well as 1200."""

CURRENCY_SIGNS = {
    **dict.fromkeys(("RMB", "CN¥", "人民币", "人民幣", "元人民币", "元人民幣", "YUAN", "RENMINBI"), "CNY"),
    **dict.fromkeys(("€", "EURO", "EUROS", "欧元"), "EUR"),
    **dict.fromkeys(("£", "￡", "英镑"), "GBP"),
    **dict.fromkeys(("US$", "USD$", "U$S", "美元"), "USD"),
    **dict.fromkeys(("HK$", "港元", "港币", "港幣"), "HKD"),
    **dict.fromkeys(("A$", "AU$"), "AUD"),
    **dict.fromkeys(("C$", "CA$", "CAD$"), "CAD"),
    **dict.fromkeys(("NT$", "新台币"), "TWD"),
    **dict.fromkeys(("JP¥", "日元", "日圆", "日圓", "円", "YEN"), "JPY"),
    **dict.fromkeys(("₽", "РУБ", "RUR", "РУБЛЕЙ", "РУБЛЯ", "РУБЛЬ"), "RUB"),
    **{"NZ$": "NZD", "S$": "SGD", "R$": "BRL", "MX$": "MXN", "EC$": "XCD", "RD$": "DOP", "J$": "JMD", "BZ$": "BZD"},
    **{
        "₹": "INR",
        "₪": "ILS",
        "₫": "VND",
        "₱": "PHP",
        "₴": "UAH",
        "ГРН": "UAH",
        "₺": "TRY",
        "TL": "TRY",
        "₸": "KZT",
        "₾": "GEL",
    },
    **{"₼": "AZN", "₦": "NGN", "฿": "THB", "₲": "PYG", "₡": "CRC", "₮": "MNT", "₭": "LAK", "៛": "KHR", "₵": "GHS"},
    **{"֏": "AMD", "₿": "BTC", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "ЛВ": "BGN", "RM": "MYR", "S/": "PEN"},
}
"""What one currency is written as beside its code, in upper case; mostly the signs of CLDR's root locale."""

SHARED_SIGNS = {
    "$": (
        *("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD"),
        *("BMD", "BND", "BSD", "BZD", "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SRD", "TTD"),
    ),
    **dict.fromkeys(("¥", "￥"), ("JPY", "CNY")),
    "元": ("CNY", "TWD", "HKD", "JPY"),
    "₩": ("KRW", "KPW"),
    "원": ("KRW", "KPW"),
    "RS": ("INR", "PKR", "LKR", "NPR", "MUR", "SCR"),
    "KR": ("SEK", "NOK", "DKK", "ISK"),
}
"""Signs of several currencies; a code beside one says which."""

SCALES = {
    **dict.fromkeys(("K", "THOUSAND", "THOUSANDS", "TSD", "TAUSEND", "MILA", "TYS", "TIS", "ТЫС", "ТИС"), 3),
    **dict.fromkeys(("ТЫСЯЧ", "ТЫСЯЧА", "ТЫСЯЧИ", "千"), 3),
    **dict.fromkeys(("LAKH", "LAKHS", "LAC"), 5),
    **dict.fromkeys(("MN", "MM", "MLN", "MIO", "MILLION", "MILLIONS", "MILLIONEN", "MILLÓN", "MILLONES", "MILIONE"), 6),
    **dict.fromkeys(("MILIONI", "MILHÃO", "MILHÕES", "MILJOEN", "MILJON", "MILJONER", "MILIONÓW", "MILIONY"), 6),
    **dict.fromkeys(("МЛН", "МИЛЛИОН", "МИЛЛИОНА", "МИЛЛИОНОВ", "百万", "百萬", "백만"), 6),
    **dict.fromkeys(("CRORE", "CRORES", "千万", "千萬", "천만"), 7),
    **dict.fromkeys(("B", "BN", "BLN", "BILLION", "BILLIONS", "MRD", "MLD", "MILLIARD", "MILLIARDS", "MILLIARDE"), 9),
    **dict.fromkeys(("MILLIARDEN", "MILIARDO", "MILIARDI", "MILJARD", "MILJARDER", "MILIARDÓW", "MILIARDY"), 9),
    **dict.fromkeys(("МЛРД", "МИЛЛИАРД", "МИЛЛИАРДА", "МИЛЛИАРДОВ", "十亿", "十億"), 9),
    **dict.fromkeys(("TN", "TRN", "TRILLION", "TRILLIONS", "BILLIONEN", "BILLONES", "万亿", "萬億", "조"), 12),
    **{"万": 4, "萬": 4, "만": 4, "亿": 8, "億": 8, "억": 8},
}
"""Words of magnitude to the power of ten."""

AMBIGUOUS_SCALES = {
    "M": "a thousand or a million",
    "MIL": "a thousand or a million",
    "T": "a thousand or a trillion",
    "兆": "a million or a trillion",
}
"""Words of magnitude that mean one thing to some and another to others."""

_LONG_SCALE = frozenset(("DEM", "DDM", "ATS", "FRF", "BEF", "LUF"))
"""Currencies of languages in which a billion is a million millions."""

_SCALE_OF_TWO = re.compile(r"(?:b|tr)illions?\b", re.IGNORECASE)
_COMMA_DECIMALS = re.compile(r",[0-9]{1,2}(?![0-9])")

_SCALED_CODES = re.compile(r"([Kk]|[TM])([A-Z]{3}|[^\w\s.,'’-]{1,2})")
"""`k€`, `TEUR`, `MSEK`: thousands and millions of accounts."""

_HAN_SUM = re.compile(r"([0-9][0-9,.]*) ?([亿億억]) ?([0-9][0-9,.]*) ?([万萬만])(?![亿億])(?: ?([0-9]{1,4}))?")
_LINKING_WORD = re.compile(r"(?:d['’]|(?:de|di|of|в) )(?=\w)")
_PLAIN_MONEY = re.compile(r"([A-Za-z]{3})? ?(-?[0-9](?:[0-9., ]*[0-9])?) ?([A-Za-z]{3})?")
_MONEY = re.compile(
    r"(?P<before>[^0-9]*?)"
    r"(?P<number>(?:(?<![^\s+(-])\.)?[0-9](?:[0-9.,'’ ]*[0-9])?(?:\.(?![0-9]))?(?:[eE][+-]?[0-9]{1,2}(?![0-9]))?)"
    r"(?P<after>[^0-9]*)"
)
_VALUATION = re.compile(r"(\D+) (\S+) (\S+) (\D+?)(?: (gross|net))?")
"""The words for a kind; the date, the amount and the currency; and gross or net."""

_WORD = re.compile(r"[^\W\d_]+\$?|[^\w\s.,:;'’()+–—-]+")
_SIGNS = re.compile(r"[-+–()]")
_NEGATIVE = {("-", ""), ("", "-"), ("(", ")")}
_POSITIVE = {("", ""), ("+", "")}
_NO_PAISE = re.compile(r"(?<=[0-9]) ?/[-=–—]+(?![\w])")
"""What stands for no hundredths after an amount of rupees or shillings: `1,250/-`."""

_NO_CENTS = re.compile(r" ?[-–—]+(?= |$)")


class Money(NamedTuple):
    """An amount and its ISO 4217 code; never a float."""

    amount: Decimal
    currency: str


class Valuation(NamedTuple):
    """A stated value on a date: an interval in one currency, gross or net if known."""

    kind: str
    when: str
    low: Decimal
    high: Decimal
    currency: str
    basis: str


class CurrencyValue(ValueType):
    """A currency."""

    def clean(self, raw: str) -> str:
        """The code of ISO 4217, also of a former currency, in upper case."""
        return _currency_code(clean_text(to_ascii_width(raw), self.expected), self.expected)


class MoneyValue(ValueType):
    """An amount of money."""

    def clean(self, raw: str) -> str:
        """Amount, a space, ISO 4217 code: `1200.5 USD`."""
        text = _HAN_SUM.sub(_added_up, clean_text(to_ascii_width(raw), self.expected))
        if "/" in text:
            text = _NO_PAISE.sub("", text)
        plain = _PLAIN_MONEY.fullmatch(text)
        if plain and bool(plain[1]) != bool(plain[3]):
            code, amount = _currency_code(plain[1] or plain[3], self.expected), plain[2]
            return f"{_plain(_amount(amount, code, self.expected), code)} {code}"
        return self._clean_parts(text)

    def _clean_parts(self, text: str) -> str:
        """The same where signs, brackets, several words or a word of magnitude stand around the number."""
        found = _MONEY.fullmatch(text)
        if not found:
            raise BadValue(f"expected {self.expected}")
        before, number, after = found.groups()
        if number.endswith("."):
            number, after = number[:-1], _NO_CENTS.sub("", after, count=1)
        elif after.startswith(","):  # `5.000,-`
            number, after = f"{number},00", _NO_CENTS.sub("", after[1:], count=1)
        signs = tuple("".join(_SIGNS.findall(part)).replace("–", "-") for part in (before, after))
        if signs not in _NEGATIVE and signs not in _POSITIVE:
            raise BadValue(f"expected {self.expected}")
        words = [_SIGNS.sub("", part).strip() for part in (before, after)]
        scale, named = _split_scale(words, self.expected)
        if not named:
            raise BadValue(f"expected {self.expected}; it names no currency")
        code = _agreed_currency(named, self.expected)
        is_long = code in _LONG_SCALE or _COMMA_DECIMALS.search(number)
        if is_long and (long := next(filter(None, map(_SCALE_OF_TWO.search, words)), None)):
            means = "a thousand millions or a million millions" if long[0].lower()[0] == "b" else "10^12 or 10^18"
            raise BadValue(f"expected {self.expected}; {long[0]} may mean {means}")
        amount = _amount(number, code, self.expected).scaleb(scale)
        return f"{_plain(-amount if signs in _NEGATIVE else amount, code)} {code}"

    def caption(self, text: str) -> str:
        """Currency first, with separators of thousands: `USD 1,200.50`; what a negative amount is."""
        amount, code = money(text)
        return f"{code} {_grouped(amount)}{negative_note(text)}"


class ValuationValue(ValueType):
    """A dated valuation."""

    def clean(self, raw: str) -> str:
        """Kind, date, amount or band, currency, and gross or net if known; single spaces."""
        kind, when, worth, currency, *basis = self._parts(clean_text(to_ascii_width(raw), self.expected))
        code = _currency_code(currency, self.expected)
        low, _, high = worth.partition("..")
        first = _amount(low, code, self.expected)
        last = _amount(high or low, code, self.expected)
        if first > last:
            raise BadValue(f"expected {self.expected}; the lower amount first")
        low, high = _plain(first, code), _plain(last, code)
        band = low if low == high else f"{low}..{high}"
        return " ".join([kind, clean_date(when), band, code, *basis])

    def caption(self, text: str) -> str:
        """`USD 1,200,000 to 1,500,000 (market, 2014-06, gross)`."""
        v = valuation(text)
        worth = _grouped(v.low) if v.low == v.high else f"{_grouped(v.low)} to {_grouped(v.high)}"
        return f"{v.currency} {worth} ({', '.join(p for p in (v.kind, v.when, v.basis) if p)})"

    def same(self, left: str, right: str) -> bool:
        """Whether they overlap; those of another kind, currency, basis or day do not contradict each other."""
        a, b = valuation(left), valuation(right)
        if (a.kind, a.currency, a.basis) != (b.kind, b.currency, b.basis):
            return True
        one, other = date_span(a.when), date_span(b.when)
        apart = one.last < other.first or other.last < one.first
        return apart or (a.low <= b.high and b.low <= a.high)

    def _parts(self, text: str) -> list[str]:
        found = _VALUATION.fullmatch(text)
        if not found:
            raise BadValue(f"expected {self.expected}")
        stated, when, worth, currency, basis = found.groups()
        words, word = words_of_valuations(), fold_word(stated)
        if (kind := words.get(word)) is None:
            maybe = words_meant(("valuations",)).get(word) or words.get(closest(word, words))
            hint = f"; did you mean {maybe}?" if maybe else ""
            raise BadValue(f"expected {self.expected}; {stated!r} is none of these kinds{hint}")
        return [kind, when, worth, currency, *([basis] if basis else [])]


def money(text: str) -> Money:
    """Amount and currency of a canonical money text."""
    amount, _, code = text.rpartition(" ")
    return Money(Decimal(amount), code)


def negative_note(text: str) -> str:
    """What a canonical amount below zero is; empty for others. It says nothing of money that went the other way."""
    return " as stated, with a minus" if text.startswith("-") else ""


def are_negative(amounts: Collection[str]) -> bool:
    """Whether there are canonical amounts and all are below zero: no money went the way of such a payment."""
    return bool(amounts) and all(map(negative_note, amounts))


def valuation(text: str) -> Valuation:
    """The parts of a canonical valuation."""
    kind, when, worth, code, *basis = text.split(" ")
    low, _, high = worth.partition("..")
    return Valuation(kind, when, Decimal(low), Decimal(high or low), code, basis[0] if basis else "")


def _currency_code(text: str, expected: str) -> str:
    """The code that a code, sign or word means. Raises BadValue where it means none or several."""
    word = text.upper()
    if word in currency_codes():
        return word
    return _agreed_currency([text], expected)


def _agreed_currency(words: list[str], expected: str) -> str:
    """The one currency that all words may mean."""
    if not words:
        raise BadValue(f"expected {expected}")
    known = [_currencies(word, expected) for word in words]
    common = [code for code in known[0] if all(code in codes for codes in known)]
    if len(common) == 1:
        return common[0]
    means = f"{words[0]} may mean {', '.join(common[:4])}" if common else f"{' and '.join(words)} are two currencies"
    raise BadValue(f"expected {expected}; {means}")


@lru_cache(maxsize=4_096)
def _known_currencies(text: str) -> tuple[str, ...]:
    """The codes that a code, sign or word may mean; none where it has no meaning."""
    word = text.upper()
    bare = "".join(c for c in word if c not in ". ")
    for form in (word, bare):
        if form in currency_codes():
            return (form,)
        if form in CURRENCY_SIGNS:
            return (CURRENCY_SIGNS[form],)
        if form in SHARED_SIGNS:
            return SHARED_SIGNS[form]
    return _named_currencies().get(word.replace("U.S.", "US"), ())


def _currencies(text: str, expected: str) -> tuple[str, ...]:
    """The codes that a code, sign or word may mean. Raises BadValue where it has no meaning."""
    if known := _known_currencies(text):
        return known
    raise BadValue(f"expected {expected}; {text if len(text) > 3 else text.upper()} is not the code of a currency")


def is_currency(text: str) -> bool:
    """Whether a code, sign or word means one currency or more."""
    return bool(_known_currencies(to_ascii_width(text)))


def is_magnitude(word: str) -> bool:
    """Whether a word beside a number is one of magnitude, as `Mio` and `k€`, also one of which several mean it."""
    try:
        return _scale_of(word, "")[0] > 0
    except BadValue:
        return True


def names_currency(sign: str, amount: str) -> bool:
    """Whether a code, sign or word may mean the currency of an amount or valuation that is understood."""
    codes = _known_currencies(to_ascii_width(sign))
    return any(code in codes for word in amount.split() for code in _known_currencies(word))


def currency_named(text: str) -> str:
    """The one currency that a text names whose amount is not understood: `10..20 USD`; empty for none or several.

    A code in small letters is one beside a number only: `all` and `try` are words besides.
    """
    named: set[str] | None = None
    for found in _WORD.finditer(to_ascii_width(text)):
        word, before, after = found[0], found.string[: found.start()].rstrip(), found.string[found.end() :].lstrip()
        may_be_word = len(word) <= 3 and word.isascii() and word.islower()
        if may_be_word and not (before[-1:].isdecimal() or after[:1].isdecimal()):
            continue
        if known := _known_currencies(word):
            named = {*known} if named is None else named.intersection(known)
    return named.pop() if named and len(named) == 1 else ""


def _split_scale(parts: list[str], expected: str) -> tuple[int, list[str]]:
    """The power of ten, and the codes, signs or words of currencies, in what stands before and after a number."""
    scale, named = 0, list[str]()
    for part in parts:
        while part and not _known_currencies(part):
            word, _, rest = part.partition(" ")
            power, left = _scale_of(word, expected)
            if power and scale:
                raise BadValue(f"expected {expected}; {part} is a second word of magnitude")
            scale, named = scale or power, [*named, left] if left else named
            part = _LINKING_WORD.sub("", rest, count=1) if power and not left else rest  # noqa: PLW2901  # is used up
        named += [part] if part else []
    return scale, named


def _scale_of(word: str, expected: str) -> tuple[int, str]:
    """The power of ten that a word states, and what is left of it; 0 and the word where it states none."""
    upper = word.upper().rstrip(".")
    if upper in SCALES:
        return SCALES[upper], ""
    if upper in AMBIGUOUS_SCALES:
        raise BadValue(f"expected {expected}; {word} may mean {AMBIGUOUS_SCALES[upper]}")
    if _known_currencies(word):
        return 0, word
    if (scaled := _SCALED_CODES.fullmatch(word)) and _known_currencies(scaled[2]):
        return (6 if scaled[1] == "M" else 3), scaled[2]
    for size in (2, 1):
        if (sign := word[:size]) in SCALES and not sign.isascii():
            return SCALES[sign], word[size:]
        if sign in AMBIGUOUS_SCALES and not sign.isascii():
            raise BadValue(f"expected {expected}; {sign} may mean {AMBIGUOUS_SCALES[sign]}")
    return 0, word


def _added_up(found: re.Match[str]) -> str:
    """`1億2000万` as one number."""
    parts = ((found[1], 8), (found[3], 4), (found[5] or "0", 0))
    try:
        return plain_number(sum((Decimal(n.replace(",", "")).scaleb(power) for n, power in parts), Decimal(0)))
    except ArithmeticError:
        return found[0]


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """Every code, including those of former currencies, in which older amounts are stated."""
    return frozenset(_kinds())


@lru_cache(maxsize=1)
def _named_currencies() -> dict[str, tuple[str, ...]]:
    """English names of currencies in use, and what their last words may mean, in upper case, to codes."""
    found: dict[str, set[str]] = {}
    for code, name in _current_names().items():
        for word in {name.upper(), name.upper().rpartition(" ")[2]}:
            for form in (word, f"{word}S"):
                found.setdefault(form, set()).add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items() if len(name) > 3}


@lru_cache(maxsize=1)
def _tender() -> frozenset[str]:
    """The codes of money that is or was tender somewhere: amounts of it may have grouped thousands."""
    return frozenset(code for code, kind in _kinds().items() if kind in {"current", "former"})


def current_currencies() -> tuple[str, ...]:
    """The codes of the currencies that are in use."""
    return tuple(code for code, kind in _kinds().items() if kind == "current")


def _kinds() -> dict[str, str]:
    return {code: kind for code, _, kind in _rows()}


def _current_names() -> dict[str, str]:
    return {code: name for code, name, kind in _rows() if kind == "current"}


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str], ...]:
    with (data_dir("graph") / "reference" / "currencies.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["code"], row["name"], row["kind"]) for row in csv.DictReader(file))


def _amount(text: str, code: str, expected: str) -> Decimal:
    return parse_decimal(text, expected, comma_groups=code not in THREE_DECIMALS, point_decides=code not in _tender())


def _plain(amount: Decimal, code: str) -> str:
    """The canonical text of an amount, which is read again as the same amount."""
    text = plain_number(amount)
    return decimal_point(text) if code in _tender() else text


def _grouped(amount: Decimal) -> str:
    text = f"{Decimal(plain_number(amount)):,f}"
    return f"{text}0" if text[-2:-1] == "." else text


currency_type = CurrencyValue(
    "currency",
    "a code of ISO 4217, such as USD",
    "A currency, also a former one. Crypto-assets have no such code.",
    ("USD", "cny"),
)

money_type = MoneyValue(
    "money",
    "an amount and an ISO 4217 code, such as 1200.50 USD",
    "An amount and its currency: code or sign, before or after. 1.200 EUR is rejected: the point may be either sign.",
    ("1200.50 USD", "CNY 800,000,000", "€ 1.234,50", "5.69E7 USD", "(1,200.50) USD"),
)
valuation_type = ValuationValue(
    "valuation",
    f"kind ({', '.join(VALUATION_KINDS)}), date, amount or low..high, ISO 4217 code, and gross or net if known",
    "A stated value on a date.",
    ("market 2014-06 1200000..1500000 USD gross", "court 2019 350,000 CAD"),
)
