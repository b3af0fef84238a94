"""Models of the registry for tests; every value has a default that works."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from model_registry.adapters.base import LoadRequest, SecretReader
from model_registry.adapters.credentials import read_key
from model_registry.governance import Status
from model_registry.manifest import Manifest, parse_manifest
from model_registry.models import ModelVersion
from model_registry.resolving import ResolvedModel, resolve
from model_registry.services.registering import register
from model_registry.services.standing import set_standing
from orchestrator_site.accounts.models import Workspace
from orchestrator_site.egress.allowance import allowance_of
from tests.factories.accounts import make_workspace

_numbers = count(1)


def manifest_document(
    *,
    model: str = "",
    capability: str = "echo",
    input_schema: dict[str, Any] | None = None,
    output_schema: dict[str, Any] | None = None,
    adapter: str = "python_entry_point",
    runs: str = "loop",
    settings: dict[str, Any] | None = None,
    queue: str | None = None,
    alias: str | None = "champion",
    **stated: Any,
) -> dict[str, Any]:
    """What a manifest says: a model that returns its input, unless told otherwise.

    `stated` are further keys of a manifest, such as tags and governance.
    """
    return {
        "model": model or f"model-{next(_numbers)}",
        "capability": capability,
        "input_schema": input_schema or {"type": "object"},
        "output_schema": output_schema or {"type": "object"},
        "version": {
            "adapter": adapter,
            "runs": runs,
            **({"queue": queue} if queue else {}),
            "settings": settings or {"entry_point": "echo"},
        },
        "alias": alias,
        **stated,
    }


def make_manifest(**given: Any) -> Manifest:
    """A manifest that was read; `given` is as for `manifest_document`."""
    return parse_manifest(yaml.safe_dump(manifest_document(**given)))


def make_draft(
    *,
    workspace: Workspace | None = None,
    actor: str = "system:test",
    **manifest: Any,
) -> ModelVersion:
    """A registered version; `manifest` holds what `make_manifest` takes."""
    version, _ = register(
        workspace or make_workspace(), make_manifest(**manifest), actor, may_move=True
    )
    return version


def make_load_request(
    settings: dict[str, Any],
    *,
    origins: Sequence[str] = (),
    output_schema: dict[str, Any] | None = None,
    runs: str = "wait",
    read_secret: SecretReader = read_key,
    model_dir: Path = Path("/nonexistent"),
) -> LoadRequest:
    """What an adapter is given; `origins` are those that may be called."""
    return LoadRequest(
        settings=settings,
        output_schema=output_schema or {},
        allowance=allowance_of(origins),
        runs=runs,
        read_secret=read_secret,
        model_dir=model_dir,
    )


def make_model_version(**given: Any) -> ModelVersion:
    """A version that is registered and approved; `given` is as for `make_draft`."""
    version = make_draft(**given)
    if version.standing.status == Status.DRAFT:
        set_standing(version, Status.APPROVED, actor="system:test", reason="Tested.")
    return version


def make_person(
    *,
    workspace: Workspace | None = None,
    model: str = "",
    output_schema: dict[str, Any] | None = None,
    governance: dict[str, Any] | None = None,
    **person: Any,
) -> ModelVersion:
    """An entry for a person who can be asked; `person` is whom to ask, and its figures."""
    facts = {"who": "role:reviewer", "rate_usd_micros_per_minute": 500_000, **person}
    document = {
        "model": model or f"person-{next(_numbers)}",
        "kind": "person",
        "capability": "review",
        "input_schema": {"type": "object"},
        "output_schema": output_schema or {"type": "object"},
        "governance": governance or {},
        "person": facts,
        "alias": "champion",
    }
    manifest = parse_manifest(yaml.safe_dump(document))
    version, _ = register(
        workspace or make_workspace(), manifest, "system:test", may_move=True
    )
    return version


def make_resolved(**manifest: Any) -> ResolvedModel:
    """What a flow gets when it asks for the champion of a new model."""
    version = make_model_version(**manifest)
    return resolve(version.model.workspace_id, version.model.name, "champion")
