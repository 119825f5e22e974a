"""What does a report look like that has a little of everything, without any graph?"""

from __future__ import annotations

from dataclasses import replace

from kg.findings import Score, ScoreTerm, Share
from kg.reports.cluster_report.model import (
    ClusterLine,
    ClusterPage,
    Count,
    Figures,
    JurisdictionLine,
    Method,
    Report,
    SoughtPerson,
    SourceLine,
)
from kg.reports.cluster_report.report import ALL_INVENTED, NOTES
from kg.reports.cluster_report.sections.ownership import Owned
from kg.reports.cluster_report.sections.red_flags import IndicatorLine, Seen, WarningSign
from kg.reports.cluster_report.sections.stability import Bridge, Firmness, Tried
from kg.reports.cluster_report.summary import Became, Changes, Earlier, Item, Moved
from kg.reports.entries import (
    Accusation,
    AssetEntry,
    Clearance,
    Contradiction,
    Detail,
    Evidence,
    Party,
    Procedure,
    Pursuit,
    Said,
    Statement,
    Step,
    Total,
    Value,
    Where,
)

OFFICE = Evidence(("office",), "", "B", "2", "2015-04-22", "2024-05-31", "", "open", True)
WIRE = Evidence(
    ("press", "mirror"), "wire 7", "", "", "", "2024-05-31", "https://example.org/a?b=1&c=2", "restricted", True
)

WARRANT = Pursuit("w1", "warrant W-17", "Harbour City Prosecutor (China)", "1998-11-03", "", "", True, (OFFICE,))
LISTED = Pursuit("e1", "list entry 5 (The hundred)", "China", "", "", "", True, (OFFICE,))
NOTICE = Pursuit("n1", "red notice A-18/2005", "INTERPOL", "2005", "2012-05-01", "cleared", False, (OFFICE,))
EXPIRED = Pursuit("n2", "green notice B-2", "INTERPOL", "2004", "2009", "expired", False, (OFFICE,))

CHARGED = Accusation("charged", "embezzlement", "Harbour City Prosecutor", "1998-11-03", OFFICE)
ALLEGED = Accusation("alleged", "embezzlement", "", "", WIRE)
CLEARED = Accusation("cleared", "embezzlement", "Harbour City Court", "2012-05", OFFICE)

KIN = Statement("l1", "Ye Min is family of Ye Shuming, relation: daughter", (WIRE,), "0.9")
OWNS = Statement("l2", "Ye Shuming owns Acme Ltd, 51 %", (OFFICE, WIRE), "0.8")
ALONE = Statement("l5", "Mo Lan directs Acme Ltd", (OFFICE,), "0.7")
SAME = Statement("l3", "Acme Ltd is possibly the same as Acme Limited", (), "0.1")

MARKET = Value("flat", "Flat 9", "assets", "market", "2014-06", "1200000", "1500000", "CAD", "gross", (OFFICE,))
FOUND = Value("flat", "Flat 9", "assets", "amount", "", "20000.50", "20000.50", "USD", "", (WIRE,))
TOTALS = (
    Total(
        "CAD",
        "market",
        "gross",
        "assets",
        "1200000",
        "1500000",
        2,
        "2013",
        "2014-06",
        "adds up values of different dates",
    ),
    Total("USD", "amount", "", "enterprises", "20000.50", "20000.50", 1, "", "", ""),
)


def party(name: str, kind: str, role: str, /, **told: object) -> Party:
    """A party about whom nothing is told but `told`."""
    plain: dict[str, object] = {
        "id": name.lower().replace(" ", "-"),
        "name": name,
        "other_names": (),
        "kind": kind,
        "role": role,
        "because": (),
        "because_left_out": 0,
        "details": (),
        "where": (),
        "sources": ("office",),
        "invented": True,
        "pursuits": (),
        "accusations": (),
        "cleared": (),
        "note": "",
    }
    return Party(**{**plain, **told})  # type: ignore[arg-type]  # the test says which fields


PEOPLE = (
    party(
        "Ye Shuming",
        "person",
        "sought",
        other_names=("叶恕明",),
        details=(Detail("birth date", ("1958-03-02", "1959")),),
        where=(
            Where("CN", "China", "citizen of", "", ("office",)),
            Where("", "", "address", "1 Quay Road", ("press",)),
        ),
        pursuits=(WARRANT, LISTED, EXPIRED),
        accusations=(CHARGED, ALLEGED),
    ),
    party(
        "Mo Lan",
        "person",
        "counterparty",
        pursuits=(NOTICE,),
        accusations=(CLEARED,),
        cleared=(
            Clearance("INTERPOL", "2012-05-01", "red notice A-18/2005", (OFFICE,)),
            Clearance("Harbour City Court", "2012-05", "embezzlement", (OFFICE,)),
        ),
    ),
    party("Ye Min", "person", "relative", because=(KIN,), because_left_out=3, note="Not accused in these sources."),
)

TERMS = (
    ("sought", 0.5, 20.0),
    ("assets", 0.1667, 3.33),
    ("signs", 0.5, 10.0),
    ("evidence", 0.9, 9.0),
    ("cohesion", 1, 10),
)

BASE_RATE = "3 of 40 clusters where it can be seen and nobody is sought"
INNOCENT = ("A gift between relatives.", "The day of the offence is only alleged.")
BASIS = "Badges of fraud (1601)."

MOVED = WarningSign(
    "moved_away",
    "Asset moved to kin",
    "A title that went to kin after the inquiry.",
    BASE_RATE,
    INNOCENT,
    BASIS,
    (Seen("to kin on 2005-01-02, 30 days after the notice", ("Flat 9", "Ye Min"), 1, (OWNS, KIN), 2),),
)

BRIDGES = (
    Bridge("l1", KIN.text, KIN.evidence, "", ("Ye Min",)),
    Bridge("l2", OWNS.text, OWNS.evidence, "", ("Acme Ltd", "Mo Lan"), 3),
    Bridge("l3", SAME.text, ()),
    Bridge("l5", ALONE.text, ALONE.evidence),
)

FLAT = AssetEntry(
    id="flat",
    name="Flat 9",
    other_names=("九号公寓",),
    kind="real estate",
    role="asset",
    because=(),
    because_left_out=0,
    details=(Detail("title number", ("T-9",)),),
    where=(Where("CA", "Canada", "located in", "", ("office",)),),
    sources=("office",),
    invented=True,
    held_by=(OWNS,),
    values=(MARKET, FOUND),
    measures=("freeze by Supreme Court (Canada), ordered 2012-03-04",),
    proceeds=(Statement("l4", "Flat 9 is said to be proceeds of embezzlement, converted", (WIRE,)),),
)

ORDER = Procedure(
    "m1",
    "measure: freeze",
    "Order 12/88",
    "Supreme Court (Canada)",
    (Step("ordered", "2012-03-04"), Step("lifted", "2014")),
    (Detail("reason", ("risk of sale",)),),
    ("Flat 9",),
    ("flat",),
    (OFFICE,),
)

CLUSTER = ClusterPage(
    id="c1",
    name="Cluster 1",
    people=PEOPLE,
    enterprises=(party("Acme Ltd", "enterprise", "professional", because=(OWNS,)),),
    arrangements=(party("The Quiet Trust", "arrangement", "arrangement"),),
    assets=(FLAT,),
    values=(MARKET, FOUND),
    totals=TOTALS,
    procedures=(ORDER,),
    jurisdictions=(JurisdictionLine("CA", "Canada", 0, 0, 0, 1), JurisdictionLine("PA", "PA", 1, 1, 1, 0)),
    ties=(KIN, OWNS, SAME),
    ties_left_out=2,
    bridges=BRIDGES,
    bridges_left_out=1,
    circular=(("Acme Ltd", "Bolt Ltd"),),
    circular_cut=True,
    contradictions=(Contradiction("Ye Shuming", "birth date", (Said("1958-03-02", (OFFICE,)), Said("1959", (WIRE,)))),),
    sources=("mirror", "office", "press"),
    score=Score(52.33, tuple(ScoreTerm(*term) for term in TERMS)),
    signs=(MOVED,),
    owned=(
        Owned(
            "flat",
            "Flat 9",
            "ye-shuming",
            "Ye Shuming",
            "sought",
            Share(25.5, 51),
            Share(0, 0),
            ("Acme Ltd",),
            True,
            (OFFICE,),
        ),
        Owned("flat", "Flat 9", "ye-min", "Ye Min", "relative", Share(0, 0), Share(100, 100), (), False, (WIRE,)),
    ),
    firmness=Firmness(18, 2, 6, "60%", (Tried("without the source office", "60%", ("Mo Lan", "Flat 9"), 1, 2),)),
)

FIGURES = Figures(
    people_sought=2,
    sought_in_clusters=1,
    people_cleared=1,
    clusters=2,
    clusters_shown=1,
    assets=2,
    enterprises=1,
    contradictions=1,
    sources=2,
    assets_by_kind=(Count("real estate", 1), Count("vessel", 1)),
    assets_by_jurisdiction=(Count("Canada", 1),),
    sought_by_year=(Count("1998", 1), Count("unknown", 1)),
    totals=TOTALS,
)

REPORT = Report(
    title="Asset clusters",
    date="2024-06-01",
    version="test@1",
    as_of="2024-05-31",
    banner=ALL_INVENTED,
    mark_invented=False,
    notes=NOTES,
    figures=FIGURES,
    people_sought=(
        SoughtPerson("ye-shuming", "Ye Shuming", ("叶恕明",), (WARRANT,), "c1", "Cluster 1", True),
        SoughtPerson("lu", "Lu Hai", (), (LISTED,), "", "", True),
    ),
    clusters=(CLUSTER,),
    other_clusters=(ClusterLine("c2", "Cluster 2", 0, 1, 1, 0, 1),),
    sources=(
        SourceLine("office", "The office of Harbour City", True, 1234, "2024-05-31"),
        SourceLine("reference", "Reference facts", False, 9, "2024-05-30"),
    ),
    method=Method((("resolution", "0.5"), ("seed", "1")), 21, 3000, 20, 28, "0.410"),
    indicators=(IndicatorLine("moved_away", MOVED.title, MOVED.asks, BASE_RATE, INNOCENT, BASIS, 5, 60),),
)

CHANGES = Changes(
    since="2024-05-27",
    version="invented@1",
    first=(
        Item(
            "cleared",
            "Ann Example: cleared by Invented Police, of notice N-1",
            ("court",),
            "c1",
            "Cluster 1",
        ),
    ),
    world=(Item("sought", "Bob Example: by Invented Police since 2024-06-02 under notice N-2", ("court",)),),
    data=(Item("no longer said", "Bob Example owns Flat 9, 10 %", ("register",), "c1", "Cluster 1"),),
    method=(Item("hub degree", "20 before, now 30"),),
    clusters=(
        Became(
            what="merged",
            cluster_id="c1",
            cluster="Cluster 1",
            members=9,
            was=(Earlier("Cluster 2", 6, 5), Earlier("Cluster 7", 3, 3)),
            came=(Moved("Cluster 4 before", 1, ("Lot 7, Invented Street, Harbour City",)),),
            left=(Moved("no cluster", 1, ()),),
            besides=("Bob Example: was counterparty, is sought", "2 ties came"),
            by="records about it",
            records=2,
            sources=("court", "register"),
        ),
        Became(
            "gone",
            "",
            "",
            0,
            (Earlier("Cluster 9", 2, 0),),
            (),
            (Moved("Cluster 1 now", 2, ("A, B", "C")),),
            (),
            "",
            0,
            (),
        ),
        Became("born", "c2", "Cluster 2", 7, (), (Moved("no cluster", 7, ("D",)),), (), (), "time", 0, ()),
    ),
    clusters_counted="4 clusters before, as of 2024-05-27; 2 clusters now, as of 2024-06-03: 1 born, 1 merged; 1 gone.",
    counted=(("court", 2, 0, 1),),
    left_out=3,
)

CHANGED = replace(REPORT, as_of="2024-06-04", front=replace(REPORT.front, changes=CHANGES, missed=("2024-05-20",)))
"""The same report where there was one before."""
