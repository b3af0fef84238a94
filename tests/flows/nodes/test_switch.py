import jsonschema_rs
import pytest
from pydantic import ValidationError

from flows.nodes.base import Data, Done, Failed
from flows.nodes.switch import NODE

CASES = [
    {"port": "low", "when": "input.n < 10"},
    {"port": "even", "when": "input.n % 2 == 0"},
]


@pytest.mark.parametrize(
    ("number", "port"), [(4, "low"), (5, "low"), (12, "even"), (13, "otherwise")]
)
def test_first_case_that_holds_decides(number: int, port: str) -> None:
    config = NODE.config(cases=CASES)
    assert NODE.run(config, Data({"n": number}, {})) == Done({"port": port}, port=port)


@pytest.mark.parametrize(
    ("number", "ports"),
    [(4, ["low", "even"]), (5, ["low"]), (12, ["even"]), (13, ["otherwise"])],
)
def test_mode_all_takes_every_case_that_holds(number: int, ports: list[str]) -> None:
    config = NODE.config(cases=CASES, mode="all")
    result = NODE.run(config, Data({"n": number}, {}))
    assert result == Done({"ports": ports}, port=",".join(ports))
    assert jsonschema_rs.is_valid(NODE.output_schema(config, {}), result.output)


def test_later_cases_are_not_asked() -> None:
    config = NODE.config(cases=[CASES[0], {"port": "bad", "when": "1 / 0 == 1"}])
    assert NODE.run(config, Data({"n": 1}, {})) == Done({"port": "low"}, port="low")


def test_case_that_is_not_boolean_fails() -> None:
    config = NODE.config(cases=[{"port": "a", "when": "input.n"}])
    result = NODE.run(config, Data({"n": 1}, {}))
    assert isinstance(result, Failed)
    assert "case 'a'" in result.message


def test_ports_are_those_of_the_cases_and_otherwise() -> None:
    config = NODE.config(cases=CASES)
    assert NODE.out_ports(config) == ("low", "even", "otherwise")
    assert NODE.output_schema(config, {})["properties"]["port"] == {
        "enum": ["low", "even", "otherwise"]
    }


def test_every_case_is_listed_for_the_validator() -> None:
    uses = NODE.uses(NODE.config(cases=CASES))
    assert [use.pointer for use in uses] == ["/cases/0/when", "/cases/1/when"]


@pytest.mark.parametrize("ports", [["a", "a"], ["otherwise"], ["A"], []])
def test_ports_must_differ_and_be_words(ports: list[str]) -> None:
    with pytest.raises(ValidationError):
        NODE.config(cases=[{"port": port, "when": "true"} for port in ports])
