"""What the validator needs to know about node types."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import BaseModel

from flows.graph.uses import ExpressionUse

# What workers elsewhere can carry out, and the queue that is not for that.
REMOTE = frozenset({"model", "http_request"})
RUNS_QUEUE = "runs"

# Types that the rules of the graph speak of.
INPUT, OUTPUT, FAIL = "input", "output", "fail"
MAP, JOIN, SWITCH, SET_CONTEXT = "map", "join", "switch", "set_context"
# Ports that come from a node's settings rather than from its type.
ERROR, EXHAUSTED = "error", "exhausted"
UNMET = "unmet"


class NodeTypeLike(Protocol):
    """One entry of the catalogue."""

    @property
    def name(self) -> str:
        """Name that documents use."""

    @property
    def version(self) -> int:
        """The only version that can run."""

    @property
    def config(self) -> type[BaseModel]:
        """Model of the config."""

    @property
    def in_ports(self) -> tuple[str, ...]:
        """Ports that edges may end at."""

    @property
    def out_ports(self) -> Any:  # noqa: ANN401 - a function of the type's own config
        """Function from a config to the ports that edges may start at."""

    def uses(self, config: Any) -> list[ExpressionUse]:  # noqa: ANN401
        """Compile every expression of a config."""

    def effect_of(self, config: Any) -> str:  # noqa: ANN401
        """What a node with this config does to the world outside."""

    @property
    def output_schema(self) -> Callable[[Any, Mapping[str, Any]], dict[str, Any]]:
        """Function from a config and the flow's input schema to that of the output."""
