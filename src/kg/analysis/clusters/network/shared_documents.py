"""Which parties share an identity document?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kg.analysis.clusters.network.components import components
from kg.view import GraphView, IntArray


class SharedDocuments(NamedTuple):
    """Pairs of parties that share a document, as positions in the view: int64 (pairs) each.

    `links`: the link from the later party to the document. `tail`, `head`: the later party, and the first that has the
    document. `other_links`: the link from the first party to it.
    """

    links: IntArray
    tail: IntArray
    head: IntArray
    other_links: IntArray


def shared_documents(view: GraphView, max_holders: int) -> SharedDocuments:
    """Each party that has a document that another has, with the first that has it.

    Documents that more than `max_holders` parties have are left out. Two documents count as one if they are possibly
    the same, as documents with the same number are.
    """
    identity = view.links_with("identity")
    party, paper = view.nodes_of("Party"), view.nodes_of("IdentityDocument")
    same = np.flatnonzero(identity & paper[view.tail] & paper[view.head])
    has = np.flatnonzero(identity & party[view.tail] & paper[view.head])
    one = components(len(view.ids), view.tail[same].astype(np.int64), view.head[same].astype(np.int64))
    which, holder = one[view.head[has]], view.tail[has].astype(np.int64)
    order = np.lexsort((has, holder, which))
    has, which, holder = has[order], which[order], holder[order]
    fresh = np.append(True, (which[1:] != which[:-1]) | (holder[1:] != holder[:-1]))[: len(has)]
    has, which, holder = has[fresh], which[fresh], holder[fresh]
    _, first, count = np.unique(which, return_index=True, return_counts=True)
    start, size = np.repeat(first, count), np.repeat(count, count)
    later = (np.arange(len(has)) > start) & (size <= max_holders)
    return SharedDocuments(has[later], holder[later], holder[start[later]], has[start[later]])
