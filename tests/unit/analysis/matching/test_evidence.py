"""What each feature says for and against. All people and companies are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.analysis.matching import FEATURES, Party, Register, compare_parties
from kg.analysis.matching.resident_number import check_character
from kg.findings.matches import Evidence, probability_words

REGISTER = Register(1_000)
OLD = "990000560629004"
NEW = f"99000019560629004{check_character('99000019560629004')}"
OTHER = f"99000019560629006{check_character('99000019560629006')}"


def party(**values: str) -> Party:
    return Party("x", "X", "Person", False, ("X Y",), values={name: (value,) for name, value in values.items()})


def evidence(feature: str, one: Party, other: Party) -> Evidence | None:
    found, reverse = (
        next((e for f in FEATURES if (e := f(*pair, REGISTER)) and e.feature == feature), None)
        for pair in ((one, other), (other, one))
    )
    assert (found and found.bits) == (reverse and reverse.bits), "both orders say the same"
    return found


@pytest.mark.parametrize(
    ("one", "other", "bits"),
    [
        ({"passport_number": "G1234567"}, {"passport_number": "g 123-4567"}, 20),
        ({"passport_number": "G1234567"}, {"id_number": "G1234567"}, 20),
        ({"passport_number": "G1234567"}, {"passport_number": "G1234568"}, 0),
        ({"passport_number": "G1234569"}, {"passport_number": "G1234571"}, 0),
        ({"passport_number": "G1234599"}, {"passport_number": "G1234600"}, 0),
        ({"passport_number": "G1234567"}, {"passport_number": "G1734567"}, 8),
        ({"passport_number": "12345678"}, {"tax_number": "12345678"}, 8),
        ({"passport_number": "12345"}, {"passport_number": "12345"}, 8),
        ({"passport_number": "1234"}, {"passport_number": "1234"}, None),
        ({"national_number": OLD}, {"national_number": NEW}, 20),
        ({"national_number": NEW}, {"tax_number": NEW}, 20),
        ({"national_number": NEW}, {"national_number": OTHER}, -6),
        ({"national_number": OLD}, {"id_number": OTHER}, -6),
        ({"passport_number": "12345678"}, {"tax_number": "12345679"}, None),
        ({"registration_number": "12345678"}, {"registration_number": "12345679"}, 0),
        ({"passport_number": "E48291736"}, {"passport_number": "E48291763"}, 8),
        ({"passport_number": "E48291736"}, {"passport_number": "Z9999999"}, 0),
        ({"registration_number": "07654321"}, {"registration_number": "7654321"}, 20),
        ({"tax_number": "0012-345"}, {"tax_number": "12345"}, 8),
    ],
)
def test_numbers(one: dict[str, str], other: dict[str, str], bits: float | None) -> None:
    found = evidence("number", party(**one), party(**other))
    assert (found and found.bits) == bits


def test_two_numbers_of_one_register_are_of_two_companies() -> None:
    def company(number: str, country: str = "GB") -> Party:
        values = {"registration_number": (number,)}
        return replace(party(), type="Enterprise", is_company=True, values=values, countries=frozenset({country}))

    found = evidence("number", company("07654321"), company("07654399"))
    assert found is not None and found.bits == -6.0 and "people" not in found.says
    found = evidence("number", company("07654321"), company("07654399", "IE"))
    assert found is not None and found.bits == 0.0 and "people" not in found.says


def test_of_several_numbers_the_one_that_says_most_counts() -> None:
    one = Party("a", "A", "Person", False, (), values={"passport_number": ("12345",), "tax_number": ("G1234567",)})
    found = evidence("number", one, one)
    assert found is not None
    assert found.bits == 20


def test_a_resident_number_that_fails_its_check_is_told() -> None:
    """Nobody's: no person has the code of a whole province."""
    digits = "11000019560629004"
    right, wrong = (digits + c for c in (check_character(digits), "X"))
    (warning,) = party(national_number=wrong).warnings
    assert f"{wrong} has the form" in warning and f"X, where the other digits need {right[-1]};" in warning
    for other in (right, f"99{wrong[2:]}", f"{wrong[:10]}1390{wrong[14:]}", wrong[:-1]):
        assert party(national_number=other).warnings == ()
    assert party(passport_number=wrong).warnings == ()
    found = evidence("number", party(id_number=right), party(id_number=wrong))
    assert found is not None and found.says.endswith(f"and {wrong} fails its check")


def test_passports_in_a_row_are_told() -> None:
    found = evidence("number", party(passport_number="G1234599"), party(passport_number="G1234600"))
    assert found is not None and found.says == (
        "the passports G1234599 and G1234600 were given one after the other, as in a family"
    )


def test_a_company_has_no_resident_number() -> None:
    company = replace(party(registration_number=OLD), is_company=True)
    assert company.resident_numbers == ()
    assert evidence("sex", company, party(gender="male")) is None


@pytest.mark.parametrize(
    ("one", "other", "bits"),
    [
        ("1960-05-07", "1960-05-07", 13.9),
        ("1960-01-01", "1960-01-01", 5.6),
        ("1960-01-01", "1960-01", 5.6),
        ("1960-01-01", "1960", 5.6),
        ("1960-01-01", "1960-03", 4.0),
        ("1960-01-01", "1960-03-05", 4.0),
        ("1960-01-01", "1961-01-01", -8.0),
        ("1977-04-02", "1978", -8.0),
        ("1977", "1978", -8.0),
        ("1977-04-02", "1978-06", -8.0),
        ("1960-05-07", "1961-05-07", 3.0),
        ("1960-05-07", "1960-07-05", 8.0),
        ("1960-05", "1960-06", -4.0),
        ("1960", "1990", -14.0),
    ],
)
def test_birth_dates(one: str, other: str, bits: float) -> None:
    found = evidence("birth date", party(birth_date=one), party(birth_date=other))
    assert found is not None
    assert found.bits == bits


@pytest.mark.parametrize("name", ["张栩文", "김도윤", "Zhang Xuwen", "Trần Văn Hùng", "Kim Min Joon"])
def test_a_bare_year_next_to_another_is_a_count_of_ages_of_east_asian_names(name: str) -> None:
    one = replace(party(birth_date="1978"), names=(name,))
    for born, bits in (("1977-04-02", -2.0), ("1979", -2.0), ("1977-01-01", -2.0), ("1976", -8.0)):
        found = evidence("birth date", one, party(birth_date=born))
        assert found is not None and found.bits == bits
    full = replace(one, values={"birth_date": ("1978-06-07",)})
    found = evidence("birth date", full, party(birth_date="1977-04-02"))
    assert found is not None and found.bits == -8.0


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Yusuf Example Sr.", "Yusuf Example, Jr", True),
        ("Yusuf Example (the Elder)", "Yusuf Example the Younger", True),
        ("Jean Exemple père", "Jean Exemple fils", True),
        ("Ann B. Example II", "Ann B. Example III", True),
        ("Yusuf Example Jr.", "Yusuf Example II", False),
        ("Yusuf Example Sr.", "Yusuf Example", False),
        ("Yusuf Senior", "Yusuf Junior", False),
    ],
)
def test_generations(one: str, other: str, *, differ: bool) -> None:
    found = evidence("generation", *(Party("x", n, "Person", False, (n,)) for n in (one, other)))
    assert (found is not None and found.bits <= -6.0) is differ


@pytest.mark.parametrize(
    ("states", "days", "band"),
    [
        (("CN", "SG"), ("1979", "1979-06-15"), "review"),
        (("CN", "TW"), ("1979", "1979-06-15"), "strong"),
        (("SE", "AT"), ("1979-06-15", "1979-06-15"), "strong"),
        (("SG", "SG"), ("1979", "1979-06-15"), "strong"),
    ],
)
def test_one_passport_number_of_two_states_is_for_review(
    states: tuple[str, str], days: tuple[str, str], band: str
) -> None:
    one, other = (
        replace(party(passport_number="E12345678", birth_date=day), countries=frozenset({state}))
        for state, day in zip(states, days, strict=True)
    )
    assert compare_parties(one, other, REGISTER).band == band


@pytest.mark.parametrize(("other", "band"), [("1975-11-05", "review"), ("1976-05-11", "review"), ("1975", "strong")])
def test_a_date_that_agrees_by_a_slip_is_no_second_kind_of_evidence(other: str, band: str) -> None:
    first, second = (replace(party(birth_date=day), names=("Tobias Wrenfield",)) for day in ("1975-05-11", other))
    assert compare_parties(first, second, REGISTER).band == band


def test_country_and_sex_are_no_second_kind_of_evidence_and_a_contradiction_is_no_likelier_than_not() -> None:
    one = replace(party(gender="female"), names=("Ingrid Vorhauer",), countries=frozenset({"AT"}))
    register = replace(REGISTER, countries={"AT": 0.001})
    match = compare_parties(one, one, register)
    assert (match.band, match.probability) == ("review", 0.89)
    assert probability_words(match).endswith("capped: nothing but name and country and sex")
    day = {"birth_date": ("1972-12-01",), "phone": ("+442079460011",)}
    david, daniel = (replace(one, values=day, names=(f"{n} Harrowgate",)) for n in ("David", "Daniel"))
    match = compare_parties(david, daniel, register)
    assert (match.capped, match.probability, match.band) == ("contradicted", 0.5, "review")


@pytest.mark.parametrize(
    ("name", "one", "other", "bits"),
    [
        ("phone", "+99 123 456 789", "0123-456-789", 10),
        ("phone", "+ (12)-", "12", None),
        ("address", "5 Invented Road, Nowhere", "5, invented road nowhere", 6),
        ("address", "Nowhere", "NOWHERE", None),
        ("address", "The Province of Nowhere", "the province of nowhere", None),
    ],
)
def test_contacts(name: str, one: str, other: str, bits: float | None) -> None:
    found = evidence("contact", party(**{name: one}), party(**{name: other}))
    assert (found and found.bits) == bits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Head, Office of Invented Dams", "Head of the Office of Invented Dams", True),
        ("Member of the Board", "Member of the Parliament", False),
        ("Director", "Director", False),
        ("某省水坝局副局长", "水坝局副局长", True),
        ("甲市委书记", "乙市委书记", False),
        ("局长", "副局长", False),
    ],
)
def test_posts_in_the_same_words(one: str, other: str, *, same: bool) -> None:
    assert (evidence("post", party(position=one), party(position=other)) is not None) is same


def test_agencies_without_letters_are_not_one() -> None:
    one, other = (Party(i, i, "Person", False, (), agencies=frozenset({sign})) for i, sign in (("a", "-"), ("b", "--")))
    assert evidence("post", one, other) is None


def test_every_alias_is_compared() -> None:
    aliases = tuple(f"Ignatius{chr(97 + i // 26)}{chr(97 + i % 26)} Exampleson" for i in range(300))
    one = Party("a", "A", "Person", False, (*aliases, "Olga Invented"))
    other = Party("b", "B", "Person", False, (*(f"Quentin Nobody{i}" for i in range(300)), "Invented, Olga"))
    match = compare_parties(one, other, REGISTER)
    assert match.evidence[0].one_value == "Olga Invented"
    assert match.evidence[0].bits > 4
