"""Changing what is said about a model, which decides nothing about its answers."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from model_registry.errors import UnknownOwner
from model_registry.facts import GovernanceRecord, PersonFacts
from model_registry.models import Model, ModelTag
from model_registry.services.events import record_of
from orchestrator_site.accounts.api import Membership, User


@transaction.atomic
def describe(
    model: Model,
    *,
    actor: str,
    description: str | None = None,
    card: str | None = None,
    tags: Sequence[str] | None = None,
) -> None:
    """Replace what is given; None leaves as it is."""
    model = _held(model)
    given = {"description": description, "card": card}
    changed = _set(model, {k: v for k, v in given.items() if v is not None})
    fields = list(changed)
    if tags is not None and set(tags) != _tags(model):
        model.tags.all().delete()
        write_tags(model, tags)
        fields.append("tags")
    if fields:
        record_of(model, "model.changed", actor, {"fields": ", ".join(fields)})


@transaction.atomic
def set_owner(model: Model, owner: User | None, *, actor: str) -> None:
    """Say who answers for the model. Raises: UnknownOwner."""
    model = _held(model)
    members = Membership.objects.in_workspace(model.workspace)
    if owner and not members.filter(user=owner, is_active=True).exists():
        raise UnknownOwner("An owner has to be an active member of the workspace.")
    if model.owner_id == (owner.pk if owner else None):
        return
    model.owner = owner
    model.save(update_fields=["owner"])
    record_of(model, "model.changed", actor, {"fields": "owner"})


@transaction.atomic
def govern(model: Model, record: GovernanceRecord, *, actor: str) -> None:
    """Change what `record` states; the event holds every old and new value."""
    model = _held(model)
    changed = _set(model, governance_values(record, only_stated=True))
    if changed:
        data = {
            "fields": ", ".join(changed),
            "changes": {
                name: [_text(v) for v in both] for name, both in changed.items()
            },
        }
        record_of(model, "model.governed", actor, data)


@transaction.atomic
def change_person(model: Model, facts: PersonFacts, *, actor: str) -> None:
    """Change whom to ask, and what that costs and takes."""
    model = _held(model)
    changed = _set(model, facts.model_dump(exclude_unset=True))
    if changed:
        record_of(model, "model.changed", actor, {"fields": ", ".join(changed)})


def governance_values(record: GovernanceRecord, *, only_stated: bool) -> dict[str, Any]:
    """Give columns and values; what states nothing is empty text but for dates."""
    given = record.model_dump(exclude_unset=only_stated)
    return {
        name: "" if value is None and name != "review_by" else value
        for name, value in given.items()
    }


def write_tags(model: Model, tags: Sequence[str]) -> None:
    """Add tags to a model that has none."""
    ModelTag.objects.bulk_create(
        ModelTag(workspace_id=model.workspace_id, model=model, name=name)
        for name in dict.fromkeys(tags)
    )


def _held(model: Model) -> Model:
    """The row as it is now, kept from others where the database can."""
    return Model.objects.select_for_update().get(pk=model.pk)


def _tags(model: Model) -> set[str]:
    return set(model.tags.values_list("name", flat=True))


def _set(model: Model, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Write what differs; gives old and new of each such column."""
    changed = {
        name: (getattr(model, name), value)
        for name, value in values.items()
        if getattr(model, name) != value
    }
    for name, (_old, new) in changed.items():
        setattr(model, name, new)
    if changed:
        model.save(update_fields=list(changed))
    return changed


def _text(value: object) -> str | None:
    return None if value is None else str(value)
