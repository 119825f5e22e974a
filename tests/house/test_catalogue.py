"""Does a review see everything that was discovered, and what appeared?"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

from kg import analysis, findings
from kg.analysis.clusters import load_indicators
from kg.law import load_law
from kg.ontology import LinkType, Ontology, load_ontology
from kg.ontology.values import VALUE_TYPES
from kg.queries import query_pack
from kg.resources import data_dir
from kg.sources import connectors
from tests import golden
from tests.house.test_docs_cover import COMMANDS
from tests.house.tree import ROOT

CATALOGUE = ROOT / "tests" / "golden" / "catalogue.txt"


def test_the_catalogue_lists_what_was_discovered() -> None:
    golden.check(CATALOGUE, _catalogue())


def test_the_two_questions_of_the_main_job_are_discovered() -> None:
    found = "\n".join(_analyses())
    assert "clusters.asset_clusters.asset_clusters" in found
    assert "paths.ranking.ranked_paths" in found


def _catalogue() -> str:
    ontology = load_ontology()
    sections = {
        "node types": (_node(ontology, name) for name in ontology.nodes),
        "link types": (_link(link) for link in ontology.links.values()),
        "traits": ontology.traits,
        "value types": VALUE_TYPES,
        "connectors": (f"{c.name}: {', '.join(c.files)}" for c in connectors().values()),
        "analyses": _analyses(),
        "warning signs": (f"{name}: {module.MEANING.title}" for name, module in load_indicators().items()),
        "saved queries": query_pack(),
        "commands": COMMANDS,
        "reference files": sorted(p.name for p in (data_dir("graph") / "reference").glob("*.csv")),
        "legal routes": (f"{r.id}: {r.group}, {r.subject}" for r in load_law().routes.values()),
        "facts that routes name": (f"{f.name}: {f.about} {f.handling}" for f in load_law().facts.values()),
    }
    parts = ["\n".join([title, *(f"  {line}" for line in lines)]) for title, lines in sections.items()]
    return "\n\n".join(parts) + "\n"


def _node(ontology: Ontology, name: str) -> str:
    lineage = ", ".join(ontology.lineage(name)[1:])
    return f"{name}{_mark(ontology.nodes[name].abstract)}{': ' if lineage else ''}{lineage}"


def _link(link: LinkType) -> str:
    if link.abstract:
        return f"{link.name}{_mark(True)}"
    arrow = "->" if link.directed else "--"
    handling = "" if link.handling == "open" else f" {link.handling}"
    return f"{link.name}: {'|'.join(link.from_)} {arrow} {'|'.join(link.to)} [{', '.join(link.traits)}]{handling}"


def _mark(abstract: bool) -> str:
    return " (abstract)" if abstract else ""


def _analyses() -> Iterator[str]:
    """Every public function of `kg.analysis` that answers with a finding about a view."""
    for path in sorted(found.name for found in pkgutil.walk_packages(analysis.__path__, "kg.analysis.")):
        for name, function in inspect.getmembers(import_module(path), inspect.isfunction):
            entry = inspect.signature(function)
            annotations = [p.annotation for p in entry.parameters.values()]
            own = function.__module__ == path and not name.startswith("_")
            if own and annotations[:1] == ["GraphView"] and hasattr(findings, str(entry.return_annotation)):
                shown = f"{path.removeprefix('kg.analysis.')}.{name}"
                yield f"{shown}({', '.join(annotations)}) -> {entry.return_annotation}"
