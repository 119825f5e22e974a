"""How does a report state a fact in one line?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlsplit

from kg.findings import STATE_LABELS, Paper, RouteAnswer, RouteState
from kg.findings.accusations import UNDATED
from kg.findings.counts import plural
from kg.ontology.words import type_label
from kg.reports.entries import (
    Accusation,
    AssetValue,
    Clearance,
    Detail,
    EvidenceEntry,
    JurisdictionLink,
    LinkStatement,
    Procedure,
    Pursuit,
)
from kg.reports.names import is_latin
from kg.reports.terms import date_phrase


class NamedEntry(Protocol):
    """Somebody or something with one name that comes first, and others."""

    @property
    def name(self) -> str: ...

    @property
    def other_names(self) -> tuple[str, ...]: ...


class CountedAssets(Protocol):
    """Assets of which some are held, and others were given up by each known holder."""

    @property
    def assets(self) -> int: ...

    @property
    def held_formerly(self) -> int: ...


ROLE_MEANINGS = (
    ("sought", "a warrant, notice or list entry in force names the person"),
    ("nominee", "holds the legal title to something of which somebody else has the benefit, or holds it as a trustee"),
    ("relative", "is a relative of a sought person in the same cluster"),
    ("professional", "acts for many enterprises in several clusters, or is an enterprise that is a trustee"),
    ("counterparty", "is tied to another member in some other way"),
)
"""What the roles of parties mean. None of them says that somebody did wrong."""

GRADE_NOTE = (
    "A source is graded for its reliability, A (best) to E, and what it says for its credibility, 1 (best) to 5. "
    "F and 6 mean that the grade is unknown, not that it is low. No grade is shown if nobody gave one. "
    "The word restricted marks a claim that its source does not release to everybody."
)

SCORE_PARTS = (
    ("sought", 40, "of n people sought, n / (n + 1)"),
    ("assets", 20, "of n assets, n / (n + 5)"),
    ("signs", 20, "of n kinds of red flags, n / (n + 1)"),
    ("evidence", 10, "the mean reliability of the best source of each tie"),
    ("cohesion", 10, "the share of the weight of its members' ties that stays inside"),
)
"""The parts of a score: the points that each gives at most, and which part of them a cluster gets."""

SCORE_NOTE = (
    "The score, from 0 to 100, says which clusters to look at first. It is no measure of guilt. It is the sum of its "
    "parts."
)

RED_FLAG_NOTE = (
    "A red flag is a reason to look, and proves nothing. The base rate says how common it is in this graph where "
    "nobody is sought; each has innocent explanations."
)

OWNERSHIP_NOTE = (
    "What the people sought, their relatives and nominees may own of the assets through all chains of ownership, as a "
    "range: the true share lies in it if what the sources say is true. The beneficial interest and the legal title may "
    "be with different people; 0 to 100 % means that no source says how much. Ownership is not wrongdoing."
)

BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def full_name(entry: NamedEntry) -> str:
    """The name, and one in Latin letters if it is in another script: `沈垣甫 (Shen Yuanfu)`."""
    latin = entry.name if is_latin(entry.name) else next(filter(is_latin, entry.other_names), entry.name)
    return entry.name if latin == entry.name else f"{entry.name} ({latin})"


def pursuit(p: Pursuit) -> str:
    """`Sought by X since 2004-03-01 under red notice 17.`"""
    if p.in_force and p.sought_since:
        return f"Sought by {p.by} since {p.since_words}."
    if p.in_force:
        return f"Sought by {p.by} since {p.since or 'a day that no source gives'} under {p.paper}."
    ended = f"ended {p.ended}" if p.ended else "no longer in force"
    issued = f"issued {p.since}, " if p.since else ""
    return f"Formerly sought by {p.by}: {p.paper}, {issued}{ended}{f' ({p.reason})' if p.reason else ''}."


def clearance(c: Clearance) -> str:
    """`Cleared by X on 2012-05-01: red notice 17.`"""
    return f"Cleared by {c.by}{f' {date_phrase(c.date)}' if c.date else UNDATED}: {c.of}."


def accusation(a: Accusation) -> str:
    """`Charged by X since 2004-05: embezzlement.`, as a dossier tells it."""
    return f"{a.text[:1].upper()}{a.text[1:]}."


def evidence(e: EvidenceEntry) -> str:
    """What is known of some evidence besides its sources: grade, day, cited document, copies, handling."""
    day = e.stated or (f"loaded {e.loaded}" if e.loaded else "")
    origin = f"{len(e.sources)} copies of one origin, {e.origin}" if e.copy_count else e.origin
    page = f"page {e.page}" if e.page[:1].isdigit() else e.page
    return ", ".join(p for p in (e.grade, day, origin, page, "" if e.handling == "open" else e.handling) if p)


def detail(d: Detail) -> str:
    """`birth date: 1961-03-02 or 1961-05`."""
    return f"{d.label}: {' or '.join(d.values)}"


def where(w: JurisdictionLink) -> str:
    """`citizen of Canada, from 2003`."""
    return ", ".join(p for p in (f"{w.how} {w.name}".strip(), w.detail) if p)


def amount(low: str, high: str) -> str:
    """`1,200,000 to 1,500,000`."""
    first, last = _digits(Decimal(low)), _digits(Decimal(high))
    return first if first == last else f"{first} to {last}"


def value(v: AssetValue) -> str:
    """`USD 1,200,000 (market, 2014-06, gross)`."""
    said = ", ".join(p for p in (v.kind, v.when or "not dated", v.basis) if p)
    return f"{v.currency} {amount(v.low, v.high)} ({said})"


def counted_assets(entry: CountedAssets, places: Iterable[str] = ()) -> str:
    """`2 assets in Canada (2) and 1 held formerly`, the rule of every count of a report's assets."""
    where = f" in {told}" if (told := ", ".join(places)) else ""
    former = f" and {entry.held_formerly:,} held formerly" if entry.held_formerly else ""
    return f"{plural(entry.assets, 'assets')}{where}{former}"


def compact_number(number: Decimal) -> str:
    """`1.2 M`: three significant digits and a letter."""
    for size, letter in ((9, "bn"), (6, "M"), (3, "k")):
        if abs(number) >= Decimal(10) ** size:
            return f"{_three_digits(number.scaleb(-size))} {letter}"
    return _three_digits(number)


def compact_range(low: str, high: str) -> str:
    """`1.2 M to 1.5 M`."""
    first, last = compact_number(Decimal(low)), compact_number(Decimal(high))
    return first if first == last else f"{first} to {last}"


def withdrawal_note(s: LinkStatement) -> str:
    """How many claims have to be withdrawn for a link to go. Copies of one origin are separate claims here."""
    claims = sum(len(e.sources) for e in s.evidence)
    withdrawn = "this claim is" if claims == 1 else f"all {claims} claims are"
    return f"The cluster splits if {withdrawn} withdrawn." if claims else ""


def safe_url(url: str) -> str:
    """The address if it is one of the web, which a page may link to; else empty."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    safe = parts.scheme.lower() in ("http", "https") and parts.netloc and url.isprintable() and " " not in url
    return url if safe else ""


def show_bidi_controls(text: str) -> str:
    """The text with its bidirectional control characters spelled out: a name must not reorder the text after it."""
    return BIDI_CONTROLS.sub(lambda sign: f"⟦U+{ord(sign.group()):04X}⟧", text)


NOT_COUNTED = "not counted as in force"
"""What is said of a measure of which nobody can say whether it is in force; the reason follows."""


def procedure_phrase(p: Procedure) -> str:
    """`freeze by the High Court (Canada), ordered 2012-03-04, lifted 2014`; of a request, to whom and the answer."""
    by = f" by {p.by}" if p.by else ""
    steps = "".join(f", {s.label} {s.date}" for s in p.steps)
    answers = "".join(f": {' or '.join(d.values)}" for d in p.details if d.label == "answer")
    doubts = "".join(f"; {NOT_COUNTED}: {' or '.join(d.values)}" for d in p.details if d.label == NOT_COUNTED)
    asked = "".join(f" to {' or '.join(d.values)}" for d in p.details if d.label == "sent to")
    return f"{p.kind.removeprefix('measure: ')}{by}{asked}{steps}{answers}{doubts}"


def paper(p: Paper) -> str:
    """`Red notice: N-1, by Interpol since 2014-03-02; in force on the day`."""
    by = f"by {', '.join(p.issuers)}" if p.issuers else "by an unknown issuer"
    since = f"since {p.since}" if p.since else "since an unknown day"
    ended = "in force on the day" if p.in_force else f"ended {p.ended} {p.reason}".strip()
    return f"{type_label(p.kind)}: {p.name}, {by} {since}; {ended}"


def route_state(state: RouteState) -> str:
    """The state of a legal route, in words."""
    return STATE_LABELS[state]


def route_summary(answer: RouteAnswer) -> str:
    """Why a route is in its state, in a few words."""
    if answer.state == "blocked":
        return f"blocked: {'; '.join(answer.because)}"
    missing = [f"{plural(len(answer.missing), 'facts')} missing"] if answer.missing else []
    host_decides = [f"{len(answer.host_decides)} decided by the host"] if answer.host_decides else []
    examine = [f"{plural(len(answer.bars) + len(answer.presumed), 'bars')} to examine"] if answer.bars else []
    holes = [f"{plural(len(answer.law_holes), 'facts')} about the law not in the tables"] if answer.law_holes else []
    stage = [f"stage {answer.stage.number} of {answer.stage.of}, {answer.stage.name}"] if answer.stage else []
    return ", ".join(stage + missing + examine + holes + host_decides)


def _digits(number: Decimal) -> str:
    """With thousands separators; cents have two digits."""
    return f"{number:,.2f}" if number == round(number, 2) != round(number, 0) else f"{number:,f}"


def _three_digits(number: Decimal) -> str:
    rounded = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


TEMPLATE_NOTES: dict[str, Any] = {
    "roles": ROLE_MEANINGS,
    "grade_note": GRADE_NOTE,
    "score_parts": SCORE_PARTS,
    "score_note": SCORE_NOTE,
    "red_flag_note": RED_FLAG_NOTE,
    "ownership_note": OWNERSHIP_NOTE,
}
"""Explanations of the words of a report, for templates."""

TEMPLATE_FILTERS: dict[str, Callable[..., Any]] = {
    **{f.__name__: f for f in (pursuit, clearance, accusation, detail, where, value, plural)},
    **{f.__name__: f for f in (withdrawal_note, full_name, paper, route_state, route_summary, counted_assets)},
    "procedure": procedure_phrase,
    "amount": lambda total: amount(total.low, total.high),
    "amount_to": amount,
    "web": safe_url,
}
"""What templates may call, by the function's name or a shorter one."""
