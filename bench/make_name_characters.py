"""How are the characters of Chinese names read? Writes graph/reference/names/characters.csv.

Run: python -m pip install --no-deps pypinyin ToJyutping taibun opencc sinonym msgpack
     python bench/make_name_characters.py
The output depends on the versions of the packages; graph/reference/ORIGINS.md names those used.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import msgpack
import opencc
import pypinyin
import taibun
import ToJyutping

OUTPUT = Path(__file__).resolve().parents[1] / "graph" / "reference" / "names" / "characters.csv"

SURNAME_PINYIN = {
    **{"曾": "zeng", "单": "shan", "任": "ren", "解": "xie", "查": "zha", "仇": "qiu", "朴": "piao", "区": "ou"},
    **{"盖": "ge", "冼": "xian", "乐": "yue", "缪": "miao", "种": "chong", "翟": "zhai", "覃": "qin", "洗": "xian"},
    **{"召": "shao", "秘": "bi", "折": "she", "员": "yun", "隗": "wei", "逄": "pang", "车": "che", "华": "hua"},
    **{"宁": "ning", "尹": "yin", "卜": "bu", "柏": "bai", "葛": "ge", "尉": "wei", "万": "wan", "石": "shi"},
    **{"沈": "shen", "阙": "que", "哈": "ha", "谌": "chen", "逯": "lu", "俞": "yu", "费": "fei", "俟": "qi"},
}
"""How surnames are read that are read otherwise elsewhere, the usual reading first."""

COMPOUND = [
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "皇甫",
    "尉迟",
    "端木",
    "公孙",
    "慕容",
    "令狐",
    "东方",
    "夏侯",
    "南宫",
    "独孤",
    "长孙",
    "宇文",
    "闻人",
    "轩辕",
    "申屠",
    "呼延",
    "第五",
    "乐正",
    "仲长",
    "公玉",
    "南荣",
    "宗政",
    "段干",
    "濮阳",
    "赫连",
    "鲜于",
    "淳于",
    "太史",
]
"""Surnames of two characters; the list of frequencies has Japanese ones and given names among its own."""


def main() -> None:
    """Write the table."""
    surnames = dict(_rows("familyname_orcid.csv"))
    given: dict[str, float] = defaultdict(float)
    for character, _, ppm in csv.reader(_lines("givenname_orcid.csv")[1:]):
        given[character] += float(ppm)
    surnames = {n: ppm for n, ppm in surnames.items() if len(n) == 1} | {n: surnames.get(n, "0.1") for n in COMPOUND}
    single = {c for name in surnames for c in name} | given.keys() | set(_common_characters())
    traditional = _traditional_forms(single)
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["character", "traditional", "surname_ppm", "given_ppm", "pinyin", "jyutping", "tailo"])
        for c in sorted(single, key=lambda c: (-float(surnames.get(c, 0)) - given.get(c, 0.0), c)):
            row = [c, "".join(traditional[c]), _number(float(surnames.get(c, 0))), _number(given.get(c, 0.0))]
            forms = (*traditional[c], c)
            readings = [_pinyin(c), _jyutping(forms), _tailo(forms)]
            writer.writerow([*row, *(" ".join(r) for r in readings)])
    with OUTPUT.with_name("compound_surnames.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["surname", "surname_ppm"])
        writer.writerows(sorted((n, _number(max(float(surnames[n]), 0.1))) for n in COMPOUND))


def _common_characters() -> Iterator[str]:
    """The 3,755 characters of the first level of GB 2312, which were chosen for being frequent."""
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            with suppress(UnicodeDecodeError):
                yield bytes((row, cell)).decode("gb2312")


def _lines(name: str) -> list[str]:
    return files("sinonym").joinpath("data", name).read_text(encoding="utf-8").splitlines()


def _rows(name: str) -> Iterable[tuple[str, str]]:
    return ((row[0], row[1]) for row in csv.reader(_lines(name)[1:]))


def _number(ppm: float) -> str:
    return f"{ppm:.1f}".rstrip("0").rstrip(".")


def _traditional_forms(characters: set[str]) -> dict[str, list[str]]:
    """All characters of the basic planes that are simplified to each, the usual one first."""
    simplify, complicate = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    forms: dict[str, list[str]] = {c: [] for c in characters}
    for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)):
        simple = simplify.convert(chr(code))
        if simple != chr(code) and simple in forms:
            forms[simple].append(chr(code))
    for c, found in forms.items():
        usual = complicate.convert(c)
        if usual in found:
            found.remove(usual)
            found.insert(0, usual)
    forms["锺"] = []
    if "钟" in forms:
        forms["钟"] = list(dict.fromkeys([*forms["钟"], "鐘", "鍾", "锺"]))
    return defaultdict(list, forms)


def _pinyin(c: str) -> list[str]:
    usual = pypinyin.lazy_pinyin(c)
    more = pypinyin.pinyin(c, heteronym=True, style=pypinyin.Style.NORMAL)[0]
    first = [SURNAME_PINYIN[c]] if c in SURNAME_PINYIN else []
    found = [reading.replace("v", "ü") for reading in (*first, *usual, *more)]
    return [r for r in dict.fromkeys(found) if re.fullmatch("[a-zü]+", r)][:3]


def _jyutping(forms: Iterable[str]) -> list[str]:
    found: list[str] = []
    for c in forms:
        for _, readings in ToJyutping.get_jyutping_candidates(c):
            found += [re.sub(r"\d", "", r) for r in readings]
    return [r for r in dict.fromkeys(found) if r][:4]


_POINTS = msgpack.unpackb(files("taibun").joinpath("data", "prons.msgpack").read_bytes(), strict_map_key=False)
_STRIP = taibun.Converter(system="Tailo", format="strip")


def _tailo(forms: Iterable[str]) -> list[str]:
    found: list[str] = []
    for c in forms:
        known = [r for text in _POINTS.get(c, ()) for r in text.split("/")]
        found += [_without_tone(r) for r in known]
        converted = _STRIP.get(c).lower()
        if converted != c:
            found.append(_without_tone(converted))
    return [r for r in dict.fromkeys(found) if re.fullmatch("[a-z]+", r)][:5]


def _without_tone(reading: str) -> str:
    marks = "".join(ch for ch in unicodedata.normalize("NFD", reading) if not unicodedata.combining(ch))
    return marks.strip("-").replace("ⁿ", "nn")


if __name__ == "__main__":
    main()
