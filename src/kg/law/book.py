"""What is in force between whom on a day, which routes are there, and who carries them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.law import in_force as standing
from kg.law.citations import Citation
from kg.law.dates import is_reached, is_surely_reached
from kg.law.facts import AGENCY_WORK, FactDefinition
from kg.law.in_force import ForceStatus
from kg.law.routes import Route
from kg.law.tables import LawRow, read_table
from kg.law.toml_files import read_facts, read_routes
from kg.resources import data_dir

INTERNATIONAL = "international"
"""The kind of bodies that are of no jurisdiction."""

CONVENTIONS = {"UNCAC": "the UN Convention against Corruption", "UNTOC": "the UN Convention against Organized Crime"}


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """A body that can carry a request or answer a question."""

    id: str
    name: str
    kind: str
    jurisdiction: str
    work: frozenset[str]
    """What it can do, in the words of `kg.law.facts.WORK`."""


class LawBook:
    """The reference facts on law, asked by jurisdictions and day. Nothing in it is about a person."""

    def __init__(self, folder: Path) -> None:
        self.facts: Mapping[str, FactDefinition] = read_facts(folder)
        self.routes: Mapping[str, Route] = read_routes(folder, self.facts)
        self.jurisdictions = frozenset(row["alpha2"] for row in read_table(folder, "jurisdictions.csv"))
        self._extradition = _rows_by_parties(read_table(folder, "extradition_treaties.csv"))
        self._assistance = _rows_by_parties(read_table(folder, "mla_treaties.csv"))
        sharing = read_table(folder, "asset_sharing_agreements.csv")
        self._sharing = _rows_by_parties(r for r in sharing if r["kind"] == "agreement")
        self._bindings = {(r["instrument"], r["jurisdiction"]): r for r in read_table(folder, "conventions.csv")}
        self._rules = _rows_by_columns(read_table(folder, "jurisdiction_rules.csv"), "jurisdiction", "rule")
        agencies = read_table(folder, "agencies.csv")
        self._agencies = _rows_by_columns(agencies, "jurisdiction", "kind")
        self._work = _work_by_agency(read_table(folder, "agency_work.csv"), {row["id"] for row in agencies})

    def extradition_treaty(self, one: str, other: str, day: date) -> ForceStatus:
        """The extradition treaty between two jurisdictions."""
        return standing.agreement_status(
            self._extradition[_parties(one, other)], f"extradition treaty {one}–{other}", day
        )

    def mutual_assistance_treaty(self, one: str, other: str, day: date) -> ForceStatus:
        """The treaty on mutual assistance in criminal matters between two jurisdictions."""
        return standing.agreement_status(
            self._assistance[_parties(one, other)], f"mutual assistance treaty {one}–{other}", day
        )

    def sharing_agreement(self, one: str, other: str, day: date) -> ForceStatus:
        """The agreement on sharing forfeited assets between two jurisdictions; that two once shared is none."""
        return standing.agreement_status(
            self._sharing[_parties(one, other)], f"asset sharing agreement {one}–{other}", day
        )

    def convention(self, name: str, one: str, other: str, day: date) -> ForceStatus:
        """Whether a convention, `UNCAC` or `UNTOC`, binds two jurisdictions to each other."""
        each = [
            standing.convention_status(self._bindings.get((name, code)), f"{name} for {code}", day)
            for code in (one, other)
        ]
        return standing.weaker_status(each, f"{CONVENTIONS[name]}, {one} and {other}")

    def article_44(self, host: str, day: date) -> ForceStatus:
        """Whether a jurisdiction takes article 44 of UNCAC as a legal basis for extradition."""
        row, what = self._bindings.get(("UNCAC", host)), f"UNCAC article 44 as a basis in {host}"
        said = (row or {}).get("art44_position", "")
        if row is None or not said:
            return ForceStatus("unknown", what, "no source was read about it")
        in_force = standing.convention_status(row, what, day)
        if in_force.word != "yes":
            return in_force
        word: standing.ForceWord = "yes" if said == "usable_as_basis" else "no"
        return ForceStatus(word, what, said.replace("_", " "), (Citation.from_row(row),), in_force.checked)

    def rule(self, jurisdiction: str, name: str, day: date) -> tuple[str, ForceStatus]:
        """What a rule of a jurisdiction's law answers (`yes`, `no`, a number; empty if unknown), and its standing."""
        what = f"{name.replace('_', ' ')}, {jurisdiction}"
        return standing.rule_status(self._rules.get((jurisdiction, name), ()), what, day)

    def agencies(self, jurisdiction: str, kind: str, day: date, work: Collection[str]) -> tuple[KnownAgency, ...]:
        """The agencies of a kind that the tables know in a jurisdiction, may exist on a day and do one of these works.

        International bodies are of no jurisdiction.
        """
        where = "" if kind == INTERNATIONAL else jurisdiction
        found = (
            KnownAgency(r["id"], r["name"], kind, where, self._work.get(r["id"], frozenset()))
            for r in self._agencies.get((where, kind), ())
            if _may_be_active(r, day)
        )
        return tuple(agency for agency in found if not agency.work.isdisjoint(work))


def _work_by_agency(rows: Iterable[LawRow], agencies: Collection[str]) -> Mapping[str, frozenset[str]]:
    """What each agency does. Raises InputError for an agency and a word that nobody knows."""
    found: dict[str, frozenset[str]] = {}
    for line, row in enumerate(rows, 2):
        words = row["work"].split(";")
        if row["agency"] not in agencies:
            place = InputLocation("agency_work.csv", line=line, key="agency", value=row["agency"])
            raise InputError("expected an id of agencies.csv", place)
        if wrong := [word for word in words if word not in AGENCY_WORK]:
            raise InputError(
                f"expected words of {', '.join(AGENCY_WORK)}",
                InputLocation("agency_work.csv", line=line, key="work", value=wrong[0]),
            )
        found[row["agency"]] = frozenset(words)
    return found


def _may_be_active(row: LawRow, day: date) -> bool:
    ended = is_surely_reached(row["active_to"], day)
    return not ended and not (row["active_from"] and is_reached(row["active_from"], day) is False)


def _parties(one: str, other: str) -> frozenset[str]:
    return frozenset((one, other))


def _rows_by_parties(rows: Iterable[LawRow]) -> Mapping[frozenset[str], Sequence[LawRow]]:
    found: defaultdict[frozenset[str], list[LawRow]] = defaultdict(list)
    for row in rows:
        found[_parties(row["party_a"], row["party_b"])].append(row)
    return found


def _rows_by_columns(rows: Iterable[LawRow], *columns: str) -> Mapping[tuple[str, ...], Sequence[LawRow]]:
    found: dict[tuple[str, ...], list[LawRow]] = {}
    for row in rows:
        found.setdefault(tuple(row[c] for c in columns), []).append(row)
    return found


@lru_cache(maxsize=4)
def load_law(folder: Path | None = None) -> LawBook:
    """The law in a folder, that which came with this package by default.

    Raises InputError that names file, line or key, value and what was expected.
    """
    return LawBook(folder or data_dir("graph") / "reference")
