"""What does the question about legal routes come back with?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kg.law import INTERNATIONAL, Answer, Citation, Route

RouteState = Literal["open", "needs", "blocked", "person_initiated_only"]

ROUTE_STATES: tuple[RouteState, ...] = ("open", "needs", "blocked", "person_initiated_only")
"""`open`: no recorded legal obstacle, never a recommendation. `needs`: facts are missing. `blocked`: a fact stands
against it. `person_initiated_only`: only the person can set it off; it is no gap and in no portfolio."""

NO_AGENCY = "no agency in the reference facts"
"""What stands where the tables know of nobody who can carry a route."""

HOST_DECIDES = "decided by the host"
"""What a protected fact reads as."""


@dataclass(frozen=True, slots=True)
class LegalStatement:
    """What one source says about a fact; `unknown` is doubt, or what one should know beside it."""

    answer: Answer
    text: str
    sources: tuple[str, ...] = ()
    """Sources of the graph, by name."""
    origin: str = ""
    url: str = ""
    stated: str = ""
    grade: str = ""
    """Reliability and credibility, as in `B2`; empty where nobody graded it."""
    citations: tuple[Citation, ...] = ()
    """Rows of the reference tables."""
    links: tuple[str, ...] = ()
    """The path in the graph, by link ids, where there is one."""

    def to_json(self) -> dict[str, Any]:
        """Plain data; empty parts are left out."""
        said = {"origin": self.origin, "url": self.url, "stated": self.stated, "grade": self.grade}
        rows = [c.row for c in self.citations]
        more = {"sources": list(self.sources), "rows": rows, "links": list(self.links)}
        return {"answer": self.answer, "text": self.text, **{k: v for k, v in {**said, **more}.items() if v}}


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """A fact with everything that is said about it; where sources contradict each other it is unknown, and disputed."""

    fact: str
    answer: Answer
    says: tuple[LegalStatement, ...] = ()
    disputed: bool = False
    hidden: bool = False
    """Whether it is protected and the scope is not there: the host decides."""
    text: str = ""
    """The answer in words; empty where it is unknown."""

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        shown = HOST_DECIDES if self.hidden else "disputed" if self.disputed else self.answer
        words = {"text": self.text} if self.text else {}
        return {"fact": self.fact, "answer": shown, **words, "says": [s.to_json() for s in self.says]}


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is unknown and matters: the question, and which kinds of agency of which jurisdiction can answer."""

    fact: str
    question: str
    ask: tuple[str, ...]
    of: tuple[str, ...]
    """Jurisdictions; empty where the host is not known, and for international bodies."""
    bodies: tuple[str, ...] = ()
    """International bodies that can answer, by name."""
    opens: bool = False
    """Whether this answer alone would open the route."""
    about: str = ""
    """The person or asset it is about, by id; for a fact about the law, the pair of jurisdictions."""
    says: tuple[LegalStatement, ...] = ()
    """What is said about it and settles nothing."""

    @property
    def whom(self) -> str:
        """Who can answer: `prosecutor or court of US`, or international bodies by name."""
        return describe_agencies(self.ask, self.of, self.bodies)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        asked = {"fact": self.fact, "question": self.question, "ask": list(self.ask), "of": list(self.of)}
        return {**asked, "bodies": list(self.bodies), "says": [s.to_json() for s in self.says]}


@dataclass(frozen=True, slots=True)
class CompetentAuthority:
    """A kind of agency on one side of a route, and those of that kind that the tables know to do its work."""

    side: str
    """host, requesting, or international for a body that is of no jurisdiction."""
    jurisdiction: str
    kind: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        """`US court: name, name`."""
        who = " ".join(part for part in (self.jurisdiction, self.kind.replace("_", " ")) if part)
        return f"{who}: {', '.join(self.names) or NO_AGENCY}"

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"side": self.side, "jurisdiction": self.jurisdiction, "kind": self.kind, "names": list(self.names)}


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """One route about one person or asset, in one host jurisdiction, for one requesting jurisdiction and day."""

    person: str
    subject: str
    """The person or the asset, by id."""
    host: str
    """Empty where nobody says where the person is."""
    route: Route
    state: RouteState
    range: tuple[RouteState, ...]
    """The states that it has by one or other of the sources that contradict each other; one, where none do."""
    facts_for: tuple[FactAnswer, ...]
    facts_against: tuple[FactAnswer, ...]
    decided_by: tuple[str, ...]
    """The facts that block it, or that open it."""
    because: tuple[str, ...]
    """Those that block it, in words; empty where it is not blocked."""
    missing: tuple[MissingFact, ...]
    host_decides: tuple[str, ...]
    """Protected facts that are still undecided."""
    flags: tuple[str, ...]
    instrument: tuple[FactAnswer, ...]
    agencies: tuple[CompetentAuthority, ...]

    def _dispute_details(self, fact: FactAnswer) -> dict[str, Any]:
        spread = {"range": list(self.range)} if fact.disputed else {}
        return {**spread, **({"blocks": True} if self.state == "blocked" and fact.fact in self.decided_by else {})}

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`.

        Warnings stand among the facts against; a dispute names the states it leaves, and a fact that blocks says so.
        """
        against = [{**f.to_json(), **self._dispute_details(f)} for f in self.facts_against]
        against += [{"fact": "warning", "answer": "yes", "says": [{"text": text}]} for text in self.flags]
        return {
            "person": self.person,
            "route": self.route.id,
            "host": self.host,
            "subject": self.subject,
            "state": self.state,
            "instrument": [f.to_json() for f in self.instrument],
            "agencies": [c.to_json() for c in self.agencies],
            "facts_for": [f.to_json() for f in self.facts_for],
            "facts_against": against,
            "missing": [m.to_json() for m in self.missing],
            "sources": list(cited_sources((*self.facts_for, *self.facts_against, *self.instrument), self.route)),
        }


@dataclass(frozen=True, slots=True)
class Paper:
    """A warrant, notice or list entry that names a person, and how it stands on the day."""

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

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "issuers": list(self.issuers), "sources": list(self.sources)}


@dataclass(frozen=True, slots=True)
class PersonRoutes:
    """Everything that was found out about one person: who seeks them, who says what, and every route."""

    person: str
    papers: tuple[Paper, ...]
    clearances: tuple[LegalStatement, ...]
    """Who says that the person is cleared; a deletion or refusal by an authority too."""
    accusations: tuple[LegalStatement, ...]
    """Alleged, charged, convicted or cleared: by whom and since when."""
    harms: tuple[str, ...]
    """Offences with somebody harmed that the person is accused of on the day, each as `offence harmed`, by ids."""
    routes: tuple[RouteAnswer, ...]
    unread: tuple[str, ...] = ()
    """Answers that somebody gave and that answer no fact the law knows."""

    @property
    def sought(self) -> bool:
        """Whether a paper in force names the person; without one there are no routes."""
        return any(paper.in_force for paper in self.papers)


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that several routes wait for, in one jurisdiction."""

    fact: str
    question: str
    ask: tuple[str, ...]
    host: str
    of: tuple[str, ...]
    bodies: tuple[str, ...]
    """International bodies that can answer, by name."""
    answers: int
    """How many separate answers are wanted: one for the law, else one a person or asset."""
    people: int
    routes: int
    """Routes that wait for it."""
    opens: int
    """Routes that would open if this alone were answered as they need it."""

    @property
    def whom(self) -> str:
        """Who can answer."""
        return describe_agencies(self.ask, self.of, self.bodies)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "fact": self.fact,
            "question": self.question,
            "ask": list(self.ask),
            "host": self.host,
            "of": list(self.of),
            "bodies": list(self.bodies),
            "answers": self.answers,
            "people": self.people,
            "routes": self.routes,
            "opens": self.opens,
        }


@dataclass(frozen=True, slots=True)
class PortfolioPerson:
    """A person in the portfolio, with what they add to those before."""

    person: str
    gain: float
    adds: Mapping[str, int]
    """Elements that nobody before covers, by kind."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Whom to work on under a budget of people, why, how good the choice is, and who was left out."""

    limit: int
    objective: str
    weights: Mapping[str, float]
    chosen: tuple[PortfolioPerson, ...]
    value: float
    bound: float
    """No choice of so many people has a value above this."""
    guarantee: str
    left_out: tuple[tuple[str, str], ...] = field(default=())
    """Each person not chosen, with the reason."""

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "limit": self.limit,
            "objective": self.objective,
            "weights": dict(self.weights),
            "chosen": [{"person": c.person, "gain": c.gain, "adds": dict(c.adds)} for c in self.chosen],
            "value": self.value,
            "bound": self.bound,
            "guarantee": self.guarantee,
            "left_out": [{"person": person, "why": why} for person, why in self.left_out],
        }


def describe_agencies(ask: Sequence[str], of: Sequence[str], bodies: Sequence[str]) -> str:
    """`prosecutor or court of US and CN`; international bodies are of nobody, and named."""
    kinds = [kind.replace("_", " ") for kind in ask if kind != INTERNATIONAL]
    own = f"{' or '.join(kinds)} of {' and '.join(of) or 'the host'}" if kinds else ""
    known = bodies or ("an international body",)
    return " or ".join([*([own] if own else []), *(known if INTERNATIONAL in ask else ())])


def cited_sources(facts: tuple[FactAnswer, ...], route: Route) -> tuple[dict[str, str], ...]:
    """Everything that is cited, each once: the route's own source, rows of tables, sources of the graph."""
    own = {"source": route.file, "title": route.source.title, "url": route.source.url, "stated": route.source.date}
    found = {(own["source"], own["title"]): own}
    for statement in (s for fact in facts for s in fact.says):
        for cited in statement.citations:
            found.setdefault(
                (cited.row, ""), {"source": cited.row, "title": cited.title, "url": cited.url, "stated": cited.date}
            )
        for name in statement.sources:
            said = {"source": name, "title": statement.origin, "url": statement.url, "stated": statement.stated}
            found.setdefault((name, statement.origin or statement.url), said)
    return tuple({k: v for k, v in said.items() if v} for said in found.values())
