"""The claims of the rows of each reference table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.records import Ref
from kg.sources.reference.cells import InvalidRow, ReferenceCells, ReferenceClaim

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


def jurisdiction(cells: ReferenceCells) -> Iterator[ReferenceClaim]:
    """A jurisdiction under its code, with names in English and Chinese."""
    code = cells.jurisdiction("alpha2").key
    yield ReferenceClaim(code, "Jurisdiction", cells.take_all(_JURISDICTION) | {"code": [code]})


def agency(cells: ReferenceCells) -> Iterator[ReferenceClaim]:
    """An agency, its jurisdiction, and the larger agency it belongs to."""
    key, roles = cells.take("id"), cells.take("roles")
    own = Ref(cells.namespace, key)
    yield ReferenceClaim(
        key, "Agency", cells.take_all(_AGENCY) | {"role": [r.strip() for r in roles.split(";") if r.strip()]}
    )
    if cells.get("jurisdiction"):
        to = cells.jurisdiction("jurisdiction")
        yield ReferenceClaim(key, "AGENCY_OF", part=f"jurisdiction:{to.key}", ends=(own, to))
    if parent := cells.take("parent"):
        yield ReferenceClaim(key, "AGENCY_OF", part=f"parent:{parent}", ends=(own, Ref(cells.namespace, parent)))


def treaty(kind: str) -> Callable[[ReferenceCells], Iterator[ReferenceClaim]]:
    """Rows on pairs of jurisdictions: an agreement of `kind`, or the dated claim that there is none."""

    def claims(cells: ReferenceCells) -> Iterator[ReferenceClaim]:
        if cells.get("status") != "none":
            return _agreement(cells, kind)
        properties = cells.take_all(_ABSENCE) | {"kind": [kind]}
        ends = (cells.jurisdiction("party_a"), cells.jurisdiction("party_b"))
        return iter([ReferenceClaim(cells.take("id"), "NO_AGREEMENT_WITH", properties, ends=ends)])

    return claims


def convention(cells: ReferenceCells) -> Iterator[ReferenceClaim]:
    """A convention, which many rows claim alike, and the position of one jurisdiction."""
    name = cells.take("instrument")
    properties = {"name": [cells.take("instrument_full"), name], "kind": ["convention"]}
    yield ReferenceClaim(name.lower(), "Agreement", properties, is_shared=True)
    ends = (cells.jurisdiction("jurisdiction"), Ref(cells.namespace, name.lower()))
    yield ReferenceClaim(cells.take("id"), "BOUND_BY", cells.take_all(_BINDING), ends=ends)


def asset_sharing(cells: ReferenceCells) -> Iterator[ReferenceClaim]:
    """An agreement or programme; a rule of a convention; or a case or policy without either."""
    kind = cells.get("kind")
    if kind in {"agreement", "programme"}:
        return _agreement(cells, "asset_sharing")
    if kind == "convention_rule":
        named = cells.get("instrument").lower().split(" ")[0]
        properties = cells.take_all({c: n for c, n in _AGREEMENT.items() if n != "instrument"}) | {
            "kind": ["convention"]
        }
        return iter([ReferenceClaim(cells.take("id"), "Agreement", properties, referents=(named,))])
    if kind in {"shared_case_by_case", "stated_policy"}:
        properties, ends = cells.take_all(_SHARING), (cells.jurisdiction("party_a"), cells.jurisdiction("party_b"))
        return iter([ReferenceClaim(cells.take("id"), "SHARES_ASSETS_WITH", properties, ends=ends)])
    known = "agreement, programme, convention_rule, shared_case_by_case, stated_policy"
    raise InvalidRow(f"column kind, value {kind!r}: expected one of {known}")


def _agreement(cells: ReferenceCells, kind: str) -> Iterator[ReferenceClaim]:
    """An agreement, named after its instrument and parties, and each party that is named."""
    key, parties = cells.take("id"), [c for c in ("party_a", "party_b") if cells.get(c)]
    bound = [cells.jurisdiction(column) for column in parties]
    properties = cells.take_all(_AGREEMENT)
    title = [*properties.get("instrument", []), "–".join(p.key for p in bound), *properties.get("signed_on", [])]
    yield ReferenceClaim(key, "Agreement", properties | {"name": [", ".join(title)], "kind": [kind]})
    for party in bound:
        yield ReferenceClaim(key, "BOUND_BY", part=f"party:{party.key}", ends=(party, Ref(cells.namespace, key)))


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """One file: its required columns, and the claims of a row."""

    columns: Sequence[str]
    read_claims: Callable[[ReferenceCells], Iterator[ReferenceClaim]]


_SOURCE = ("source_title", "source_url", "source_date")
TABLES = {
    "jurisdictions.csv": ReferenceTable(("alpha2", "alpha3", "name", "name_zh"), jurisdiction),
    "agencies.csv": ReferenceTable(("id", "name", "jurisdiction", "kind", "parent", *_SOURCE), agency),
    "extradition_treaties.csv": ReferenceTable(("id", "party_a", "party_b", "status", *_SOURCE), treaty("extradition")),
    "mla_treaties.csv": ReferenceTable(("id", "party_a", "party_b", "status", *_SOURCE), treaty("mutual_assistance")),
    "conventions.csv": ReferenceTable(("id", "instrument", "instrument_full", "jurisdiction", *_SOURCE), convention),
    "asset_sharing_agreements.csv": ReferenceTable(("id", "party_a", "party_b", "kind", *_SOURCE), asset_sharing),
}
