"""What is in force between two jurisdictions on a day, which routes are there, and which agencies are competent?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.law.conditions import NO, UNKNOWN
from kg.law.exchange_rates import ExchangeRates, read_exchange_rates
from kg.law.facts import AGENCY_WORK, FactDefinition, read_facts
from kg.law.in_force import (
    ForceStatus,
    agreement_status,
    convention_status,
    is_surely_reached,
    rule_status,
    weaker_status,
)
from kg.law.presumptions import Presumption, read_presumptions
from kg.law.routes import Route, read_routes
from kg.law.stages import Stage, read_stages
from kg.law.tables import Citation, LawRow, read_optional_table, read_table
from kg.ontology.values import is_reached
from kg.resources import data_dir

INTERNATIONAL = "international"
"""The kind of the bodies that belong to no jurisdiction."""

AGREEMENTS = {
    "extradition treaty": "extradition_treaties.csv",
    "mutual assistance treaty": "mla_treaties.csv",
    "asset sharing agreement": "asset_sharing_agreements.csv",
}
"""Kinds of agreements between two jurisdictions, each with its table."""

CONVENTIONS = {"UNCAC": "the UN Convention against Corruption", "UNTOC": "the UN Convention against Organized Crime"}


class LawBook:
    """The reference facts about law, by jurisdiction and day. It holds nothing about a person."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.facts: Mapping[str, FactDefinition] = read_facts(folder)
        self.routes: Mapping[str, Route] = read_routes(folder, self.facts)
        self.presumptions: Sequence[Presumption] = read_presumptions(folder, self.facts)
        self.stages: Mapping[str, Stage] = read_stages(folder, self.facts, self.routes)
        self.jurisdictions = frozenset(row["alpha2"] for row in read_table(folder, "jurisdictions.csv"))
        self._agreements = {kind: _rows_by_parties(read_table(folder, file)) for kind, file in AGREEMENTS.items()}
        conventions = read_table(folder, "conventions.csv")
        self._bindings = {(row["instrument"], row["jurisdiction"]): row for row in conventions}
        self._states = {row["jurisdiction"]: row["territorial_of"] for row in conventions if row.get("territorial_of")}
        self._channels = _rows_of_channels(read_optional_table(folder, "intelligence_channels.csv"))
        self._rules = _rows_by_columns(read_table(folder, "jurisdiction_rules.csv"), "jurisdiction", "rule")
        agencies = read_table(folder, "agencies.csv")
        self._agencies = _rows_by_columns(agencies, "jurisdiction", "kind")
        self._states_by_agency = _states_by_agency(agencies)
        self._work = _work_by_agency(read_table(folder, "agency_work.csv"), {row["id"] for row in agencies})

    @cached_property
    def rates(self) -> ExchangeRates:
        """The rates of exchange, read when they are first needed. Raises InputError for a mistake in their table."""
        return read_exchange_rates(self._folder)

    def agreement(self, kind: str, one: str, other: str, day: date) -> ForceStatus:
        """The agreement of a kind of AGREEMENTS between two jurisdictions; a single case of sharing is none."""
        rows = self._agreements[kind].get(frozenset((one, other)), ())
        return agreement_status(rows, f"{kind} {one}–{other}", day)

    def convention(self, name: str, one: str, other: str, day: date) -> ForceStatus:
        """Whether a convention, `UNCAC` or `UNTOC`, binds two jurisdictions to each other.

        It does not bind a state and its own region, or two regions of one state, which are one party.
        """
        if (state := self.state_of(one)) == self.state_of(other):
            what = f"{CONVENTIONS[name]}, {one} and {other}"
            rows = (self._bindings.get((name, code)) for code in (one, other))
            cited = tuple(Citation.from_row(row) for row in rows if row)
            return ForceStatus("no", what, f"both belong to one party, {state}", cited, is_lasting=True)
        each = [convention_status(self._bindings.get((name, code)), f"{name} for {code}", day) for code in (one, other)]
        return weaker_status(each, f"{CONVENTIONS[name]}, {one} and {other}")

    def state_of(self, jurisdiction: str) -> str:
        """The state that is the party for a jurisdiction: its own, or the one whose region it is."""
        return self._states.get(jurisdiction, jurisdiction)

    def article_44(self, host: str, day: date) -> ForceStatus:
        """Whether a jurisdiction takes article 44 of UNCAC as a legal basis for extradition."""
        row, what = self._bindings.get(("UNCAC", host)), f"UNCAC article 44 as a basis in {host}"
        position = (row or {}).get("art44_position", "")
        if row is None or not position:
            return ForceStatus("unknown", what, "no source was read about it")
        status = convention_status(row, what, day)
        if status.word != "yes":
            return status
        return replace(status, word="yes" if position == "usable_as_basis" else "no", reason=position.replace("_", " "))

    def intelligence_channel(self, one: str, other: str, day: date) -> ForceStatus:
        """Whether the financial intelligence units of two jurisdictions may exchange.

        They may where both are in the Egmont Group, or by a memorandum between the two.
        """
        what = f"exchange between financial intelligence units, {one} and {other}"
        rows = self._channels.get(frozenset((one, other)), ())
        memorandum = agreement_status(rows, f"memorandum of the units of {one} and {other}", day)
        if memorandum.word == "yes":
            return replace(memorandum, instrument=what)
        each = (
            agreement_status(self._channels.get(frozenset((c,)), ()), f"Egmont Group, {c}", day) for c in (one, other)
        )
        members = weaker_status(list(each), what)
        if members.answer == NO and memorandum.answer == UNKNOWN:
            reason = f"{members.reason}; whether there is a memorandum is not known"
            return replace(members, word="unknown", reason=reason)
        return members

    def rule(self, jurisdiction: str, name: str, day: date) -> tuple[str, ForceStatus]:
        """What a rule of a jurisdiction's law answers (`yes`, `no`, a number; empty if unknown), and its status."""
        what = f"{name.replace('_', ' ')}, {jurisdiction}"
        return rule_status(self._rules.get((jurisdiction, name), ()), what, day)

    def agencies(self, jurisdiction: str, kind: str, day: date, work: Collection[str]) -> Sequence[LawRow]:
        """The agencies of a kind in a jurisdiction that may be active on a day and do some of this work.

        International bodies belong to no jurisdiction.
        """
        rows = self._agencies.get(("" if kind == INTERNATIONAL else jurisdiction, kind), ())
        return [row for row in rows if _may_be_active(row, day) and self._work.get(row["id"], frozenset()) & set(work)]

    def states_of_agency(self, name: str) -> frozenset[str]:
        """The jurisdictions of the agencies with this name, of which there may be several; none where none has it."""
        return self._states_by_agency.get(name.casefold().strip(), frozenset())


def _work_by_agency(rows: Iterable[LawRow], agencies: Collection[str]) -> Mapping[str, frozenset[str]]:
    """What each agency does. Raises InputError for an unknown agency and an unknown word."""
    found: dict[str, frozenset[str]] = {}
    for line, row in enumerate(rows, 2):
        words = row["work"].split(";")
        if row["agency"] not in agencies:
            place = InputLocation("agency_work.csv", line=line, key="agency", value=row["agency"])
            raise InputError("expected an id of agencies.csv", place)
        if wrong := [word for word in words if word not in AGENCY_WORK]:
            place = InputLocation("agency_work.csv", line=line, key="work", value=wrong[0])
            raise InputError(f"expected words of {', '.join(AGENCY_WORK)}", place)
        found[row["agency"]] = frozenset(words)
    return found


def _states_by_agency(agencies: Iterable[LawRow]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in (row for row in agencies if row["jurisdiction"]):
        for name in (row["name"].casefold(), row["name_zh"].casefold()):
            found[name] = found.get(name, frozenset()) | {row["jurisdiction"]}
    return {name: states for name, states in found.items() if name}


def _may_be_active(row: LawRow, day: date) -> bool:
    ended = is_surely_reached(row["active_to"], day)
    return not ended and not (row["active_from"] and is_reached(row["active_from"], day) is False)


def _rows_by_parties(rows: Iterable[LawRow]) -> Mapping[frozenset[str], Sequence[LawRow]]:
    found: dict[frozenset[str], list[LawRow]] = {}
    for row in (row for row in rows if row.get("kind", "agreement") == "agreement"):
        found.setdefault(frozenset((row["party_a"], row["party_b"])), []).append(row)
    return found


def _rows_of_channels(rows: Iterable[LawRow]) -> Mapping[frozenset[str], Sequence[LawRow]]:
    """Rows of a memorandum by its two jurisdictions, rows of a membership by the one, as rows about an agreement."""
    found: dict[frozenset[str], list[LawRow]] = {}
    for row in rows:
        dated = {**row, "in_force": row["valid_from"], "terminated": row["valid_to"]}
        found.setdefault(frozenset(filter(None, (row["party_a"], row["party_b"]))), []).append(dated)
    return found


def _rows_by_columns(rows: Iterable[LawRow], *columns: str) -> Mapping[tuple[str, ...], Sequence[LawRow]]:
    found: dict[tuple[str, ...], list[LawRow]] = {}
    for row in rows:
        found.setdefault(tuple(row[c] for c in columns), []).append(row)
    return found


@lru_cache(maxsize=4)
def load_law(folder: Path | None = None) -> LawBook:
    """The law in a folder; by default the one that comes with this package.

    Raises InputError that names file, line or key, value and what was expected.
    """
    return LawBook(folder or data_dir("graph") / "reference")
