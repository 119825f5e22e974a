"""Is every saved query read as it is meant, and is a careless one refused?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.errors import InputError, InputLocation, NotFound
from kg.ontology import load_ontology
from kg.queries import SavedQuery, find_query, parse_query, query_pack, read_text
from kg.queries.values import PARAMETER_TYPES, read_literal
from tests.house.tree import ROOT
from tests.unit.queries.query_lint import query_problems

TOPICS = [
    "assets",
    "deadlines",
    "enterprises",
    "income",
    "jurisdictions",
    "legal",
    "money",
    "offences",
    "paths",
    "people",
    "quality",
]

GOOD = """// Yachts of a person
// Answers: which yachts
//   does this person own?
// $person (node): The person.
// $day (date, default): The day.
// Limit: ten rows.
:param person => 'ann';
:param day => date('2014-12-05');
MATCH (p:Person {id: $person})-[o:OWNS]->(v:Vessel)
WHERE o.start_date_first <= $day
RETURN v.imo AS imo // the ship
ORDER BY imo
LIMIT 10;
"""


@pytest.mark.parametrize("query", query_pack().values(), ids=lambda query: query.name)
def test_a_saved_query_has_no_mistake(query: SavedQuery) -> None:
    assert list(query_problems(query, load_ontology())) == []


@pytest.mark.parametrize("query", query_pack().values(), ids=lambda query: query.name)
def test_a_saved_query_is_described(query: SavedQuery) -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert f"| `{query.name}` | {query.answers} |" in page


def test_the_page_describes_no_other() -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert page.count("\n| `") == len(query_pack())


def test_the_pack_answers_what_investigators_ask() -> None:
    assert sorted({query.topic for query in query_pack().values()}) == TOPICS
    assert len(query_pack()) >= 30


def test_no_two_queries_have_one_title() -> None:
    assert len({query.title for query in query_pack().values()}) == len(query_pack())


def test_a_file_is_read_as_it_is_meant() -> None:
    query = parse_query("assets/yachts", GOOD)
    assert (query.topic, query.title) == ("assets", "Yachts of a person")
    assert query.answers == "which yachts does this person own?"
    assert query.limit == "ten rows."
    assert query.examples() == {"person": "ann", "day": date(2014, 12, 5)}
    assert [(p.name, p.kind, p.optional) for p in query.parameters] == [
        ("person", "node", False),
        ("day", "date", True),
    ]
    assert query.text.startswith("MATCH (p:Person")
    assert query.text.endswith("LIMIT 10")
    assert list(query_problems(query, load_ontology())) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("// Limit:", "// Limits:", "key Limits: expected Answers, Limit or a parameter"),
        (":param day", ":param tag => 1;\n:param day", "key tag: expected a comment `// $tag (type): meaning`"),
        (":param day => date('2014-12-05');\n", "", "key day: expected `:param day => value;` before the query"),
        ("date('2014-12-05')", "'2014-12-05'", "expected a day, such as date('2014-12-05')"),
        ("(node)", "(person)", "expected `$name (type): meaning`"),
        ("'ann';", "'ann'", "expected `:param name => value;`"),
    ],
)
def test_a_file_with_a_mistake_is_refused(old: str, new: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_query("assets/yachts", GOOD.replace(old, new))
    assert str(caught.value).startswith("cypher/queries/assets/yachts.cypher, ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("// Yachts of a person", "// Yachts.", "the first line has to be a title, without a full stop"),
        ("own?", "own.", "`// Answers:` has to be a question"),
        ("// Limit: ten rows.\n", "", "something is left out or bounded; `// Limit:` has to say what"),
        ("ORDER BY imo\n", "", "ORDER BY is missing: the order of the rows is undefined"),
        ("<= $day", "<= $today", "$today is used and not declared"),
        (":Vessel", ":Yacht", "Yacht is neither a label nor a link type"),
        (":OWNS]", ":OWNS|HAS]", "HAS is neither a label nor a link type"),
        ("v.imo", "v.imo_number", "imo_number is not a key of a node or link"),
        ("{id: $person}", "{ident: $person}", "ident is not a key of a node or link"),
        ("RETURN", "SET v.imo = '1' RETURN", "SET is not a keyword of a reading query"),
        ("RETURN", "CALL dbms.components() YIELD name RETURN", "the procedure dbms.components is not among"),
        ("RETURN", "LOAD CSV FROM 'x' AS row RETURN", "LOAD is not a keyword of a reading query"),
        ("[o:OWNS]", "[o:OWNS*]", "a path needs a maximum length"),
        ("[o:OWNS]", "[o:OWNS*2..]", "a path needs a maximum length"),
        ("LIMIT 10;", "LIMIT 10; RETURN 1;", "a file has one query"),
    ],
)
def test_a_careless_query_is_refused(old: str, new: str, mistake: str) -> None:
    found = list(query_problems(parse_query("assets/yachts", GOOD.replace(old, new)), load_ontology()))
    assert any(line.startswith(mistake) for line in found), found


def test_what_stands_in_comments_and_texts_is_no_mistake() -> None:
    query = parse_query("assets/yachts", GOOD)
    quiet = replace(
        query, text=query.text.replace("// the ship", "// SET x:Ship").replace("imo\n", "imo + 'DROP p.q'\n", 1)
    )
    assert list(query_problems(quiet, load_ontology())) == []


@pytest.mark.parametrize(
    ("kind", "literal", "text", "value"),
    [
        ("node", "'ann'", "ann", "ann"),
        ("text", r"'O\'Hara'", "O'Hara", "O'Hara"),
        ("texts", "['a', 'b']", "a, b", ["a", "b"]),
        ("integer", "7", "7", 7),
        ("number", "7.5", "7.5", 7.5),
        ("date", "date('2014-12-05')", "2014-12-05", date(2014, 12, 5)),
    ],
)
def test_a_value_is_the_same_in_cypher_and_on_the_command_line(
    kind: str, literal: str, text: str, value: object
) -> None:
    assert read_literal(kind, literal, InputLocation()) == read_text(kind, text, InputLocation()) == value


@pytest.mark.parametrize("kind", [kind for kind in PARAMETER_TYPES if kind not in {"node", "text", "texts"}])
def test_a_value_of_another_type_is_refused(kind: str) -> None:
    with pytest.raises(InputError, match="expected a"):
        read_text(kind, "soon", InputLocation())


def test_a_topic_may_be_left_out() -> None:
    assert find_query("family") is find_query("people/family")


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(NotFound, match="no saved query is called 'yachts'"):
        find_query("yachts")
