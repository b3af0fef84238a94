import jsonschema_rs

from flows.nodes.base import Data, Done
from flows.nodes.join import NODE


def test_output_says_who_arrived() -> None:
    data = Data({}, {"a": 1, "b": 2}, arrived=("a", "b"))
    result = NODE.run(NODE.config(), data)
    assert result == Done({"arrived": ["a", "b"]})
    assert jsonschema_rs.is_valid(NODE.output_schema(NODE.config(), {}), result.output)
