"""Does an export, loaded into an empty store, say what it was made from?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kg.exports.summary import LINK_DETAILS
from kg.ontology import load_ontology
from kg.ontology.derive.ftm import schema_for
from kg.operations import ExportResult, FileLoadRequest, load
from tests.store_exports import (
    CanonicalRecord,
    canonical_records,
    export_store,
    exported_files,
    load_folder,
    store_digest,
    workspace_of,
)

SAMPLE = Path(__file__).resolve().parents[2] / "sources" / "ftm" / "sample.ftm.json"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    return Path(shutil.copy(demo_store, tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("sample") / "sample.sqlite"
    load(workspace_of(store), FileLoadRequest((SAMPLE,), source="sample", namespace="elsewhere"))
    return store


@pytest.fixture(scope="module", params=["demo", "sample"])
def store(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


@dataclass(frozen=True)
class RoundTrip:
    """What was exported as FollowTheMoney of every source, and the store that it was loaded into."""

    done: ExportResult
    folder: Path
    again: Path


@pytest.fixture(scope="module")
def trip(store: Path, tmp_path_factory: pytest.TempPathFactory) -> RoundTrip:
    folder = tmp_path_factory.mktemp("trip")
    done = export_store(store, folder / "out", "ftm")
    return RoundTrip(done, folder / "out", load_folder(folder / "out", folder / "again.sqlite", store))


@pytest.fixture(scope="module")
def records(store: Path) -> set[CanonicalRecord]:
    return canonical_records(store)


def test_records_of_every_source_make_the_same_graph_again(
    store: Path, records: set[CanonicalRecord], tmp_path: Path
) -> None:
    done = export_store(store, tmp_path / "out", "records", protected=True)
    again = load_folder(tmp_path / "out", tmp_path / "again.sqlite", store)
    assert store_digest(again) == store_digest(store) == done.digest
    assert canonical_records(again) == records
    export_store(again, tmp_path / "second", "records", protected=True)
    assert exported_files(tmp_path / "second") == exported_files(tmp_path / "out")


def test_followthemoney_of_every_source_says_again_what_it_can_say(
    records: set[CanonicalRecord], trip: RoundTrip
) -> None:
    was, found = records, canonical_records(trip.again)
    beside = set(_said_as_properties())
    assert {f for f in found if f.type not in beside} <= was
    assert {_bare(f) for f in found if f.type in beside} <= {_bare(f) for f in was}
    assert {f for f in was if not f.ends and schema_for(load_ontology(), f.type)} == {f for f in found if not f.ends}


def test_whatever_followthemoney_does_not_say_is_counted(records: set[CanonicalRecord], trip: RoundTrip) -> None:
    tally = trip.done.tally
    was = Counter(f.type for f in records if '"protected"' not in f.rest and f.type != "HAS_STATUS_IN")
    lost: Counter[str] = Counter()
    for (what, why), count in tally.lost.items():
        if why != LINK_DETAILS:
            lost[what] += count
    assert Counter(tally.nodes) + Counter(tally.links) + lost == was


def test_a_second_export_of_followthemoney_has_the_same_bytes(trip: RoundTrip, tmp_path: Path) -> None:
    export_store(trip.again, tmp_path / "second", "ftm")
    assert exported_files(tmp_path / "second") == exported_files(trip.folder)


def test_the_merged_graph_as_one_file_of_followthemoney_makes_the_same_nodes_and_links(
    store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "all.ftm.jsonl.gz"
    done = export_store(store, file)
    again = tmp_path / "again.sqlite"
    result = load(workspace_of(again), FileLoadRequest((file,), source="all"))
    assert (result.rejected, result.set_aside) == (0, 0)
    assert Counter(f.type for f in canonical_records(again)) == Counter(done.tally.nodes) + Counter(done.tally.links)
    second = tmp_path / "second.ftm.jsonl.gz"
    export_store(store, second)
    assert second.read_bytes() == file.read_bytes()


def _said_as_properties() -> Iterator[str]:
    """The link types that FollowTheMoney has no edge for."""
    for link in load_ontology().links.values():
        if link.ftm and not any(form.edge for form in link.ftm):
            yield link.name


def _bare(fact: CanonicalRecord) -> CanonicalRecord:
    """Who says which link between which two, without its own key and details."""
    return replace(fact, key="", part="", properties="", other="", rest="")
