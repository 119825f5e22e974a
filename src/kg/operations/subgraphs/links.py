"""What does each source say of one link?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.analysis.validity import require_day
from kg.errors import NotFound
from kg.findings.statements import claims_by_value
from kg.ontology import Ontology
from kg.operations.subgraphs.summaries import summarize_links, summarize_nodes
from kg.ports import Store
from kg.records import Claim, Link

if TYPE_CHECKING:
    from kg.operations.answers.subgraphs import LinkAnswer, LinkValue


def describe_link(store: Store, link_id: str, as_of: str = "") -> LinkAnswer:
    """One link with every claim about it, and who states which value. Raises NotFound, and InputError for no day."""
    from kg.operations.answers import ClaimOut, LinkOut
    from kg.operations.answers.subgraphs import LinkAnswer

    require_day(as_of)
    link = store.links_by_id([link_id]).get(link_id) or _suggested_link(store, link_id)
    if link is None:
        expected = "expected an id of a link, as answers have it"
        raise NotFound(f"no link has the id {link_id!r}").with_field("id", link_id, expected)
    claims = store.claims([link.id]).get(link.id, [])
    summary = summarize_links(store, [link], as_of)[0]
    return LinkAnswer(
        version=str(store.version()),
        link=LinkOut.of(link, summary.holds),
        in_short=summary,
        nodes=summarize_nodes(store, (link.source_id, link.target_id), as_of),
        claims=[ClaimOut.of(claim) for claim in claims],
        values=_stated_values(store.ontology, link, claims),
    )


def _stated_values(ontology: Ontology, link: Link, claims: Sequence[Claim]) -> list[LinkValue]:
    from kg.operations.answers.subgraphs import LinkValue

    kinds = ontology.properties(link.type)
    return [
        LinkValue(property=name, value=value, sources=list(dict.fromkeys(claim.source for claim in stating)))
        for name in sorted({name for claim in claims for name in claim.properties})
        for value, stating in claims_by_value(kinds.get(name), name, claims).items()
    ]


def _suggested_link(store: Store, link_id: str) -> Link | None:
    """The link for a suggestion that two nodes may be one, which no store has among its links."""
    from kg.operations.questions.suggestions import suggestion_link, suggestion_of_link

    suggestion = suggestion_of_link(store, link_id)
    return suggestion_link(suggestion.match) if suggestion else None
