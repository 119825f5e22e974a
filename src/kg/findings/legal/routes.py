"""What the analysis of legal routes returns; the service and `--json` print these classes as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Literal

from pydantic import PlainSerializer, WithJsonSchema, computed_field

from kg.findings.legal.recoverable import LapseDate, LinkedAsset
from kg.law import INTERNATIONAL, Answer, Citation, Route

RouteState = Literal["open", "to_examine", "needs", "blocked", "person_initiated_only"]

ROUTE_STATES: tuple[RouteState, ...] = ("open", "to_examine", "needs", "blocked", "person_initiated_only")
"""`open`: no recorded legal obstacle, never a recommendation. `to_examine`: the law and the case are met, and bars that
no record raises, or presumptions, have to be examined. `needs`: facts are missing. `blocked`: a fact stands against it.
`person_initiated_only`: only the person can set it off; it is no gap and in no portfolio."""

OUTCOME_GROUPS = ("return_of_person", "prosecution", "asset")
"""Groups of routes that end in something more than information."""

STATE_LABELS: Mapping[RouteState, str] = {
    "open": "open",
    "to_examine": "to examine",
    "needs": "incomplete",
    "blocked": "blocked",
    "person_initiated_only": "person initiated only",
}
"""What a reader sees in place of a state's name."""

NOT_RAISED = "not raised in these sources"
"""What a reader sees in place of the answer to a bar that no record raises."""

HOST_DECIDES = "decided by the host"
"""What a reader sees in place of the answer to a protected fact."""

DISCLAIMERS = (
    "This is research, not legal advice. Open means that no legal obstacle is recorded, and recommends nothing.",
    "Each allegation, charge, conviction and clearance is shown with who says so, and since when.",
)
"""What a reader is told wherever a route is shown."""

CitedRows = tuple[Annotated[Citation, PlainSerializer(attrgetter("row"), return_type=str)], ...]
"""Citations, written out as the ids of their rows."""

RouteId = Annotated[Route, PlainSerializer(lambda route: route.id), WithJsonSchema({"type": "string"})]
"""A route, written out as its id."""


@dataclass(frozen=True, slots=True)
class LegalStatement:
    """What one source says about a fact, an accusation or a clearance."""

    answer: Answer
    """`unknown` for a doubtful statement, or for what a reader should know but settles nothing."""
    text: str
    sources: tuple[str, ...] = ()
    """Names of the sources in the graph."""
    origin: str = ""
    url: str = ""
    stated: str = ""
    """When the source said it; a date, maybe partial."""
    grade: str = ""
    """Reliability and credibility, as in `B2`; empty where nobody graded it."""
    citations: CitedRows = ()
    """Ids of rows of the reference tables; the `sources` of the route describe them."""
    links: tuple[str, ...] = ()
    """The path in the graph, by link ids, where there is one."""
    stale: str = ""
    """That nobody looked again since before the day whether an agreement or rule is still absent; else empty."""

    @property
    def all_sources(self) -> tuple[str, ...]:
        """Names of sources and ids of rows."""
        return (*self.sources, *(c.row for c in self.citations))

    @property
    def page_url(self) -> str:
        """The address of the statement, or of the first row that it cites."""
        return self.url or next((c.url for c in self.citations), "")


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """A fact with everything that is said about it."""

    fact: str
    question: str
    answer: Answer
    """`unknown` also where sources contradict each other, and where the host decides."""
    says: tuple[LegalStatement, ...] = ()
    """Who says what."""
    disputed: bool = False
    """Whether sources contradict each other."""
    host_decides: bool = False
    """Whether the fact is protected and the answer may not be shown in this scope: the host decides it."""
    text: str = ""
    """The answer in words; empty where it is unknown."""

    @property
    def label(self) -> str:
        """The answer as a reader sees it."""
        return HOST_DECIDES if self.host_decides else "disputed" if self.disputed else self.answer


@dataclass(frozen=True, slots=True)
class MissingFact:
    """An unknown fact that a route needs: the question, and which kinds of agency can answer it."""

    fact: str
    question: str
    ask: tuple[str, ...]
    """Kinds of agency."""
    of: tuple[str, ...]
    """Jurisdictions of the agencies; empty where the host is not known, and for international bodies."""
    bodies: tuple[str, ...] = ()
    """International bodies that can answer, by name."""
    opens: bool = False
    """Whether nothing else of the case is missing: the route would be open, or to examine."""
    about: str = ""
    """Id of the person or asset; for a fact about the law, the pair of jurisdictions."""
    says: tuple[LegalStatement, ...] = ()
    """What is said about it without settling it."""

    @property
    def whom(self) -> str:
        """Who can answer: `prosecutor or court of US`, or international bodies by name."""
        return describe_agencies(self.ask, self.of, self.bodies)


@dataclass(frozen=True, slots=True)
class PresumedFact:
    """A fact that no record answers and a rule presumes. A route that rests on one is never open."""

    fact: str
    question: str
    answer: Answer
    says: str
    """The rule in words."""
    rebuttal: str
    """What stands against it."""
    title: str
    url: str
    stated: str


@dataclass(frozen=True, slots=True)
class NeededDocument:
    """A document that a stage needs."""

    name: str
    recorded: Literal["yes", "no", "unknown"]
    """Whether the graph has what it shows; `unknown` where only a reader of the file can tell."""


@dataclass(frozen=True, slots=True)
class RouteStage:
    """Where a route stands: the first stage that is not done, who acts next, and what is lacking."""

    stage: str
    name: str
    number: int
    of: int
    next_action: str
    """Who files what with whom."""
    documents: tuple[NeededDocument, ...]
    days: str
    """How many days it usually takes and of what that was read; empty where no source was read."""
    lapse: str
    """When what was reached lapses; empty where no source was read."""
    source: str
    """Where the days were read."""

    @property
    def lacks(self) -> tuple[str, ...]:
        """The documents whose content the graph does not have."""
        return tuple(document.name for document in self.documents if document.recorded == "no")

    @property
    def text(self) -> str:
        """`stage 2 of 6, freeze: …`."""
        return f"stage {self.number} of {self.of}, {self.name}: {self.next_action}"


_AGENCY_WORDS = {
    "asset_recovery": "asset recovery office",
    "financial_intelligence": "financial intelligence unit",
    "immigration": "immigration authority",
    "insolvency": "insolvency practitioner",
    "tax": "tax authority",
}
"""Kinds of agency whose names are no word for an agency."""


@dataclass(frozen=True, slots=True)
class CompetentAuthority:
    """A kind of agency that a route needs on one side, and the agencies of that kind that do its work."""

    side: Literal["host", "requesting", "international"]
    """`international` for a body that belongs to no jurisdiction."""
    jurisdiction: str
    kind: str
    names: tuple[str, ...]
    """Empty where the reference facts know of none."""
    work: tuple[str, ...]
    """What the agency does for the route."""

    @property
    def text(self) -> str:
        """`US court: name, name`, `no US court is recorded for extradition`, or `court: host not known`."""
        if self.side == "host" and not self.jurisdiction:
            return f"{agency_word(self.kind)}: host not known"
        who = " ".join(part for part in (self.jurisdiction, agency_word(self.kind)) if part)
        work = " or ".join(word.replace("_", " ") for word in self.work)
        return f"{who}: {', '.join(self.names)}" if self.names else f"no {who} is recorded for {work}"


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source that an answer rests on: a row of a reference table, the file of a route, or a source of the graph."""

    source: str
    title: str
    url: str
    stated: str


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """One route about one person or asset, in one host jurisdiction, for one requesting jurisdiction and day."""

    person: str
    subject: str
    """Id of the person or of the asset."""
    host: str
    """Empty where nobody says where the person is."""
    route: RouteId
    state: RouteState
    """`open` recommends nothing."""
    possible_states: tuple[RouteState, ...]
    """The states that it would have by one or other of the sources that contradict each other; one where none do."""
    facts_for: tuple[FactAnswer, ...]
    facts_against: tuple[FactAnswer, ...]
    """Also disputed facts, and those that the host decides."""
    decided_by: tuple[str, ...]
    """Names of the facts that block it, or that open it."""
    because: tuple[str, ...]
    """What blocks it, in words; empty where it is not blocked."""
    missing: tuple[MissingFact, ...]
    """Facts of the case. A fact about the law is never among them, nor a step before its turn."""
    law_holes: tuple[FactAnswer, ...]
    """Facts about the law that the tables do not have."""
    bars: tuple[FactAnswer, ...]
    """Bars that no record raises: they have to be examined, and nobody assumes them away."""
    presumed: tuple[PresumedFact, ...]
    """Facts that a rule presumes."""
    stage: RouteStage | None
    """Where it stands; None where it is blocked or has no stages."""
    host_decides: tuple[FactAnswer, ...]
    """Protected facts that are undecided."""
    warnings: tuple[str, ...]
    instrument: tuple[FactAnswer, ...]
    """The facts about law that it rests on."""
    agencies: tuple[CompetentAuthority, ...]

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def name(self) -> str:
        """What the route is called, in English."""
        return self.route.name

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def name_zh(self) -> str:
        """What it is called in Chinese; empty where its file does not say."""
        return self.route.name_zh

    @property
    def is_in_turn(self) -> bool:
        """Whether no other route has to bring something about first."""
        return not self.route.follows or any(fact.fact == self.route.follows for fact in self.facts_for)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def sources(self) -> tuple[CitedSource, ...]:
        """Everything that the answer cites, each once, the file of the route first."""
        own = self.route.source
        found = {(self.route.file, own.title or own.url): CitedSource(self.route.file, own.title, own.url, own.date)}
        for fact in (*self.facts_for, *self.facts_against, *self.instrument):
            for said in fact.says:
                for cited in said.citations:
                    if (key := (cited.row, cited.title or cited.url)) not in found:
                        found[key] = CitedSource(cited.row, cited.title, cited.url, cited.date)
                for name in said.sources:
                    if (key := (name, said.origin or said.url)) not in found:
                        found[key] = CitedSource(name, said.origin, said.url, said.stated)
        return tuple(found.values())


def most_complete_first(routes: Iterable[RouteAnswer]) -> list[RouteAnswer]:
    """Routes to an outcome, by state, then by how few facts are missing, then by the stage reached.

    A route that has to wait for what another one brings about comes after those whose turn it is. Routes that only
    locate somebody or give information are left out: they lead to no outcome. This orders the routes of one person or
    asset, never people.
    """
    outcomes = [answer for answer in routes if answer.route.group in OUTCOME_GROUPS]
    return sorted(outcomes, key=_completeness)


def _completeness(answer: RouteAnswer) -> tuple[bool, int, int, int, float]:
    reached = answer.stage.number / answer.stage.of if answer.stage else 0.0
    bars = len(answer.bars) + len(answer.presumed) + len(answer.host_decides)
    missing = len(answer.missing) + len(answer.law_holes)
    return not answer.is_in_turn, ROUTE_STATES.index(answer.state), missing, bars, -reached


@dataclass(frozen=True, slots=True)
class Paper:
    """A warrant, notice or list entry that names a person, and its status on the day."""

    id: str
    kind: str
    """Warrant, Notice or ListEntry."""
    name: str
    issuers: tuple[str, ...]
    """Jurisdictions; empty where nobody says."""
    since: str
    ended: str
    reason: str
    in_force: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OffenceVictim:
    """Somebody harmed by an offence that a person is accused of on the day, by ids."""

    offence: str
    victim: str


ElementName = Literal["identity", "act", "amount", "presence", "papers", "tracing", "holder"]

LINKING_ELEMENTS = ("tracing", "holder")
"""The elements that link an asset to a person."""

EvidenceGrade = Literal["none", "alleged", "one source", "two independent origins", "court finding"]

EVIDENCE_GRADES: tuple[EvidenceGrade, ...] = (
    *("none", "alleged", "one source", "two independent origins", "court finding"),
)
"""Weakest first. Claims that are doubtful, or of an unreliable source, only allege; copies of one origin count once."""


@dataclass(frozen=True, slots=True)
class ElementEvidence:
    """How good the evidence is for one element of a case. It ranks no people."""

    element: ElementName
    about: str
    """Id of the person or of the asset."""
    grade: EvidenceGrade
    origins: tuple[str, ...]
    """Where the claims come from; those that only allege where there are no others."""


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """How a person stands on a day, without any route: who seeks, clears or accuses them."""

    person: str
    papers: tuple[Paper, ...]
    clearances: tuple[LegalStatement, ...]
    accusations: tuple[LegalStatement, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """`sought`, `cleared`, `accused` and `formerly sought`, as far as true; none if unaccused."""
        true = {
            "sought": any(paper.in_force for paper in self.papers),
            "cleared": any(statement.answer == "yes" for statement in self.clearances),
            "accused": bool(self.accusations),
            "formerly sought": bool(self.papers) and not any(paper.in_force for paper in self.papers),
        }
        return tuple(word for word, is_so in true.items() if is_so)


@dataclass(frozen=True, slots=True)
class PersonRoutes:
    """Everything that was found out about one person: who seeks them, who says what, and every route."""

    person: str
    papers: tuple[Paper, ...]
    clearances: tuple[LegalStatement, ...]
    """Who says that the person is cleared; a deletion or refusal by an authority too."""
    accusations: tuple[LegalStatement, ...]
    """Alleged, charged or convicted: by whom and since when."""
    harms: tuple[OffenceVictim, ...]
    """Who was harmed by what the person is accused of."""
    routes: tuple[RouteAnswer, ...]
    """Empty unless a paper in force of the requesting jurisdiction names the person."""
    unread: tuple[str, ...] = ()
    """Determinations that answer no fact that the reference facts know, as a misspelt one does not."""
    evidence: tuple[ElementEvidence, ...] = ()
    """The evidence for each element, about the person and each asset."""
    not_understood: tuple[str, ...] = ()
    """What sources say of the person, their assets, papers and links that could not be read: one sentence each."""
    assets: tuple[LinkedAsset, ...] = ()
    """The assets that a chain or a tracing links to the person: value, status, and what threatens their recovery."""
    limitations: tuple[LapseDate, ...] = ()
    """When the time for prosecution of what the person is accused of ends, where it has not yet."""
    came_off: tuple[LegalStatement, ...] = ()
    """Records by which nobody is to be returned any more: the person has died, is back, has left, or was tried."""

    @property
    def linked_assets(self) -> frozenset[str]:
        """The assets that a chain or a tracing links to the person; others are in the same cluster, and no more."""
        linking = (e for e in self.evidence if e.element in LINKING_ELEMENTS and e.grade != "none")
        return frozenset(element.about for element in linking)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def sought(self) -> bool:
        """Whether a paper in force names the person."""
        return any(paper.in_force for paper in self.papers)


@dataclass(frozen=True, slots=True)
class RouteNeeds:
    """What cases lack for one route: how many wait, and how differently."""

    route: str
    name: str
    subject: Literal["person", "asset"]
    waiting: int
    """People or assets, each in one host, for which the route is incomplete or to examine."""
    sets: int
    """Distinct sets of what they lack: facts of the case, documents of the stage reached, elements without evidence."""
    commonest: tuple[str, ...]
    """The set that most of them have."""
    shared_by: int
    """How many have it."""


def lacks_of(person: PersonRoutes, answer: RouteAnswer) -> tuple[str, ...]:
    """What a case lacks for a route: facts, documents of the stage, and elements that are alleged at most.

    Nothing of it is about the law, and nothing is protected.
    """
    about = (answer.subject, person.person)
    weak = (e for e in person.evidence if e.about in about and e.grade in ("none", "alleged"))
    return (
        *(missing.question for missing in answer.missing),
        *(f"document: {name}" for name in (answer.stage.lacks if answer.stage else ())),
        *(f"evidence for {element.element}: {element.grade}" for element in weak),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that routes wait for, in one host jurisdiction."""

    fact: str
    question: str
    ask: tuple[str, ...]
    """Kinds of agency that can answer."""
    host: str
    of: tuple[str, ...]
    """Jurisdictions of the agencies."""
    bodies: tuple[str, ...]
    """International bodies that can answer, by name."""
    answers: int
    """How many separate answers are wanted: one for each person or asset."""
    people: int
    routes: int
    """Routes that wait for it."""
    opens: int
    """Routes of which nothing else of the case is missing."""

    @property
    def whom(self) -> str:
        """Who can answer."""
        return describe_agencies(self.ask, self.of, self.bodies)


def agency_word(kind: str) -> str:
    """What an agency of a kind is called: `asset recovery office`."""
    return _AGENCY_WORDS.get(kind, kind.replace("_", " "))


def describe_agencies(ask: Sequence[str], of: Sequence[str], bodies: Sequence[str]) -> str:
    """`prosecutor or court of US and CN`; international bodies belong to no jurisdiction and are named."""
    kinds = [agency_word(kind) for kind in ask if kind != INTERNATIONAL]
    own = f"{' or '.join(kinds)} of {' and '.join(of) or 'the host'}" if kinds else ""
    known = bodies or ("an international body",)
    return " or ".join([*([own] if own else []), *(known if INTERNATIONAL in ask else ())])
