"""What does a report look like that has a little of everything, without any graph?"""

from __future__ import annotations

from dataclasses import replace

from kg.findings import Score, ScoreTerm, Share
from kg.reports.cluster_report.changes import (
    ChangeGroup,
    ChangeItem,
    ClusterChangeEntry,
    ClusterReference,
    MemberMovement,
    PreviousClusterEntry,
    ReportChanges,
    SourceReference,
    StatusMovement,
    ValueChange,
)
from kg.reports.cluster_report.model import (
    ClusteringMethod,
    ClusterSection,
    ClusterTableRow,
    KeyFigures,
    NamedCount,
    NamedTimeline,
    Report,
    SoughtPerson,
    SourceTableRow,
)
from kg.reports.cluster_report.report import ALL_INVENTED, NOTES
from kg.reports.cluster_report.sections.jurisdictions import JurisdictionMemberCounts
from kg.reports.cluster_report.sections.ownership import OwnershipEntry
from kg.reports.cluster_report.sections.red_flags import IndicatorSummary, RedFlagEntry, RedFlagInstance
from kg.reports.cluster_report.sections.stability import Bridge, ClusterStabilityEntry, StabilityTrialEntry
from kg.reports.cluster_report.summary import (
    ActionItem,
    ClusterHeadline,
    JurisdictionTotal,
    ReportSummary,
    StatusTotal,
)
from kg.reports.entries import (
    Accusation,
    AssetEntry,
    AssetValue,
    Clearance,
    ContradictingValue,
    ContradictionEntry,
    Detail,
    EvidenceEntry,
    ExhibitEntry,
    JurisdictionLink,
    LinkStatement,
    PartyEntry,
    Procedure,
    ProcedureStep,
    Pursuit,
    ValueTotal,
)

OFFICE = EvidenceEntry(("office",), "", "B", "2", "2015-04-22", "2024-05-31", "", "open", True)
EXTRACT = replace(OFFICE, origin="Extract 7", page="12", url="https://example.org/7")
WIRE = EvidenceEntry(
    ("press", "mirror"), "wire 7", "", "", "", "2024-05-31", "https://example.org/a?b=1&c=2", "restricted", True
)

WARRANT = Pursuit("w1", "warrant W-17", "Harbour City Prosecutor (China)", "1998-11-03", "", "", True, (OFFICE,))
LISTED = Pursuit("e1", "list entry 5 (The hundred)", "China", "", "", "", True, (OFFICE,))
NOTICE = Pursuit("n1", "red notice A-18/2005", "INTERPOL", "2005", "2012-05-01", "cleared", False, (OFFICE,))
EXPIRED = Pursuit("n2", "green notice B-2", "INTERPOL", "2004", "2009", "expired", False, (OFFICE,))

CHARGED = Accusation(
    "charged",
    "embezzlement",
    "Harbour City Prosecutor",
    "1998-11-03",
    OFFICE,
    "charged by Harbour City Prosecutor since 1998-11-03: embezzlement",
    "o1",
)
ALLEGED = Accusation(
    "alleged", "embezzlement", "", "", WIRE, "alleged by press and mirror, on an unknown day: embezzlement", "o1"
)
CLEARED = Accusation(
    "cleared",
    "embezzlement",
    "Harbour City Court",
    "2012-05",
    OFFICE,
    "cleared by Harbour City Court in 2012-05: embezzlement",
    "o1",
)

KIN = LinkStatement("l1", "Ye Min is family of Ye Shuming, relation: daughter", (WIRE,), "0.9")
OWNS = LinkStatement("l2", "Ye Shuming owns Acme Ltd, 51 %", (OFFICE, WIRE), "0.8")
ALONE = LinkStatement("l5", "Mo Lan directs Acme Ltd", (OFFICE,), "0.7")
SAME = LinkStatement("l3", "Acme Ltd is possibly the same as Acme Limited", (), "0.1")

MARKET = AssetValue("flat", "Flat 9", "assets", "market", "2014-06", "1200000", "1500000", "CAD", "gross", (OFFICE,))
FOUND = AssetValue("flat", "Flat 9", "assets", "amount", "", "20000.50", "20000.50", "USD", "", (WIRE,))
TOTALS = (
    ValueTotal(
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
    ValueTotal("USD", "amount", "", "enterprises", "20000.50", "20000.50", 1, "", "", ""),
)


def party_entry(name: str, kind: str, role: str, /, **told: object) -> PartyEntry:
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
    return PartyEntry(**{**plain, **told})  # type: ignore[arg-type]  # the test says which fields


PEOPLE = (
    party_entry(
        "Ye Shuming",
        "person",
        "sought",
        other_names=("叶恕明",),
        details=(Detail("birth date", ("1958-03-02", "1959"), ((EXTRACT,), (WIRE,))),),
        where=(
            JurisdictionLink("CN", "China", "citizen of", "", ("office",)),
            JurisdictionLink("", "", "address", "1 Quay Road", ("press",)),
        ),
        pursuits=(WARRANT, LISTED, EXPIRED),
        accusations=(CHARGED, ALLEGED),
    ),
    party_entry(
        "Mo Lan",
        "person",
        "counterparty",
        pursuits=(NOTICE,),
        accusations=(CLEARED,),
        cleared=(
            Clearance("INTERPOL", "2012-05-01", "red notice A-18/2005", (OFFICE,), "n1"),
            Clearance("Harbour City Court", "2012-05", "embezzlement", (OFFICE,), "o1"),
        ),
    ),
    party_entry(
        "Ye Min", "person", "relative", because=(KIN,), because_left_out=3, note="Not accused in these sources."
    ),
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

MOVED = RedFlagEntry(
    "moved_away",
    "Asset moved to kin",
    "A title that went to kin after the inquiry.",
    BASE_RATE,
    INNOCENT,
    BASIS,
    (RedFlagInstance("to kin on 2005-01-02, 30 days after the notice", ("Flat 9", "Ye Min"), 1, (OWNS, KIN), 2),),
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
    details=(Detail("title number", ("T-9",), ((EXTRACT,),)),),
    where=(JurisdictionLink("CA", "Canada", "located in", "", ("office",)),),
    sources=("office",),
    invented=True,
    held_by=(OWNS,),
    values=(MARKET, FOUND),
    measures=("freeze by Supreme Court (Canada), ordered 2012-03-04",),
    proceeds=(LinkStatement("l4", "Flat 9 is said to be proceeds of embezzlement, converted", (WIRE,)),),
)

ORDER = Procedure(
    "m1",
    "measure: freeze",
    "Order 12/88",
    "Supreme Court (Canada)",
    (ProcedureStep("ordered", "2012-03-04"), ProcedureStep("lifted", "2014")),
    (Detail("reason", ("risk of sale",)),),
    ("Flat 9",),
    ("flat",),
    (OFFICE,),
)

CLUSTER = ClusterSection(
    id="c1",
    name="Cluster 1",
    people=PEOPLE,
    enterprises=(party_entry("Acme Ltd", "enterprise", "professional", because=(OWNS,)),),
    arrangements=(party_entry("The Quiet Trust", "arrangement", "arrangement"),),
    assets=(FLAT,),
    values=(MARKET, FOUND),
    totals=TOTALS,
    procedures=(ORDER,),
    jurisdictions=(
        JurisdictionMemberCounts("CA", "Canada", 0, 0, 0, 1),
        JurisdictionMemberCounts("PA", "PA", 1, 1, 1, 0),
    ),
    ties=(KIN, OWNS, SAME),
    ties_left_out=2,
    bridges=BRIDGES,
    bridges_left_out=1,
    circular=(("Acme Ltd", "Bolt Ltd"),),
    circular_cut=True,
    contradictions=(
        ContradictionEntry(
            "Ye Shuming",
            "birth date",
            (ContradictingValue("1958-03-02", (OFFICE,)), ContradictingValue("1959", (WIRE,))),
            ("ye-shuming",),
        ),
    ),
    exhibits=(
        ExhibitEntry(
            "deed", "Deed of sale", "Flat 9", "flat", "", "", ("3",), "application/pdf", "2048", "ab" * 32, (OFFICE,)
        ),
    ),
    sources=("mirror", "office", "press"),
    score=Score(52.33, tuple(ScoreTerm(*term) for term in TERMS)),
    signs=(MOVED,),
    owned=(
        OwnershipEntry(
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
        OwnershipEntry(
            "flat", "Flat 9", "ye-min", "Ye Min", "relative", Share(0, 0), Share(100, 100), (), False, (WIRE,)
        ),
    ),
    firmness=ClusterStabilityEntry(
        18, 2, 6, "60%", (StabilityTrialEntry("without the source office", "60%", ("Mo Lan", "Flat 9"), 1, 2),)
    ),
)

FIGURES = KeyFigures(
    people_sought=2,
    sought_in_clusters=1,
    people_cleared=1,
    clusters=2,
    clusters_shown=1,
    assets=2,
    held_formerly=0,
    enterprises=1,
    contradictions=1,
    sources=2,
    assets_by_status=(NamedCount("identified, not restrained", 1), NamedCount("restrained", 1)),
    assets_by_jurisdiction=(NamedCount("Canada", 1),),
    events=(
        NamedTimeline("Alleged offences", ((1998, 1),)),
        NamedTimeline("Acts of authorities", ((1998, 2), (2012, 1))),
    ),
)

RESTRAINT = ActionItem(
    "2024-05-29",
    -3,
    "3 days overdue",
    "Renew before it lapses: restraint of Flat 9",
    ("Flat 9",),
    "Supreme Court (Canada)",
    "c1",
    "Cluster 1",
    (OFFICE,),
    notes=("Bo Example: relative, not accused in these sources",),
    names_them=True,
)
ACTIONS = (
    RESTRAINT,
    ActionItem("2024-06-05", 4, "in 4 days", "Chase the reply: R-1", ("Flat 9",), "CA", "c1", "Cluster 1", (WIRE,)),
    ActionItem("2024-07", 30, "in 30 days at the earliest", "Limitation period ends: theft", ("Lu",), "", "", "", ()),
    ActionItem(
        "",
        152,
        "152 days without an answer",
        "Chase the reply: R-2",
        ("Ye Min",),
        "PA",
        "c1",
        "Cluster 1",
        (OFFICE,),
        since="2024-01-01",
    ),
)

FRONT = ReportSummary(
    leading=(
        ClusterHeadline(
            "c1",
            "Cluster 1",
            "Sought",
            ("Ye Shuming", "叶恕明 (Ye Ming)"),
            1,
            (
                "sought by Harbour City Prosecutor (China) since 1998-11-03",
                "sought by Harbour City Prosecutor (China) since an unknown day",
            ),
            1,
            0,
            ("Canada (1)",),
            ("restrained: CAD 1.2 M to 1.5 M", "alleged loss: CNY 5 M"),
            ("office", "press"),
        ),
    ),
    actions=ACTIONS,
    apart=(
        StatusTotal("alleged", "CNY", "5000000", "5000000", 1),
        StatusTotal("held", "CAD", "20000", "20000", 1),
        StatusTotal("restrained", "CAD", "1200000", "1500000", 1),
    ),
    without_value=(("held", 2),),
    by_jurisdiction=(
        JurisdictionTotal("Canada", "CAD", "1220000", "1520000", 2, 0),
        JurisdictionTotal("none is known", "", "0", "0", 0, 2),
    ),
)

REPORT = Report(
    title="Asset clusters",
    date="2024-06-01",
    version="test@1",
    as_of="2024-05-31",
    banner=ALL_INVENTED,
    mark_invented=False,
    notes=NOTES,
    front=FRONT,
    figures=FIGURES,
    people_sought=(
        SoughtPerson("ye-shuming", "Ye Shuming", ("叶恕明",), (WARRANT,), "c1", "Cluster 1", True),
        SoughtPerson("lu", "Lu Hai", (), (LISTED,), "", "", True),
    ),
    clusters=(CLUSTER,),
    other_clusters=(ClusterTableRow("c2", "Cluster 2", "Bolt Ltd", 0, 1, 1, 0, 1),),
    sources=(
        SourceTableRow("office", "The office of Harbour City", True, 1234, "2024-05-31"),
        SourceTableRow("reference", "Reference facts", False, 9, "2024-05-30"),
    ),
    method=ClusteringMethod((("resolution", "0.5"), ("seed", "1")), 21, 3000, 20, 28, "0.410"),
    indicators=(IndicatorSummary("moved_away", MOVED.title, MOVED.asks, BASE_RATE, INNOCENT, BASIS, 5, 60),),
)

CHANGES = ReportChanges(
    since="2024-05-27",
    version="invented@1",
    groups=(
        ChangeGroup(
            "enforcement",
            "Measures, requests, proceedings and people wanted",
            (
                ChangeItem(
                    "lifted",
                    "Freeze 7 (measure), concerning Flat 9: lifted 2024-06-01",
                    (SourceReference("court", "The court of Harbour City"),),
                    tuple(ClusterReference(f"c{n}", f"Cluster {n}") for n in range(1, 8)),
                    "2024-06-01",
                    "2024-06-02",
                    (ValueChange("lifted", (), ("2024-06-01",)),),
                    ("Flat 9, CAD 1,200,000: restrained before, now no measure in force",),
                    ("Bo Example: relative, not accused in these sources",),
                ),
                ChangeItem("cleared", "Ann Example: cleared by Invented Police, of notice N-1"),
            ),
        ),
        ChangeGroup(
            "assets",
            "Assets, values, ownership, control and payments",
            (
                ChangeItem(
                    "no longer reported",
                    "Bob Example owns Flat 9, 10 %",
                    (SourceReference("register", ""), SourceReference("press", "press")),
                    (ClusterReference("c1", "Cluster 1"),),
                ),
            ),
        ),
    ),
    values=(
        StatusMovement("held", "identified, not restrained", "CAD", "", "", 0, "1200000", "1500000", 1),
        StatusMovement("restrained", "restrained", "CAD", "1200000", "1500000", 1, "", "", 0),
    ),
    method=(ChangeItem("hub degree", "20 before, now 30"),),
    clusters=(
        ClusterChangeEntry(
            what="merged",
            cluster_id="c1",
            cluster="Cluster 1",
            members=9,
            was=(PreviousClusterEntry("Cluster 2", 6, 5), PreviousClusterEntry("Cluster 7", 3, 3)),
            came=(MemberMovement("Cluster 4 before", 1, ("Lot 7, Invented Street, Harbour City",)),),
            left=(MemberMovement("no cluster", 1, ()),),
            besides=("Bob Example: role changed from counterparty to sought", "2 links added"),
            by="records about it",
            records=2,
            sources=("court", "register"),
        ),
        ClusterChangeEntry(
            "gone",
            "",
            "",
            0,
            (PreviousClusterEntry("Cluster 9", 2, 0),),
            (),
            (MemberMovement("Cluster 1 now", 2, ("A, B", "C")),),
            (),
            "",
            0,
            (),
        ),
        ClusterChangeEntry(
            "born", "c2", "Cluster 2", 7, (), (MemberMovement("no cluster", 7, ("D",)),), (), (), "time", 0, ()
        ),
    ),
    clusters_counted="4 clusters before, as of 2024-05-27; 2 clusters now, as of 2024-06-03: 1 born, 1 merged; 1 gone.",
    counted=(("court", 2, 0, 1),),
)

CHANGED = replace(REPORT, as_of="2024-06-04", front=replace(FRONT, changes=CHANGES, missed=("2024-05-20",)))
"""The same report where there was one before."""
