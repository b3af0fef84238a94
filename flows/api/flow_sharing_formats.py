"""What clients send about shared flows and what they get."""

from rest_framework import serializers

from flows.api.answers import Answer
from flows.api.fields import ObjectField
from flows.api.requests import StrictSerializer


class NewFlowGrant(StrictSerializer):
    """Which workspace may read and copy the flow."""

    workspace = serializers.CharField(max_length=50, help_text="Its slug.")


class NewFlowCopy(StrictSerializer):
    """What the copy is called in addresses."""

    slug = serializers.SlugField(max_length=60)


class FlowGrantDetail(Answer):
    id = serializers.UUIDField()
    flow = serializers.CharField()
    workspace = serializers.CharField(help_text="Slug of whoever may copy it.")
    granted_by = serializers.CharField()
    at = serializers.DateTimeField()


class SharedFlowSummary(Answer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField(help_text="Where it belongs.")
    workspace = serializers.CharField(help_text="Slug of whoever it belongs to.")
    published_version = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class SharedFlowDetail(SharedFlowSummary):
    document = ObjectField()
