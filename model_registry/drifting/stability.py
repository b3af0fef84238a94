"""How far counts have moved: the population stability index. Pure.

For each sort, (q - p) x ln(q / p), added up; p is its share in the reference, q in the
recent calls, each with half a call added so that what never occurred has a share, too.

From 0.25 on a population counts as changed: Siddiqi, Credit Risk Scorecards (2006). On
few calls chance alone moves the index that far. Where nothing has changed it is about
(1/n + 1/m) times a chi-squared variable with one degree of freedom less than there are
sorts, n and m being the numbers of calls: Yurdakul, Statistical Properties of Population
Stability Index (2018). The bound is therefore the larger one of 0.25 and what chance
exceeds once in 10,000 looks, by the Wilson-Hilferty approximation; and fewer calls than
`LEAST_CALLS` on either side tell nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

CHANGED = 0.25
LEAST_CALLS = 200
# One-sided 1 in 10,000 of the normal distribution.
Z = 3.719016485455709
# An alarm ends once the index is well below what raises it, so that it does not flicker.
CALM = 0.8
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far the recent calls are from the reference."""

    index: float
    bound: float
    recent_calls: int
    reference_calls: int

    @property
    def is_drift(self) -> bool:
        """Whether that is more than chance, and enough to matter."""
        return self.index > self.bound

    @property
    def is_calm(self) -> bool:
        """Whether an alarm may end."""
        return self.index < self.bound * CALM


def shift_of(reference: Counts, recent: Counts) -> Shift | None:
    """Compare counts by sort; None where the calls are too few to tell."""
    before, now = sum(reference.values()), sum(recent.values())
    if min(before, now) < LEAST_CALLS:
        return None
    sorts = reference.keys() | recent.keys()
    return Shift(
        index=_index(reference, recent, sorts),
        bound=max(CHANGED, _chance(len(sorts) - 1) * (1 / before + 1 / now)),
        recent_calls=now,
        reference_calls=before,
    )


def _index(reference: Counts, recent: Counts, sorts: set[str]) -> float:
    before = sum(reference.values()) + len(sorts) / 2
    now = sum(recent.values()) + len(sorts) / 2
    index = 0.0
    for sort in sorts:
        p = (reference.get(sort, 0) + 0.5) / before
        q = (recent.get(sort, 0) + 0.5) / now
        index += (q - p) * math.log(q / p)
    return index


def _chance(freedom: int) -> float:
    """What a chi-squared variable exceeds once in 10,000 times."""
    if freedom < 1:
        return 0.0
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + Z * math.sqrt(part)) ** 3)
