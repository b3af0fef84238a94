import pytest

from flows.errors import ExpressionFailed
from flows.nodes.base import Data, Done, Failed
from flows.nodes.filter import NODE

ROWS = [{"sku": "a1", "n": 2}, {"sku": "b2", "n": 5}, {"sku": "c3"}]


def test_items_are_kept_in_order() -> None:
    config = NODE.config(items="input.rows", keep="has(item.n) && item.n > input.least")
    data = Data({"rows": ROWS, "least": 1}, {})
    assert NODE.run(config, data) == Done({"items": ROWS[:2], "count": 2})


def test_index_counts_from_0() -> None:
    config = NODE.config(items="[5, 6, 7]", keep="index > 0")
    assert NODE.run(config, Data({}, {})) == Done({"items": [6, 7], "count": 2})


def test_empty_list_stays_empty() -> None:
    config = NODE.config(items="[]", keep="item.n")
    assert NODE.run(config, Data({}, {})) == Done({"items": [], "count": 0})


def test_item_that_fails_fails_the_step_with_its_index() -> None:
    config = NODE.config(items="input", keep="item.n > 1")
    with pytest.raises(ExpressionFailed, match=r"Item 2: .* reads 'n'"):
        NODE.run(config, Data(ROWS, {}))


def test_answer_that_is_not_boolean_fails_with_its_index() -> None:
    config = NODE.config(items="[true, 1]", keep="item")
    result = NODE.run(config, Data({}, {}))
    assert isinstance(result, Failed)
    assert result.message.startswith("Item 1:")


@pytest.mark.parametrize(
    ("value", "words"), [({"a": 1}, "no list"), ([0] * 10_001, "10,001 items")]
)
def test_what_is_no_list_or_too_long_fails(value: object, words: str) -> None:
    with pytest.raises(ExpressionFailed, match=words):
        NODE.run(NODE.config(items="input", keep="true"), Data(value, {}))


def test_large_values_beside_many_items_are_refused() -> None:
    config = NODE.config(items="input.l", keep="item < size(input.s)")
    data = Data({"l": list(range(5_000)), "s": "a" * 100_000}, {})
    with pytest.raises(ExpressionFailed, match="anew for each"):
        NODE.run(config, data)


def test_item_of_a_map_around_it_is_outer() -> None:
    config = NODE.config(items="item.rows", keep="item > outer.item.least")
    around = {"item": {"rows": [1, 2, 3], "least": 1}, "index": 4}
    result = NODE.run(config, Data({}, {}, scope=around))
    assert result == Done({"items": [2, 3], "count": 2})


def test_only_the_question_has_an_item() -> None:
    uses = NODE.uses(NODE.config(items="item.rows", keep="item > index"))
    assert [(use.pointer, set(use.names), use.provides) for use in uses] == [
        ("/items", {"item"}, ()),
        ("/keep", {"item", "index"}, ("item", "index")),
    ]
