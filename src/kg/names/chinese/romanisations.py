"""How is a syllable of a Chinese language written in Latin letters, in each scheme and place?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Spellings = dict[str, float]
"""Spellings of a syllable in small letters without marks, and the share of each: estimates, which sum to 1."""

_Alternatives = Mapping[str, str]
"""What a part of a syllable is spelled, the usual one first, parted by spaces; `-` is nothing."""

_SHARES = {1: (1.0,), 2: (0.75, 0.25), 3: (0.65, 0.22, 0.13), 4: (0.58, 0.2, 0.13, 0.09)}


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to write names."""

    name: str
    """As in the column `scheme` of surnames.csv."""

    caption: str
    """How people call it."""

    language: str
    """The column of characters.csv with the syllables."""

    spell: Callable[[str], Spellings]
    """The spellings of one of these syllables."""


def _share(alternatives: str) -> list[tuple[str, float]]:
    found = ["" if spelling == "-" else spelling for spelling in alternatives.split()]
    shares = _SHARES.get(len(found)) or (0.5, 0.18, 0.12, *[0.2 / (len(found) - 3)] * (len(found) - 3))
    return list(zip(found, shares, strict=True))


def _mix(*parts: tuple[float, Spellings]) -> Spellings:
    mixed: Spellings = defaultdict(float)
    for weight, spellings in parts:
        for spelling, share in spellings.items():
            mixed[spelling] += weight * share
    total = sum(mixed.values())
    return {spelling: share / total for spelling, share in mixed.items()}


def _joined(onsets: Iterable[tuple[str, float]], finals: Iterable[tuple[str, float]]) -> Spellings:
    joined: Spellings = defaultdict(float)
    for final, final_share in finals:
        for onset, onset_share in onsets:
            joined[onset + final] += onset_share * final_share
    return joined


def _parts(syllable: str, onsets: re.Pattern[str]) -> tuple[str, str]:
    found = onsets.match(syllable)
    onset = found[0] if found else ""
    return onset, syllable[len(onset) :]


# --- Mandarin

_PINYIN_ONSET = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")


def _pinyin(syllable: str) -> Spellings:
    if "ü" in syllable:
        forms = (("v", 0.3), ("u", 0.4), ("yu", 0.2), ("ue", 0.1))
        if syllable.endswith("e"):
            return {syllable[0] + form + "e": share for form, share in (("u", 0.6), ("v", 0.3), ("yu", 0.1))}
        return {syllable[0] + form: share for form, share in forms}
    return {syllable: 1.0}


_WADE_ONSETS = {
    **{"b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "j": "ch", "q": "ch", "x": "hs sh s", "zh": "ch"},
    **{"ch": "ch", "r": "j r", "z": "ts tz", "c": "ts", "y": "y", "w": "w"},
}
_WADE_FINALS = {
    **{"ian": "ien", "ie": "ieh", "ong": "ung ong", "iong": "iung", "ue": "ueh", "üe": "ueh", "ü": "u", "ui": "ui uei"},
    "uo": "o uo",
}
_WADE_WHOLE = {
    **{"zhi": "chih chi", "chi": "chih chi", "shi": "shih shi", "ri": "jih", "zi": "tzu tze tz", "ci": "tzu tsu"},
    **{"si": "ssu szu su", "yi": "i yi", "ye": "yeh ye", "yan": "yen yan", "you": "yu you", "yong": "yung yong"},
    **{"yu": "yu", "yuan": "yuan", "yue": "yueh yue", "er": "erh", "ge": "ko ke", "ke": "ko ke", "he": "ho he"},
    **{"e": "o e", "gui": "kuei", "kui": "kuei", "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo"},
    **{"xuan": "hsuan shuan hsuen", "xue": "hsueh shueh", "xu": "hsu shu", "xun": "hsun shun", "jun": "chun"},
    **{"ju": "chu", "qu": "chu", "jue": "chueh", "que": "chueh", "juan": "chuan", "quan": "chuan", "qun": "chun"},
    **{"lü": "lu lyu", "nü": "nu", "lüe": "lueh", "wei": "wei", "wen": "wen", "hui": "hui huei"},
}
_TAIWAN_ONSETS = {"j": "j ch", "q": "ch", "x": "sh hs", "zh": "j ch jh", "b": "p b", "d": "t d", "g": "k g", "r": "r j"}
_TAIWAN_FINALS = {"iu": "iou", "ui": "uei", "un": "uen", "iong": "iung", "eng": "eng", "uo": "uo", "ong": "ong"}
_TONGYONG_ONSETS = {"zh": "jh", "q": "c", "x": "s"}
_TONGYONG_WHOLE = {
    **{"zhi": "jhih", "chi": "chih", "shi": "shih", "ri": "rih", "zi": "zih", "ci": "cih", "si": "sih"},
    **{"xu": "syu", "ju": "jyu", "qu": "cyu", "xuan": "syuan", "quan": "cyuan", "juan": "jyuan", "xue": "syue"},
    **{"jun": "jyun", "xun": "syun", "wen": "wun", "feng": "fong", "weng": "wong", "lü": "lyu", "liu": "liou"},
}


def _wade_giles(syllable: str) -> Spellings:
    if syllable in _WADE_WHOLE:
        return dict(_share(_WADE_WHOLE[syllable]))
    onset, final = _parts(syllable, _PINYIN_ONSET)
    if onset in {"j", "q", "x", "y"} and final.startswith("u"):
        finals = _share({"u": "u", "ue": "ueh", "uan": "uan", "un": "un"}[final])
    else:
        finals = _share("uo" if final == "uo" and onset in {"g", "k", "h", "sh"} else _WADE_FINALS.get(final, final))
    return _joined(_share(_WADE_ONSETS.get(onset, onset or "-")), finals)


def _taiwan_otherwise(syllable: str) -> Spellings:
    """What passports of Taiwan have beside Wade-Giles: forms of the systems of 1984 and 2002, and habits."""
    onset, final = _parts(syllable, _PINYIN_ONSET)
    tongyong = _TONGYONG_WHOLE.get(syllable) or _TONGYONG_ONSETS.get(onset, onset) + _TAIWAN_FINALS.get(final, final)
    habit = _joined(
        _share(_TAIWAN_ONSETS.get(onset, onset or "-")), [(final, 0.6), (_TAIWAN_FINALS.get(final, final), 0.4)]
    )
    return _mix((0.5, {tongyong: 1.0}), (0.5, habit))


def _taiwan(syllable: str) -> Spellings:
    ways = [(0.85, _wade_giles(syllable)), (0.08, _taiwan_otherwise(syllable)), (0.07, _pinyin(syllable))]
    if syllable in {"yin", "ying"}:
        ways.append((0.05, {syllable[1:]: 1.0}))
    return _mix(*ways)


# --- Cantonese

_JYUTPING_ONSET = re.compile("gw|kw|ng|[bpmfdtnlgkhwzcsj]")
_HONG_KONG_ONSETS = {
    **{"b": "p b", "p": "p", "d": "t d", "g": "k g", "gw": "kw gw k", "z": "ch ts j tz", "c": "ch ts", "j": "y i j"},
    **{"ng": "ng -", "s": "s sh", "kw": "kw k", "": "- ng"},
}
_HONG_KONG_FINALS = {
    **{"aa": "a ah aa ar", "aai": "ai aai aye", "aau": "au aau ow", "aam": "am aam arm", "aan": "an aan"},
    **{"aang": "ang aang", "aap": "ap aap", "aat": "at aat", "aak": "ak aak", "ai": "ai", "au": "au ow"},
    **{"am": "am um", "an": "an un", "ang": "ang", "ap": "ap up", "at": "at ut", "ak": "ak uk", "e": "e eh"},
    **{"ei": "ei ee ay ey i y", "eng": "eng ing", "ek": "ek ik", "i": "i ee e", "iu": "iu", "im": "im", "in": "in"},
    **{"ing": "ing eng", "ip": "ip", "it": "it", "ik": "ik ick", "o": "o or oh", "oi": "oi oy", "ou": "o ou ow u"},
    **{"on": "on", "ong": "ong", "ot": "ot", "ok": "ok", "u": "u oo", "ui": "ui ooi", "un": "un oon", "ung": "ung"},
    **{"ut": "ut oot", "uk": "uk", "oe": "eu oe", "oeng": "eung eong oeng", "oek": "euk eok oek"},
    **{"eoi": "ui eui oi eoi", "eon": "un eun eon on", "eot": "ut eut eot", "yu": "u yu ue", "yun": "uen yun un"},
    **{"yut": "uet yut ut", "et": "et", "ep": "ep", "em": "em", "up": "up", "m": "m", "ng": "ng"},
}
_HONG_KONG_WHOLE = {
    **{"zi": "chi tsz tze ji", "ci": "chi tsz tse", "si": "si sze see sz szi", "jyu": "yu yue", "jyun": "yuen yun"},
    **{
        "jyut": "yuet yut",
        "ji": "yi yee i",
        "jau": "yau",
        "jan": "yan",
        "jin": "yin yeen",
        "jing": "ying",
        "jik": "yik",
    },
    **{"jip": "yip ip", "jit": "yit", "jiu": "yiu", "jim": "yim", "wu": "wu woo", "wui": "wui", "wun": "wun woon"},
    **{
        "fu": "fu foo",
        "ng": "ng",
        "m": "ng m",
        "sing": "sing shing",
        "soeng": "sheung seung soeng",
        "seon": "shun sun",
    },
    **{"seoi": "shui sui", "syu": "shu shue", "sau": "sau shau", "syun": "suen shuen", "syut": "suet shuet"},
    **{"siu": "siu shiu", "san": "san shan sun", "sai": "sai", "sek": "shek sek", "sik": "sik shik", "suk": "shuk suk"},
    **{"baak": "pak bak", "goeng": "keung geung", "hoeng": "heung", "joeng": "yeung yeong young", "loeng": "leung"},
}


def _hong_kong_official(syllable: str) -> Spellings:
    onset, final = _parts(syllable, _JYUTPING_ONSET)
    if not final:
        onset, final = "", syllable
    regular = _joined(_share(_HONG_KONG_ONSETS.get(onset, onset)), _share(_HONG_KONG_FINALS.get(final, final)))
    whole = _HONG_KONG_WHOLE.get(syllable)
    return _mix((0.7, dict(_share(whole))), (0.3, regular)) if whole else regular


_YALE_FINALS = {"oeng": "eung", "oek": "euk", "eoi": "eui", "eon": "eun", "eot": "eut", "oe": "eu", "aa": "a"}


def _yale(syllable: str) -> Spellings:
    onset, final = _parts(syllable, _JYUTPING_ONSET)
    if not final:
        return {syllable: 1.0}
    start = {"z": "j", "c": "ch", "j": "y"}.get(onset, onset)
    if start == "y" and final.startswith("yu"):
        start = ""
    return {start + _YALE_FINALS.get(final, final): 1.0}


_MALAYSIAN_FINALS = {"iu": "iew", "uk": "oke", "ung": "oong", "eoi": "ooi", "ui": "ooi", "au": "ow", "eon": "oon"}


def _malaysian(syllable: str) -> Spellings:
    """As in Malaysia: Liew, Yoke, Foong, Chooi."""
    onset, final = _parts(syllable, _JYUTPING_ONSET)
    if final not in _MALAYSIAN_FINALS:
        return _hong_kong_official(syllable)
    return _joined(_share(_HONG_KONG_ONSETS.get(onset, onset)), [(_MALAYSIAN_FINALS[final], 1.0)])


def _hong_kong(syllable: str) -> Spellings:
    return _mix(
        *((0.82, _hong_kong_official(syllable)), (0.08, _yale(syllable)), (0.06, {syllable: 1.0})),
        (0.04, _malaysian(syllable)),
    )


# --- Southern Min, as in Singapore, Malaysia and their neighbours

_TAILO_ONSET = re.compile("tsh|ts|ph|th|kh|ng|[pmbtnlkhgsj]")
_HOKKIEN_ONSETS = {
    **{"ts": "ch ts j c", "tsh": "ch chh tsh", "p": "p b", "ph": "ph p", "t": "t d", "th": "th t", "k": "k g c"},
    **{"kh": "kh k", "j": "j l y", "b": "b", "g": "g ng", "s": "s sh", "": "-"},
}
_HOKKIEN_FINALS = (
    ("iong", "iong eong"),
    *(("iaunn", "iau"), ("uang", "oang uang"), ("iunn", "iu ieu"), ("uann", "oa uan ua"), ("ionn", "io")),
    *(
        ("ing", "eng ing"),
        ("ik", "ek ik eck"),
        ("iam", "iam eam"),
        ("ian", "ian ien ean"),
        ("iau", "iau iao eow iaw iow"),
    ),
    *(
        ("iann", "ia iann ian"),
        ("uinn", "ui uinn"),
        ("iat", "iat iet eat"),
        ("iah", "iah ia"),
        ("iok", "iok eok"),
        ("ioh", "ioh io"),
        ("io", "io eo"),
        ("iu", "iu ew eu iew"),
    ),
    *(("ia", "ia eah"), ("im", "im"), ("in", "in"), ("inn", "i in inn"), ("i", "i ee y"), ("uan", "oan uan wan")),
    *(("uat", "oat uat"), ("uai", "oai uai wai"), ("uah", "oah oa ua"), ("ua", "oa ua wa"), ("ueh", "oeh oe ueh ue")),
    *(("ue", "oe ue"), ("un", "un oon"), ("ut", "ut"), ("ui", "ui wee wui ooi"), ("u", "u oo"), ("oo", "o oo ou aw")),
    *(("ong", "ong"), ("ok", "ok ock"), ("onn", "o onn"), ("oh", "oh o"), ("o", "o oh or"), ("enn", "e enn ay")),
    *(("eh", "eh e"), ("e", "e eh ay"), ("ang", "ang"), ("ann", "a ann"), ("ah", "ah a"), ("au", "au ow")),
    *(("aunn", "au"), ("ainn", "ai"), ("ai", "ai ye"), ("ng", "ng eng"), ("m", "m")),
)
_HOKKIEN_BY_FINAL = dict(_HOKKIEN_FINALS)


def _hokkien(syllable: str) -> Spellings:
    onset, final = _parts(syllable, _TAILO_ONSET)
    if not final:
        onset, final = "", syllable
    regular = _joined(
        _share(_HOKKIEN_ONSETS.get(onset, onset or "-")), _share(_HOKKIEN_BY_FINAL.get(final, final or "-"))
    )
    if onset:
        return regular
    started = {_starting(spelling): share for spelling, share in regular.items()}
    return _mix((0.6, regular), (0.4, started))


def _starting(spelling: str) -> str:
    """A syllable without a consonant before it, as English has its start."""
    if spelling[0] == "i":
        return "y" + (spelling[1:] if spelling[1:2] in {"a", "e", "o", "u"} else spelling)
    return "w" + spelling[1:] if spelling[0] in {"u", "o"} and spelling[1:2] in {"a", "e", "i"} else spelling


SCHEMES = (
    Scheme("pinyin", "pinyin", "pinyin", _pinyin),
    Scheme("taiwan", "Wade-Giles or Taiwan", "pinyin", _taiwan),
    Scheme("hongkong", "Cantonese", "jyutping", _hong_kong),
    Scheme("southeast_asia", "Hokkien or Teochew", "tailo", _hokkien),
)
