"""Chinese names in any script, scheme and order: how they are read, and what two of them weigh."""

from __future__ import annotations

from kg.names.chinese.reading import Reading, chinese_readings
from kg.names.chinese.weight import compare_chinese

__all__ = ["Reading", "chinese_readings", "compare_chinese"]
