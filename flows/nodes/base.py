"""What a node type is, and what its `run` may take and give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from flows.graph.uses import ExpressionUse, Reading, read_use

Effect = Literal["pure", "idempotent", "transactional", "at_most_once"]
Schema = Mapping[str, Any]
Risk = Literal["low", "medium", "high"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Where in the config the expression stands (JSON Pointer), its source, how to read it.
Written = tuple[str, str, Reading]


class NodeConfig(BaseModel):
    """Base of every config: unknown keys are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Data:
    """What a node sees of its run.

    `steps` holds the outputs of completed ancestors by node id; dead ones are absent.
    `arrived` holds the ids of the source nodes of the edges that were taken. `scope`
    holds the variables that exist only where the node stands: `context`, and those of
    the map or loop around it. `key` is the same whenever this step is tried again, and
    `now` the time at which it began.
    """

    input: Any
    steps: Mapping[str, Any]
    arrived: tuple[str, ...] = ()
    scope: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    now: datetime = EPOCH

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of expressions."""
        return {"input": self.input, "steps": self.steps, **self.scope}


@dataclass(frozen=True, slots=True)
class Done:
    """The node has its output and leaves by `port`; None if it has no way out.

    Several ports at once are written with commas between them.
    """

    output: Any
    port: str | None = "out"


@dataclass(frozen=True, slots=True)
class Failed:
    """The node cannot give an output; its retries and error handling decide."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CallModel:
    """Ask the engine to call a model; its reply becomes the output, on port `out`.

    The model's figures are kept by `tag`; without one, by the flow.
    """

    model: str
    alias: str
    input: dict[str, Any]
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson:
    """Ask the engine to wait for a person's decision.

    It leaves by `approved` or `rejected`; `fields` are the values the person may edit.
    What is approved fits `schema`; without one, it is of the kind that was proposed.
    """

    title: str
    shown: dict[str, Any]
    fields: dict[str, Any]
    roles: tuple[str, ...]
    exclude_starter: bool
    risk: Risk
    schema: Schema | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Ask the engine for an HTTP request through the one egress client.

    The output is `{"status", "headers", "body"}`, on port `out`.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout_s: float = 30.0
    max_bytes: int = 1_000_000
    ok_statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ForEach:
    """Ask the engine to run the body of this map for each of the items, in order."""

    items: list[Any]


@dataclass(frozen=True, slots=True)
class CallFlow:
    """Ask the engine for a run of another flow; its output becomes this step's."""

    flow: str
    version: int
    input: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Awaited:
    """An event that ends a wait: its name, its correlation key, the port it leaves by."""

    port: str
    name: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor:
    """Ask the engine to wait until a moment, or for the first of some events.

    An event leaves by its port with its data as output; the moment by `due_port`.
    """

    until: datetime | None
    due_port: str
    events: tuple[Awaited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit:
    """Ask the engine to send an event to whatever waits for it, now or within `ttl_s`."""

    name: str
    key: str
    data: Any
    ttl_s: float


Request = CallModel | AskPerson | Fetch | ForEach | CallFlow | WaitFor | Emit
Result = Done | Failed | Request
Config = TypeVar("Config", bound=NodeConfig)


def no_expressions(_config: NodeConfig) -> list[Written]:
    """For types whose config holds none."""
    return []


@dataclass(frozen=True, kw_only=True)
class NodeType(Generic[Config]):
    """One type of node.

    `run` computes the result from config and data alone. An expression that fails in it
    raises ExpressionFailed, and the step fails with that code. `output_schema` takes
    the config and the flow's input schema. `effect_by` is for types whose effect
    depends on their config; ask `effect_of`. `runs` says where what the result asks for is
    carried out: in the engine's loop, or on a thread since it waits for others.
    """

    name: str
    version: int = 1
    label: str
    help: str
    icon: str
    effect: Effect = "pure"
    effect_by: Callable[[Config], Effect] | None = None
    runs: Literal["loop", "wait"] = "loop"
    config: type[Config]
    run: Callable[[Config, Data], Result]
    in_ports: tuple[str, ...] = ("in",)
    out_ports: Callable[[Config], tuple[str, ...]]
    expressions: Callable[[Config], list[Written]] = no_expressions
    output_schema: Callable[[Config, Schema], dict[str, Any]]

    def effect_of(self, config: Config) -> Effect:
        """What a node with this config does to the world outside."""
        return self.effect if self.effect_by is None else self.effect_by(config)

    def uses(self, config: Config) -> list[ExpressionUse]:
        """Compile every expression of the config."""
        return [read_use(*written) for written in self.expressions(config)]
