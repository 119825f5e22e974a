"""Does the next report tell every change of a property, and every record that came or went, whatever its type?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.ontology import Property, load_ontology
from kg.ontology.values import BadValue
from kg.operations import PeriodicReportRequest, Workspace, write_periodic_report
from kg.records import Record, Ref
from kg.reports.terms import display_values, property_label
from tests.stores import load

ONTOLOGY = load_ontology()

BASE = ("Person", "Enterprise", "RealEstate", "BankAccount", "Arrangement", "Warrant")
"""Nodes of these types are in the case from the start."""

VALUES = {
    "text": ("one", "two"),
    "name": ("Ann Invented", "Bob Invented"),
    "identifier": ("A-1", "B-2"),
    "url": ("https://example.org/1", "https://example.org/2"),
    "number": ("1", "2"),
    "flag": ("true", "false"),
    "date": ("2001-02-03", "2002-03-04"),
    "percent": ("10", "20"),
    "money": ("100 GBP", "200 GBP"),
    "currency": ("GBP", "EUR"),
    "jurisdiction": ("GB", "FR"),
    "valuation": ("market 2001 100 GBP", "market 2002 200 GBP"),
}

ABOUT_STATES_ALONE = {"BOUND_BY", "NO_AGREEMENT_WITH", "SHARES_ASSETS_WITH", "AGENCY_OF"}
"""Links that bear on no case: they are about states and their agencies."""

CODES = ("AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CN", "CY", "CZ", "DE", "DK", "ES", "FI", "FR", "GR", "HK")
"""Jurisdictions of which each has one property changed; the code itself says which one is meant, and has to stay."""


@dataclass(frozen=True)
class Subject:
    """One record of which one property is changed, and the two values of it."""

    record: Record
    property: str
    values: tuple[str, str]

    def saying(self, *values: str) -> Record:
        properties = {n: v for n, v in self.record.properties.items() if n != self.property}
        return replace(self.record, properties=properties | ({self.property: list(values)} if values else {}))


def two_values(prop: Property) -> tuple[str, str]:
    """Two values that the ontology takes and does not take for one."""
    tried = [*prop.values, prop.example, *VALUES[prop.type], "AAA", "BBB"]
    tried += [
        prop.example[:at] + digit + prop.example[at + 1 :] for at in range(len(prop.example)) for digit in "01234"
    ]
    found = dict[str, str]()
    for text in tried:
        try:
            found.setdefault(prop.clean(text), text)
        except BadValue:
            continue
    first, second, *_ = found.values()
    return first, second


def members() -> list[Record]:
    """Somebody sought, with a company and assets."""
    nodes = [Record(f"base-{kind}", kind, {"name": [f"Base {kind}"]}) for kind in BASE]
    return [
        *nodes,
        tie("SOUGHT_UNDER", "base-Person", "base-Warrant"),
        *(tie("OWNS", "base-Person", f"base-{kind}") for kind in BASE[1:4]),
        tie("SETTLED", "base-Person", "base-Arrangement"),
    ]


def tie(kind: str, tail: str, head: str, key: str = "") -> Record:
    return Record(key or f"{tail} {kind} {head}", kind, {}, ends=(Ref("test", tail), Ref("test", head)))


def attachment(kind: str, key: str, hosts: Sequence[str]) -> Record | None:
    """A link between a node and one of the hosts, named by their types; None if no type of link allows it."""
    for host in hosts:
        for name in ONTOLOGY.link_names:
            if ONTOLOGY.links[name].handling == "protected":
                continue
            for tail, head in ((kind, host), (host, kind)):
                if ONTOLOGY.allows(name, tail, head):
                    ends = (f"base-{host}", key) if (tail, head) == (host, kind) else (key, f"base-{host}")
                    return tie(name, *ends)
    return None


def node_subjects() -> Iterator[tuple[Subject, Record]]:
    """For each property of each node type a node of its own, with the link that ties it to the case."""
    for kind in ONTOLOGY.node_names:
        curated = ONTOLOGY.nodes[kind].key
        names = [name for name in ONTOLOGY.properties(kind) if name != curated]
        for name, code in zip(names, CODES if curated else [""] * len(names), strict=False):
            key, values = f"{kind}.{name}", two_values(ONTOLOGY.properties(kind)[name])
            link = attachment(kind, key, BASE)
            assert link, f"nothing ties a node of type {kind} to the case"
            fixed = {"name": [f"The {kind} of {name}"]} | ({curated: [code]} if curated else {})
            yield Subject(Record(key, kind, {**fixed, name: [values[0]]}), name, values), link


def link_subjects() -> Iterator[tuple[Subject, tuple[Record, ...]]]:
    """For each property of each link type a link of its own, with the nodes that it needs."""
    for kind in ONTOLOGY.link_names:
        declared = ONTOLOGY.links[kind]
        if declared.handling == "protected" or kind in ABOUT_STATES_ALONE:
            continue
        ends, needed = [], list[Record]()
        for side, types in (("tail", declared.from_), ("head", declared.to)):
            possible = [k for k in ONTOLOGY.node_names if any(ONTOLOGY.is_a(k, t) for t in types)]
            base = [k for k in BASE if k in possible and f"base-{k}" not in ends]
            if base:
                ends.append(f"base-{base[0]}")
            else:
                ends.append(f"{kind} {side}")
                code = {"code": ["GB"]} if possible[0] == "Jurisdiction" else {}
                needed.append(Record(ends[-1], possible[0], {"name": [f"The {side} of {kind}"], **code}))
                if link := attachment(possible[0], ends[-1], BASE):
                    needed.append(link)
        for name, prop in ONTOLOGY.properties(kind).items():
            values = two_values(prop)
            record = replace(tie(kind, ends[0], ends[1], f"{kind}.{name}"), properties={name: [values[0]]})
            yield Subject(record, name, values), tuple(needed)


NODES, LINKS = list(node_subjects()), list(link_subjects())
SUBJECTS = [subject for subject, _ in (*NODES, *LINKS)]
NEEDED = {r.key: r for r in (*members(), *(link for _, link in NODES), *(r for _, more in LINKS for r in more))}


def report(path: Path, day: str, records: Iterable[Record]) -> Any:
    load(path, "file", [*NEEDED.values(), *records], day=day)
    order = PeriodicReportRequest(path.parent / "reports", day, "day", limit=1)
    made = write_periodic_report(Workspace(path), order, ClusterParameters())
    return json.loads(made.files["json"].read_bytes())["front"]["changes"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Reports of a case in which each property was changed, each was left out, and each record went and came."""
    path = tmp_path_factory.mktemp("case") / "graph.sqlite"
    report(path, "2024-01-01", (s.record for s in SUBJECTS))
    return {
        "changed": report(path, "2024-01-02", (s.saying(s.values[1]) for s in SUBJECTS)),
        "left out": report(path, "2024-01-03", (s.saying() for s in SUBJECTS)),
        "given": report(path, "2024-01-04", (s.saying(s.values[0]) for s in SUBJECTS)),
        "gone": report(path, "2024-01-05", ()),
        "come": report(path, "2024-01-06", (s.record for s in SUBJECTS)),
        "same": report(path, "2024-01-07", (s.record for s in SUBJECTS)),
    }


def items(found: Any) -> list[dict[str, Any]]:
    return [item for group in found["groups"] for item in group["items"]]


def shown(subject: Subject, value: str) -> list[str]:
    prop = ONTOLOGY.properties(subject.record.type)[subject.property]
    return list(display_values(prop, [prop.clean(value)]))


def test_every_type_and_every_property_takes_part() -> None:
    of = {(subject.record.type, subject.property) for subject in SUBJECTS}
    for kind in (*ONTOLOGY.node_names, *ONTOLOGY.link_names):
        if kind not in ABOUT_STATES_ALONE | ONTOLOGY.protected_links:
            curated = ONTOLOGY.nodes[kind].key if kind in ONTOLOGY.nodes else None
            assert {name for type_name, name in of if type_name == kind} == {*ONTOLOGY.properties(kind)} - {curated}


@pytest.mark.parametrize(
    ("change", "before", "now"), [("changed", 0, 1), ("left out", 1, None), ("given", None, 0)], ids=str
)
def test_the_next_report_says_what_each_property_was_and_is(
    reports: dict[str, Any], change: str, before: int | None, now: int | None
) -> None:
    told = {
        (item["text"].partition(":")[0], value["label"], *value["before"], "now", *value["now"])
        for item in items(reports[change])
        for value in item["values"]
    }
    untold = []
    for subject in SUBJECTS:
        was, is_now = ([] if at is None else shown(subject, subject.values[at]) for at in (before, now))
        differs = (property_label(subject.property), *was, "now", *is_now)
        texts = [text for text, *value in told if tuple(value) == differs]
        names_it = subject.record.ends or subject.property in ONTOLOGY.caption_properties(subject.record.type)
        names = (f"The {subject.record.type} of {subject.property}", subject.record.key)
        if not any(names_it or any(name in text for name in names) for text in texts):
            untold.append((subject.record.key, differs))
    assert untold == []


@pytest.mark.parametrize("change", ["gone", "come"])
def test_the_next_report_tells_each_record_that_went_or_came(reports: dict[str, Any], change: str) -> None:
    told = Counter[str]()
    for item in items(reports[change]):
        told[item["what"]] += item["records"]
    assert told[{"gone": "no longer reported", "come": "new"}[change]] == len(SUBJECTS)


def test_nothing_material_is_said_only_where_nothing_was_told(reports: dict[str, Any]) -> None:
    assert reports["same"]["groups"] == []
    assert reports["same"]["counted"] == []
