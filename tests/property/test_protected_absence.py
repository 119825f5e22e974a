"""Is a store with protected facts, seen without their scope, the same as one that never had them?"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.cli.app import COMMANDS, app
from kg.records import node_id

KEYS = ("a", "b", "c", "d")
SOURCES = ("s1", "s2", "s3")
LEDGER = "00000000-0000-4000-8000-000000000000"
NAMES = {"a": "Ann", "b": "Bo", "c": "Cy Bo", "d": "Dee"}

Row = dict[str, Any]


@st.composite
def nodes(draw: st.DrawFn) -> Row:
    key, kind = draw(st.sampled_from(KEYS)), draw(st.sampled_from(["Person", "Person", "Enterprise", "Warrant"]))
    properties: Row = {"name": draw(st.sampled_from([*NAMES.values(), "安 安"]))} if kind != "Warrant" else {}
    if kind == "Warrant":
        properties = {"issuer": "Ann"} | draw(st.sampled_from([{}, {"ended_on": "2013"}, {"issued_on": "2010"}]))
    if kind == "Person":
        properties |= draw(st.sampled_from([{}, {"passport_number": "P-12345"}, {"birth_date": "1970"}]))
    row = {"key": key, "type": kind, "properties": properties, "part": draw(st.sampled_from(["", "x"]))}
    if draw(st.booleans()):
        row["other"] = {"note": "n"}
    return row | draw(st.sampled_from([{}, {}, {"referents": [draw(st.sampled_from(KEYS))]}])) | draw(HANDLING)


@st.composite
def links(draw: st.DrawFn) -> Row:
    kind = draw(st.sampled_from(["OWNS", "SOUGHT_UNDER", "FAMILY_OF", "HAS_STATUS_IN", "ACCUSED_OF", "ISSUED_BY"]))
    head: Any = ["jurisdiction", "CN"] if kind == "HAS_STATUS_IN" else draw(st.sampled_from((*KEYS, "nobody")))
    properties = {"OWNS": {"share": "51"}, "ACCUSED_OF": {"stage": "cleared", "said_by": "Ann"}}.get(kind, {})
    tail = draw(st.sampled_from(KEYS))
    row = {"key": f"{tail}-{kind}-{draw(st.integers(0, 1))}", "type": kind, "from": tail, "to": head}
    return row | {"properties": properties} | draw(HANDLING)


HANDLING = st.sampled_from([{}, {}, {"handling": "protected"}])
ROWS = st.lists(
    st.one_of(nodes(), nodes(), links()), max_size=7, unique_by=lambda row: (row["key"], row.get("part", ""))
)


@dataclass(frozen=True)
class Load:
    """The whole of what a source says."""

    source: str
    rows: list[Row]


@dataclass(frozen=True)
class Withdrawal:
    """What a source said is withdrawn, and erased if so wished."""

    source: str
    erased: bool


@dataclass(frozen=True)
class Judging:
    """Two keys are judged; in the protected scope if one of them is hidden."""

    kind: str
    keys: tuple[str, str]


@dataclass(frozen=True)
class Undoing:
    """The judgement with this number as everybody sees it is undone."""

    number: int


STEP = st.one_of(
    st.builds(Load, st.sampled_from(SOURCES), ROWS),
    st.builds(Load, st.sampled_from(SOURCES), ROWS),
    st.builds(Withdrawal, st.sampled_from(SOURCES), st.booleans()),
    st.builds(
        Judging, st.sampled_from(["same", "distinct", "unsure"]), st.permutations(KEYS).map(lambda k: (k[0], k[1]))
    ),
    st.builds(Undoing, st.integers(1, 2)),
)
OPEN_START = Load("s1", [{"key": "a", "type": "Person", "properties": {"name": "Ann"}}])


def is_protected(row: Row) -> bool:
    return row.get("handling") == "protected" or row["type"] == "HAS_STATUS_IN"


class Twin:
    """A store that is given what is protected, or never has it."""

    def __init__(self, folder: Path, *, given_protected: bool) -> None:
        self.folder, self.given_protected = folder, given_protected
        self.seen: set[str] = set()
        """The sources that everybody sees."""
        folder.mkdir()
        (folder / "in").mkdir()
        self.store = folder / "graph.sqlite"

    def kg(self, *words: object, scope: str = "") -> tuple[int, str, str]:
        env = {"KG_STORE": f"embedded:{self.store}", "KG_SCOPE": scope or None, "KG_CACHE": str(self.folder / "cache")}
        done = CliRunner().invoke(app, [str(word) for word in words], env=env)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        there = str(self.folder)
        return done.exit_code, done.stdout.replace(there, ""), done.stderr.replace(there, "")

    def take(self, step: Any) -> tuple[int, str, str] | None:
        """The step, and what everybody sees of it."""
        if isinstance(step, Load):
            return self._load(step)
        if isinstance(step, Withdrawal):
            return self.kg("withdraw", step.source, "--yes", *(["--erase"] if step.erased else []))
        if isinstance(step, Undoing):
            return self.kg("undo", step.number, "--by", "B. Analyst", "--why", "again")
        names = [f"test:{key}" for key in step.keys]
        by = ("--by", "A. Analyst", "--why", "compared")
        if self.given_protected:  # hidden names are judged too, by those who see them
            self.kg(step.kind, *names, *by, "--mixed", scope="protected") if self._names_hidden(names) else None
        return self.kg(step.kind, *names, *by, *(["--mixed"] if step.kind == "same" else []))

    def _names_hidden(self, names: Sequence[str]) -> bool:
        return any(self.kg("show", name)[0] == 3 for name in names)

    def _load(self, step: Load) -> tuple[int, str, str] | None:
        rows = step.rows
        if all(map(is_protected, rows)) and step.source in self.seen:  # a file without rows would be refused
            rows = [*rows, {"key": "z", "type": "Person"}]
        if not all(map(is_protected, rows)):
            self.seen.add(step.source)
        lines = [b"" if is_protected(r) and not self.given_protected else json.dumps(r).encode() for r in rows]
        if not any(lines):
            return None
        file = self.folder / "in" / f"{step.source}.records.jsonl"
        file.write_bytes(b"\n".join(lines) + b"\n")
        shown = self.kg("load", file, "--source", step.source, "--namespace", "test", "--replace", "--json")
        with closing(sqlite3.connect(self.store)) as connection:
            connection.execute("UPDATE meta SET value = ? WHERE name = 'ledger'", (LEDGER,))
            connection.commit()
        if all(map(is_protected, rows)):
            return None
        code, out, err = shown
        told = json.loads(out)
        hidden = sum(map(is_protected, rows)) if self.given_protected else 0  # who loads them has them
        assert (told.pop("left_out_records"), told.pop("left_out_rejects")) == (hidden, 0)
        return code, json.dumps(told), err


ANY = "test:a"
NEAR = ("Quentyn", "Bo Cy", "Doe")
"""Names that nothing has, and that may be written for those that are hidden or shown."""

SEARCHES = ("Ann", "Bo", "P-12345", "安", "Quentin", "Q-77777")
READING: dict[str, list[tuple[object, ...]]] = {
    "sources": [()],
    "loads": [(), *((name,) for name in SOURCES)],
    "history": [()],
    "rejects": [(name,) for name in SOURCES],
    "waiting": [(), *(("--source", name) for name in SOURCES)],
    "verify": [()],
    "search": [*((text,) for text in SEARCHES), *((text, "--fuzzy") for text in SEARCHES)],
    "why": [(ANY, f"test:{key}") for key in KEYS[1:]],
    "candidates": [(), (ANY,)],
    "show": [*((f"test:{key}",) for key in KEYS), *((node_id("test", key),) for key in KEYS), *((n,) for n in NEAR)],
    "clusters": [()],
    "path": [*((ANY, f"test:{key}") for key in KEYS[1:]), *((ANY, name) for name in NEAR)],
    "connect": [(ANY, "test:b", "test:c"), (ANY, "test:d", "--as-of", "2013-06-01"), (ANY, *NEAR)],
    "flow": [(f"test:{key}",) for key in KEYS],
    "owners": [(f"test:{key}",) for key in KEYS],
    "holdings": [(f"test:{key}",) for key in KEYS],
    "routes": [(f"test:{key}",) for key in KEYS],
    "gaps": [()],
    "portfolio": [()],
    "freeze-set": [(f"test:{key}",) for key in KEYS],
    "judgements": [(), (ANY,)],
    "same": [(ANY, f"test:{key}", "--dry-run", "--mixed") for key in KEYS[1:]],
    "distinct": [(ANY, "test:b", "--dry-run")],
    "unsure": [(ANY, "test:b", "--dry-run")],
    "review": [("--by", "A. Analyst", "--from", "0"), (ANY, "--by", "A. Analyst", "--from", "0")],
    "exhibits": [(), *((f"test:{key}",) for key in KEYS)],
}
"""What each reading command is asked, as text and as JSON."""

TAKEN_AS_STEPS = {"load", "withdraw", "same", "distinct", "unsure", "undo"}
TAKEN_ELSEWHERE = {"attach", "screen", "request", "dossier"}
"""A protected attachment, a protected entry of a register, and drafts and dossiers, which have nothing protected, have
tests of their own: `tests/unit/operations/ledger/test_attach.py`, `tests/unit/operations/matching/test_screening.py`,
`tests/unit/cli/commands/test_request.py`, `tests/unit/cli/commands/test_dossier.py`."""

TAKEN_BELOW = {"export", "report", "query", "backup", "restore"}
WITHOUT_A_STORE = {"compare-names", "law", "template", "view", "ref", "generate", "demo", "explore", "serve", "sync"}
"""Commands that print nothing of a store's facts here: `view` draws what others print, and `sync` needs a Neo4j."""

EXPORTS = (
    ("out.graphml",),
    ("out.gexf",),
    ("out-csv", "--format", "csv"),
    ("out-records", "--format", "records"),
    ("out-ftm", "--format", "ftm"),
)


def test_every_command_has_a_case() -> None:
    names = {name for name, (_, example) in COMMANDS.items() if example}
    assert names == READING.keys() | TAKEN_AS_STEPS | TAKEN_ELSEWHERE | TAKEN_BELOW | WITHOUT_A_STORE


def outputs(twin: Twin) -> Iterator[tuple[str, object]]:
    """Everything that the store answers without the scope."""
    for command, questions in READING.items():
        for words in questions:
            for more in ((), ("--json",)):
                yield f"{command} {words} {more}", twin.kg(command, *words, *more)
    for target, *options in EXPORTS:
        yield f"export {target}", twin.kg("export", twin.folder / target, *options)
    yield "report", twin.kg("report", "--out", twin.folder / "report", "--date", "2014-12-31", "--full")
    for folder in ("out-csv", "out-records", "out-ftm", "report"):
        for file in sorted((twin.folder / folder).rglob("*")):
            if file.is_file():
                yield (
                    f"{folder}/{file.relative_to(twin.folder)}",
                    file.read_bytes().replace(str(twin.folder).encode(), b""),
                )
    for name in ("out.graphml", "out.gexf"):
        if (graph := twin.folder / name).exists():
            yield name, graph.read_bytes()
    yield from copies(twin)


def copies(twin: Twin) -> Iterator[tuple[str, object]]:
    """What is told of a backup, and when it is restored. The file itself holds everything: its bytes differ."""
    file = twin.folder / "backup.sqlite"
    for words in (("backup", file), ("restore", file, "--yes")):
        code, out, _ = twin.kg(*words, "--json")
        told = json.loads(out)
        kept = {**told, **told.pop("backup", {})}
        yield words[0], (code, {name: kept[name] for name in ("version", "digest", "format")})


HIDDEN = {"handling": "protected"}
WARRANT = {"key": "w", "type": "Warrant", "properties": {"issuer": "Ann"}}
QUENTIN = {"name": "Quentin", "passport_number": "Q-77777"}
BO = {"key": "b", "type": "Person", "properties": {"name": "Bo"}}
HISTORY: tuple[Any, ...] = (
    OPEN_START,
    Load("s3", [{"key": "d", "type": "Person", "properties": {"name": "Dee"}, **HIDDEN}]),
    Load(
        "s2",
        [
            {"key": "a-OWNS-0", "type": "OWNS", "from": "a", "to": "d"},
            {"key": "b-SOUGHT", "type": "SOUGHT_UNDER", "from": "b", "to": "w"},
            {"key": "w", "part": "x", "type": "Warrant", "properties": {"ended_on": "2013"}, **HIDDEN},
            {"key": "a", "part": "y", "type": "Person", "properties": QUENTIN, **HIDDEN},
            {"key": "a-STATUS", "type": "HAS_STATUS_IN", "from": "a", "to": ["jurisdiction", "CN"]},
            WARRANT,
            BO,
        ],
    ),
    Judging("same", ("a", "d")),
    Judging("same", ("a", "b")),
    Undoing(1),
    Load("s2", [BO, {"key": "c", "type": "Person", "properties": {"name": "Cy"}, **HIDDEN}]),
    Withdrawal("s3", False),
)


def assert_twins_agree(steps: Sequence[Any]) -> None:
    """Both stores answer each step, and afterwards each question, with the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        full, never = (Twin(Path(name) / f"{n}", given_protected=given_it) for n, given_it in ((1, True), (2, False)))
        for step in steps:
            shown, expected = full.take(step), never.take(step)
            assert (step, shown) == (step, expected)
        for (question, answer), (_, expected_answer) in zip(outputs(full), outputs(never), strict=True):
            assert (question, answer) == (question, expected_answer)
        for text in SEARCHES:
            found, found_in_scope = (found_by(full, text, scope) for scope in ("", "protected"))
            assert found <= found_in_scope
        for caption in names_in_scope(full):
            assert caption in {node["caption"] for node in search(full, caption, "protected")}


def search(twin: Twin, text: str, scope: str) -> list[Row]:
    code, out, _ = twin.kg("search", text, "--json", scope=scope)
    return json.loads(out)["entities"] if code == 0 else []


def found_by(twin: Twin, text: str, scope: str) -> set[str]:
    return {node["id"] for node in search(twin, text, scope)}


def names_in_scope(twin: Twin) -> set[str]:
    """What nodes are called in the protected scope that are called nothing outside it."""
    with closing(sqlite3.connect(twin.store)) as connection:
        query = "SELECT caption_protected FROM node WHERE caption_protected IS NOT NULL"
        return {name for (name,) in connection.execute(query)}


@pytest.mark.parametrize("length", [3, len(HISTORY)])
def test_a_history_with_every_kind_of_protected_fact_leaves_no_trace(length: int) -> None:
    assert_twins_agree(HISTORY[:length])


@given(st.lists(STEP, min_size=2, max_size=6))
@settings(max_examples=4, deadline=None)
def test_what_a_scope_may_not_see_is_as_if_it_had_never_been(steps: list[Any]) -> None:
    assert_twins_agree((OPEN_START, *steps))
