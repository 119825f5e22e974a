"""In which order is the demo case set made, and which files come of it?"""

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
from bench.generate.json_lines import lines

SEED = 2014


def make(seed: int = SEED) -> World:
    """Make the whole world."""
    world = World(seed)
    service_providers.open_offices(world)
    payments.open_bank(world)
    listed_people.hire(world)
    warrants.seek(world)
    accusations.accuse(world)
    presence.place(world)
    documents.identify(world)
    for network in world.networks:
        for part in (
            holdings.hold,
            arrangements.powers,
            residences.settle,
            payments.move,
            proceedings.act,
            accusations.try_abroad,
        ):
            part(world, network)
    network_links.tie(world)
    bystanders.surround(world)
    contradictions.cast_doubt(world)
    duplicates.double(world)
    world.register.name_parties(world.named)
    return world


def write(out: Path) -> str:
    """Write the set's files into the folder `out`; what to tell the caller."""
    out.mkdir(parents=True, exist_ok=True)
    world = make()
    for source in SOURCES:
        with lines(out / source.file) as put:
            if source.format == "records":
                put(_header(source))
            for row in world.book.rows[source.name]:
                put(row)
    _text(out / "sources.toml", _declared())
    _text(out / "answer-key.json", json.dumps(answer_key(world), ensure_ascii=False, indent=1) + "\n")
    _text(out / "README.md", readme(world))
    rows = sum(len(rows) for rows in world.book.rows.values())
    return f"{rows:,} records of {len(SOURCES)} sources, {len(world.networks)} networks: {out}"


def _header(source: Source) -> dict[str, dict[str, object]]:
    said = {"name": source.name, "title": source.title, "namespace": NAMESPACE, "invented": True}
    return {"source": said}


def _declared() -> str:
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


def _text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
