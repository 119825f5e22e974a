"""Where did money go, in time order?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.operations.question_result import QuestionResult
from kg.operations.questions.lookup import resolve_node
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.flows import FlowQuestion
    from kg.analysis.timeout import TimeoutCheck
    from kg.findings import MoneyFlow


def find_money_flow(
    store: Store, question: FlowQuestion, late: TimeoutCheck | None = None
) -> QuestionResult[MoneyFlow]:
    """Follow what a party or account paid; it and the end are named by id, `namespace:key` or a name of only one node.

    Raises NotFound, InputError, and OutOfTime when `late` says that time is up.
    """
    from kg.analysis.flows import COLUMNS, follow_money
    from kg.analysis.timeout import no_timeout

    goal = resolve_node(store, "to", question.goal) if question.goal else ""
    asked = replace(question, start=resolve_node(store, "from", question.start), goal=goal)
    found = follow_money(store.view(COLUMNS), asked, late or no_timeout)
    links = [*(p.link for p in found.payments), *(p.link for p in found.untraced), *(e.link for e in found.events)]
    nodes = {*found.start, *found.goal, *found.accounts, *found.accounts.values(), *(h.account for h in found.held)}
    nodes |= {node for event in found.events for node in (event.about, event.other)}
    stated = store.links_by_id(dict.fromkeys(links))
    nodes |= {end for link in stated.values() for end in (link.source_id, link.target_id)}
    return QuestionResult(found, store.nodes(sorted(nodes)), stated)
