"""How are two nodes connected?"""

from __future__ import annotations

from collections.abc import Iterable
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
    from kg.findings.matches import Suggestion
    from kg.view import GraphView


def find_paths(
    store: Store, question: PathQuestion, ranking: Ranking, budget: Budget | None = None
) -> QuestionResult[RankedPaths]:
    """The first paths between two nodes by a ranking.

    Every node of the question is named by id, `namespace:key` or a name that only one node has. Raises NotFound and
    InputError for names and limits. Suggestions are followed where links of identity are, and told as what they are.
    """
    from kg.analysis.paths import DEFAULT_BUDGET, DEFAULT_WEIGHTS, ranked_paths

    asked = replace(
        question,
        start=resolve_node(store, "from", question.start),
        goal=resolve_node(store, "to", question.goal),
        through=tuple(resolve_node(store, "through", name) for name in question.through),
        avoid=tuple(resolve_node(store, "avoid", name) for name in question.avoid),
        asked_in=(_namespace_asked(store, question.start), _namespace_asked(store, question.goal)),
    )
    view, suggested = view_to_walk(store, asked)
    answer = ranked_paths(view, asked, ranking, DEFAULT_WEIGHTS, budget or DEFAULT_BUDGET)
    nodes = [node for path in answer.paths for node in path.nodes]
    links = [link.id for path in answer.paths for hop in path.hops for link in hop.links]
    ends = (asked.start, asked.goal)
    found = store.links_by_id(dict.fromkeys(links))
    if suggested:
        from kg.operations.questions.suggestions import suggestion_link

        found |= {link.id: link for s in suggested if (link := suggestion_link(s.match)).id in links}
    return QuestionResult(answer, store.nodes((*ends, *nodes)), found, claims_of_shared(store, found.values()))


def _namespace_asked(store: Store, name: str) -> str:
    """The namespace of a name such as `register:7`; empty for an id or a caption."""
    namespace, colon, key = name.partition(":")
    claims = store.claims([store.resolve(name)]) if colon and key else {}
    own = any(claim.namespace == namespace for of_node in claims.values() for claim in of_node)
    return namespace if own else ""


def view_to_walk(store: Store, asked: PathQuestion) -> tuple[GraphView, list[Suggestion]]:
    """The graph for a question about paths, with suggestions as links where it follows those of identity, and these.

    Raises InputError for limits that make no sense.
    """
    from kg.analysis.paths import COLUMNS
    from kg.analysis.paths.question import validate_question, walkable_types
    from kg.analysis.paths.suggested import with_suggested_links

    view = store.view(COLUMNS)
    validate_question(view.ontology, asked)
    if POSSIBLY_SAME not in walkable_types(view.ontology, asked):
        return view, []
    from kg.operations.questions.suggestions import suggested_links, suggestions_of

    suggested = suggestions_of(store)
    return (with_suggested_links(view, suggested_links(suggested)) if suggested else view), suggested


def path_limits(  # noqa: PLR0913  # one flag of a command line, or field of a request, a parameter
    *,
    depth: int = 6,
    walk: Iterable[str] | None = None,
    only_traits: Iterable[str] | None = None,
    exclude_traits: Iterable[str] | None = None,
    only_types: Iterable[str] | None = None,
    exclude_types: Iterable[str] | None = None,
    only_through: Iterable[str] | None = None,
    not_through: Iterable[str] | None = None,
    avoid: Iterable[str] | None = None,
    as_of: str = "",
    min_reliability: str = "",
    max_degree: int = 0,
    one_way: Iterable[str] | None = None,
) -> PathQuestion:
    """The limits of a question about paths, without its ends. `walk`: traits that are left out unless asked for.

    Raises InputError for a trait in `walk` that is not left out.
    """
    from kg.analysis.paths import DEFAULT_ENDPOINT_KINDS, PathQuestion

    barred = tuple(not_through or ())
    return PathQuestion(
        "",
        "",
        depth,
        tuple(dict.fromkeys((*excluded_traits(tuple(walk or ())), *(exclude_traits or ())))),
        not_through=(*DEFAULT_ENDPOINT_KINDS, *barred) if barred else None,
        only_traits=tuple(only_traits or ()),
        only_types=tuple(only_types or ()),
        exclude_types=tuple(exclude_types or ()),
        only_through=tuple(only_through or ()),
        avoid=tuple(avoid or ()),
        as_of=as_of,
        min_reliability=min_reliability,
        max_degree=max_degree,
        keep_direction=tuple(one_way or ()),
    )


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
