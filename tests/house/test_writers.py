"""Does every module that writes a file do it through `kg.files`?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import ROOT, python_files, relative_path

WRITER = "src/kg/files.py"

ALLOWED = {
    "api/kg_api/middleware/audit.py": "appends to the audit log under its lock, and renames it",
    "src/kg/cli/errors.py": "opens the null device in place of an output that nobody reads",
    "src/kg/queries/pack.py": "packs an archive in memory",
    "src/kg/operations/store/restore.py": "locks bytes of a store that SQLite cannot read, and writes none",
    "src/kg/exports/target.py": "compresses into a file that kg.files opened",
}
"""Modules that call something of the kind themselves, and why."""

METHODS = {"write_text", "write_bytes", "rename", "symlink_to", "hardlink_to", "touch", "tofile"}
FUNCTIONS = {
    *(f"os.{name}" for name in ("replace", "rename", "renames", "truncate", "link", "symlink", "mkfifo", "mknod")),
    *(f"shutil.{name}" for name in ("copy", "copy2", "copyfile", "move")),
    *(f"tempfile.{name}" for name in ("NamedTemporaryFile", "mkstemp")),
    *(f"np.{name}" for name in ("savez", "savez_compressed", "savetxt", "memmap")),
    "gzip.open",
    "gzip.GzipFile",
    "zipfile.ZipFile",
}
NP_SAVE_TO = "file"
"""What numpy may save arrays to: a file that `kg.files` opened."""

WRITING_FLAGS = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC"}


def writes(source: str) -> Iterator[str]:
    """Each call that opens, makes or renames a file, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is_write(node):
            yield f"{node.lineno}: {ast.unparse(node)[:80]}"


def _is_write(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    if name in ("gzip.GzipFile", "gzip.open", "zipfile.ZipFile"):
        return bool(set("wax") & set(_mode(call)))
    if name in FUNCTIONS and not (name.startswith("np.save") and _saves_to_open_file(call)):
        return True
    if name == "np.save":
        return not _saves_to_open_file(call)
    if name == "os.open":
        return any(isinstance(n, ast.Attribute) and n.attr in WRITING_FLAGS for a in call.args for n in ast.walk(a))
    method = name.rpartition(".")[2]
    if "." not in name and name != "open":
        return False
    if method == "open":
        return bool(set("wax+") & set(_mode(call)))
    # Texts have a `replace` of two arguments, paths one of a single argument.
    return method in METHODS or (method == "replace" and len(call.args) == 1 and not call.keywords)


def _mode(call: ast.Call) -> str:
    """The mode among the arguments; empty for reading."""
    of_path = isinstance(call.func, ast.Attribute) and not ast.unparse(call.func).startswith(("gzip", "zipfile", "io."))
    given = [*call.args[0 if of_path else 1 :], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    texts = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return next((text for text in texts if text and set(text) <= set("rwaxbt+")), "")


def _saves_to_open_file(call: ast.Call) -> bool:
    return isinstance(call.args[0], ast.Name) and call.args[0].id == NP_SAVE_TO


MODULES = [path for path in python_files("src/kg", "api/kg_api") if relative_path(path) not in {WRITER, *ALLOWED}]


def test_no_module_but_one_opens_files_for_writing() -> None:
    found = [f"{relative_path(path)}:{line}" for path in MODULES for line in writes(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("name", ALLOWED)
def test_an_exception_is_still_needed(name: str) -> None:
    assert list(writes((ROOT / name).read_text(encoding="utf-8"))) != []


@pytest.mark.parametrize(
    "code",
    [
        'open("a", "w")',
        'path.open("wb")',
        'path.open(mode="xb")',
        'path.open("r+b")',
        "path.write_text(text)",
        "(folder / name).write_bytes(content)",
        "os.replace(a, b)",
        "hidden.replace(target)",
        "path.rename(other)",
        "np.save(folder / name, array)",
        "os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)",
        'gzip.open(path, "wt")',
        "shutil.copyfile(a, b)",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert list(writes(code)) != []


@pytest.mark.parametrize(
    "code",
    ['open("a")', 'path.open("rb")', 'text.replace("a", "b")', "os.open(path, os.O_RDONLY)", "np.save(file, array)"],
)
def test_reading_is_no_write(code: str) -> None:
    assert list(writes(code)) == []
