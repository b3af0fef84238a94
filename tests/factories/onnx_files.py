"""Small ONNX files, written field by field.

Source: onnx.proto for the numbers of the fields.
"""

import struct
from collections.abc import Sequence

FLOAT, INT64, STRING = 1, 7, 8


def number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def message(field: int, *parts: bytes | str) -> bytes:
    body = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def floats(name: str, shape: Sequence[int], values: Sequence[float]) -> bytes:
    """A tensor of numbers with a name, as its own bytes."""
    dims = b"".join(number(1, length) for length in shape)
    raw = struct.pack(f"<{len(values)}f", *values)
    return dims + number(2, FLOAT) + message(8, name) + message(9, raw)


def external(name: str, shape: Sequence[int], location: str) -> bytes:
    """A tensor whose numbers stand in another file."""
    dims = b"".join(number(1, length) for length in shape)
    place = message(1, "location") + message(2, location)
    return (
        dims + number(2, FLOAT) + message(8, name) + message(13, place) + number(14, 1)
    )


def node(
    kind: str, inputs: Sequence[str], outputs: Sequence[str], *attributes: bytes
) -> bytes:
    given = b"".join(message(1, name) for name in inputs)
    given += b"".join(message(2, name) for name in outputs)
    return message(1, given, message(4, kind), *attributes)


def value(field: int, name: str, element: int, shape: Sequence[int | str]) -> bytes:
    """An input (11) or output (12) of a graph; a length may have a name."""
    dims = b"".join(
        message(1, message(2, length) if isinstance(length, str) else number(1, length))
        for length in shape
    )
    tensor = number(1, element) + message(2, dims)
    return message(field, message(1, name), message(2, message(1, tensor)))


def model(*graph: bytes) -> bytes:
    """A whole file."""
    opset = message(8, number(2, 17))
    return number(1, 8) + opset + message(7, message(2, "tested"), *graph)


def linear(weights: Sequence[float] = (2.0, -1.0)) -> bytes:
    """Takes rows of two numbers, `x`; gives their weighted sums and what sign these have."""
    return model(
        node("MatMul", ["x", "w"], ["score"]),
        node("Sign", ["score"], ["sign"]),
        message(5, floats("w", [2, 1], weights)),
        value(11, "x", FLOAT, ["rows", 2]),
        value(12, "score", FLOAT, ["rows", 1]),
        value(12, "sign", FLOAT, ["rows", 1]),
    )


def echoing() -> bytes:
    """Takes a list of texts and gives it back."""
    return model(
        node("Identity", ["text"], ["same"]),
        value(11, "text", STRING, ["texts"]),
        value(12, "same", STRING, ["texts"]),
    )


def _varint(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
