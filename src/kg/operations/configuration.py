"""Which workplace do the settings describe?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.operations.workspace import Workplace, workplace
from kg.stores.neo4j_address import Address

if TYPE_CHECKING:
    from kg.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def workplace_of(settings: Settings) -> Workplace:
    """Where the settings say the graph is, with the scope that they open. Raises InputError for none."""
    protected = settings.scope == "protected"
    place = workplace(settings.store_path, protected=protected, wait=settings.wait, copy=copy_of(settings))
    return replace(place, views=settings.view_cache.expanduser())


def environment_of(place: Workplace) -> dict[str, str]:
    """The environment in which another kg has the same workplace."""
    found = {
        "KG_STORE": f"embedded:{place.path.absolute()}",
        "KG_SCOPE": "protected" if place.protected else "",
        "KG_WAIT": str(place.wait),
    }
    if place.views:
        found["KG_VIEW_CACHE"] = str(place.views.absolute())
    if place.copy:
        found |= {"KG_STORE": place.copy.uri, "KG_LEDGER": str(place.path.absolute())}
        found |= {"KG_NEO4J_USER": place.copy.user, "KG_NEO4J_PASSWORD": place.copy.password}
        found["KG_NEO4J_DATABASE"] = place.copy.database
    return found


def copy_of(settings: Settings) -> Address | None:
    """The Neo4j that the settings name."""
    if not settings.neo4j_uri:
        return None
    password = settings.neo4j_password.get_secret_value() or _own_password(settings)
    return Address(settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database)


def _own_password(settings: Settings) -> str:
    """The password that `kg neo4j` made, if the Neo4j is the one it runs; empty for any other."""
    from kg.neo4j_server.home import Home

    home, asked = Home(settings.neo4j_home), urlsplit(settings.neo4j_uri)
    plan = home.plan()
    ours = plan is not None and asked.hostname in LOOPBACK and (asked.port or 7687) == plan.bolt_port
    return home.password() if ours else ""
