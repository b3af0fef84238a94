"""From a resolved version to what its adapter is given."""

from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections

from model_registry.adapters.base import LoadedModel, LoadRequest
from model_registry.adapters.credentials import read_key
from model_registry.adapters.registry import AdapterKind, adapter_names, find_adapter
from model_registry.adapters.settings import KEY_NAME
from model_registry.artefact_store import folder_of
from model_registry.credentials import read_secret
from model_registry.errors import ModelUnavailable
from model_registry.hiding import remember
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
        read_secret=partial(_read_secret, resolved.workspace_id),
        model_dir=model_dir_of(resolved),
    )


def model_dir_of(resolved: ResolvedModel) -> Path:
    """Where the file of a version is, if it has one. Raises: ModelUnavailable."""
    try:
        return folder_of(resolved.workspace_id, resolved.settings)
    except (OperationalError, InterfaceError):
        raise ModelUnavailable(
            "Uploaded files of models cannot be read now.", retryable=True
        ) from None
    except OSError as error:
        raise ModelUnavailable(
            f"An uploaded file cannot be copied to this machine: {error.strerror}. Make "
            "room in BATON_DATA_DIR."
        ) from None
    finally:
        if "sha256" in resolved.settings:
            _let_go_of_database()


def adapter_of(resolved: ResolvedModel) -> AdapterKind:
    """The adapter that a version names. Raises: ModelUnavailable if it is gone."""
    adapter = find_adapter(resolved.adapter)
    if adapter is None:
        raise ModelUnavailable(
            f"{resolved.model} version {resolved.version} needs the adapter "
            f"{resolved.adapter!r}; there are {adapter_names()}."
        )
    return adapter


def _read_secret(workspace_id: UUID, name: str) -> str:
    """A variable of this machine or a stored credential; their names never look alike.

    Raises: ModelUnavailable
    """
    if KEY_NAME.fullmatch(name):
        return remember(read_key(name))
    try:
        return remember(read_secret(workspace_id, name))
    except (OperationalError, InterfaceError):
        raise ModelUnavailable(
            f"The credential {name!r} cannot be read now.", retryable=True
        ) from None
    finally:
        _let_go_of_database()


def _let_go_of_database() -> None:
    """Hold no connection while a call is in flight, unless somebody works with it."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
