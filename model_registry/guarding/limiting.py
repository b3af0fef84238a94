"""Setting the limits of a model."""

from dataclasses import asdict

from django.db import transaction

from model_registry import resolving
from model_registry.errors import LimitsInvalid, UnknownModel
from model_registry.guarding.limits import LIMIT_NAMES, Limits, limit_problems
from model_registry.guarding.standing_in import stand_in_problem
from model_registry.models import Model, ModelLimits
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def set_limits(
    workspace: Workspace, model: str, limits: Limits | None, *, actor: str
) -> None:
    """Let `limits` hold for a model; None brings back the usual ones of its kind.

    Raises: UnknownModel, LimitsInvalid.
    """
    owner = _find(workspace, model, for_update=True)
    if limits and (problems := [*limit_problems(limits), *_unfit(owner, limits)]):
        raise LimitsInvalid(problems)
    old = ModelLimits.objects.filter(model=owner).first()
    before = old.as_limits if old else None
    if before == limits:
        return
    if limits is None:
        ModelLimits.objects.filter(model=owner).delete()
    else:
        values = {**asdict(limits), "fallback": list(limits.fallback)}
        ModelLimits.objects.update_or_create(
            model=owner, defaults={**values, "changed_by": actor}
        )
    record(
        workspace_id=owner.workspace_id,
        subject=Subject("model", owner.pk),
        kind="limits.changed",
        actor=actor,
        data={"old": _told(before), "new": _told(limits)},
    )
    transaction.on_commit(resolving.forget)
    resolving.forget()


def own_limits(workspace: Workspace, model: str) -> Limits | None:
    """The limits that somebody has set for a model. Raises: UnknownModel."""
    own = ModelLimits.objects.filter(model=_find(workspace, model)).first()
    return own.as_limits if own else None


def _find(workspace: Workspace, name: str, *, for_update: bool = False) -> Model:
    models = Model.objects.in_workspace(workspace)
    if for_update:
        models = models.select_for_update()
    found = models.filter(name=name).first()
    if found is None:
        raise UnknownModel(f"There is no model {name!r}.")
    return found


def _unfit(owner: Model, limits: Limits) -> list[str]:
    known = {
        other.name: other
        for other in Model.objects.filter(
            workspace_id=owner.workspace_id, name__in=limits.fallback
        )
    }
    problems = []
    for name in limits.fallback:
        if name not in known:
            problems.append(f"fallback: there is no model {name!r}.")
        elif problem := stand_in_problem(owner, known[name]):
            problems.append(f"fallback: {problem}")
    return problems


def _told(limits: Limits | None) -> dict[str, object] | None:
    """As the ledger keeps it, which holds no fractions: seconds are milliseconds there."""
    if limits is None:
        return None
    told: dict[str, object] = {}
    for name in LIMIT_NAMES:
        value = getattr(limits, name)
        if name.endswith("_s"):
            told[f"{name.removesuffix('_s')}_ms"] = (
                None if value is None else round(value * 1000)
            )
        else:
            told[name] = list(value) if isinstance(value, tuple) else value
    return told
