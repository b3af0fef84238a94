import jsonschema_rs
import pytest

from flows.nodes.base import Data, Done, Failed
from flows.nodes.merge import NODE

STEPS = {"a": {"x": 1, "y": 1}, "b": {"y": 2}, "c": {"z": 3}, "n": [1]}


@pytest.mark.parametrize(
    ("mode", "value", "sources"),
    [
        ("object", {"x": 1, "y": 2}, ["a", "b"]),
        ("list", [STEPS["a"], STEPS["b"]], ["a", "b"]),
        ("first", STEPS["a"], ["a"]),
    ],
)
def test_what_arrived_is_merged(mode: str, value: object, sources: list[str]) -> None:
    config = NODE.config(mode=mode)
    result = NODE.run(config, Data({}, STEPS, arrived=("a", "b")))
    assert result == Done({"value": value, "from": sources})
    assert jsonschema_rs.is_valid(NODE.output_schema(config, {}), result.output)


def test_fields_of_what_is_no_object_cannot_be_merged() -> None:
    result = NODE.run(NODE.config(), Data({}, STEPS, arrived=("a", "n")))
    assert isinstance(result, Failed)
    assert "'n'" in result.message
