import jsonschema_rs
import pytest
from pydantic import ValidationError

from flows.nodes.base import Data, Failed, ForEach
from flows.nodes.map import NODE


def test_items_are_those_of_the_run() -> None:
    config = NODE.config(items="input.orders")
    assert NODE.run(config, Data({"orders": [1, 2]}, {})) == ForEach(items=[1, 2])
    assert NODE.run(config, Data({"orders": []}, {})) == ForEach(items=[])
    assert NODE.out_ports(config) == ("out",)


def test_what_is_no_list_fails() -> None:
    result = NODE.run(NODE.config(items="input"), Data({"a": 1}, {}))
    assert isinstance(result, Failed)
    assert result.code == "map_items_not_list"


def test_result_is_read_in_the_scope_of_the_item() -> None:
    config = NODE.config(items="input.l", result="{'id': item.id, 'n': steps.a.n}")
    uses = {use.pointer: use for use in NODE.uses(config)}
    assert uses["/items"].provides == ()
    assert uses["/result"].provides == ("item", "index")
    assert list(uses["/result"].references) == [("a", False)]


def test_failed_items_have_a_place_in_the_output() -> None:
    config = NODE.config(items="input", on_item_error="keep")
    failed = [{"index": 1, "code": "no_stock", "message": "Nothing is left."}]
    output = {"items": [{"a": 1}, None], "failed": failed}
    assert jsonschema_rs.is_valid(NODE.output_schema(config, {}), output)


@pytest.mark.parametrize("concurrency", [0, 1001, 2.5])
def test_concurrency_has_a_range(concurrency: float) -> None:
    with pytest.raises(ValidationError):
        NODE.config(items="input", concurrency=concurrency)
