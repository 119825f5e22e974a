"""Suggestions that two may be one, kept beside the ledger: nothing of the graph is made from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import blake2b
from typing import Any

import orjson

from kg.database import read_json
from kg.database.scopes import scope
from kg.findings.matches import Band, Evidence, Match, Suggestion, pair_id, rank
from kg.findings.posterior import weighed
from kg.ledger.judgement_pairs import DISTINCT
from kg.ledger.judgement_status import decided_pairs, names_of_node

WRITTEN_BANDS: tuple[Band, ...] = ("strong", "review")
"""The bands of which suggestions are kept."""

Key = tuple[int, str, int, str]
"""Namespace and key of each of two names."""

_KEY = ("one_ns", "one_key", "other_ns", "other_key")
_STORED = """SELECT one_ns, one_key, other_ns, other_key, seen_first, a.node, b.node,
    a.node IS NULL OR b.node IS NULL OR a.node <> b.node FROM suggestion s
    LEFT JOIN atom a ON a.key = s.one_key AND a.ns = s.one_ns
    LEFT JOIN atom b ON b.key = s.other_key AND b.ns = s.other_ns"""
"""What is kept, with the nodes of both names, and whether these are two."""

_OF_TWO_NODES = """FROM suggestion s
    JOIN atom a ON a.key = s.one_key AND a.ns = s.one_ns JOIN atom b ON b.key = s.other_key AND b.ns = s.other_ns
    JOIN node x ON x.num = a.node JOIN node y ON y.num = b.node WHERE a.node <> b.node"""
_SELECT = f"""SELECT x.id, y.id, x.caption, y.caption, s.bits, s.probability, s.band, s.evidence, s.rules_version,
    s.seen_first, s.seen_last, s.ends {_OF_TWO_NODES}"""
_IS_KEPT, _OF_KEY = " AND s.evidence <> ''", "".join(f" AND s.{column} = ?" for column in _KEY)
_PAIRS = f"SELECT x.id, y.id {_OF_TWO_NODES}{_IS_KEPT}"
_OF_NODE = """ AND (s.{end}_key, s.{end}_ns) IN (
    SELECT atom.key, atom.ns FROM atom JOIN node ON node.num = atom.node WHERE node.id = ?)"""
_OUTDATED = """SELECT one_ns, one_key, other_ns, other_key, x.id, y.id FROM suggestion s
    LEFT JOIN atom a ON a.key = s.one_key AND a.ns = s.one_ns LEFT JOIN node x ON x.num = a.node
    LEFT JOIN atom b ON b.key = s.other_key AND b.ns = s.other_ns LEFT JOIN node y ON y.num = b.node
    WHERE s.evidence = '' AND s.band IN {bands} AND x.num IS NOT y.num AND (s.{end}_key, s.{end}_ns) IN (
        SELECT atom.key, atom.ns FROM atom JOIN node ON node.num = atom.node
        WHERE node.id IN (SELECT value FROM json_each(?)))"""
_TOLD = ("namesakes_expected", "missing", "warnings", "prior_bits", "capped")
_EVIDENCE = 7
"""The column of what is told; empty where it is outdated."""


def list_suggestions(connection: sqlite3.Connection, node: str = "", least: float = 0.0) -> list[Suggestion]:
    """The open suggestions of the connection's scope, the most probable first; of one node (a canonical id) if given.

    One is open while its two names are of two nodes about which no judgement stands, and which have the names that
    they had when it was made: joined to another, a node says more.
    """
    if node:
        queries = [_SELECT + _IS_KEPT + _OF_NODE.format(end=end) for end in ("one", "other")]
        rows = [row for query in queries for row in connection.execute(query, (node,))]
    else:
        rows = connection.execute(_SELECT + _IS_KEPT).fetchall()
    if not rows:
        return []
    shares = _Shares(connection)
    best: dict[tuple[str, str], Suggestion] = {}
    for row in rows:
        found = shares.read(row)
        if found is None or found.match.band not in WRITTEN_BANDS or found.match.probability < least:
            continue
        pair = found.match.one, found.match.other
        if pair not in best or _rank(best[pair]) > _rank(found):
            best[pair] = found
    return sorted(best.values(), key=_rank)


class _Shares:
    """Reads suggestions with their shares of the odds: rivals that are judged distinct or gone take none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._closed = decided_pairs(connection)
        self._distinct = decided_pairs(connection, (DISTINCT,)) if self._closed else set()

    def read(self, row: Sequence[Any]) -> Suggestion | None:
        """The suggestion of a row; None where it is closed, or it or a rival is empty."""
        alone = _decode(row[:-1])
        pair = alone.match.one, alone.match.other
        if frozenset(pair) in self._closed or row[-1] != _digest_of_ends(self._db, pair):
            return None
        keys = read_json(row[_EVIDENCE]).get("rivals", ())
        rows = [found for key in keys if (found := self._db.execute(_SELECT + _OF_KEY, key).fetchone())]
        if not all(found[_EVIDENCE] for found in rows):
            return None
        rivals = (_decode(found[:-1]).match for found in rows)
        others = [rival for rival in rivals if frozenset((rival.one, rival.other)) not in self._distinct]
        return replace(alone, match=weighed(alone.match, others)) if keys else alone


def find_suggestion(connection: sqlite3.Connection, link_id: str) -> Suggestion | None:
    """The open suggestion that has an id among links, as `suggestion_id` makes it; None if there is none.

    Only what names two nodes is read of the others.
    """
    for one, other in connection.execute(_PAIRS):
        if pair_id(one, other) == link_id:
            of_node = list_suggestions(connection, one)
            return next((found for found in of_node if {found.match.one, found.match.other} == {one, other}), None)
    return None


def outdated_pairs(connection: sqlite3.Connection, nodes: Collection[str]) -> list[frozenset[str | None]]:
    """The two nodes (ids; None for one that is gone) of each suggestion about any of some nodes that is told no longer.

    What it was made from has changed: it stands open again, or is dropped, once somebody looks for suggestions anew.
    """
    ids = orjson.dumps([*nodes]).decode()
    queries = [_OUTDATED.format(end=end, bands=WRITTEN_BANDS) for end in ("one", "other")]
    rows = {row for query in queries for row in connection.execute(query, (ids,))}
    closed = decided_pairs(connection) if rows else set()
    return [pair for pair in (frozenset(row[-2:]) for row in rows) if pair not in closed]


def replace_suggestions(
    connection: sqlite3.Connection, found: Iterable[Match], *, protected: bool, day: str, node: str = ""
) -> int:
    """Keep these matches in place of those that the scope kept before; of one node (a canonical id) alone if given.

    Those that a judgement closes stay as they are: they are open again when it is undone. Returns how many of
    `WRITTEN_BANDS` are new.
    """
    with scope(connection, protected=protected):
        before = {tuple(row[:4]): row[4:] for row in connection.execute(_STORED)}
        stale = {key for key, (*_, is_open) in before.items() if is_open} - _closed_keys(connection, before)
        if node:
            mine = {row[0] for row in connection.execute("SELECT num FROM node WHERE id = ?", (node,))}
            stale = {key for key in stale if mine & set(before[key][1:3])}
        matches = [*found]
        nodes = {node for match in matches for node in (match.one, match.other)}
        names = {node: _smallest_name(connection, node) for node in nodes}
        keys = {frozenset((m.one, m.other)): _key(names[m.one], names[m.other]) for m in matches}
        rows = [_row(connection, m, keys, in_order=names[m.one] <= names[m.other]) for m in matches]
    new = 0
    insert = f"INSERT OR REPLACE INTO main.suggestion VALUES ({', '.join('?' * 13)})"
    for match, (key, values) in zip(matches, rows, strict=True):
        stale.discard(key)
        new += key not in before and match.band in WRITTEN_BANDS
        first = before[key][0] if key in before else day
        connection.execute(insert, (*key, protected, *values[:-1], first, day, values[-1]))
    delete = f"DELETE FROM main.suggestion WHERE {' AND '.join(f'{c} = ?' for c in _KEY)} AND protected = ?"
    connection.executemany(delete, [(*key, protected) for key in sorted(stale)])
    return new


def _closed_keys(connection: sqlite3.Connection, before: Mapping[Key, Sequence[Any]]) -> set[Key]:
    closed = decided_pairs(connection)
    ids = dict(connection.execute("SELECT num, id FROM node")) if closed else {}
    return {key for key, row in before.items() if frozenset(ids.get(num, "") for num in row[1:3]) in closed}


_Name = tuple[tuple[str, str], int, str]
"""A name as it is sorted, and its namespace and key."""


def _key(*names: _Name) -> Key:
    one, other = sorted(names)
    return one[1:] + other[1:]


def _row(
    connection: sqlite3.Connection, shared: Match, keys: Mapping[frozenset[str], Key], *, in_order: bool
) -> tuple[Key, tuple[Any, ...]]:
    """What is kept of a match: its figures as if it had no rivals, which may be judged or go, the keys of these, and
    the band that it has with them.

    `in_order`: whether its names are in the order of the key.
    """
    match, key = weighed(shared), keys[frozenset((shared.one, shared.other))]
    sides = match.evidence if in_order else tuple(map(_turned, match.evidence))
    told = {"evidence": [asdict(e) for e in sides], **{name: getattr(match, name) for name in _TOLD}}
    pairs = (frozenset((rival.end, rival.id)) for rival in shared.rivals)
    told["rivals"] = [keys[pair] for pair in pairs if pair in keys]
    ends = _digest_of_ends(connection, (match.one, match.other))
    return key, (match.bits, match.probability, shared.band, orjson.dumps(told).decode(), match.rules_version, ends)


def _digest_of_ends(connection: sqlite3.Connection, nodes: tuple[str, str]) -> str:
    names = [[list(name) for name in names_of_node(connection, node)] for node in sorted(nodes)]
    return blake2b(orjson.dumps(names), digest_size=16).hexdigest()


def _turned(evidence: Evidence) -> Evidence:
    return replace(evidence, one_value=evidence.other_value, other_value=evidence.one_value)


def _smallest_name(connection: sqlite3.Connection, node: str) -> _Name:
    """The name of a node from which its id is made: what judgements are about too."""
    query = """SELECT n.name, atom.ns, atom.key FROM node JOIN atom ON atom.node = node.num
        JOIN namespace n ON n.num = atom.ns WHERE node.id = ? ORDER BY n.name, atom.key LIMIT 1"""
    space, num, key = connection.execute(query, (node,)).fetchone()
    return (space, key), num, key


def _decode(row: Sequence[Any]) -> Suggestion:
    one, other, one_caption, other_caption, bits, probability, band, text, version, first, last = row
    told = read_json(text)
    evidence = tuple(Evidence(**e) for e in told["evidence"])
    if one > other:
        one, other, one_caption, other_caption = other, one, other_caption, one_caption
        evidence = tuple(map(_turned, evidence))
    match = Match(
        *(one, other, one_caption, other_caption, probability, bits, band, evidence),
        namesakes_expected=told["namesakes_expected"],
        missing=tuple(told["missing"]),
        warnings=tuple(told["warnings"]),
        rules_version=version,
        prior_bits=told.get("prior_bits", 0.0),
        capped=told.get("capped", ""),
    )
    return Suggestion(match, first, last)


def _rank(suggestion: Suggestion) -> tuple[float, float, str, str]:
    return rank(suggestion.match)
