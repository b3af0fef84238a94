import jsonschema_rs
import pytest
from pydantic import ValidationError

from flows.nodes.base import Data, Done
from flows.nodes.join import NODE


def test_output_says_who_arrived() -> None:
    data = Data({}, {"a": 1, "b": 2}, arrived=("a", "b"))
    result = NODE.run(NODE.config(), data)
    assert result == Done({"arrived": ["a", "b"]})
    assert jsonschema_rs.is_valid(NODE.output_schema(NODE.config(), {}), result.output)


@pytest.mark.parametrize(("arrived", "port"), [(("a",), "unmet"), (("a", "b"), "out")])
def test_join_of_a_number_says_when_too_few_arrived(arrived, port) -> None:
    config = NODE.config(mode="n_of_m", count=2)
    result = NODE.run(config, Data({}, {}, arrived=arrived))
    assert result.port == port
    assert NODE.out_ports(config) == ("out", "unmet")


def test_join_of_all_or_any_has_one_way_out() -> None:
    for mode in ("all", "any"):
        config = NODE.config(mode=mode)
        assert NODE.out_ports(config) == ("out",)
        assert NODE.run(config, Data({}, {}, arrived=("a",))).port == "out"


@pytest.mark.parametrize(
    "config", [{"mode": "n_of_m"}, {"mode": "any", "count": 1}, {"mode": "some"}]
)
def test_count_belongs_to_its_mode(config) -> None:
    with pytest.raises(ValidationError):
        NODE.config(**config)
