"""Runs ONNX files, in the child process, on one thread."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument

from model_registry import artefacts
from model_registry.adapters.base import ComputingModel
from model_registry.adapters.onnx_file import read_checked
from model_registry.adapters.tensors import first_row, is_one_row, tensor_from
from model_registry.computing import told
from model_registry.errors import ModelUnavailable
from model_registry.json_values import JsonObject

DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int8)": np.int8,
    "tensor(int16)": np.int16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
    "tensor(uint8)": np.uint8,
    "tensor(uint16)": np.uint16,
    "tensor(uint32)": np.uint32,
    "tensor(uint64)": np.uint64,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.str_,
}


def load_model(settings: JsonObject, model_dir: Path) -> ComputingModel:
    """Load the file that the settings name. Raises: ModelUnavailable."""
    file = settings["file"]
    content = artefacts.read(model_dir, file, settings["sha256"])
    read_checked(file, content)
    try:
        session = onnxruntime.InferenceSession(
            content, _options(), providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ModelUnavailable(
            f"{file} is refused by the runtime: {told(error)}"
        ) from error
    return OnnxModel(session, settings)


class OnnxModel:
    """One session, and what goes into it and comes out of it."""

    def __init__(
        self, session: onnxruntime.InferenceSession, settings: JsonObject
    ) -> None:
        self._session = session
        self._sources: Mapping[str, Mapping[str, Any]] = settings["inputs"]
        self._dtypes = {
            entry.name: _dtype(entry.name, entry.type) for entry in session.get_inputs()
        }
        given = [entry.name for entry in session.get_outputs()]
        self._outputs = settings.get("outputs") or {name: name for name in given}
        _require("inputs", set(self._dtypes), set(self._sources))
        _require("outputs", set(given), set(self._outputs.values()), some=True)

    def __call__(self, value: JsonObject) -> JsonObject:
        """Answer one question. Raises: ValueError if the file cannot take it."""
        feed = {
            name: _array(name, source, value, self._dtypes[name])
            for name, source in self._sources.items()
        }
        names = list(self._outputs.values())
        try:
            found = self._session.run(names, feed)
        except InvalidArgument as error:
            raise ValueError(_short(error)) from None
        answers = [_plain(each) for each in found]
        if is_one_row(self._sources):
            answers = [first_row(each) for each in answers]
        return dict(zip(self._outputs, answers, strict=True))


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    # The runtime would else take other formats, which nothing here has looked through.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    return options


def _dtype(name: str, kind: str) -> type[np.generic]:
    if kind not in DTYPES:
        raise ModelUnavailable(f"The input '{name}' is {kind}, which cannot be given.")
    return DTYPES[kind]


def _require(
    what: str, there: set[str], wanted: set[str], *, some: bool = False
) -> None:
    """The settings name what the file has: all of it, or `some`."""
    if there == wanted or (some and wanted <= there):
        return
    raise ModelUnavailable(
        f"The settings name the {what} {', '.join(sorted(wanted))}; the file has "
        f"{', '.join(sorted(there))}."
    )


def _array(
    name: str,
    source: Mapping[str, Any],
    value: JsonObject,
    dtype: type[np.generic],
) -> Any:  # noqa: ANN401 - numpy's, of any kind
    tensor = tensor_from(source, value)
    is_text = dtype is np.str_
    if any(isinstance(entry, str) != is_text for entry in tensor.data):
        raise ValueError(f"'{name}' takes {'texts' if is_text else 'numbers'} only")
    if is_text:
        return np.array(tensor.data, dtype=object).reshape(tensor.shape)
    try:
        return np.array(tensor.data).astype(dtype).reshape(tensor.shape)
    except (OverflowError, TypeError):
        raise ValueError(f"'{name}' holds a number that is too large") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - numpy's, then JSON
    """JSON of what a session gives: arrays, sequences and maps."""
    match value:
        case np.ndarray() | np.generic():
            return value.tolist()
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _short(error: Exception) -> str:
    return str(error).partition("Invalid")[2] or str(error)
