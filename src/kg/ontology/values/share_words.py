"""Words in which registers and people state shares, as signs and digits."""

from __future__ import annotations

import re

_LETTER = r"[^\W\d_]"
"""The expressions are compiled when a share in words is first read: most commands read none."""

_PERCENT = (
    r"per ?cent(?:age)?\.?|p\.? ?c\.|pct\.?|prozent|v\. ?h\.|vom hundert|pour ?cent|por ?ciento|por cento"
    r"|per cento|pro[cs]ent\w*|proc\.|процент\w*|відсотк\w*"
)
_AT_LEAST = (
    r"(?:more|greater|higher) than or equal to|equal to or (?:more|greater|higher) than|(?:not|no) (?:less|lower) than"
    r"|not (?:below|under)|at least|(?:a )?minimum(?: of)?|min\.?|mindestens|wenigstens|nicht weniger als|au moins"
    r"|(?:égale? ou )?supérieure?(?: ou égale?) à|al menos|como mínimo|(?:igual o )superior al?|almeno"
    r"|non meno d(?:i|el)"
    r"|pelo menos|ten ?minste|minimaal|minstens|mindst|minst|co najmniej|nie mniej niż|nejméně|alespoň|najmenej"
    r"|legalább|не менее(?: чем)?|не меньше|не менше(?: ніж)?|не ниже"
)
_AT_MOST = (
    r"(?:less|lower) than or equal to|equal to or (?:less|lower) than|(?:not|no) (?:more|greater|higher) than"
    r"|not (?:exceeding|above|over)|at most|up to(?: and including)?|(?:a )?maximum(?: of)?|max\.?|höchstens|maximal"
    r"|nicht mehr als|au (?:plus|maximum)|(?:égale? ou )?inférieure?(?: ou égale?) à|como máximo"
    r"|(?:igual o )inferior al?"
    r"|non più d(?:i|el)|no máximo|ten ?hoogste|hoogstens|maximaal|højst|høyst|högst|co najwyżej|nie więcej niż|nejvýše"
    r"|legfeljebb|не более(?: чем)?|не больше|не більше(?: ніж)?|не выше"
)
_OR_MORE = (
    r"(?:or|and) (?:more|greater|higher|above|over)|(?:oder|und) (?:mehr|darüber)|(?:et|ou) plus|[oy] más|o più|ou mais"
    r"|of meer|eller mere?|i więcej|a více|и (?:более|выше)|і більше|plus(?! d[e'’])"
)
_OR_LESS = (
    r"(?:or|and) (?:less|lower|below|under)|(?:oder|und) (?:weniger|darunter)|(?:et|ou) moins|[oy] menos|o meno"
    r"|of minder|eller mindre|и (?:менее|ниже)"
)
_MORE = (
    r"(?:more|greater|higher|larger) than|in excess of|exceeding|above|over|(?:mehr|größer|höher) als|über"
    r"|plus d(?:e|')|supérieure? à|más d(?:el?)|superior al?|mayor (?:de|a|que)|più d(?:i|el)|superiore al?|oltre"
    r"|mais d[eo]"
    r"|(?:meer|groter) dan|mere? end|mer enn|mer än|över|powyżej|ponad|więcej niż|více než|viac ako|več kot"
    r"|više od|peste|mai mult de|több mint|более(?: чем)?|больше(?: чем)?|свыше|понад|більше(?: ніж)?"
)
_LESS = (
    r"(?:less|lower|smaller) than|below|under|(?:weniger|kleiner|geringer) als|unter|moins d(?:e|')|inférieure? à"
    r"|menos d(?:el?)|inferior al?|menor (?:de|a|que)|meno d(?:i|el)|inferiore al?|menos d[eo]|(?:minder|kleiner) dan"
    r"|mindre (?:end|enn|än)|poniżej|mniej niż|méně než|menej ako|manj kot|manje od|sub|mai puțin de|kevesebb mint"
    r"|менее(?: чем)?|меньше(?: чем)?|менше(?: ніж)?"
)
_UNTIL = (
    r"bis(?: zu)?(?: einschließlich)?|jusqu['’]à|à|hasta|fino al?|até|tot(?: en met)?|t/m|op til|opp til|upp till"
    r"|til(?:l)?(?: (?:og|och) med)?|do|до(?: включительно)?|a(?=l? ?[0-9])"
)
_BETWEEN = (
    r"between|from|zwischen|von|entre|de|tra|fra|mellem|mellom|mellan|tussen|van|od|między|mezi|medzi|от|від|между|між"
)
_AND = r"und|et|y|e|en|og|och|oraz|i|a|и|та"
_NOTHING = r"exactly|equal to|inclusive|included|inclus(?:o|a)?|einschließlich|включительно|genau"

_SIGNS = tuple(
    (rf"(?<!{_LETTER})(?:{words})(?!{_LETTER})", sign)
    for words, sign in (
        (_PERCENT, "%"),
        (_AT_MOST, "<="),
        (_AT_LEAST, ">="),
        (_OR_MORE, "+"),
        (_OR_LESS, "|"),
        (_MORE, ">"),
        (_LESS, "<"),
        (_NOTHING, ""),
        (_BETWEEN, "between"),
        (_UNTIL, "→"),
        (rf"(?<=\s)(?:{_AND})(?=\s)", "and"),
    )
)

_HAN_SIGNS = (
    (r"(?:不低于|不少于|不低於|不少於|至少)", ">="),
    (r"(?:不超过|不高于|不多于|不超過|不高於|至多)", "<="),
    (r"(?:超过|多于|大于|高于|超過|多於|大於|逾)", ">"),
    (r"(?:少于|低于|小于|不足|未满|少於|低於|小於)", "<"),
    (r"(?:及|或)?以上", "+"),
    (r"(?:及|或)?以下", "|"),
    (r"[至到]", " .. "),
    (r"(?:过|過)半(?:数|數)?|半(?:数|數)\+", ">1/2"),
    (r"一半|半(?:数|數)", "1/2"),
    (r"全(?:资|資|部|额)", "100%"),
    (r"的?(?:股权|股份|股權|表决权)", ""),
)
_HAN_PART = r"([〇零一二两三四五六七八九十百]+|[0-9]+)分之([〇零一二两三四五六七八九十百]+|[0-9]+(?:\.[0-9]+)?)"
_HAN_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN = r"[\u4e00-\u9fff]"

_WHOLE = (
    r"(?:wholly|whole|entire(?:ly|ty)?|full(?:y)?|sole(?:ly)?|all|complete(?:ly)?|in full|alone|alle|ganz|vollständig"
    r"|allein|totalité|totalement|intégralité|seul|totalidad|totalmente|único|totalità|interamente|unico|totalidade"
    r"|geheel|volledig|całość|полностью|целиком|повністю)"
)
_SOME = {
    "majority": ">1/2",
    **dict.fromkeys(("mehrheit", "majorité", "mayoría", "maggioranza", "maioria", "meerderheid", "flertal"), ">1/2"),
    **dict.fromkeys(("większość", "většina", "большинство", "більшість", "majoritaire", "mayoritaria"), ">1/2"),
    "minority": "<1/2",
    **dict.fromkeys(("unknown", "undisclosed", "not disclosed", "not known", "not stated", "unspecified"), "0..100"),
    **dict.fromkeys(("unbekannt", "inconnu", "inconnue", "desconocido", "sconosciuto", "неизвестно", "未知"), "0..100"),
    "nil": "0",
}

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS = {
    **{word: n for n, word in enumerate(_SMALL)},
    **{word: n * 10 for n, word in enumerate(_TENS, start=2)},
    "hundred": 100,
}
_NUMBER_WORD = rf"(?:one )?hundred\b|\b({'|'.join(_TENS)})(?: ({'|'.join(_SMALL[1:10])}))?\b|[a-z]+"

_WHOLES = {
    **dict.fromkeys(("half", "halves", "hälfte", "halb", "moitié", "mitad", "metà", "metade", "helft"), 2),
    **dict.fromkeys(("halvdelen", "hälften", "halvparten", "połowa", "polovina", "половина", "половину"), 2),
    **dict.fromkeys(("third", "thirds", "drittel", "tiers", "tercio", "tercios", "terzo", "terzi"), 3),
    **dict.fromkeys(("terço", "terços", "derde", "tredjedel", "треть", "трети", "третина"), 3),
    **dict.fromkeys(("quarter", "quarters", "fourth", "fourths", "viertel", "quart", "quarts", "cuarto"), 4),
    **dict.fromkeys(("cuartos", "quarto", "quarti", "quartos", "kwart", "fjerdedel", "четверть", "чверть"), 4),
    **dict.fromkeys(("fifth", "fifths", "fünftel", "cinquième", "quinto", "quinti", "пятая"), 5),
    **dict.fromkeys(("sixth", "sixths", "sechstel"), 6),
    **dict.fromkeys(("seventh", "sevenths"), 7),
    **dict.fromkeys(("eighth", "eighths", "achtel"), 8),
    **dict.fromkeys(("ninth", "ninths"), 9),
    **dict.fromkeys(("tenth", "tenths", "zehntel"), 10),
    **dict.fromkeys(("twelfth", "twelfths"), 12),
    **dict.fromkeys(("sixteenth", "sixteenths"), 16),
    **dict.fromkeys(("twentieth", "twentieths"), 20),
    **dict.fromkeys(("hundredth", "hundredths"), 100),
}
FRACTION_WORDS = (*_WHOLES, "分之", "半")
"""Some word of each fraction in words, such as `one third`, is one of these, in lower case."""

_PARTS = {
    **{word: n for n, word in enumerate(_SMALL) if n},
    **dict.fromkeys(("a", "the", "ein", "eine", "die", "der", "un", "une", "una", "la", "uno", "um", "een", "en"), 1),
    **dict.fromkeys(("одна", "одну"), 1),
    **dict.fromkeys(("zwei", "deux", "dos", "due", "dois", "twee", "две", "дві"), 2),
    **dict.fromkeys(("drei", "trois", "tres", "tre", "três", "drie", "три"), 3),
}
_FRACTION_WORDS = (
    rf"(?<!{_LETTER})(?:(?:({'|'.join(_PARTS)})|([0-9]{{1,2}})) )?({'|'.join(sorted(_WHOLES, key=len, reverse=True))})"
    rf"(?!{_LETTER})"
)
_LETTER_HYPHEN = rf"(?<={_LETTER})-|-(?={_LETTER})"
_ABOUT = (
    rf"(?<!{_LETTER})(?:of )?(?:the |its |a |an )?(?:(?:issued|ordinary|voting|share|company's|nominal|total) )*"
    r"(?:capital|shares?(?: capital)?|rights|votes|equity|stakes?|interests?|ownership|owned|owners?|owns|ownings?"
    rf"|holds|held|holdings?|holders?|shareholdings?|shareholders?|subsidiary|company|control(?:led)?)(?!{_LETTER})"
)
_ARTICLE = r"^(?:an? |the |la |die )|(?<= )(?:el|il|la|le|den|die|das)(?= ?[0-9])"


def in_signs(text: str) -> str:
    """A share in lower-case words, with signs and digits in place of the words that have a meaning.

    Empty where it counts shares: `100 shares` is no percentage.
    """
    if re.search(_HAN, text):
        text = _han_in_signs(text)
    text = re.sub(_LETTER_HYPHEN, " ", text)
    bare = " ".join(re.sub(_ABOUT, " ", text).split())
    counts_shares = bare != text
    text = re.sub(_ARTICLE, "", bare)
    if re.fullmatch(_WHOLE, text):
        return "100%"
    if text in _SOME:
        return _SOME[text]
    text = re.sub(_FRACTION_WORDS, _part, text)
    for words, sign in _SIGNS:
        text = re.sub(words, f" {sign} ", text)
    text = " ".join(text.split())
    if "%" in text:
        return re.sub(_NUMBER_WORD, _digits, text)
    return "" if counts_shares and "/" not in text else text


def _part(found: re.Match[str]) -> str:
    word, digits, whole = found.groups()
    return f" {digits or _PARTS.get(word, 1)}/{_WHOLES[whole]} "


def _digits(found: re.Match[str]) -> str:
    if found[0].endswith("hundred"):
        return "100"
    if found[1]:
        return str(_NUMBER_WORDS[found[1]] + _NUMBER_WORDS.get(found[2] or "zero", 0))
    return str(_NUMBER_WORDS.get(found[0], found[0]))


def _han_in_signs(text: str) -> str:
    text = re.sub(_HAN_PART, _han_part, text)
    for words, sign in _HAN_SIGNS:
        text = re.sub(words, sign, text)
    return text


def _han_part(found: re.Match[str]) -> str:
    """`三分之一` as 1/3, `百分之五十` as 50 %."""
    whole, part = (word if word[0].isdecimal() else str(_han_number(word)) for word in found.groups())
    return f"{part}%" if whole == "100" else f"{part}/{whole}"


def _han_number(word: str) -> int:
    total, digit = 0, 0
    for sign in word:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _HAN_DIGITS[sign]
    return total + digit
