"""What clients get of figures and health of models, for the description of the API."""

from rest_framework import serializers

from flows.api.answers import Answer
from flows.api.requests import StrictSerializer
from model_registry.api import HEALTH_CHOICES, PERIODS


class PeriodRequest(StrictSerializer):
    """Of which time."""

    period = serializers.ChoiceField(
        choices=[(name, name) for name in PERIODS], default="7d"
    )


class FiguresDetail(Answer):
    calls = serializers.IntegerField(help_text="Each try is a call.")
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a field
    retries = serializers.IntegerField(help_text="Tries that were not the first.")
    cost_usd_micros = serializers.IntegerField(help_text="Of failed tries, too.")
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    p50_ms = serializers.FloatField(allow_null=True)
    p95_ms = serializers.FloatField(allow_null=True)


class ReviewedDetail(Answer):
    right = serializers.IntegerField(help_text="Approved as they were.")
    of = serializers.IntegerField(help_text="Decided by somebody.")
    low = serializers.FloatField(help_text="Of the 95 % interval of the share.")
    high = serializers.FloatField()


class EvaluatedDetail(Answer):
    set = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    metric = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    of = serializers.IntegerField(help_text="How many cases.")


class VersionFigures(FiguresDetail):
    version = serializers.IntegerField()
    evaluated = EvaluatedDetail(
        allow_null=True, help_text="The last evaluation, whenever it was."
    )
    reviewed = ReviewedDetail(allow_null=True)


class GradeDetail(Answer):
    at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    value = serializers.FloatField()


class JudgedDetail(Answer):
    at = serializers.DateTimeField(help_text="When this step of the period began.")
    right = serializers.IntegerField()
    of = serializers.IntegerField()


class EvaluatedTag(EvaluatedDetail):
    trend = GradeDetail(
        many=True, help_text="What versions achieved on these cases, the last one last."
    )


class ReviewedTag(ReviewedDetail):
    trend = JudgedDetail(many=True)


class TagFigures(FiguresDetail):
    version = serializers.IntegerField()
    tag = serializers.CharField()
    evaluated = EvaluatedTag(
        allow_null=True, help_text="The cases of the last evaluation with this tag."
    )
    reviewed = ReviewedTag(allow_null=True)


class PointDetail(Answer):
    at = serializers.DateTimeField(help_text="When this step of the period began.")
    calls = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a field
    p50_ms = serializers.FloatField(allow_null=True)
    p95_ms = serializers.FloatField(allow_null=True)


class DriftDetail(Answer):
    version = serializers.IntegerField()
    tag = serializers.CharField()
    feature = serializers.CharField(help_text="Such as output.intent.")
    index = serializers.FloatField(help_text="The population stability index.")
    bound = serializers.FloatField(help_text="Above this it counts as drift.")
    recent_calls = serializers.IntegerField()
    reference_calls = serializers.IntegerField()
    since = serializers.DateTimeField()


class ModelFiguresDetail(Answer):
    model = serializers.CharField()
    period = serializers.CharField()
    since = serializers.DateTimeField()
    total = FiguresDetail()
    by_version = VersionFigures(many=True)
    by_tag = TagFigures(many=True)
    points = PointDetail(many=True)
    drift = DriftDetail(many=True)


class HealthChangeDetail(Answer):
    at = serializers.DateTimeField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field
        help_text="probe, or breaker: after calls."
    )
    is_well = serializers.BooleanField()
    reason = serializers.CharField(help_text="What was found, or the error's code.")


class VersionHealth(Answer):
    version = serializers.IntegerField()
    aliases = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=HEALTH_CHOICES)
    message = serializers.CharField(help_text="What the last probe found.")
    latency_ms = serializers.FloatField(allow_null=True, help_text="Of that probe.")
    checked_at = serializers.DateTimeField(allow_null=True)
    breaker_until = serializers.DateTimeField(
        allow_null=True, help_text="Not called before, as calls kept failing."
    )
    changes = HealthChangeDetail(many=True, help_text="The last one first.")


class ModelHealthDetail(Answer):
    model = serializers.CharField()
    versions = VersionHealth(
        many=True, help_text="Those with an alias: others are not looked at."
    )
    drift = DriftDetail(many=True)
