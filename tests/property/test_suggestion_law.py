"""Does nothing follow from a suggestion, and does it come back exactly when a judgement is undone?"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg.analysis import clusters
from kg.errors import InputError
from kg.findings.matches import Suggestion
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.operations import Workspace
from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates, read_suggestions
from tests.property.test_ledger_law import NEVER, STEPS, Run, Step
from tests.stores import judge, store, table_rows, undo

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example takes about a second: a failing one is told as it is."""


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every other table."""
    return {table: found for table, found in table_rows(path).items() if table != "suggestion"}


def suggest(path: Path, *, protected: bool) -> None:
    find_graph_candidates(Workspace(path, protected=protected), CandidateRequest(least=0.01, write=True))


def kept(path: Path, *, protected: bool) -> list[Suggestion]:
    return read_suggestions(Workspace(path, protected=protected))


@given(STEPS, st.lists(st.booleans(), min_size=1))
@settings(max_examples=12, phases=PHASES)
def test_making_changing_and_deleting_suggestions_changes_nothing_else(steps: list[Step], scopes: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, suggesting = (Run(Path(folder) / f"{name}.sqlite") for name in ("plain", "suggesting"))
        for nth, step in enumerate(steps):
            plain.take(step)
            suggesting.take(step)
            suggest(suggesting.path, protected=False)  # brings the file up to date
            before = rows(suggesting.path)
            suggest(suggesting.path, protected=scopes[nth % len(scopes)])
            assert rows(suggesting.path) == before
        assert suggesting.digest() == plain.digest()
        assert verify(suggesting.path, load_ontology()).is_clean
        with store(suggesting.path) as one, store(plain.path) as other:
            assert one.contents().nodes == other.contents().nodes
            assert one.contents().links == other.contents().links
            found = [clusters.asset_clusters(s.view(clusters.COLUMNS)).clusters for s in (one, other)]
            assert found[0] == found[1]


@given(STEPS, st.sampled_from(["same", "distinct"]), st.booleans())
@settings(max_examples=12, phases=PHASES)
def test_a_suggestion_is_the_same_again_when_a_judgement_is_undone(
    steps: list[Step], kind: str, protected: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "graph.sqlite")
        for step in steps:
            run.take(step)
        suggest(run.path, protected=protected)
        before = kept(run.path, protected=protected)
        for suggestion in before[:2]:
            with suppress(InputError):  # what stands contradicts it
                made = judge(run.path, kind, suggestion.match.one, suggestion.match.other, rebuild_share=NEVER)
                now = [(s.match.one, s.match.other) for s in kept(run.path, protected=protected)]
                assert (suggestion.match.one, suggestion.match.other) not in now
                suggest(run.path, protected=protected)
                undo(run.path, made.number, rebuild_share=NEVER)
                assert {s.match for s in before} >= {s.match for s in kept(run.path, protected=protected)}
                suggest(run.path, protected=protected)
                assert kept(run.path, protected=protected) == before
