"""Splits entities that contain other entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.ontology.derive.ftm import EdgeRule, NodeRule
from kg.sources.ftm.schemata import has_property, reverse_property
from kg.sources.rows import as_object, key_problem

Entity = dict[str, Any]
Rules = Mapping[str, NodeRule | EdgeRule]
"""Schema to its rule."""


def is_nested(data: Entity) -> bool:
    """Whether one of an entity's properties contains entities instead of their ids."""
    properties = as_object(data.get("properties"))
    return any(isinstance(v, dict) for found in properties.values() if isinstance(found, list) for v in found)


def unnest(data: Entity, rules: Rules) -> Iterator[Entity]:
    """The entity and all entities in it, at any depth, each with ids in place of entities.

    An entity under the name of a reverse property gets a reference to the one that contains it. An object without a
    valid id stays in place, for the reader to reject.
    """
    waiting = [data]
    while waiting:
        entity = waiting.pop()
        properties = dict(as_object(entity.get("properties")))
        for name, found in list(properties.items()):
            if not isinstance(found, list) or not any(isinstance(v, dict) for v in found):
                continue
            left: list[object] = []
            for value in found:
                if not isinstance(value, dict) or key_problem(value.get("id")):
                    left.append(value)
                    continue
                back = _back_reference(entity, name, value, rules)
                if back is None:
                    left.append(value["id"])
                if set(value) != {"id"} or back:
                    waiting.append(_with_reference(value, back, entity["id"]) if back else value)
            properties[name] = left
        yield {**entity, "properties": {n: v for n, v in properties.items() if v}} if properties else entity


def _back_reference(holder: Entity, name: str, held: Entity, rules: Rules) -> str | None:
    """The property of `held` that refers to its holder; None where the holder refers to it."""
    inner = str(held.get("schema"))
    if not has_property(str(holder.get("schema")), name) and (found := reverse_property(inner, name)):
        return found
    edge, outer = (rules.get(str(entity.get("schema"))) for entity in (held, holder))
    if not isinstance(edge, EdgeRule) or isinstance(outer, EdgeRule):
        return None
    regular = {f"{held['schema']}{end}".lower(): end for pair in edge.ends for end in pair}
    return regular.get(name.lower()) or _holder_end(edge, held, holder["id"])


def _holder_end(edge: EdgeRule, held: Entity, holder: str) -> str | None:
    """The end of a link that is its holder, under any property name."""
    given = as_object(held.get("properties"))
    for end in (end for pair in edge.ends for end in pair):
        found = given.get(end)
        if isinstance(found, list) and holder in found:
            return end
    for source, target in edge.ends:
        if bool(given.get(source)) != bool(given.get(target)):
            return target if given.get(source) else source
    return None


def _with_reference(held: Entity, name: str, at: str) -> Entity:
    given = as_object(held.get("properties"))
    return {**held, "properties": {**given, name: [*_as_list(given.get(name, [])), at]}}


def _as_list(found: object) -> list[object]:
    return found if isinstance(found, list) else [found]
