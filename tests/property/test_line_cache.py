"""Is a load that reads only new lines the same as one that reads all of them?"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.ledger.stage import table
from kg.ledger.verification import graph_digest
from kg.operations import FileLoadRequest, Workspace, load, verify, withdraw
from kg.operations.ledger import changed_lines
from kg.operations.ledger.remarks import Remarks
from kg.records import Record


def entity(key: str, schema: str, around: dict[str, Any] | None = None, **properties: str) -> str:
    values = {name: found.split("|") for name, found in properties.items()}
    return json.dumps({"id": key, "schema": schema, "properties": values, **(around or {})})


OWNER = {"id": "b", "schema": "Person", "properties": {"birthDate": ["1960"]}}
LINES = [
    *(entity(key, "Person", name=f"Invented {key}") for key in "abcd"),
    *(entity(key, "Company", name=f"Invented {key} Ltd", jurisdiction="pa") for key in "ef"),
    entity("a", "Person", name="Invented a", country="us|cy"),
    entity("a", "Person", birthDate="1960"),  # a fragment
    entity("a", "Company", name="Invented a Ltd"),  # none: another schema
    entity("b", "Person", name="Invented b", birthDate="a lot"),  # a value that cannot be read
    entity("c", "Person", name="Invented c", birthDate="2014-12-07"),  # born after one day and before another
    entity("d", "Person", name="Invented d", favourite="tea", pets="cat"),  # what the ontology has no place for
    entity("d", "Person", {"kg": {"handling": "protected"}}, name="Invented d"),
    entity("x", "Ownership", {"kg": {"key": "o"}}, owner="a", asset="e"),  # the key of another line's record
    entity("x", "Ownership", owner="a", asset="e", percentage="30"),
    *(entity("o", "Ownership", owner="a", asset="e", percentage=share) for share in ("51", "0.5", "1")),
    entity("o", "Ownership", owner="a"),  # half of a link
    entity("o", "Ownership", asset="nobody"),  # the other half, whose end may be unresolved
    entity("u", "UnknownLink", subject="a", object="nobody"),
    json.dumps({"id": "p", "schema": "Ownership", "properties": {"owner": [OWNER], "asset": ["f"]}}),  # nested
    json.dumps({"found": [json.loads(entity(key, "Person", name="Listed")) for key in ("c", "y")]}),
    entity("z", "Spaceship", name="Invented z"),
    entity("q", "Ownership", owner="a", asset="f", percentage="0.25"),  # a fraction, or less than 1 %
    *(entity(f"m{n}", "Payment", payer="a", beneficiary="b", amount=f"-{n}", currency="EUR") for n in (5, 6, 7)),
    "{",
    "",
]


SUMS = (LINES[9], LINES[11], LINES[15], LINES[24])
"""Lines of which a load tells what all add up to."""


@dataclass(frozen=True)
class Step:
    """Lines that a version of the code loads on a day, as a snapshot or a delta; a withdrawal where there are none."""

    lines: tuple[str, ...]
    day: str = "2014-12-05"
    version: str = "one"
    delta: bool = False


@st.composite
def snapshots(draw: st.DrawFn) -> list[Step]:
    """Snapshots of which each has most lines of the one before; deltas and withdrawals between them."""
    lines = draw(st.permutations(LINES))[: draw(st.integers(6, len(LINES)))]
    steps = list[Step]()
    for _ in range(draw(st.integers(2, 4))):
        day, version = draw(st.sampled_from(DAYS)), draw(st.sampled_from(["one", "one", "one", "two"]))
        steps.append(Step(tuple(lines), day, version))
        steps += draw(st.lists(st.one_of(DELTAS, st.just(Step(()))), max_size=1)) if draw(st.booleans()) else []
        for edit in draw(st.lists(st.sampled_from(["add", "again", "remove", "move"]), max_size=4)):
            if not lines:
                break
            at = draw(st.integers(0, len(lines) - 1))
            line = draw(st.sampled_from(LINES)) if edit == "add" else lines[at] if edit == "again" else lines.pop(at)
            if edit != "remove":
                lines.insert(draw(st.integers(0, len(lines))), line)
    return steps


DAYS = ["2014-12-05", "2014-12-05", "2014-12-06", "2014-12-08"]
DELTAS = st.lists(st.sampled_from([line for line in LINES if line.startswith('{"id"')]), min_size=1, max_size=3).map(
    lambda lines: Step(tuple(json.dumps({"op": "MOD", "entity": json.loads(line)}) for line in lines), delta=True)
)


def _remarks_on_names(_: Remarks, record: Record) -> list[tuple[str, str]]:
    """What another version of the code may have to say."""
    return [("name", name) for name in record.properties.get("name", ())]


def take(step: Step, store: Path, *, cached: bool, name: str = "inv.ftm.json") -> object:
    """What a step tells, and what the store then holds."""
    file, workspace = store.parent.parent / name, Workspace(store, readers=0, protected=True)
    file.write_text("".join(f"{line}\n" for line in step.lines), encoding="utf-8")
    request = FileLoadRequest((file,), source="inv", day=step.day, delta=step.delta, replace=True)
    told: dict[str, Any]
    with (
        patch.object(changed_lines, "MIN_SIZE", 0 if cached else float("inf")),
        patch.object(changed_lines, "MAX_SHARE", 1.0),
        patch.object(table, "_MANY", 0 if cached else float("inf")),  # hashes tell whether rows are about one record
        patch.object(changed_lines, "code_digest", lambda: step.version),
        patch.object(Remarks, "_future", Remarks._future if step.version == "one" else _remarks_on_names),
    ):
        try:
            told = asdict(load(workspace, request) if step.lines else withdraw(workspace, "inv"))
        except Exception as error:  # noqa: BLE001  # both have to fail in the same way
            told = {"error": (type(error), str(error).replace(str(store), ""))}
    rejects = Path(told["rejects_file"]).read_text(encoding="utf-8") if told.get("rejects_file") else ""
    told["rejects_file"] = ""
    if not store.exists():
        return told
    with closing(sqlite3.connect(store)) as connection:
        digest = graph_digest(connection)
        rows = "SELECT key, part, type, body, digest, protected, since, until FROM record ORDER BY key, part, since"
        places = """SELECT r.key, r.part, f.name, r.line FROM waiting w JOIN record r ON r.key = w.link_key
            AND r.part = w.link_part JOIN file f ON f.num = r.file WHERE r.until IS NULL ORDER BY 1, 2"""
        loads = (
            "SELECT kind, added, changed, unchanged, withdrawn, digest, links, open_unchanged, open_digest FROM load"
        )
        remarks = "SELECT key, kind, reason, file, line, protected FROM remark ORDER BY line, reason"
        queries = (rows, places, loads, remarks)
        return told, rejects, digest, *(connection.execute(query).fetchall() for query in queries)


@given(snapshots())
@settings(max_examples=20)
@example([Step(tuple(LINES[:6])), Step((*LINES[:6], LINES[7])), Step(tuple(LINES[:6]))])
@example([Step(tuple(LINES[:15])), Step((LINES[13], *LINES[:6]))])
@example([Step(tuple(LINES[:6])), Step((LINES[1], *LINES[:6]))])
@example([Step(SUMS), Step((*SUMS, LINES[4]))])
@example([Step((LINES[22], LINES[0])), Step((LINES[22], LINES[0], LINES[1]))])  # a list
@example([Step((*LINES[:2], *LINES[25:28])), Step((*LINES[:1], *LINES[25:28]))])
@example([Step((LINES[2], LINES[22], LINES[0])), Step((LINES[22], LINES[0]))])  # a list with what another line has
@example([Step((LINES[13], LINES[0])), Step((LINES[13], LINES[14], LINES[0]))])  # an id whose record has another key
@example([Step((LINES[15], LINES[0])), Step((LINES[15], LINES[13], LINES[0]))])  # the key of a known record
@example([Step((LINES[10], LINES[0])), Step((LINES[10], LINES[0], LINES[1]))])  # a remark
@example([Step((LINES[12], LINES[0])), Step((LINES[12], LINES[0], LINES[1]))])  # protected
@example([Step(tuple(LINES[:6])), Step(tuple(LINES[:6]), version="two")])
@example([Step(tuple(LINES[8:14]), DAYS[3]), Step(tuple(LINES[8:14]))])  # a day on which it is not born yet
@example([Step((LINES[0], LINES[17], LINES[18])), Step((LINES[18], LINES[19], LINES[0]))])
def test_a_load_that_reads_only_new_lines_is_as_one_that_reads_all(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stores = [Path(folder, name, "graph.sqlite") for name in ("cached", "read")]
        for number, step in enumerate(steps):
            cached, read = (take(step, store, cached=store is stores[0], name=f"{number}.ftm.json") for store in stores)
            assert cached == read
        if stores[0].exists():
            assert verify(Workspace(stores[0])).is_clean
