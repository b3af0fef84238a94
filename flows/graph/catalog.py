"""What the validator needs to know about node types."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

INPUT = "input"
OUTPUT = "output"
# What workers elsewhere can carry out, and the queue that is not for that.
REMOTE = frozenset({"model", "http_request"})
RUNS_QUEUE = "runs"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpressionUse:
    """One expression of a config: where it stands and what came of compiling it.

    `references` holds (node id, whether the expression asks has(steps.<id>) first),
    `names` the other variables that it reads, and `provides` those of them that exist
    at this place of the config, whatever stands around the node.
    """

    pointer: str
    references: Collection[tuple[str, bool]] = ()
    names: Collection[str] = ()
    provides: tuple[str, ...] = ()
    error: str | None = None
    offset: int = 0


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
