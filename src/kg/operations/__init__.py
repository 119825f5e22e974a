"""Whole jobs from end to end: one function a use case, whose module is imported when it is first asked for."""

from typing import TYPE_CHECKING

from kg import lazy_names

if TYPE_CHECKING:
    from kg.database import describe_sqlite
    from kg.operations.configuration import LOOPBACK, configured_workspace, neo4j_address, workspace_environment
    from kg.operations.demo import DEMO_DAY, demo_attach_requests, demo_load_requests, demo_path_ends
    from kg.operations.exports.bulk import NEO4J_ADMIN, BulkExportResult, export_bulk
    from kg.operations.exports.export import ExportRequest, ExportResult, export
    from kg.operations.exports.graph_formats import (
        Subgraph,
        render_subgraph,
        subgraph_of_cluster,
        subgraph_of_paths,
        subgraph_of_selection,
    )
    from kg.operations.exports.package import PACKAGE, PackageRequest, PackageResult, export_package
    from kg.operations.ledger.attach import AttachRequest, AttachResult, attach
    from kg.operations.ledger.erase import erase
    from kg.operations.ledger.judgements import (
        Attribution,
        NodeIdentity,
        get_identity,
        judge,
        list_judgements,
        undo_judgement,
    )
    from kg.operations.ledger.load import FileLoadRequest, list_loads, load, reference_load_request, verify, withdraw
    from kg.operations.matching.candidate_pairs import (
        judge_pair,
        list_candidate_pairs,
    )
    from kg.operations.matching.comparison import compare_nodes, compare_pair
    from kg.operations.matching.judgement_effects import preview_judgement
    from kg.operations.matching.rows import ListRow, screen_rows
    from kg.operations.matching.screening import ScreeningRequest
    from kg.operations.question_result import QuestionResult
    from kg.operations.questions.clusters import (
        ClusterRun,
        compare_cluster_runs,
        compute_cluster_run,
        explain_cached_cluster,
        explain_clusters,
        find_cluster,
        find_clusters,
        mentioned_node_ids,
        read_cluster_run,
    )
    from kg.operations.questions.entities import (
        contradiction_sentences,
        describe_entity,
        describe_links,
        find_unresolved_links,
        list_entities,
        pursuit_text,
        search_entities,
        search_fuzzily,
        telling_facts,
    )
    from kg.operations.questions.exhibits import exhibit_problems, extract_exhibits, find_exhibits, iterate_exhibits
    from kg.operations.questions.flows import find_money_flow
    from kg.operations.questions.legal import (
        LegalQuery,
        PortfolioQuery,
        find_binding_law,
        find_freezes,
        find_gaps,
        find_law_holes,
        find_portfolio,
        find_routes,
        legal_frame,
        requesting_code,
    )
    from kg.operations.questions.listing import (
        SearchQuery,
        SearchResultPage,
        get_cluster,
        list_clusters,
        list_links,
        list_nodes,
        list_search_results,
        resolve_jurisdiction,
    )
    from kg.operations.questions.lookup import claims_that_say_more, resolve_node
    from kg.operations.questions.ownership import find_holdings, find_owners
    from kg.operations.questions.paths import excluded_traits, find_paths, is_found_by_identity, path_limits
    from kg.operations.questions.saved_query import SavedQueryRequest, list_queries, run_query
    from kg.operations.reports.cluster_report import (
        PeriodicReportRequest,
        PeriodicReportRun,
        write_periodic_report,
        write_report,
    )
    from kg.operations.reports.legal_pages import (
        build_person_dossier,
        draft_legal_request,
        write_dossier,
        write_legal_pages,
    )
    from kg.operations.store.as_of import store_as_of, store_for_question, store_for_report
    from kg.operations.store.backup import BackupInfo, back_up, check_backup
    from kg.operations.store.piece import edge_note
    from kg.operations.store.restore import RestoreResult, restore
    from kg.operations.store.snapshot import LiveStore, Snapshot, StoreState, StoreWatcher, checkpoint, file_identity
    from kg.operations.store.store_copy import find_copy, is_log_long
    from kg.operations.store.sync import sync, sync_after, verify_neo4j
    from kg.operations.store.view_builder import ViewBuilder, build_on_command, is_read_at_once
    from kg.operations.store.view_cache import (
        CachedClusters,
        CachedView,
        build_cached_clusters,
        build_cached_view,
        find_cached_view,
        load_cached_clusters,
        load_cached_view,
        open_store,
        prune_views,
        warm_view,
    )
    from kg.operations.subgraphs.connections import (
        connections_answer,
        find_connections,
    )
    from kg.operations.subgraphs.links import (
        describe_link,
    )
    from kg.operations.subgraphs.neighbourhoods import NeighbourhoodQuery, find_neighbourhoods
    from kg.operations.subgraphs.saved_views import SavedViews
    from kg.operations.subgraphs.selection import (
        select_subgraph,
    )
    from kg.operations.subgraphs.summaries import (
        cluster_answer,
        paths_answer,
    )
    from kg.operations.subgraphs.timelines import (
        list_timeline,
    )
    from kg.operations.watches.delivery import DeliverySettings
    from kg.operations.watches.run import (
        ListedWatch,
        WatchDelivery,
        WatchRequest,
        list_watches,
        send_news,
        start_watch,
        stop_watch,
    )
    from kg.operations.workspace import Progress, Workspace, follow_day, open_sqlite_store, open_uncached_store, today


__all__ = [
    "DEMO_DAY",
    "LOOPBACK",
    "NEO4J_ADMIN",
    "PACKAGE",
    "AttachRequest",
    "AttachResult",
    "Attribution",
    "BackupInfo",
    "BulkExportResult",
    "CachedClusters",
    "CachedView",
    "ClusterRun",
    "DeliverySettings",
    "ExportRequest",
    "ExportResult",
    "FileLoadRequest",
    "LegalQuery",
    "ListRow",
    "ListedWatch",
    "LiveStore",
    "NeighbourhoodQuery",
    "NodeIdentity",
    "PackageRequest",
    "PackageResult",
    "PeriodicReportRequest",
    "PeriodicReportRun",
    "PortfolioQuery",
    "Progress",
    "QuestionResult",
    "RestoreResult",
    "SavedQueryRequest",
    "SavedViews",
    "ScreeningRequest",
    "SearchQuery",
    "SearchResultPage",
    "Snapshot",
    "StoreState",
    "StoreWatcher",
    "Subgraph",
    "ViewBuilder",
    "WatchDelivery",
    "WatchRequest",
    "Workspace",
    "attach",
    "back_up",
    "build_cached_clusters",
    "build_cached_view",
    "build_on_command",
    "build_person_dossier",
    "check_backup",
    "checkpoint",
    "claims_that_say_more",
    "cluster_answer",
    "compare_cluster_runs",
    "compare_nodes",
    "compare_pair",
    "compute_cluster_run",
    "configured_workspace",
    "connections_answer",
    "contradiction_sentences",
    "demo_attach_requests",
    "demo_load_requests",
    "demo_path_ends",
    "describe_entity",
    "describe_link",
    "describe_links",
    "describe_sqlite",
    "draft_legal_request",
    "edge_note",
    "erase",
    "excluded_traits",
    "exhibit_problems",
    "explain_cached_cluster",
    "explain_clusters",
    "export",
    "export_bulk",
    "export_package",
    "extract_exhibits",
    "file_identity",
    "find_binding_law",
    "find_cached_view",
    "find_cluster",
    "find_clusters",
    "find_connections",
    "find_copy",
    "find_exhibits",
    "find_freezes",
    "find_gaps",
    "find_holdings",
    "find_law_holes",
    "find_money_flow",
    "find_neighbourhoods",
    "find_owners",
    "find_paths",
    "find_portfolio",
    "find_routes",
    "find_unresolved_links",
    "follow_day",
    "get_cluster",
    "get_identity",
    "is_found_by_identity",
    "is_log_long",
    "is_read_at_once",
    "iterate_exhibits",
    "judge",
    "judge_pair",
    "legal_frame",
    "list_candidate_pairs",
    "list_clusters",
    "list_entities",
    "list_judgements",
    "list_links",
    "list_loads",
    "list_nodes",
    "list_queries",
    "list_search_results",
    "list_timeline",
    "list_watches",
    "load",
    "load_cached_clusters",
    "load_cached_view",
    "mentioned_node_ids",
    "neo4j_address",
    "open_sqlite_store",
    "open_store",
    "open_uncached_store",
    "path_limits",
    "paths_answer",
    "preview_judgement",
    "prune_views",
    "pursuit_text",
    "read_cluster_run",
    "reference_load_request",
    "render_subgraph",
    "requesting_code",
    "resolve_jurisdiction",
    "resolve_node",
    "restore",
    "run_query",
    "screen_rows",
    "search_entities",
    "search_fuzzily",
    "select_subgraph",
    "send_news",
    "start_watch",
    "stop_watch",
    "store_as_of",
    "store_for_question",
    "store_for_report",
    "subgraph_of_cluster",
    "subgraph_of_paths",
    "subgraph_of_selection",
    "sync",
    "sync_after",
    "telling_facts",
    "today",
    "undo_judgement",
    "verify",
    "verify_neo4j",
    "warm_view",
    "withdraw",
    "workspace_environment",
    "write_dossier",
    "write_legal_pages",
    "write_periodic_report",
    "write_report",
]

__getattr__ = lazy_names(
    __name__,
    {
        "kg.database": ("describe_sqlite",),
        "kg.operations.configuration": (
            "LOOPBACK",
            "configured_workspace",
            "neo4j_address",
            "workspace_environment",
        ),
        "kg.operations.demo": (
            "DEMO_DAY",
            "demo_attach_requests",
            "demo_load_requests",
            "demo_path_ends",
        ),
        "kg.operations.exports.bulk": (
            "NEO4J_ADMIN",
            "BulkExportResult",
            "export_bulk",
        ),
        "kg.operations.exports.export": (
            "ExportRequest",
            "ExportResult",
            "export",
        ),
        "kg.operations.exports.graph_formats": (
            "Subgraph",
            "render_subgraph",
            "subgraph_of_cluster",
            "subgraph_of_paths",
            "subgraph_of_selection",
        ),
        "kg.operations.exports.package": (
            "PACKAGE",
            "PackageRequest",
            "PackageResult",
            "export_package",
        ),
        "kg.operations.ledger.attach": (
            "AttachRequest",
            "AttachResult",
            "attach",
        ),
        "kg.operations.ledger.erase": ("erase",),
        "kg.operations.ledger.judgements": (
            "Attribution",
            "NodeIdentity",
            "get_identity",
            "judge",
            "list_judgements",
            "undo_judgement",
        ),
        "kg.operations.ledger.load": (
            "FileLoadRequest",
            "list_loads",
            "load",
            "reference_load_request",
            "verify",
            "withdraw",
        ),
        "kg.operations.matching.comparison": ("compare_nodes", "compare_pair"),
        "kg.operations.matching.rows": ("ListRow", "screen_rows"),
        "kg.operations.matching.screening": ("ScreeningRequest",),
        "kg.operations.matching.judgement_effects": ("preview_judgement",),
        "kg.operations.question_result": ("QuestionResult",),
        "kg.operations.questions.clusters": (
            "ClusterRun",
            "compare_cluster_runs",
            "compute_cluster_run",
            "explain_cached_cluster",
            "explain_clusters",
            "find_cluster",
            "find_clusters",
            "mentioned_node_ids",
            "read_cluster_run",
        ),
        "kg.operations.questions.entities": (
            "contradiction_sentences",
            "describe_entity",
            "describe_links",
            "find_unresolved_links",
            "list_entities",
            "pursuit_text",
            "search_entities",
            "search_fuzzily",
            "telling_facts",
        ),
        "kg.operations.questions.exhibits": (
            "exhibit_problems",
            "extract_exhibits",
            "find_exhibits",
            "iterate_exhibits",
        ),
        "kg.operations.questions.flows": ("find_money_flow",),
        "kg.operations.questions.legal": (
            "LegalQuery",
            "PortfolioQuery",
            "find_binding_law",
            "find_freezes",
            "find_gaps",
            "find_law_holes",
            "find_portfolio",
            "find_routes",
            "legal_frame",
            "requesting_code",
        ),
        "kg.operations.questions.listing": (
            "SearchQuery",
            "SearchResultPage",
            "get_cluster",
            "list_clusters",
            "list_links",
            "list_nodes",
            "list_search_results",
            "resolve_jurisdiction",
        ),
        "kg.operations.questions.lookup": (
            "claims_that_say_more",
            "resolve_node",
        ),
        "kg.operations.questions.ownership": (
            "find_holdings",
            "find_owners",
        ),
        "kg.operations.questions.paths": (
            "excluded_traits",
            "find_paths",
            "is_found_by_identity",
            "path_limits",
        ),
        "kg.operations.questions.saved_query": (
            "SavedQueryRequest",
            "list_queries",
            "run_query",
        ),
        "kg.operations.reports.cluster_report": (
            "PeriodicReportRequest",
            "PeriodicReportRun",
            "write_periodic_report",
            "write_report",
        ),
        "kg.operations.reports.legal_pages": (
            "build_person_dossier",
            "draft_legal_request",
            "write_dossier",
            "write_legal_pages",
        ),
        "kg.operations.store.as_of": (
            "store_as_of",
            "store_for_question",
            "store_for_report",
        ),
        "kg.operations.store.backup": (
            "BackupInfo",
            "back_up",
            "check_backup",
        ),
        "kg.operations.store.piece": ("edge_note",),
        "kg.operations.store.restore": (
            "RestoreResult",
            "restore",
        ),
        "kg.operations.store.snapshot": (
            "LiveStore",
            "Snapshot",
            "StoreState",
            "StoreWatcher",
            "checkpoint",
            "file_identity",
        ),
        "kg.operations.store.store_copy": (
            "find_copy",
            "is_log_long",
        ),
        "kg.operations.store.sync": (
            "sync",
            "sync_after",
            "verify_neo4j",
        ),
        "kg.operations.store.view_builder": ("ViewBuilder", "build_on_command", "is_read_at_once"),
        "kg.operations.store.view_cache": (
            "CachedClusters",
            "CachedView",
            "build_cached_clusters",
            "build_cached_view",
            "find_cached_view",
            "load_cached_clusters",
            "load_cached_view",
            "open_store",
            "prune_views",
            "warm_view",
        ),
        "kg.operations.subgraphs.connections": (
            "connections_answer",
            "find_connections",
        ),
        "kg.operations.subgraphs.links": ("describe_link",),
        "kg.operations.subgraphs.neighbourhoods": ("NeighbourhoodQuery", "find_neighbourhoods"),
        "kg.operations.subgraphs.saved_views": ("SavedViews",),
        "kg.operations.subgraphs.selection": ("select_subgraph",),
        "kg.operations.subgraphs.summaries": (
            "cluster_answer",
            "paths_answer",
        ),
        "kg.operations.subgraphs.timelines": ("list_timeline",),
        "kg.operations.watches.delivery": ("DeliverySettings",),
        "kg.operations.watches.run": (
            "ListedWatch",
            "WatchDelivery",
            "WatchRequest",
            "list_watches",
            "send_news",
            "start_watch",
            "stop_watch",
        ),
        "kg.operations.workspace": (
            "Progress",
            "Workspace",
            "follow_day",
            "open_sqlite_store",
            "open_uncached_store",
            "today",
        ),
        "kg.operations.matching.candidate_pairs": (
            "judge_pair",
            "list_candidate_pairs",
        ),
    },
)
