import pytest
from pydantic import ValidationError

from flows.nodes.base import CallFlow, Data
from flows.nodes.subflow import NODE


def test_flow_is_called_by_its_version() -> None:
    config = NODE.config(flow="refund", version=3, input={"order": "input.id"})
    result = NODE.run(config, Data({"id": "17"}, {}))
    assert result == CallFlow(flow="refund", version=3, input={"order": "17"})
    assert NODE.out_ports(config) == ("out",)
    assert [use.pointer for use in NODE.uses(config)] == ["/input/order"]


@pytest.mark.parametrize("version", [0, "3", None])
def test_version_is_a_number(version: object) -> None:
    with pytest.raises(ValidationError):
        NODE.config(flow="refund", version=version)
