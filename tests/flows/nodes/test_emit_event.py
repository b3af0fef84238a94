import pytest
from pydantic import ValidationError

from flows.nodes.base import Data, Emit, Failed
from flows.nodes.emit_event import NODE


def test_event_carries_its_values() -> None:
    config = NODE.config(
        name="order.paid", key="string(input.id)", data={"sum": "input.sum"}, ttl_s=60
    )
    result = NODE.run(config, Data({"id": 17, "sum": 9.5}, {}))
    assert result == Emit(name="order.paid", key="17", data={"sum": 9.5}, ttl_s=60)
    assert [use.pointer for use in NODE.uses(config)] == ["/key", "/data/sum"]


def test_key_that_is_not_text_fails() -> None:
    result = NODE.run(NODE.config(name="a", key="17"), Data({}, {}))
    assert isinstance(result, Failed)
    assert result.code == "event_key_not_text"


@pytest.mark.parametrize("ttl_s", [0, -1, 8_000_000])
def test_time_to_live_has_a_range(ttl_s: float) -> None:
    with pytest.raises(ValidationError):
        NODE.config(name="a", key="'k'", ttl_s=ttl_s)
