"""How are two nodes connected?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import QuestionError
from kg.operations.question_result import QuestionResult
from kg.operations.questions.lookup import claims_of_shared, resolve_node
from kg.ports import Store
from kg.records import POSSIBLY_SAME

if TYPE_CHECKING:
    from kg.analysis.paths import Budget, PathQuestion, Ranking
    from kg.findings import RankedPaths


def find_paths(
    store: Store, question: PathQuestion, ranking: Ranking, budget: Budget | None = None
) -> QuestionResult[RankedPaths]:
    """The first paths between two nodes by a ranking.

    Every node of the question is named by id, `namespace:key` or a name that only one node has. Raises NotFound and
    InputError for names and limits. Suggestions are followed where links of identity are, and told as what they are.
    """
    from kg.analysis.paths import COLUMNS, DEFAULT_BUDGET, DEFAULT_WEIGHTS, ranked_paths
    from kg.analysis.paths.question import validate_question, walkable_types
    from kg.analysis.paths.suggested import with_suggested_links
    from kg.operations.questions.suggestions import suggested_links, suggestion_link, suggestions_of

    asked = replace(
        question,
        start=resolve_node(store, "from", question.start),
        goal=resolve_node(store, "to", question.goal),
        through=tuple(resolve_node(store, "through", name) for name in question.through),
        avoid=tuple(resolve_node(store, "avoid", name) for name in question.avoid),
    )
    view = store.view(COLUMNS)
    validate_question(view.ontology, asked)
    suggested = suggestions_of(store) if POSSIBLY_SAME in walkable_types(view.ontology, asked) else []
    if suggested:
        view = with_suggested_links(view, suggested_links(suggested))
    answer = ranked_paths(view, asked, ranking, DEFAULT_WEIGHTS, budget or DEFAULT_BUDGET)
    nodes = [node for path in answer.paths for node in path.nodes]
    links = [link.id for path in answer.paths for hop in path.hops for link in hop.links]
    ends = (asked.start, asked.goal)
    found = store.links_by_id(dict.fromkeys(links))
    found |= {link.id: link for s in suggested if (link := suggestion_link(s.match)).id in links}
    return QuestionResult(answer, store.nodes((*ends, *nodes)), found, claims_of_shared(store, found.values()))


def is_found_by_identity(store: Store, question: PathQuestion, budget: Budget | None = None) -> bool:
    """Whether a question that finds no path finds one where links of identity, and suggestions, are followed too."""
    from kg.analysis.paths import Ranking

    if "identity" not in question.exclude_traits or question.only_traits or question.only_types:
        return False
    wider = replace(question, exclude_traits=tuple(t for t in question.exclude_traits if t != "identity"))
    return bool(find_paths(store, wider, Ranking("shortest", 1, sample=0), budget).finding.paths)


def excluded_traits(walk: tuple[str, ...]) -> tuple[str, ...]:
    """The traits that a search leaves out by default, without those asked for in `walk`. Raises InputError."""
    from kg.analysis.paths import DEFAULT_EXCLUDED_TRAITS

    unknown = sorted(set(walk) - set(DEFAULT_EXCLUDED_TRAITS))
    if unknown:
        expected = f"expected a trait that is left out, one of {', '.join(DEFAULT_EXCLUDED_TRAITS)}"
        raise QuestionError("walk", unknown[0], expected)
    return tuple(trait for trait in DEFAULT_EXCLUDED_TRAITS if trait not in walk)
