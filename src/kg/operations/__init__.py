"""What can a person have done, whole jobs from end to end?"""

from kg.operations.asking import find_clusters, write_report
from kg.operations.browsing import (
    LinkPage,
    SearchPage,
    Wanted,
    jurisdiction_of,
    links_page,
    nodes_of_kind,
    search_page,
)
from kg.operations.copying import CopyOrder, followed, sync, verify_copy
from kg.operations.demo import DEMO_DAY, demo_orders, demo_path
from kg.operations.erasing import Erased, erase
from kg.operations.exporting import Exported, ExportOrder, export
from kg.operations.judging import Identity, Word, identity_of, judge, list_judgements, undo_judgement
from kg.operations.loading import LoadOrder, list_loads, load, reference_order, verify, withdraw
from kg.operations.paths import PathsFound, find_paths, walked_too
from kg.operations.querying import QueryOrder, run_query
from kg.operations.settled import LOOPBACK, copy_of, workplace_of
from kg.operations.workplace import Progress, Workplace, open_embedded, open_store, quiet, today, workplace

__all__ = [
    "DEMO_DAY",
    "LOOPBACK",
    "CopyOrder",
    "Erased",
    "ExportOrder",
    "Exported",
    "Identity",
    "LinkPage",
    "LoadOrder",
    "PathsFound",
    "Progress",
    "QueryOrder",
    "SearchPage",
    "Wanted",
    "Word",
    "Workplace",
    "copy_of",
    "demo_orders",
    "demo_path",
    "erase",
    "export",
    "find_clusters",
    "find_paths",
    "followed",
    "identity_of",
    "judge",
    "jurisdiction_of",
    "links_page",
    "list_judgements",
    "list_loads",
    "load",
    "nodes_of_kind",
    "open_embedded",
    "open_store",
    "quiet",
    "reference_order",
    "run_query",
    "search_page",
    "sync",
    "today",
    "undo_judgement",
    "verify",
    "verify_copy",
    "walked_too",
    "withdraw",
    "workplace",
    "workplace_of",
    "write_report",
]
