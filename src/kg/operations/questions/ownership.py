"""Who owns something, and what does somebody own?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.operations.question_result import QuestionResult
from kg.operations.questions.lookup import MAX_UNRESOLVED, rejected_rows_of, resolve_node
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.ownership import OwnershipQuestion
    from kg.analysis.timeout import TimeoutCheck
    from kg.findings import Holding, Ownership, UnresolvedHolding
    from kg.records import Link, Node
    from kg.view import GraphView


def find_owners(
    store: Store, question: OwnershipQuestion, late: TimeoutCheck | None = None
) -> QuestionResult[Ownership]:
    """Who owns a node, named by id, `namespace:key` or a name that only one node has.

    Raises NotFound, InputError, and OutOfTime when `late` says that time is up.
    """
    from kg.analysis.ownership import COLUMNS, owners_of, roles_in, share_controls_of
    from kg.analysis.timeout import no_timeout

    asked = replace(question, node=resolve_node(store, "id", question.node))
    view = store.view(COLUMNS)
    answer = owners_of(view, asked, late or no_timeout)
    passed = (end for holding in answer.holdings for end in (holding.holder, *_chain_ends(holding)))
    roles = roles_in(view, (answer.about, *passed), asked.as_of)
    controls = share_controls_of(view, answer.about, asked.as_of) if _leaves_share(answer) else ()
    return _build_result(store, view, replace(answer, arrangements=roles), controls)


def find_holdings(
    store: Store, question: OwnershipQuestion, late: TimeoutCheck | None = None
) -> QuestionResult[Ownership]:
    """What a party owns; it is named, and errors are raised, as for `find_owners`."""
    from kg.analysis.ownership import COLUMNS, holdings_of, roles_of
    from kg.analysis.timeout import no_timeout

    asked = replace(question, node=resolve_node(store, "id", question.node))
    view = store.view(COLUMNS)
    node = view.index(asked.node)
    kind, rows = view.type(node), view.outgoing
    holds = view.link_types_with("ownership")[rows.kind[rows.start[node] : rows.start[node + 1]]].any()
    if not (holds or view.ontology.is_a(kind, "Party")):  # what sources hold to be two kinds may hold something still
        problem = f"{question.node!r} is a {kind}; expected a person or an enterprise, or a trust that holds"
        raise InputError(problem).with_field("id", question.node)
    answer = holdings_of(view, asked, late or no_timeout)
    return _build_result(store, view, replace(answer, arrangements=roles_of(view, asked.node, asked.as_of)))


def _leaves_share(answer: Ownership) -> bool:
    """Whether there may be a share that no source attributes."""
    return any(left.high > 0 for left in answer.unaccounted.values())


def _unresolved_holdings(store: Store, answer: Ownership, nodes: Iterable[str]) -> Iterator[UnresolvedHolding]:
    """Holdings with an end that is not loaded: by some nodes, or in them where nobody is stated to hold some share.

    The first MAX_UNRESOLVED by source and key.
    """
    from kg.analysis.ownership.shares import DIRECT_HOLDINGS
    from kg.findings import UnresolvedHolding

    is_of_owners = bool(answer.unaccounted)
    if is_of_owners and not _leaves_share(answer):
        return
    types, way = sorted(store.ontology.with_trait(*DIRECT_HOLDINGS)), "in" if is_of_owners else "out"
    for link in store.waiting_links_of(sorted(nodes), types, MAX_UNRESOLVED, way):
        yield UnresolvedHolding(link.source, *link.ends, link.stated.get("share", ()), not is_of_owners, link.place)


def _build_result(
    store: Store, view: GraphView, answer: Ownership, controls: Sequence[str] = ()
) -> QuestionResult[Ownership]:
    from kg.analysis.ownership import links_into_persons
    from kg.findings.contradictions import link_contradictions
    from kg.findings.statements import (
        alike_holder_sentences,
        owned_person_sentences,
        rejected_row_sentences,
        share_control_sentences,
    )

    named = dict.fromkeys(_node_ids(answer))
    beside = (*links_into_persons(view, named), *controls)
    links = store.links_by_id(dict.fromkeys((*_link_ids(answer), *beside)))
    others = (end for name in (*answer.impossible, *beside) for end in (links[name].source_id, links[name].target_id))
    nodes = store.nodes(dict.fromkeys((*named, *others)))
    told = {(one.holder, one.held) for one in answer.disputes}
    found = (
        one
        for _, link in sorted(links.items())
        for one in link_contradictions(view.ontology, link, nodes)
        if one.property != "share" or (link.source_id, link.target_id) not in told
    )
    unresolved = tuple(_unresolved_holdings(store, answer, nodes))
    of_persons = owned_person_sentences((links[name] for name in beside if name not in controls), nodes)
    of_control = share_control_sentences((links[name] for name in controls), nodes)
    rejected = rejected_rows_of(store, [answer.about], links.values(), (one.source for one in unresolved))
    of_rows = rejected_row_sentences(rejected, "holdings")
    of_one = alike_holder_sentences(_alike_holders(store, links.values(), nodes), nodes)
    caveats = (*of_control, *of_persons, *_caveats(answer, links, nodes), *of_one, *of_rows)
    told_of = replace(answer, contradictions=tuple(found), unresolved=unresolved, caveats=caveats)
    return QuestionResult(told_of, nodes, links)


def _alike_holders(store: Store, links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[tuple[str, str, str]]:
    """Two people of one name and month or year of birth that links name as holders of one thing, and the thing, by id.

    Where no birth date is stated, of names that are written alike. Not those that are judged to be two.
    """
    from kg.ontology.words import fold_text

    types = store.ontology.with_trait("ownership", "benefit")
    alike = defaultdict[tuple[str, str], list[str]](list)
    for holder, held in sorted({(link.source_id, link.target_id) for link in links if link.type in types}):
        if (node := nodes.get(holder)) and node.type == "Person" and node.first("name"):
            alike[held, node.first("birth_date")[:7] or fold_text(node.first("name"))].append(holder)
    pairs = [(*pair, held) for (held, _), holders in alike.items() for pair in combinations(holders, 2)]
    if not pairs:
        return
    from kg.ledger.judgement_pairs import DISTINCT
    from kg.ledger.judgement_status import decided_pairs
    from kg.names import compare_names
    from kg.stores.sqlite.store import SqliteStore

    decided = decided_pairs(store.connection, (DISTINCT,)) if isinstance(store, SqliteStore) else ()
    for one, other, held in pairs:
        match = compare_names(nodes[one].first("name"), nodes[other].first("name"))
        if match.is_same and frozenset((one, other)) not in decided:
            yield one, other, held


def _caveats(answer: Ownership, links: Mapping[str, Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """What is not simply added up, and what counts as in force that may have ended."""
    from kg.findings.statements import (
        indirect_holding_sentences,
        stated_day_sentences,
        undated_end_sentences,
        unsummed_sentences,
    )

    steps = sorted({step.links for one in answer.holdings for chain in one.chains for step in chain.steps})
    beside = {
        name
        for one in answer.holdings
        if any(len(chain.steps) > 1 for chain in one.chains)
        for chain in one.chains
        if len(chain.steps) == 1
        for name in chain.steps[0].links
    }
    held = [links[name] for name in dict.fromkeys(name for names in steps for name in names)]
    yield from indirect_holding_sentences(held, beside, nodes)
    yield from unsummed_sentences(([links[name] for name in names] for names in steps), nodes)
    yield from dict.fromkeys(stated_day_sentences(held, nodes))
    yield from dict.fromkeys(undated_end_sentences(links.values(), nodes))


def _node_ids(answer: Ownership) -> Iterator[str]:
    yield answer.about
    for holding in answer.holdings:
        yield from (holding.holder, holding.held)
        yield from _chain_ends(holding)
    for role in answer.arrangements:
        yield from (role.party, role.arrangement, *role.held)
    yield from (member for circle in answer.circles for member in circle.members)
    yield from (one.held for one in answer.beyond)
    yield from (end for one in answer.disputes for end in (one.holder, one.held))
    yield from (end for one in answer.crowded for end in (one.holder, one.held))


def _chain_ends(holding: Holding) -> Iterator[str]:
    return (end for chain in holding.chains for step in chain.steps for end in (step.holder, step.held))


def _link_ids(answer: Ownership) -> Iterator[str]:
    for holding in answer.holdings:
        yield from holding.declared
        yield from (link for chain in holding.chains for step in chain.steps for link in step.links)
    yield from (role.link for role in answer.arrangements)
    yield from (link for excess in answer.beyond for link in excess.links)
    yield from (link for dispute in answer.disputes for link in dispute.links)
    yield from (link for one in answer.crowded for link in one.links)
    yield from answer.impossible
