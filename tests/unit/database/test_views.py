"""Does what one record states alone read as if its node or link had been written out?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from kg.database import connect
from kg.database.views import SHARED_PARTS
from kg.ledger.digests import changed_records
from kg.ledger.rules.merge import canonical_json
from kg.records import Provenance, Record, Ref
from tests.stores import load, node

FIELDS: dict[str, Any] = {
    "origin": 'A register, "said":{',
    "reliability": "A",
    "credibility": "2",
    "handling": "restricted",
    "stated": "2014-06",
    "url": "https://register.example/?a=1&b=2",
    "datasets": ("one", "two"),
    "page": "12",
}
PROVENANCES = [
    Provenance(**{name: FIELDS[name] for name in names})
    for names in chain.from_iterable(combinations(FIELDS, count) for count in range(len(FIELDS) + 1))
]
"""One for each choice of what a provenance may have."""

ODD = 'q"\\\t\x01\x7f安→'


def _body(record: Record) -> str:
    """What the graph has of a node or link that this record alone states."""
    properties = {name: list(values) for name, values in record.properties.items()}
    said = {"source": "s", "namespace": "test", "key": record.key, **record.provenance.to_json()}
    return canonical_json({**({"properties": properties} if properties else {}), "said": [said]})


def test_what_one_record_states_alone_is_read_with_any_provenance_and_key(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    assert FIELDS.keys() == {field.name for field in fields(Provenance)}
    nodes = [node(f"{ODD}{i}", name=f'"said":{{{i}', provenance=said) for i, said in enumerate(PROVENANCES)]
    ends = Ref("test", f"{ODD}0"), Ref("test", f"{ODD}1")
    links = [Record(f"{i}{ODD}", "OWNS", {}, ends=ends, provenance=said) for i, said in enumerate(PROVENANCES)]
    load(path, "s", [*nodes, *links])
    with closing(connect(path)) as connection:
        for table, records in (("node", nodes), ("link", links)):
            counts = connection.execute(f"SELECT count(*), count(record), count(body) FROM stored_{table}").fetchone()
            assert counts == (len(PROVENANCES), len(PROVENANCES), 0)
            assert {text for (text,) in connection.execute(f"SELECT body FROM {table}")} == set(map(_body, records))
        assert list(changed_records(connection)) == []
        (numbered,) = connection.execute("SELECT count(*) FROM provenance").fetchone()
    assert numbered == 2 ** len(SHARED_PARTS)
