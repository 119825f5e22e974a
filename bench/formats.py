"""What does kg make of a set of each format that it reads, and are loads as fast as those of an earlier commit?

Run: python -m bench.formats [COPIES] [--before COMMIT]

The sets are many copies of the samples of tests/sources: invented, with the headers and the odd values of published
files, and a key of its own for each copy. All are loaded into one store, which is verified at the end. With `--before`,
the formats that this commit reads too are loaded in pairs, each into a new store, by turns with the code of that commit
and with this one; the ratio is that of the CPU seconds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg import operations
from kg.operations import FileLoadRequest, Workspace
from kg.sources import choose_connector
from kg.sources.files.delimited import Dialect
from kg.sources.tabular.mapping import TableMapping, file_matches

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "sources"
COPIES = 1_000
REPEATS = 3
PAIRED = ("FollowTheMoney", "PSC", "BODS 0.4", "ICIJ", "sheets, CSV")
"""Formats that were read before, for pairs."""

GENERATED = "FollowTheMoney, generated"
"""A set of the generator, whose values are as regular as those of most published files; for pairs too."""

NODES_OF_COPY = 20
"""Nodes of the generated set for each copy of the samples in the others."""

LOAD = """
import sys, time
from pathlib import Path
from kg import operations
from kg.operations import FileLoadRequest, Workspace
store, connector, *files = sys.argv[1:]
request = FileLoadRequest(tuple(map(Path, files)), connector, "bench")
operations.load(Workspace(Path(store + ".first")), request)
start = time.process_time()
operations.load(Workspace(Path(store)), request)
print(time.process_time() - start)
"""
"""What each of a pair runs: the second load of a process, after all modules have been imported."""

Copy = Callable[[str, int], str]
"""From the text of a sample to that of its copy of a number."""


def main() -> None:
    """Print a line for each format, and the result of a verification."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("copies", type=int, nargs="?", default=COPIES)
    parser.add_argument("--before", metavar="COMMIT", help="compare the loads with those of this commit")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = dict(make_sets(folder, wanted.copies))
        if wanted.before:
            sets[GENERATED] = [_generated(folder / "generated.ftm.json", wanted.copies)]
            compare(folder, {name: sets[name] for name in (*PAIRED, GENERATED)}, wanted.before)
        else:
            load_all(folder, sets)


def load_all(folder: Path, sets: Mapping[str, Sequence[Path]]) -> None:
    """Load each set into one store, and verify that."""
    workspace = Workspace(folder / "graph.sqlite")
    heads = ("nodes", "links", "rejected", "set aside", "not understood", "CPU s")
    print(f"{'format':26}{'MB':>6}{''.join(f'{head:>16}' for head in heads)}")
    for name, files in sets.items():
        connector = {"BODS 0.2": "bods", "BODS 0.4": "bods", "PSC": "psc"}.get(name, "")
        start, size = time.process_time(), sum(file.stat().st_size for file in files) / 1e6
        source = re.sub(r"[^a-z0-9]+", "-", name.lower())
        done = operations.load(workspace, FileLoadRequest(tuple(files), connector, source))
        unread = sum(done.not_understood.values())
        counts = (done.nodes, done.links, done.rejected, done.set_aside, unread)
        seconds = time.process_time() - start
        print(f"{name:26}{size:6.1f}{''.join(f'{count:16,}' for count in counts)}{seconds:16.1f}", flush=True)
    found = operations.verify(workspace)
    wrong = [*found.differing, *found.damage.ledger, *found.damage.projection]
    load = os.getloadavg()[0]
    print(f"kg verify: {wrong or 'clean'}; {found.nodes:,} nodes, {found.links:,} links; load average {load:.1f}")


def compare(folder: Path, sets: Mapping[str, Sequence[Path]], commit: str) -> None:
    """Load each set by turns with the code of a commit and with this one."""
    earlier = folder / "earlier"
    subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", "--quiet", str(earlier), commit], check=True)
    try:
        for name, files in sets.items():
            connector = {"BODS 0.4": "bods", "PSC": "psc"}.get(name, "")
            seconds: dict[Path, list[float]] = {earlier: [], ROOT: []}
            for turn in range(REPEATS):
                for tree in (earlier, ROOT) if turn % 2 else (ROOT, earlier):
                    seconds[tree].append(_cpu_of_load(tree, folder / f"{turn}-{tree.name}.sqlite", connector, files))
            ratios = [now / before for before, now in zip(seconds[earlier], seconds[ROOT], strict=True)]
            before, now = (statistics.median(found) for found in seconds.values())
            print(
                f"{name:26} before {before:6.2f} s, now {now:6.2f} s: ratio {statistics.median(ratios):.2f}"
                f" ({min(ratios):.2f} to {max(ratios):.2f}); load average {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    finally:
        subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(earlier)], check=True)


def _cpu_of_load(tree: Path, store: Path, connector: str, files: Sequence[Path]) -> float:
    environment = {**os.environ, "PYTHONPATH": f"{tree}/src:{tree}/api"}
    command = [sys.executable, "-c", LOAD, str(store), connector, *map(str, files)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    for left in store.parent.glob(f"{store.name}*"):
        left.unlink() if left.is_file() else None
    return float(done.stdout)


def make_sets(folder: Path, copies: int) -> Iterator[tuple[str, list[Path]]]:
    """Write the sets; yields each with its files."""
    yield from _tables(folder, copies)
    yield from _texts(folder, copies)
    yield "OpenSanctions statements", [_statements(folder, copies)]
    yield "GLEIF web API", [_answers(folder, copies)]
    yield "World Bank", [_firms(folder, copies)]


def _tables(folder: Path, copies: int) -> Iterator[tuple[str, list[Path]]]:
    """The sets of tables that a declaration reads, whose keys it names."""
    groups = {
        "sheets, CSV": sorted(SAMPLES.glob("sheets/*.csv")),
        "ICIJ": sorted(SAMPLES.glob("icij/*.csv")),
        "OFAC": [SAMPLES / "declared" / name for name in ("SDN.CSV", "ALT.CSV", "ADD.CSV")],
        "UK companies, CSV": sorted(SAMPLES.glob("declared/BasicCompanyData*.csv")),
        "UK land": sorted(SAMPLES.glob("declared/CCOD*.csv")),
        "UK land, overseas": sorted(SAMPLES.glob("declared/OCOD*.csv")),
        "UK sanctions": sorted(SAMPLES.glob("declared/UK-Sanctions*.csv")),
        "OFSI": [SAMPLES / "declared" / "ConList.csv"],
        "EU sanctions": sorted(SAMPLES.glob("declared/*FULL-1_1.csv")),
        "US exclusions": sorted(SAMPLES.glob("declared/SAM*.CSV")),
    }
    for name, samples in groups.items():
        (target := folder / name).mkdir()
        yield name, [_copied_table(sample, target / sample.name, copies) for sample in samples]
    csv_files = sorted((folder / "sheets, CSV").iterdir())
    yield "sheets, XLSX", [_workbook(csv_files, folder / "case.xlsx")]
    (target := folder / "Parquet").mkdir()
    yield "sheets, Parquet", [_parquet(file, target / f"{file.stem}.parquet") for file in csv_files]


def _copied_table(sample: Path, target: Path, copies: int) -> Path:
    connector = choose_connector(sample)
    table = next(table for table in connector.table if file_matches(sample, table.files))
    dialect = table.format or connector.format
    keys, head, rows = set(_key_columns(table)), list[str](), list[list[str]]()
    with sample.open(encoding=dialect.encoding, newline="") as file:
        head = [file.readline() for _ in range(dialect.preamble + (not dialect.columns))]
        header = (
            list(dialect.columns) or next(dialect.reader(iter(head[-1:]), head[-1])) if head else [*dialect.columns]
        )
        header = [column.strip().removeprefix("\ufeff") for column in header]
        rows = [row for row in dialect.reader(file, head[-1] if head else "") if len(row) == len(header)]
    with target.open("w", encoding=dialect.encoding, newline="") as file:
        file.writelines(head)
        writer = csv.writer(file, **_csv_format(dialect, head[-1] if head else ""))
        for number in range(copies):
            for row in rows:
                cells = zip(header, row, strict=True)
                writer.writerow(
                    [_copied_key(text, number) if name in keys and text.strip() else text for name, text in cells]
                )
    return target


def _csv_format(dialect: Dialect, header: str) -> dict[str, Any]:
    escape = dialect.escape or dialect.fallback_escape or None
    delimiter = dialect.delimiter or max(",;\t", key=header.count)
    return {
        "delimiter": delimiter,
        "quotechar": dialect.quote or '"',
        "escapechar": escape,
        "quoting": csv.QUOTE_MINIMAL,
    }


def _key_columns(table: TableMapping) -> Iterator[str]:
    """The columns that hold keys of the source, in this table or another one of it."""
    ends = [end for link in table.link for end in (link.from_, *([] if link.to_namespace else [link.to]))]
    cells = [cell for cell in ends if cell and not (cell.convert or cell.values or cell.lookup)]
    cells += [cell for cell in (table.key, *(claim.key for claim in table.claims)) if cell]
    yield from (column for cell in cells for column in cell.columns)


def _copied_key(text: str, number: int) -> str:
    """The key of a copy, in the form of the sample's: digits stay digits of the same length."""
    if not text.isdecimal() or len(text) < 5:
        return f"{text}{number:05d}" if text.isdecimal() else f"{text}-{number}"
    return f"{zlib.crc32(f'{text}/{number}'.encode()) % 10 ** len(text):0{len(text)}d}"


def _texts(folder: Path, copies: int) -> Iterator[tuple[str, list[Path]]]:
    """The sets of other formats, whose keys a pattern tells."""
    ftm = (SAMPLES / "ftm" / "sample.ftm.json").read_text(encoding="utf-8").splitlines()
    yield (
        "FollowTheMoney",
        [_lines(folder / "set.ftm.json", ftm, copies, lambda t, n: t.replace('"inv-', f'"{n}-inv-'))],
    )
    for name, sample in (("BODS 0.4", "sample.bods.json"), ("BODS 0.2", "sample-0.2.bods.json")):
        parts = [json.dumps(each) for each in json.loads((SAMPLES / "bods" / sample).read_text(encoding="utf-8"))]
        yield (
            name,
            [_lines(folder / sample, parts, copies, lambda t, n: re.sub(r'"(?=inv-|invented-)', f'"{n}-', t), "array")],
        )
    psc = (SAMPLES / "psc" / "sample.txt").read_text(encoding="utf-8").splitlines()
    yield "PSC", [_lines(folder / "psc.txt", psc, copies, _copied_psc)]
    notice = json.dumps(json.loads((SAMPLES / "interpol" / "2099-10001.interpol.json").read_text(encoding="utf-8")))
    notices = _lines(
        folder / "interpol.jsonl", [notice], copies, lambda t, n: re.sub(r"2099([/-])(?=\d)", rf"2099\g<1>{n}", t)
    )
    yield "INTERPOL", [notices]
    gleif = sorted(SAMPLES.glob("gleif/*.csv"))
    (target := folder / "gleif").mkdir()
    yield "GLEIF golden copy", [_gleif(sample, target / sample.name, copies) for sample in gleif]
    yield "UN Security Council", [_un_list(folder / "consolidated.xml", copies)]


def _lines(target: Path, parts: Sequence[str], copies: int, copied: Copy, form: str = "lines") -> Path:
    before, between, after = ("[\n", ",\n", "\n]\n") if form == "array" else ("", "\n", "\n")
    texts = (copied(part, number) for number in range(copies) for part in parts)
    with target.open("w", encoding="utf-8") as file:
        file.write(before)
        file.writelines(f"{between if n else ''}{text}" for n, text in enumerate(texts))
        file.write(after)
    return target


def _copied_psc(line: str, number: int) -> str:
    def company(found: re.Match[str]) -> str:
        return f"{found[1]}{zlib.crc32(f'{found[2]}/{number}'.encode()) % 10**8:08d}"

    line = re.sub(r'("company_number": "|/company/)(\w+)', company, line)
    return re.sub(r"/inv(?=\d)", f"/{number}inv", line)


def _gleif(sample: Path, target: Path, copies: int) -> Path:
    head, *rows = sample.read_text(encoding="utf-8").splitlines()
    _lines(target, rows, copies, lambda t, n: t.replace("INVENTEDLEI0", f"INV{n:09d}"))
    target.write_text(f"{head}\n{target.read_text(encoding='utf-8')}", encoding="utf-8")
    return target


def _un_list(target: Path, copies: int) -> Path:
    sample = (SAMPLES / "un_sanctions" / "consolidated.xml").read_text(encoding="utf-8")

    def copied(text: str, number: int) -> str:
        return re.sub(r"(<DATAID>|<REFERENCE_NUMBER>XX[ie]\.)", rf"\g<1>{number}", text)

    groups = list[str]()
    for name, kind in (("INDIVIDUALS", "INDIVIDUAL"), ("ENTITIES", "ENTITY")):
        entries = re.findall(f"<{kind}>.*?</{kind}>", sample, re.DOTALL)
        copies_of_all = "".join(copied(entry, number) for number in range(copies) for entry in entries)
        groups.append(f"<{name}>{copies_of_all}</{name}>")
    target.write_text(f"<CONSOLIDATED_LIST>{''.join(groups)}</CONSOLIDATED_LIST>", encoding="utf-8")
    return target


def _statements(folder: Path, copies: int) -> Path:
    """The values of the sample of FollowTheMoney, one a row; some are marked external."""
    columns = ("canonical_id", "entity_id", "prop", "schema", "value", "dataset", "external", "first_seen", "last_seen")
    entities = [json.loads(t) for t in (SAMPLES / "ftm" / "sample.ftm.json").read_text(encoding="utf-8").splitlines()]
    with (folder / "statements.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, dialect=csv.unix_dialect)
        writer.writerow(columns)
        for number in range(copies):
            for entity in entities:
                key = f"{number}-{entity['id']}"
                for prop, text in _plain_values(entity):
                    value = f"{number}-{text}" if text.startswith("inv-") else text
                    external = "t" if zlib.crc32(value.encode()) % 50 == 0 else "f"
                    writer.writerow(
                        (key, key, prop, entity["schema"], value, "inv", external, "2024-01-01", "2024-02-01")
                    )
    return folder / "statements.csv"


def _plain_values(entity: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    found = entity.get("properties", {}).items()
    return ((prop, value) for prop, values in found for value in values if isinstance(value, str))


def _answers(folder: Path, copies: int) -> Path:
    from tests.sources.gleif.test_read import API_ENTITY, API_EXCEPTION, API_RELATION

    parts = [json.dumps({"data": [each]}) for each in (API_ENTITY, API_RELATION, API_EXCEPTION)]
    return _lines(folder / "gleif-api.json", parts, copies, lambda t, n: t.replace("INVENTEDLEI0", f"INV{n:09d}"))


def _firms(folder: Path, copies: int) -> Path:
    from tests.sources.world_bank.test_read import FIRM, PERSON

    firms = [{**each, "SUPP_ID": f"{number}-{each['SUPP_ID']}"} for number in range(copies) for each in (FIRM, PERSON)]
    (folder / "world-bank.json").write_text(json.dumps({"response": {"ZPROCSUPP": firms}}), encoding="utf-8")
    return folder / "world-bank.json"


def _generated(target: Path, copies: int) -> Path:
    from bench.generate.__main__ import main as generate

    generate(["ftm", "--nodes", str(NODES_OF_COPY * copies), "--out", str(target)])
    return target


def _workbook(files: Sequence[Path], target: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for file in files:
        sheet = book.create_sheet(file.stem)
        for row in csv.reader(file.read_text(encoding="utf-8-sig").splitlines()):
            sheet.append(row)
    book.save(target)
    return target


def _parquet(file: Path, target: Path) -> Path:
    import pyarrow
    from pyarrow import parquet

    header, *rows = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    columns = {name: [row[n] or None for row in rows] for n, name in enumerate(header)}
    parquet.write_table(pyarrow.table(columns), target)
    return target


if __name__ == "__main__":
    main()
