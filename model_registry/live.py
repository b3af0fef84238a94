"""Telling the pages that a model has changed; what happened they fetch themselves."""

from uuid import UUID

from model_registry.models import Model
from orchestrator_site.live.api import Announcement, announce_now, now_id

MODELS = "models"


def announce_model(workspace_id: UUID, model_id: UUID) -> None:
    """Tell the pages of a model and those of all models, at once."""
    announce_now(
        [
            Announcement(workspace_id, MODELS),
            Announcement(workspace_id, topic_of(model_id)),
        ]
    )


def topic_of(model_id: UUID) -> str:
    """The topic of one model."""
    return f"model:{model_id}"


def current_model(workspace_id: UUID, model_id: str) -> int | None:
    """The newest id of a model's topic: the time, as for lists.

    None if the workspace has no such model.
    """
    found = Model.objects.filter(pk=model_id, workspace_id=workspace_id)
    return now_id() if found.exists() else None
