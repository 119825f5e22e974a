"""Chinese names across scripts, schemes, orders and mistakes. All names are invented."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import SAME_BITS, compare_names
from kg.names.chinese import chinese_readings, compare_chinese, reading
from kg.names.chinese.characters import Slot, characters
from kg.names.chinese.romanisations import SCHEMES, Scheme
from kg.names.chinese.spread import chinese_writings

PAIRS = Path(__file__).parent / "fixtures" / "name_pairs.csv"

SAME = [
    ("沈岚澜", "Shen Lanlan"),
    ("沈岚澜", "SHEN, Lanlan"),
    ("沈岚澜", "Lanlan Shen"),
    ("沈岚澜", "Shen Lan-lan"),
    ("沈嵐瀾", "沈岚澜"),
    ("张栩文", "Cheung Hui Man"),
    ("张栩文", "CHEUNG Hui-man Peter"),
    ("张栩文", "Peter Cheung Hui Man"),
    ("张栩文", "Chang Hsu-wen"),
    ("张栩文", "Zhang X.W."),
    ("张栩文", "Zhang Xvwen"),
    ("吕静宜", "Lü Jingyi"),
    ("吕静宜", "Lyu Jingyi"),
    ("吕静宜", "Lu Ching-yi"),
    ("欧阳栩", "Ouyang Xu"),
    ("欧阳栩", "Au Yeung Hui"),
    ("欧阳栩", "Auyeung Hui"),
    ("陈明发", "Tan Beng Huat"),
    ("陈明发", "Tan Mingfa"),
    ("陈美玲", "Tan May Ling"),
    ("陈美玲", "May Ling Tan"),
    ("黄家豪", "Ng Jia Hao"),
    ("黄志强", "Wong Chih-chiang"),
    ("黄志强", "Huang Chi Keung"),
    ("谢秀英", "Tse Hsiu-ying"),
    ("蔡英杰", "Tsai Ing-chieh"),
    ("蔡英杰", "Tsai Ing Chieh"),
    ("黄宜芬", "Lam Wong Yi-fan"),
    ("林黄宜芬", "Wong Yi Fan"),
    ("王栩", "王栩 (Wang Xu)"),
    ("曾可怡", "Zeng Keyi"),
    ("Xu Kunxi", "Hsu Kun-hsi"),
    ("Wong Hoi Yung", "Huang, Haiyong"),
    ("Luo Shanbei", "Luo Shnabei"),
]

OTHER = [
    ("张栩文", "张许文"),
    ("张栩文", "Zhang Wenxu"),
    ("张栩文", "Zhang Xumin"),
    ("张栩文", "Li Xuwen"),
    ("张栩文", "Zhang Xu"),
    ("Xu Enwan", "Xu Enwang"),
]

NOT_CHINESE = [
    *("Kim Song Chol", "Pak Yong-chun", "Nguyen Van Minh", "Mohammed bin Salim", "Hannibal Barka", "Olga Petrova"),
    *("Juan Carlos Lima", "Tanaka Hiroshi", "Siemens AG", "The World Bank", "Ngozi Adeyemi", "Suda Chan-o-cha"),
    *("김민수", "田中ひろし", "Иван Сидоров", "محمد علي", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_name_written_otherwise(one: str, other: str) -> None:
    match = compare_names(one, other)
    assert match.bits >= SAME_BITS, match


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_name_contradicts(one: str, other: str) -> None:
    match = compare_names(one, other)
    assert match.bits < 0, match


def test_another_syllable_is_another_person() -> None:
    assert not compare_names("Zhang Shan", "Zhang San").is_same


def test_a_surname_and_an_english_name_are_not_enough() -> None:
    match = compare_names("刘栩德", "Andy Lau")
    assert 0 < match.bits < SAME_BITS
    assert "birth date" in match.reasons[-1]


@pytest.mark.parametrize("name", NOT_CHINESE)
def test_names_of_other_languages_are_not_read_as_chinese(name: str) -> None:
    assert compare_chinese(name, name) is None


def test_rare_names_weigh_more() -> None:
    assert compare_names("张伟", "张伟").bits < compare_names("张栩", "张栩").bits < compare_names("逯栩", "逯栩").bits


def test_the_likeliest_reading_is_first() -> None:
    assert [str(chinese_readings(name)[0]) for name in ("Peter Cheung Wai", "CHEUNG, Wai Peter", "Wai Cheung")] == [
        "Cheung Wai as Cantonese"
    ] * 3
    assert chinese_readings("Lam Cheng Yuet-ngor")[0].order == "husband's surname first"
    assert chinese_readings("Luo Shnabei")[0].order.endswith("mistyped")


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda s: s.name)
@pytest.mark.parametrize("slot", ["surname", "given"])
def test_spellings_of_a_character_are_shares_of_one(scheme: Scheme, slot: Slot) -> None:
    for character, spellings in characters().spellings_of(scheme, slot).items():
        assert 0 < sum(share for _, share in spellings) < 1.001, character


def test_a_name_is_spread_over_all_schemes() -> None:
    spread = {w.scheme: w for w in chinese_writings("张伟")}
    assert spread["Han"].surname == ("张", "張")
    assert spread["Cantonese"].surname[0] == "cheung"
    assert spread["Cantonese"].given[0][0] == "wai"
    assert "teo" in spread["Hokkien or Teochew"].surname
    assert chinese_writings("Olga Petrova") == ()


_NAMES = st.sampled_from([name for pair in (*SAME, *OTHER) for name in pair] + NOT_CHINESE)


@given(_NAMES, _NAMES)
def test_the_order_of_two_names_makes_no_difference(one: str, other: str) -> None:
    assert compare_names(one, other).bits == pytest.approx(compare_names(other, one).bits)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_compared(one: str, other: str) -> None:
    assert compare_names(one, other).bits < 400


def test_labelled_pairs_are_told_apart() -> None:
    """1,999 invented pairs in 21 kinds, by writers whose tables are not those of this package."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = [(row["left"], row["right"], row["same"] == "1") for row in csv.DictReader(file)]
    told = [(compare_names(left, right).bits >= SAME_BITS, same) for left, right, same in pairs]
    right = sum(t and s for t, s in told)
    precision, recall = right / sum(t for t, _ in told), right / sum(s for _, s in told)
    assert precision > 0.98
    assert 2 * precision * recall / (precision + recall) > 0.96


@pytest.mark.parametrize("name", ["Sam Ching Seung", "Foong Chu", "Sam Kai Yau", "Zhang Wei", "欧阳娜娜"])
def test_a_name_is_the_same_as_itself(name: str) -> None:
    assert compare_names(name, name).is_same
    assert compare_names(name, name.upper().replace(" ", "  ")).is_same


def test_a_word_longer_than_any_name_is_no_typing_mistake() -> None:
    before = reading._corrections.cache_info().currsize
    assert not chinese_readings(f"Zhang{'q' * 50} Wei")
    assert reading._corrections.cache_info().currsize == before


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("吴天佑", "NG Tin Yau"),
        ("吴天佑", "Tin Yau NG"),
        ("吴天佑", "Peter NG Tin Yau"),
        ("吴美玲", "NG Mei Ling"),
        ("施文豪", "SY Wen Hao"),
        ("吕丽华", "LÜ Lihua"),
        ("吕丽华", "LV Lihua"),
    ],
)
def test_two_capitals_that_are_a_surname_are_read_as_one(written: str, spelled: str) -> None:
    assert compare_names(written, spelled).bits > SAME_BITS
