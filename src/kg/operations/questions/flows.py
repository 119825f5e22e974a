"""Where did money go, in time order?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.operations.question_result import QuestionResult
from kg.operations.questions.lookup import MAX_UNRESOLVED, rejected_rows_of, resolve_node
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.flows import FlowQuestion
    from kg.analysis.timeout import TimeoutCheck
    from kg.findings import MoneyFlow, UnresolvedPayment
    from kg.law.exchange_rates import ExchangeRate


def find_money_flow(
    store: Store, question: FlowQuestion, late: TimeoutCheck | None = None
) -> QuestionResult[MoneyFlow]:
    """Follow what a party or account paid; it and the end are named by id, `namespace:key` or a name of only one node.

    Amounts are converted by the rates of the reference table, where a currency is asked for and no rate is given.
    Raises NotFound, InputError, and OutOfTime when `late` says that time is up.
    """
    from kg.analysis.flows import COLUMNS, follow_money
    from kg.analysis.timeout import no_timeout

    goal = resolve_node(store, "to", question.goal) if question.goal else ""
    rates = question.rates or (_reference_rates() if question.currency else ())
    asked = replace(question, rates=rates, start=resolve_node(store, "from", question.start), goal=goal)
    found = follow_money(store.view(COLUMNS), asked, late or no_timeout)
    links = [*(p.link for p in found.payments), *(p.link for p in found.untraced), *(e.link for e in found.events)]
    nodes = {*found.start, *found.goal, *found.accounts, *found.accounts.values(), *(h.account for h in found.held)}
    nodes |= {account for p in found.payments for account in (p.payer_account, p.payee_account) if account}
    nodes |= {node for event in found.events for node in (event.about, event.other)}
    stated = store.links_by_id(dict.fromkeys(links))
    nodes |= {end for link in stated.values() for end in (link.source_id, link.target_id)}
    unresolved = tuple(_unresolved_payments(store, {*found.start, *found.goal, *(p.payee for p in found.payments)}))
    rejected = rejected_rows_of(store, found.start, stated.values(), (p.source for p in unresolved))
    return QuestionResult(replace(found, unresolved=unresolved, rejected=rejected), store.nodes(sorted(nodes)), stated)


def _unresolved_payments(store: Store, nodes: set[str]) -> Iterator[UnresolvedPayment]:
    """Payments of some nodes that name an end that is not loaded: the first MAX_UNRESOLVED by source and key."""
    from kg.findings import UnresolvedPayment

    for link in store.waiting_links_of(sorted(nodes), sorted(store.ontology.with_trait("payment")), MAX_UNRESOLVED):
        amounts, dates = link.stated.get("amount", ()), link.stated.get("date", ())
        yield UnresolvedPayment(link.source, *link.ends, amounts, dates, link.place)


def _reference_rates() -> tuple[ExchangeRate, ...]:
    """The rates of the reference table: each counts from the end of the months that it is of."""
    from kg.law.exchange_rates import read_exchange_rates
    from kg.resources import data_dir

    return read_exchange_rates(data_dir("graph") / "reference").rates
