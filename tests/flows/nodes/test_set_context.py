from flows.nodes.base import Data, Done
from flows.nodes.set_context import NODE


def test_values_are_the_output() -> None:
    config = NODE.config(values={"locale": "input.locale", "vip": "context.n > 1"})
    data = Data({"locale": "de"}, {}, scope={"context": {"n": 2}})
    assert NODE.run(config, data) == Done({"locale": "de", "vip": True})
    names = [set(use.names) for use in NODE.uses(config)]
    assert names == [{"input"}, {"context"}]
