"""Events of a model, for the services beside this module."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from model_registry import resolving
from model_registry.errors import ReasonMissing
from model_registry.live import announce_model
from model_registry.models import Model
from orchestrator_site.ledger.api import Subject, record

MAX_REASON = 500


def record_of(model: Model, kind: str, actor: str, data: Mapping[str, object]) -> None:
    """Append to the model's chain, in the caller's transaction; what is known is stale.

    Pages that show the model hear of it once the transaction is in.
    """
    record(
        workspace_id=model.workspace_id,
        subject=Subject("model", model.id),
        kind=kind,
        actor=actor,
        data=data,
    )
    forget_resolved()
    transaction.on_commit(partial(announce_model, model.workspace_id, model.id))


def forget_resolved() -> None:
    """Let the next call see the change: now for this transaction, later for others."""
    resolving.forget()
    transaction.on_commit(resolving.forget)


def stated_reason(text: str) -> str:
    """Give the reason without space around it. Raises: ReasonMissing."""
    reason = text.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise ReasonMissing(f"Say why, in 1 to {MAX_REASON} characters.")
    return reason
