"""What do records, nodes and links say, of which the tables that are called `stored_` keep each text once?"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from kg.records import LINK_SLOTS

SHARED_PARTS = ("credibility", "datasets", "handling", "origin", "reliability")
"""The parts of a provenance that many records of a source have in common: a provenance of these alone gets a number.
One with an address, a page or a day stays with its record."""


class ProvenanceTexts(NamedTuple):
    """A provenance of a source, as it stands in bodies."""

    said: str
    """At the end of the body of a record, without the brace that follows; empty for none."""
    before_key: str
    """At the end of the body of what one record states alone, followed by the record's key as JSON."""
    after_key: str


def provenance_texts(said: Mapping[str, Any], source: str, namespace: str) -> ProvenanceTexts:
    """The texts of a provenance, as `Provenance.to_json` has it, in the bodies of a source's records."""
    before = _json({name: value for name, value in said.items() if name < "key"})[:-1]
    named = {"source": source, "namespace": namespace, **said}
    after = _json({name: value for name, value in named.items() if name > "key"})[1:]
    before_key = f'"said":[{before}{"," if len(before) > 1 else ""}"key":'
    return ProvenanceTexts(f'"said":{_json(said)}' if said else "", before_key, f",{after}]}}")


def is_shared(said: Mapping[str, Any]) -> bool:
    """Whether a provenance gets a number."""
    return said.keys() <= set(SHARED_PARTS)


def number_provenance(connection: sqlite3.Connection, source: str, namespace: str, said: Mapping[str, Any]) -> int:
    """The number of a shared provenance of a source, which it gets when it is first met."""
    texts = provenance_texts(said, source, namespace)
    insert = "INSERT OR IGNORE INTO main.provenance (source, said, before_key, after_key) VALUES (?, ?, ?, ?)"
    connection.execute(insert, (source, *texts))
    query = "SELECT num FROM main.provenance WHERE source = ? AND said = ?"
    return int(connection.execute(query, (source, texts.said)).fetchone()[0])


def _json(data: Mapping[str, Any]) -> str:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()


_START, _END = '{"properties":{"', '"]}}'
"""How a body begins and ends that has properties alone. Where its provenance has a number, neither is kept."""

_VALUE, _NEXT = '":["', '"],"'
"""What stands before the values of a property, and after them; there a control character is kept, which no JSON has."""

FIRST_VALUE = f'["{chr(1)}]'
"""What stands before a value of a property where its text is kept, as GLOB has it."""

_STORED_BODY = f"""iif(row.said IS NOT NULL AND row.body GLOB '{_START}*{_END}'
    AND substr(row.body, {len(_START) + 1}) < '{{' AND NOT instr(row.body, '"not_understood":'),
    replace(replace(substr(row.body, {len(_START) + 1}, length(row.body) - {len(_START) + len(_END)}),
        '{_VALUE}', char(1)), '{_NEXT}', char(2)), row.body)"""

_CLAIMS = f"""iif(row.body < '{{', '{_START}' || replace(replace(row.body, char(1), '{_VALUE}'), char(2), '{_NEXT}')
    || '{_END[:-1]}', substr(row.body, 1, length(row.body) - 1))"""
"""The body of a record, up to the brace that ends it."""

_FROM_KEY = "iif(row.from_key = '', row.key, row.from_key)"
_PAIR = f"{_FROM_KEY} || '→' || row.to_key"
"""The part of a row's claims that says a link between two others, which is not kept."""

_PART = f"coalesce(row.part, {_PAIR})"

_RECORD_BODY = """coalesce((SELECT CLAIMS || iif(row.body = '{}' OR p.said = '', '', ',') || p.said || '}'
    FROM ledger.provenance p WHERE p.num = row.said), row.body)""".replace("CLAIMS", _CLAIMS)

_STATED = {
    **{part: f"r.body -> '$.said.{part}'" for part in (*SHARED_PARTS, "page", "stated", "url")},
    **{"key": "r.key", "namespace": "n.name", "source": "s.name"},
}
_BODY_ALONE = """coalesce(row.body, (SELECT CASE WHEN r.said IS NULL
        THEN (SELECT substr(r.body, 1, instr(r.body, '"said":{') - 1) || '"said":['
            || json_patch('{}', json_object(STATED)) || ']}'
            FROM ledger.source s JOIN ledger.namespace n ON n.num = s.namespace
            WHERE s.num = r.source AND json_valid(r.body))
        ELSE (SELECT CLAIMS || iif(r.body = '{}', '', ',') || p.before_key || json_quote(r.key) || p.after_key
            FROM ledger.provenance p WHERE p.num = r.said) END
        FROM ledger.stored_record r WHERE r.num = row.record), '')""".replace(
    "CLAIMS", _CLAIMS.replace("row.", "r.")
).replace("STATED", ", ".join(f"'{name}', {value}" for name, value in sorted(_STATED.items())))
"""The body of a node or link: its own, or what one record states alone. The patch leaves out what is NULL."""

_OF_RECORD = "(SELECT {} FROM ledger.stored_record r WHERE r.num = row.record)"
_NAMESPACE = _OF_RECORD.format("(SELECT s.namespace FROM ledger.source s WHERE s.num = r.source)")

_KIND = "(SELECT {} FROM ledger.record_kind k WHERE k.num = row.kind)"

_LINK_TYPE = "(SELECT t.name FROM graph.link_type t WHERE t.num = row.type)"

_VIEWS = {
    "record": f"""SELECT num, source, key, {_PART} AS part, {_KIND.format("k.type")} AS type,
    {_KIND.format("nullif(k.from_ns, 0)")} AS from_ns, {_FROM_KEY} AS from_key,
    {_KIND.format("nullif(k.to_ns, 0)")} AS to_ns, to_key,
    {_RECORD_BODY} AS body, digest, merges, since, until, protected, file, line,
    instr(row.body, '"not_understood":') AS has_unread FROM ledger.stored_record""",
    "node": f"""SELECT num, id, type, caption, {_BODY_ALONE} AS body, sought, protected, sought_protected,
    caption_protected, row.body AS merged_body FROM graph.stored_node""",
    "link": f"""SELECT num, id, {_LINK_TYPE} AS type, tail, head, {_NAMESPACE} AS ns,
    {_OF_RECORD.format("r.key")} AS key,
    {_OF_RECORD.format(_PART.replace("row.", "r."))} AS part, {_BODY_ALONE} AS body, protected, derived, share_low,
    share_high, first_day, last_day, reliability, interest, credibility, row.body AS merged_body,
    row.type AS type_number FROM graph.stored_link""",
}
"""`row` is the row of the table."""


def of_link_types(link: str, types: str) -> str:
    """SQL of the condition that a row of `link` is of some types, by which an index finds the links of a node."""
    return f"{link}.type_number IN (SELECT t.num FROM link_type t WHERE t.name IN ({types}))"


def of_link_id(link: str, named: str) -> str:
    """SQL of the condition that a row of `link` has an id, which is SQL too; its number finds it."""
    return f"{link}.num {in_link_slots(f'link_number({named})')} AND {link}.id = {named}"


def in_link_slots(first: str) -> str:
    """SQL of the condition that a number is one of a link whose first possible number is `first`, which is SQL too."""
    return f"BETWEEN {first} AND {first} + {LINK_SLOTS - 1}"


def create_views(connection: sqlite3.Connection) -> None:
    """Create the views of a store. They stay in its file: whoever changes one raises SCHEMA_VERSION."""
    for name in _VIEWS:
        connection.execute(f"CREATE VIEW {name} AS {_query(name)}")


def create_temporary_views(connection: sqlite3.Connection, ledger: str, graph: str) -> None:
    """Create those of a graph in one database whose ledger is in another; the names are those of schemas, with a dot.

    It lasts as long as the connection.
    """
    for name in ("node", "link"):
        connection.execute(f"CREATE TEMP VIEW {name} AS {_query(name, ledger, graph)}")


def record_body(row: str) -> str:
    """SQL of the whole body of a record that is a row of a table, by what the query calls it."""
    return _RECORD_BODY.replace("row.", f"{row}.").replace("ledger.", "main.")


def add_kinds(connection: sqlite3.Connection, rows: str) -> None:
    """Give numbers to the kinds of the records that are rows of a table."""
    connection.execute(
        f"""INSERT OR IGNORE INTO main.record_kind (type, from_ns, to_ns)
        SELECT DISTINCT type, ifnull(from_ns, 0), ifnull(to_ns, 0) FROM {rows}"""
    )


STORED_COLUMNS = "part, kind, from_key, to_key, body"
"""The columns of `stored_record` that have others than a record."""


def stored_columns(row: str) -> str:
    """SQL of `STORED_COLUMNS` of a record that is a row of a table, by what the query calls it."""
    kind = """(SELECT k.num FROM main.record_kind k WHERE k.type = row.type AND k.from_ns = ifnull(row.from_ns, 0)
        AND k.to_ns = ifnull(row.to_ns, 0))"""
    from_key = "iif(row.from_key = row.key, '', row.from_key)"
    return f"nullif(row.part, {_PAIR}), {kind}, {from_key}, row.to_key, {_STORED_BODY}".replace("row.", f"{row}.")


def _query(name: str, ledger: str = "", graph: str = "") -> str:
    return _VIEWS[name].replace("row.", f"stored_{name}.").replace("ledger.", ledger).replace("graph.", graph)


def move_records(connection: sqlite3.Connection) -> None:
    """Fill `stored_record` and `provenance` from the table or view `record` of an older format."""
    said = """instr(r.body, '"said":{')"""
    text = f"iif({said}, substr(r.body, {said} + 7, length(r.body) - {said} - 7), '{{}}')"
    found = connection.execute(
        f"""SELECT DISTINCT s.num, s.name, n.name, {text} FROM record r JOIN source s ON s.num = r.source
        JOIN namespace n ON n.num = s.namespace"""
    ).fetchall()
    connection.execute("CREATE TEMP TABLE numbered (of INTEGER, shown TEXT, said INTEGER)")
    for source, name, namespace, shown in found:
        with suppress(orjson.JSONDecodeError):  # a damaged one stays with its record
            if is_shared(parts := orjson.loads(shown)):
                number = number_provenance(connection, name, namespace, parts)
                connection.execute("INSERT INTO temp.numbered VALUES (?, ?, ?)", (source, shown, number))
    columns, more = (
        "num, source, key, digest, merges, since, until, protected, file, line",
        "part, type, from_ns, from_key, to_ns, to_key",
    )
    add_kinds(connection, "record")
    connection.execute(
        f"""INSERT INTO stored_record ({columns}, {STORED_COLUMNS}, said)
        SELECT {columns}, {stored_columns("r")}, r.said FROM (SELECT {columns}, {more}, n.said,
            iif(n.said IS NULL OR NOT {said}, r.body, rtrim(substr(r.body, 1, {said} - 1), ',') || '}}') AS body
        FROM record r LEFT JOIN temp.numbered n ON n.of = r.source AND n.shown = {text}) r ORDER BY r.num"""
    )
    connection.execute("DROP TABLE temp.numbered")
