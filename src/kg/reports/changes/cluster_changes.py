"""What became of clusters since the last report, in names and numbers that add up?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kg.findings import WHY, Change, Flow, Story
from kg.reports.cluster_report.summary import Became, Earlier, Moved
from kg.reports.phrases import plural

NAMED = 5
"""Members that are named of each group that came or left; all are counted."""

Name = Callable[[str], str]
"""What a node is called; empty where nothing of it is to be seen."""


def became(story: Story, name: Name) -> tuple[Became, ...]:
    """Every cluster of which anything is different, by what became of it."""
    return tuple(_became(change, name) for change in story.changes if change.told)


def counted(story: Story) -> str:
    """`164 clusters before, as of 2014-12-05; 165 clusters now, as of 2014-12-12: 1 born, 164 unchanged.`"""
    became_so = story.counted
    then, now = (plural(number, "clusters") for number in story.clusters)
    told = f"{then} before, as of {story.as_of_before}; {now} now, as of {story.as_of}"
    inside = sum(change.told for change in story.of("unchanged"))
    others = f"; {inside:,} of the unchanged have other roles, ties or signs" if inside else ""
    return f"{told}{f': {became_so}' if became_so else ''}{others}."


def moved_in(change: Change) -> tuple[str, ...]:
    """Members that came, left, or have another role."""
    return (*change.came, *change.left, *(member for member, _, _ in change.roles))


def _became(change: Change, name: Name) -> Became:
    return Became(
        what=change.kind,
        cluster_id=change.id if change.after else "",
        cluster=change.name if change.after else "",
        members=change.members,
        was=tuple(Earlier(w.name, w.members, w.here) for w in change.was),
        came=_moved(change.came_from, "before", name),
        left=_moved(change.went_to, "now", name),
        besides=tuple(_besides(change, name)),
        by=" and ".join(WHY[cause] for cause in change.why),
        records=len(change.records),
        sources=tuple(sorted({move.source for move in change.records})),
    )


def _moved(flows: Sequence[Flow], when: str, name: Name) -> tuple[Moved, ...]:
    return tuple(_group(flow, when, name) for flow in flows)


def _group(flow: Flow, when: str, name: Name) -> Moved:
    names = [called for member in flow.members if (called := name(member))]
    return Moved(f"{flow.name} {when}" if flow.id else "no cluster", len(flow.members), tuple(names[:NAMED]))


def _besides(change: Change, name: Name) -> Iterator[str]:
    for member, was, now in change.roles[:NAMED]:
        yield f"{name(member) or 'a member'}: was {was}, is {now}"
    if len(change.roles) > NAMED:
        yield f"another role for {plural(len(change.roles) - NAMED, 'further members')}"
    for how, ties in (("came", change.ties_came), ("left", change.ties_left)):
        if ties:
            yield f"{plural(len(ties), 'ties')} {how}"
    for words, signs in (("newly shows", change.signs_came), ("no longer shows", change.signs_left)):
        if signs:
            yield f"{words} {', '.join(signs).replace('_', ' ')}"
