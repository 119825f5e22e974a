"""Maps the properties of FollowTheMoney schemata to those of the ontology."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.ontology import Ontology
from kg.ontology.derive.ftm import CURRENCIES, FtmFields
from kg.ontology.values import decimal_point
from kg.records import PAYEE_ACCOUNT, PAYER_ACCOUNT, Reject
from kg.sources.countries import citizenship_code, citizenship_problem, jurisdiction_code, state_code
from kg.sources.record_builder import Texts
from kg.sources.rows import PropertyChecks, SourceRow, ValueCheck

PAYMENT_ACCOUNTS = {"payerAccount": PAYER_ACCOUNT, "beneficiaryAccount": PAYEE_ACCOUNT}
"""What names the accounts of a Payment beside its parties, and the properties of the ontology."""

NOT_JURISDICTIONS = {"EU", "IP", "UN", "ZZ", "SUHH", "YUCS", "CSXX", "CSHH", "DDDE", "X-SO", "CY-TRNC"}
"""Codes that FollowTheMoney lists as countries: the European Union, cyberspace, the United Nations, the globe, states
that have ended, and two regions that ISO 3166 has no code for."""


@lru_cache(maxsize=4_096)
def country_code(raw: str) -> str:
    """The code of a jurisdiction for one of FollowTheMoney's countries; empty for `suhh`, `zz`, `xx` and the like."""
    return "" if is_not_jurisdiction(raw) else jurisdiction_code(raw) or citizenship_code(raw)


def is_not_jurisdiction(raw: str) -> bool:
    """Whether a value is a code of FollowTheMoney that means no jurisdiction."""
    return raw.upper().replace("_", "-") in NOT_JURISDICTIONS


def country_problem(raw: str) -> str:
    """What is wrong with a country that has no code; empty for those of FollowTheMoney that are no jurisdictions."""
    return "" if is_not_jurisdiction(raw) else citizenship_problem(raw)


_DAY_OF_VALUE = {"balance": "balanceDate"}
"""FollowTheMoney's properties with a value that states its day, and the one with the day."""

_NO_DAY = "expected the kind and the day of the value too, which the property does not state"


class _TargetProperty(NamedTuple):
    target: str
    problem: ValueCheck
    is_jurisdiction: bool
    """Whether its values are codes of jurisdictions."""


class PropertyMapper:
    """Maps the properties of one schema to those of one type; built once, used for every row."""

    def __init__(self, ontology: Ontology, checks: PropertyChecks, type_name: str, fields: FtmFields) -> None:
        properties, problems = ontology.properties(type_name), checks.of_type(type_name)
        self._valuation = next((name for name, known in properties.items() if known.type == "valuation"), "")
        taken = {*fields.properties, *(name for names in fields.money.values() for name in names)}
        worth = (*_DAY_OF_VALUE, "amount", *CURRENCIES) if self._valuation else ()
        self.values = tuple(name for name in worth if name not in taken)
        """FollowTheMoney's properties that say what an asset is worth."""
        self.targets: Mapping[str, str] = {
            **dict.fromkeys(self.values, self._valuation),
            **{name: target for target, names in fields.money.items() for name in names},
            **fields.properties,
        }
        """FollowTheMoney's property to that of the ontology."""
        self.fields: Mapping[str, str] = fields.properties
        """The same, without what goes into amounts of money."""
        self._fields = {
            ftm_name: _TargetProperty(target, problems[target], properties[target].type == "jurisdiction")
            for ftm_name, target in fields.properties.items()
        }
        self._money = fields.money
        self._problems: Mapping[str, ValueCheck] = problems

    def map_properties(self, row: SourceRow, values: Texts, rejects: list[Reject]) -> Texts:
        """Take the values of the type's properties out of `values`; those that cannot be read become rejects."""
        kept: Texts = {}
        for name in [n for n in values if n in self._fields]:
            field = self._fields[name]
            found = values.pop(name)
            if field.is_jurisdiction and (left := [v for v in found if is_not_jurisdiction(v)]):
                values[name], found = left, [v for v in found if v not in left]
            _add_values(kept, field.target, self._valid_values(row, name, field, found, rejects))
        for target, names in self._money.items():
            self.take_money(row, values, target, names, kept, rejects)
        if stated := [name for name in self.values if values.get(name)]:
            currencies = values.pop("currency", kept.get("currency", []))
            for name in stated:
                self._take_value(row, values, (name, " or ".join(currencies)), kept, rejects)
        return kept

    def _take_value(
        self, row: SourceRow, values: Texts, of: tuple[str, str], kept: Texts, rejects: list[Reject]
    ) -> None:
        """Take what an asset is said to be worth: a valuation where the entity states its day, else words that are
        not understood. `of` is FollowTheMoney's name, and the currency that the entity names.
        """
        name, amounts = of[0], values.pop(of[0])
        currency = CURRENCIES.get(name) or of[1]
        days = values.get(_DAY_OF_VALUE.get(name, ""), [])
        for amount in amounts:
            words = f"{amount} {currency}".strip()
            value = f"{name} {days[0]} {decimal_point(amount)} {currency}" if len(days) == 1 else ""
            problem = self._problems[self._valuation](value) if value else _NO_DAY
            if problem:
                rejects.append(row.reject_value(name, words, problem, self._valuation))
            else:
                _add_values(kept, self._valuation, [value])
        if days and kept.get(self._valuation):
            values.pop(_DAY_OF_VALUE[name], None)

    def _valid_values(
        self, row: SourceRow, name: str, field: _TargetProperty, found: list[str], rejects: list[Reject]
    ) -> list[str]:
        if not any(map(field.problem, found)):
            return found
        bad = [v for v in found if field.problem(v)]
        rejects += (row.reject_value(name, v, field.problem(v), field.target) for v in bad)
        return [v for v in found if v not in bad]

    def take_money(
        self, row: SourceRow, values: Texts, target: str, names: tuple[str, ...], kept: Texts, rejects: list[Reject]
    ) -> None:
        """Join amount and currency. Only the first complete pair is used: the others convert the same amount.

        Without a complete pair, amounts become rejects, with the currencies that they may be in.
        """
        for name in names:
            stated = values.get("currency", [])
            currency = CURRENCIES.get(name) or (stated[0] if len(stated) == 1 else "")
            if name not in values or not (currency or self._has_currency(target, values[name])):
                continue
            sums = [f"{decimal_point(amount)} {currency}".strip() for amount in values.pop(name)]
            if name not in CURRENCIES:
                values.pop("currency", None)
            field = _TargetProperty(target, self._problems[target], False)
            _add_values(kept, target, self._valid_values(row, name, field, sums, rejects))
            return
        if name := next((name for name in names if values.get(name)), ""):
            self._take_incomplete(row, values, (target, name), kept, rejects)

    def _take_incomplete(
        self, row: SourceRow, values: Texts, of: tuple[str, str], kept: Texts, rejects: list[Reject]
    ) -> None:
        """Take amounts that have no currency, or one of several; `of` is as target and FollowTheMoney's name."""
        (target, name), stated = of, values.pop("currency", [])
        choices = f" ({' or '.join(stated)})" if stated else ""
        for amount in values.pop(name):
            if problem := self._problems[target](f"{decimal_point(amount)}{choices}"):
                rejects.append(row.reject_value(name, f"{amount}{choices}", problem, target))
            else:
                _add_values(kept, target, [amount])

    def _has_currency(self, target: str, amounts: list[str]) -> bool:
        """Whether amounts name their currency themselves."""
        return not any(map(self._problems[target], amounts))


def _add_values(kept: Texts, name: str, values: list[str]) -> None:
    if values:
        kept[name] = sorted({*kept[name], *values}) if name in kept else values


@lru_cache(maxsize=4_096)
def split_countries(found: tuple[str, ...]) -> tuple[Sequence[str], Sequence[str]]:
    """The countries that become links, one for each state, and those that are kept as the source wrote them.

    The latter are parts of a state, or no countries. A part becomes a link to its state where that is not named itself.
    """
    places = {value: country_code(value) for value in found}
    named = {place for place in places.values() if place == state_code(place)} - {""}
    one_each = {place: value for value, place in sorted(places.items(), reverse=True) if place in named}
    one_each |= {place: value for value, place in places.items() if place in named and value.upper() == place}
    linked = sorted(one_each.values())
    for value, place in sorted(places.items()):
        if place and state_code(place) not in named:
            named.add(state_code(place))
            linked.append(value)
    return linked, [value for value, place in places.items() if not place or place != state_code(place)]
