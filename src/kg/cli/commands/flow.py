"""`kg flow`: money in time order, by named rules of tracing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.captions import caption_and_type
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.cli.citations import Citations
    from kg.findings import FlowEvent, MoneyFlow, MoneyRange, TracedPayment, TracingRule
    from kg.operations.question_result import QuestionResult

    Found = QuestionResult[MoneyFlow]

RULE_LABELS: Mapping[str, str] = {
    "fifo": "first in first out",
    "pro-rata": "pro rata",
    "lowest-balance": "lowest balance",
}


MAX_LEFT_OUT = 20
"""Payments left out for one reason that are printed."""


def flow(  # noqa: PLR0913  # one flag a parameter
    start: Annotated[str, typer.Argument(metavar="FROM", help="Party or account whose payments are followed.")],
    goal: Annotated[str, typer.Argument(metavar="[TO]", help="Only what reaches this party or account.")] = "",
    rule: Annotated[
        list[str] | None,
        typer.Option(help="fifo, pro-rata or lowest-balance; repeatable. All three side by side if left out."),
    ] = None,
    as_of: Annotated[str, typer.Option(help="Last day of payments that count; the day of the graph if empty.")] = "",
    opening: Annotated[
        str, typer.Option(help="What accounts held before: unknown, which leaves bounds, or zero.")
    ] = "unknown",
    currency: Annotated[
        str, typer.Option(help="Convert into this currency, by each --rate, else by the reference table.")
    ] = "",
    rate: Annotated[
        list[str] | None, typer.Option(help="'1 USD = 6.15 CNY on 2014-12-05, central bank'; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Follow payments through accounts in time order, by named tracing rules side by side.

    Bounds are shown where an order, an amount or an opening balance is not known. What sources say of a person is shown
    with what moved after it; an accusation is no finding.
    """
    from kg import operations
    from kg.analysis.flows import parse_flow_question

    question = parse_flow_question(start, goal, rule or (), as_of, opening, currency, rate or ())
    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        found = operations.find_money_flow(store, question)
    if json:
        from kg.operations.answers import MoneyFlowAnswer

        print_json(MoneyFlowAnswer.of(found))
    else:
        _show(found)


def _show(found: Found) -> None:
    from kg.cli.citations import Citations
    from kg.findings.statements import unread_link_sentences

    answer, cited = found.finding, Citations()
    start, goal = (", ".join(caption_and_type(found.nodes[n]) for n in ids) for ids in (answer.start, answer.goal))
    print_line(f"money from {start}{f' to {goal}' if goal else ''}, as of {answer.as_of or 'any day'}")
    rules = [RULE_LABELS[rule] for rule in answer.rules]
    if answer.payments:
        rows = [_payment_row(found, list(one), cited) for _, one in groupby(answer.payments, lambda p: p.link)]
        print_table(("day", "from", "to", "paid", *(f"traced, {rule}" for rule in rules), "stated by"), rows)
    else:
        print_line("no payment is traced")
    totals = [row for currency, one in answer.totals.items() for row in _total_rows(answer, currency)]
    if totals:
        print_table(("in all", *rules), totals)
    if answer.held:
        rows = [(_name(found, one.account), *_amounts(one.traced)) for one in answer.held]
        print_table(("left in the end in", *rules), rows)
    for line in (*_event_lines(found, cited), *_left_out_lines(found, cited)):
        print_line(line)
    for line in _not_loaded_lines(answer):
        print_line(line)
    for assumption in answer.assumptions:
        print_line(f"! {assumption}")
    payments = dict.fromkeys((*(one.link for one in answer.payments), *(one.link for one in answer.untraced)))
    for sentence in dict.fromkeys(unread_link_sentences((found.links[link] for link in payments), found.nodes)):
        print_line(f"! {sentence}")
    cited.show()
    print_line(f"graph {answer.version}; what is traced is what follows by a rule from what sources state, no finding")


def _payment_row(found: Found, in_each: Sequence[TracedPayment], cited: Citations) -> tuple[str, ...]:
    """One payment: that of an unknown currency may be in each of several."""
    one = in_each[0]
    day = one.first if one.first == one.last else f"{one.first} to {one.last}"
    amounts = (_amount_or_any([each.traced[rule] for each in in_each]) for rule in one.traced)
    paid = f"{one.amount.text}{' at a stated rate' if one.rate else ''}"
    ends = (_end(found, one.payer, one.payer_account), _end(found, one.payee, one.payee_account))
    mark = "! " if any(each.unordered for each in in_each) else ""
    return (f"{mark}{day}", *ends, paid, *amounts, cited.link_sources(found.links[one.link]))


def _amount_or_any(in_each: Sequence[MoneyRange]) -> str:
    """What is traced of one payment; in each currency that it may be of, where not anything."""
    if len(in_each) == 1:
        return in_each[0].text
    bounded = [one.text for one in in_each if one.high is not None]
    return ", or ".join([*bounded, *([] if len(bounded) == len(in_each) else ["unknown amount, unknown currency"])])


def _name(found: Found, node: str) -> str:
    owner = found.finding.accounts.get(node)
    return f"{found.nodes[node].caption}{f', of {found.nodes[owner].caption}' if owner else ''}"


def _end(found: Found, node: str, account: str) -> str:
    named = f" ({found.nodes[account].caption})" if account else ""
    return f"{_name(found, node)}{named}"


def _amounts(traced: Mapping[TracingRule, MoneyRange]) -> tuple[str, ...]:
    return tuple(amount.text for amount in traced.values())


def _total_rows(answer: MoneyFlow, currency: str) -> Iterator[tuple[str, ...]]:
    total = answer.totals[currency]
    yield (f"paid, {currency}", *(total.paid.text for _ in answer.rules))
    if total.arrived:
        yield (f"arrived, {currency}", *_amounts(total.arrived))
    if any(amount.high != "0" for amount in total.returned.values()):
        yield (f"came back, {currency}", *_amounts(total.returned))


def _event_lines(found: Found, cited: Citations) -> Iterator[str]:
    if found.finding.events:
        yield "what moved after which event:"
    for event in found.finding.events:
        yield f"  {_event_text(found, event)}  [{cited.link_sources(found.links[event.link])}]"
        for currency, moved in event.moved.items():
            traced = "; ".join(f"{RULE_LABELS[rule]} {amount.text}" for rule, amount in moved.traced.items())
            possibly = f", {moved.possibly} more perhaps" if moved.possibly else ""
            payments = f"{moved.payments} payment{'s' if moved.payments != 1 else ''}"
            yield f"    then {payments} in {currency}{possibly}; traced: {traced}"


def _event_text(found: Found, event: FlowEvent) -> str:
    day = event.first if event.first == event.last else f"{event.first} to {event.last}"
    about, other = found.nodes[event.about].caption, found.nodes[event.other].caption
    stage = f", {event.stage}" if event.stage else ""
    what = "" if event.what == "on" else f", {event.what.removesuffix(' on')}"
    return f"{day} {about}: {event.kind} {other}{what}{stage}"


def _not_loaded_lines(answer: MoneyFlow) -> Iterator[str]:
    """What is not counted because an end is not loaded, or because rows were rejected."""
    from kg.findings.statements import rejected_row_sentences

    if answer.unresolved:
        payments = plural(len(answer.unresolved), "payments")
        yield f"! {payments} with an end that is not loaded {'are' if answer.unresolved[1:] else 'is'} not counted:"
    for one in answer.unresolved[:MAX_LEFT_OUT]:
        said = ", ".join((" or ".join(one.amounts) or "no amount", *one.dates))
        yield f"    {one.payer} to {one.payee}, {said}  [{one.place or one.source}]"
    if answer.unresolved[MAX_LEFT_OUT:]:
        yield f"    {len(answer.unresolved) - MAX_LEFT_OUT:,} more (--json has them)"
    for sentence in rejected_row_sentences(answer.rejected, "payments"):
        yield f"! {sentence}"


def _left_out_lines(found: Found, cited: Citations) -> Iterable[str]:
    if found.finding.untraced:
        yield "not followed:"
    told = Counter[str]()
    for one in found.finding.untraced:
        told[one.why] += 1
        if told[one.why] > MAX_LEFT_OUT:
            continue
        link = found.links[one.link]
        ends = f"{found.nodes[link.source_id].caption} to {found.nodes[link.target_id].caption}"
        amount = " or ".join(link.properties.get("amount", ())) or "no amount"
        yield f"  {ends}, {amount}: {one.why}  [{cited.link_sources(link)}]"
    for why, count in told.items():
        if count > MAX_LEFT_OUT:
            yield f"  {count - MAX_LEFT_OUT:,} more: {why} (--json has all)"
