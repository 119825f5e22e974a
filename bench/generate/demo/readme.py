"""What does the demo set's README say?"""

from __future__ import annotations

from collections import Counter

from bench.generate.demo.records import SOURCES
from bench.generate.demo.register import REGISTRY
from bench.generate.demo.world import World
from bench.generate.ftm.counts import EDGES, PROPERTIES

SCHEMATA = {"Address": "Address", "Company": "Enterprise", "Person": "Person", **EDGES}
"""Schemata that the register may use, and the types they become."""
CODES = ("jurisdiction", "country", "nationality")

TEXT = """\
# The demo case set

**Everything here is invented**: people, companies, agencies, courts, towns, streets, banks, numbers and events.
Real are only the codes of jurisdictions and currencies and the names of laws and conventions. Should a name equal
somebody's, that is chance. Numbers are made so that they cannot be valid: IBANs with check digits 00, passports and
securities with the prefix ZZ, vehicle numbers with letters that no vehicle has.

It tells of {people} people on a list that one country handed to another in November 2014. Most of them are said to
have worked for state-owned enterprises and to have left in the 1990s and 2000s. {networks} networks of relatives,
nominees, companies, trusts and assets belong to {heads} of them; of the others the sources know a post, a list
entry and a guess where they are. In between are registered agents, professional directors, trustees, a bank, a
money changer, neighbours, buyers and sellers, who have nothing to do with any of it.

| source | file | what it is | records |
|---|---|---|---:|
{sources}

`sources.toml` has the files in the order in which they are loaded. They share the namespace `demo`: one key means
one thing in all of them. Files in the native format have a header that says so; the register of companies is in the
shape of FollowTheMoney. `exhibits` has an invented document, which `kg demo` attaches to what it shows.

`answer-key.json` says what belongs to whose network (`networks`), what belongs to none (`unrelated`), and for some
pairs of person and asset the chain by which the asset is really held, where the shortest connection leads through a
registered agent's address or a professional director (`paths`).

## What the set holds

{nodes_total} nodes: {nodes}.

{links_total} links: {links}.

They touch {places} jurisdictions: {codes}.

On purpose there are contradictions (shares, birth dates, a house owned and said to be sold), copies of one origin
(press reports that repeat the list), doubles that share a passport or registration number under two keys,
namesakes, circular holdings, people who were cleared, one who died, a notice deleted and others under review,
measures that were lifted, requests that were refused, and facts of asylum and protection (handling `protected`).

## How it is made

`python -m bench.generate demo --out graph/demo` writes these files again, byte for byte; this page too. The
networks are written down in `bench/generate/demo/networks.toml`.
"""


def readme(world: World) -> str:
    """The README with its counts."""
    nodes, links, codes = counts(world)
    heads = sum(len(network.sought) for network in world.networks)
    return TEXT.format(
        people=len(world.suspects),
        networks=len(world.networks),
        heads=heads,
        sources="\n".join(_source_row(world, number) for number in range(len(SOURCES))),
        nodes_total=f"{nodes.total():,}",
        nodes=_listed(nodes),
        links_total=f"{links.total():,}",
        links=_listed(links),
        places=len(codes),
        codes=", ".join(sorted(codes)),
    )


def counts(world: World) -> tuple[Counter[str], Counter[str], set[str]]:
    """Nodes and links by type, each key once whoever speaks of it, and the jurisdictions that links lead to."""
    kinds: dict[str, str] = {}
    links: Counter[str] = Counter()
    codes: set[str] = set()
    for source in SOURCES:
        for row in world.book.rows[source.name]:
            if source.name == REGISTRY:
                kinds.setdefault(row["id"], SCHEMATA[row["schema"]])
                links.update({kind: len(row["properties"].get(name, ())) for name, kind in PROPERTIES.items()})
                codes |= {code.upper() for name in CODES for code in row["properties"].get(name, ())}
            else:
                kinds.setdefault(row["key"], row["type"])
                codes |= {end[1] for end in (row.get("from"), row.get("to")) if isinstance(end, list)}
    nodes = Counter(kind for kind in kinds.values() if not kind.isupper())
    return nodes, links + Counter(kind for kind in kinds.values() if kind.isupper()), codes


def _source_row(world: World, number: int) -> str:
    source = SOURCES[number]
    return f"| {source.name} | `{source.file}` | {source.title} | {len(world.book.rows[source.name]):,} |"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()) if count)
