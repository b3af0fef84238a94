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


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("17", "event_key_not_text"),
        (r"'a\u0000b'", "event_key_not_text"),
        (f"'{'k' * 201}'", "event_key_too_long"),
    ],
)
def test_key_that_cannot_be_kept_fails(key: str, code: str) -> None:
    result = NODE.run(NODE.config(name="a", key=key), Data({}, {}))
    assert isinstance(result, Failed)
    assert result.code == code


def test_key_may_be_as_long_as_the_column() -> None:
    result = NODE.run(NODE.config(name="a", key=f"'{'k' * 200}'"), Data({}, {}))
    assert isinstance(result, Emit)


@pytest.mark.parametrize("ttl_s", [0, -1, 8_000_000])
def test_time_to_live_has_a_range(ttl_s: float) -> None:
    with pytest.raises(ValidationError):
        NODE.config(name="a", key="'k'", ttl_s=ttl_s)
