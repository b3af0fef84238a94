"""Messages between the worker and its child: four bytes of length, then JSON."""

import json
import struct

from model_registry.json_values import JsonObject

LENGTH = struct.Struct(">I")
MAX_BYTES = 16 * 1024 * 1024


class FrameTooLarge(Exception):
    """A message is larger than the other side takes."""


def pack(message: JsonObject) -> bytes:
    """Write a message."""
    body = json.dumps(message).encode()
    if len(body) > MAX_BYTES:
        raise FrameTooLarge(f"{len(body)} bytes; at most {MAX_BYTES} are taken")
    return LENGTH.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """Read the length from the first four bytes of a message."""
    (length,) = LENGTH.unpack(header)
    if length > MAX_BYTES:
        raise FrameTooLarge(f"{length} bytes; at most {MAX_BYTES} are taken")
    return int(length)


def unpack(body: bytes) -> JsonObject:
    """Read a message."""
    message = json.loads(body)
    if not isinstance(message, dict):
        raise TypeError("a message is an object")
    return message
