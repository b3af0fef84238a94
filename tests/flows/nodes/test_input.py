from flows.nodes.base import Data, Done
from flows.nodes.input import NODE


def test_output_is_the_input_of_the_run() -> None:
    assert NODE.run(NODE.config(), Data({"a": 1}, {})) == Done({"a": 1})


def test_output_schema_is_the_input_schema() -> None:
    schema = {"type": "object", "properties": {"a": {}}}
    assert NODE.output_schema(NODE.config(), schema) == schema


def test_no_edge_leads_into_it() -> None:
    assert NODE.in_ports == ()
