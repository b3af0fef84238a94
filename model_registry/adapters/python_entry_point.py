"""Models that installed packages offer under the entry point group `baton.models`.

An entry point is a factory: `load(options) -> model`, and `model(input) -> output`,
both on JSON objects. This module runs in the worker and in its child process, so it
knows nothing of Django.
"""

import threading
import time
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import NoReturn

from model_registry import entry_points
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    ComputingModel,
    LoadedModel,
    LoadRequest,
    TellsSchemas,
)
from model_registry.computing import ask, no_json, told
from model_registry.errors import ModelTimedOut, ModelUnavailable
from model_registry.json_values import JsonObject, copied


def load_model(settings: JsonObject, _model_dir: Path) -> ComputingModel:
    """Import the entry point that `settings` name and let it make the model."""
    name = settings["entry_point"]
    entry = EntryPoint(name=name, value=_value_of(name), group=entry_points.GROUP)
    try:
        model: ComputingModel = entry.load()(settings.get("options", {}))
    except Exception as error:
        raise ModelUnavailable(
            f"The model {name!r} cannot be loaded: {told(error)}"
        ) from error
    return model


def load(request: LoadRequest) -> LoadedModel:
    """Make a model that runs in this process: one call at a time, unless it waits."""
    model = load_model(request.settings, request.model_dir)

    def call(question: AdapterCall) -> AdapterReply:
        deadline = time.monotonic() + question.timeout_s
        output = _kept(ask(model, copied(question.input)))
        if time.monotonic() > deadline:
            _too_late(question)
        return AdapterReply(output=output)

    return call if request.runs == "wait" else _in_turn(call)


def _in_turn(call: LoadedModel) -> LoadedModel:
    """Let only one call at a time through; to wait for one's turn takes of the time."""
    turn = threading.Lock()

    def call_in_turn(question: AdapterCall) -> AdapterReply:
        deadline = time.monotonic() + question.timeout_s
        if not turn.acquire(timeout=question.timeout_s):
            _too_late(question)
        try:
            reply = call(question)
        finally:
            turn.release()
        if time.monotonic() > deadline:
            _too_late(question)
        return reply

    return call_in_turn


def _kept(output: JsonObject) -> JsonObject:
    """A copy of an answer, which the model may go on changing."""
    try:
        kept: JsonObject = copied(output)
    except (TypeError, ValueError) as error:
        raise no_json(error) from error
    return kept


def _value_of(name: str) -> str:
    try:
        return entry_points.find(name)
    except LookupError as error:
        raise ModelUnavailable(str(error)) from None


def _too_late(question: AdapterCall) -> NoReturn:
    raise ModelTimedOut(f"No answer within {question.timeout_s:g} s.")


def health(request: LoadRequest, _timeout_s: float) -> str:
    """The entry point is there; whether it loads is seen when it is called."""
    name = request.settings["entry_point"]
    _value_of(name)
    return f"The entry point {name} is installed."


def schema(_request: LoadRequest, _timeout_s: float) -> TellsSchemas | None:
    """A Python function does not say what it takes."""
    return None
