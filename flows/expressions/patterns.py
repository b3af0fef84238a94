"""How large a regular expression is once its counted repetitions are written out."""

import re

MAX_PATTERN = 2_000
# More than any expression can hold, so that nested counts stay small numbers.
HUGE = 10_000_000

PIECE = re.compile(
    r"(?P<count>\{(?P<least>\d+)(?P<to>,(?P<most>\d*))?\})"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<atom>\\.|\[(?:\\.|[^\]\\])*\]|.)",
    re.DOTALL,
)


def pattern_size(pattern: str) -> int:
    """Count the characters and classes that the pattern stands for."""
    sizes, last = [0], 0
    for piece in PIECE.finditer(pattern):
        if piece["open"]:
            sizes.append(0)
            last = 0
        elif piece["close"] and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif piece["count"]:
            # The repeated part stands there once already.
            more = last * (_count(piece) - 1)
            sizes[-1] = min(sizes[-1] + more, HUGE)
            last = min(last + more, HUGE)
        else:
            last = 1
            sizes[-1] += 1
    return sum(sizes)


def _count(piece: re.Match[str]) -> int:
    return max(int(piece["least"][:6]), int((piece["most"] or "0")[:6]), 1)
