"""Models that behave, and models that do not, as an installed package offers them."""

import ctypes
import os
import sys
import threading
from pathlib import Path


def upper(options):
    mark = options.get("mark", "")
    return lambda value: {"text": value["text"].upper() + mark}


def counter(_options):
    """Counts its own loads' calls: starts at 1 again when it is loaded again."""
    calls = []

    def model(_value):
        calls.append(1)
        return {"calls": len(calls), "pid": os.getpid()}

    return model


def process(_options):
    return lambda _value: {
        "pid": os.getpid(),
        "django": "django" in sys.modules,
        "environment": sorted(os.environ),
    }


def prints(_options):
    def model(value):
        sys.stdout.write("noise on standard output\n")
        sys.stdout.flush()
        os.write(1, b"\x00\x00\x00\x02{}")
        return value

    return model


def reads_stdin(_options):
    return lambda _value: {"read": sys.stdin.read()}


def hangs(_options):
    def model(value):
        if path := value.get("started"):
            os.close(os.open(path, os.O_WRONLY))
        threading.Event().wait()

    return model


def segfaults(_options):
    return lambda _value: ctypes.string_at(0)


def exits(_options):
    return lambda value: os._exit(value["status"])


def raises(_options):
    def model(value):
        raise {"value": ValueError, "other": RuntimeError}[value["what"]]("no ears")

    return model


def answers_list(_options):
    return lambda _value: ["a"]


def answers_nan(_options):
    return lambda _value: {"score": float("nan")}


def answers_huge(_options):
    return lambda _value: {"text": "x" * (20 * 1024 * 1024)}


def broken_load(_options):
    raise RuntimeError("the weights are missing")


def meets(_options):
    """Answers once two calls are under way at the same time."""
    both = threading.Barrier(2)
    return lambda _value: {"place": both.wait(timeout=20)}


def gate(_options):
    """Answers once the file `open` exists; notes each call in the file `log`."""

    def model(value):
        with Path(value["log"]).open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()}\n")
        while not Path(value["open"]).exists():
            threading.Event().wait(0.01)
        return value

    return model
