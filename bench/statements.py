"""How fast are beneficial ownership statements and the lines of the UK register read, and in how much memory?

Run: python -m bench.statements [COUNT]
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.ontology import load_ontology
from kg.sources import ReadContext, choose_connector

COUNT = 50_000
"""Enterprises in each file; each has an owner, and the owner two interests."""

_OWNERSHIP = [
    {"type": "shareholding", "directOrIndirect": "direct", "share": {"minimum": 25, "maximum": 50}},
    {"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 50}},
]


def statements(count: int) -> Iterator[dict[str, Any]]:
    """Invented statements: an enterprise, a person, and what the second has in the first."""
    published = {"bodsVersion": "0.4", "publicationDate": "2024-02-01", "publisher": {"name": "Invented Register"}}
    for i in range(count):
        enterprise = {"entityType": {"type": "registeredEntity"}, "name": f"Invented {i} Ltd"}
        person = {"names": [{"fullName": f"Ann {i} Invented"}], "nationalities": [{"code": "GB"}]}
        interests = {"subject": f"e{i}", "interestedParty": f"p{i}", "interests": _OWNERSHIP}
        for kind, details in (("entity", enterprise), ("person", person), ("relationship", interests)):
            said = {"recordId": f"{kind[0]}{i}", "recordType": kind, "recordDetails": details}
            yield {"statementId": f"{kind}-{i}", "statementDate": "2024-01-01", "publicationDetails": published, **said}


def lines(count: int) -> Iterator[dict[str, Any]]:
    """Invented lines of the register: a person with two natures of control each."""
    natures = ["ownership-of-shares-25-to-50-percent", "voting-rights-25-to-50-percent"]
    for i in range(count):
        link = f"/company/{i}/persons-with-significant-control/individual/{i}"
        data = {"kind": "individual-person-with-significant-control", "links": {"self": link}}
        said = {"name": f"Ann {i} Invented", "nationality": "British", "notified_on": "2016-04-06"}
        yield {"company_number": str(i), "data": {**data, **said, "natures_of_control": natures}}


def main(count: int = COUNT) -> None:
    """Print records a second and the peak of the whole process after each file; an array on one line is the first."""
    with tempfile.TemporaryDirectory() as folder:
        array, snapshot = Path(folder) / "a.bods.json", Path(folder) / "psc.jsonl"
        _write(array, statements(count), ("[", ", ", "]"))
        _write(snapshot, lines(count), ("", "\n", "\n"))
        context = ReadContext(load_ontology(), "bench")
        for path in (array, snapshot):
            start = time.perf_counter()
            found = sum(1 for _ in choose_connector(path).read([path], context))
            seconds, size = time.perf_counter() - start, path.stat().st_size / 1e6
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{path.name}: {size:.0f} MB, {found:,} records, {found / seconds:,.0f} a second, peak {peak:.0f} MiB"
            )


def _write(path: Path, some: Iterable[dict[str, Any]], around: tuple[str, str, str]) -> None:
    before, between, after = around
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        for i, one in enumerate(some):
            file.write((between if i else "") + json.dumps(one))
        file.write(after)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
