"""Which attached files are no longer what they were when the last report was made?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from kg.reports.changes.record_changes import ChangeDescriber, DescribedChange
from kg.reports.context import ReportGraph

DIGITS = 12
"""Digits of a SHA-256 that are told; the list of exhibits has all of them."""


def exhibit_problems(graph: ReportGraph) -> dict[str, str]:
    """By the id of a document, what is wrong with its attached file now; only those with which something is."""
    ids = [graph.view.id(int(node)) for node in np.flatnonzero(graph.view.nodes_of("Document"))]
    documents = (node for node in graph.store.nodes(ids).values() if not node.protected)
    found = {node.id: graph.file_problem(node.first("sha256")) for node in documents}
    return {node: problem for node, problem in sorted(found.items()) if problem}


def exhibit_changes(
    before: Mapping[str, str], now: Mapping[str, str], describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """Documents of which the attached file is altered, missing or unreadable, and was not; and those restored.

    `before` and `now`: what `exhibit_problems` gave for the last report and gives for this one.
    """
    describer.look_up({*before, *now})
    for document in sorted({*before, *now}):
        node = describer.context.nodes.get(document)
        was, problem = before.get(document, ""), now.get(document, "")
        if node is None or problem == was:
            continue
        text, named = describer.node_text(describer.name(document), node.type, (), document)
        said = problem or f"its file is again what was attached; in the last report, {was}"
        subjects = describer.subjects_of([document])
        what = "exhibit damaged" if problem else "exhibit restored"
        said = f"{text}: {said} (SHA-256 {node.first('sha256')[:DIGITS]}…)"
        yield DescribedChange("exhibits", describer.item(what, said, node.sources, subjects, about=named), subjects)
