"""Does anything that the description allows, or forbids, break the service or get an answer it does not know?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kg.operations import Workspace
from tests.api.service_client import run_service
from tests.stores import link, load, node

EXAMPLES = 8
"""Of each operation that are drawn, beside those that the description has and those at the limits of its schemas. They
are the same ones in every run."""

FINE = ["2xx", "304", "307", "404", "409", "422", "504"]
"""What a request may be answered that fits the schema: no schema says which types, days or names there are, nor how
many seconds a question takes."""


TOO_LONG = ["413", "414"]
"""What a request that does not fit the schema may be answered besides: one that is too long is not read."""


@pytest.fixture(scope="module")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """The description of the service over a few records."""
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    project = ProjectConfig(
        generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True),
        checks=ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=FINE)),
    )
    project.checks.negative_data_rejection.expected_statuses += TOO_LONG
    project.checks.not_a_server_error.expected_statuses += ["504"]  # the seconds that it was given are over
    config = SchemathesisConfig(projects=ProjectsConfig(default=project), seed=1)
    with run_service(Workspace(path)) as client:
        client.get("/openapi.json")  # made once, and schemathesis waits for ten seconds only
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{client.port}/openapi.json", config=config)


schema = schemathesis.pytest.from_fixture("hunted")


@schema.parametrize()
def test_nothing_breaks_the_service_or_gets_an_answer_that_is_not_described(case: schemathesis.Case[Any]) -> None:
    refused: list[Any] = (
        [positive_data_acceptance] if case.operation.path == "/v1/judgements" else []
    )  # nobody may judge here
    headers = {"Sec-Fetch-Site": "same-origin"}  # as browsers say of the page of the service
    case.call_and_validate(headers=headers, excluded_checks=refused)
