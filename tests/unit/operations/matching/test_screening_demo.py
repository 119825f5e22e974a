"""The invented list of the demo against its invented register, with an answer key."""

from __future__ import annotations

import csv
from pathlib import Path

from kg.operations import Workspace
from kg.operations.matching.screening import ScreeningRequest, screen
from kg.records import node_id
from tests import golden

FOLDER = Path(__file__).parents[4] / "graph" / "demo" / "screening"


def test_the_list_of_the_demo_is_found_in_its_register(tmp_path: Path) -> None:
    request = ScreeningRequest((FOLDER / "list.csv",), (FOLDER / "register.csv",))
    screening = screen(Workspace(tmp_path / "none.sqlite"), request)
    with (FOLDER / "answer_key.csv").open(encoding="utf-8", newline="") as file:
        truth = {
            (node_id("screened-list", row["list"]), node_id("screened-register", row["register"]))
            for row in csv.DictReader(file)
        }
    found = {(m.one, m.other): m for target in screening.targets for m in target.matches}
    strong = {pair for pair, match in found.items() if match.band == "strong"}
    assert strong <= truth
    assert len(truth & found.keys()) >= 0.9 * len(truth)
    lines = []
    for target in screening.targets:
        lines.append(f"{target.caption} (compared {target.compared}, crowded {target.crowded})")
        for m in target.matches:
            lines.append(f"  {m.probability:.4f} {m.band} {m.other_caption}, namesakes {m.namesakes_expected}")
            lines += [f"    {e.bits:+.1f} {e.feature}: {e.says}" for e in m.evidence]
    golden.check(FOLDER.parents[2] / "tests" / "golden" / "screening_demo.txt", "\n".join(lines) + "\n")
