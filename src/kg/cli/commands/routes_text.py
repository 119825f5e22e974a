"""How are legal routes shown to a person?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.cli.terminal import print_line, print_table

if TYPE_CHECKING:
    from kg.findings import FactAnswer, LegalStatement, PersonRoutes, RouteAnswer
    from kg.ports import Store


def show_people(store: Store, found: Sequence[PersonRoutes]) -> None:
    """Each person with every route."""
    ids = dict.fromkeys(i for one in found for i in (one.person, *(a.subject for a in one.routes)))
    names = {node.id: node.caption for node in store.nodes(ids).values()}
    for one in found:
        _show_person(one, names)


def show_everybody(store: Store, found: Iterable[PersonRoutes]) -> None:
    """Counts by route and state, and one line a person; answers are let go as they come."""
    from kg.findings import ROUTE_STATES

    counted, active, unread = Counter[tuple[str, str]](), 0, dict[str, None]()
    lines: dict[str, tuple[str, ...]] = {}
    for one in found:
        active += bool(one.routes)
        unread |= dict.fromkeys(one.unread)
        states = Counter(a.state for a in one.routes)
        counted.update((a.route.id, a.state) for a in one.routes)
        lines[one.person] = (*(str(states[state] or "") for state in ROUTE_STATES[:3]), _wanted_status(one), one.person)
    names = {node.id: node.caption for node in store.nodes(lines).values()}
    print_line(f"on the active list: {active}, of {len(lines)} whom any paper names")
    for warning in unread:
        print_line(f"! {warning}")
    rows = [
        (route, *(str(counted[route, state] or "") for state in ROUTE_STATES))
        for route in dict.fromkeys(r for r, _ in counted)
    ]
    print_table(("route", *(state.replace("_", " ") for state in ROUTE_STATES)), rows)
    print_table(
        ("person", *ROUTE_STATES[:3], "standing", "id"), [(names[person], *line) for person, line in lines.items()]
    )


def _wanted_status(one: PersonRoutes) -> str:
    in_force = [paper for paper in one.papers if paper.in_force]
    if not in_force:
        return "off the active list: nothing that names them is in force"
    cleared = [s.text for s in one.clearances if s.answer == "yes"]
    said = Counter(paper.kind for paper in in_force)
    return "; ".join([", ".join(f"{n} {kind}" for kind, n in sorted(said.items())), *cleared])


def _show_person(one: PersonRoutes, names: Mapping[str, str]) -> None:
    print_line(f"{names[one.person]}  ({one.person})")
    for paper in one.papers:
        state = "in force" if paper.in_force else f"ended {paper.ended} {paper.reason}".rstrip()
        by = ", ".join(paper.issuers) or "an issuer that is not known"
        print_line(f"  {paper.kind} {paper.name}, by {by} since {paper.since or 'a day that is not known'}: {state}")
    for warning in one.unread:
        print_line(f"  ! {warning}")
    for statement in (*one.accusations, *one.clearances):
        print_line(f"  {statement.text}  [{', '.join(statement.sources)}]")
    if not one.routes:
        print_line("  Nothing in force on the day names this person: there are no routes.")
    for answer in one.routes:
        print_line()
        for line in _route_lines(answer, names):
            print_line(line)


def _route_lines(answer: RouteAnswer, names: Mapping[str, str]) -> Iterator[str]:
    about = "" if answer.subject == answer.person else f", {names[answer.subject]}"
    between = f" (between {' and '.join(answer.range)}, as sources disagree)" if len(answer.range) > 1 else ""
    where = answer.host or "host not known"
    yield f"{answer.state.replace('_', ' ').upper()}{between}  {answer.route.name} [{answer.route.id}], {where}{about}"
    if answer.state == "blocked":
        yield from (f"    blocked: {words}" for words in answer.because)
    yield from (f"    ! {words}" for words in answer.flags)
    if answer.route.person_initiated:
        yield "    only the person can begin it: advised, free, and known to the host"
    for fact in answer.instrument:
        yield from (f"    on: {s.text}" for s in fact.says)
    yield from (f"    + {line}" for fact in answer.facts_for for line in _fact_lines(fact))
    yield from (f"    - {line}" for fact in answer.facts_against for line in _fact_lines(fact))
    for asked in answer.missing:
        yield f"    ? {asked.fact}: {asked.question} Ask {asked.whom}."
        yield from (f"        so far: {statement.text}{_source_note(statement)}" for statement in asked.says)
    carried = "; ".join(carrier.text for carrier in answer.agencies)
    if carried:
        yield f"    carried by: {carried}"
    yield f"    basis: {'; '.join(answer.route.legal_basis)}. Ends in: {answer.route.outcome}"


def _fact_lines(fact: FactAnswer) -> Iterator[str]:
    from kg.findings import HOST_DECIDES

    shown = HOST_DECIDES if fact.hidden else "disputed" if fact.disputed else fact.answer
    if not fact.says:
        yield f"{fact.fact}: {shown}"
    for statement in fact.says:
        beside = f" ({statement.answer})" if fact.disputed else ", beside it" if statement.answer != fact.answer else ""
        yield f"{fact.fact}: {shown}{beside}; {statement.text}{_source_note(statement)}"


def _source_note(statement: LegalStatement) -> str:
    said = ", ".join([*statement.sources, *(c.row for c in statement.citations)])
    grade = f" {statement.grade}" if statement.grade else ""
    return f"  [{said}{grade}]" if said else ""
