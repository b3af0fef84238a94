import pytest

from flows.nodes.base import Data, Done
from flows.nodes.deduplicate import NODE

ROWS = [{"id": 1, "v": "a"}, {"id": 2, "v": "b"}, {"id": 1.0, "v": "c"}]


@pytest.mark.parametrize(
    ("config", "kept"),
    [
        ({"by": "item.id"}, [ROWS[0], ROWS[1]]),
        ({"by": "item.id", "keep": "last"}, [ROWS[1], ROWS[2]]),
        ({}, ROWS),
    ],
)
def test_one_of_each_kind_stays(config: dict, kept: list) -> None:
    result = NODE.run(NODE.config(items="input", **config), Data(ROWS, {}))
    assert result == Done({"items": kept, "removed": 3 - len(kept)})


def test_values_of_different_kinds_differ() -> None:
    items = [1, "1", True, None, [1], {"a": 1, "b": [2.0]}, {"b": [2], "a": 1}, 1]
    result = NODE.run(NODE.config(items="input"), Data(items, {}))
    assert result == Done({"items": items[:6], "removed": 2})
