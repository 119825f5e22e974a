"""Does a short soak lose, tear and leak nothing?"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.house.tree import ROOT

SECONDS = 40


def test_nothing_is_lost_torn_or_leaked_while_everything_happens_at_once() -> None:
    run = [sys.executable, "-m", "bench.soak", "--seconds", str(SECONDS), "--clients", "2", "--json"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    for kind in ("loads", "questions", "attacks", "verify", "backups"):
        assert found["kinds"][kind]["survived"], found
