"""The page of documentation on what is known about law, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from kg.law.stages import FILE as STAGES_FILE
from kg.law.stages import Stage
from kg.law.survey import HOSTS, RULES
from kg.law.tables import LawRow, read_table
from kg.toml_files.models import read_tables

FIRST_HOSTS = (
    *("US", "CA", "AU", "NZ", "SG", "GB", "HK", "MO", "TH", "MY"),
    *("AE", "CH", "LI", "CY", "VG", "KY", "JE", "GG", "IM", "JP"),
)
"""The jurisdictions whose rules are collected first."""

FIRST_RULES = {
    "extradites_only_by_treaty": "only by treaty",
    "extradites_own_nationals": "own nationals",
    "requires_death_penalty_assurance": "assurance against death",
    "penalty_threshold_months": "months of penalty",
    "non_conviction_forfeiture": "forfeiture without conviction",
    "enforces_foreign_orders": "foreign orders",
    "protects_third_parties": "third parties",
    "unexplained_wealth_orders": "unexplained wealth",
}
"""The rules that are collected first, with the heads of their columns."""

_AGREEMENTS = {
    "extradition_treaties.csv": "extradition",
    "mla_treaties.csv": "assistance",
    "asset_sharing_agreements.csv": "sharing of assets",
}
_TABLES = (*_AGREEMENTS, "conventions.csv", "jurisdiction_rules.csv", "intelligence_channels.csv", "agencies.csv")

_TOP = """# What is known about law

> `kg generate` makes this page from the tables in `graph/reference`. Change those, not this page, and run it again.

What the reference tables hold, where it was read, and what is missing. A cell that no source was read for is empty:
the software then answers *unknown*, never *no*. How the tables were compiled: `graph/reference/ORIGINS.md`.
How they are used: [legal routes](routes.md)."""

_TABLE_NOTE = """*Looked at* counts rows with the day on which a person last opened the source; older rows have none."""

_AGREEMENT_NOTE = """*Known by a day*: in force on that day; since when was not read. *Undated*: in force when the
source was written."""

_RULE_NOTE = """A day is the first on which the answer is known to hold; *by* means that only the day of the source is
known. A dash is a hole. The statute and the source of each cell stand in its row of `jurisdiction_rules.csv`."""

_UNDATED_NOTE = (
    "These are in force by a source that gives no day. Before the day of that source the answer is *unknown*."
)

_PUBLISHER_NOTE = "A mirror or a copy counts as its own publisher: the row says what was opened."


def law_page(folder: Path) -> str:
    """The text of `docs/law.md`; equal tables give equal bytes."""
    rows = {name: read_table(folder, name) for name in (*_TABLES, "jurisdictions.csv")}
    names = {row["alpha2"]: row["name"] for row in rows["jurisdictions.csv"]}
    cited = [row for name in _TABLES for row in rows[name]]
    parts = [
        _TOP,
        *("## Tables", _table_counts(rows), _TABLE_NOTE),
        *("## Agreements", _agreement_counts(rows), _AGREEMENT_NOTE),
        *("## Rules of the first hosts", _filled(rows["jurisdiction_rules.csv"]), _RULE_NOTE),
        _matrix(rows["jurisdiction_rules.csv"], names),
        *("## Other rules", _other_rules(rows["jurisdiction_rules.csv"])),
        *("## Stages of routes", _stage_counts(folder)),
        *("## Conventions", _convention_counts(rows["conventions.csv"])),
        *("## Channels between financial intelligence units", _channels(rows["intelligence_channels.csv"])),
        *("## Agreements in force without a day", _UNDATED_NOTE, _undated(rows)),
        *("## Publishers", _PUBLISHER_NOTE, _publishers(cited)),
    ]
    return "\n\n".join(parts) + "\n"


def undated(rows: Iterable[LawRow]) -> Sequence[str]:
    """The keys of agreements that are in force since a day that nobody read."""
    return [r["id"] for r in rows if r["status"] == "in_force" and not (r.get("in_force") or r.get("in_force_by"))]


def _table_counts(rows: dict[str, Sequence[LawRow]]) -> str:
    lines = []
    for name in _TABLES:
        sourced = sum(bool(row["source_url"]) for row in rows[name])
        looked = sum(bool(row.get("looked_at")) for row in rows[name])
        lines.append((f"`{name}`", len(rows[name]), sourced, looked))
    return _markdown(("Table", "Rows", "With an address", "Looked at"), lines)


def _agreement_counts(rows: dict[str, Sequence[LawRow]]) -> str:
    lines = []
    for name, kind in _AGREEMENTS.items():
        in_force = [row for row in rows[name] if row["status"] == "in_force"]
        dated = sum(bool(row["in_force"]) for row in in_force)
        without = len(undated(in_force))
        others = Counter(row["status"] for row in rows[name] if row["status"] != "in_force")
        rest = ", ".join(f"{count} {status}" for status, count in sorted(others.items()))
        lines.append((kind, len(in_force), dated, len(in_force) - dated - without, without, rest or "–"))
    heads = ("Kind", "In force", "Since a day", "Known by a day", "Undated", "Others")
    return _markdown(heads, lines)


def _filled(rows: Sequence[LawRow]) -> str:
    cells = {(row["jurisdiction"], row["rule"]) for row in rows if row["answer"]}
    filled = sum((host, rule) in cells for host in FIRST_HOSTS for rule in FIRST_RULES)
    whole = len(FIRST_HOSTS) * len(FIRST_RULES)
    surveyed = sum((host, rule) in cells for host in HOSTS for rule in RULES.values())
    of_all = f"Of the {len(HOSTS)} hosts and {len(RULES)} rules that are surveyed, {surveyed} cells are."
    return f"{filled} of {whole} cells ({round(100 * filled / whole)} %) are filled. {of_all}"


def _stage_counts(folder: Path) -> str:
    stages = [stage for _, stage in read_tables(folder / STAGES_FILE, STAGES_FILE, Stage, "id")]
    days, lapses = sum(stage.days is not None for stage in stages), sum(bool(stage.lapse) for stage in stages)
    return (
        f"Of {len(stages)} stages, {days} have usual days with a source, and {lapses} say when what was reached lapses."
    )


def _matrix(rows: Sequence[LawRow], names: dict[str, str]) -> str:
    lines = []
    for host in FIRST_HOSTS:
        own = [row for row in rows if row["jurisdiction"] == host]
        cells = ("; ".join(_answer(r) for r in own if r["rule"] == rule) or "–" for rule in FIRST_RULES)
        lines.append((f"{names[host]} ({host})", *cells))
    return _markdown(("Host", *FIRST_RULES.values()), lines)


def _answer(row: LawRow) -> str:
    since = row["valid_from"] or f"by {row['status_as_of']}"
    return f"{row['answer']} ({since}{' to ' + row['valid_to'] if row['valid_to'] else ''})"


def _other_rules(rows: Sequence[LawRow]) -> str:
    known = [row for row in rows if row["rule"] not in FIRST_RULES or row["jurisdiction"] not in FIRST_HOSTS]
    lines = [(row["jurisdiction"], row["rule"].replace("_", " "), _answer(row)) for row in known]
    return _markdown(("Where", "Rule", "Answer"), sorted(lines))


def _convention_counts(rows: Sequence[LawRow]) -> str:
    lines = []
    for instrument in sorted({row["instrument"] for row in rows}):
        own = [row for row in rows if row["instrument"] == instrument]
        bound = sum(bool(row["in_force"]) for row in own)
        territories = sum(bool(row["territorial_of"]) for row in own)
        signed = sum(row["mode"] == "signature_only" for row in own)
        positions = sum(bool(row["art44_position"]) for row in own)
        lines.append((instrument, len(own), bound, territories, signed, positions))
    heads = (
        "Convention",
        "Rows",
        "In force since a day",
        "Of them territories",
        "Signed only",
        "Positions on article 44",
    )
    return _markdown(heads, lines)


def _channels(rows: Sequence[LawRow]) -> str:
    lines = []
    for row in rows:
        parties = " and ".join(p for p in (row["party_a"], row["party_b"]) if p)
        what = "member of the Egmont Group" if row["kind"] == "egmont" else "memorandum of the two units"
        answer = "no" if row["status"] == "none" else "yes"
        since = row["valid_from"] or "–"
        lines.append((parties, what, answer, since, row["status_as_of"]))
    return _markdown(("Who", "What", "Answer", "Known from", "Last read as of"), lines)


def _undated(rows: dict[str, Sequence[LawRow]]) -> str:
    keys = [key for name in _AGREEMENTS for key in undated(rows[name])]
    return f"{len(keys)}: " + ", ".join(f"`{key}`" for key in sorted(keys)) if keys else "None."


def _publishers(rows: Iterable[LawRow]) -> str:
    hosts = Counter(urlsplit(row["source_url"]).hostname or "no address" for row in rows)
    several = sorted((item for item in hosts.items() if item[1] > 1), key=lambda item: (-item[1], item[0]))
    return _markdown(("Publisher", "Rows"), [*several, ("others, with one row each", len(hosts) - len(several))])


def _markdown(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    whole = [heads, ["---"] * len(heads), *lines]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in whole)
