"""Where do sources say things that cannot all be true?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from kg.ontology import Property
from kg.ontology.disagreement import contradict, disagree
from kg.ontology.values import date_span
from kg.records import Claim, Link, Node
from kg.reports.context import Surroundings
from kg.reports.entries import Contradiction, Said
from kg.reports.evidence import voices
from kg.reports.terms import captions, cleaned, property_words, sentence, type_words


def contradictions(around: Surroundings, nodes: Iterable[Node], links: Iterable[Link]) -> tuple[Contradiction, ...]:
    """What the members, the links among them, and parallel links from different sources disagree about."""
    links = list(links)
    found = [c for node in nodes for c in _of_node(around, node)]
    found += [c for link in links for c in _of_properties(around, link, sentence(around, link))]
    found += [c for group in _parallel(links) for c in _of_parallel(around, group)]
    return tuple(sorted(found, key=lambda c: (c.about, c.of)))


def _of_node(around: Surroundings, node: Node) -> Iterable[Contradiction]:
    yield from _of_properties(around, node, around.called(node.id))
    if node.types:
        said: dict[str, list[Claim]] = defaultdict(list)
        for claim in around.claims.get(node.id, ()):
            said[type_words(claim.type)].append(claim)
        yield Contradiction(around.called(node.id), "kind", _who_says_what(around, said), (node.id,))


def _of_properties(around: Surroundings, thing: Node | Link, about: str) -> Iterable[Contradiction]:
    for name, kind in around.ontology.properties(thing.type).items():
        values = thing.properties.get(name, ())
        if contradict(kind, values):
            ids = (thing.source_id, thing.target_id) if isinstance(thing, Link) else (thing.id,)
            found = _contradiction(around, about, (name, kind), around.claims.get(thing.id, ()))
            yield replace(found, about_ids=ids)


def _of_parallel(around: Surroundings, links: Sequence[Link]) -> Iterable[Contradiction]:
    """Two sources tell of one holding, each under its own key, and give different shares."""
    for name, kind in around.ontology.properties(links[0].type).items():
        values = [v for link in links for v in link.properties.get(name, ())]
        if kind.type == "percent" and disagree(kind, values):
            ends = f"{around.called(links[0].source_id)} and {around.called(links[0].target_id)}"
            claims = [c for link in links for c in around.claims.get(link.id, ())]
            found = _contradiction(around, f"{ends}: {type_words(links[0].type)}", (name, kind), claims)
            yield replace(found, about_ids=(links[0].source_id, links[0].target_id))


def _parallel(links: Iterable[Link]) -> Iterable[list[Link]]:
    """Links with the same type, ends and interest and no source in common: one source's two links are two holdings."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Link]] = defaultdict(list)
    for link in links:
        groups[link.type, link.source_id, link.target_id, link.properties.get("interest", ())].append(link)
    for _, group in sorted(groups.items()):
        names = [s for link in group for s in link.sources]
        if len(group) > 1 and len(names) == len(set(names)) and not _one_after_the_other(group):
            yield group


def _one_after_the_other(links: Sequence[Link]) -> bool:
    """Whether any two of the links held at different times."""
    return any(_ends_before(a, b) or _ends_before(b, a) for a, b in combinations(links, 2))


def _ends_before(left: Link, right: Link) -> bool:
    end, start = left.first("end_date"), right.first("start_date")
    return bool(end and start) and date_span(end).last <= date_span(start).first


def _contradiction(
    around: Surroundings, about: str, named: tuple[str, Property], claims: Iterable[Claim]
) -> Contradiction:
    name, kind = named
    said: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for value in dict.fromkeys(cleaned(kind, raw) for raw in claim.properties.get(name, ())):
            said[captions(kind, [value])[0]].append(claim)
    return Contradiction(about, property_words(name), _who_says_what(around, said))


def _who_says_what(around: Surroundings, said: dict[str, list[Claim]]) -> tuple[Said, ...]:
    return tuple(Said(value, voices(claims, around.sources)) for value, claims in sorted(said.items()))
