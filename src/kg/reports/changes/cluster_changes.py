"""How has each cluster changed since the last report, in names and numbers that add up?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from kg.findings import CAUSE_LABELS, ClusterChange, ClusterChanges, LedgerChanges, MemberFlow
from kg.findings.changes import INDIRECT
from kg.findings.counts import plural
from kg.reports.cluster_report.changes import ClusterChangeEntry, MemberMovement, PreviousClusterEntry

MAX_NAMES = 5
"""Members named of each group that joined or left; all are counted."""

JUDGED = "judgements on identity:"
"""The cause of changes where judgements were made or withdrawn and no record differs; their numbers follow."""

NodeNamer = Callable[[str], str]
"""The name of a node; empty if nothing of it may be shown."""


def cluster_changes(
    changes: ClusterChanges, name: NodeNamer, ledger: LedgerChanges, titles: Mapping[str, str]
) -> tuple[ClusterChangeEntry, ...]:
    """Every cluster with any difference, by the kind of change. Judgements are the cause where no record differs.

    `titles`: of the red flags.
    """
    numbers = sorted(j.number for j in (*ledger.judged, *ledger.undone, *ledger.resting))
    judged = "" if ledger.counts or not numbers else f"{JUDGED} {', '.join(map(str, numbers))}"
    return tuple(_cluster_change(change, name, judged, titles) for change in changes.changes if change.has_changes)


def cluster_counts_sentence(changes: ClusterChanges) -> str:
    """`164 clusters before, as of 2014-12-05; 165 clusters now, as of 2014-12-12: 1 born, 164 unchanged.`"""
    counts = changes.counts_text
    then, now = (plural(number, "clusters") for number in changes.clusters)
    sentence = f"{then} before, as of {changes.as_of_before}; {now} now, as of {changes.as_of}"
    inside = sum(change.has_changes for change in changes.of_kind("unchanged"))
    verb = "has" if inside == 1 else "have"
    others = f"; {inside:,} of the unchanged {verb} other roles, links or red flags" if inside else ""
    return f"{sentence}{f': {counts}' if counts else ''}{others}."


def changed_member_ids(change: ClusterChange) -> tuple[str, ...]:
    """Members that joined, left, or have another role."""
    return (*change.came, *change.left, *(member for member, _, _ in change.roles))


def _cluster_change(
    change: ClusterChange, name: NodeNamer, judged: str, titles: Mapping[str, str]
) -> ClusterChangeEntry:
    causes = (judged if judged and cause == INDIRECT else CAUSE_LABELS[cause] for cause in change.cause_names)
    return ClusterChangeEntry(
        what=change.kind,
        cluster_id=change.id if change.after else "",
        cluster=change.name if change.after else "",
        members=change.members,
        was=tuple(PreviousClusterEntry(w.name, w.members, w.here) for w in change.was),
        came=_member_movements(change.came_from, "before", name),
        left=_member_movements(change.went_to, "now", name),
        besides=tuple(_other_changes(change, name, titles)),
        by=" and ".join(causes),
        records=len(change.records),
        sources=tuple(sorted({move.source for move in change.records})),
    )


def _member_movements(flows: Sequence[MemberFlow], when: str, name: NodeNamer) -> tuple[MemberMovement, ...]:
    found = []
    for flow in flows:
        names = tuple(filter(None, map(name, flow.members)))[:MAX_NAMES]
        found.append(MemberMovement(f"{flow.name} {when}" if flow.id else "no cluster", len(flow.members), names))
    return tuple(found)


def _other_changes(change: ClusterChange, name: NodeNamer, titles: Mapping[str, str]) -> Iterator[str]:
    for member, was, now in change.roles[:MAX_NAMES]:
        yield f"{name(member) or 'a member'}: role changed from {was} to {now}"
    if len(change.roles) > MAX_NAMES:
        yield f"role changed of {plural(len(change.roles) - MAX_NAMES, 'further members')}"
    for how, links in (("added", change.ties_came), ("removed", change.ties_left)):
        if links:
            yield f"{plural(len(links), 'links')} {how}"
    for how, flags in (("new", change.signs_came), ("gone", change.signs_left)):
        if flags:
            named = "; ".join(titles.get(flag, flag) for flag in flags)
            yield f"{how} {plural(len(flags), 'red flags').partition(' ')[2]}: {named}"
