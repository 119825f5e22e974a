"""Are two names of companies told to be one or two? All names are invented."""

from __future__ import annotations

import pytest

from kg.names import SAME_BITS, companies, generic

SAME = [
    ("a legal form", "Marlow Harbour Ltd", "Marlow Harbour Limited"),
    ("a legal form", "Marlow Harbour Ltd.", "Marlow Harbour"),
    ("a legal form", "Brenner Werke GmbH", "Brenner Werke Gesellschaft mit beschränkter Haftung"),
    ("a legal form with points", "Brenner Werke G.m.b.H.", "Brenner Werke GmbH"),
    ("a legal form with points", "Duval S. A. R. L.", "Duval SARL"),
    ("a legal form in front", "OOO Ровента", "Roventa LLC"),
    ("a legal form in front", "Общество с ограниченной ответственностью «Ровента»", "ООО Ровента"),
    ("a legal form in front", "Société à responsabilité limitée Duval", "Duval SARL"),
    ("forms at both ends", "Oy Meriluoto Ab", "Meriluoto Oy"),
    ("a form that is joined", "BrennerAG", "Brenner AG"),
    ("a form with a mistake", "Brenner Aktiengeselschaft", "Brenner AG"),
    ("Polish", "Wisznia Sp. z o.o.", "Wisznia spółka z ograniczoną odpowiedzialnością"),
    ("Danish", "Skovlund A/S", "Skovlund AS"),
    ("the sign for and", "Tarrant & Sons", "Tarrant and Sons"),
    ("the article", "The Marlow Company", "Marlow Co."),
    ("an abbreviation", "Marlow Intl. Trading Co", "Marlow International Trading Company"),
    ("an abbreviation with points", "L.X.Q. Harbour", "LXQ Harbour"),
    ("a word that says little", "Marlow Harbour Trading Ltd", "Marlow Harbour Ltd"),
    ("a group", "Marlow Harbour Group", "Marlow Harbour"),
    ("one letter off", "Crestalwood Ltd", "Cristalwood Ltd"),
    ("joined", "Goodharbour Ltd", "Good Harbour Ltd"),
    ("a hyphen", "Marlow-Harbour Ltd", "Marlow Harbour Ltd"),
    ("English here and there", "Marlow Labour Organisation", "Marlow Labor Organization"),
    ("numbers in words", "Brigade Forty-Four", "Brigade 44"),
    ("an ordinal", "1st Marlow Bank", "First Marlow Bank"),
    ("Roman figures", "Marlow Fund II LP", "Marlow Fund 2 L.P."),
    ("initials", "MHTC", "Marlow Harbour Transit Club"),
    ("Han, another form", "蓝港科技有限公司", "蓝港科技有限责任公司"),
    ("Han and pinyin", "蓝港贸易有限公司", "Langang Trading Co., Ltd."),
    ("Han and pinyin with a place", "深圳市华栩科技有限公司", "Shenzhen Huaxu Technology Co., Ltd."),
    ("Han and pinyin in two words", "北京栩澜贸易有限公司", "Beijing Xu Lan Trading Co Ltd"),
    ("Han and Cantonese", "香港永栩国际有限公司", "Hong Kong Wing Hui International Limited"),
    ("Japanese", "株式会社ヤマブキ", "ヤマブキ株式会社"),
    ("a ship", "MV Northern Marlow", "Northern Marlow"),
]

OTHERS = [
    ("Han and the pinyin of another place", "北京栩澜贸易有限公司", "Shanghai Xulan Trading Co Ltd"),
    ("Han and another syllable", "华星科技有限公司", "Huaxin Technology Ltd"),
    ("a number", "Marlow Holdings 1 Ltd", "Marlow Holdings 2 Ltd"),
    ("a number", "Marlow Holdings Ltd", "Marlow Holdings 2 Ltd"),
    ("a Roman figure", "Marlow Fund II LP", "Marlow Fund III LP"),
    ("a year", "Marlow Trust 2004", "Marlow Trust 2005"),
    ("a core", "Marlow Harbour Ltd", "Barlow Harbour Bay Ltd"),
    ("a line of business", "Marlow Solutions Ltd", "Marlow Enterprises Ltd"),
    ("a line of business", "Marlow Securities", "Marlow Insurance"),
    ("a place", "Bank of Northmark", "Bank of Southmark"),
    ("a place more", "Banco Marlow", "Banco Marlow Norte"),
    ("a bank is not its trust", "Marlow Bank", "Marlow Bank Trust"),
    ("another law", "ANO Marlow", "Marlow LLC"),
    ("generic words alone", "Trading Company Ltd", "Trading Ltd"),
    ("generic words alone", "Global Trading Ltd", "Global Holding Ltd"),
    ("short abbreviations", "BWX Industries", "BAX Industries"),
    ("Han, another character", "蓝港科技有限公司", "蓝湾科技有限公司"),
    ("Han, of one sound", "蓝港科技有限公司", "兰港科技有限公司"),
    ("Han, a place more", "深海市蓝港科技有限公司", "蓝港科技有限公司"),
    ("Han, another place", "深海市蓝港科技有限公司", "浅海市蓝港科技有限公司"),
    ("Cyrillic", "ООО «Бай»", "ООО «Байкар»"),
    ("nothing", "", ""),
]


@pytest.mark.parametrize(("_kind", "left", "right"), SAME)
def test_names_of_one_company_are_told(_kind: str, left: str, right: str) -> None:
    match = companies.compare(left, right)
    assert match.bits >= SAME_BITS, match
    assert match == companies.compare(right, left)


@pytest.mark.parametrize(("_kind", "left", "right"), OTHERS)
def test_names_of_two_companies_are_told(_kind: str, left: str, right: str) -> None:
    match = companies.compare(left, right)
    assert match.bits < SAME_BITS, match
    assert match == companies.compare(right, left)


def test_traditional_characters_are_those_that_the_caller_folds() -> None:
    left, right = "藍港貿易有限公司", "蓝港贸易有限公司"
    assert companies.compare(left, right).bits < SAME_BITS
    assert (
        companies.compare(left, right, fold=lambda text: text.replace("藍", "蓝").replace("貿", "贸")).bits >= SAME_BITS
    )


def test_reasons_say_what_was_compared() -> None:
    match = companies.compare("Marlow Trading 2 AG", "Marlow Trading 3 GmbH")
    assert match.reasons == (
        "marlow = marlow",
        "trading = trading",
        "numbers 2 and 3",
        "legal forms stock and limited",
    )


@pytest.mark.parametrize(
    ("left", "right", "are"),
    [
        ("Marlow Ltd", "Marlow", True),
        ("蓝港有限公司", "Langang", True),
        ("ООО Ровента", "Roventa", True),
        ("Meriluoto Oy", "Oy Meriluoto", True),
        ("Hanna Sa", "Hanna", False),
        ("Kevin Too", "Kevin", False),
        ("Hanna Lindqvist", "H. Lindqvist", False),
    ],
)
def test_companies_are_known_by_their_forms(left: str, right: str, are: bool) -> None:
    assert companies.are_companies(left, right) is are
    assert companies.are_companies(right, left) is are


def test_a_persons_name_with_a_short_form_is_still_a_persons() -> None:
    assert generic.compare("Hanna Lindqvist Sa", "Hanna Lindgren").bits < SAME_BITS
