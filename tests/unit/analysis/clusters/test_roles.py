"""Is each member called what the links say it is?"""

from __future__ import annotations

import pytest

from kg.analysis.clusters import ClusterParameters, asset_clusters
from tests.builders import graph


def roles(*lines: str, sought: tuple[str, ...] = (), parameters: ClusterParameters | None = None) -> dict[str, str]:
    """Node to role, over all clusters."""
    found = asset_clusters(graph(*lines, sought=sought), parameters or ClusterParameters())
    return {m.id: m.role for cluster in found.clusters for m in cluster.members}


def because(name: str, *lines: str, sought: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The links that give a node its role."""
    found = asset_clusters(graph(*lines, sought=sought))
    return next(m.because for cluster in found.clusters for m in cluster.members if m.id == name)


def test_only_who_is_sought_is_called_so() -> None:
    lines = ("ann SOUGHT_UNDER w:Warrant", "ann OWNS flat", "bob SOUGHT_UNDER v:Notice end=2003", "bob OWNS flat")
    assert roles(*lines, sought=("ann",)) == {"ann": "sought", "bob": "counterparty", "flat": "asset"}
    assert because("ann", *lines, sought=("ann",)) == ("ann SOUGHT_UNDER w",)


def test_a_warrant_that_is_over_is_no_reason_to_be_called_sought() -> None:
    lines = ("ann SOUGHT_UNDER w:Warrant", "ann SOUGHT_UNDER old:Notice end=2003", "ann OWNS flat")
    assert because("ann", *lines, sought=("ann",)) == ("ann SOUGHT_UNDER w",)


def test_kin_of_a_sought_member_is_a_relative_either_way_round() -> None:
    lines = ("ann OWNS flat", "ann FAMILY_OF kid", "mum FAMILY_OF ann", "kid FAMILY_OF pal")
    assert roles(*lines, sought=("ann",)) == {
        "ann": "sought",
        "kid": "relative",
        "mum": "relative",
        "pal": "counterparty",
        "flat": "asset",
    }


def test_the_legal_owner_of_what_benefits_another_is_a_nominee() -> None:
    lines = ("bob OWNS flat interest=legal", "ann OWNS flat interest=beneficial")
    assert roles(*lines) == {"ann": "counterparty", "bob": "nominee", "flat": "asset"}
    assert because("bob", *lines) == ("ann OWNS flat", "bob OWNS flat")


@pytest.mark.parametrize(
    "other",
    ["ann OWNS flat", "bob OWNS flat interest=beneficial", "ann OWNS flat interest=beneficial end=1999"],
)
def test_the_legal_owner_is_no_nominee_while_nobody_else_benefits(other: str) -> None:
    assert roles("bob OWNS flat interest=legal start=2001", "kim MANAGES flat", other)["bob"] == "counterparty"


def test_a_person_who_is_trustee_is_a_nominee_and_a_trust_company_is_a_professional() -> None:
    lines = ("bob TRUSTEE_OF trust", "firm:Enterprise TRUSTEE_OF trust", "ann SETTLED trust", "trust OWNS flat")
    assert roles(*lines) == {
        "ann": "counterparty",
        "bob": "nominee",
        "firm": "professional",
        "trust": "arrangement",
        "flat": "asset",
    }


def test_who_serves_many_enterprises_of_several_clusters_is_a_professional() -> None:
    lines = [f"boss{i} OWNS co{i}" for i in range(12)] + [f"pro DIRECTS co{i}" for i in range(12)]
    apart = ClusterParameters(resolution=0.2, professional_enterprises=12)
    assert roles(*lines, "pro OWNS van", parameters=apart)["pro"] == "professional"
    assert roles(*lines, "pro OWNS van", parameters=ClusterParameters(resolution=0.0001))["pro"] == "counterparty"


def test_a_professional_is_shown_with_as_many_links_as_it_takes() -> None:
    lines = [f"boss{i} OWNS co{i:03}" for i in range(300)] + [f"pro DIRECTS co{i:03}" for i in range(300)]
    assert because("pro", *lines, "pro OWNS van") == tuple(f"pro DIRECTS co{i:03}" for i in range(10))


def test_a_party_of_unknown_kind_is_a_counterparty() -> None:
    assert roles("x:Party OWNS flat", "a:Agency OWNS flat") == {
        "a": "counterparty",
        "x": "counterparty",
        "flat": "asset",
    }


def test_a_sought_person_is_sought_first_whatever_else_they_are() -> None:
    lines = ("ann OWNS flat interest=legal", "bob OWNS flat interest=beneficial", "ann FAMILY_OF bob")
    assert roles(*lines, sought=("ann", "bob")) == {"ann": "sought", "bob": "sought", "flat": "asset"}
    assert roles(*lines, sought=("bob",)) == {"ann": "nominee", "bob": "sought", "flat": "asset"}
