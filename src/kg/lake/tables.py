"""The columns of a lake's tables."""

from __future__ import annotations

import pyarrow as pa

KIND = "kind"
"""The column by which the table of events is partitioned."""

KINDS = RECORD, REMARK, LOAD, SOURCE, JUDGEMENT, STATUS = "record", "remark", "load", "source", "judgement", "status"
"""What an event is about. `key` is the record's key, the number of the load or judgement, the name of the source, or of
what is said of the ledger itself; for all but records, `body` is JSON.

A remark on a record is an event of its source's load, which has all that are in force after it: they go with the next
one."""

EVENT_FIELDS = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("namespace", pa.string()),
        pa.field("key", pa.string()),
        pa.field("part", pa.string()),
        pa.field("load", pa.int64()),
        pa.field("came", pa.bool_()),
        pa.field("type", pa.string()),
        pa.field("from_ns", pa.string()),
        pa.field("from_key", pa.string()),
        pa.field("to_ns", pa.string()),
        pa.field("to_key", pa.string()),
        pa.field("body", pa.string()),
        pa.field("digest", pa.binary()),
        pa.field("merges", pa.bool_()),
        pa.field("protected", pa.bool_()),
        pa.field("file", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("moment", pa.int64()),
    ]
)
"""An event: something came with a load, or went. Nothing is ever updated: what is in force at a load is the last event
up to it of each (kind, source, key, part), if it came. Of events of one load, that of the higher moment is the last."""

EVENTS = EVENT_FIELDS.insert(0, pa.field(KIND, pa.string()))
"""The whole table, with the column that only the names of its folders have."""

_TEXT, _FLAG, _NUMBER = pa.string(), pa.bool_(), pa.int64()

EDGE = pa.schema({"namespace": _TEXT, "key": _TEXT, "other_ns": _TEXT, "other_key": _TEXT, "protected": _FLAG})
"""Two names of one record, or a name of one record twice; `protected` is whether the record is."""

LEADER = pa.schema({"namespace": _TEXT, "key": _TEXT, "leader_ns": _TEXT, "leader_key": _TEXT, "id": _TEXT})
"""The smallest name of the group that a name is merged into, and the id of its node."""

NODE, NAME, IDENTIFIER, WORDS, HIDDEN = "node", "name", "identifier", "words", "hidden"
PROTECTED_IDENTIFIER, PROTECTED_WORDS = "protected_identifier", "protected_words"
MADE = pa.schema(
    {
        "kind": _TEXT,
        "id": _TEXT,
        "protected": _FLAG,
        "type": _TEXT,
        "caption": _TEXT,
        "caption_protected": _TEXT,
        "body": _TEXT,
        "namespace": _TEXT,
        "key": _TEXT,
        "value": _TEXT,
        "property": _TEXT,
        "identifies": _FLAG,
        "sources": _TEXT,
    }
)
"""What is made of the records of a node: the node itself, its names, identifiers, search words (in `value`), the
comparable values that only protected records state, and (HIDDEN) by which property they state those that identify."""

LINK, WAITING = "link", "waiting"
FACTS = {
    "share_low": pa.float64(),
    "share_high": pa.float64(),
    "first_day": _NUMBER,
    "last_day": _NUMBER,
    "reliability": _NUMBER,
    "interest": _NUMBER,
    "credibility": _NUMBER,
}
LINKED = pa.schema(
    {
        "kind": _TEXT,
        "id": _TEXT,
        "type": _TEXT,
        "tail": _TEXT,
        "head": _TEXT,
        "namespace": _TEXT,
        "key": _TEXT,
        "part": _TEXT,
        "body": _TEXT,
        "protected": _FLAG,
        "derived": _TEXT,
        **FACTS,
        "end_ns": _TEXT,
        "end_key": _TEXT,
        "scopes": _NUMBER,
    }
)
"""What is made of the records of a link: the link, or what it waits for."""

SOUGHT = pa.schema({"id": _TEXT, "sought": _TEXT, "sought_protected": _TEXT})
"""The links to papers in force of a person, as JSON, for everybody and in the protected scope."""

SUMS = pa.schema({"table": _TEXT, "scope": _TEXT, "lines": _NUMBER, "total": _TEXT})
"""How many lines of a part of the graph a scope sees, and their sum in hex digits."""

DIGESTS = pa.schema({"source": _TEXT, "records": _NUMBER, "digest": _TEXT, "open_digest": _TEXT, "changed": _NUMBER})
"""Of a part of a source's records in force: how many, their digests, and how many are not what their digest says."""

GRAPH_TABLES = {
    "node": "id, type, caption, body, protected, caption_protected, sought, sought_protected",
    "link": f"id, type, tail, head, namespace, key, part, body, protected, derived, {', '.join(FACTS)}",
    "name": "id, protected, namespace, key",
    "waiting": "namespace, key, part, end_ns, end_key, scopes",
    "identifier": "id, protected, value, property, identifies, sources",
    "protected_identifier": "id, protected, value",
    "words": "id, protected, value",
    "protected_words": "id, protected, value",
    "hidden": "id, protected, value, property, sources",
}
"""The tables of a projected graph with their columns. A name of a node that is not its smallest leads to it from the id
that it would have alone; `hidden` has by which properties protected records alone state an identifying value."""
