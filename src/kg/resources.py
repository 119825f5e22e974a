"""The data files of the package, and its version."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from kg.errors import NotFound

_HERE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """The folder `graph` or `cypher`: inside the installed package, else in the checkout.

    Raises NotFound when neither exists.
    """
    for base in (_HERE / "_data", _HERE.parent.parent):
        if (base / name).is_dir():
            return base / name
    raise NotFound(f"the folder {name!r} is missing from this installation of kg")


@cache
def installed_version() -> str:
    """The version of kg that is installed; looked up once, which reads the metadata of the package."""
    from importlib.metadata import version

    return version("kg-investigations")


@cache
def code_digest() -> str:
    """A digest of the version of kg, its code and its data: what another one has read may be read otherwise by it."""
    whole = blake2b(installed_version().encode(), digest_size=16)
    for folder, pattern in ((_HERE, "*.py"), (data_dir("graph"), "*.*")):
        for path in sorted(filter(Path.is_file, folder.rglob(pattern))):
            whole.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def checkout_dir() -> Path | None:
    """The root of the source checkout this package runs from; None when it is installed."""
    root = _HERE.parent.parent
    return root if (root / "graph" / "ontology").is_dir() and (root / "pyproject.toml").is_file() else None
