from flows.nodes.base import Data, Done
from flows.nodes.join import NODE


def test_output_says_who_arrived() -> None:
    data = Data({}, {"a": 1, "b": 2}, arrived=("a", "b"))
    assert NODE.run(NODE.config(), data) == Done({"arrived": ["a", "b"]})
