"""What clients get, for the description of the API.

Nothing is computed here: flows.selectors makes the answers, and a test holds their
keys against these classes.
"""

from typing import Any

from rest_framework import serializers

from flows.api.fields import ObjectField
from flows.models import RunStatus, StepStatus

Answer = serializers.Serializer[Any]


class FlowSummary(Answer):
    slug = serializers.CharField()
    name = serializers.CharField()
    draft_revision = serializers.IntegerField()
    published_version = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FlowOrigin(Answer):
    workspace = serializers.CharField(help_text="Its slug.")
    flow = serializers.CharField(help_text="Its slug there.")
    version = serializers.IntegerField()
    hash = serializers.CharField()
    at = serializers.DateTimeField()


class FlowDetail(FlowSummary):
    draft = ObjectField()
    origin = FlowOrigin(allow_null=True, help_text="Null if it was not copied.")


class VersionSummary(Answer):
    number = serializers.IntegerField()
    hash = serializers.CharField()
    published_at = serializers.DateTimeField()


class VersionDetail(VersionSummary):
    document = ObjectField()


class GraphProblem(Answer):
    code = serializers.CharField()
    message = serializers.CharField()
    node_id = serializers.CharField(allow_null=True)
    edge_id = serializers.CharField(allow_null=True)
    pointer = serializers.CharField(help_text="JSON Pointer, RFC 6901.")
    severity = serializers.ChoiceField(choices=["error", "warning"])
    offset = serializers.IntegerField(
        allow_null=True, help_text="Of an expression: the character, from 0."
    )


class Problems(Answer):
    problems = GraphProblem(many=True)


class ErrorInfo(Answer):
    code = serializers.CharField()
    message = serializers.CharField()
    node_id = serializers.CharField(required=False, allow_null=True)


class StepDetail(Answer):
    node_id = serializers.CharField()
    address = serializers.CharField(help_text="Path of the node in the run.")
    type = serializers.CharField()
    attempt = serializers.IntegerField()
    status = serializers.ChoiceField(choices=StepStatus.choices)
    port = serializers.CharField(allow_null=True)
    model = serializers.CharField(allow_null=True)
    model_version = serializers.IntegerField(allow_null=True)
    output = ObjectField(allow_null=True)
    error = ErrorInfo(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    cost_usd_micros = serializers.IntegerField()


class RunSummary(Answer):
    id = serializers.UUIDField()
    flow = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=RunStatus.choices)
    cost_usd_micros = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class RunDetail(RunSummary):
    input = ObjectField()
    output = ObjectField(allow_null=True)
    error = ErrorInfo(allow_null=True)
    steps = StepDetail(many=True)


class EventDetail(Answer):
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    actor = serializers.CharField()
    data = ObjectField()  # type: ignore[assignment]
    hash = serializers.CharField(help_text="SHA-256 of this event and the one before.")


class ProblemDocument(Answer):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable word for programs.")
    problems = GraphProblem(many=True, required=False)
    pointer = serializers.CharField(required=False)
    reference = serializers.CharField(
        required=False, help_text="Of the entry in the log, for status 500."
    )


def page_of(items: type[Answer]) -> type[Answer]:
    """Describe a page of a list."""
    cursor = serializers.CharField(
        allow_null=True, help_text="Pass it as cursor to go on; null at the end."
    )
    fields = {"items": items(many=True), "next_cursor": cursor}
    return type(f"{items.__name__}Page", (Answer,), fields)


class Events(Answer):
    items = EventDetail(many=True)
    next_after = serializers.IntegerField(
        help_text="Pass it as after to get what has come since."
    )


class Steps(Answer):
    items = StepDetail(many=True)
