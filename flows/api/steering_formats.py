"""What clients send to runs that are under way, and to those that wait for events."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from flows.api.answers import Answer
from flows.api.fields import ObjectField
from flows.api.requests import StrictSerializer
from flows.services.signals import MAX_TTL_S, MAX_WORD


class NewRunSignal(StrictSerializer):
    """An event for one run."""

    name = serializers.CharField(max_length=MAX_WORD, help_text="What the run awaits.")
    data = ObjectField(  # type: ignore[assignment]
        default=None, allow_null=True, help_text="The output of the step that waited."
    )


class NewEvent(NewRunSignal):
    """An event for every run that waits for its name and key."""

    key = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=MAX_WORD,
        trim_whitespace=False,
        help_text="Correlation key, such as an order number.",
    )
    message_id = serializers.CharField(
        required=False,
        max_length=MAX_WORD,
        help_text="The same id is the same event, however often it is sent.",
    )
    ttl_s = serializers.FloatField(
        required=False,
        min_value=1,
        max_value=MAX_TTL_S,
        help_text="Seconds for which it is kept; by default a day.",
    )


class SignalReceipt(Answer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    key = serializers.CharField()
    message_id = serializers.CharField()
    expires_at = serializers.DateTimeField()


class StepChoice(StrictSerializer):
    """A step, or all steps of a scope."""

    address = serializers.CharField(
        max_length=400, help_text="Path of a step, or of a scope such as each[3]."
    )


class Resolution(StepChoice):
    """What is known of a step in doubt."""

    outcome = serializers.ChoiceField(
        choices=["done", "not_done"], help_text="Whether its effect took place."
    )
    output = ObjectField(
        default=None, allow_null=True, help_text="What the step gave, with done."
    )
    attempt = serializers.IntegerField(
        default=None,
        allow_null=True,
        min_value=1,
        help_text="The attempt that was looked into; by default the one in doubt.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what would be lost. Raises: ValidationError."""
        if attrs["outcome"] == "not_done" and attrs["output"] is not None:
            text = "A step that was not done has no output. Leave it out."
            raise serializers.ValidationError(
                {"output": ErrorDetail(text, "not_allowed")}
            )
        return attrs
