"""Does each module say what is in it, and each suppression why it is there?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import python_files, relative_path

# errors.py draws its tree there.
LONGER_DOCSTRING = {"src/kg/errors.py"}

SUPPRESSION = re.compile(r"#\s*(type:\s*ignore|noqa|ruff:\s*noqa|mypy:|fmt:\s*(off|skip)|pragma:)", re.IGNORECASE)
WITH_REASON = re.compile(r"# (type: ignore\[[\w, -]+\]|noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*)  # \S+ \S+.*")


@pytest.mark.parametrize("path", python_files("src/kg", "api/kg_api"), ids=relative_path)
def test_a_modules_docstring_is_one_line_that_says_what_is_in_it(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first, *more = docstring.splitlines() or [""]
    assert first.endswith(("?", "."))
    assert not more or relative_path(path) in LONGER_DOCSTRING


def test_every_suppression_names_its_rule_and_its_reason() -> None:
    modules = python_files("src", "api", "tests", "bench", ".ci")
    bare = [
        f"{relative_path(path)}:{line}: {comment}"
        for path in modules
        for line, comment in _comments(path)
        if SUPPRESSION.search(comment) and not WITH_REASON.fullmatch(comment)
    ]
    assert bare == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: E501",
        "# type: ignore",
        "# type: ignore[arg-type]",
        "# ruff: noqa: E501  # generated elsewhere",
        "# mypy: ignore-errors",
    ],
)
def test_a_suppression_without_a_reason_is_seen(comment: str) -> None:
    assert SUPPRESSION.search(comment)
    assert not WITH_REASON.fullmatch(comment)


@pytest.mark.parametrize(
    "comment",
    ["# noqa: PLR0913  # one flag a parameter", "# type: ignore[no-untyped-call]  # the package has no types"],
)
def test_a_suppression_with_rule_and_reason_is_accepted(comment: str) -> None:
    assert WITH_REASON.fullmatch(comment)


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    """The comments of a module that may suppress something, with their lines."""
    text = path.read_text(encoding="utf-8")
    if not SUPPRESSION.search(text):
        return  # no comment of it does; to take every module apart takes long
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
