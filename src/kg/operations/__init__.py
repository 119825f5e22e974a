"""What can a person have done, whole jobs from end to end?"""

from kg.operations.asking import PathFound, find_clusters, find_path, write_report
from kg.operations.demo import DEMO_DAY, demo_orders, demo_path
from kg.operations.loading import LoadOrder, load, reference_order, verify, withdraw
from kg.operations.workplace import Progress, Workplace, open_store, quiet, today, workplace

__all__ = [
    "DEMO_DAY",
    "LoadOrder",
    "PathFound",
    "Progress",
    "Workplace",
    "demo_orders",
    "demo_path",
    "find_clusters",
    "find_path",
    "load",
    "open_store",
    "quiet",
    "reference_order",
    "today",
    "verify",
    "withdraw",
    "workplace",
    "write_report",
]
