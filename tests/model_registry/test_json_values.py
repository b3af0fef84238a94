"""JSON values that nobody shares."""

from datetime import UTC, datetime

import pytest

from model_registry.json_values import copied


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, True, "ü\u2028"], "b": {"c": []}},
        {"nothing": None, "a": [None]},
        {"large": 2**70, "small": -(2**70)},
        {"surrogate": "\ud800"},
        "null",
    ],
)
def test_copy_says_the_same(value):
    assert copied(value) == value


def test_copy_shares_nothing():
    value = {"list": [1]}
    copied(value)["list"].append(2)
    assert value == {"list": [1]}


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        {"a": [float("inf")]},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {1},
    ],
)
def test_what_is_no_json_has_no_copy(value):
    with pytest.raises((TypeError, ValueError)):
        copied(value)
