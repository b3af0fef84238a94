"""What a node type is, and what its `run` may take and give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from flows.errors import ExpressionInvalid
from flows.expressions import compile_expression, compile_text
from flows.graph.catalog import ExpressionUse

Effect = Literal["pure", "idempotent", "transactional"]
Schema = Mapping[str, Any]
Risk = Literal["low", "medium", "high"]
# Where in the config the expression stands (JSON Pointer), its source, how to read it.
Written = tuple[str, str, Literal["cel", "text"]]


class NodeConfig(BaseModel):
    """Base of every config: unknown keys are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Data:
    """What a node sees of its run.

    `steps` holds the outputs of completed ancestors by node id; dead ones are absent.
    `arrived` holds the ids of the source nodes of the edges that were taken.
    """

    input: Any
    steps: Mapping[str, Any]
    arrived: tuple[str, ...] = ()

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of expressions."""
        return {"input": self.input, "steps": self.steps}


@dataclass(frozen=True, slots=True)
class Done:
    """The node has its output and leaves by `port`; None if it has no way out."""

    output: Any
    port: str | None = "out"


@dataclass(frozen=True, slots=True)
class Failed:
    """The node cannot give an output; the run fails."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CallModel:
    """Ask the engine to call a model; its reply becomes the output, on port `out`."""

    model: str
    alias: str
    input: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson:
    """Ask the engine to wait for a person's decision.

    It leaves by `approved` or `rejected`; `fields` are the values the person may edit.
    """

    title: str
    shown: dict[str, Any]
    fields: dict[str, Any]
    roles: tuple[str, ...]
    exclude_starter: bool
    risk: Risk


Result = Done | Failed | CallModel | AskPerson
Config = TypeVar("Config", bound=NodeConfig)


def no_expressions(_config: NodeConfig) -> list[Written]:
    """For types whose config holds none."""
    return []


@dataclass(frozen=True, kw_only=True)
class NodeType(Generic[Config]):
    """One type of node.

    `run` computes the result from config and data alone. An expression that fails in it
    raises ExpressionFailed, and the step fails with that code. `output_schema` takes
    the config and the flow's input schema.
    """

    name: str
    version: int = 1
    label: str
    help: str
    icon: str
    effect: Effect = "pure"
    config: type[Config]
    run: Callable[[Config, Data], Result]
    in_ports: tuple[str, ...] = ("in",)
    out_ports: Callable[[Config], tuple[str, ...]]
    expressions: Callable[[Config], list[Written]] = no_expressions
    output_schema: Callable[[Config, Schema], dict[str, Any]]

    def uses(self, config: Config) -> list[ExpressionUse]:
        """Compile every expression of the config."""
        return [_use(written) for written in self.expressions(config)]


def _use(written: Written) -> ExpressionUse:
    pointer, source, kind = written
    try:
        if kind == "text":
            expressions = compile_text(source).expressions
        else:
            expressions = (compile_expression(source),)
    except ExpressionInvalid as error:
        return ExpressionUse(pointer=pointer, error=error.message, offset=error.offset)
    references = [found for each in expressions for found in each.references]
    return ExpressionUse(pointer=pointer, references=frozenset(references))
