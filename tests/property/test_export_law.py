"""Does an export of records, loaded into an empty store, make the same graph whatever the ledger holds?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.records import Record
from tests.property.test_ledger_law import SNAPSHOTS, SOURCES
from tests.store_exports import canonical_records, export_store, exported_files, load_folder, store_digest
from tests.stores import load

LEDGERS = st.fixed_dictionaries(dict.fromkeys(sorted(SOURCES), SNAPSHOTS))


def _loaded(ledger: dict[str, list[Record]], path: Path) -> Path:
    for source, records in ledger.items():
        load(path, source, records, namespace=SOURCES[source])
    return path


@given(LEDGERS)
@settings(max_examples=20)
def test_exported_records_make_the_same_graph_again(ledger: dict[str, list[Record]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        store = _loaded(ledger, here / "one.sqlite")
        export_store(store, here / "out", "records", protected=True)
        again = load_folder(here / "out", _loaded({}, here / "other.sqlite"), store)
        if any(ledger.values()):
            assert canonical_records(again) == canonical_records(store)
            assert store_digest(again) == store_digest(store)


@given(LEDGERS)
@settings(max_examples=20)
def test_exported_followthemoney_says_nothing_new_and_the_same_again(ledger: dict[str, list[Record]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        store = _loaded(ledger, here / "one.sqlite")
        export_store(store, here / "out", "ftm")
        if not (files := exported_files(here / "out")) or not any(files.values()):
            return
        for empty in (name for name, data in files.items() if not data):
            (here / "out" / empty).unlink()
        again = load_folder(here / "out", here / "other.sqlite", store)
        new = {(f.source, f.type, f.ends) for f in canonical_records(again)} - {
            (f.source, f.type, f.ends) for f in canonical_records(store)
        }
        assert not new
        export_store(again, here / "second", "ftm")
        assert exported_files(here / "second") == {name: data for name, data in files.items() if data}
