"""Statements of BODS 0.1 to 0.3 in the structure of version 0.4."""

from __future__ import annotations

from typing import Any

from kg.sources.rows import as_object

EARLIER_RECORD_TYPES = {
    "entityStatement": "entity",
    "personStatement": "person",
    "ownershipOrControlStatement": "relationship",
}
"""Type of an earlier statement to the type of the record that it describes."""

_ENVELOPE = ("statementID", "statementType", "statementDate", "publicationDetails", "source", "annotations")
"""What an earlier statement says about itself; everything else are details."""

_RENAMED_INTERESTS = {
    "influence-or-control": "otherInfluenceOrControl",
    "other-influence-or-control-of-trust": "otherInfluenceOrControl",
    "settlor-of-trust": "settlor",
    "trustee-of-trust": "trustee",
    "protector-of-trust": "protector",
    "beneficiary-of-trust": "beneficiaryOfLegalArrangement",
    "rights-to-surplus-assets": "rightsToSurplusAssetsOnDissolution",
}
"""Interests that have another name in 0.4; all others differ only in their hyphens."""

_REFERENCES = ("describedByEntityStatement", "describedByPersonStatement", "unspecified")


def current_code(word: str) -> str:
    """The code of 0.4 for one of an earlier version, such as `votingRights` for `voting-rights`."""
    if word in _RENAMED_INTERESTS:
        return _RENAMED_INTERESTS[word]
    first, *rest = word.split("-")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def is_earlier(data: dict[str, Any]) -> bool:
    """Whether a statement has the structure of a version before 0.4."""
    return "recordType" not in data and ("statementID" in data or "statementType" in data)


def replaced_statements(data: dict[str, Any]) -> tuple[str, ...]:
    """The ids of the statements that an earlier statement replaces."""
    named = data.get("replacesStatements")
    found = (text for text in named if isinstance(text, str)) if isinstance(named, list) else ()
    return tuple(text for text in dict.fromkeys(found) if text and text != data.get("statementID"))


def current_structure(data: dict[str, Any]) -> dict[str, Any]:
    """An earlier statement in the structure of 0.4: a record for each statement, under the statement's id.

    The source's words stay. What has no place in 0.4 is kept under its own name.
    """
    kind = EARLIER_RECORD_TYPES.get(str(data.get("statementType")))
    details = {name: value for name, value in data.items() if name not in _ENVELOPE}
    if kind == "relationship":
        _convert_relationship(details)
    else:
        _convert_party(details, "Person" if kind == "person" else "Entity")
    envelope = {name: data[name] for name in _ENVELOPE[2:] if name in data}
    return {**envelope, "recordId": data.get("statementID"), "recordType": kind, "recordDetails": details}


def _convert_party(details: dict[str, Any], kind: str) -> None:
    details.pop("replacesStatements", None)  # they are other keys of the party
    if isinstance(details.get("entityType"), str):
        subtype = as_object(details.pop("entitySubtype", None))
        category = subtype.get("generalCategory")
        details["entityType"] = {
            "type": details["entityType"],
            "subtype": category.rpartition("-")[2] if isinstance(category, str) else category,
            "details": subtype.get("localTerm"),
        }
    if "incorporatedInJurisdiction" in details and "jurisdiction" not in details:
        details["jurisdiction"] = details.pop("incorporatedInJurisdiction")
    if isinstance(details.get("missingInfoReason"), str) and f"unspecified{kind}Details" not in details:
        details[f"unspecified{kind}Details"] = {"reason": details.pop("missingInfoReason")}
    if isinstance(exposed := details.get("hasPepStatus"), bool) and "politicalExposure" not in details:
        del details["hasPepStatus"]
        said = {"details": details.pop("pepStatusDetails")} if "pepStatusDetails" in details else {}
        details["politicalExposure"] = {"status": "isPep" if exposed else "isNotPep", **said}
    if isinstance(details.get("addresses"), list):
        details["addresses"] = [_convert_address(address) for address in details["addresses"]]
    for name in ("placeOfBirth", "placeOfResidence"):
        if name in details:
            details[name] = _convert_address(details[name])


def _convert_address(address: Any) -> Any:
    if isinstance(address, dict) and isinstance(address.get("country"), str):
        return {**address, "country": {"code": address["country"]}}
    return address


def _convert_relationship(details: dict[str, Any]) -> None:
    for name in ("subject", "interestedParty"):
        end = as_object(details.get(name))
        details[name] = next((end[key] for key in _REFERENCES if end.get(key)), details.get(name))
    if "componentStatementIDs" in details:
        details["componentRecords"] = details.pop("componentStatementIDs")
    if isinstance(details.get("interests"), list):
        details["interests"] = [_convert_interest(interest) for interest in details["interests"]]


def _convert_interest(interest: Any) -> Any:
    if not isinstance(interest, dict):
        return interest
    converted = dict(interest)
    if "interestLevel" in converted and "directOrIndirect" not in converted:
        converted["directOrIndirect"] = converted.pop("interestLevel")
    if isinstance(converted.get("share"), dict):
        is_mark = {k: k.startswith("exclusive") and isinstance(v, bool) for k, v in converted["share"].items()}
        converted["share"] = {k: v for k, v in converted["share"].items() if not is_mark[k]}
    return converted
