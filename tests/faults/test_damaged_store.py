"""Is a damaged store told as damaged, and is what can be made anew made anew?"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kg import operations
from kg.analysis.ownership.effective import OwnershipQuestion
from kg.database import checkpoint
from kg.errors import StoreDamaged, StoreError
from kg.ports import LinkQuery, Store
from kg.records import Provenance, node_id
from tests.faults.harness import error_output, run_kg, state
from tests.stores import link, load, node, store_fixture

PASSPORT = "P7654321"


@store_fixture
def path(path: Path) -> None:
    people = [node(f"p{i}", name=f"Ann Example {i}") for i in range(30)]
    papers = node("paper", "IdentityDocument", number=PASSPORT)
    load(path, "s", [*people, papers, *(link(f"p{i} ASSOCIATED_WITH p{i + 1}") for i in range(29))])
    checkpoint(path)


def damage_index(path: Path, index: str, value: str) -> None:
    """Flip one bit of a value in an index of the store, and in none of its tables."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    at = content.index(value.encode(), (root - 1) * size, root * size)
    content[at + 2] ^= 1
    path.write_bytes(content)


def write_digest(file: Path) -> None:
    """Write the SHA-256 of a backup beside it, as if it had always been so."""
    text = f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
    file.with_name(f"{file.name}.sha256").write_text(text)


def test_a_damaged_index_is_told_and_can_be_repaired(path: Path) -> None:
    before = state(path)
    assert PASSPORT in run_kg(path, "search", PASSPORT).stdout
    damage_index(path, "identifier_value", PASSPORT)
    verified = run_kg(path, "verify")
    assert verified.returncode == 1
    assert "index identifier_value" in verified.stdout and "kg verify --repair" in verified.stdout
    found = json.loads(run_kg(path, "verify", "--json").stdout)
    assert (found["clean"], found["digest"], found["damaged"]) == (False, None, ["index identifier_value"])
    assert run_kg(path, "verify", "--repair").returncode == 0
    assert PASSPORT in run_kg(path, "search", PASSPORT).stdout
    assert state(path) == before


def test_a_search_that_finds_nothing_in_a_damaged_index_does_not_say_that_there_is_nothing(path: Path) -> None:
    damage_index(path, "identifier_value", PASSPORT)
    for words in (("search", PASSPORT), ("search", PASSPORT, "--json"), ("show", PASSPORT)):
        assert "index identifier_value" in error_output(run_kg(path, *words), 4)
    assert "no entity is named" in run_kg(path, "search", "X1234567").stdout


def flip(path: Path, table: str, text: str) -> None:
    """Flip one bit of a text in a row of a table, and nowhere else."""
    changed = chr(ord(text[-1]) ^ 1)
    with closing(sqlite3.connect(path)) as connection:
        change = f"UPDATE {table} SET body = replace(body, ?, ?) WHERE instr(body, ?)"
        assert connection.execute(change, (text, text[:-1] + changed, text)).rowcount
        connection.commit()


def _flip_key(path: Path) -> None:
    flip(path, "stored_record", "name")


def _flip_earlier_record(path: Path) -> None:
    load(path, "s", [node("p1", name="Ann Example")])
    flip(path, "stored_record", "Example 7")


def _change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def _lose_record(path: Path) -> None:
    _change(path, "DELETE FROM stored_record WHERE key = 'p7'")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: damage_index(path, "identifier_value", PASSPORT), "index identifier_value"),
        (lambda path: flip(path, "stored_record", "Example 7"), "records of s"),
        (_flip_key, "records of s"),
        (_flip_earlier_record, "records of s"),
        (_lose_record, "records of s"),
    ],
    ids=["index", "value", "key", "history", "lost"],
)
def test_a_damaged_store_is_neither_backed_up_nor_erased(
    path: Path, tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    place, copy = operations.Workspace(path), tmp_path / "copy.sqlite"
    damage(path)
    before = _dump(path)
    for use in (lambda: operations.back_up(place, copy), lambda: operations.erase(place, "s")):
        with pytest.raises(StoreDamaged, match="kg verify") as error:
            use()
        assert told in str(error.value)
    assert _dump(path) == before
    assert not list(tmp_path.glob("*copy*"))


def test_a_backup_of_a_damaged_ledger_is_neither_whole_nor_restored(path: Path, tmp_path: Path) -> None:
    place, copy = operations.Workspace(path), tmp_path / "copy.sqlite"
    operations.back_up(place, copy)
    flip(copy, "stored_record", "Example 7")
    write_digest(copy)
    before = _dump(path)
    for use in (lambda: operations.check_backup(copy, place.progress), lambda: operations.restore(place, copy)):
        with pytest.raises(StoreDamaged, match="records of s"):
            use()
    assert _dump(path) == before


def test_damage_in_the_graph_alone_is_not_restored(path: Path, tmp_path: Path) -> None:
    place, copy = operations.Workspace(path), tmp_path / "copy.sqlite"
    before = _dump(path)
    _change(path, "UPDATE stored_node SET caption = 'Ann Exbmple 7' WHERE caption = 'Ann Example 7'")
    operations.back_up(place, copy)
    assert operations.restore(place, copy).digest == operations.verify(place).digest
    assert _dump(path) == before


def test_a_graph_that_cannot_be_read_is_not_backed_up(path: Path, tmp_path: Path) -> None:
    _change(path, "UPDATE stored_node SET record = NULL")
    with pytest.raises(StoreDamaged, match="no JSON object"):
        operations.back_up(operations.Workspace(path), tmp_path / "copy.sqlite")


def test_one_flipped_bit_anywhere_is_told_or_changes_nothing(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    place = operations.Workspace(tmp_path / "flipped.sqlite")
    expected, told = _dump(path), 0
    choose = random.Random(14)
    for _ in range(25):
        content = bytearray(whole)
        position = choose.randrange(4096, len(content))
        content[position] ^= 1 << choose.randrange(8)
        for end in ("-wal", "-shm"):
            Path(f"{place.path}{end}").unlink(missing_ok=True)
        place.path.write_bytes(content)
        try:
            found = operations.verify(place)
        except StoreError as error:
            assert isinstance(error, StoreDamaged), error  # what is no error has to be no change
            told += 1
            continue
        told += not found.is_clean
        assert not found.is_clean or _dump(place.path) == expected, position
    assert told > 2


def _dump(path: Path) -> list[object]:
    """What the tables hold that `verify` compares; words that people wrote beside it are in no digest."""
    with closing(sqlite3.connect(path)) as connection:
        tables = ("record", "node", "link", "atom", "redirect", "identifier", "waiting")
        rows = {table: connection.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall() for table in tables}
    return [sorted(map(repr, found)) for found in rows.values()]


def test_a_flipped_letter_in_a_record_is_told_as_damage_of_the_ledger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE stored_record SET body = replace(body, 'Example 7', 'Exbmple 7')")
        connection.commit()
    verified = run_kg(path, "verify")
    assert verified.returncode == 1
    assert "records of s" in verified.stdout and "kg restore" in verified.stdout


NOT_OURS = {
    "no JSON": "body = replace(body, '{', 'x')",
    "no object": "body = '[]'",
    "nobody said it": "body = replace(body, 'said', 'saie')",
    "no source": "body = replace(body, 'source', 'sourbe')",
    "no number": "body = replace(body, '60', '6x')",
    "no type": "type = replace(replace(type, 'Person', 'Persoo'), 'OWNS', 'OWNR')",
}
"""What a flipped bit may make of a row."""

ANN = node_id("test", "ann")


def _export(kind: str) -> Callable[[operations.Workspace], object]:
    return lambda place: operations.export(place, operations.ExportRequest(str(place.path.with_name("out")), kind))


def _ask(question: Callable[[Store], object]) -> Callable[[operations.Workspace], object]:
    def ask(place: operations.Workspace) -> object:
        with operations.open_sqlite_store(place) as store:
            return question(store)

    return ask


USES: dict[str, Callable[[operations.Workspace], object]] = {
    "search": _ask(lambda store: store.search("Ann")),
    "show": _ask(lambda store: store.nodes([ANN])),
    "links": _ask(lambda store: store.links(LinkQuery(ANN))),
    "claims": _ask(lambda store: store.claims([ANN])),
    "owners": _ask(lambda store: operations.find_owners(store, OwnershipQuestion("test:acme"))),
    "records": _export("records"),
    "ftm": _export("ftm"),
    "csv": _export("csv"),
    "neo4j-admin": lambda place: operations.export_bulk(place, str(place.path.with_name("out"))),
}


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("owned") / "graph.sqlite"
    entities = node("ann", name="Ann Example"), node("acme", "Enterprise", name="Acme Example")
    page = Provenance(url="https://register.example/60", origin="An invented register")
    holdings = link("ann OWNS acme", share="60"), link("ann DIRECTS acme", provenance=page)
    load(path, "s", [*entities, *holdings, node("nobody", provenance=Provenance(origin="An invented register"))])
    return path


@pytest.mark.parametrize(
    ("table", "change"),
    [
        *((f"stored_{name}", change) for name in ("node", "link") for change in NOT_OURS.values()),
        *(("stored_record", change) for what, change in NOT_OURS.items() if what != "no type"),
        ("record_kind", NOT_OURS["no type"]),
        ("stored_record", "kind = kind + 1000"),
        *((f"stored_{name}", "record = record + 1000") for name in ("node", "link")),
        ("stored_record", "said = said + 1000"),
        ("provenance", "said = replace(said, 'origin', 'origim')"),
        ("provenance", "before_key = ''"),
    ],
)
def test_whatever_a_row_has_become_is_told_as_damage_or_changes_nothing(
    owned: Path, tmp_path: Path, table: str, change: str
) -> None:
    place = operations.Workspace(tmp_path / "graph.sqlite")
    place.path.write_bytes(owned.read_bytes())
    with closing(sqlite3.connect(place.path)) as connection:
        connection.execute(f"UPDATE {table} SET {change}")
        connection.commit()
    told = 0
    for use in USES.values():
        try:
            use(place)
        except StoreDamaged:
            told += 1
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
    assert told or not operations.verify(place).is_clean or _dump(place.path) == _dump(owned)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_an_export_of_a_store_that_is_cut_short_says_so(owned: Path, tmp_path: Path, share: float) -> None:
    path = tmp_path / "graph.sqlite"
    content = owned.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    for kind in ("records", "ftm", "csv", "neo4j-admin"):
        with pytest.raises(StoreError):
            USES[kind](operations.Workspace(path))
    assert not (tmp_path / "out").exists()


def test_a_wrong_redirect_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO redirect VALUES ('a-former-id', 999999)")
        connection.commit()
    verified = run_kg(path, "verify")
    assert verified.returncode == 1
    assert "redirect" in verified.stdout and "--repair" in verified.stdout
    assert run_kg(path, "verify", "--repair").returncode == 0


def test_a_search_index_that_lacks_a_word_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        change = "UPDATE name_data SET block = replace(block, 'exampl', 'exbmpl') WHERE instr(block, 'exampl')"
        assert connection.execute(change).rowcount
        connection.commit()
    verified = run_kg(path, "verify")
    assert verified.returncode == 1
    assert "search " in verified.stdout
