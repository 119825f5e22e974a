"""What a report says about one member of a cluster, and with which sources."""

from __future__ import annotations

from dataclasses import dataclass

from kg.findings.accusations import StatedStage, last_stages


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One independent source, or several that copy one origin."""

    sources: tuple[str, ...]
    origin: str
    reliability: str
    """A to F, or empty if nobody graded it."""
    credibility: str
    """1 to 6, or empty."""
    stated: str
    """When the source said it; empty if unknown."""
    loaded: str
    """Day on which the ledger first had it."""
    url: str
    handling: str
    invented: bool
    page: str = ""
    """Where in the cited document the source says it."""

    @property
    def grade(self) -> str:
        """`B2`, `B–` if only the source is graded, empty if neither is."""
        return f"{self.reliability or '–'}{self.credibility or '–'}" if self.reliability or self.credibility else ""

    @property
    def copy_count(self) -> int:
        """How many further sources repeat it."""
        return len(self.sources) - 1


@dataclass(frozen=True, slots=True)
class LinkStatement:
    """One link in words, and who says so; `evidence` is empty if kg derived it."""

    id: str
    text: str
    evidence: tuple[EvidenceEntry, ...]
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One property as people read it; several values if sources differ or add to each other."""

    label: str
    values: tuple[str, ...]
    evidence: tuple[tuple[EvidenceEntry, ...], ...] = ()
    """Who says each value, in the order of the values; empty where that is told elsewhere."""


@dataclass(frozen=True, slots=True)
class JurisdictionLink:
    """What ties a member to a jurisdiction. `code` and `name` are empty if only an address is known."""

    code: str
    name: str
    how: str
    """`citizen of`, `present in`, `registered in`, …"""
    detail: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pursuit:
    """One warrant, notice or list entry that names a person."""

    id: str
    paper: str
    """`warrant 17`, `red notice A-1/2004`, `list entry 5 (Name of the list)`."""
    by: str
    since: str
    ended: str
    reason: str
    """Why it is no longer in force; empty if it is, or if no source says."""
    in_force: bool
    evidence: tuple[EvidenceEntry, ...]
    sought_since: str = ""
    """Since when the issuer has sought the person, if that was by papers of which this one replaced the last."""

    @property
    def since_words(self) -> str:
        """`2014-03-02`; `2014-03-02, now under warrant 18` where that paper replaced another one."""
        if self.sought_since:
            return f"{self.sought_since}, now under {self.paper}"
        return self.since or "an unknown day"


@dataclass(frozen=True, slots=True)
class Accusation:
    """What one independent source says about a party and an offence."""

    stage: str
    offence: str
    said_by: str
    date: str
    evidence: EvidenceEntry
    text: str
    """The same in one sentence, as everywhere: `charged by a court since 2004-05: embezzlement`."""
    offence_id: str

    @property
    def speaker(self) -> str:
        """Who says so: whom the source names, else the sources."""
        return self.said_by or " and ".join(self.evidence.sources)

    @property
    def stated(self) -> StatedStage:
        """The stage that it states."""
        return StatedStage(self.stage, self.date, frozenset((self.speaker, *self.evidence.sources)))


@dataclass(frozen=True, slots=True)
class Clearance:
    """A statement that a person is cleared."""

    by: str
    date: str
    of: str
    evidence: tuple[EvidenceEntry, ...]
    of_id: str
    """Id of the offence, warrant or notice that it is about."""


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """One member of a cluster."""

    id: str
    name: str
    other_names: tuple[str, ...]
    kind: str
    role: str
    because: tuple[LinkStatement, ...]
    """The links that give a party its role or tie it to the others, strongest first."""
    because_left_out: int
    details: tuple[Detail, ...]
    where: tuple[JurisdictionLink, ...]
    sources: tuple[str, ...]
    invented: bool

    @property
    def shared_evidence(self) -> tuple[EvidenceEntry, ...]:
        """Who says all of the details; empty where they are said by several, each by its own."""
        said = {evidence for detail in self.details for evidence in detail.evidence}
        return next(iter(said)) if len(said) == 1 else ()


@dataclass(frozen=True, slots=True)
class PartyEntry(MemberEntry):
    """A person, enterprise or arrangement."""

    pursuits: tuple[Pursuit, ...]
    accusations: tuple[Accusation, ...]
    cleared: tuple[Clearance, ...]
    note: str
    """`Not accused in these sources.` for a person who is neither accused nor was ever sought."""
    posts: tuple[LinkStatement, ...] = ()
    """Posts that the party held."""
    victims: tuple[LinkStatement, ...] = ()
    """Who is the victim of what the party is accused of, unless it is cleared."""
    died: str = ""
    """The day on which sources say that the person died."""

    @property
    def sought(self) -> bool:
        """Whether a warrant, notice or list entry in force names the party."""
        return any(p.in_force for p in self.pursuits)

    @property
    def procedural_status(self) -> str:
        """The heading of a person: `sought`, `cleared` (by some source), `accused` (or formerly sought), or none."""
        if self.sought:
            return "sought"
        return "cleared" if self.cleared else "accused" if self.pursuits or self.accusations else ""

    @property
    def listed_pursuits(self) -> tuple[Pursuit, ...]:
        """The warrants, notices and list entries, without those that ended because the person was cleared."""
        return tuple(p for p in self.pursuits if p.in_force or "cleared" not in p.reason)

    @property
    def listed_accusations(self) -> tuple[Accusation, ...]:
        """The accusations against the party."""
        return tuple(a for a in self.accusations if a.stage != "cleared")

    @property
    def standing_accusations(self) -> tuple[Accusation, ...]:
        """Those of them that no clearance of the same offence answers."""
        offences = dict.fromkeys(a.offence_id for a in self.accusations)
        each = ([a for a in self.accusations if a.offence_id == offence] for offence in offences)
        return tuple(a for said in each for a in last_stages(said, lambda one: one.stated)[0])


@dataclass(frozen=True, slots=True)
class AssetValue:
    """What a source says an asset is worth."""

    asset_id: str
    asset: str
    of: str
    """`assets` or `enterprises`: the value of an enterprise includes what it owns."""
    kind: str
    when: str
    low: str
    high: str
    currency: str
    basis: str
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True, slots=True)
class ValueTotal:
    """The newest value of each asset, added up within one currency, kind and basis."""

    currency: str
    kind: str
    basis: str
    of: str
    low: str
    high: str
    assets: int
    first: str
    last: str
    note: str
    """Says that values of different dates are added up, if they are."""


@dataclass(frozen=True, slots=True)
class AssetEntry(MemberEntry):
    """An asset that is no party."""

    held_by: tuple[LinkStatement, ...]
    values: tuple[AssetValue, ...]
    measures: tuple[str, ...]
    proceeds: tuple[LinkStatement, ...]
    state: str = "held"
    """Its enforcement status: one of `kg.findings.ASSET_STATUSES`, or `former`."""

    @property
    def is_held(self) -> bool:
        """Whether it is not said that each known holder gave it up."""
        return self.state != "former"


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One dated stage of a procedure."""

    label: str
    date: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """A measure, request or case that is about members."""

    id: str
    kind: str
    name: str
    by: str
    steps: tuple[ProcedureStep, ...]
    details: tuple[Detail, ...]
    about: tuple[str, ...]
    """Names of the members that it targets or involves."""
    about_ids: tuple[str, ...]
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True, slots=True)
class ExhibitEntry:
    """A document that shows something about a member."""

    document_id: str
    title: str
    about: str
    """The name of the member."""
    about_id: str
    link: str
    """The link that it shows, in words; empty where it shows the member itself."""
    link_id: str
    pages: tuple[str, ...]
    media_type: str
    size: str
    """In bytes."""
    sha256: str
    """Of the file's bytes; empty where no source names a file."""
    evidence: tuple[EvidenceEntry, ...]
    problem: str = ""
    """What was wrong with the attached file when the report was made; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class UnreadEntry:
    """What a source says that could not be read, and so is in no table, total or chain."""

    about: str
    """The node or link that it was said of, by id."""
    bears_on: str
    """`ownership` for a share, or a date of a holding; `values` for an amount or a valuation; else empty."""
    text: str


@dataclass(frozen=True, slots=True)
class ContradictingValue:
    """One of several values, and who says it."""

    value: str
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True, slots=True)
class ContradictionEntry:
    """Values that cannot all be true of one thing."""

    about: str
    of: str
    """Which property, in words."""
    values: tuple[ContradictingValue, ...]
    about_ids: tuple[str, ...]
    link: str = ""
    """The link that it is about, by id; the types of links if it is about several."""
    says: str = ""
    """In words, where the values alone do not say it."""
