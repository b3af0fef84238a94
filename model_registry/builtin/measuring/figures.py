"""Figures of quality: each with the interval in which it lies in 19 cases of 20."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
DEVIATIONS_95 = 1.959964
RESAMPLES, SEED = 400, 20268


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure; from `low` to `high` is its 95 % interval."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a model reached on held-out data; the first metric is the one to go by."""

    cases: int
    metrics: tuple[Metric, ...]
    cpu_ms_per_call: float


def share(name: str, hits: Sequence[bool]) -> Metric:
    """Return how many of the hits are true, with Wilson's interval."""
    total = len(hits)
    if total == 0:
        return Metric(name, 0.0, 0.0, 1.0)
    value, z2 = sum(hits) / total, DEVIATIONS_95**2
    centre = (value + z2 / (2 * total)) / (1 + z2 / total)
    spread = value * (1 - value) / total + z2 / (4 * total**2)
    reach = DEVIATIONS_95 * math.sqrt(spread) / (1 + z2 / total)
    return _metric(name, value, max(0.0, centre - reach), min(1.0, centre + reach))


def bootstrapped(name: str, of: Callable[[Places], float], cases: int) -> Metric:
    """Return a statistic of cases, given by their places, with a bootstrap interval."""
    random = np.random.default_rng(SEED)
    resampled = [of(random.integers(0, cases, cases)) for _ in range(RESAMPLES)]
    low, high = np.quantile(resampled, (0.025, 0.975))
    return _metric(name, of(np.arange(cases)), float(low), float(high))


def average_precision(labels: NDArray[np.bool_], scores: Numbers) -> float:
    """Return the area under the curve of precision over recall."""
    order = np.argsort(-scores, kind="stable")
    hits = labels[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean()) if hits.any() else 0.0


def roc_auc(labels: NDArray[np.bool_], scores: Numbers) -> float:
    """Return the chance that a positive case scores above a negative one."""
    positive, negative = scores[labels], np.sort(scores[~labels])
    if len(positive) == 0 or len(negative) == 0:
        return 0.5
    below = np.searchsorted(negative, positive, side="left")
    not_above = np.searchsorted(negative, positive, side="right")
    return float((below + not_above).mean() / (2 * len(negative)))


def _metric(name: str, value: float, low: float, high: float) -> Metric:
    return Metric(name, round(value, 4), round(low, 4), round(high, 4))
