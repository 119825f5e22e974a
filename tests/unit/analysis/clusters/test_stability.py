"""Is it right what a cluster stands or falls with?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.analysis.clusters import ClusterParameters, asset_clusters, cluster_context, stability
from kg.analysis.timeout import no_timeout
from kg.findings import Stability, StabilityTrial
from kg.records import Claim, Provenance
from kg.view import GraphView
from tests.builders import StatedRecords, graph


def sourced(view: GraphView, sources: Mapping[str, str]) -> GraphView:
    """The view with the sources of nodes and links, apart by spaces; `register` says what is not named."""

    def claim(key: str, source: str) -> Claim:
        said = Provenance(reliability="A" if source == "register" else "E")
        return Claim(source, source, key, "", "", "", {}, {}, said)

    ids = (*view.ids.astype(str).tolist(), *view.link_ids.astype(str).tolist())
    return view.with_records(
        StatedRecords({key: [claim(key, source) for source in sources.get(key, "register").split()] for key in ids})
    )


def held(
    view: GraphView, parameters: ClusterParameters | None = None, late: Callable[[], bool] = no_timeout
) -> Stability:
    chosen = parameters or ClusterParameters()
    found = asset_clusters(view, chosen)
    (one,) = stability(view, found.clusters[:1], chosen, cluster_context(view, found, chosen), late)
    return one


def test_what_only_one_source_says_goes_with_that_source() -> None:
    lines = ["ann OWNS acme", "acme OWNS flat", "ann FAMILY_OF bob", "bob OWNS boat", "bob OWNS acre"]
    found = held(sourced(graph(*lines), {"ann FAMILY_OF bob": "gossip"}))
    assert found.shifts == (StabilityTrial("without the source gossip", 0.5, ("acre", "boat", "bob"), ()),)


def test_who_has_no_time_is_told_how_much_was_tried() -> None:
    view = sourced(graph("ann OWNS acme", "acme OWNS flat"), dict.fromkeys(("ann", "acme", "flat"), "register gossip"))
    for most in (0, 1, 3):
        looks = iter(range(most))
        some = held(view, late=lambda looks=looks: next(looks, None) is None)  # type: ignore[misc]  # bound at once
        assert (some.tried, some.cut) == (most, "time")
    assert held(view).cut == ""


def test_the_only_source_is_not_tried() -> None:
    found = held(sourced(graph("ann OWNS acme", "acme OWNS flat"), {}))
    assert (found.tried, found.least_kept) == (1 + 2, 1.0)


def test_what_two_sources_say_stays_when_one_is_withdrawn() -> None:
    both = dict.fromkeys(("ann OWNS acme", "acme OWNS flat", "ann", "acme", "flat"), "register gossip")
    found = held(sourced(graph("ann OWNS acme", "acme OWNS flat"), both))
    assert (found.least_kept, found.core, found.shifts) == (1.0, ("acme", "ann", "flat"), ())
    assert found.tried == 1 + 2 + 2


def test_what_hangs_by_its_weight_moves_when_the_weight_does() -> None:
    lines = [f"{x}-boss OWNS {x}-co{i} share=100" for x in "ab" for i in range(3)]
    lines += [f"{x}-co{i} DIRECTS {x}-co{i + 1}" for x in "ab" for i in range(2)]
    near = ClusterParameters(resolution=0.0335, reliability_factors=(1.0,) * 6)
    found = held(graph(*lines, "a-boss FAMILY_OF b-boss"), near)
    assert [(s.what, s.kept) for s in found.shifts] == [("weight of kinship × 0.8", 0.5)]
    assert len(found.core) == 4
