"""What can go wrong with an approval, as one tree.

ApprovalError
├── ApprovalNotFound
├── MayNotDecide             has `rule`
├── ClaimedByOther           has `claim`
├── AlreadyDecided           names who and when
├── ApprovalWithdrawn
├── ApprovalChanged          what was shown is not what is stored
├── FieldsInvalid            has `pointer`
├── ReasonMissing
├── KeyReused
└── RunOver                  raised by a receiver of `approval_decided`
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from approvals.rules import Claim, Refusal


class ApprovalError(Exception):
    """Base: a stable `code` for programs and a sentence for people."""

    code: ClassVar[str] = "approval_error"
    http_status: ClassVar[int] = 400

    def __init__(self, message: str, **detail: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(message)
        self.message = message
        self.detail: dict[str, Any] = detail


class ApprovalNotFound(ApprovalError):
    """The workspace has no approval of that id."""

    code = "approval_not_found"
    http_status = 404

    def __init__(self, approval_id: object) -> None:
        super().__init__(
            _("There is no approval %(id)s in this workspace. Check the id.")
            % {"id": approval_id},
            approval_id=str(approval_id),
        )


class MayNotDecide(ApprovalError):
    """A rule keeps this person from deciding; `rule` says which."""

    code = "may_not_decide"
    http_status = 403

    def __init__(self, rule: Refusal, roles: tuple[str, ...]) -> None:
        super().__init__(refusal_sentence(rule, roles), rule=rule.value)
        self.rule = rule


def refusal_sentence(rule: Refusal, roles: tuple[str, ...]) -> str:
    """Say why somebody may not decide, and who may."""
    match rule:
        case Refusal.PERMISSION:
            return _("Your role does not include deciding. Ask an owner for another.")
        case Refusal.ROLE:
            asked = ", ".join(role for role in roles if ":" not in role)
            if not asked:
                return _("This asks one person, somebody else.")
            return _("This asks for one of these roles: %(roles)s.") % {"roles": asked}
        case Refusal.STARTER:
            return _("You started this run, so someone else decides.")


class ClaimedByOther(ApprovalError):
    """Somebody else holds the claim."""

    code = "claimed_by_other"
    http_status = 409

    def __init__(self, claim: Claim, name: str) -> None:
        super().__init__(
            _("%(name)s has claimed this. Take it over, or wait until %(until)s.")
            % {"name": name, "until": clock(claim.until)},
            claimed_by=claim.actor,
            name=name,
            until=claim.until.isoformat(),
        )
        self.claim = claim
        self.name = name


class AlreadyDecided(ApprovalError):
    """Somebody was faster."""

    code = "already_decided"
    http_status = 409

    def __init__(self, *, actor: str, name: str, at: datetime, outcome: str) -> None:
        super().__init__(
            _("%(name)s decided this at %(at)s, before you. The decision stands.")
            % {"name": name, "at": clock(at)},
            decided_by=actor,
            name=name,
            decided_at=at.isoformat(),
            outcome=outcome,
        )


class ApprovalWithdrawn(ApprovalError):
    """The run no longer asks."""

    code = "approval_withdrawn"
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            _("The run no longer waits for this decision. There is nothing to decide.")
        )


class ApprovalChanged(ApprovalError):
    """What was shown is not what would be decided."""

    code = "approval_changed"
    http_status = 412

    def __init__(self, content_hash: str) -> None:
        super().__init__(
            _("The proposal has changed since you saw it. Read it again, then decide."),
            content_hash=content_hash,
        )


class FieldsInvalid(ApprovalError):
    """An edited field breaks the schema at `pointer`."""

    code = "fields_invalid"
    http_status = 422

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(
            _("The fields do not fit at '%(pointer)s': %(reason)s.")
            % {"pointer": pointer, "reason": reason},
            pointer=pointer,
            reason=reason,
        )
        self.pointer = pointer
        self.reason = reason


class ReasonMissing(ApprovalError):
    """A rejection says why."""

    code = "reason_missing"
    http_status = 422

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(
            _("A rejection needs a reason: one of %(codes)s; other needs a text too.")
            % {"codes": ", ".join(codes)},
            codes=list(codes),
        )


class KeyReused(ApprovalError):
    """The idempotency key belongs to another decision about this approval."""

    code = "idempotency_key_reused"
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This idempotency key was used for another decision. Use a new key.")
        )


class RunOver(ApprovalError):
    """The run has ended in the meantime."""

    code = "run_over"
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            _("The run has ended in the meantime. The decision was not recorded.")
        )


def clock(at: datetime) -> str:
    """A moment in a sentence for programs and logs, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
