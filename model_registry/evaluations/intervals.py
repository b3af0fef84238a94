"""How far a figure may be off that is no proportion: 95 % intervals. Pure.

Source: Efron's percentile bootstrap, with a fixed seed, so that the same results always
give the same interval.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from model_registry.evaluations.proportions import Interval

RESAMPLES = 1000
SEED = 20240229
Counts = npt.NDArray[np.int64]


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
