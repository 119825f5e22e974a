"""Does the example that docs/tables.md shows load as it says?"""

from __future__ import annotations

import re
from pathlib import Path

from kg.ontology import load_ontology
from kg.records import Ref
from kg.sources import ReadContext
from kg.sources.connector import load_connector
from kg.sources.tabular.conversions import CONVERSIONS
from tests.house.tree import ROOT
from tests.sources.read_results import NAMESPACE, records, rejects

PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_gives_what_it_says(tmp_path: Path) -> None:
    companies, holders = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    [declaration] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    for name, text in (("companies.csv", companies), ("holders.csv", holders), ("registry.toml", declaration)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    connector = load_connector(tmp_path / "registry.toml")
    files = [tmp_path / "companies.csv", tmp_path / "holders.csv"]
    made = list(connector.read(files, ReadContext(load_ontology(), NAMESPACE)))
    assert rejects(made) == []
    found = records(made)
    loom, trust = found["77", ""], found["78", ""]
    assert (loom.type, trust.type) == ("Enterprise", "Arrangement")
    assert loom.properties["incorporation_date"] == ["1997-01-03"]
    assert (loom.provenance.url, loom.provenance.reliability) == ("https://example.org/register/77", "B")
    links = {(r.type, *(e.key for e in r.ends)): r.properties for r in found.values() if r.ends}
    assert links == {
        ("REGISTERED_IN", "77", "VG"): {},
        ("LOCATED_IN", "77", "HK"): {},
        ("LOCATED_IN", "77", "WS"): {},
        ("OWNS", "holder:Ann Example", "77"): {
            "share": ["50.5 %"],
            "start_date": ["2004-03-01"],
            "role": ["owner"],
        },
        ("OWNS", "77", "holder:Cedar Settlement"): {"role": ["owned by"]},
        ("ASSOCIATED_WITH", "holder:Ann Example", "77"): {"relation": ["adviser"]},
    }
    assert Ref(NAMESPACE, "77") in {e for r in found.values() for e in r.ends or ()}


def test_every_conversion_is_on_the_page() -> None:
    assert [name for name in CONVERSIONS if f"`{name}`" not in PAGE] == []
