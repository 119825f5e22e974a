"""How does a test write down a case, and ask which routes there are? Everybody in it is invented."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from kg.analysis.clusters import asset_clusters
from kg.analysis.routes import REQUIRED_COLUMNS, RouteQuestion, find_legal_routes
from kg.findings import PersonRoutes, RouteAnswer
from kg.law import LawBook, load_law
from kg.operations.questions.legal import owner_shares
from kg.records import NO_PROVENANCE, Provenance, Record, Ref
from tests.stores import load, store

PLACES = ("CN", "HK", "US", "CA", "NZ", "AU", "TH", "FR", "MH", "SG", "VG", "GB", "CH", "KZ", "PH", "KR", "JP")
GRADED = Provenance(reliability="B", credibility="2")


def determination(fact: str, answer: str, about: str = "ann", said: Provenance = GRADED, **more: str) -> list[Record]:
    """Somebody's answer to a question about a person or asset."""
    key = "-".join((fact, answer, about, *more.values()))
    told = node(key, "Determination", said=said, fact=fact, answer=answer, **more)
    return [told, Record(f"{key}-of", "DETERMINES", {}, ends=(_ref(key), _ref(about)), provenance=said)]


def node(key: str, type_: str = "Person", /, said: Provenance = NO_PROVENANCE, **properties: str) -> Record:
    """A record about a node."""
    return Record(key, type_, {name: [text] for name, text in properties.items()}, provenance=said)


def link(text: str, /, key: str = "", said: Provenance = NO_PROVENANCE, **properties: str) -> Record:
    """A record about a link, written `ann OWNS house`; an end `jurisdiction:US` is in that namespace."""
    tail, kind, head = text.split()
    values = {name: [value] for name, value in properties.items()}
    return Record(key or text, kind, values, ends=(_ref(tail), _ref(head)), provenance=said)


def _ref(text: str) -> Ref:
    space, found, key = text.rpartition(":")
    return Ref(space if found else "test", key)


def case(*more: Record | Sequence[Record], without: Iterable[str] = (), requesting: str = "CN") -> list[Record]:
    """Ann, wanted by the police of the requesting state since 2005 for embezzling from a state enterprise.

    She owns a house in the United States that is said to come from it. Nothing says where she is, what she is a
    national of, or what the law makes of it: `more` does. Records with a key in `without` are left out.
    """
    records = [
        *(node(code.lower(), "Jurisdiction", code=code) for code in PLACES),
        node("police", "Agency", name="Office of Inquiry (invented)", kind="police"),
        link(f"police AGENCY_OF jurisdiction:{requesting}", key="police-of"),
        node("ann", name="Ann Example", said=GRADED),
        node("w", "Warrant", name="warrant 1", issued_on="2005-01-01", said=GRADED),
        link("ann SOUGHT_UNDER w", key="sought"),
        link("w ISSUED_BY police", key="issued"),
        node(
            "theft",
            "Offence",
            name="embezzlement",
            law_of=requesting,
            convention_article="UNCAC 17",
            maximum_penalty="ten years",
            limitation_date="2030-01-01",
        ),
        link("ann ACCUSED_OF theft", key="accused", stage="charged", said_by="the prosecutor", date="2006-01-01"),
        node("works", "Enterprise", name="State Works (invented)", state_owned="yes"),
        link("works VICTIM_OF theft", key="victim"),
        node("house", "RealEstate", name="a house"),
        link("ann OWNS house", key="owns", said=GRADED),
        link("house LOCATED_IN jurisdiction:US", key="there", said=GRADED),
        link("house PROCEEDS_OF theft", key="from", tracing="converted", said=GRADED),
    ]
    left = [record for record in records if record.key not in set(without)]
    return [*left, *(r for one in more for r in ([one] if isinstance(one, Record) else one))]


def resident(code: str, **more: str) -> Record:
    """A claim that Ann lives somewhere."""
    key = f"in {code} {' '.join(more.values())}"
    values = {"how": "resident", "start_date": "2006-01-01", **more}
    return link(f"ann PRESENT_IN jurisdiction:{code}", key=key, said=GRADED, **values)


def find_routes(
    records: Sequence[Record],
    day: str = "2014-12-05",
    *,
    requesting: str = "CN",
    host: str = "",
    protected: bool = False,
    law: LawBook | None = None,
) -> PersonRoutes:
    """Everything about Ann, by the law of the reference tables unless another one is given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.sqlite"
        load(path, "case", records, day="2014-12-05")
        with store(path, protected=protected) as opened:
            view = opened.view(REQUIRED_COLUMNS)
            question = RouteQuestion(requesting, date.fromisoformat(day), (host,) if host else (), protected=protected)
            people, owners = [opened.resolve("test:ann")], owner_shares(view)
            return next(find_legal_routes(view, asset_clusters(view), law or load_law(), question, people, owners))


def answers_of_route(one: PersonRoutes, route: str) -> list[RouteAnswer]:
    """The answers of one route."""
    return [answer for answer in one.routes if answer.route.id == route]


def only_answer(one: PersonRoutes, route: str) -> RouteAnswer:
    """The one answer of a route."""
    (answer,) = answers_of_route(one, route)
    return answer


def missing_facts(answer: RouteAnswer) -> list[str]:
    """The facts a route needs, sorted."""
    return sorted(fact.fact for fact in answer.missing)
