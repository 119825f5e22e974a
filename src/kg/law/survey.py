"""What binds two jurisdictions on a day and why, and which cells of the tables of hosts' law are empty?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kg.law.book import AGREEMENTS, CONVENTIONS, LawBook
from kg.law.in_force import ForceStatus, force_text
from kg.law.tables import Citation

RULES: Mapping[str, str] = {
    "host_requires_treaty": "extradites_only_by_treaty",
    "host_extradites_nationals": "extradites_own_nationals",
    "host_states_penalty_threshold": "penalty_threshold_months",
    "host_requires_death_penalty_assurance": "requires_death_penalty_assurance",
    "host_forfeits_without_conviction": "non_conviction_forfeiture",
    "host_enforces_foreign_orders": "enforces_foreign_orders",
    "host_protects_third_parties": "protects_third_parties",
    "host_has_unexplained_wealth_orders": "unexplained_wealth_orders",
    "host_assists_without_treaty": "assists_without_treaty",
    "host_returns_by_own_act": "returns_by_own_act",
    "host_enforces_non_conviction_orders": "enforces_non_conviction_orders",
    "host_lets_states_sue": "foreign_state_may_sue",
    "host_prosecutes_foreign_corruption": "prosecutes_foreign_corruption",
}
"""The rules of a host's own law, by the fact that they answer."""

HOSTS: tuple[str, ...] = (
    *("US", "CA", "AU", "NZ", "SG", "GB", "HK", "MO", "TW", "TH", "MY", "AE", "CH", "LI", "CY", "VG", "KY", "PA", "JE"),
    *("GG", "IM", "BM", "GI", "LU", "NL", "DE", "FR", "ES", "PT", "IE", "SE", "NO", "FI", "DK", "IT", "AT", "BE", "JP"),
    *("KR", "PH", "ID", "VN", "KH", "LA", "MM", "ZA", "NG", "BR", "MX", "AR"),
)
"""The hosts that are surveyed unless others are named."""


@dataclass(frozen=True, slots=True)
class LawFinding:
    """What the tables say of one instrument or rule on a day."""

    instrument: str
    answer: str
    """One of the words of `ForceStatus`, or what a rule answers."""
    reason: str
    checked: str
    """Day up to which the source supports it."""
    warning: str
    """That nobody has looked again since before the day; else empty."""
    sources: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """The instrument, the answer and its reason, and when somebody last looked."""
        return force_text(self.instrument, self.answer, self.reason, self.checked)


@dataclass(frozen=True, slots=True)
class LawHole:
    """An empty cell: a rule of a host that no row answers on the day."""

    host: str
    rule: str
    question: str
    routes: tuple[str, ...]
    """The routes that wait for it."""


@dataclass(frozen=True, slots=True)
class LawMatrix:
    """Which cells of hosts and rules are filled."""

    day: str
    hosts: tuple[str, ...]
    rules: tuple[str, ...]
    filled: int
    answers: Mapping[str, Mapping[str, str]]
    """By host and rule; empty for a hole."""
    holes: tuple[LawHole, ...]


def what_binds(law: LawBook, one: str, other: str, day: date) -> tuple[LawFinding, ...]:
    """Agreements and conventions between two jurisdictions, and the own law of each, in that order."""
    return tuple(_findings(law, one, other, day))


def _findings(law: LawBook, one: str, other: str, day: date) -> Iterator[LawFinding]:
    for kind in AGREEMENTS:
        yield _finding(law.agreement(kind, one, other, day), day)
    for name in CONVENTIONS:
        yield _finding(law.convention(name, one, other, day), day)
    yield _finding(law.intelligence_channel(one, other, day), day)
    for code in (one, other):
        yield _finding(law.article_44(code, day), day)
        for rule in RULES.values():
            answer, status = law.rule(code, rule, day)
            yield _finding(status, day, answer)


def _finding(status: ForceStatus, day: date, answer: str = "") -> LawFinding:
    word = answer or status.word
    return LawFinding(status.instrument, word, status.reason, status.checked, status.stale_warning(day), status.sources)


def find_holes(law: LawBook, hosts: Sequence[str], day: date) -> LawMatrix:
    """The matrix of hosts and rules on a day, with the routes that wait for each empty cell."""
    waiting = {fact: _waiting_routes(law, fact) for fact in RULES}
    answers: dict[str, dict[str, str]] = {}
    holes = []
    for host in hosts:
        answers[host] = {rule: law.rule(host, rule, day)[0] for rule in RULES.values()}
        for fact, rule in RULES.items():
            if not answers[host][rule]:
                holes.append(LawHole(host, rule, law.facts[fact].question, waiting[fact]))
    filled = len(hosts) * len(RULES) - len(holes)
    return LawMatrix(day.isoformat(), tuple(hosts), tuple(RULES.values()), filled, answers, tuple(holes))


def _waiting_routes(law: LawBook, fact: str) -> tuple[str, ...]:
    """The routes that a fact about the law decides, by itself or through a fact that rests on it."""
    resting = {name for name, known in law.facts.items() if fact in known.rests_on}
    return tuple(r.id for r in law.routes.values() if {fact, *resting} & set(r.deciding_facts))
