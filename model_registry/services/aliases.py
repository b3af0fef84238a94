"""Moving aliases, each move kept with who and why."""

import re

from django.db import transaction

from model_registry.errors import AliasNameInvalid, UnknownModel, UnknownVersion
from model_registry.facts import SLUG
from model_registry.models import Alias, AliasMove, Model, ModelVersion
from model_registry.services.events import MAX_REASON, record_of
from model_registry.services.gates import check_gate
from orchestrator_site.accounts.api import Workspace


@transaction.atomic
def move_alias(
    workspace: Workspace,
    model: str,
    alias: str,
    version: int,
    *,
    actor: str,
    reason: str = "",
) -> Alias:
    """Let `alias` point at version number `version`; an unknown alias is made.

    Raises: UnknownModel, UnknownVersion, AliasNameInvalid; AliasGateClosed if the
    version has not shown what the alias asks for.
    """
    if not re.fullmatch(SLUG, alias):
        raise AliasNameInvalid(
            f"{alias!r} cannot be an alias: use small letters, digits, - and _."
        )
    models = Model.objects.in_workspace(workspace).select_for_update()
    owner = models.filter(name=model).first()
    if owner is None:
        names = ", ".join(
            Model.objects.in_workspace(workspace).values_list("name", flat=True)
        )
        raise UnknownModel(
            f"There is no model {model!r}. Known are: {names or 'none'}."
        )
    target = owner.versions.filter(number=version).first()
    if target is None:
        numbers = ", ".join(map(str, owner.versions.values_list("number", flat=True)))
        raise UnknownVersion(f"{model} has no version {version}. It has: {numbers}.")
    return point(target, alias, actor, reason)


def point(version: ModelVersion, name: str, actor: str, reason: str = "") -> Alias:
    """Let an alias of the version's model point at it, in the caller's transaction.

    Raises: AliasGateClosed.
    """
    aliases = version.model.aliases.select_related("version")
    alias = aliases.filter(name=name).first() or Alias(model=version.model, name=name)
    old = None if alias._state.adding else alias.version
    if old == version:
        return alias
    check_gate(version, name)
    alias.version = version
    alias.save()
    reason = reason.strip()[:MAX_REASON]
    AliasMove.objects.create(
        model=version.model,
        alias=name,
        old=old,
        new=version,
        moved_by=actor,
        reason=reason,
    )
    data = {
        "alias": name,
        "old": old.number if old else None,
        "new": version.number,
        "digest": version.digest,
        "reason": reason,
    }
    record_of(version.model, "alias.moved", actor, data)
    return alias
