"""Exports a cluster, or what is around an entity, as one archive that opens anywhere."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from pathlib import Path

import orjson

from kg.errors import InputError, InputLocation
from kg.exports.native import write_records
from kg.exports.summary import ExportCounts
from kg.exports.tables import escape_formula
from kg.exports.target import MANIFEST, file_target
from kg.files import is_stream, pack_archive
from kg.ontology.words import type_label
from kg.operations.exports.export import source_file_name
from kg.operations.exports.graph_formats import DISCLAIMER, Subgraph, render_subgraph
from kg.operations.ledger.erase import remember_activity, remember_report
from kg.operations.questions.clusters import find_cluster, find_clusters
from kg.operations.questions.exhibits import extracted_name
from kg.operations.questions.lookup import resolve_node
from kg.operations.store.attachments import DOCUMENT_TYPE, AttachmentFolder, expect_attached
from kg.operations.store.view_cache import open_store
from kg.operations.workspace import Workspace, today
from kg.ports import Selection, SourceInfo
from kg.records import DOCUMENTS, Claim, Node
from kg.reports.changes.neighbourhood import Neighbourhood
from kg.reports.cluster_report.sections.pursuits import accusations, clearances, pursuits
from kg.reports.context import ReportContext, ReportGraph, report_graph
from kg.reports.entries import EvidenceEntry, LinkStatement
from kg.reports.evidence import evidence_entries, link_statement
from kg.reports.render.environment import render
from kg.reports.terms import display_values, property_label
from kg.stores.sqlite.graph_stream import GraphStream

PACKAGE = "package"
"""The format of an export of one cluster or neighbourhood."""

INVENTED = "All people and companies in this package are invented."
MAX_NODES = 20_000
"""Entities of one package; a page with more opens nowhere."""

MAX_BYTES = 1 << 30
"""Bytes of all exhibits of one package."""

FILES = (
    ("index.html", "this page"),
    ("exhibits.csv", "attached files and pages that sources cite, and what for"),
    ("exhibits/", "the attached files, if there are any"),
    ("graph.gexf, graph.graphml", "the same for Gephi, yEd and NetworkX"),
    ("records/", "the records of each source, as `kg load` reads them"),
    (MANIFEST, "sizes and SHA-256 of all files"),
)


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """What to pack, and where to."""

    target: str
    cluster: str = ""
    """A cluster by number, id or member."""
    around: str = ""
    """An entity by id, key or name."""


@dataclass(frozen=True, slots=True)
class PackageResult:
    """What was packed."""

    target: str
    title: str
    version: str
    nodes: int
    links: int
    exhibits: int
    records: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackageEntity:
    """One entity on the page."""

    id: str
    name: str
    type: str
    standing: tuple[str, ...]
    """`sought`, and `cleared` where some source clears it."""
    details: tuple[str, ...]
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One attached file or cited page, who cites it, and what for."""

    what: str
    """Where the file is in the package, or the address of the page."""
    sources: tuple[str, ...]
    cited_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackagePage:
    """What the page says."""

    title: str
    about: str
    version: str
    as_of: str
    banner: str
    entities: tuple[PackageEntity, ...]
    links: tuple[LinkStatement, ...]
    exhibits: tuple[Exhibit, ...]
    sources: tuple[SourceInfo, ...]
    files: tuple[tuple[str, str], ...] = FILES
    note: str = f"{DISCLAIMER} Membership in a cluster is not wrongdoing."


def export_package(workspace: Workspace, request: PackageRequest) -> PackageResult:
    """Write the archive: a page, the records behind it, the graph, and the list of exhibits. Nothing protected.

    Raises NotFound and InputError for what is not there, or a target that cannot be written.
    """
    if bool(request.cluster) == bool(request.around):
        raise InputError("a package is about one thing; give --cluster or --around")
    if not is_stream(request.target) and not request.target.lower().endswith(".zip"):
        raise InputError("expected the name of a file that ends in .zip", InputLocation(request.target))
    public = replace(workspace, protected=False, neo4j=None)
    with open_store(public) as store:
        graph = report_graph(store)
        title, about, subjects = _subjects(graph, request)
        near = Neighbourhood(graph, subjects, ())
        nodes = {i: n for i, n in store.nodes(near.nodes).items() if not n.protected}
        if len(nodes) > MAX_NODES:
            raise InputError(f"{title} has {len(nodes):,} entities around it; a package holds {MAX_NODES:,}")
        found = store.links_by_id([graph.view.link_id(int(at)) for at in near.links])
        links = {
            i: k for i, k in sorted(found.items()) if {k.source_id, k.target_id} <= nodes.keys() and not k.protected
        }
        claims = store.claims([*nodes, *links])
        notes = graph.namesake_notes(nodes.values())
        context = ReportContext(
            workspace.ontology, nodes, links, claims, graph.sources, agencies=graph.agencies, namesake_notes=notes
        )
        names, files = _attachments(public, nodes.values())
        contents = store.contents()
        used = {claim.source for some in claims.values() for claim in some}
        sources = tuple(s for s in contents.sources if s.name in used)
        page = PackagePage(
            title,
            about,
            str(contents.version),
            contents.as_of,
            INVENTED if sources and all(s.invented for s in sources) else "",
            tuple(
                _entity(context, i)
                for i in sorted(nodes, key=lambda i: (i not in subjects, context.display_name(i), i))
            ),
            tuple(sorted((link_statement(context, k) for k in links.values()), key=lambda s: (s.text, s.id))),
            (*_attached(context, names), *_exhibits(context)),
            sources,
        )
        subgraph = Subgraph(
            tuple(n for _, n in sorted(nodes.items())), tuple(links.values()), f"{about} {DISCLAIMER}", {}
        )
    parts = {"index.html": str(render("package.html.j2", package=page)).encode(), "exhibits.csv": _exhibit_table(page)}
    for name in ("gexf", "graphml"):
        parts[f"graph.{name}"] = render_subgraph(workspace.ontology, subgraph, name)
    parts |= files
    records = _records(public, sources, claims)
    parts |= records
    parts[MANIFEST] = _manifest(page, parts)
    content = pack_archive(parts)
    if not is_stream(request.target):
        remember_report(workspace, (Path(request.target),), today(), tuple(s.name for s in sources))
    with file_target(request.target) as target, target.open_files():
        target.open(Path(request.target).name).write(content)
    remember_activity(workspace, "export", f"{PACKAGE} to {request.target}", protected=False)
    return PackageResult(
        request.target,
        title,
        page.version,
        len(nodes),
        len(links),
        len(page.exhibits),
        sum(content.count(b"\n") - 1 for content in records.values()),
        hashlib.sha256(content).hexdigest(),
    )


def _subjects(graph: ReportGraph, request: PackageRequest) -> tuple[str, str, set[str]]:
    """The title of the package, what it is about, and the entities in its middle."""
    store = graph.store
    if request.around:
        node = resolve_node(store, "around", request.around)
        name = graph.names_of(store.nodes([node]))[node]
        return name, f"What sources say around {name} ({node}).", {node}
    from kg.analysis.clusters import ClusterParameters

    clusters = find_clusters(store, ClusterParameters())
    cluster = find_cluster(store, clusters, request.cluster)
    return cluster.name, f"The cluster {cluster.id}, and what bears on its members.", {m.id for m in cluster.members}


def _entity(context: ReportContext, node_id: str) -> PackageEntity:
    node, known = context.nodes[node_id], context.ontology.properties(context.nodes[node_id].type)
    details = tuple(
        f"{property_label(name)}: {' or '.join(display_values(known[name], values))}"
        for name, values in node.properties.items()
        if name in known and values
    )
    more = tuple(f"{name}: {'; '.join(values)}" for name, values in sorted(node.other.items()))
    unread = tuple(f"{value.property or value.name} (not understood): {value.words}" for value in node.not_understood)
    evidence = evidence_entries(context.claims.get(node_id, ()), context.sources)
    label, name = type_label(node.type), context.display_name(node_id)
    cleared = clearances(pursuits(context, node), accusations(context, node))
    standing = tuple(word for word, of in (("sought", node.sought_under), ("cleared", cleared)) if of)
    return PackageEntity(node_id, name, label, standing, (*details, *more, *unread), evidence)


def _attachments(workspace: Workspace, nodes: Iterable[Node]) -> tuple[dict[str, str], dict[str, bytes]]:
    """The files of documents: where each is in the package, by the document's id, and its content by that.

    Raises StoreDamaged where a file is missing or changed, InputError where there are too many bytes.
    """
    folder, names, files = AttachmentFolder(workspace.attachments_folder), dict[str, str](), dict[str, bytes]()
    for node in nodes:
        if node.type == DOCUMENT_TYPE and (digest := node.first("sha256")):
            names[node.id] = name = f"exhibits/{extracted_name(digest, node.first('file_name'))}"
            files[name] = expect_attached(folder, digest, node.first("file_name")).read_bytes()
            if sum(map(len, files.values())) > MAX_BYTES:
                raise InputError(f"the exhibits have more than {MAX_BYTES >> 20} MiB; use `kg exhibits --extract`")
    return names, files


def _attached(context: ReportContext, names: Mapping[str, str]) -> tuple[Exhibit, ...]:
    """Each document with a file, and what it shows."""
    found = []
    for document, name in sorted(names.items(), key=lambda item: item[1]):
        shown = {context.display_name(k.target_id) for k in context.outgoing(document, (DOCUMENTS,))}
        title, by = context.display_name(document), context.nodes[document].sources
        found.append(Exhibit(name, by, tuple(f"{title}: {one}" for one in sorted(shown)) or (title,)))
    return tuple(found)


def _exhibits(context: ReportContext) -> tuple[Exhibit, ...]:
    """Each page that a claim cites, once."""
    cited: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for about, claims in context.claims.items():
        link = context.links.get(about)
        text = link_statement(context, link).text if link else context.display_name(about)
        for claim in claims:
            if claim.provenance.url:
                sources, texts = cited[claim.provenance.url]
                sources.add(claim.source)
                texts.add(text)
    return tuple(Exhibit(url, tuple(sorted(by)), tuple(sorted(texts))) for url, (by, texts) in sorted(cited.items()))


def _exhibit_table(page: PackagePage) -> bytes:
    stream = StringIO(newline="")
    table = csv.writer(stream)
    table.writerow(("file or page", "sources", "cited for"))
    for exhibit in page.exhibits:
        cells = (exhibit.what, ", ".join(exhibit.sources), "; ".join(exhibit.cited_for))
        table.writerow([escape_formula(cell) for cell in cells])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _records(
    workspace: Workspace, sources: Iterable[SourceInfo], claims: Mapping[str, Sequence[Claim]]
) -> dict[str, bytes]:
    """The records behind some claims, a file for each source."""
    wanted = {(claim.source, claim.key, claim.part) for some in claims.values() for claim in some}
    parts = dict[str, bytes]()
    with GraphStream(workspace.path, workspace.ontology, Selection((), frozenset(), frozenset(), "restricted")) as feed:
        for source in sources:
            rows = (
                row
                for row in feed.iterate_records(source.name)
                if (source.name, row.record.key, row.record.part) in wanted
            )
            stream = BytesIO()
            write_records(stream, workspace.ontology, source, rows, ExportCounts())
            parts[f"records/{source_file_name(source.name)}.records.jsonl"] = stream.getvalue()
    return parts


def _manifest(page: PackagePage, parts: Mapping[str, bytes]) -> bytes:
    files = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in parts.items()
    ]
    said = {
        "format": PACKAGE,
        "title": page.title,
        "graph": {"version": page.version, "as_of": page.as_of},
        "files": files,
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
