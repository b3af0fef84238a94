"""What an adapter is: it turns a version's settings into something to call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from model_registry.json_values import JsonObject
from orchestrator_site.egress.allowance import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """What an adapter may look at when it loads a version.

    `runs` says where its calls take place: several at once where it is `wait`.
    """

    settings: JsonObject
    output_schema: JsonObject
    allowance: Allowance
    runs: str


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


LoadedModel = Callable[[AdapterCall], AdapterReply]


class AdapterModule(Protocol):
    """The module of an adapter; imported when its first version is loaded."""

    def load(self, request: LoadRequest) -> LoadedModel:
        """Make a version callable from any thread.

        Raises: ModelUnavailable if that cannot be done; the loaded model raises the
        other errors of `model_registry.errors`.
        """
