"""ONNX files, in the folder of models. They are run by `onnx_session`, in the child.

This module loads no runtime: pages and probes read files by themselves.
"""

from typing import NoReturn

from model_registry import artefacts
from model_registry.adapters.artefact_settings import OnnxSettings
from model_registry.adapters.base import LoadRequest, TellsSchemas
from model_registry.adapters.onnx_file import read_checked
from model_registry.adapters.tensor_schemas import input_schema, output_schema
from model_registry.errors import ModelUnavailable


def load(_request: LoadRequest) -> NoReturn:
    """It computes, so that it never runs in the process of the worker."""
    raise ModelUnavailable("An ONNX file is run in the process for models only.")


def health(request: LoadRequest, _timeout_s: float) -> str:
    """The file is there, and still the same."""
    settings = OnnxSettings.model_validate(request.settings)
    artefacts.check(request.model_dir, settings.file, settings.sha256)
    return f"{settings.file} is there and unchanged."


def schema(request: LoadRequest, _timeout_s: float) -> TellsSchemas:
    """Read it from the file."""
    settings = OnnxSettings.model_validate(request.settings)
    content = artefacts.read(request.model_dir, settings.file, settings.sha256)
    found = read_checked(settings.file, content)
    sources = {name: source.model_dump() for name, source in settings.inputs.items()}
    return TellsSchemas(
        input=input_schema(sources, found.inputs),
        output=output_schema(sources, settings.outputs, found.outputs),
    )
