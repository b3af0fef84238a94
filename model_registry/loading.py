"""From a resolved version to what its adapter is given."""

from django.conf import settings

from model_registry.adapters.base import LoadedModel, LoadRequest
from model_registry.adapters.credentials import read_key
from model_registry.adapters.registry import AdapterKind, adapter_names, find_adapter
from model_registry.errors import ModelUnavailable
from model_registry.resolving import ResolvedModel
from orchestrator_site.egress.api import installation_allowance


def load(resolved: ResolvedModel) -> LoadedModel:
    """Make a version callable. Raises: ModelUnavailable."""
    return adapter_of(resolved).load_module().load(request_for(resolved))


def request_for(resolved: ResolvedModel) -> LoadRequest:
    """What the adapter of a version may look at."""
    return LoadRequest(
        settings=resolved.settings,
        output_schema=resolved.output_schema,
        allowance=installation_allowance(),
        runs=resolved.runs,
        read_secret=read_key,
        model_dir=settings.MODEL_DIR,
    )


def adapter_of(resolved: ResolvedModel) -> AdapterKind:
    """The adapter that a version names. Raises: ModelUnavailable if it is gone."""
    adapter = find_adapter(resolved.adapter)
    if adapter is None:
        raise ModelUnavailable(
            f"{resolved.model} version {resolved.version} needs the adapter "
            f"{resolved.adapter!r}; there are {adapter_names()}."
        )
    return adapter
