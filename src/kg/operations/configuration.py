"""Which workspace do the settings describe?"""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.operations.workspace import Progress, Workspace, no_progress
from kg.stores.neo4j_address import Neo4jAddress

if TYPE_CHECKING:
    from kg.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def configured_workspace(settings: Settings, progress: Progress = no_progress) -> Workspace:
    """The workspace that the settings describe, with their scope. Raises InputError where they name no store."""
    return Workspace(
        settings.store_path,
        protected=settings.scope == "protected",
        wait=settings.wait,
        progress=progress,
        neo4j=neo4j_address(settings),
        view_cache=settings.view_cache.expanduser(),
        user=settings.user.strip() or system_user(),
        two_eyes=settings.two_eyes,
        readers=settings.readers,
        requesting=settings.requesting.strip(),
    )


def system_user() -> str:
    """The name of the system's user, or its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"uid {os.getuid()}"


def workspace_environment(workspace: Workspace) -> dict[str, str]:
    """The environment variables that give another kg process the same workspace."""
    found = {
        "KG_STORE": f"embedded:{workspace.path.absolute()}",
        "KG_SCOPE": "protected" if workspace.protected else "",
        "KG_WAIT": str(workspace.wait),
        "KG_USER": workspace.user,
        "KG_TWO_EYES": "1" if workspace.two_eyes else "0",
        "KG_REQUESTING": workspace.requesting,
    }
    if workspace.readers is not None:
        found["KG_READERS"] = str(workspace.readers)
    if workspace.view_cache:
        found["KG_VIEW_CACHE"] = str(workspace.view_cache.absolute())
    if workspace.neo4j:
        found |= {"KG_STORE": workspace.neo4j.uri, "KG_LEDGER": str(workspace.path.absolute())}
        found |= {"KG_NEO4J_USER": workspace.neo4j.user, "KG_NEO4J_PASSWORD": workspace.neo4j.password}
        found["KG_NEO4J_DATABASE"] = workspace.neo4j.database
    return found


def neo4j_address(settings: Settings) -> Neo4jAddress | None:
    """The Neo4j that the settings name."""
    if not settings.neo4j_uri:
        return None
    password = settings.neo4j_password or _local_server_password(settings)
    return Neo4jAddress(settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database)


def _local_server_password(settings: Settings) -> str:
    """The password that `kg neo4j` made, if the Neo4j is the one it runs; empty for any other."""
    from kg.neo4j_server.home import ServerHome

    home, asked = ServerHome(settings.neo4j_home), urlsplit(settings.neo4j_uri)
    plan = home.options()
    ours = plan is not None and asked.hostname in LOOPBACK and (asked.port or 7687) == plan.bolt_port
    return home.password() if ours else ""
