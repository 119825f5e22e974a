"""Which documents show something about a node, and where are their files?"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation, NotFound
from kg.files import is_stream, output_file
from kg.findings.counts import plural
from kg.operations.questions.listing import list_nodes
from kg.operations.store.attachments import DOCUMENT_TYPE, AttachmentFolder, expect_attached
from kg.operations.workspace import Workspace
from kg.ports import LinkQuery, Store
from kg.records import DOCUMENTS, Link, Node

if TYPE_CHECKING:
    from kg.operations.answers import ExhibitOut, ExhibitsAnswer


_PAGE = 1_000
_NAME_START = 12
"""Digits of the SHA-256 before the name of an extracted file."""

_UNSAFE = re.compile(r"[^\w.,()+ -]")


def find_exhibits(workspace: Workspace, store: Store, node_id: str, after: str = "", limit: int = 50) -> ExhibitsAnswer:
    """A page of what documents show about a node, in the order of the links; of a document, of what it shows."""
    from kg.operations.answers import ExhibitsAnswer

    node = store.nodes([node_id])[node_id]
    direction = "out" if _is_document(workspace, node) else "in"
    found = store.links(LinkQuery(node_id, (DOCUMENTS,), limit + 1, after, direction))
    following = found[limit - 1].id if len(found) > limit else None
    return ExhibitsAnswer(
        version=str(store.version()), next=following, exhibits=_exhibits(workspace, store, found[:limit])
    )


def iterate_exhibits(workspace: Workspace, store: Store, node_id: str = "") -> Iterator[ExhibitOut]:
    """All exhibits of a node, or of the graph, document by document."""
    after: str | None = ""
    while node_id and after is not None:
        page = find_exhibits(workspace, store, node_id, after, _PAGE)
        yield from page.exhibits
        after = page.next
    if node_id:
        return
    last = ""
    while documents := list_nodes(store, (DOCUMENT_TYPE,), after=last, limit=_PAGE):
        for document in documents:
            shown = list(iterate_exhibits(workspace, store, document.id))
            yield from shown or [_exhibit(workspace, document, None, None)]
        last = documents[-1].id


def extract_exhibits(workspace: Workspace, store: Store, node_id: str, target: str) -> tuple[str, ...]:
    """Write the files of a document, or of all exhibits of a node, into a folder, or the only one into a file.

    Raises NotFound where there is none, StoreDamaged where a file is missing or changed, InputError for a file that is
    there already.
    """
    node = store.nodes([node_id])[node_id]
    names = {e.sha256: e.file_name for e in iterate_exhibits(workspace, store, node_id) if e.sha256}
    if _is_document(workspace, node) and node.first("sha256"):
        names[node.first("sha256")] = node.first("file_name")
    if not names:
        raise NotFound(f"{node.caption} has no attached file")
    folder, is_folder = AttachmentFolder(workspace.attachments_folder), not is_stream(target) and Path(target).is_dir()
    if not is_folder and (len(names) > 1 or target.endswith("/")):
        if is_stream(target) or Path(target).exists():
            raise InputError(f"expected a folder for {plural(len(names), 'files')}", InputLocation(target))
        is_folder = True
        for digest, name in names.items():
            expect_attached(folder, digest, name)
        Path(target).mkdir(parents=True)
    written = []
    for digest, name in sorted(names.items()):
        source = expect_attached(folder, digest, name)
        path = str(Path(target, extracted_name(digest, name))) if is_folder else target
        if not is_stream(path) and Path(path).exists():
            raise InputError("is there already; name another file", InputLocation(path))
        with source.open("rb") as kept, output_file(path) as copy:
            shutil.copyfileobj(kept, copy)
        written.append(path)
    return tuple(written)


def exhibit_problems(workspace: Workspace, exhibits: Iterable[ExhibitOut]) -> Iterator[str]:
    """What is wrong with each attached file of some exhibits, each once; every file is read."""
    folder = AttachmentFolder(workspace.attachments_folder)
    for digest, name in {e.sha256: e.file_name or e.title for e in exhibits if e.sha256}.items():
        if problem := folder.problem_of(digest):
            yield f"{name}: {problem}; it has to have the SHA-256 {digest}"


def extracted_name(digest: str, name: str) -> str:
    """The name of an extracted file: the start of its digest, and the name that it had, as far as it is safe."""
    return f"{digest[:_NAME_START]}-{_UNSAFE.sub('_', name)[-100:]}"


def _is_document(workspace: Workspace, node: Node) -> bool:
    return any(workspace.ontology.is_a(name, DOCUMENT_TYPE) for name in node.types or (node.type,))


def _exhibits(workspace: Workspace, store: Store, links: list[Link]) -> list[ExhibitOut]:
    nodes = store.nodes(dict.fromkeys(end for link in links for end in (link.source_id, link.target_id)))
    return [_exhibit(workspace, nodes[link.source_id], link, nodes[link.target_id]) for link in links]


def _exhibit(workspace: Workspace, document: Node, link: Link | None, shown: Node | None) -> ExhibitOut:
    from kg.operations.answers import ExhibitOut, LinkOut

    digest, folder = document.first("sha256"), AttachmentFolder(workspace.attachments_folder)
    return ExhibitOut(
        document=document.id,
        title=document.caption,
        file_name=document.first("file_name"),
        sha256=digest,
        media_type=document.first("media_type"),
        size=int(document.first("size")) if document.first("size").isdigit() else None,
        entity=shown.id if shown else "",
        caption=shown.caption if shown else "",
        pages=list(link.properties.get("page", ())) if link else [],
        about=link.first("about") if link else "",
        said=LinkOut.of(link).said if link else [],
        is_kept=bool(digest) and folder.file(digest).is_file(),
    )
