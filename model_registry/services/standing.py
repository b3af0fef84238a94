"""Approving, suspending and retiring versions."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from model_registry.errors import SecondPersonNeeded, StandingRefused
from model_registry.governance import NEXT, RiskClass, Status
from model_registry.models import ModelVersion, StandingChange, VersionStanding
from model_registry.services.events import record_of, stated_reason
from orchestrator_site.accounts.api import ApiToken


@transaction.atomic
def set_standing(
    version: ModelVersion, status: Status, *, actor: str, reason: str
) -> VersionStanding:
    """Let a version stand somewhere else from now on.

    Approving takes a person who did not register the version, be it with a token or
    not; the installation itself (`system:…`) may approve what it brings along.
    Raises: ReasonMissing, StandingRefused, SecondPersonNeeded.
    """
    reason = stated_reason(reason)
    standing = VersionStanding.objects.select_for_update().get(version=version)
    _check_move(version, Status(standing.status), status)
    if status is Status.APPROVED:
        _check_approver(version, actor)
    old = standing.status
    moved = VersionStanding.objects.filter(pk=standing.pk, status=old).update(
        status=status, changed_by=actor, changed_at=timezone.now(), reason=reason
    )
    if not moved:
        raise StandingRefused(f"Somebody else changed {version} meanwhile. Look again.")
    _note(version, old, status, actor, reason)
    standing.refresh_from_db()
    version.standing = standing
    return standing


def begin_standing(version: ModelVersion, actor: str) -> None:
    """Let a new version start as a draft, in the caller's transaction."""
    now = timezone.now()
    VersionStanding.objects.create(
        workspace_id=version.model.workspace_id,
        version=version,
        status=Status.DRAFT,
        changed_by=actor,
        changed_at=now,
    )
    StandingChange.objects.create(
        version=version, new=Status.DRAFT, changed_by=actor, at=now
    )


def _check_move(version: ModelVersion, old: Status, new: Status) -> None:
    if new not in NEXT[old]:
        ways = " or ".join(sorted(NEXT[old]))
        raise StandingRefused(f"{version} is {old}; it can become {ways}, not {new}.")
    if new is Status.APPROVED and version.model.risk_class == RiskClass.PROHIBITED:
        raise StandingRefused(
            f"The risk class of {version.model} is prohibited, so no version is approved."
        )


def _check_approver(version: ModelVersion, actor: str) -> None:
    if actor.startswith("system:"):
        return
    approver = _person_behind(actor)
    if approver is None:
        raise SecondPersonNeeded("A version is approved by a person, not by a service.")
    if approver == _person_behind(version.created_by):
        raise SecondPersonNeeded(
            f"You registered {version}. Somebody else has to approve it."
        )


def _person_behind(actor: str) -> UUID | None:
    """Who acted, with a session or with a token of their own; None for no person."""
    kind, _colon, rest = actor.partition(":")
    if kind == "user":
        return UUID(rest)
    if kind != "token":
        return None
    tokens = ApiToken.objects.filter(pk=rest)
    return tokens.values_list("user_id", flat=True).first()


def _note(version: ModelVersion, old: str, new: str, actor: str, reason: str) -> None:
    StandingChange.objects.create(
        version=version, old=old, new=new, changed_by=actor, reason=reason
    )
    data = {
        "version": version.number,
        "digest": version.digest,
        "old": old,
        "new": new,
        "reason": reason,
    }
    record_of(version.model, "version.standing_changed", actor, data)
