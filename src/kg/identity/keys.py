"""Which names does a record give to the thing that it describes?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.ontology import Ontology
from kg.ontology.values import BadValue
from kg.records import JURISDICTION_NAMESPACE, Ref


def identity_keys(
    ontology: Ontology, own: Ref, node_type: str, properties: Mapping[str, Sequence[str]], referents: Sequence[str]
) -> list[Ref]:
    """The record's own key first, then its referents, then curated keys such as a jurisdiction's code."""
    found = [own, *(Ref(own.namespace, r) for r in referents)]
    curated = ontology.nodes[node_type].key
    if curated is None:
        return found
    codes = set()
    for raw in properties.get(curated, ()):
        try:
            codes.add(ontology.properties(node_type)[curated].clean(raw))
        except BadValue:
            continue  # the connector has set this value aside and counted it
    if len(codes) == 1:  # a record with two codes must not make two states one
        found.append(Ref(JURISDICTION_NAMESPACE, codes.pop()))
    return found
