import math
from statistics import NormalDist

import pytest

from model_registry.guarding.latency import (
    BUCKETS,
    bucket_of,
    latency_of,
    percentile,
)


@pytest.mark.parametrize("latency_ms", [0.06, 1, 41.5, 2900, 60_000, 2_000_000])
def test_bucket_tells_the_latency_within_a_tenth(latency_ms):
    assert latency_of(bucket_of(latency_ms)) == pytest.approx(latency_ms, rel=0.1)


@pytest.mark.parametrize(("latency_ms", "bucket"), [(0, 0), (1e12, BUCKETS - 1)])
def test_scale_ends_somewhere(latency_ms, bucket):
    assert bucket_of(latency_ms) == bucket


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_percentiles_of_buckets_are_those_of_the_calls(share):
    calls = sorted(math.exp(each) for each in NormalDist(4, 1).samples(2000, seed=7))
    counts = [(bucket_of(call), 1) for call in calls]
    exact = calls[int(len(calls) * share)]
    assert percentile(counts, share) == pytest.approx(exact, rel=0.12)


def test_without_calls_there_is_no_percentile():
    assert percentile([], 0.5) is None
    assert percentile([(3, 0)], 0.5) is None
