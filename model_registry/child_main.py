"""The worker's child process: computes what would hold up everything else.

Started as `python -m model_registry.child_main`, with a socket as standard input. It
imports no Django. It ends when the worker closes its end, or dies.
"""

import importlib
import os
import select
import signal
import socket
import threading
from pathlib import Path
from typing import cast

from model_registry import frames
from model_registry.adapters.base import ComputingModel, ComputingModule
from model_registry.computing import answer
from model_registry.errors import ModelAnswerInvalid, ModelError, ModelUnavailable
from model_registry.json_values import JsonObject

models: dict[str, ComputingModel] = {}


def take_channel() -> socket.socket:
    """Take the socket away from the models: they get an empty input and a log."""
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return channel


def leave_with_parent(channel: socket.socket) -> None:
    """End at once when the worker is gone, also in the middle of a computation."""
    ended = select.poll()
    ended.register(channel, select.POLLHUP)
    ended.poll()
    os._exit(0)


def handle(message: JsonObject) -> JsonObject:
    """Load a model, or let a loaded one answer."""
    key = message["key"]
    try:
        if "settings" in message:
            models[key] = load(message)
            return {}
        return {"output": answer(models[key], message["input"])}
    except ModelError as error:
        return {
            "code": error.code,
            "message": error.message,
            "retryable": error.retryable,
        }


def load(message: JsonObject) -> ComputingModel:
    """Import what loads the model, and let it."""
    try:
        module = cast(
            "ComputingModule", importlib.import_module(str(message["module"]))
        )
    except ImportError as error:
        raise ModelUnavailable(
            f"What computes this model cannot be imported: {error}. Install it where "
            "the worker runs."
        ) from error
    return module.load_model(message["settings"], Path(message["model_dir"]))


def serve(channel: socket.socket) -> None:
    """Answer one message after the other until the worker hangs up."""
    with channel.makefile("rb") as questions:
        while header := questions.read(frames.LENGTH.size):
            body = questions.read(frames.body_length(header))
            channel.sendall(_packed(handle(frames.unpack(body))))


def _packed(answer: JsonObject) -> bytes:
    try:
        return frames.pack(answer)
    except frames.FrameTooLarge as error:
        code = ModelAnswerInvalid.code
        message = f"The model's answer is too large: {error}."
        return frames.pack({"code": code, "message": message, "retryable": False})


def main() -> None:
    """Serve the worker whose socket is standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = take_channel()
    threading.Thread(target=leave_with_parent, args=[channel], daemon=True).start()
    serve(channel)


if __name__ == "__main__":
    main()
