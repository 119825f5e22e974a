"""Which attached files are no longer what they were when the last report was made, and which are new versions?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kg.records import Node
from kg.reports.changes.record_changes import ChangeDescriber, DescribedChange
from kg.reports.cluster_report.changes import NEW
from kg.reports.context import ReportGraph, links_of
from kg.reports.evidence import DIGITS

NEW_VERSION = "new version"
"""What a changed file is called that is attached to what the one before was attached to."""


def exhibit_problems(graph: ReportGraph) -> dict[str, str]:
    """By SHA-256, what is wrong with an attached file now; only those with which something is."""
    found = {digest: graph.file_problem(digest) for digest in _documents_by_digest(graph)}
    return {digest: problem for digest, problem in sorted(found.items()) if problem}


def _documents_by_digest(graph: ReportGraph) -> dict[str, Node]:
    """By the SHA-256 of each attached file, its document; one that was merged has several files."""
    ids = [graph.view.id(int(node)) for node in np.flatnonzero(graph.view.nodes_of("Document"))]
    documents = (node for node in graph.store.nodes(ids).values() if not node.protected)
    return {digest: node for node in documents for digest in node.properties.get("sha256", ())}


def exhibit_changes(
    graph: ReportGraph, before: Mapping[str, str], now: Mapping[str, str], describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """Attached files that are altered, missing or unreadable, and were not; and those restored.

    `before` and `now`: what `exhibit_problems` gave for the last report and gives for this one.
    """
    differing = sorted(digest for digest in {*before, *now} if before.get(digest) != now.get(digest))
    documents = _documents_by_digest(graph) if differing else {}
    for digest in (digest for digest in differing if digest in documents):
        node, was, problem = documents[digest], before.get(digest, ""), now.get(digest, "")
        describer.look_up([node.id])
        text, named = describer.node_text(describer.name(node.id), node.type, (), node.id)
        said = problem or f"its file is again what was attached; in the last report, {was}"
        subjects = describer.subjects_of([node.id])
        what = "exhibit damaged" if problem else "exhibit restored"
        said = f"{text}: {said} (SHA-256 {digest[:DIGITS]}…)"
        yield DescribedChange("exhibits", describer.item(what, said, node.sources, subjects, about=named), subjects)


def with_versions(graph: ReportGraph, found: Sequence[DescribedChange]) -> Iterator[DescribedChange]:
    """The same changes, where a new document is a new version of one whose file has its name and is of the same.

    Without its links to what that one documents: the sentence about the document names it.
    """
    new = {c.item.about[0] for c in found if c.item.what == NEW and c.item.about and not c.item.links}
    earlier = _earlier_versions(graph, new) if new else {}
    for change in found:
        item = change.item
        document = item.about[0] if item.about else ""
        if item.what != NEW or document not in earlier:
            yield change
        elif not item.links:
            text = f"{item.text}; {earlier[document].told}"
            yield change._replace(item=replace(item, what=NEW_VERSION, text=text))
        elif item.values or item.about[-1] not in earlier[document].documented:
            yield change


class _EarlierVersion(NamedTuple):
    told: str
    documented: frozenset[str]
    """What it documents, by id."""


def _earlier_versions(graph: ReportGraph, new: Collection[str]) -> dict[str, _EarlierVersion]:
    """By the id of each new document that has one, the newest of the others with its file name that are of the same.

    Documents without a file are no versions.
    """
    view, found = graph.view, dict[str, _EarlierVersion]()
    documents = view.links_with("documentation")
    shown = np.unique(view.head[links_of(graph.indices([*new]), documents, view.outgoing)])
    of_thing = [
        (view.id(int(view.tail[link])), int(view.head[link])) for link in links_of(shown, documents, view.incoming)
    ]
    nodes = graph.store.nodes({document for document, _ in of_thing})
    files = {node.id: node.first("file_name") for node in nodes.values() if node.first("sha256")}
    names = {files[document] for document in new if files.get(document)}
    before = [d for d, name in files.items() if name in names and d not in new and not nodes[d].protected]
    attached = {document: max(c.since for c in claims) for document, claims in graph.store.claims(before).items()}
    newest, earlier = dict[tuple[int, str], tuple[str, str]](), dict[str, tuple[str, str]]()
    for document, thing in of_thing:
        if since := attached.get(document):
            same = thing, files[document]
            newest[same] = max(newest.get(same, ("", "")), (since, document))
    for document, thing in of_thing:
        if document in new and (last := newest.get((thing, files.get(document, "")))):
            earlier[document] = max(earlier.get(document, ("", "")), last)
    for document, (since, of) in earlier.items():
        told = f"the version before was attached on {since} (SHA-256 {nodes[of].first('sha256')[:DIGITS]}…)"
        things = view.head[links_of(graph.indices([of]), documents, view.outgoing)]
        found[document] = _EarlierVersion(told, frozenset(view.id(int(n)) for n in things))
    return found
