"""Does the explorer page say everything in both of its languages?"""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.house.tree import ROOT

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


def test_every_type_and_link_has_a_chinese_word() -> None:
    looks = json.loads((SOURCE / "looks.json").read_text(encoding="utf-8"))
    named = words("ontology.zh")
    assert [kind for kind in looks["nodes"] if f"type.{kind}" not in named] == []
    assert [kind for kind in looks["links"] if f"link.{kind}" not in named] == []
