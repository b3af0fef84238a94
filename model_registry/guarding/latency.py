"""Latencies on a scale with few steps, so that those of many workers can be added. Pure."""

import math
from bisect import bisect_left
from collections.abc import Iterable

FIRST_MS = 0.05
STEP = 1.2
# The last bucket holds all that took longer than about an hour.
BUCKETS = 100
BOUNDS_MS = tuple(FIRST_MS * STEP**number for number in range(BUCKETS - 1))


def bucket_of(latency_ms: float) -> int:
    """The bucket of a latency."""
    return bisect_left(BOUNDS_MS, latency_ms)


def latency_of(bucket: int) -> float:
    """Milliseconds in the middle of a bucket: at most a tenth beside the truth."""
    if bucket == 0:
        return BOUNDS_MS[0]
    return BOUNDS_MS[min(bucket, BUCKETS - 1) - 1] * math.sqrt(STEP)


def percentile(counts: Iterable[tuple[int, int]], share: float) -> float | None:
    """Milliseconds within which `share` of the calls were answered; None without calls.

    `counts` are buckets and how many calls each holds.
    """
    held = sorted(counts)
    wanted = math.ceil(sum(calls for _, calls in held) * share)
    for bucket, calls in held:
        wanted -= calls
        if wanted <= 0 and calls:
            return latency_of(bucket)
    return None
