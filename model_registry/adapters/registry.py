"""The adapters there are, by hand: a new one is a module and a line here."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from model_registry.adapters import checks
from model_registry.adapters.artefact_settings import OnnxSettings, SkopsSettings
from model_registry.adapters.base import AdapterModule
from model_registry.adapters.http_settings import (
    HttpJsonSettings,
    OipV2Settings,
    OpenAIEmbeddingsSettings,
)
from model_registry.adapters.settings import (
    AdapterSettings,
    OpenAIChatSettings,
    PythonEntryPointSettings,
)
from model_registry.errors import ModelUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterKind:
    """An adapter before its module is imported, which may be heavy.

    `runs`: where its versions may run, the usual place first. `check`: what can only
    be known on this machine, as a sentence, or None when all is well. `is_external`:
    whether a call sends its data out of this installation. `computes`: the module that
    the child process imports where versions run in `cpu`. `file_format`: of the file
    that its settings name, if they name one.
    """

    name: str
    settings: type[AdapterSettings]
    runs: tuple[str, ...]
    module: str
    is_external: bool
    check: Callable[..., str | None]
    computes: str = ""
    file_format: str = ""

    def load_module(self) -> AdapterModule:
        """Import the adapter with all that it needs."""
        try:
            return cast("AdapterModule", importlib.import_module(self.module))
        except ImportError as error:
            raise ModelUnavailable(
                f"The adapter {self.name} cannot be imported: {error}."
            ) from error


ADAPTERS = (
    AdapterKind(
        name="python_entry_point",
        settings=PythonEntryPointSettings,
        runs=("cpu", "wait", "loop"),
        module="model_registry.adapters.python_entry_point",
        is_external=False,
        check=checks.entry_point_is_known,
        computes="model_registry.adapters.python_entry_point",
    ),
    AdapterKind(
        name="openai_chat",
        settings=OpenAIChatSettings,
        runs=("wait",),
        module="model_registry.adapters.openai_chat",
        is_external=True,
        check=checks.origin_is_allowed,
    ),
    AdapterKind(
        name="openai_embeddings",
        settings=OpenAIEmbeddingsSettings,
        runs=("wait",),
        module="model_registry.adapters.openai_embeddings",
        is_external=True,
        check=checks.origin_is_allowed,
    ),
    AdapterKind(
        name="http_json",
        settings=HttpJsonSettings,
        runs=("wait",),
        module="model_registry.adapters.http_json",
        is_external=True,
        check=checks.addresses_are_allowed,
    ),
    AdapterKind(
        name="oip_v2",
        settings=OipV2Settings,
        runs=("wait",),
        module="model_registry.adapters.oip_v2",
        is_external=True,
        check=checks.origin_is_allowed,
    ),
    AdapterKind(
        name="onnx",
        settings=OnnxSettings,
        runs=("cpu",),
        module="model_registry.adapters.onnx",
        is_external=False,
        check=checks.onnx_fits,
        computes="model_registry.adapters.onnx_session",
        file_format="onnx",
    ),
    AdapterKind(
        name="sklearn_skops",
        settings=SkopsSettings,
        runs=("cpu",),
        module="model_registry.adapters.sklearn_skops",
        is_external=False,
        check=checks.skops_fits,
        computes="model_registry.adapters.sklearn_model",
        file_format="skops",
    ),
)


def find_adapter(name: object) -> AdapterKind | None:
    """Look an adapter up by its name in a manifest."""
    return next((kind for kind in ADAPTERS if kind.name == name), None)


def reaches_outside(name: str) -> bool:
    """Tell whether calls by this adapter leave; of one that is not here, assume so."""
    adapter = find_adapter(name)
    return adapter is None or adapter.is_external


def adapter_names() -> str:
    """All names, for a sentence."""
    return ", ".join(kind.name for kind in ADAPTERS)
