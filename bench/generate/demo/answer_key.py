"""Which assets belong to whose network, and which chain is the true one?"""

from __future__ import annotations

from typing import Any

from bench.generate.demo.hubs import DIRECTORS, agent_address
from bench.generate.demo.network_spec import parse_chain
from bench.generate.demo.world import Network, World


def answer_key(world: World) -> dict[str, Any]:
    """The answer key; all keys are of the namespace demo.

    `networks`: sought, people, enterprises, arrangements and assets of each; no key is in two networks. `unrelated`:
    people, enterprises, arrangements and assets that belong to none. `paths`: pairs whose shortest connection, apart
    from jurisdictions, is `shortcut`, through the hub `through`, while `chain` is how the asset is really held.
    """
    return {
        "namespace": "demo",
        "networks": [_network(network) for network in world.networks],
        "unrelated": sorted(world.unrelated),
        "paths": [_path(network) for network in world.networks if network.spec.path],
    }


def _network(network: Network) -> dict[str, Any]:
    lists = {kind: sorted(getattr(network, kind)) for kind in ("people", "enterprises", "arrangements", "assets")}
    return {"name": network.name, "sought": [suspect.key for suspect in network.sought], **lists}


def _path(network: Network) -> dict[str, Any]:
    person, asset = network.spec.path
    chain = network.routes[person, asset]
    hub, old = _hub(network), network.key("old")
    return {
        "network": network.name,
        "person": chain[0],
        "asset": chain[-1],
        "chain": chain,
        "shortcut": [chain[0], old, hub, chain[-2], chain[-1]],
        "through": hub,
    }


def _hub(network: Network) -> str:
    """What the old shell and the last company of the chain share: a director, or the agent's address."""
    old = next(step for chain in network.spec.chains for step in parse_chain(chain) if step.label == "old")
    return DIRECTORS[0].key if old.hired else agent_address(old.code)
