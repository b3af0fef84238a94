"""Spans of time as people type them: 90, 90 s, 15 min, 2 h, 3 d."""

import math
import re

UNITS_S = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86_400}
SPAN = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ms|s|min|h|d)?", re.ASCII)


def seconds_of(text: str) -> float | None:
    """The seconds that a text means; None where it means none."""
    found = SPAN.fullmatch(text.strip().lower())
    if found is None:
        return None
    seconds = float(found[1].replace(",", ".")) * UNITS_S[found[2] or "s"]
    return seconds if math.isfinite(seconds) else None


def span_text(seconds: float | None) -> str:
    """Seconds in the largest unit that divides them; empty for none."""
    if seconds is None:
        return ""
    for unit in ("d", "h", "min"):
        size = UNITS_S[unit]
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
