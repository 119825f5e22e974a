"""Which nodes does a search find, what is said about one of them, and which links does it have?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.errors import QuestionError
from kg.findings.statements import is_date, unread_label, unread_words
from kg.ontology import Ontology
from kg.operations.contradictions import entity_contradictions, join_sentences
from kg.operations.questions.listing import (
    MAX_SEARCH_RESULTS,
    SearchQuery,
    SearchResultPage,
    list_links,
    list_nodes,
    list_search_results,
)
from kg.operations.questions.lookup import claims_that_say_more
from kg.operations.workspace import Workspace
from kg.ports import LinkQuery, Store, WaitingLink
from kg.records import Link, Node

MAX_JURISDICTIONS = 5
"""Most links that `telling_facts` reads of a node."""

MAX_UNRESOLVED_LINKS = 200
"""Most unresolved links that are told of a node."""

if TYPE_CHECKING:
    from kg.operations.answers import (
        EntitiesAnswer,
        EntityAnswer,
        EntityOut,
        FuzzyEntitiesAnswer,
        LinksAnswer,
        MatchOut,
    )

_SEARCH_CURSOR = re.compile(r"([0-9]{1,4})-([a-z2-7]{26})")


def search_entities(store: Store, query: SearchQuery, cursor: str = "", limit: int = 20) -> EntitiesAnswer:
    """A page of the nodes that a search finds, whole names first; without a text, of those of a type or jurisdiction.

    Raises InputError for a cursor that no page gave.
    """
    seen, last = _search_position(cursor)
    if query.text or not (query.node_types or query.jurisdiction):
        page = list_search_results(store, query, (seen, last), limit)
        is_all = not (seen or page.has_more)
        kinds = (
            dict(Counter(sorted(node.type for node in page.nodes)))
            if is_all
            else store.count_found(query.text, query.node_types, query.jurisdiction)
        )
    else:
        found = list_nodes(store, query.node_types, query.jurisdiction, last, limit + 1)
        page, kinds = SearchResultPage(tuple(found[:limit]), len(found) > limit, 0), {}
    answer = _entities(store, page.nodes, f"{page.end}-{page.nodes[-1].id}" if page.has_more else None)
    return answer.model_copy(update={"matches": _matches(store, query.text, page.nodes), "kinds": kinds})


def search_fuzzily(store: Store, query: SearchQuery, cursor: str = "", limit: int = 20) -> FuzzyEntitiesAnswer:
    """The same, and with the first page, apart, people and companies whose names may be written like the text.

    None of these is a result of the search. Raises QuestionError where there is no text.
    """
    from kg.operations.answers import EntityOut, FuzzyEntitiesAnswer, WrittenSoOut
    from kg.operations.questions.written_so import find_written_so

    if not query.text:
        raise QuestionError("fuzzy", "true", "expected a name, q, that others may be written like")
    page = search_entities(store, query, cursor, limit)
    written = []
    if not cursor:
        found = store.search(query.text, query.node_types, MAX_SEARCH_RESULTS, query.jurisdiction)
        written = find_written_so(store, query, {node.id for node in found}, limit)
    return FuzzyEntitiesAnswer(
        version=page.version,
        next=page.next,
        entities=page.entities,
        matches=page.matches,
        kinds=page.kinds,
        may_be_written_so=[
            WrittenSoOut(
                entity=EntityOut.of(w.node), name=w.name, bits=round(w.match.bits, 2), reasons=list(w.match.reasons)
            )
            for w in written
        ],
    )


def list_entities(store: Store, node_type: str, after: str = "", limit: int = 100) -> EntitiesAnswer:
    """A page of the nodes of a type, in the order of their ids."""
    found = list_nodes(store, (node_type,), after=after, limit=limit + 1)
    return _entities(store, found[:limit], found[limit - 1].id if len(found) > limit else None)


def telling_facts(store: Store, ontology: Ontology, node: Node | EntityOut) -> list[str]:
    """What tells a node from its namesakes: its birth date, an identifier, its address, post and jurisdictions."""
    known = ontology.merged_properties(tuple(node.types) or (node.type,))
    identifiers = sorted(name for name in node.properties if name in known and known[name].identifies)
    names = ["birth_date", *identifiers[:1], "address", "position"]
    facts = [f"{name.replace('_', ' ')} {node.properties[name][0]}" for name in names if node.properties.get(name)][:2]
    types = tuple(sorted(ontology.with_trait("citizenship", "registration", "location")))
    links = store.links(LinkQuery(node.id, types, limit=MAX_JURISDICTIONS, direction="out"))
    ends = store.nodes([link.target_id for link in links])
    return [*facts, *dict.fromkeys(end.caption for end in ends.values() if end.type == "Jurisdiction")]


def describe_entity(workspace: Workspace, store: Store, node_id: str) -> EntityAnswer:
    """Everything that is said about a node, given by its canonical id."""
    from kg.operations.answers import ClaimOut, EntityAnswer, EntityOut, JudgementOut, SuggestionOut
    from kg.operations.ledger.judgements import get_identity

    identity = get_identity(workspace, store, node_id)
    node = store.nodes([node_id])[node_id]
    claims = store.claims([node_id]).get(node_id, [])
    return EntityAnswer(
        version=str(store.version()),
        entity=EntityOut.of(node),
        sought=[pursuit_text(store, link) for link in node.sought_under],
        formerly_sought=_former_pursuits(store, node),
        contradictions=entity_contradictions(store, workspace.ontology, node, claims),
        joins=join_sentences(workspace.ontology, claims),
        claims=[ClaimOut.of(claim) for claim in claims],
        names=[(name.namespace, name.key) for name in identity.names],
        former_ids=list(identity.former_ids),
        judgements=[JudgementOut.of(judged) for judged in identity.judgements],
        suggestions=[SuggestionOut.of(suggestion, node_id) for suggestion in identity.suggestions],
    )


def describe_links(store: Store, ontology: Ontology, query: LinkQuery) -> LinksAnswer:
    """A page of the links of a node. Raises InputError for a type or a day that is none."""
    from kg.operations.answers import LinkOut, LinksAnswer, UnresolvedLinkOut, captions_of, link_claims_out

    page = list_links(store, ontology, query)
    ends = store.nodes(dict.fromkeys(end for link in page.links for end in (link.source_id, link.target_id)))
    return LinksAnswer(
        version=str(store.version()),
        next=page.links[-1].id if page.has_more else None,
        links=[LinkOut.of(link, page.holds.get(link.id, "")) for link in page.links],
        captions=captions_of(ends.values()),
        link_claims=link_claims_out(claims_that_say_more(store, page.links)),
        link_contradictions={
            link.id: said for link in page.links if (said := contradiction_sentences(ontology, link, ends))
        },
        unresolved=[
            UnresolvedLinkOut.model_validate(one, from_attributes=True) for one in find_unresolved_links(store, query)
        ],
    )


def find_unresolved_links(store: Store, query: LinkQuery) -> list[WaitingLink]:
    """The first links of a node, of the types and in the direction of a query, whose other end is not loaded.

    With a later page than the first there are none.
    """
    if query.after:
        return []
    types = query.types or sorted(store.ontology.links)
    return store.waiting_links_of([query.node_id], types, MAX_UNRESOLVED_LINKS, query.direction)


def contradiction_sentences(ontology: Ontology, link: Link, ends: Mapping[str, Node]) -> list[str]:
    """What is said of a link and cannot all be true; `ends`: its two nodes, by id."""
    from kg.findings.contradictions import link_contradictions

    return [one.says for one in link_contradictions(ontology, link, ends)]


def pursuit_text(store: Store, link_id: str) -> str:
    """`sought by X since D under the list entry N, as S says`, for the link between a person and a paper in force."""
    link = store.links_by_id([link_id])[link_id]
    paper = store.nodes([link.target_id])[link.target_id]
    issuers = store.links(LinkQuery(paper.id, types=("ISSUED_BY",)))
    agencies = store.nodes([issuer.target_id for issuer in issuers])
    by = ", ".join(a.caption for a in agencies.values()) or paper.first("issuer")
    since = paper.first("issued_on") or "an unknown day"
    dates = [value for value in (*paper.not_understood, *link.not_understood) if is_date(value)]
    unread = "".join(f", {unread_label(value)} “{unread_words(value)}” not understood" for value in dates)
    said = f"sought by {by} since {since}" if by else f"sought since {since}, the sources name no issuer,"
    return f"{said} {_under(paper, link)}{unread}"


def _former_pursuits(store: Store, node: Node) -> list[str]:
    """`was sought until D (reason) under the warrant N, as S says`, for each paper that has ended."""
    found = store.links(LinkQuery(node.id, tuple(sorted(store.ontology.with_trait("pursuit"))), direction="out"))
    ended = [link for link in found if link.id not in node.sought_under]
    papers = store.nodes([link.target_id for link in ended])
    told = []
    for link in ended:
        paper = papers.get(link.target_id)
        days = (*(paper.properties.get("ended_on", ()) if paper else ()), *link.properties.get("end_date", ()))
        if paper is None or not days:
            continue
        reasons = ", ".join(paper.properties.get("end_reason", ()))
        why = f" ({reasons.replace('_', ' ')})" if reasons else ""
        told.append(f"was sought until {max(days)}{why} {_under(paper, link)}")
    return told


def _under(paper: Node, link: Link) -> str:
    """`under the warrant N, as S says`."""
    kind = {"ListEntry": "list entry"}.get(paper.type, paper.type.lower())
    return f"under the {kind} {paper.caption}, as {', '.join(link.sources)} says"


def _search_position(cursor: str) -> tuple[int, str]:
    """How many results stand before the next page, and the id of the last of them. Raises InputError."""
    if not cursor:
        return 0, ""
    found = _SEARCH_CURSOR.fullmatch(cursor)
    if not found:
        raise QuestionError("cursor", cursor, "expected what an earlier page gave as next")
    return int(found[1]), found[2]


def _matches(store: Store, text: str, nodes: Sequence[Node]) -> dict[str, MatchOut]:
    from kg.operations.answers import MatchOut
    from kg.stores.name_matches import find_matches

    found = find_matches(store.ontology, text, nodes) if text else {}
    return {name: MatchOut(**match._asdict()) for name, match in found.items()}


def _entities(store: Store, nodes: Sequence[Node], following: str | None) -> EntitiesAnswer:
    from kg.operations.answers import EntitiesAnswer, EntityOut

    return EntitiesAnswer(version=str(store.version()), next=following, entities=[EntityOut.of(node) for node in nodes])
