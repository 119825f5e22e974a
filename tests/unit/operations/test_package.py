"""Is each use case of `kg.operations` found, and imported only when it is asked for?"""

from __future__ import annotations

import subprocess
import sys

import pytest

from kg import operations


def test_each_name_is_found_in_the_module_that_has_it() -> None:
    assert sorted(operations.__all__) == sorted(operations._MODULE_OF)
    for name in operations.__all__:
        assert getattr(operations, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = operations.nothing  # type: ignore[attr-defined,unused-ignore]  # the point of the test


def test_a_use_case_does_not_import_the_others() -> None:
    code = "import sys; from kg.operations import withdraw; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "kg.operations.ledger.load" in done.stdout.split()
    assert {"kg.reports", "kg.operations.answers", "jinja2", "networkx"}.isdisjoint(done.stdout.split())
