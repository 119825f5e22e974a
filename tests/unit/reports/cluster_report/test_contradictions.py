"""Which values cannot all be true?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.findings.contradictions import contradict
from kg.ontology import load_ontology
from kg.operations.contradictions import entity_contradictions
from kg.operations.questions.entities import contradiction_sentences
from kg.ports import LinkQuery, Store
from kg.records import Record, link_id, node_id
from kg.reports.cluster_report.sections.contradictions import contradictions
from kg.reports.context import ReportContext, load_context, report_graph, with_all_holders
from kg.reports.entries import ContradictingValue
from tests.stores import store
from tests.unit.reports.example_case import link, load_source, node

ANN, ACME = node("ann", name="Ann"), node("acme", "Enterprise", name="Acme")


@pytest.mark.parametrize(
    ("kind", "name", "values", "expected"),
    [
        ("Person", "birth_date", ["1958", "1958-03-02"], False),
        ("Person", "birth_date", ["1958", "1958-03", "1959"], True),
        ("Person", "birth_date", ["1958-03-02"], False),
        ("OWNS", "share", ["25..50", "30"], False),
        ("OWNS", "share", ["25..50", "51"], True),
        ("OWNS", "share", ["0..100", "51"], False),
        ("Asset", "valuation", ["market 2014 100 USD", "market 2015 200 USD"], False),
        ("Asset", "valuation", ["market 2014 100 USD", "market 2014-06 200 USD"], True),
        ("Asset", "valuation", ["market 2014 100..300 USD", "market 2014 200 USD"], False),
        ("Asset", "valuation", ["market 2014 100 USD", "market 2014 200 CAD"], False),
        ("Asset", "valuation", ["market 2014 100 USD gross", "market 2014 90 USD net"], False),
        ("Asset", "valuation", ["market 2014 100 USD", "court 2014 200 USD"], False),
        ("Enterprise", "state_owned", ["yes", "no"], True),
    ],
)
def test_values_disagree_when_no_truth_fits_both(kind: str, name: str, values: list[str], expected: bool) -> None:
    assert contradict(load_ontology().properties(kind)[name], values) is expected


def test_several_names_do_not_contradict_each_other(tmp_path: Path) -> None:
    assert _found(tmp_path, {"registry": [ANN], "press": [node("ann", name="Anna", position="clerk")]}) == []


def test_each_value_is_told_with_those_who_say_it(tmp_path: Path) -> None:
    said = {"registry": ["1958"], "press": ["1959"], "mirror": ["1959"]}
    records = {source: [node("ann", name="Ann", birth_date=day) for day in days] for source, days in said.items()}
    assert _found(tmp_path, records) == ["Ann, birth date: 1958 [registry], 1959 [mirror press]"]


def test_sources_that_differ_about_the_kind_of_thing_contradict_each_other(tmp_path: Path) -> None:
    loads = {"registry": [node("x", "Vessel", name="X")], "press": [node("x", "Aircraft", name="X")]}
    found = _found(tmp_path, loads, about="x")
    assert found == ["X, kind: aircraft [press], vessel [registry]"]


def test_two_sources_with_a_link_each_may_contradict_each_other(tmp_path: Path) -> None:
    one, other = link("ann OWNS acme", share="51"), link("ann OWNS acme", key="2", share="30")
    found = _found(
        tmp_path, {"registry": [ANN, ACME, one], "press": [other]}, links=("ann OWNS acme", "2"), about="acme"
    )
    assert found == ["Ann and Acme: owns, share: 30 % [press], 51 % [registry]"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"end_date": "2009"}, {"start_date": "2010"}),
        ({"interest": "legal"}, {"interest": "beneficial"}),
    ],
)
def test_holdings_one_after_the_other_or_of_another_sort_do_not(
    first: dict[str, Any], second: dict[str, Any], tmp_path: Path
) -> None:
    one, other = link("ann OWNS acme", share="51", **first), link("ann OWNS acme", key="2", share="30", **second)
    assert _found(tmp_path, {"registry": [ANN, ACME, one], "press": [other]}, links=("ann OWNS acme", "2")) == []


def test_two_holdings_of_one_source_are_two_holdings(tmp_path: Path) -> None:
    one, other = link("ann OWNS acme", share="51"), link("ann OWNS acme", key="2", share="30")
    assert _found(tmp_path, {"registry": [ANN, ACME, one, other]}, links=("ann OWNS acme", "2")) == []


def test_sums_of_several_links_of_a_source_are_compared(tmp_path: Path) -> None:
    shares = (("1", "30"), ("2", "20"), ("3", "50"))
    links = [link("ann OWNS acme", key=key, share=share, start_date="2010") for key, share in shares]
    loads = {"registry": [ANN, ACME, *links[:2]], "press": links[2:]}
    assert _found(tmp_path, loads, links=("1", "2", "3"), about="acme") == []
    loads["press"] = [link("ann OWNS acme", key="3", share="60", start_date="2010")]
    found = _found(tmp_path, loads, links=("1", "2", "3"), about="acme")
    assert found == ["Ann and Acme: owns, share: 50 % [registry], 60 % [press]"]


def test_owners_with_more_than_the_whole_are_told_with_each_share(tmp_path: Path) -> None:
    bo, links = node("bo", name="Bo"), [link("ann OWNS acme", share="70"), link("bo OWNS acme", share="60")]
    loads = {"registry": [ANN, ACME, bo, links[0]], "press": [links[1]]}
    found = _found(tmp_path, loads, links=("ann OWNS acme", "bo OWNS acme"), about="acme")
    assert found == ["Acme, 2 owners with at least 130 % together: Ann: 70 % [registry], Bo: 60 % [press]"]


def test_dates_in_the_wrong_order_are_told_with_both(tmp_path: Path) -> None:
    said = link("ann OWNS acme", start_date="2015", end_date="2010")
    (found,) = _found(tmp_path, {"registry": [ANN, ACME, said]}, links=("ann OWNS acme",))
    assert found.endswith(
        "start date 2015 is after end date 2010: end date 2010 [registry], start date 2015 [registry]"
    )
    dead = [node("ann", name="Ann", birth_date="1960"), node("ann", name="Ann", death_date="1950")]
    (found,) = _found(tmp_path, {"registry": [dead[0]], "press": [dead[1]]})
    assert found == (
        "Ann, birth date 1960 is after death date 1950: birth date 1960 [registry], death date 1950 [press]"
    )


def test_one_link_of_which_sources_say_different_shares_is_told(tmp_path: Path) -> None:
    said = [link("ann OWNS acme", share="51"), link("ann OWNS acme", share="25..50")]
    found = _found(tmp_path, {"registry": [ANN, ACME, said[0]], "press": [said[1]]}, links=("ann OWNS acme",))
    assert found == ["Ann owns Acme, 25 to 50 % or 51 %, share: 25 to 50 % [press], 51 % [registry]"]


def test_the_report_tells_what_show_tells_of_each_member(tmp_path: Path) -> None:
    """Also where the shares of holders add up who are no members, and of links that lead out of the cluster."""
    names = ("ann", "bo", "cy")
    registry = [
        *(node(name, name=name.title(), birth_date="1960") for name in names),
        ACME,
        link("ann OWNS acme", share="40"),
        link("bo OWNS acme", share="75"),
        link("cy OWNS acme", key="c1", share="20"),
        link("ann DIRECTS acme", start_date="2015", end_date="2010"),
        link("ann PAID bo", amount="5 EUR"),
        link("ann DIRECTS bo"),
    ]
    press = [
        node("ann", name="Ann", birth_date="1961"),
        link("ann OWNS acme", share="30"),
        link("cy OWNS acme", key="c2", share="70"),
        link("ann PAID bo", amount="6 EUR"),
    ]
    for source, records in {"registry": registry, "press": press}.items():
        load_source(tmp_path / "a.sqlite", source, records)
    members = [node_id("test", key) for key in ("ann", "acme")]
    with store(tmp_path / "a.sqlite") as opened:
        graph, ontology = report_graph(opened), load_ontology()
        onward = [link_id("test", f"ann {kind} bo", "") for kind in ("PAID", "DIRECTS")]
        around = with_all_holders(graph, load_context(graph, members), members, onward)
        told = contradictions(around, [around.nodes[name] for name in members], around.links.values())
        shown = [s for name in members for s in entity_contradictions(opened, ontology, around.nodes[name])]
        links = {link.id: link for name in members for link in opened.links(LinkQuery(name))}
        ends = opened.nodes({end for link in links.values() for end in (link.source_id, link.target_id)})
    shown += [s for link in links.values() for s in contradiction_sentences(ontology, link, ends)]
    assert sorted(shown) == [
        "3 owners with at least 125 % together: Ann, Bo, Cy",
        "Cy: share stated as 70 % (press) and as 20 % (registry)",
        "amount stated as EUR 5 and as EUR 6",
        "birth date stated as 1960 and as 1961",
        "directs goes from party to enterprise or agency, not from person to person",
        "share stated as 30 % and as 40 %",
        "start date 2015 is after end date 2010",
    ]
    assert len(told) == len(shown)
    assert [one.of for one in told if "directs goes" in one.values[0].value] == ["types of the ends"]


def _found(
    folder: Path, loads: Mapping[str, list[Record]], *, links: tuple[str, ...] = (), about: str = "ann"
) -> list[str]:
    """What contradicts what once `loads` are loaded, by source, as lines."""
    for source, records in loads.items():
        load_source(folder / "a.sqlite", source, records)
    with store(folder / "a.sqlite") as opened:
        around = _around(opened, about, links)
    found = contradictions(around, [around.nodes[node_id("test", about)]], around.links.values())
    return [f"{c.about}, {c.says or c.of}: {', '.join(map(_line, c.values))}" for c in found]


def _line(said: ContradictingValue) -> str:
    return f"{said.value} [{' '.join(name for e in said.evidence for name in e.sources)}]"


def _around(opened: Store, about: str, links: tuple[str, ...]) -> ReportContext:
    graph = report_graph(opened)
    return load_context(graph, [node_id("test", about)], [link_id("test", key, "") for key in links])
