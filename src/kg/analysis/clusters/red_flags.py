"""Which clusters show which red flags, and how common is each?"""

from __future__ import annotations

import pkgutil
from collections import defaultdict
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

import numpy as np

from kg.analysis.clusters import indicators
from kg.analysis.clusters.clustered_graph import ClusteredGraph, IndicatorResult
from kg.findings import Indicator, RedFlag


def load_indicators() -> Mapping[str, ModuleType]:
    """Every indicator by name, sorted: each module has a MEANING and a function `detect`."""
    names = sorted(found.name for found in pkgutil.iter_modules(indicators.__path__))
    return {name: import_module(f"{indicators.__name__}.{name}") for name in names}


def find_red_flags(graph: ClusteredGraph) -> tuple[Mapping[int, tuple[RedFlag, ...]], tuple[Indicator, ...]]:
    """The red flags of each cluster, by its smallest node, in the order of the indicators; and the indicators."""
    has_no_sought = np.ones(len(graph.community), bool)
    has_no_sought[graph.community[graph.view.column("sought")]] = False
    signs: defaultdict[int, list[RedFlag]] = defaultdict(list)
    rates = []
    for name, module in load_indicators().items():
        result: IndicatorResult = module.detect(graph)
        for cluster, found in result.signs.items():
            signs[cluster] += sorted(found, key=lambda s: (s.about, s.because))
        flagged = np.array(sorted(result.signs), np.int64)
        rate = Indicator(
            name=name,
            **module.MEANING._asdict(),
            clusters=len(flagged),
            of=len(result.observable),
            without_sought=int(has_no_sought[flagged].sum()),
            of_without_sought=int(has_no_sought[result.observable].sum()),
        )
        rates.append(rate)
    return {cluster: tuple(found) for cluster, found in signs.items()}, tuple(rates)
