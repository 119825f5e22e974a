"""Do parties that may be one meet in a block, within the bounds that are said? All names are invented."""

from __future__ import annotations

import pytest

from kg.analysis.matching import Party, Register, compare_parties
from kg.analysis.matching.blocks import MAX_BLOCK, MAX_FACT_BLOCK, Facts, Pairs, PartyBlocks, least_bits
from kg.analysis.matching.evidence import birth_date

ANY = -1000.0


def party(name: str, kind: str = "Person", **values: str) -> Party:
    is_company = kind not in {"Person", "Party"}
    return Party(name, name, kind, is_company, (name,), values={key: (value,) for key, value in values.items()})


def pairs(*parties: Party, least: float = ANY) -> Pairs:
    blocking = PartyBlocks()
    for one in parties:
        blocking.add(one, Facts())
    return blocking.pairs(least)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟文", "Zhang Weiwen"),
        ("張偉文", "张伟文"),
        ("张伟文", "Cheung Wai Man"),
        ("张伟文", "Wai-Man CHEUNG"),
        ("陈志明", "Chen Chih-ming"),
        ("Peter Lam Chi Keung", "林志强"),
        ("欧阳文达", "Ouyang Wenda"),
        ("Mohammed Al-Tarabin", "Muhamad Altarabin"),
        ("Анна Вымышленная", "Anna Vymyshlennaya"),
        ("Zofia Zmyślona", "ZMYSLONA Zofia"),
        ("Ann Marie Example", "Example, Ann"),
        ("김도윤", "Kim Do Yoon"),
        ("김도윤", "Kim, Do-yun"),
        ("김도윤", "Do-yun Kim"),
        ("정수빈", "Jung Soo Bin"),
        ("강하늘", "Ha Neul Kang"),
        ("강하늘", "Kang Ha-neul"),
        ("金民俊", "Kim Min Joon"),
        ("김민준", "金民俊"),
        ("朴成浩", "Park, Sung-ho"),
        ("李敏浩", "Lee Min Ho"),
        ("阮文灵", "Linh Van Nguyen"),
        ("Nguyễn Văn Linh", "阮文靈"),
    ],
)
def test_writings_of_one_name_meet(one: str, other: str) -> None:
    assert pairs(party(one), party(other)).one.tolist() == [0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Golden Quince Trading Ltd", "GOLDEN QUINCE TRADING LIMITED"),
        ("Golden Quince 2 Ltd", "Golden Quince II Limited"),
        ("Goldenquince Ltd", "Golden Quince Ltd"),
        ("Общество «Сказочная Пихта»", "Skazochnaya Pikhta"),
        ("金榕虚构有限公司", "金榕虛構有限公司"),
    ],
)
def test_writings_of_one_company_meet(one: str, other: str) -> None:
    assert pairs(party(one, "Enterprise"), party(other, "Enterprise")).one.tolist() == [0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (party("张伟文"), party("李伟文")),
        (party("Ann Example"), party("Bob Sample")),
        (party("Golden Quince", "Enterprise"), party("Golden Quince")),
        (party("Golden Quince 1 Ltd", "Enterprise"), party("Golden Quince 2 Ltd", "Enterprise")),
        (party("Ann Example", email=""), party("Bob Sample", email="")),
    ],
)
def test_what_cannot_be_one_does_not_meet(one: Party, other: Party) -> None:
    assert pairs(one, other).one.tolist() == []


_FIRST = ("Golden Quince Trading", "Teal Harbour Shipping", "张伟文", "Ann Marlow Example", "Bill Marlow Sample")
_SECOND = ("Golden Sable Trading", "Teal Mallow Shipping", "Zhang Weiwu", "Ann Bertha Example", "William Marlow Sample")


@pytest.mark.parametrize(("one", "other"), list(zip(_FIRST, _SECOND, strict=True)))
def test_names_that_contradict_each_other_are_no_pair_where_bits_are_needed(one: str, other: str) -> None:
    kind = "Enterprise" if "ing" in one else "Person"
    found = pairs(party(one, kind), party(other, kind), least=4.0)
    assert bool(len(found.one)) == (one == "Bill Marlow Sample")


@pytest.mark.parametrize(
    "values",
    [
        {"passport_number": "ZZ-12345"},
        {"email": "someone@invented.example"},
        {"phone": "+44 20 7946 0999"},
        {"registration_number": "HK 998877"},
    ],
)
def test_numbers_and_addresses_let_other_names_meet(values: dict[str, str]) -> None:
    assert pairs(party("Ann Example", **values), party("张伟文", **values)).one.tolist() == [0]


def test_a_part_of_the_name_is_enough_with_the_birth_date() -> None:
    same = party("Ann Example", birth_date="1970-03-02"), party("Anne Xample Example", birth_date="1970-03-02")
    assert pairs(*same).one.tolist() == [0]
    surname = party("张伟文", birth_date="1970-03-02"), party("Andy Cheung", birth_date="1970-03-02")
    assert pairs(*surname).one.tolist() == [0]


def test_an_unknown_party_meets_people_and_companies() -> None:
    found = pairs(party("Golden Quince", "Party"), party("Golden Quince"), party("Golden Quince", "Enterprise"))
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [(0, 1), (0, 2)]


def test_a_crowded_block_is_counted_and_only_those_with_a_further_fact_are_compared() -> None:
    namesakes = [party("Zhang Weiwen") for _ in range(MAX_BLOCK)]
    dated = [party("Zhang Weiwen", birth_date="1970"), party("Zhang Weiwen", birth_date="1970-05-01")]
    found = pairs(*namesakes, *dated)
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [(MAX_BLOCK, MAX_BLOCK + 1)]
    assert (found.crowded, found.largest, found.set_apart) == (1, MAX_BLOCK + 2, MAX_BLOCK + 2)


def test_a_crowded_name_is_counted_once_whatever_languages_it_is_read_in() -> None:
    found = pairs(*[party("张伟文", birth_date="1970") for _ in range(MAX_FACT_BLOCK + 1)])
    assert (found.one.tolist(), found.crowded, found.set_apart) == ([], 1, MAX_FACT_BLOCK + 1)
    others = pairs(*[party(name) for name in ("张伟文", "Lǐ Mǐn") for _ in range(MAX_BLOCK + 1)])
    assert (others.crowded, others.set_apart) == (2, 2 * MAX_BLOCK + 2)


def test_nothing_is_compared_where_nobody_is() -> None:
    found = pairs()
    assert (found.one.tolist(), found.blocks, found.largest) == ([], 0, 0)
    assert pairs(party("")).one.tolist() == []


_SAMPLE = (
    *(party("张伟文", birth_date=day) for day in ("1970-01-02", "1970", "1971-01-02", "1985")),
    party("张伟文", gender="male", passport_number="ZZ12345"),
    party("Zhang Weiwen", gender="female", passport_number="ZZ12345"),
    party("Cheung Wai Man", passport_number="ZZ12346", email="x@invented.example"),
    party("Wenda Peter Ouyang", email="x@invented.example"),
    party("Peter Ouyang Wenda"),
    party("Ann Example", phone="+44 20 7946 0999", address="1 Invented Road"),
    *(party(name, birth_date="1969-12-12") for name in ("朴成浩", "Park Sung Ho", "李敏浩", "Lee Min Ho")),
    *(party(name, birth_date="1969") for name in ("阮文灵", "Linh Van Nguyen", "박성호")),
    party("Ann Examplé", phone="0044 20 7946 0999", address="1 Invented Road"),
)


_DAYS = ("1970", "1970-01", "1970-03", "1970-01-01", "1970-03-05", "1970-05-03", "1970-03-09", "1970-12-31")
_YEARS = ("1971", "1971-01-01", "1971-03-05", "1971-06", "1975-03-05", "1976-03-05", "")


@pytest.mark.parametrize("day", _DAYS)
def test_the_bound_of_birth_dates_is_no_lower_than_their_evidence(day: str) -> None:
    """And only so much higher that nobody born on another day is taken for somebody born on the same."""
    blocking = PartyBlocks()
    people = [party("张伟文", birth_date=other) if other else party("张伟文") for other in (day, *_DAYS, *_YEARS)]
    for one in people:
        blocking.add(one, Facts())
    for least in (-14.0, -8.0, -4.0, 0.0, 4.0, 9.0, 13.9):
        found = blocking.pairs(least + _NAMES - 0.1)
        kept = {other for one, other in zip(found.one.tolist(), found.other.tolist(), strict=True) if one == 0}
        weights = [birth_date.evidence(people[0], other, Register(size=1000)) for other in people[1:]]
        assert kept >= {place for place, e in enumerate(weights, 1) if (e.bits if e else 0.0) >= least}
        assert least < 9 or not kept & {place for place, e in enumerate(weights, 1) if e and e.bits < 0}


_NAMES = compare_parties(party("张伟文"), party("张伟文"), Register(size=1000)).bits


@pytest.mark.parametrize("least", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_the_bound_never_drops_a_pair_that_is_so_probable(least: float) -> None:
    register = Register(size=1000)
    every = pairs(*_SAMPLE)
    kept = pairs(*_SAMPLE, least=least_bits(least, register.prior_bits))
    kept_pairs = set(zip(kept.one.tolist(), kept.other.tolist(), strict=True))
    for one, other in zip(every.one.tolist(), every.other.tolist(), strict=True):
        if compare_parties(_SAMPLE[one], _SAMPLE[other], register).probability >= least:
            assert (one, other) in kept_pairs
    assert least < 0.5 or len(kept_pairs) < len(every.one)
