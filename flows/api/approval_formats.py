"""What clients send and get of approvals; approvals.api makes the answers."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from approvals.api import Outcome, ReasonCode
from flows.api.answers import Answer
from flows.api.fields import ObjectField
from flows.api.requests import PageRequest, StrictSerializer

STATES = ("waiting", "decided", "withdrawn")
ALIEN = {
    "approved": ("reason", "Only a rejection has a reason. Leave it out."),
    "rejected": ("fields", "A rejection has no fields. Leave them out."),
}


class ApprovalFilters(PageRequest):
    """Which approvals, newest first."""

    state = serializers.ChoiceField(choices=["waiting", "decided"], default="waiting")


class NewReason(StrictSerializer):
    """Why a proposal is rejected."""

    code = serializers.ChoiceField(choices=ReasonCode.choices)
    text = serializers.CharField(
        default="", allow_blank=True, max_length=2000, help_text="Needed for other."
    )


class NewDecision(StrictSerializer):
    """A decision about what was read."""

    outcome = serializers.ChoiceField(choices=["approved", "rejected"])
    content_hash = serializers.CharField(
        max_length=71, help_text="content_hash of the approval that was read."
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        required=False,
        allow_null=True,
        help_text="All fields as edited; by default the proposal as it stands.",
    )
    reason = NewReason(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what would be lost. Raises: ValidationError."""
        name, text = ALIEN[attrs["outcome"]]
        if attrs.get(name) is not None:
            raise serializers.ValidationError({name: ErrorDetail(text, "not_allowed")})
        return attrs


class ApprovalSummary(Answer):
    id = serializers.UUIDField()
    run_id = serializers.UUIDField()
    flow = serializers.CharField()
    title = serializers.CharField()
    risk = serializers.ChoiceField(choices=["low", "medium", "high"])
    state = serializers.ChoiceField(choices=STATES)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_null=True)
    claimed_by = serializers.CharField(
        allow_null=True, help_text="Actor who works on it, until claimed_until."
    )
    claimed_until = serializers.DateTimeField(allow_null=True)
    roles = serializers.ListField(
        child=serializers.CharField(),
        help_text="Roles that may decide, or `user:<id>` for one person.",
    )
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    content_hash = serializers.CharField(help_text="Names exactly what is decided.")


class DecisionReceipt(Answer):
    id = serializers.UUIDField()
    approval_id = serializers.UUIDField()
    outcome = serializers.ChoiceField(
        choices=Outcome.choices, help_text="edited: approved with changed fields."
    )
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField()
    content_hash = serializers.CharField()
    decision_hash = serializers.CharField(help_text="As the ledger holds it.")


class DecisionReason(Answer):
    code = serializers.ChoiceField(choices=ReasonCode.choices)
    text = serializers.CharField()


class DecisionDetail(DecisionReceipt):
    fields = ObjectField(  # type: ignore[assignment]
        allow_null=True, help_text="As approved; null for a rejection."
    )
    reason = DecisionReason(allow_null=True)


class ApprovalDetail(ApprovalSummary):
    shown = ObjectField()
    fields = ObjectField(help_text="As proposed.")  # type: ignore[assignment]
    schema = ObjectField(help_text="JSON Schema that approved fields fit.")
    decision = DecisionDetail(allow_null=True)
