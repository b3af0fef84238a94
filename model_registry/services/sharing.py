"""Letting other workspaces use a model."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import IntegrityError, transaction

from model_registry.errors import GrantRefused
from model_registry.models import Grant, Model
from model_registry.services.events import record_of
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Subject, record

NOTHING: Mapping[str, object] = MappingProxyType({})


@transaction.atomic
def grant_model(
    model: Model, to: Workspace, access: Grant.Access, *, actor: str
) -> Grant:
    """Let another workspace call a model, or also read and copy it.

    Granting again changes the access.
    Raises: GrantRefused if it is the model's own workspace, a closed one, or one that
    has a granted model of that name.
    """
    if to.pk == model.workspace_id or to.closed_at is not None:
        raise GrantRefused("A model is granted to another workspace that is open.")
    grant = Grant.objects.filter(model=model, workspace=to).first()
    if grant is None:
        grant = _insert(model, to, access, actor)
    elif grant.access == access:
        return grant
    else:
        grant.access, grant.granted_by = access, actor
        grant.save(update_fields=["access", "granted_by"])
    data = {"name": model.name, "to": str(to.pk), "access": access}
    record_of(model, "grant.given", actor, {**data, "workspace": to.name})
    record_there(grant, "grant.received", actor)
    return grant


@transaction.atomic
def withdraw_grant(grant: Grant, *, actor: str) -> None:
    """Stop it from the next call on; doing it again changes nothing."""
    if not Grant.objects.filter(pk=grant.pk).delete()[0]:
        return
    data = {"name": grant.name, "to": str(grant.workspace_id)}
    record_of(
        grant.model,
        "grant.withdrawn",
        actor,
        {**data, "workspace": grant.workspace.name},
    )
    record_there(grant, "grant.lost", actor)


def _insert(model: Model, to: Workspace, access: Grant.Access, actor: str) -> Grant:
    try:
        with transaction.atomic():
            return Grant.objects.create(
                model=model,
                workspace=to,
                name=model.name,
                access=access,
                granted_by=actor,
            )
    except IntegrityError:
        raise GrantRefused(
            f"{to} has a model {model.name!r} from another workspace already."
        ) from None


def record_there(
    grant: Grant, kind: str, actor: str, more: Mapping[str, object] = NOTHING
) -> None:
    """Tell the other workspace's ledger, in a chain of its own."""
    record(
        workspace_id=grant.workspace_id,
        subject=Subject("grant", grant.pk),
        kind=kind,
        actor=actor,
        data={
            "name": grant.name,
            "access": grant.access,
            "from": str(grant.model.workspace_id),
            **more,
        },
    )
