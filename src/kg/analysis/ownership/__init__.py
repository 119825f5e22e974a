"""Who owns something, and what does somebody own, through all chains?"""

from kg.analysis.ownership.arrangements import roles_in, roles_of, share_controls_of
from kg.analysis.ownership.effective import OwnershipQuestion, effective_ownership, holdings_of, owners_of
from kg.analysis.ownership.inside_cluster import holdings_inside
from kg.analysis.ownership.shares import COLUMNS, links_into_persons

__all__ = [
    "COLUMNS",
    "OwnershipQuestion",
    "effective_ownership",
    "holdings_inside",
    "holdings_of",
    "links_into_persons",
    "owners_of",
    "roles_in",
    "roles_of",
    "share_controls_of",
]
