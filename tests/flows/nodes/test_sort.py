import pytest

from flows.nodes.base import Data, Done, Failed
from flows.nodes.sort import NODE


@pytest.mark.parametrize(
    ("config", "items", "ordered"),
    [
        ({}, [3, 1.5, 2], [1.5, 2, 3]),
        ({"descending": True}, ["a", "c", "b"], ["c", "b", "a"]),
        ({"by": "item.n"}, [{"n": 2, "a": 1}, {"n": 1}, {"n": 2}], [{"n": 1}, {"n": 2, "a": 1}, {"n": 2}]),
        ({"by": "item.n", "descending": True}, [{"n": 1, "a": 1}, {"n": 1}, {"n": 2}], [{"n": 2}, {"n": 1, "a": 1}, {"n": 1}]),
        ({}, [None, 2, None, 1], [1, 2, None, None]),
        ({"descending": True}, [None, 1, 2], [2, 1, None]),
        ({"by": "-index"}, ["a", "b"], ["b", "a"]),
        ({}, [], []),
    ],
)  # fmt: skip
def test_items_are_ordered(config: dict, items: list, ordered: list) -> None:
    result = NODE.run(NODE.config(items="input", **config), Data(items, {}))
    assert result == Done({"items": ordered})


@pytest.mark.parametrize(
    ("items", "index"), [([1, "a"], 1), ([None, {}], 1), ([[1]], 0), ([1, 2, True], 2)]
)
def test_keys_that_cannot_be_compared_fail(items: list, index: int) -> None:
    result = NODE.run(NODE.config(items="input"), Data(items, {}))
    assert isinstance(result, Failed)
    assert result.message.startswith(f"Item {index}:")
