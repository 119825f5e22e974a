"""Which invented case do the tests of reports tell?"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from kg.database import connect
from kg.findings import Cluster, Clusters, Member, Tie
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ontology import load_ontology
from kg.ports import Store
from kg.records import NO_PROVENANCE, Provenance, Record, Ref, link_id, node_id

DAY = "2024-05-31"

B2 = Provenance(reliability="B", credibility="2", stated="2015-04-22")
WIRE = Provenance(origin="wire report 7", reliability="C", credibility="3", stated="2016-01")
SHEET = Provenance(stated="2014", url="https://example.org/register?a=1&b=2")


def node(key: str, type_: str = "Person", /, said: Provenance = NO_PROVENANCE, **properties: str) -> Record:
    """A record about a node; a property's values are separated by `|`."""
    return Record(key, type_, {name: text.split("|") for name, text in properties.items()}, provenance=said)


def link(text: str, /, key: str = "", said: Provenance = NO_PROVENANCE, **properties: str) -> Record:
    """A record about a link, written `ann OWNS acme`; an end `jurisdiction:CA` is in that namespace."""
    tail, kind, head = text.split()
    values = {name: text.split("|") for name, text in properties.items()}
    return Record(key or text, kind, values, ends=(_ref(tail), _ref(head)), provenance=said)


def _ref(text: str) -> Ref:
    space, found, key = text.rpartition(":")
    return Ref(space if found else "test", key)


OFFICE = [
    node("ye", name="叶 恕明|Ye Shuming", birth_date="1958-03-02", passport_number="G00000001", said=B2),
    node("mo", name="Mo Lan", said=B2),
    node("w1", "Warrant", number="W-1998-17", issued_on="1998-11-03"),
    node("n1", "Notice", kind="red", number="A-17/2005", issued_on="2005-02", issuer="INTERPOL"),
    node("e1", "ListEntry", number="5", list_name="The hundred", issued_on="2015-04-22"),
    node(
        "n2",
        "Notice",
        kind="red",
        number="A-18/2005",
        issuer="INTERPOL",
        issued_on="2005",
        ended_on="2012-05-01",
        end_reason="cleared",
    ),
    node("pb", "Agency", name="Harbour City Prosecutor"),
    node("fraud", "Offence", name="embezzlement from Harbour Steel", conduct="embezzlement"),
    link("ye SOUGHT_UNDER w1", said=B2),
    link("ye SOUGHT_UNDER n1"),
    link("ye SOUGHT_UNDER e1", said=B2),
    link("mo SOUGHT_UNDER n2", said=B2),
    link("w1 ISSUED_BY pb"),
    link("e1 ISSUED_BY jurisdiction:CN"),
    link("pb AGENCY_OF jurisdiction:CN"),
    link("ye ACCUSED_OF fraud", stage="charged", said_by="Harbour City Prosecutor", date="1998-11-03", said=B2),
    link("ye CITIZEN_OF jurisdiction:CN", said=B2),
    link("ye HAS_STATUS_IN jurisdiction:CA", kind="asylum"),
]

REGISTRY = [
    node("kin", name="Ye Min|叶敏", said=SHEET),
    node(
        "acme",
        "Enterprise",
        name="Acme Holdings Ltd",
        registration_number="0099",
        incorporation_date="1999-02",
        valuation="court 2013 5000000 CAD net",
    ),
    node("bolt", "Enterprise", name="Bolt [Trading] `Ltd`"),
    node("trust", "Arrangement", name="The Quiet Trust", kind="trust", governing_law="JE"),
    node(
        "flat",
        "RealEstate",
        name="Flat 9, 1 Quay Road",
        title_number="T-9",
        valuation="purchase 2001-06-01 900000 CAD|market 2014 1200000..1500000 CAD",
    ),
    node("house", "RealEstate", name="House at Elm Row", valuation="market 2012-03 800000 CAD"),
    node("yacht", "Vessel", name="<script>alert(1)</script>", imo="1234567", flag="PA"),
    node(
        "order",
        "Measure",
        kind="freeze",
        name="Order 12/88",
        ordered_on="2012-03-04",
        executed_on="2012-03-05",
        lifted_on="2014",
    ),
    node("court", "Agency", name="Supreme Court"),
    node("quay", "Address", full="1 Quay Road"),
    link("court AGENCY_OF jurisdiction:CA"),
    link("order ORDERED_BY court"),
    link("order TARGETS flat", said=SHEET),
    link("kin FAMILY_OF ye", relation="daughter", said=SHEET),
    link("kin OWNS flat", interest="legal", share="100", said=SHEET),
    link("ye OWNS acme", share="51", said=SHEET),
    link("acme OWNS bolt", share="100", said=SHEET),
    link("bolt OWNS acme", share="49", said=SHEET),
    link("bolt OWNS yacht", said=SHEET),
    link("trust OWNS house", said=SHEET),
    link("ye BENEFITS_FROM trust", entitlement="discretionary", share="0..100", said=SHEET),
    link("mo DIRECTS acme", start_date="1999-02", said=SHEET),
    link("acme REGISTERED_IN jurisdiction:CA"),
    link("flat HAS_ADDRESS quay"),
    link("quay LOCATED_IN jurisdiction:CA"),
    link("house LOCATED_IN jurisdiction:CA"),
]

PRESS = [
    node("ye", name="Ye Shuming", birth_date="1959", said=WIRE),
    node("cash", "Cash", name="Cash in a locker", amount="20000 USD", found_on="2013-01-07"),
    link("ye OWNS cash", said=WIRE),
    link("ye OWNS acme", key="p1", share="30", said=WIRE),
    link("ye ACCUSED_OF fraud", stage="alleged", said_by="The Harbour Post", said=WIRE),
    link("mo ACCUSED_OF fraud", stage="cleared", said_by="Harbour City Court", date="2012-05-01", said=WIRE),
    link("ye PRESENT_IN jurisdiction:CA", how="suspected", date="2015", said=WIRE),
    link("flat PROCEEDS_OF fraud", tracing="converted", said=WIRE),
]
COPY = [link("ye OWNS cash", said=WIRE)]

REFERENCE = [
    node("CA", "Jurisdiction", code="CA", name="Canada|加拿大"),
    node("CN", "Jurisdiction", code="CN", name="China|中国"),
]

MEMBERS = (
    ("ye", "Person", "sought", ()),
    ("kin", "Person", "relative", ("kin FAMILY_OF ye",)),
    ("mo", "Person", "counterparty", ("mo DIRECTS acme",)),
    ("acme", "Enterprise", "enterprise", ("ye OWNS acme", "acme OWNS bolt", "bolt OWNS acme", "mo DIRECTS acme")),
    ("bolt", "Enterprise", "enterprise", ("acme OWNS bolt", "bolt OWNS acme", "bolt OWNS yacht")),
    ("trust", "Arrangement", "arrangement", ("ye BENEFITS_FROM trust", "trust OWNS house")),
    ("flat", "RealEstate", "asset", ("kin OWNS flat",)),
    ("house", "RealEstate", "asset", ("trust OWNS house",)),
    ("yacht", "Vessel", "asset", ("bolt OWNS yacht",)),
    ("cash", "Cash", "asset", ("ye OWNS cash",)),
)


def load_example(path: Path, *, reverse: bool = False, real: Iterable[str] = ("reference",)) -> None:
    """Load the case into a new store at `path`; the sources in `real` are said not to be invented."""
    loads = [
        ("reference", "reference", REFERENCE),
        ("office", "test", OFFICE),
        ("registry", "test", REGISTRY),
        ("press", "test", PRESS),
        ("mirror", "test", COPY),
    ]
    for source, namespace, records in reversed(loads) if reverse else loads:
        load_source(
            path, source, records[::-1] if reverse else records, namespace=namespace, invented=source not in real
        )


def load_source(
    path: Path, source: str, records: Iterable[Record], *, namespace: str = "test", invented: bool = True
) -> None:
    """Load one source."""
    with closing(connect(path, create=True)) as connection:
        title = f"The {source} of Harbour City"
        request = LoadRequest(source, namespace, title, invented, ("test",), DAY)
        Ledger(connection, load_ontology()).load(request, records)


def example_clusters(store: Store, *more: Cluster) -> Clusters:
    """One cluster with everybody in it, as an analysis would find it, and `more`."""
    return Clusters(
        version=store.contents().version,
        as_of=DAY,
        parameters={"resolution": 0.5, "seed": 1},
        nodes_considered=20,
        links_considered=30,
        modularity=0.41,
        clusters=(example_cluster(), *more),
    )


def example_cluster() -> Cluster:
    """Ties fall in weight from the first; every link but the circular holding is a bridge."""
    members = tuple(Member(_node(key), kind, role, tuple(map(_link, why))) for key, kind, role, why in MEMBERS)
    lines = list(dict.fromkeys(text for *_, why in MEMBERS for text in why))
    ties = tuple(_tie(text, 1 - i / 10) for i, text in enumerate(lines))
    circle = (_node("acme"), _node("bolt"))
    bridges = tuple(_link(text) for text in lines if text not in ("acme OWNS bolt", "bolt OWNS acme"))
    return Cluster("c1", "Cluster 1", members, ties, (circle,), bridges)


def small_cluster(number: int) -> Cluster:
    """A cluster of which a report needs only the numbers."""
    members = (Member(_node("mo"), "Person", "counterparty", ()), Member(_node("cash"), "Cash", "asset", ()))
    return Cluster(f"c{number}", f"Cluster {number}", members, (), (), ())


def _node(key: str) -> str:
    return node_id("test", key)


def _link(text: str) -> str:
    return link_id("test", text, "")


def _tie(text: str, weight: float) -> Tie:
    tail, kind, head = text.split()
    return Tie(_link(text), kind, _node(tail), _node(head), weight)
