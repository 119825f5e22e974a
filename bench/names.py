"""How well are two names told to be of one, beside other matchers in the same run? Prints tables.

Run: python -m bench.names --pairs FILE [--half 0|1] [--wrong]
FILE has the columns left, right, same (1 or 0) and kind (`company`, or a group of pairs of persons); or those of the
name benchmark of nomenklatura, contrib/name_bench/cases.csv of its repository: name1, name2, is_match, schema. Peers
are measured where they are installed: python -m pip install nomenklatura, which needs ICU's headers and a compiler.
"""

from __future__ import annotations

import argparse
import csv
import gc
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import uuid4

from rapidfuzz import fuzz, utils

from kg.cli import COLLECT_AFTER
from kg.names import SAME_BITS, compare_names

PEER_THRESHOLD = 0.7
"""From which score on nomenklatura's users take a pair for a match."""

PEERS = ("name-based", "logic-v1", "logic-v2")
_BEFORE = (
    *(("张晓明", "Cheung Hiu-ming"), ("Chang Hsiao-ming", "Zhang Xaioming"), ("Teo Siok Hui", "Zhang J.W.")),
    *(("김민준", "Kim Min-jun"), ("阮文灵", "Nguyen Van Linh"), ("Anna Berezova", "Анна Березова")),
)
"""Invented names that are compared before the time is taken, so that all tables are read."""

PERSON_SCHEMAS = {"Person", "LegalEntity"}


class Pair(NamedTuple):
    """Two names, and whether they are of one."""

    left: str
    right: str
    is_same: bool
    schema: str
    group: str


class Matcher(NamedTuple):
    """Something that gives two names a score, and the score from which on they are taken for one."""

    name: str
    threshold: float
    score: Callable[[Pair], float]


class Quality(NamedTuple):
    """What of the pairs told to be the same is, and what is told of those that are."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1.0)


def main() -> None:
    """Measure each matcher over the pairs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--half", type=int, choices=(0, 1), help="by a digest of the names: rules are made on 0")
    parser.add_argument("--wrong", action="store_true", help="print the pairs that kg takes for what they are not")
    options = parser.parse_args()
    gc.set_threshold(COLLECT_AFTER)  # as the command does
    pairs = [pair for pair in _read(options.pairs) if options.half in (None, _half(pair))]
    count = sum(pair.is_same for pair in pairs)
    print(f"{len(pairs)} pairs, {count} of them of one; load average {os.getloadavg()[0]:.1f}")
    print("matcher                 at      precision  recall  F1     best F1 (at)    ms cold  ms warm")
    for matcher in _matchers():
        for left, right in _BEFORE:
            matcher.score(Pair(left, right, True, "Person", ""))
        cold, scores = _timed(matcher, pairs)
        warm, _ = _timed(matcher, pairs)
        q = _quality(pairs, scores, matcher.threshold)
        best = max(sorted(set(scores)), key=lambda at, scores=scores: _quality(pairs, scores, at).f1)  # type: ignore[misc]  # mypy takes no defaults of lambdas here
        print(
            f"{matcher.name:22}  {matcher.threshold:<6}  {q.precision:.3f}      {q.recall:.3f}   {q.f1:.3f}  "
            f"{_quality(pairs, scores, best).f1:.3f} ({best:.2f})    {cold:.3f}    {warm:.3f}"
        )
    _print_groups(pairs, wrong=options.wrong)


def _print_groups(pairs: Sequence[Pair], *, wrong: bool) -> None:
    print("\nkg by group                          pairs  precision  recall")
    for group in sorted({pair.group for pair in pairs}):
        ours = [pair for pair in pairs if pair.group == group]
        q = _quality(ours, [_kg(pair) for pair in ours], SAME_BITS)
        print(f"{group:36} {len(ours):5}  {q.precision:.3f}      {q.recall:.3f}")
    for pair in pairs if wrong else ():
        match = compare_names(pair.left, pair.right, _kind(pair))
        if (match.bits >= SAME_BITS) != pair.is_same:
            print("missed" if pair.is_same else "false ", pair.left, "|", pair.right, match)


def _read(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if "name1" in row:
                schema = row["schema"]
                yield Pair(row["name1"], row["name2"], row["is_match"] == "true", schema, schema)
            else:
                schema = "Company" if row["kind"] == "company" else "Person"
                yield Pair(row["left"], row["right"], row["same"] == "1", schema, row["kind"])


def _half(pair: Pair) -> int:
    return hashlib.sha256((pair.left + pair.right).encode()).digest()[0] & 1


def _matchers() -> Iterator[Matcher]:
    yield Matcher("kg", SAME_BITS, _kg)
    yield Matcher("rapidfuzz token_sort", 85, _ratio)
    if find_spec("nomenklatura"):
        for name in PEERS:
            yield Matcher(f"{name} {version('nomenklatura')}", PEER_THRESHOLD, _peer(name))


def _kind(pair: Pair) -> Literal["person", "company"]:
    return "person" if pair.schema in PERSON_SCHEMAS else "company"


def _kg(pair: Pair) -> float:
    return compare_names(pair.left, pair.right, _kind(pair)).bits


def _ratio(pair: Pair) -> float:
    return fuzz.token_sort_ratio(pair.left, pair.right, processor=utils.default_process)


def _peer(name: str) -> Callable[[Pair], float]:
    from followthemoney import ValueEntity, model
    from nomenklatura.matching import get_algorithm

    algorithm = get_algorithm(name)
    config = algorithm.default_config()

    def score(pair: Pair) -> float:
        # Each with an id of its own: what is kept of an entity is kept by its id.
        one, other = (ValueEntity(model.get(pair.schema), {"id": uuid4().hex}) for _ in range(2))
        one.add("name", pair.left)
        other.add("name", pair.right)
        return float(algorithm.compare(one, other, config).score)

    return score


def _timed(matcher: Matcher, pairs: Sequence[Pair]) -> tuple[float, list[float]]:
    """Milliseconds of CPU a comparison, and the scores."""
    started = time.process_time()
    scores = [matcher.score(pair) for pair in pairs]
    return (time.process_time() - started) * 1000 / len(pairs), scores


def _quality(pairs: Sequence[Pair], scores: Sequence[float], threshold: float) -> Quality:
    told = [score >= threshold for score in scores]
    right = sum(is_told and pair.is_same for is_told, pair in zip(told, pairs, strict=True))
    return Quality(right / (sum(told) or 1), right / (sum(pair.is_same for pair in pairs) or 1))


if __name__ == "__main__":
    main()
