"""Who of a list is found in a register by kg, by Splink and by nomenklatura, in the same run? Prints found and missed.

    python -m pip install splink nomenklatura    # the second needs ICU's headers and a compiler
    python -m bench.screening_peers --entries 5000

People are those of `bench.screening`, all invented. Splink gets names in Latin letters (of the list its pinyin), dates,
countries and passports, with its own training; nomenklatura compares each of the list with the entries of its
birth year and those without one. Each is taken at a threshold of its own; a peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from bench.screening import make
from kg import operations
from kg.operations import FileLoadRequest, Workspace
from kg.operations.matching.screening import ScreeningRequest, screen

Pairs = set[tuple[str, str]]

KG_LEAST, SPLINK_LEAST, NOMENKLATURA_LEAST = (0.1, 0.9), (0.5, 0.9), (0.7,)
SHOWN = 6
"""So many true pairs that are missed are printed."""

_YEAR = 4


def main() -> None:
    """Print what each found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = make(folder, chosen.seed, chosen.entries)
        listed, entries = ({row["key"]: row for row in _rows(folder / file)} for file in ("list.csv", "persons.csv"))
        print(
            f"{len(listed)} people, {len(truth)} of them among {len(entries):,}; load average {os.getloadavg()[0]:.1f}"
        )
        print("| who | from | s CPU | found | of | wrong | precision | recall |\n|---|---|---|---|---|---|---|---|")
        missed = [_measure(*way, folder, truth) for way in _ways()]
    for who, pairs in missed:
        print(f"\n{who} misses {len(pairs)}, such as")
        for one, other in sorted(pairs)[:SHOWN]:
            a, b = listed[one], entries[other]
            print(f"  {a['name']} ({a['alias']}), {a['birth_date']} = {b['name']}, {b['birth_date'] or 'no date'}")


def _ways() -> Iterator[tuple[str, tuple[float, ...], Callable[[Path], dict[tuple[str, str], float]]]]:
    yield "kg", KG_LEAST, _kg
    if find_spec("splink"):
        yield f"Splink {version('splink')}", SPLINK_LEAST, _splink
    if find_spec("nomenklatura"):
        for algorithm in ("logic-v1", "logic-v2"):
            yield f"{algorithm} of nomenklatura {version('nomenklatura')}", NOMENKLATURA_LEAST, _nomenklatura(algorithm)


def _measure(
    who: str,
    thresholds: tuple[float, ...],
    find: Callable[[Path], dict[tuple[str, str], float]],
    folder: Path,
    truth: Pairs,
) -> tuple[str, Pairs]:
    before = time.process_time()
    scores = find(folder)
    took = time.process_time() - before
    for least in thresholds:
        found = {pair for pair, score in scores.items() if score >= least}
        right = len(found & truth)
        precision = right / len(found) if found else 1.0
        print(
            f"| {who} | {least} | {took:.1f} | {right} | {len(truth)} | {len(found) - right} | {precision:.3f} | "
            f"{right / len(truth):.3f} |"
        )
    return who, truth - {pair for pair, score in scores.items() if score >= thresholds[0]}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def _kg(folder: Path) -> dict[tuple[str, str], float]:
    workspace = Workspace(folder / "graph.sqlite")
    operations.load(workspace, operations.reference_load_request())
    operations.load(workspace, FileLoadRequest((folder / "persons.csv",), source="register"))
    screening = screen(workspace, ScreeningRequest((folder / "list.csv",), least=0.01))
    keys = {node: name.rpartition(":")[2] for node, name in screening.references.items()}
    return {(keys[m.one], keys[m.other]): m.probability for target in screening.targets for m in target.matches}


def _splink(folder: Path) -> dict[tuple[str, str], float]:
    import pyarrow
    import splink.comparison_library as comparisons
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def table(file: str) -> pyarrow.Table:
        rows = _rows(folder / file)
        columns = {
            "unique_id": [row["key"] for row in rows],
            "name": [(row.get("alias") or row["name"]).lower() for row in rows],
            "birth_date": [row["birth_date"] or None for row in rows],
            "birth_year": [row["birth_date"][:_YEAR] or None for row in rows],
            "country": [row["citizenship"] or None for row in rows],
            "passport": [row["passport_number"] or None for row in rows],
        }
        return pyarrow.table({name: pyarrow.array(values, pyarrow.string()) for name, values in columns.items()})

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            comparisons.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            comparisons.LevenshteinAtThresholds("birth_date", 1),
            comparisons.ExactMatch("birth_year"),
            comparisons.ExactMatch("country"),
            comparisons.ExactMatch("passport"),
        ],
        blocking_rules_to_generate_predictions=[block_on("birth_year"), block_on("passport"), block_on("name")],
    )
    api = DuckDBAPI()
    tables = [api.register(table("list.csv"), dataset_display_name="list"), api.register(table("persons.csv"))]
    linker = Linker(tables, settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(["l.passport = r.passport"], recall=0.1)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1, min_count_per_level=None)
    for rule in (block_on("birth_year"), block_on("name")):
        with suppress(Exception):  # of so few pairs it may learn nothing, and keeps its defaults
            linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = {}
    for row in linker.inference.predict().as_record_list():
        one, other = sorted((row["unique_id_l"], row["unique_id_r"]), reverse=True)
        found[one, other] = row["match_probability"]
    return found


def _nomenklatura(name: str) -> Callable[[Path], dict[tuple[str, str], float]]:
    def find(folder: Path) -> dict[tuple[str, str], float]:
        from followthemoney import ValueEntity, model
        from nomenklatura.matching import get_algorithm

        algorithm = get_algorithm(name)
        config = algorithm.default_config()

        def entity(row: dict[str, str]) -> ValueEntity:
            made = ValueEntity(model.get("Person"), {"id": uuid4().hex})
            for key, column in (("name", "name"), ("alias", "alias"), ("birthDate", "birth_date")):
                made.add(key, row.get(column) or None)
            made.add("citizenship", row["citizenship"] or None)
            made.add("passportNumber", row["passport_number"] or None)
            return made

        entries = [(row["key"], row["birth_date"][:_YEAR], entity(row)) for row in _rows(folder / "persons.csv")]
        scores = {}
        for row in _rows(folder / "list.csv"):
            target, year = entity(row), row["birth_date"][:_YEAR]
            for key, born, one in entries:
                if born in {year, ""}:
                    scores[row["key"], key] = float(algorithm.compare(target, one, config).score)
        return scores

    return find


if __name__ == "__main__":
    main()
