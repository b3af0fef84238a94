"""How many pieces a regular expression stands for, with its repetitions written out."""

import re

# More than any expression can hold, so that nested counts stay small numbers.
HUGE = 10_000_000

PIECE = re.compile(
    r"(?P<count>\{(?P<least>\d+)(?P<to>,(?P<most>\d*))?\})"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<alphabet>\\[pP](?:\{[^}]*\}|.))"
    r"|(?P<class>\[\^?\]?(?:\\.|\[:\^?\w*:\]|[^\]\\])*\])"
    r"|(?P<atom>\\.|.)",
    re.DOTALL,
)
# Characters of an alphabet, or all but some, are many pieces.
WEIGHTS = {"alphabet": 50, "class": 3, "atom": 1}
ALPHABET = re.compile(r"\\[pP]")


def pattern_size(pattern: str) -> int:
    """Count the pieces that the pattern stands for."""
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
            last = _weight(piece)
            sizes[-1] += last
    return sum(sizes)


def _weight(piece: re.Match[str]) -> int:
    kind = piece.lastgroup or "atom"
    alphabets = len(ALPHABET.findall(piece["class"])) if piece["class"] else 0
    return WEIGHTS[kind] + alphabets * WEIGHTS["alphabet"]


def _count(piece: re.Match[str]) -> int:
    return max(int(piece["least"][:6]), int((piece["most"] or "0")[:6]), 1)
