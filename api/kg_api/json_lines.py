"""Lines of JSON for the logs, with API keys masked and whatever is not printable escaped."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from kg.api_keys import PREFIX
from kg.errors import printable_json

_KEY = re.compile(PREFIX + "[A-Za-z0-9_-]{16,}", re.IGNORECASE)
_MASK = f"{PREFIX}…"

_PERCENT_ROUNDS = 5
"""How often an address may be percent-encoded over and over, and a key in it is still found."""


def json_line(data: Any) -> bytes:
    """Data as one line of JSON in UTF-8, with its line feed: whatever it holds, it is written."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=repr)
    return printable_json(text).encode() + b"\n"


def mask_keys(text: str) -> str:
    """The text without API keys, also those that are percent-encoded."""
    plain = text
    for _ in range(_PERCENT_ROUNDS):
        if _KEY.search(plain):
            return _KEY.sub(_MASK, plain)
        decoded = unquote(plain)
        if decoded == plain:
            break
        plain = decoded
    return text


def mask_data(data: Any) -> Any:
    """Plain data without API keys in its texts, its names among them."""
    if isinstance(data, str):
        return mask_keys(data)
    if isinstance(data, dict):
        return {mask_keys(name): mask_data(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [mask_data(one) for one in data]
    return data
