"""Do the words of the trade mean types, values and jurisdictions that there are?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from kg.ontology import load_ontology
from kg.ontology.values.amounts import VALUATION_KINDS
from kg.ontology.values.jurisdictions import code_of_country, name_hint
from kg.ontology.words import (
    HOLDING_WORDS,
    closest,
    fold_word,
    holding_kind,
    is_over,
    read_words,
    words_meant,
    words_of_types,
    words_of_valuations,
    words_of_values,
)
from kg.sources.tabular.claims import link_types_by_word, node_types_by_word

ONTOLOGY = load_ontology()
WORDS = read_words()


def test_every_word_means_one_type_that_there_is_and_is_kept_in_a_property_that_it_has() -> None:
    for kind, names in (("nodes", ONTOLOGY.node_names), ("links", ONTOLOGY.link_names)):
        assert set(WORDS[kind]) <= set(names)
        said = [fold_word(w) for t in WORDS[kind].values() for w in (*t["words"], *t.get("reverse", ()))]
        assert [word for word, times in Counter(said).items() if times > 1] == []
        assert [n for n, t in WORDS[kind].items() if t.get("keep") and t["keep"] not in ONTOLOGY.properties(n)] == []


def test_every_word_for_a_value_means_one_value_that_there_is() -> None:
    for type_name, properties in WORDS["values"].items():
        for name, values in properties.items():
            known = (ONTOLOGY.nodes.get(type_name) or ONTOLOGY.links[type_name]).properties[name].values
            said = [fold_word(word) for words in values.values() for word in words]
            assert set(values) <= set(known)
            assert [word for word, times in Counter(said).items() if times > 1] == []


def test_a_word_that_may_mean_a_value_means_none_without_doubt() -> None:
    assert set(WORDS["valuations"]) == set(VALUATION_KINDS)
    taken: dict[tuple[str, ...], Mapping[str, str]] = {("valuations",): words_of_valuations()}
    for type_name, properties in WORDS["meant"].items():
        for name in properties if type_name != "valuations" else ():
            known = ONTOLOGY.nodes[type_name].properties[name].values
            taken[type_name, name] = words_of_values((type_name,), name, known)
    for path, words in taken.items():
        assert set(words_meant(path).values()) <= set(words.values())
        assert words_meant(path).keys() & words.keys() == set()


def test_a_word_for_an_undirected_link_is_never_read_from_the_other_end() -> None:
    assert [n for n, t in WORDS["links"].items() if "reverse" in t and not ONTOLOGY.links[n].directed] == []


def test_there_are_many_words_and_no_name_of_the_ontology_is_lost_to_one() -> None:
    nodes, links = words_of_types("nodes", ONTOLOGY.node_names), words_of_types("links", ONTOLOGY.link_names)
    values = sum(len(words) for t in WORDS["values"].values() for p in t.values() for words in p.values())
    places = sum(map(len, WORDS["jurisdictions"].values()))
    assert (len(nodes) >= 200, len(links) >= 300, values >= 200, places >= 80) == (True, True, True, True)
    assert {link_types_by_word(ONTOLOGY)[fold_word(n)].type for n in ONTOLOGY.link_names} == set(ONTOLOGY.link_names)
    assert {node_types_by_word(ONTOLOGY.node_names)[fold_word(n)].type for n in ("RealEstate", "Cash")} == {
        "RealEstate",
        "Cash",
    }


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Director of", ("DIRECTS", False, "role")),
        ("spouse", ("FAMILY_OF", False, "relation")),
        ("settlor", ("SETTLED", False, "role")),
        ("Subsidiary  of", ("OWNS", True, "role")),
        ("IS OWNED BY", ("OWNS", True, "")),
        ("has_as_trustee", ("TRUSTEE_OF", True, "")),
    ],
)
def test_words_for_links_tell_the_end_that_they_are_read_from(word: str, meant: tuple[str, bool, str]) -> None:
    assert link_types_by_word(ONTOLOGY)[fold_word(word)] == meant


@pytest.mark.parametrize(
    ("type_name", "name", "word", "value"),
    [
        ("Measure", "kind", "Freezing Order", "freeze"),
        ("Request", "kind", "MLA", "mutual_assistance"),
        ("Warrant", "end_reason", "revoked", "withdrawn"),
        ("Notice", "kind", "Red Notice", "red"),
        ("Case", "stage", "under_investigation", "investigation"),
    ],
)
def test_words_for_values_are_those_of_the_type_and_of_what_it_extends(
    type_name: str, name: str, word: str, value: str
) -> None:
    values = ONTOLOGY.properties(type_name)[name].values
    assert words_of_values(ONTOLOGY.lineage(type_name), name, values)[fold_word(word)] == value


@pytest.mark.parametrize("name", ["UK", "England", "Scotland", "BVI", "Dubai", "the Caymans", "PRC", "Mainland China"])
def test_names_of_the_trade_mean_a_jurisdiction(name: str) -> None:
    assert code_of_country(name)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Swizterland", "; did you mean Switzerland (CH)?"),
        ("Georgia", "; Georgia may mean GE or US-GA"),
        ("Swiss", "; Swiss is a word for citizens: did you mean Switzerland (CH)?"),
        ("Narnia", ""),
        ("", ""),
        ("x" * 3_000, ""),
    ],
)
def test_a_name_that_means_none_is_answered_with_the_one_that_was_probably_meant(written: str, hint: str) -> None:
    assert name_hint(written) == hint


def test_a_word_like_none_has_no_closest_one() -> None:
    assert closest("eats", link_types_by_word(ONTOLOGY)) == ""


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *(("sharehodler", "shareholder"), ("dirctor", "director"), ("beneficary", "beneficiary"), ("shraes", "share")),
        *(("onws", "owns"), ("nmae", "name"), ("form", "from"), ("netsil", ""), ("rate", ""), ("date", "date")),
        *(("co-000132", "co-000132"), ("co-000312", "co-000132"), ("éx", "éx."), ("", "")),
    ],
)
def test_the_closest_word_has_the_same_letters_as_written_or_two_exchanged(word: str, meant: str) -> None:
    known = [*link_types_by_word(ONTOLOGY), *(f"co-{number:06}" for number in range(120, 140))]
    known += ["éx.", "ex", "name", "from", "share", "date", "silent", "beneficiary"]
    assert closest(word, known) == meant


def test_words_for_what_is_over_are_told_from_those_for_what_is_not() -> None:
    over = (
        "ceased, Inactive, Former shareholder, ex-owner, ex owner, EX, past, no longer held, not active, struck_off",
        "record closed, shares transferred, ehemaliger Gesellschafter, gelöscht, прекращено, недействующий, 已注销",
        "前股东, resigned, dissolved interest, sold",
    )
    assert [word for words in over for word in words.split(", ") if not is_over(word)] == []
    stands = "active, current, shareholder, not ceased, ex officio director, export, closed-end fund, 股东, текущий"
    assert [word for word in stands.split(", ") if is_over(word)] == []


@pytest.mark.parametrize(
    ("words", "interest"),
    [
        ("Registered owner (nominee)", "legal"),
        ("legal", "legal"),
        ("holds on trust for others", "legal"),
        ("nominee for the beneficial owner", "legal"),
        ("non-beneficial", "legal"),
        ("他人代持", "legal"),
        ("Beneficial owner", "beneficial"),
        ("beneficial owner through a nominee", "beneficial"),
        ("wirtschaftlich Berechtigter", "beneficial"),
        ("UBO (25 %)", "beneficial"),
        ("Beneficiary", "beneficial"),
        ("registered owner and beneficial owner", ""),
        ("legal and beneficial owner", ""),
        ("not a nominee", ""),
        ("registered shares", ""),
        ("legal representative", ""),
        ("nominee director", ""),
    ],
)
def test_words_for_a_holding_state_its_interest_wherever_they_stand(words: str, interest: str) -> None:
    assert [holding_kind({name: [words]}).interest for name in HOLDING_WORDS] == [interest] * len(HOLDING_WORDS)
    assert holding_kind({"role": [words], "interest": ["beneficial"]}).interest == "beneficial"


@pytest.mark.parametrize(
    ("words", "directness"),
    [
        ("indirect", "indirect"),
        ("mittelbar", "indirect"),
        ("unmittelbar", "direct"),
        ("Direct", "direct"),
        ("direct and indirect", ""),
        ("Director", ""),
    ],
)
def test_words_for_a_holding_state_its_directness(words: str, directness: str) -> None:
    assert holding_kind({"ownership_type": [words]}).directness == directness
