"""Is each use case of `kg.operations` found, and imported only when it is asked for?"""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

from kg import findings, operations
from kg.operations import answers


@pytest.mark.parametrize("package", [operations, answers, findings], ids=lambda package: package.__name__)
def test_each_name_is_found_in_the_module_that_has_it(package: ModuleType) -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'nothing'"):
        _ = package.nothing


def test_a_use_case_does_not_import_the_others() -> None:
    code = "import sys; from kg.operations import withdraw; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "kg.operations.ledger.load" in done.stdout.split()
    assert {"kg.reports", "kg.operations.answers", "jinja2", "networkx"}.isdisjoint(done.stdout.split())
