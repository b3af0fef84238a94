"""Models of other workspaces that this one may use, as far as it may see them.

Seen is what can be called: the versions at which aliases point. How they are called is
for those who may copy them. Figures, owners and drafts stay where the model belongs.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from model_registry.errors import UnknownModel
from model_registry.models import Credential, Grant, Model, ModelVersion, VersionCopy
from model_registry.selectors import (
    NOT_LISTED,
    described,
    list_received,
    list_versions,
)
from orchestrator_site.accounts.api import Workspace


def grants_by_model(
    workspace: Workspace, among: Iterable[Model] | None = None
) -> Mapping[UUID, Grant]:
    """What the workspace may use of others, by the id of the model; one query.

    `among` are the models that are asked about, instead of all.
    """
    found = list_received(workspace).defer(*(f"model__{name}" for name in NOT_LISTED))
    if among is not None:
        found = found.filter(model__in=list(among))
    return {grant.model_id: grant for grant in found}


def get_received(workspace: Workspace, name: str) -> Grant:
    """A model that the workspace may use, with all that is on record about it.

    Raises: UnknownModel.
    """
    grant = list_received(workspace).filter(name=name).first()
    if grant is None:
        raise UnknownModel(f"No other workspace shares a model {name!r} with this one.")
    owner = grant.model.workspace
    grant.model = described(Model.objects.filter(pk=grant.model_id)).defer(None).get()
    grant.model.workspace = owner
    return grant


def list_callable(model: Model) -> QuerySet[ModelVersion]:
    """The versions that other workspaces can call, the newest first."""
    return list_versions(model).filter(aliases__isnull=False).distinct()


def list_copies(model: Model) -> QuerySet[VersionCopy]:
    """What other workspaces made of a model, the newest first."""
    copies = VersionCopy.objects.filter(source__model=model)
    return copies.select_related("source", "version__model__workspace")


def is_hidden(grant: Grant) -> bool:
    """Whether flows get an own model of that name instead."""
    own = Model.objects.filter(workspace=grant.workspace_id, name=grant.name)
    return own.exists()


def missing_credential(version: ModelVersion) -> str:
    """The name of the credential that a version is called with, if it is not set."""
    name = str(version.settings.get("credential") or "")
    here = Credential.objects.filter(workspace=version.model.workspace_id, name=name)
    return "" if not name or here.exists() else name
