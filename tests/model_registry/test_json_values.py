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
        {"numbers": list(range(100)), "text": "long " * 100},
        {"a": {"b": {"c": {"d": {"e": [1, None, 2.5]}}}}},
    ],
)
def test_copy_says_the_same(value):
    assert copied(value) == value


@pytest.mark.parametrize("list_", [[1], list(range(100))])
def test_copy_shares_nothing(list_):
    value, before = {"in": {"list": list_}}, len(list_)
    copied(value)["in"]["list"].append(2)
    assert len(value["in"]["list"]) == before


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        {"a": [float("inf")]},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {1},
        {"a": {"b": float("nan")}},
        [datetime(2026, 1, 1, tzinfo=UTC)],
    ],
)
def test_what_is_no_json_has_no_copy(value):
    with pytest.raises((TypeError, ValueError)):
        copied(value)
