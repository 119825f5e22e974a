"""Do lines of the native format become the records that they are?"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import Deletion, Provenance, Record, Ref
from kg.sources.records.read import KEYS
from tests import golden
from tests.sources.read_results import NAMESPACE, as_json_lines, read_files, records, rejects

HERE = Path(__file__).parent
SAMPLE = HERE / "sample.records.jsonl"


def test_the_sample_gives_the_records_and_rejects_it_gave_before() -> None:
    golden.check(HERE / "sample.expected.jsonl", as_json_lines(read_files(SAMPLE)))


def test_a_record_is_what_the_line_says() -> None:
    assert records(read_files(SAMPLE))["p-001", ""] == Record(
        key="p-001",
        type="Person",
        properties={"name": ["Bai Example", "白示例"], "birth_date": ["1958-11"]},
        other={"list_no": ["17"], "nickname": ["Lao Bai"]},
        referents=("old-1",),
        provenance=Provenance(
            "Invented gazette", "B", "3", "restricted", "2014-07-22", "https://example.org/list", ("list-a",)
        ),
        line=2,
    )


def test_an_end_is_a_key_of_the_own_namespace_or_says_another() -> None:
    made = records(read_files(SAMPLE))
    assert made["l-001", ""].ends == (Ref(NAMESPACE, "p-001"), Ref(NAMESPACE, "w-001"))
    assert made["l-002", ""].ends == (Ref(NAMESPACE, "p-001"), Ref("jurisdiction", "KN"))
    assert made["l-003", ""].ends == (Ref(NAMESPACE, "w-001"), Ref("reference", "cn-mps"))


def test_the_declaration_is_no_record_and_counts_only_in_the_first_line() -> None:
    made = read_files(SAMPLE)
    assert min(r.line for r in made if not isinstance(r, Deletion)) == 2
    assert [r.line for r in rejects(made) if r.reason.startswith("key source: expected one of key, part")] == [28]


def test_a_handling_code_that_nobody_knows_loads_nothing() -> None:
    (reject,) = [r for r in rejects(read_files(SAMPLE)) if "secret" in r.row]
    assert (reject.whole, reject.reason) == (
        True,
        "key handling, value 'secret': expected one of open, restricted, protected",
    )


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\n\n  \n"])
def test_how_the_last_line_ends_means_nothing(tmp_path: Path, ending: bytes) -> None:
    file = tmp_path / "a.records.jsonl"
    file.write_bytes(b'{"key": "p", "type": "Person"}' + ending)
    assert read_files(file) == [Record("p", "Person", {}, line=1)]


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
_LINE = st.fixed_dictionaries(
    {"key": st.just("k") | _JSON, "type": st.sampled_from(["Person", "OWNS", "Entity", ""])},
    optional={name: _JSON for name in KEYS if name not in {"key", "type"}},
)


@given(_LINE.map(lambda line: json.dumps(line).encode()) | st.binary())
def test_any_line_becomes_one_record_or_rejects(line: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.records.jsonl"
        file.write_bytes(b"{}\n" + line)
        made = read_files(file)
    assert as_json_lines(made)
    assert len(records(made)) <= 1
