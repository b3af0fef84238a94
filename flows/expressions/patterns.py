"""How much work a regular expression can be.

Matching takes at most a step for each piece of the pattern and each byte of the text,
once counted repetitions are written out; only for plain words it surely takes less.
"""

import re
from dataclasses import dataclass

from orchestrator_site.schemas.api import pattern_size

MAX_PATTERN = 2_000
COMPILE_NS, STEP_NS, PLAIN_NS = 2_500, 20, 3

PLAIN = re.compile(r"(?:\(\?i\))?\^?(?:[A-Za-z0-9 _'\",:;@#%&=~<>/!|-]|\\[^\w\s])*\$?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: what compiling it takes, and each byte of a text."""

    size: int
    compile_ns: int
    byte_ns: int


def read_pattern(pattern: str) -> Pattern:
    """Weigh a pattern as it stands in the expression, without its quotes."""
    size = pattern_size(pattern)
    byte_ns = PLAIN_NS if PLAIN.fullmatch(pattern) else STEP_NS * size
    return Pattern(size, COMPILE_NS * size, byte_ns)
