import pytest
from pydantic import ValidationError

from flows.expressions import ExpressionFailed
from flows.nodes.base import Data, Done
from flows.nodes.transform import NODE


def test_values_become_the_output() -> None:
    config = NODE.config(values={"n": "input.a * 2", "t": "'x' + steps.s.t"})
    data = Data({"a": 2}, {"s": {"t": "y"}})
    assert NODE.run(config, data) == Done({"n": 4, "t": "xy"})


def test_value_that_fails_is_not_swallowed() -> None:
    with pytest.raises(ExpressionFailed):
        NODE.run(NODE.config(values={"n": "steps.dead.x"}), Data({}, {}))


def test_every_value_is_listed_for_the_validator() -> None:
    config = NODE.config(values={"a": "1", "b": "2 +"})
    uses = NODE.uses(config)
    assert [(use.pointer, use.error is None) for use in uses] == [
        ("/values/a", True),
        ("/values/b", False),
    ]


@pytest.mark.parametrize("values", [{"a b": "1"}, {"a": ""}, {"a": 1}, [], None])
def test_config_of_another_shape_is_refused(values: object) -> None:
    with pytest.raises(ValidationError):
        NODE.config(values=values)
