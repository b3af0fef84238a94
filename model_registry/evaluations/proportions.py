"""How far a proportion may be off: 95 % intervals. Pure, and light for any process.

Source: Wilson (1927).
"""

import math

Z = 1.959963984540054
Interval = tuple[float, float]


def wilson(right: int, of: int) -> Interval:
    """The interval of a proportion; from 0 to 1 where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, Z * Z
    middle = share + square / (2 * of)
    spread = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (
        (middle - spread) / (1 + square / of),
        (middle + spread) / (1 + square / of),
    )
    # Rounding must not put the figure itself outside.
    return max(0.0, min(low, share)), min(1.0, max(high, share))
