"""What can a person have done, whole jobs from end to end?"""

from kg.operations.configuration import LOOPBACK, copy_of, environment_of, workplace_of
from kg.operations.demo import DEMO_DAY, demo_orders, demo_path
from kg.operations.exports.bulk import NEO4J_ADMIN, BulkExported, export_bulk
from kg.operations.exports.export import Exported, ExportOrder, export
from kg.operations.exports.graph_formats import DRAWINGS, Drawing, draw, drawing_of_cluster, drawing_of_paths
from kg.operations.ledger.erase import Erased, erase
from kg.operations.ledger.judgements import Identity, Word, identity_of, judge, list_judgements, undo_judgement
from kg.operations.ledger.load import LoadOrder, list_loads, load, reference_order, verify, withdraw
from kg.operations.questions.clusters import (
    ClusterRun,
    cluster_run,
    explain_clusters,
    explain_kept,
    find_cluster,
    mentioned,
    read_run,
    tell_story,
)
from kg.operations.questions.find_clusters import find_clusters
from kg.operations.questions.legal import NOT_ADVICE, LegalOrder, find_gaps, find_portfolio, find_routes
from kg.operations.questions.listing import (
    ClusterPage,
    LinkPage,
    SearchPage,
    Wanted,
    cluster_named,
    cluster_page,
    jurisdiction_of,
    links_page,
    nodes_of_kind,
    search_page,
)
from kg.operations.questions.lookup import node_named
from kg.operations.questions.ownership import OwnershipFound, find_holdings, find_owners
from kg.operations.questions.paths import PathsFound, find_paths, walked_too
from kg.operations.questions.saved_query import QueryOrder, run_query
from kg.operations.reports.cluster_report import write_report
from kg.operations.reports.legal_pages import write_legal_pages
from kg.operations.reports.periodic_report import PERIODS, PeriodicOrder, PeriodicRun, make_periodic
from kg.operations.store.as_of import STATED, on_day, on_stated_day
from kg.operations.store.snapshot import Moment, Present, Seen, Watch, settle
from kg.operations.store.sync import CopyOrder, followed, sync, verify_copy
from kg.operations.store.view_cache import (
    KeptFindings,
    KeptView,
    MadeView,
    ViewedStore,
    find_kept_clusters,
    kept_clusters,
    kept_view,
    made_view,
    make_view,
    open_store,
    tidy,
    touch,
)
from kg.operations.workspace import Progress, Workplace, open_embedded, open_plain, quiet, today, workplace

__all__ = [
    "DEMO_DAY",
    "DRAWINGS",
    "LOOPBACK",
    "NEO4J_ADMIN",
    "NOT_ADVICE",
    "PERIODS",
    "STATED",
    "BulkExported",
    "ClusterPage",
    "ClusterRun",
    "CopyOrder",
    "Drawing",
    "Erased",
    "ExportOrder",
    "Exported",
    "Identity",
    "KeptFindings",
    "KeptView",
    "LegalOrder",
    "LinkPage",
    "LoadOrder",
    "MadeView",
    "Moment",
    "OwnershipFound",
    "PathsFound",
    "PeriodicOrder",
    "PeriodicRun",
    "Present",
    "Progress",
    "QueryOrder",
    "SearchPage",
    "Seen",
    "ViewedStore",
    "Wanted",
    "Watch",
    "Word",
    "Workplace",
    "cluster_named",
    "cluster_page",
    "cluster_run",
    "copy_of",
    "demo_orders",
    "demo_path",
    "draw",
    "drawing_of_cluster",
    "drawing_of_paths",
    "environment_of",
    "erase",
    "explain_clusters",
    "explain_kept",
    "export",
    "export_bulk",
    "find_cluster",
    "find_clusters",
    "find_gaps",
    "find_holdings",
    "find_kept_clusters",
    "find_owners",
    "find_paths",
    "find_portfolio",
    "find_routes",
    "followed",
    "identity_of",
    "judge",
    "jurisdiction_of",
    "kept_clusters",
    "kept_view",
    "links_page",
    "list_judgements",
    "list_loads",
    "load",
    "made_view",
    "make_periodic",
    "make_view",
    "mentioned",
    "node_named",
    "nodes_of_kind",
    "on_day",
    "on_stated_day",
    "open_embedded",
    "open_plain",
    "open_store",
    "quiet",
    "read_run",
    "reference_order",
    "run_query",
    "search_page",
    "settle",
    "sync",
    "tell_story",
    "tidy",
    "today",
    "touch",
    "undo_judgement",
    "verify",
    "verify_copy",
    "walked_too",
    "withdraw",
    "workplace",
    "workplace_of",
    "write_legal_pages",
    "write_report",
]
