"""How does `kg routes` show routes to a reader?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kg.cli.terminal import print_line, print_table

if TYPE_CHECKING:
    from kg.findings import FactAnswer, LegalStatement, PersonRoutes, RouteAnswer
    from kg.ports import Store


FIRST_ROUTES = 3
"""How many routes of a person or asset are named first."""


def show_person(store: Store, one: PersonRoutes) -> None:
    """A person with every route."""
    about = (element.about for element in one.evidence)
    ids = dict.fromkeys((one.person, *(answer.subject for answer in one.routes), *about))
    names = {node.id: node.caption for node in store.nodes(ids).values()}
    came_off = "".join(f", {text}" for text in dict.fromkeys(statement.text for statement in one.came_off))
    print_line(f"{names[one.person]}  ({one.person}){came_off}")
    for paper in one.papers:
        state = "in force" if paper.in_force else f"ended {paper.ended} {paper.reason}".rstrip()
        by = ", ".join(paper.issuers) or "an unknown issuer"
        print_line(f"  {paper.kind} {paper.name}, by {by} since {paper.since or 'an unknown day'}: {state}")
    for warning in (*one.unread, *one.not_understood):
        print_line(f"  ! {warning}")
    for statement in (*one.accusations, *one.clearances):
        print_line(f"  {statement.text}{_source_note(statement)}")
    if not one.routes:
        print_line("  No paper in force on the day names this person: there are no routes.")
    for element in one.evidence:
        origins = f"  [{', '.join(element.origins)}]" if element.origins else ""
        print_line(
            f"  evidence, {names.get(element.about, element.about)}, {element.element}: {element.grade}{origins}"
        )
    for line in _next_lines(one, names):
        print_line(line)
    for answer in one.routes:
        print_line()
        for line in _route_lines(answer, names):
            print_line(line)


def _next_lines(one: PersonRoutes, names: Mapping[str, str]) -> Iterator[str]:
    """For the person and each asset, the routes to look at first: stage, next action, and what is lacking."""
    from kg.findings import STATE_LABELS, most_complete_first

    for subject in dict.fromkeys(answer.subject for answer in one.routes):
        about = [a for a in one.routes if a.subject == subject and a.stage and a.state != "blocked"]
        for answer in most_complete_first(about)[:FIRST_ROUTES]:
            stage, state = answer.stage, STATE_LABELS[answer.state]
            lacks = [fact.question for fact in answer.missing] or (stage.lacks if stage else ())
            told = f"{answer.route.name} ({state}), {stage.text if stage else ''}"
            yield f"  look first, {names[subject]}: {told}.{' Lacks: ' if lacks else ''}{'; '.join(lacks)}"


def show_everybody(store: Store, found: Iterable[PersonRoutes]) -> None:
    """Counts by route and state, and one line for each person; no more than one person's routes are kept at a time."""
    from kg.findings import ROUTE_STATES, STATE_LABELS

    counts, wanted, unread = Counter[tuple[str, str]](), 0, dict[str, None]()
    lines: dict[str, tuple[str, ...]] = {}
    shown = ROUTE_STATES[:4]
    for one in found:
        wanted += bool(one.routes)
        unread |= dict.fromkeys(one.unread)
        states = Counter(answer.state for answer in one.routes)
        counts.update((f"{answer.route.name} [{answer.route.id}]", answer.state) for answer in one.routes)
        lines[one.person] = (*(str(states[state] or "") for state in shown), _wanted_status(one), one.person)
    names = {node.id: node.caption for node in store.nodes(lines).values()}
    print_line(f"wanted on the day: {wanted} of {len(lines)} people whom a warrant, notice or list entry names")
    for warning in unread:
        print_line(f"! {warning}")
    rows = [
        (route, *(str(counts[route, state] or "") for state in ROUTE_STATES))
        for route in dict.fromkeys(route for route, _ in counts)
    ]
    if not lines:
        print_line("no warrant, notice or list entry names anybody; name a person to see the evidence about them")
        return
    if not rows:
        print_line("no paper of the requesting jurisdiction is in force on the day: there are no routes")
    else:
        print_table(("route", *(STATE_LABELS[state] for state in ROUTE_STATES)), rows)
    headings = ("person", *(STATE_LABELS[state] for state in shown), "wanted or cleared", "id")
    print_table(headings, [(names[person], *line) for person, line in lines.items()])


def _wanted_status(one: PersonRoutes) -> str:
    kinds = Counter(paper.kind for paper in one.papers if paper.in_force)
    if not kinds:
        return "not wanted on the day: no warrant, notice or list entry is in force"
    cleared = [s.text for s in one.clearances if s.answer == "yes"]
    return "; ".join([", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())), *cleared])


def _route_lines(answer: RouteAnswer, names: Mapping[str, str]) -> Iterator[str]:
    from kg.findings import NOT_RAISED, STATE_LABELS

    about = "" if answer.subject == answer.person else f", {names[answer.subject]}"
    labels = " or ".join(STATE_LABELS[state] for state in answer.possible_states)
    possible = f" ({labels}, because sources disagree)" if len(answer.possible_states) > 1 else ""
    state, route = STATE_LABELS[answer.state].upper(), answer.route
    yield f"{state}{possible}  {route.name} [{route.id}], {answer.host or 'host not known'}{about}"
    if answer.state == "blocked":
        yield from (f"    blocked: {reason}" for reason in answer.because)
    yield from (f"    warning: {warning}" for warning in answer.warnings)
    if route.person_initiated:
        yield "    only the person can begin it, with counsel and with the host's knowledge"
    for fact in answer.instrument:
        yield from (f"    instrument: {statement.text}" for statement in fact.says)
    yield from (f"    for: {line}" for fact in answer.facts_for for line in _fact_lines(fact))
    yield from (f"    against: {line}" for fact in answer.facts_against for line in _fact_lines(fact))
    if stage := answer.stage:
        yield f"    next: {stage.text}"
        yield from (f"        lacks: {name}" for name in stage.lacks)
        yield from (f"        usual time: {stage.days} [{stage.source}]" for _ in range(bool(stage.days)))
        yield from (f"        lapse: {stage.lapse}" for _ in range(bool(stage.lapse)))
    for missing in answer.missing:
        yield f"    missing: {missing.question} Ask {missing.whom}. [{missing.fact}]"
        yield from (f"        so far: {statement.text}{_source_note(statement)}" for statement in missing.says)
    for presumed in answer.presumed:
        yield f"    presumed {presumed.answer}: {presumed.question} {presumed.says}  [{presumed.title}]"
        yield f"        against it: {presumed.rebuttal}"
    yield from (f"    to examine: {fact.question} {NOT_RAISED}" for fact in answer.bars)
    yield from (f"    not in the tables of the law: {fact.question} [{fact.fact}]" for fact in answer.law_holes)
    for authority in answer.agencies:
        yield f"    competent authority: {authority.text}"
    yield f"    legal basis: {'; '.join(route.legal_basis)}. Outcome: {route.outcome}"


def _fact_lines(fact: FactAnswer) -> Iterator[str]:
    if not fact.says:
        yield f"{fact.question} {fact.label}"
    for statement in fact.says:
        note = ""
        if fact.disputed:
            note = f" ({statement.answer})"
        elif statement.answer != fact.answer:
            note = " (this statement settles nothing)"
        yield f"{fact.question} {fact.label}{note}; {statement.text}{_source_note(statement)}"


def _source_note(statement: LegalStatement) -> str:
    sources = ", ".join(statement.all_sources)
    grade = f" {statement.grade}" if statement.grade else ""
    return f"  [{sources}{grade}]" if sources else ""
