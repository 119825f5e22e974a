"""Suggestions that two may be one, kept beside the ledger: nothing of the graph is made from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import blake2b
from typing import Any

import orjson

from kg.database import read_json
from kg.database.scopes import scope
from kg.findings.matches import Band, Evidence, Match, Suggestion, pair_id, rank
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

_SELECT = """SELECT x.id, y.id, x.caption, y.caption, s.bits, s.probability, s.band, s.evidence, s.rules_version,
    s.seen_first, s.seen_last, s.ends FROM suggestion s
    JOIN atom a ON a.key = s.one_key AND a.ns = s.one_ns JOIN atom b ON b.key = s.other_key AND b.ns = s.other_ns
    JOIN node x ON x.num = a.node JOIN node y ON y.num = b.node WHERE a.node <> b.node AND s.evidence <> ''"""
_PAIRS = """SELECT x.id, y.id FROM suggestion s
    JOIN atom a ON a.key = s.one_key AND a.ns = s.one_ns JOIN atom b ON b.key = s.other_key AND b.ns = s.other_ns
    JOIN node x ON x.num = a.node JOIN node y ON y.num = b.node WHERE a.node <> b.node AND s.evidence <> ''"""
_OF_NODE = """ AND (s.{end}_key, s.{end}_ns) IN (
    SELECT atom.key, atom.ns FROM atom JOIN node ON node.num = atom.node WHERE node.id = ?)"""
_TOLD = ("namesakes_expected", "missing", "warnings")


def list_suggestions(connection: sqlite3.Connection, node: str = "", least: float = 0.0) -> list[Suggestion]:
    """The open suggestions of the connection's scope, the most probable first; of one node (a canonical id) if given.

    One is open while its two names are of two nodes about which no judgement stands, and which have the names that
    they had when it was made: joined to another, a node says more.
    """
    if node:
        queries = [_SELECT + _OF_NODE.format(end=end) for end in ("one", "other")]
        rows = [row for query in queries for row in connection.execute(query, (node,))]
    else:
        rows = connection.execute(_SELECT).fetchall()
    if not rows:
        return []
    closed = decided_pairs(connection)
    best: dict[tuple[str, str], Suggestion] = {}
    for row in rows:
        found = _decode(row[:-1])
        pair = found.match.one, found.match.other
        if frozenset(pair) in closed or found.match.probability < least or row[-1] != _digest_of_ends(connection, pair):
            continue
        if pair not in best or _rank(best[pair]) > _rank(found):
            best[pair] = found
    return sorted(best.values(), key=_rank)


def find_suggestion(connection: sqlite3.Connection, link_id: str) -> Suggestion | None:
    """The open suggestion that has an id among links, as `suggestion_id` makes it; None if there is none.

    Only what names two nodes is read of the others.
    """
    for one, other in connection.execute(_PAIRS):
        if pair_id(one, other) == link_id:
            of_node = list_suggestions(connection, one)
            return next((found for found in of_node if {found.match.one, found.match.other} == {one, other}), None)
    return None


def replace_suggestions(
    connection: sqlite3.Connection, found: Iterable[Match], *, protected: bool, day: str, node: str = ""
) -> int:
    """Keep these matches in place of those that the scope kept before; of one node (a canonical id) alone if given.

    Those that a judgement closes stay as they are: they are open again when it is undone. Returns how many are new.
    """
    with scope(connection, protected=protected):
        before = {tuple(row[:4]): row[4:] for row in connection.execute(_STORED)}
        stale = {key for key, (*_, is_open) in before.items() if is_open} - _closed_keys(connection, before)
        if node:
            mine = {row[0] for row in connection.execute("SELECT num FROM node WHERE id = ?", (node,))}
            stale = {key for key in stale if mine & set(before[key][1:3])}
        rows = [_row(connection, match) for match in found]
    new = 0
    insert = f"INSERT OR REPLACE INTO main.suggestion VALUES ({', '.join('?' * 13)})"
    for key, values in rows:
        stale.discard(key)
        new += key not in before
        first = before[key][0] if key in before else day
        connection.execute(insert, (*key, protected, *values[:-1], first, day, values[-1]))
    delete = f"DELETE FROM main.suggestion WHERE {' AND '.join(f'{c} = ?' for c in _KEY)} AND protected = ?"
    connection.executemany(delete, [(*key, protected) for key in sorted(stale)])
    return new


def _closed_keys(connection: sqlite3.Connection, before: Mapping[Key, Sequence[Any]]) -> set[Key]:
    closed = decided_pairs(connection)
    ids = dict(connection.execute("SELECT num, id FROM node")) if closed else {}
    return {key for key, row in before.items() if frozenset(ids.get(num, "") for num in row[1:3]) in closed}


def _row(connection: sqlite3.Connection, match: Match) -> tuple[Key, tuple[Any, ...]]:
    one, other = (_smallest_name(connection, node) for node in (match.one, match.other))
    sides = match.evidence if one <= other else tuple(map(_turned, match.evidence))
    told = {"evidence": [asdict(e) for e in sides], **{name: getattr(match, name) for name in _TOLD}}
    (_, one_ns, one_key), (_, other_ns, other_key) = sorted((one, other))
    ends = _digest_of_ends(connection, (match.one, match.other))
    values = match.bits, match.probability, match.band, orjson.dumps(told).decode(), match.rules_version, ends
    return (one_ns, one_key, other_ns, other_key), values


def _digest_of_ends(connection: sqlite3.Connection, nodes: tuple[str, str]) -> str:
    names = [[list(name) for name in names_of_node(connection, node)] for node in sorted(nodes)]
    return blake2b(orjson.dumps(names), digest_size=16).hexdigest()


def _turned(evidence: Evidence) -> Evidence:
    return replace(evidence, one_value=evidence.other_value, other_value=evidence.one_value)


def _smallest_name(connection: sqlite3.Connection, node: str) -> tuple[tuple[str, str], int, str]:
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
    )
    return Suggestion(match, first, last)


def _rank(suggestion: Suggestion) -> tuple[float, float, str, str]:
    return rank(suggestion.match)
