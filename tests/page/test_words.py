"""Does the explorer page say everything in both of its languages?"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from kg.findings.statements import (
    alike_holder_sentences,
    indirect_holding_sentences,
    owned_person_sentences,
    rejected_row_sentences,
    share_control_sentences,
    stated_day_sentences,
    undated_end_sentences,
    unread_link_sentences,
    unsummed_sentences,
)
from kg.ontology import load_ontology
from kg.operations.ledger.protection import mark_protected
from kg.records import NO_PROVENANCE, Link, Node, Record, Reject, UnreadValue
from kg.sources.rows import SourceRow
from kg_api.page import FOLDER
from tests.house.tree import ROOT
from tests.page.built_page import require_page

SOURCE = ROOT / "api" / "page" / "src"
KEY = re.compile(r"\bt\(\s*'([^']+)'")
PLACE = re.compile(r"\{\w+\}")


def words(*names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found |= json.loads((SOURCE / "words" / f"{name}.json").read_text(encoding="utf-8"))
    return found


ENGLISH, CHINESE = words("en", "stage.en"), words("zh", "stage.zh")


def sources() -> list[Path]:
    return sorted(path for kind in ("*.ts", "*.tsx") for path in SOURCE.rglob(kind))


def test_both_languages_have_the_same_keys() -> None:
    assert sorted(ENGLISH) == sorted(CHINESE)


def test_a_text_has_the_same_places_for_values_in_both() -> None:
    places = [{key: sorted(PLACE.findall(text)) for key, text in each.items()} for each in (ENGLISH, CHINESE)]
    assert places[0] == places[1]


def test_every_text_is_used_and_there_is() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    assert sorted(set(KEY.findall(text)) - set(ENGLISH)) == []
    put_together = set(re.findall(r"\bt(?:Or)?\(\s*`([a-z.]+)\.\$\{", text))
    said = set(re.findall(r"""['"]([\w.-]+)['"]""", text))
    unused = [key for key in ENGLISH if key not in said and key.rpartition(".")[0] not in put_together]
    assert unused == []


def test_every_fact_of_the_law_has_its_question_and_answers_in_chinese() -> None:
    facts = tomllib.loads((ROOT / "graph" / "reference" / "facts.toml").read_text(encoding="utf-8"))
    chinese = json.loads((SOURCE / "words" / "facts.zh.json").read_text(encoding="utf-8"))
    places = {
        name: [sorted(PLACE.findall(fact.get(answer, ""))) for answer in ("yes", "no")] for name, fact in facts.items()
    }
    assert {n: [sorted(PLACE.findall(c[a])) for a in ("yes", "no")] for n, c in chinese.items()} == places
    assert all(re.search("[\u4e00-\u9fff]", text) for fact in chinese.values() for text in fact.values())


def test_rules_for_sentences_fill_in_what_they_found() -> None:
    rules = json.loads((SOURCE / "words" / "sentences.zh.json").read_text(encoding="utf-8"))
    for pattern, text in rules.items():
        groups = re.compile(pattern).groups
        assert all(int(number) <= groups for number in re.findall(r"\$[sptnclov]?(\d)", text)), pattern


def test_what_the_ontology_names_has_a_chinese_word() -> None:
    known, named = load_ontology(), words("ontology.zh")
    properties = {name: kind for of in (*known.nodes, *known.links) for name, kind in known.properties(of).items()}
    assert [name for name in properties if f"property.{name}" not in named] == []
    listed = {f"value.{name}.{value}" for name, kind in properties.items() for value in kind.values or ()}
    assert sorted(listed - named.keys()) == []


def test_every_type_and_link_has_a_chinese_word() -> None:
    looks = json.loads((SOURCE / "looks.json").read_text(encoding="utf-8"))
    named = words("ontology.zh")
    assert [kind for kind in looks["nodes"] if f"type.{kind}" not in named] == []
    assert [kind for kind in looks["links"] if f"link.{kind}" not in named] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_reader_of_one_language_loads_at_first_is_less_than_100_kb(language: str) -> None:
    require_page()
    later = {"LICENSES.txt", "icon.svg"}
    files = [one for one in FOLDER.iterdir() if not one.name.startswith((".", "law.")) and one.name not in later]
    loaded = [one for one in files if not one.name.startswith({"en": "zh.", "zh": "en."}[language])]
    assert {"html", "js", "css", "json"} == {one.suffix.removeprefix(".") for one in loaded}
    assert sum(len(gzip.compress(one.read_bytes(), 9)) for one in loaded) < 100_000


def test_what_is_said_beside_shares_has_a_chinese_rule() -> None:
    nodes = {key: Node(key, "Person", key, {}, {}, ()) for key in ("a", "b")}
    share, day = (UnreadValue("x", about, "150", "list") for about in ("share", "start_date"))
    half = share._replace(words="0.5")
    parts = ({"share": ("5",)}, (("list", NO_PROVENANCE),)), ({"share": ("6",), "status": ("ceased",)}, ())
    links = [
        Link(str(n), "OWNS", "a", "b", said, ("list",), p, False, (share, half, day))
        for n, (said, p) in enumerate(parts)
    ]
    sentences = unread_link_sentences(links, nodes), undated_end_sentences(links, nodes)
    votes = Link("v", "OWNS", "a", "b", {"share": ("5",), "ownership_type": ("votes",)}, ("list",), ())
    told = stated_day_sentences([Link("d", "OWNS", "a", "b", {"date": ("2015",)}, ("list",), ())], nodes)
    through = {"share": ("25",), "directness": ("indirect",)}
    through_others = [Link(name, "OWNS", "a", "b", through, ("list",), ()) for name in ("i", "j")]
    beside = indirect_holding_sentences(through_others, {"i"}, nodes)
    persons = owned_person_sentences(links[:1], nodes)
    controls = share_control_sentences(
        [Link("c", "CONTROLS", "a", "b", {**through, "how": ("x",)}, ("list",), ())], nodes
    )
    rejected = rejected_row_sentences({"list": 1, "register": 1_000}, "holdings")
    found = {
        *rejected,
        *controls,
        *unsummed_sentences([[*links, votes]], nodes),
        *told,
        *beside,
        *persons,
        *alike_holder_sentences([("a", "b", "a")], nodes),
        *chain(*sentences),
    }
    rules = json.loads((SOURCE / "words" / "sentences.zh.json").read_text(encoding="utf-8"))
    assert len(found) == 14
    assert [one for one in found if not any(re.search(pattern, one) for pattern in rules)] == []


def test_what_a_load_notes_of_values_has_a_chinese_rule() -> None:
    properties = {
        "name": ["MÃ¼ller Example", "An\ufffda (invented)", "A &amp; B (invented)"],
        "incorporation_date": ["2961-03-04", "1900-01-01"],
        "lei": ["529900T8BM49AURSDO54"],
    }
    record = Record(
        "a", "Enterprise", properties, row=SourceRow("a.jsonl", 1, json.dumps(properties, ensure_ascii=False).encode())
    )
    noted = mark_protected([record], ["a.jsonl"], load_ontology(), day="2014-12-05")
    found = [one.reason for one in noted if isinstance(one, Reject)]
    rules = json.loads((SOURCE / "words" / "sentences.zh.json").read_text(encoding="utf-8"))
    assert len(found) > 3
    assert [reason for reason in found if not any(re.search(pattern, reason) for pattern in rules)] == []
