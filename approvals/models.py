"""Tables of approvals. Only `approvals.services.deciding` writes decisions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.rules import Claim, Terms
from orchestrator_site.accounts.api import WorkspaceOwned, new_id

MAX_LINE = 200


class ApprovalState(models.TextChoices):
    """Where an approval stands."""

    READY = "ready", _("Ready")
    CLAIMED = "claimed", _("Claimed")
    DECIDED = "decided", _("Decided")
    APPLIED = "applied", _("Applied")
    OBSOLETE = "obsolete", _("Withdrawn")


OPEN = (ApprovalState.READY, ApprovalState.CLAIMED)


class Risk(models.IntegerChoices):
    """How much harm a wrong decision can do."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class Outcome(models.TextChoices):
    """What was decided; edited is approved with changes."""

    APPROVED = "approved", _("Approved")
    EDITED = "edited", _("Approved with changes")
    REJECTED = "rejected", _("Rejected")


class ReasonCode(models.TextChoices):
    """Why a proposal was rejected."""

    WRONG_FACTS = "wrong_facts", _("Says something that is not so")
    AGAINST_POLICY = "against_policy", _("Breaks a policy")
    OFF_TOPIC = "off_topic", _("Does not answer what was asked")
    WRONG_TONE = "wrong_tone", _("Wrong tone")
    HANDLED_ELSEWHERE = "handled_elsewhere", _("Handled elsewhere")
    OTHER = "other", _("Something else")


class Approval(WorkspaceOwned):
    """A run's question to a person.

    `version` counts the changes of state; every write names the version it read.
    `shown` and `fields` are payload cells of the ledger, `schema` is JSON, `roles` are
    words with a space on either side. `excerpt` is the beginning of the first text that
    is shown, for lists. `content_hash` names exactly what is decided. `ended_at` is set
    once nobody can decide any more: lists ask for it, since SQLite cannot match a partial
    index with parameters.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run_id = models.UUIDField()
    address = models.CharField(max_length=400)
    flow = models.CharField(max_length=60)
    flow_name = models.CharField(max_length=200)
    node_label = models.CharField(max_length=200)
    title = models.CharField(max_length=MAX_LINE)
    excerpt = models.CharField(max_length=MAX_LINE, blank=True)
    shown = models.BinaryField()
    fields = models.BinaryField()
    schema = models.BinaryField()
    content_hash = models.CharField(max_length=71)
    risk = models.PositiveSmallIntegerField(choices=Risk)
    due_at = models.DateTimeField(null=True)
    roles = models.CharField(max_length=200)
    exclude_starter = models.BooleanField()
    started_by = models.CharField(max_length=60)
    starter_id = models.UUIDField(null=True)
    state = models.CharField(
        max_length=10, choices=ApprovalState, default=ApprovalState.READY
    )
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.CharField(max_length=60, null=True)  # noqa: DJ001
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["run_id", "address"], name="approval_once_per_step"
            ),
        )
        indexes = (
            models.Index(
                fields=["workspace", "-risk", "due_at", "id"],
                name="approval_waiting",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["workspace", "-ended_at"],
                name="approval_ended",
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "flow_name", "flow"], name="approval_flows"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody can still decide."""
        return self.state in OPEN

    @property
    def claim(self) -> Claim | None:
        """The claim as stored, its lease over or not."""
        if self.claimed_by is None or self.claimed_until is None:
            return None
        return Claim(self.claimed_by, self.claimed_until)

    @property
    def terms(self) -> Terms:
        """What this asks of whoever decides."""
        return Terms(
            roles=tuple(self.roles.split()),
            exclude_starter=self.exclude_starter,
            started_by=self.started_by,
            starter_id=self.starter_id,
        )


class Decision(models.Model):
    """What a person decided, once and for ever.

    `result`, `patch` (RFC 6902 against the proposal) and `reason` are payload cells of
    the ledger. `request_hash` tells a repeated request from another one with its key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    approval = models.OneToOneField(
        Approval, on_delete=models.CASCADE, related_name="decision"
    )
    idempotency_key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    actor = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason_code = models.CharField(max_length=20, choices=ReasonCode, null=True)  # noqa: DJ001
    result = models.BinaryField(null=True)
    patch = models.BinaryField(null=True)
    reason = models.BinaryField(null=True)
    content_hash = models.CharField(max_length=71)
    decision_hash = models.CharField(max_length=71)
    dwell_ms = models.PositiveIntegerField()
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.outcome} {self.approval_id}"
