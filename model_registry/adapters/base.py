"""What an adapter is: it turns a version's settings into something to call.

Modules that a worker or a page imports stay light. A model that computes has a second
module beside its adapter, which only the worker's child process imports.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from model_registry.json_values import JsonObject
from orchestrator_site.egress.allowance import Allowance

SecretReader = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """What an adapter may look at when it loads a version.

    `runs` says where its calls take place: several at once where it is `wait`.
    `read_secret` gives the secret that the settings name, and is asked for each call;
    `model_dir` is the folder in which the operator keeps artefacts.
    """

    settings: JsonObject
    output_schema: JsonObject
    allowance: Allowance
    runs: str
    read_secret: SecretReader
    model_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterCall:
    """One question to a loaded model."""

    input: JsonObject
    timeout_s: float
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterReply:
    """One answer, not checked against the model's schema yet."""

    output: JsonObject
    cost_usd_micros: int = 0
    usage: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether a version could be called just now, and how long it took to find out."""

    ok: bool
    message: str
    latency_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TellsSchemas:
    """What the other side says that it takes and gives; None where it does not say."""

    input: JsonObject | None
    output: JsonObject | None


LoadedModel = Callable[[AdapterCall], AdapterReply]
ComputingModel = Callable[[JsonObject], JsonObject]


class AdapterModule(Protocol):
    """The module of an adapter; imported when its first version is loaded."""

    def load(self, request: LoadRequest) -> LoadedModel:
        """Make a version callable from any thread.

        Raises: ModelUnavailable if that cannot be done; the loaded model raises the
        other errors of `model_registry.errors`.
        """

    def health(self, request: LoadRequest, timeout_s: float) -> str:
        """Look whether the version could be called, without asking it anything.

        Returns: what was found, for a person.
        Raises: ModelError if it could not be called.
        """

    def schema(self, request: LoadRequest, timeout_s: float) -> TellsSchemas | None:
        """Ask the other side what it takes and gives; None if it cannot tell.

        Raises: ModelError
        """


class ComputingModule(Protocol):
    """A module that only the child process imports; it may be heavy."""

    def load_model(self, settings: JsonObject, model_dir: Path) -> ComputingModel:
        """Make a model that answers JSON objects with JSON objects.

        The model raises ValueError where it cannot take an input.
        Raises: ModelError if it cannot be loaded.
        """
