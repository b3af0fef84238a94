"""Bring parallel branches together."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from flows.nodes.base import Data, Done, NodeConfig, NodeType, Schema

OUT, UNMET = "out", "unmet"


class Config(NodeConfig):
    """How many branches must arrive: all that still can, the first, or `count`."""

    mode: Literal["all", "any", "n_of_m"] = "all"
    count: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _count_fits_mode(self) -> Self:
        if (self.mode == "n_of_m") != (self.count is not None):
            raise ValueError("give `count` with the mode n_of_m, and only with it")
        return self


def run(config: Config, data: Data) -> Done:
    """Say who arrived; by `unmet` if fewer did than are asked for."""
    is_met = config.count is None or len(data.arrived) >= config.count
    return Done(
        output={"arrived": list(data.arrived)},
        port=OUT if is_met else UNMET,
    )


def ports(config: Config) -> tuple[str, ...]:
    """Only a join that asks for a number can end up with too few."""
    return (OUT, UNMET) if config.mode == "n_of_m" else (OUT,)


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The ids of the nodes whose edges were taken."""
    return {
        "type": "object",
        "properties": {"arrived": {"type": "array", "items": {"type": "string"}}},
        "required": ["arrived"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="join",
    label="Join",
    help="Waits for its branches: for all that can arrive, for any, or for a number.",
    icon="arrows-join",
    config=Config,
    run=run,
    out_ports=ports,
    output_schema=output_schema,
)
