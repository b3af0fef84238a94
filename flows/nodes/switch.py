"""Go one of several ways."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from flows.expressions import compile_expression
from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType, Schema, Written
from flows.nodes.values import Cel, Port

OTHERWISE = "otherwise"


class Case(NodeConfig):
    """A port and the question that opens it."""

    port: Port
    when: Cel


class Config(NodeConfig):
    """The cases in the order in which they are asked.

    With the mode `first` the first case that holds is taken, with `all` every one.
    """

    cases: Annotated[list[Case], Field(min_length=1, max_length=50)]
    mode: Literal["first", "all"] = "first"

    @field_validator("cases")
    @classmethod
    def _ports_differ(cls, cases: list[Case]) -> list[Case]:
        seen = {OTHERWISE}
        for case in cases:
            if case.port in seen:
                raise ValueError(
                    f"the port '{case.port}' is taken; give each case a port of its "
                    f"own, other than '{OTHERWISE}'"
                )
            seen.add(case.port)
        return cases


def run(config: Config, data: Data) -> Done | Failed:
    """Leave by the cases that hold, as many as the mode takes, else by `otherwise`."""
    variables = data.variables
    taken: list[str] = []
    for case in config.cases:
        result = compile_expression(case.when).evaluate(variables)
        if not isinstance(result, bool):
            return Failed(
                code="condition_not_boolean",
                message=f"The case '{case.port}' gave neither true nor false. "
                "Compare its value with something, for example with == or >.",
            )
        if result:
            taken.append(case.port)
            if config.mode == "first":
                break
    return _leave(config, taken or [OTHERWISE])


def _leave(config: Config, taken: list[str]) -> Done:
    output = {"port": taken[0]} if config.mode == "first" else {"ports": taken}
    return Done(output=output, port=",".join(taken))


def ports(config: Config) -> tuple[str, ...]:
    """One port for each case, then `otherwise`."""
    return (*(case.port for case in config.cases), OTHERWISE)


def expressions(config: Config) -> list[Written]:
    """The questions of all cases."""
    return [
        (f"/cases/{index}/when", case.when, "cel")
        for index, case in enumerate(config.cases)
    ]


def output_schema(config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The name of the port that was taken, or with the mode `all` those of all."""
    name: dict[str, Any] = {"enum": list(ports(config))}
    part: dict[str, Any] = {"port": name}
    if config.mode == "all":
        part = {"ports": {"type": "array", "items": name, "minItems": 1}}
    return {
        "type": "object",
        "properties": part,
        "required": list(part),
        "additionalProperties": False,
    }


NODE = NodeType(
    name="switch",
    label="Switch",
    help="Goes on by the first case that holds, or by all that do, else by otherwise.",
    icon="arrows-split-2",
    config=Config,
    run=run,
    out_ports=ports,
    expressions=expressions,
    output_schema=output_schema,
)
