import jsonschema_rs
import pytest
from pydantic import ValidationError

from flows.nodes.aggregate import NODE
from flows.nodes.base import Data, Failed

ROWS = [
    {"who": "Ada", "n": 2},
    {"who": "Bo", "n": 10},
    {"who": "Ada", "n": 3.5},
    {"who": None, "n": 1},
]


def computed(config: dict, items: list):
    config = NODE.config(items="input", **config)
    result = NODE.run(config, Data(items, {}))
    assert not isinstance(result, Failed), result
    assert jsonschema_rs.is_valid(NODE.output_schema(config, {}), result.output)
    return result.output


@pytest.mark.parametrize(
    ("compute", "result"),
    [("sum", 16.5), ("min", 1), ("max", 10), ("mean", 4.125), ("median", 2.75)],
)
def test_numbers_of_all_items_are_computed(compute: str, result: float) -> None:
    output = computed({"compute": compute, "value": "item.n"}, ROWS)
    assert output == {"result": result, "count": 4}


def test_items_are_counted() -> None:
    assert computed({}, ROWS) == {"result": 4, "count": 4}


def test_groups_stand_in_the_order_of_their_first_items() -> None:
    config = {"compute": "sum", "value": "item.n", "group_by": "item.who"}
    assert computed(config, ROWS)["groups"] == [
        {"key": "Ada", "result": 5.5, "count": 2},
        {"key": "Bo", "result": 10, "count": 1},
        {"key": None, "result": 1, "count": 1},
    ]


@pytest.mark.parametrize(
    ("compute", "result"), [("sum", 0), ("min", None), ("mean", None), ("median", None)]
)
def test_empty_list_has_a_sum_and_nothing_else(compute: str, result: object) -> None:
    config = {"compute": compute, "value": "item", "group_by": "item"}
    assert computed(config, []) == {"result": result, "count": 0, "groups": []}


def test_whole_numbers_add_up_exactly() -> None:
    output = computed({"compute": "sum", "value": "item"}, [2**53, 1])
    assert output["result"] == 2**53 + 1


@pytest.mark.parametrize("value", ["'a'", "true", "null", "item.who"])
def test_value_that_is_no_number_fails_with_its_index(value: str) -> None:
    config = NODE.config(items="input", compute="sum", value=value)
    result = NODE.run(config, Data(ROWS, {}))
    assert isinstance(result, Failed)
    assert result.message.startswith("Item 0:")


@pytest.mark.parametrize("items", [[2**62, 2**62], [1e308, 1e308]])
def test_sum_that_does_not_fit_fails(items: list) -> None:
    config = NODE.config(items="input", compute="sum", value="item")
    result = NODE.run(config, Data(items, {}))
    assert isinstance(result, Failed)
    assert result.code == "aggregate_too_large"


@pytest.mark.parametrize("config", [{"compute": "sum"}, {"value": "item"}])
def test_value_belongs_to_what_needs_one(config: dict) -> None:
    with pytest.raises(ValidationError):
        NODE.config(items="input", **config)
