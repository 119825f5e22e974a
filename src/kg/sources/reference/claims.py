"""The claims of the rows of each reference table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import JURISDICTION_NAMESPACE, Record, Ref

_AGREEMENT = {
    "instrument": "instrument",
    "scope": "scope",
    "terms": "terms",
    "signed": "signed_on",
    "in_force": "in_force_from",
    "in_force_by": "in_force_by",
    "suspended_from": "suspended_from",
    "terminated": "terminated_on",
    "status": "status",
    "status_as_of": "status_as_of",
    "basis": "basis",
    "basis_status": "basis",
    "note": "summary",
}
_SHARING = {
    "kind": "kind",
    "terms": "terms",
    "status": "status",
    "status_as_of": "status_as_of",
    "basis": "basis",
    "note": "summary",
}
_ABSENCE = {"status": "status", "status_as_of": "status_as_of", "basis_status": "basis", "note": "summary"}
_BINDING = {
    "signed": "signed_on",
    "bound_on": "bound_on",
    "mode": "mode",
    "in_force": "in_force_from",
    "art44_position": "article_44_position",
    "status_as_of": "status_as_of",
    "basis": "basis",
    "note": "summary",
}
_AGENCY = {
    "name": "name",
    "name_zh": "name",
    "kind": "kind",
    "active_from": "active_from",
    "active_to": "active_to",
    "basis": "basis",
    "note": "summary",
}
_JURISDICTION = {"alpha3": "alpha3", "name": "name", "name_zh": "name", "iso_name": "name"}


class InvalidRow(ValueError):
    """A row whose claims cannot be read; the message says what was expected."""


class ReferenceCells:
    """The cells of a row that are not empty; remembers which have been used."""

    def __init__(self, cells: Mapping[str, str], namespace: str) -> None:
        self._left = {name: text for name, text in cells.items() if text.strip()}
        self.namespace = namespace

    def get(self, column: str) -> str:
        """A cell, without marking it as used; empty if there is none."""
        return self._left.get(column, "")

    def take(self, column: str) -> str:
        """A cell, marked as used; empty if there is none."""
        return self._left.pop(column, "")

    def take_all(self, columns: Mapping[str, str]) -> dict[str, list[str]]:
        """The cells under the ontology's property names; equal values of two columns count once."""
        found: dict[str, list[str]] = {}
        for column, name in columns.items():
            text = self.take(column)
            if text and text not in found.setdefault(name, []):
                found[name].append(text)
        return {name: texts for name, texts in found.items() if texts}

    def unused(self) -> dict[str, list[str]]:
        """The cells that were not used, under the file's own names."""
        return {name: [text] for name, text in self._left.items()}

    def jurisdiction(self, column: str) -> Ref:
        """The jurisdiction whose code is in a cell. Raises InvalidRow where it is none."""
        text = self.take(column)
        try:
            return Ref(JURISDICTION_NAMESPACE, VALUE_TYPES["jurisdiction"].clean(text))
        except BadValue as error:
            raise InvalidRow(f"column {column}, value {text!r}: {error}") from None


def jurisdiction(cells: ReferenceCells) -> Iterator[Record]:
    """A jurisdiction under its code, with names in English and Chinese."""
    code = cells.jurisdiction("alpha2").key
    yield Record(code, "Jurisdiction", cells.take_all(_JURISDICTION) | {"code": [code]})


def agency(cells: ReferenceCells) -> Iterator[Record]:
    """An agency, its jurisdiction, and the larger agency it belongs to."""
    key, roles = cells.take("id"), cells.take("roles")
    own = Ref(cells.namespace, key)
    properties = cells.take_all(_AGENCY) | {"role": [r.strip() for r in roles.split(";") if r.strip()]}
    yield Record(key, "Agency", properties)
    if cells.get("jurisdiction"):
        to = cells.jurisdiction("jurisdiction")
        yield Record(key, "AGENCY_OF", {}, f"jurisdiction:{to.key}", (own, to))
    if parent := cells.take("parent"):
        yield Record(key, "AGENCY_OF", {}, f"parent:{parent}", (own, Ref(cells.namespace, parent)))


def treaty(kind: str) -> Callable[[ReferenceCells], Iterator[Record]]:
    """Rows on pairs of jurisdictions: an agreement of `kind`, or the dated claim that there is none."""

    def claims(cells: ReferenceCells) -> Iterator[Record]:
        if cells.get("status") != "none":
            return _agreement(cells, kind)
        properties = cells.take_all(_ABSENCE) | {"kind": [kind]}
        ends = (cells.jurisdiction("party_a"), cells.jurisdiction("party_b"))
        return iter([Record(cells.take("id"), "NO_AGREEMENT_WITH", properties, ends=ends)])

    return claims


def convention(cells: ReferenceCells) -> Iterator[Record]:
    """A convention, which many rows claim alike, and the position of one jurisdiction."""
    name = cells.take("instrument")
    properties = {"name": [cells.take("instrument_full"), name], "kind": ["convention"]}
    yield Record(name.lower(), "Agreement", properties)
    ends = (cells.jurisdiction("jurisdiction"), Ref(cells.namespace, name.lower()))
    yield Record(cells.take("id"), "BOUND_BY", cells.take_all(_BINDING), ends=ends)


def asset_sharing(cells: ReferenceCells) -> Iterator[Record]:
    """An agreement or programme; a rule of a convention; or a case or policy without either."""
    kind = cells.get("kind")
    if kind in {"agreement", "programme"}:
        return _agreement(cells, "asset_sharing")
    if kind == "convention_rule":
        named = cells.get("instrument").lower().split(" ")[0]
        properties = cells.take_all({c: n for c, n in _AGREEMENT.items() if n != "instrument"})
        properties["kind"] = ["convention"]
        return iter([Record(cells.take("id"), "Agreement", properties, referents=(named,))])
    if kind in {"shared_case_by_case", "stated_policy"}:
        properties, ends = cells.take_all(_SHARING), (cells.jurisdiction("party_a"), cells.jurisdiction("party_b"))
        return iter([Record(cells.take("id"), "SHARES_ASSETS_WITH", properties, ends=ends)])
    known = "agreement, programme, convention_rule, shared_case_by_case, stated_policy"
    raise InvalidRow(f"column kind, value {kind!r}: expected one of {known}")


def _agreement(cells: ReferenceCells, kind: str) -> Iterator[Record]:
    """An agreement, named after its instrument and parties, and each party that is named."""
    key, parties = cells.take("id"), [c for c in ("party_a", "party_b") if cells.get(c)]
    bound = [cells.jurisdiction(column) for column in parties]
    properties = cells.take_all(_AGREEMENT)
    title = [*properties.get("instrument", []), "–".join(p.key for p in bound), *properties.get("signed_on", [])]
    yield Record(key, "Agreement", properties | {"name": [", ".join(title)], "kind": [kind]})
    for party in bound:
        yield Record(key, "BOUND_BY", {}, f"party:{party.key}", (party, Ref(cells.namespace, key)))


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """One file: its required columns, and the claims of a row."""

    columns: Sequence[str]
    read_claims: Callable[[ReferenceCells], Iterator[Record]]
    shared_type: str = ""
    """Type of the claims that many rows make alike: each is kept once, as in the first of them."""


_SOURCE = ("source_title", "source_url", "source_date")
TABLES = {
    "jurisdictions.csv": ReferenceTable(("alpha2", "alpha3", "name", "name_zh"), jurisdiction),
    "agencies.csv": ReferenceTable(("id", "name", "jurisdiction", "kind", "parent", *_SOURCE), agency),
    "extradition_treaties.csv": ReferenceTable(("id", "party_a", "party_b", "status", *_SOURCE), treaty("extradition")),
    "mla_treaties.csv": ReferenceTable(("id", "party_a", "party_b", "status", *_SOURCE), treaty("mutual_assistance")),
    "conventions.csv": ReferenceTable(
        ("id", "instrument", "instrument_full", "jurisdiction", *_SOURCE), convention, "Agreement"
    ),
    "asset_sharing_agreements.csv": ReferenceTable(("id", "party_a", "party_b", "kind", *_SOURCE), asset_sharing),
}
