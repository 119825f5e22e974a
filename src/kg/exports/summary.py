"""What did an export write, and what did it leave out?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

NO_SCHEMA = "FollowTheMoney has no schema for it"
NO_LINK = "FollowTheMoney has no such link between these"
NO_END = "an end is not exported"
NO_NODE = "it is said as a property of a node, which this source does not describe"
LINK_DETAILS = "FollowTheMoney says this link as a property, which has no details"
STRICTER_HANDLING = "it is handled more strictly than the node that would say it"
OTHER_NAMESPACE = "an end is in another namespace"
DERIVED = "whoever loads the export derives it anew"
DUPLICATE_LINK = "the same link between the same two is said already"
REPEATED_NODE = "the source says the node twice in one row; the first is exported"
MERGED_GRADES = "one entity stands for several claims, and has no grades, origins and dates of each"
END_NOT_SELECTED = "an end is a node that the selected sources do not describe"
JUDGEMENT = "a judgement is no source's claim; make it again with kg same or kg distinct"


@dataclass(slots=True)
class ExportCounts:
    """What an export counts while it writes."""

    nodes: Counter[str] = field(default_factory=Counter)
    """Exported nodes, or records about nodes, by type."""
    links: Counter[str] = field(default_factory=Counter)
    """Exported links, or records about links, by type."""
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What could not be said: (what, why) to how often."""

    def count_lost(self, what: str, why: str) -> None:
        """Count something that the format cannot say."""
        self.lost[what, why] += 1

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        lost = [{"what": what, "why": why, "count": count} for (what, why), count in sorted(self.lost.items())]
        return {
            "nodes": dict(sorted(self.nodes.items())),
            "links": dict(sorted(self.links.items())),
            "not_exported": lost,
        }


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export; `sha256` and `size` are of the file as it lies on the disk."""

    name: str
    size: int
    sha256: str
