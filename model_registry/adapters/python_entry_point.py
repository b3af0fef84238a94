"""Models that installed packages offer under the entry point group `baton.models`.

An entry point is a factory: `load(options) -> model`, and `model(input) -> output`,
both on JSON objects. This module runs in the worker and in its child process, so it
knows nothing of Django.
"""

import json
import threading
import time
from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import NoReturn

from model_registry import entry_points
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
)
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelInputInvalid,
    ModelTimedOut,
    ModelUnavailable,
)
from model_registry.json_values import JsonObject, copied

PythonModel = Callable[[JsonObject], JsonObject]
SHOWN = 500


def load_model(settings: JsonObject) -> PythonModel:
    """Import the entry point that `settings` name and let it make the model."""
    name, known = settings["entry_point"], entry_points.known()
    if name not in known:
        raise ModelUnavailable(entry_points.unknown_sentence(name, known))
    entry = EntryPoint(name=name, value=known[name], group=entry_points.GROUP)
    try:
        model: PythonModel = entry.load()(settings.get("options", {}))
    except Exception as error:
        raise ModelUnavailable(
            f"The model {name!r} cannot be loaded: {_told(error)}"
        ) from error
    return model


def answer(model: PythonModel, question: str) -> str:
    """Ask the model in JSON text, and give its answer as that."""
    try:
        return json.dumps(ask(model, json.loads(question)), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _no_json(error) from error


def ask(model: PythonModel, question: JsonObject) -> JsonObject:
    """Ask the model, which may keep the question and change it."""
    try:
        output = model(question)
    except ValueError as error:
        raise ModelInputInvalid(
            f"The model cannot take this input: {error}"[:SHOWN]
        ) from error
    except Exception as error:
        raise ModelUnavailable(f"The model broke: {_told(error)}") from error
    if not isinstance(output, dict):
        raise ModelAnswerInvalid(
            f"The model answered with a {type(output).__name__}; a dict was expected."
        )
    return output


def load(request: LoadRequest) -> LoadedModel:
    """Make a model that runs in this process: one call at a time, unless it waits."""
    model = load_model(request.settings)

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
        raise _no_json(error) from error
    return kept


def _too_late(question: AdapterCall) -> NoReturn:
    raise ModelTimedOut(f"No answer within {question.timeout_s:g} s.")


def _no_json(error: Exception) -> ModelAnswerInvalid:
    return ModelAnswerInvalid(f"The model's answer is not JSON: {error}.")


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:SHOWN]
