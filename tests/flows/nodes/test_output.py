from flows.nodes.base import Data, Done
from flows.nodes.output import NODE


def test_values_become_the_output_and_there_is_no_way_on() -> None:
    config = NODE.config(values={"n": "input.a + 1", "x": "steps.s"})
    assert NODE.run(config, Data({"a": 1}, {"s": [2]})) == Done(
        {"n": 2, "x": [2]}, port=None
    )
    assert NODE.out_ports(config) == ()


def test_output_schema_names_the_values() -> None:
    schema = NODE.output_schema(NODE.config(values={"n": "1"}), {})
    assert schema["required"] == ["n"]
