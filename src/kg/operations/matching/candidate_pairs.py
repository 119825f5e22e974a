"""Which suggestions are open for review, and what does a judgement of one of them do?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.findings.matches import suggestion_id
from kg.ledger.judgement_pairs import SAME
from kg.operations.ledger.judgements import Attribution, judge
from kg.operations.matching.comparison import evidence_against
from kg.operations.matching.judgement_effects import preview_judgement
from kg.operations.questions.lookup import resolve_node
from kg.operations.questions.suggestions import suggestions_of
from kg.operations.subgraphs.summaries import summarize_nodes
from kg.operations.workspace import Workspace
from kg.ports import Store

if TYPE_CHECKING:
    from kg.operations.answers.matching import CandidatePairsAnswer, JudgementAnswer


def list_candidate_pairs(store: Store, node: str = "", least: float = 0.0, limit: int = 20) -> CandidatePairsAnswer:
    """The first open suggestions that `kg candidates --write` keeps, of one node where one is named.

    Those about somebody sought come first, then the most probable. A Neo4j has none. Raises NotFound and InputError.
    """
    from kg.operations.answers.matching import CandidatePair, CandidatePairsAnswer

    found = suggestions_of(store, resolve_node(store, "node", node) if node else "", least)
    nodes = store.nodes(dict.fromkeys(end for s in found for end in (s.match.one, s.match.other)))
    sought = {name for name, one in nodes.items() if one.sought_under}
    found.sort(key=lambda s: sought.isdisjoint((s.match.one, s.match.other)))
    pairs = [CandidatePair(id=suggestion_id(s.match), match=s.match, since=s.seen_first) for s in found[:limit]]
    return CandidatePairsAnswer(
        version=str(store.version()),
        pairs=pairs,
        total=len(found),
        nodes=summarize_nodes(store, (end for one in pairs for end in (one.match.one, one.match.other))),
    )


def judge_pair(
    workspace: Workspace, kind: str, names: tuple[str, str], attribution: Attribution, *, record: bool
) -> JudgementAnswer:
    """What a judgement about two nodes does; unless it is recorded, nothing of it stays.

    Who decides is also who records it: with two eyes, a second person is another one. Raises what `judge` raises.
    """
    from kg.operations.answers.matching import JudgementAnswer

    own = replace(workspace, user=attribution.by)
    against = evidence_against(own, *names) if kind == SAME else ()
    effect = preview_judgement(own, kind, names, attribution)
    made = judge(own, kind, names, attribution) if record else None
    return JudgementAnswer(
        kind=kind,
        nodes=effect.nodes,
        captions=effect.captions,
        says=effect.sentence,
        contradictions=list(effect.contradictions),
        evidence_against=list(against),
        becomes_sought=list(effect.sought),
        missing=effect.missing,
        number=made.number if made else 0,
    )
