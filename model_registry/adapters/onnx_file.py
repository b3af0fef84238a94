"""What stands in an ONNX file, read without running or loading any of it.

Source: onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) for the
numbers of the fields; protobuf's encoding for the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from model_registry import artefacts
from model_registry.adapters.tensor_schemas import TensorType
from model_registry.errors import ModelUnavailable

MOST_DEPTH = 60
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
# Where tensors can stand: message, field, message within.
WITHIN = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        22: "sparse",
        23: "sparse",
    },
}
EXTERNAL_DATA, DATA_LOCATION = 13, 14
NUMBERS, INTEGERS = {1, 10, 11, 16}, {2, 3, 4, 5, 6, 7, 12, 13}
NO_ONNX = "it is no ONNX file, or only a part of one"
Field = tuple[int, int | memoryview]


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """What a file takes and gives, by name."""

    inputs: dict[str, TensorType]
    outputs: dict[str, TensorType]


def read_checked(file: str, content: bytes) -> OnnxFile:
    """Read what a file takes and gives. Raises: ModelUnavailable if it is refused."""
    if kind := artefacts.what_else(content):
        raise ModelUnavailable(
            f"{file} is refused: it is {kind}, not an ONNX file. Export the model to "
            "ONNX, for example with skl2onnx or torch.onnx.export."
        )
    try:
        return read_onnx(content)
    except ValueError as error:
        raise ModelUnavailable(f"{file} is refused: {error}.") from None


def read_onnx(content: bytes) -> OnnxFile:
    """Read what a file takes and gives, and look through all of it.

    Raises: ValueError if it is no ONNX file, or names other files.
    """
    model = memoryview(content)
    _look_through(model)
    graphs = [value for number, value in _fields(model) if number == 7]
    if not graphs:
        raise ValueError("it is no ONNX file: it holds no graph")
    inputs: dict[str, TensorType] = {}
    outputs: dict[str, TensorType] = {}
    weights: set[str] = set()
    for number, value in (each for graph in graphs for each in _fields(graph)):
        if number == 11:
            inputs |= [_value_info(value)]
        elif number == 12:
            outputs |= [_value_info(value)]
        elif number == 5:
            weights.add(_text(value, 8))
    taken = {name: kind for name, kind in inputs.items() if name not in weights}
    return OnnxFile(inputs=taken, outputs=outputs)


def _look_through(model: memoryview) -> None:
    """Refuse weights outside of the file, wherever they stand."""
    stack: list[tuple[str, memoryview, int]] = [("model", model, 0)]
    while stack:
        kind, message, depth = stack.pop()
        if depth > MOST_DEPTH:
            raise ValueError(f"it is nested more than {MOST_DEPTH} levels deep")
        if kind == "tensor":
            _check_tensor(message)
            continue
        for number, value in _fields(message):
            if isinstance(value, memoryview) and number in WITHIN[kind]:
                stack.append((WITHIN[kind][number], value, depth + 1))


def _check_tensor(tensor: memoryview) -> None:
    for number, value in _fields(tensor):
        if number == EXTERNAL_DATA or (number == DATA_LOCATION and value != 0):
            raise ValueError(
                "it keeps weights in other files. Save it as one: "
                "onnx.save(model, path, save_as_external_data=False)"
            )


def _value_info(value: int | memoryview) -> tuple[str, TensorType]:
    name, json_type, shape = _text(value, 1), None, None
    for tensor in _messages(value, 2, 1):
        for number, part in _fields(tensor):
            if number == 1 and isinstance(part, int):
                json_type = _json_type(part)
            elif number == 2:
                shape = [_length(dim) for dim in _messages(part, 1)]
    return name, TensorType(json_type, shape)


def _length(dim: memoryview) -> int:
    """The length of a dimension; 0 if it may be any."""
    found = [value for number, value in _fields(dim) if number == 1]
    return found[0] if found and isinstance(found[0], int) else 0


def _json_type(element: int) -> str | None:
    if element in NUMBERS:
        return "number"
    if element in INTEGERS:
        return "integer"
    return {8: "string", 9: "boolean"}.get(element)


def _messages(value: int | memoryview, *path: int) -> Iterator[memoryview]:
    """The messages at a path of field numbers."""
    for number, part in _fields(value):
        if number == path[0] and isinstance(part, memoryview):
            if len(path) == 1:
                yield part
            else:
                yield from _messages(part, *path[1:])


def _text(value: int | memoryview, wanted: int) -> str:
    for number, part in _fields(value):
        if number == wanted and isinstance(part, memoryview):
            return bytes(part).decode(errors="replace")
    return ""


def _fields(message: int | memoryview) -> Iterator[Field]:
    """The fields of a message: their numbers, and varints or bytes.

    Raises: ValueError if it is no message.
    """
    if isinstance(message, int):
        return
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise ValueError(NO_ONNX)
        if wire == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == BYTES:
            length, at = _varint(message, at)
        else:
            length = {FIXED64: 8, FIXED32: 4}.get(wire, -1)
        if length < 0 or at + length > len(message):
            raise ValueError(NO_ONNX)
        yield number, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError(NO_ONNX)
