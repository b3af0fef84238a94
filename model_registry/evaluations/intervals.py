"""How far a figure may be off: 95 % intervals. Pure.

Source: Wilson (1927) for proportions; Efron's percentile bootstrap for everything else,
with a fixed seed, so that the same results always give the same interval.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054
RESAMPLES = 1000
SEED = 20240229
Counts = npt.NDArray[np.int64]
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


def bootstrap(
    counts: Sequence[int], statistic: Callable[[Counts], float]
) -> Interval | None:
    """The interval of a statistic of how many cases are of which sort.

    To draw cases with replacement is to draw the counts of their sorts from a
    multinomial. Draws without a value, such as those without a positive case, do not
    count; None where no draw has one.
    """
    given = np.asarray(counts, dtype=np.int64)
    total = int(given.sum())
    if total == 0:
        return None
    draws = np.random.default_rng(SEED)
    shares = given / total
    values = [statistic(draws.multinomial(total, shares)) for _ in range(RESAMPLES)]
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
