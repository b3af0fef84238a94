from flows.nodes.base import Data, Done
from flows.nodes.template import NODE


def test_values_are_filled_in() -> None:
    config = NODE.config(text="Dear {{ input.name }}, {{ steps.a.n }} left{{ null }}.")
    data = Data({"name": "Ada"}, {"a": {"n": 2}})
    assert NODE.run(config, data) == Done({"text": "Dear Ada, 2 left."})
    assert [list(use.references) for use in NODE.uses(config)] == [[("a", False)]]
