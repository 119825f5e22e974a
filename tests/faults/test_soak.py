"""Does a short soak lose, tear and leak nothing?"""

from __future__ import annotations

import json
import subprocess
import sys

from bench.soak.tally import KINDS
from tests.house.tree import ROOT

SECONDS, LEAST, PAUSE = 800, 3, 1.5
"""It takes as long as the machine needs for so many of each kind, with so many seconds between two backups."""


def test_nothing_is_lost_torn_or_leaked_while_everything_happens_at_once() -> None:
    words = f"-m bench.soak --seconds {SECONDS} --least {LEAST} --pause {PAUSE} --clients 2 --json".split()
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert all(found["kinds"][kind]["survived"] >= LEAST for kind in KINDS), found
