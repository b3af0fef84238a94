"""Asking a model that computes, here or in the child process."""

import json

from model_registry.adapters.base import ComputingModel
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelInputInvalid,
    ModelUnavailable,
)
from model_registry.json_values import JsonObject

SHOWN = 500


def answer(model: ComputingModel, question: str) -> str:
    """Ask the model in JSON text, and give its answer as that."""
    try:
        return json.dumps(ask(model, json.loads(question)), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise no_json(error) from error


def ask(model: ComputingModel, question: JsonObject) -> JsonObject:
    """Ask the model, which may keep the question and change it."""
    try:
        output = model(question)
    except ModelError:
        raise
    except ValueError as error:
        raise ModelInputInvalid(
            f"The model cannot take this input: {error}"[:SHOWN]
        ) from error
    except Exception as error:
        raise ModelUnavailable(f"The model broke: {told(error)}") from error
    if not isinstance(output, dict):
        raise ModelAnswerInvalid(
            f"The model answered with a {type(output).__name__}; a dict was expected."
        )
    return output


def no_json(error: Exception) -> ModelAnswerInvalid:
    """What is raised where an answer is no JSON."""
    return ModelAnswerInvalid(f"The model's answer is not JSON: {error}.")


def told(error: Exception) -> str:
    """An error of somebody else's code, in one line."""
    return f"{type(error).__name__}: {error}"[:SHOWN]
