"""In which order is the demo case set generated, and which files are written?"""

from __future__ import annotations

import json
from pathlib import Path

from bench.generate.demo import contradictions, network_links, service_providers
from bench.generate.demo.answer_key import answer_key
from bench.generate.demo.assets import arrangements, holdings, payments
from bench.generate.demo.authorities import accusations, proceedings, warrants
from bench.generate.demo.people import bystanders, documents, duplicates, listed_people, presence, residences
from bench.generate.demo.readme import readme
from bench.generate.demo.records import NAMESPACE, SOURCES, Source
from bench.generate.demo.world import World
from bench.generate.json_lines import open_json_lines

SEED = 2014


def build_demo(seed: int = SEED) -> World:
    """Make the whole world."""
    world = World(seed)
    service_providers.write_service_providers(world)
    payments.write_banks(world)
    listed_people.write_people(world)
    warrants.write_warrants(world)
    accusations.write_accusations(world)
    presence.write_presence(world)
    documents.write_documents(world)
    for network in world.networks:
        for part in (
            holdings.write_holdings,
            arrangements.write_powers_of_attorney,
            residences.write_residences,
            payments.write_payments,
            proceedings.write_proceedings,
            accusations.write_foreign_cases,
        ):
            part(world, network)
    network_links.write_network_links(world)
    bystanders.write_bystanders(world)
    contradictions.write_contradictions(world)
    duplicates.write_duplicates(world)
    world.register.name_parties(world.names_by_key)
    return world


def write(out: Path) -> str:
    """Write the set's files into the folder `out`; what to tell the caller."""
    out.mkdir(parents=True, exist_ok=True)
    world = build_demo()
    for source in SOURCES:
        with open_json_lines(out / source.file) as put:
            if source.format == "records":
                put(_header(source))
            for row in world.book.rows[source.name]:
                put(row)
    _write_text(out / "sources.toml", _sources_toml())
    _write_text(out / "answer-key.json", json.dumps(answer_key(world), ensure_ascii=False, indent=1) + "\n")
    _write_text(out / "README.md", readme(world))
    rows = sum(len(rows) for rows in world.book.rows.values())
    return f"{rows:,} records of {len(SOURCES)} sources, {len(world.networks)} networks: {out}"


def _header(source: Source) -> dict[str, dict[str, object]]:
    said = {"name": source.name, "title": source.title, "namespace": NAMESPACE, "invented": True}
    return {"source": said}


def _sources_toml() -> str:
    """sources.toml: the files in the order in which they are loaded."""
    blocks = [
        "# The sources of the demo case set, in the order in which they are loaded. Everything in them is invented.\n"
        "# Made by `python -m bench.generate demo`.\n"
    ]
    for source in SOURCES:
        given = {"name": source.name, "title": source.title, "namespace": NAMESPACE}
        given |= {"file": source.file, "format": source.format}
        pairs = "".join(f'{name} = "{value}"\n' for name, value in given.items())
        blocks.append(f"[[source]]\n{pairs}invented = true\n")
    return "\n".join(blocks)


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
