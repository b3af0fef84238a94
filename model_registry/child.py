"""The worker's side of its child process for models that compute.

One call at a time, in the order of asking. The calling thread does the talking
itself, so an answer costs no thread switch in this process.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from model_registry import frames
from model_registry.errors import (
    MODEL_ERRORS,
    ModelAnswerInvalid,
    ModelBusy,
    ModelInputInvalid,
    ModelTimedOut,
    ModelUnavailable,
)
from model_registry.json_values import JsonObject
from model_registry.turns import Turns

ROOT = Path(__file__).resolve().parent.parent
LOAD_S = 120.0
SECRET = re.compile(
    r"(BATON_|DATABASE_URL|REDIS_URL).*|.*(KEY|TOKEN|SECRET|PASSWORD)(_FILE)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeCall:
    """One question; `key` names the settings, so that a model is loaded once.

    `module` is the one that loads it, a `ComputingModule`; by its `name` somebody else may
    stop the call.
    """

    key: str
    module: str
    settings: JsonObject
    model_dir: Path
    input: JsonObject
    timeout_s: float
    name: str = ""


class ModelChild:
    """Starts the process on first use, and again after it died or was killed."""

    def __init__(self) -> None:
        self._turns = Turns()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._loaded: set[str] = set()
        self._naming = threading.Lock()
        self._answering = ""

    def call(self, call: ComputeCall) -> JsonObject:
        """Wait for the turn, then for the answer.

        Loading a model for the first time has its own limit and is not counted in
        the call's time: a short time would otherwise never see the model loaded.
        Raises: ModelError.
        """
        deadline = time.monotonic() + call.timeout_s
        if not self._turns.take(call.timeout_s):
            raise ModelBusy(f"No turn within {call.timeout_s:g} s.")
        try:
            self._start_if_needed()
            self._name(call.name)
            if call.key not in self._loaded:
                began = time.monotonic()
                self._load(call)
                deadline += time.monotonic() - began
            return self._ask(call, deadline)
        finally:
            self._name("")
            self._turns.pass_on()

    def stop_call(self, name: str) -> None:
        """End the process if this call is being answered; the next starts it again.

        The call fails as unavailable, which is for whoever does not need its answer.
        """
        with self._naming:
            if self._process and name == self._answering:
                self._process.kill()

    def _name(self, name: str) -> None:
        with self._naming:
            self._answering = name

    def close(self) -> None:
        """End the process, also during a call; the next call starts it again."""
        if process := self._process:
            process.kill()
        if not self._turns.take(LOAD_S):
            return
        try:
            self._kill()
        finally:
            self._turns.pass_on()

    @property
    def pid(self) -> int | None:
        """Process id while there is one."""
        return self._process.pid if self._process else None

    def _load(self, call: ComputeCall) -> None:
        message = {
            "key": call.key,
            "module": call.module,
            "settings": call.settings,
            "model_dir": str(call.model_dir),
        }
        self._exchange(frames.pack(message), time.monotonic() + LOAD_S, "loaded")
        self._loaded.add(call.key)

    def _ask(self, call: ComputeCall, deadline: float) -> JsonObject:
        message = {"key": call.key, "input": json.dumps(call.input)}
        try:
            packed = frames.pack(message)
        except frames.FrameTooLarge as error:
            raise ModelInputInvalid(f"The input is too large: {error}.") from error
        if time.monotonic() >= deadline:
            raise ModelBusy(f"No turn within {call.timeout_s:g} s.")
        answer = self._exchange(packed, deadline, f"answered in {call.timeout_s:g} s")
        output: JsonObject = json.loads(answer["output"])
        return output

    def _exchange(self, packed: bytes, deadline: float, wanted: str) -> JsonObject:
        try:
            answer = self._talk(packed, deadline)
        except TimeoutError:
            self._kill()
            raise ModelTimedOut(
                f"The model had not {wanted}; its process was stopped."
            ) from None
        except (EOFError, ConnectionError):
            raise ModelUnavailable(
                f"The model's process ended while it worked: {self._kill()}.",
                retryable=True,
            ) from None
        except (ValueError, TypeError, frames.FrameTooLarge):
            self._kill()
            raise ModelAnswerInvalid("The model's process sent no message.") from None
        if "code" in answer:
            error = MODEL_ERRORS[answer["code"]]
            raise error(answer["message"], retryable=answer["retryable"])
        return answer

    def _talk(self, packed: bytes, deadline: float) -> JsonObject:
        channel = self._channel
        if channel is None:
            raise EOFError
        channel.settimeout(_left(deadline))
        channel.sendall(packed)
        header = _receive(channel, frames.LENGTH.size, deadline)
        return frames.unpack(_receive(channel, frames.body_length(header), deadline))

    def _start_if_needed(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._kill()
        try:
            self._start()
        except OSError as error:
            raise ModelUnavailable(
                f"The process for models cannot be started: {error.strerror}.",
                retryable=True,
            ) from error

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            name: value
            for name, value in os.environ.items()
            if not SECRET.fullmatch(name)
        }
        self._channel = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "model_registry.child_main"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**environment, "PYTHONPATH": os.pathsep.join(paths)},
            )

    def _kill(self) -> str:
        """End the process, if there is one; say how it ended."""
        process, channel = self._process, self._channel
        self._process, self._channel, self._loaded = None, None, set()
        if channel is not None:
            channel.close()
        if process is None:
            return "it was not there"
        process.kill()
        return _ending(process.wait())


def _receive(channel: socket.socket, size: int, deadline: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        channel.settimeout(_left(deadline))
        part = channel.recv(min(size - len(parts), 1 << 18))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"exit status {returncode}"
    return f"killed by {signal.Signals(-returncode).name}"
