import random

import pytest

from model_registry.drifting.stability import CHANGED, shift_of


def drawn(seed, calls, weights):
    """Sorts of that many calls, drawn by weight."""
    draws = random.Random(seed).choices(list(weights), weights.values(), k=calls)  # noqa: S311
    return {sort: draws.count(sort) for sort in set(draws)}


FEW = {"refund": 5, "delivery": 3, "other": 2}
MANY = {str(number): 1 + number % 7 for number in range(60)}


@pytest.mark.parametrize(
    ("before", "now"),
    [(199, 5000), (5000, 199), (0, 0)],
)
def test_few_calls_tell_nothing(before, now):
    assert shift_of({"a": before}, {"b": now}) is None


@pytest.mark.parametrize("weights", [FEW, MANY])
@pytest.mark.parametrize("seed", range(20))
def test_chance_alone_raises_no_alarm(weights, seed):
    shift = shift_of(drawn(seed, 300, weights), drawn(-seed - 1, 200, weights))
    assert not shift.is_drift


@pytest.mark.parametrize(
    "now",
    [
        {"refund": 2, "delivery": 3, "other": 5},  # shares have moved
        {"refund": 5, "delivery": 3, "warranty": 2},  # one is gone, a new one came
        {"absent": 1},
    ],
)
def test_change_that_matters_raises_one(now):
    shift = shift_of(drawn(1, 2000, FEW), drawn(2, 500, now))
    assert shift.is_drift
    assert shift.index > CHANGED
    assert (shift.reference_calls, shift.recent_calls) == (2000, 500)


def test_small_change_of_many_calls_is_no_drift():
    shift = shift_of({"yes": 500_000, "no": 500_000}, {"yes": 60_000, "no": 40_000})
    assert shift.is_calm


def test_index_is_as_published():
    """Worked out by hand: (0.4-0.5) ln(0.4/0.5) + (0.6-0.5) ln(0.6/0.5)."""
    shift = shift_of({"a": 500_000, "b": 500_000}, {"a": 400_000, "b": 600_000})
    assert shift.index == pytest.approx(0.040547, abs=1e-5)
