"""What clients send, checked."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from flows.api.fields import ObjectField
from flows.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from flows.graph.models import MAX_PRIORITY
from flows.models import RunStatus

MAX_WAIT_S = 60
# Taken by the address of the validation of documents that are no flows yet.
RESERVED_SLUGS = {"validate"}


class StrictSerializer(serializers.Serializer[Any]):
    """Base of what clients send: a misspelt member is an error, not ignored."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - as the base has it
        """Refuse what is not described. Raises: ValidationError."""
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            known = ", ".join(self.fields)
            text = f"This is not known here. Remove it, or use one of: {known}."
            detail = ErrorDetail(text, code="key_unknown")
            raise serializers.ValidationError(
                {str(key): [detail] for key in sorted(unknown, key=str)}
            )
        return super().to_internal_value(data)


class PageRequest(StrictSerializer):
    """Which part of a list."""

    cursor = serializers.CharField(
        required=False, max_length=200, help_text="next_cursor of the page before."
    )
    limit = serializers.IntegerField(
        default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT
    )


class RunFilters(PageRequest):
    """Which runs, newest first."""

    flow = serializers.CharField(required=False, help_text="Slug of a flow.")
    status = serializers.ChoiceField(choices=RunStatus.choices, required=False)
    since = serializers.DateTimeField(
        required=False, help_text="Accepted at this moment or later."
    )
    until = serializers.DateTimeField(
        required=False, help_text="Accepted before this moment."
    )


class EventRequest(StrictSerializer):
    """Which events of a run, oldest first."""

    after = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=2**63 - 1,
        help_text="Seq of the last one seen.",
    )
    limit = serializers.IntegerField(
        default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT
    )


class DocumentToCheck(StrictSerializer):
    """A document that need not be a flow."""

    document = ObjectField(allow_null=True)


class NewFlow(StrictSerializer):
    """A flow to create."""

    slug = serializers.SlugField(max_length=60, help_text="Its name in addresses.")
    document = ObjectField(
        allow_null=True,
        help_text="The draft, in the format of GET /api/v1/flow-schema.",
    )

    def validate_slug(self, slug: str) -> str:
        """Keep addresses unambiguous."""
        if slug in RESERVED_SLUGS:
            raise serializers.ValidationError(
                f"'{slug}' is an address of the API. Choose another slug.",
                code="slug_reserved",
            )
        return slug


class NewDraft(StrictSerializer):
    """A draft that replaces the one that was read."""

    document = ObjectField(allow_null=True)
    revision = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="draft_revision that was read."
    )


class NewRun(StrictSerializer):
    """A run to start."""

    flow = serializers.CharField(help_text="Slug of a flow.")
    input = ObjectField(allow_null=True, help_text="Has to fit the input schema.")
    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**31 - 1,
        help_text="Number of a published version; by default the current one.",
    )
    wait = serializers.FloatField(
        default=0,
        min_value=0,
        max_value=MAX_WAIT_S,
        help_text="Seconds to wait for the run before it is returned as it is then.",
    )
    priority = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=-MAX_PRIORITY,
        max_value=MAX_PRIORITY,
        help_text="The higher, the sooner; by default that of the flow.",
    )
