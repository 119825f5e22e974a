"""What a judgement about identity would do to the graph."""

from __future__ import annotations

from dataclasses import dataclass

from kg.findings.counts import plural


@dataclass(frozen=True, slots=True)
class JudgementEffect:
    """What would be different after a judgement. Nothing of it has happened."""

    kind: str
    """`same`, `distinct` or `unsure`."""
    nodes: tuple[str, str]
    captions: tuple[str, str]
    links_joined: int = 0
    """Links of the node whose id is given up, which would be links of the other."""
    clusters_changed: int = 0
    """Clusters that would have other members, be new, or be gone."""
    contradictions: tuple[str, ...] = ()
    """What sources say of the two that could then not all be true, and what of it is seen only when they are one."""
    sought: tuple[str, ...] = ()
    """Who of the two would be wanted and is not now."""
    suggestions_removed: int = 0
    """Links `POSSIBLY_SAME_AS` that would go."""
    missing: str = ""
    """What is missing until it takes effect; empty where nothing is."""

    @property
    def sentence(self) -> str:
        """`3 links join, 1 cluster changes, 2 loaded contradictions become visible`."""
        said = []
        if self.kind == "same":
            said.append(_counted(self.links_joined, "links", "join"))
            said.append(_counted(self.clusters_changed, "clusters", "change"))
            said.append(_counted(len(self.contradictions), "loaded contradictions", "become", "visible"))
            said += [f"{name} becomes wanted" for name in self.sought]
        else:
            said.append("no link joins, no cluster changes")
        if self.suggestions_removed:
            said.append(_counted(self.suggestions_removed, "possible matches", "go"))
        if self.kind == "unsure":
            said.append("the pair is hidden from review until records of either change")
        return ", ".join(said)


def _counted(number: int, things: str, verb: str, rest: str = "") -> str:
    """`3 links join`, `1 cluster changes`, `no cluster changes`."""
    one = f"{verb}{'es' if verb == 'go' else 's'}"
    words = plural(number, things) if number else f"no {plural(1, things).partition(' ')[2]}"
    return " ".join(filter(None, (words, one if number < 2 else verb, rest)))
