"""Daily figures of an invented shop, made from a seed: orders, calls, parcels.

Each series has a level, a trend that flattens, a week in which some days are strong,
noise in proportion to the level and, in four of ten, something that no model can know:
a lasting step, or days of advertising. What is not simulated: years, holidays, series
that are mostly zero.
"""

import math
from dataclasses import dataclass
from random import Random

WEEK, PAST_DAYS, FUTURE_DAYS = 7, 140, 14
TUNING_SEED, HELDOUT_SEED, SERIES = 20265, 20266, 120
SURPRISE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Series:
    """What a model sees, and what came afterwards."""

    past: list[float]
    future: list[float]


def tuning_series() -> list[Series]:
    """Return what the parameters' grid was chosen with."""
    return simulate(TUNING_SEED, SERIES)


def heldout_series() -> list[Series]:
    """Return what models are measured with: other series, other seed."""
    return simulate(HELDOUT_SEED, SERIES)


def simulate(seed: int, series: int) -> list[Series]:
    """List independent series."""
    random = Random(seed)  # noqa: S311 - must be repeatable
    return [_series(random) for _ in range(series)]


def _series(random: Random) -> Series:
    level, growth = math.exp(random.uniform(3, 7)), random.gauss(0, 0.004)
    week = [math.exp(random.gauss(0, 0.25)) for _ in range(WEEK)]
    noise, total = random.uniform(0.04, 0.2), PAST_DAYS + FUTURE_DAYS
    surprised = random.random() < SURPRISE_SHARE
    step_at = random.randrange(30, PAST_DAYS) if surprised else total
    step, busy = random.choice((0.7, 1.4)), random.sample(range(PAST_DAYS), 6)
    values = []
    for day in range(total):
        trend = math.exp(growth * 60 * (1 - math.exp(-day / 60)))
        raised = 1.6 if surprised and day in busy else 1.0
        mean = level * trend * week[day % WEEK] * raised
        mean *= step if day >= step_at else 1.0
        values.append(max(0.0, round(mean * (1 + random.gauss(0, noise)), 1)))
    return Series(values[:PAST_DAYS], values[PAST_DAYS:])
