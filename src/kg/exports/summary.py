"""The counts of an export: what was written, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg.records import Link, Node, UnreadValue

NO_SCHEMA = "FollowTheMoney has no schema for it"
NO_LINK = "FollowTheMoney has no such link between these types"
NO_END = "an end is not exported"
NO_NODE = "FollowTheMoney has it as a property of a node that this source does not describe"
LINK_DETAILS = "FollowTheMoney has this link as a property, which has no details"
STRICTER_HANDLING = "its handling code is stricter than that of the node whose property it would be"
OTHER_NAMESPACE = "an end is in another namespace"
DERIVED = "a load of the export derives it again"
DUPLICATE_LINK = "the same link between the same two is already exported"
REPEATED_NODE = "one row has two records of the node; the first is exported"
MERGED_GRADES = "one entity stands for several claims and cannot have the grades, origins and dates of each"
END_NOT_SELECTED = "an end is a node that the selected sources do not describe"
JUDGEMENT = "a judgement is not a claim of a source; repeat it with kg same, kg distinct or kg unsure"


@dataclass(slots=True)
class ExportCounts:
    """The counts of an export."""

    nodes: Counter[str] = field(default_factory=Counter)
    """Exported nodes, or records about nodes, by type."""
    links: Counter[str] = field(default_factory=Counter)
    """Exported links, or records about links, by type."""
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(What was not exported, why) to how often."""

    not_understood: Counter[str] = field(default_factory=Counter)
    """Exported values that could not be read, by `Type.property` or, without one, `Type.name`."""

    def count_node(self, node: Node) -> None:
        """Count an exported node, and its values that could not be read."""
        self.nodes[node.type] += 1
        self.count_unread(node.type, node.not_understood)

    def count_link(self, link: Link) -> None:
        """Count an exported link, and its values that could not be read."""
        self.links[link.type] += 1
        self.count_unread(link.type, link.not_understood)

    def count_unread(self, kind: str, values: Iterable[UnreadValue]) -> None:
        """Count the values of a node, link or record of this type that could not be read."""
        self.not_understood.update(f"{kind}.{value.property or value.name}" for value in values)

    def count_lost(self, what: str, why: str) -> None:
        """Count something that is not exported."""
        self.lost[what, why] += 1

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        lost = [{"what": what, "why": why, "count": count} for (what, why), count in sorted(self.lost.items())]
        return {
            "nodes": dict(sorted(self.nodes.items())),
            "links": dict(sorted(self.links.items())),
            "not_exported": lost,
            "not_understood": dict(sorted(self.not_understood.items())),
        }


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export; `sha256` and `size` are those of the file on disk."""

    name: str
    size: int
    sha256: str
