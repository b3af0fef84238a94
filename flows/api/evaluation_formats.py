"""What clients send about evaluations and what they get, for the API's description."""

from rest_framework import serializers

from flows.api.answers import Answer
from flows.api.fields import ObjectField
from flows.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from flows.api.requests import PageRequest, StrictSerializer
from flows.services.collecting import MOST_RUNS
from model_registry.api import DataClass, EvaluationSet, Measure, WorkStatus

MOST_CASES = 1000
CLASSES = [(each.value, each.value) for each in DataClass]
MEASURES = [(each.value, each.value) for each in Measure]
COLLECTED = [EvaluationSet.Source.RUNS.value, EvaluationSet.Source.DECISIONS.value]


class SetFilters(PageRequest):
    """Which sets, newest first."""

    capability = serializers.CharField(default="", max_length=64)


class CaseRequest(StrictSerializer):
    """Which cases, in the order of their numbers."""

    after = serializers.IntegerField(
        default=0, min_value=0, max_value=2**31 - 1, help_text="Number of the last one."
    )
    limit = serializers.IntegerField(
        default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT
    )


class NewSet(StrictSerializer):
    """What a set is called, and how it measures."""

    name = serializers.SlugField(max_length=64)
    measure = serializers.ChoiceField(
        choices=MEASURES,
        default="",
        allow_blank=True,
        help_text="Left out: as usual for the capability.",
    )
    target = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=100,
        help_text="The property of the answer that is measured. Left out: the only one.",
    )
    data_class = serializers.ChoiceField(
        choices=CLASSES,
        default="",
        allow_blank=True,
        help_text="Left out: the cases go to no model outside.",
    )


class NewCases(NewSet):
    """A set with its cases. Where these are many, send a file."""

    cases = serializers.ListField(
        child=ObjectField(),
        min_length=1,
        max_length=MOST_CASES,
        help_text="Each with input, expected and, if wanted, tags.",
    )


class NewCollection(NewSet):
    """Which runs a set comes from."""

    flow = serializers.CharField(max_length=60, help_text="Its slug.")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field
        choices=COLLECTED,
        help_text="What the model said counts as right, or what people approved.",
    )
    limit = serializers.IntegerField(
        default=MOST_RUNS,
        min_value=1,
        max_value=MOST_RUNS,
        help_text="So many of the runs that completed last.",
    )


class SetDetail(Answer):
    name = serializers.CharField()
    capability = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field
        help_text="upload, runs or decisions."
    )
    measure = serializers.ChoiceField(choices=MEASURES)
    target = serializers.CharField(allow_null=True)
    data_class = serializers.CharField(allow_null=True)
    cases = serializers.IntegerField(help_text="How many.")
    digest = serializers.CharField(help_text="SHA-256 of the cases.")
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class CaseDetail(Answer):
    number = serializers.IntegerField()
    input = ObjectField()
    expected = ObjectField()
    tags = serializers.ListField(child=serializers.CharField())


class Cases(Answer):
    items = CaseDetail(many=True)
    next_after = serializers.IntegerField(
        allow_null=True, help_text="Pass it as after to go on; null at the end."
    )


class NewEvaluation(StrictSerializer):
    """Which version on which set."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    set = serializers.CharField(max_length=64)


class EvaluationFilters(PageRequest):
    """Which evaluations, newest first."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class MetricDetail(Answer):
    name = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField(
        allow_null=True, help_text="Of the 95 % interval; null where nobody can tell."
    )
    high = serializers.FloatField(allow_null=True)
    of = serializers.IntegerField(help_text="How many cases.")
    more_is_better = serializers.BooleanField()


class EvaluationDetail(Answer):
    id = serializers.UUIDField()
    model = serializers.CharField()
    version = serializers.IntegerField()
    set = serializers.CharField()
    status = serializers.ChoiceField(choices=WorkStatus.choices)
    error = serializers.CharField(allow_null=True)
    cases = serializers.IntegerField()
    done = serializers.IntegerField(help_text="How many were asked by now.")
    answered = serializers.IntegerField()
    metrics = MetricDetail(many=True, help_text="Empty until it is completed.")
    cost_usd_micros = serializers.IntegerField()
    mean_latency_ms = serializers.FloatField(allow_null=True, help_text="Of a case.")
    ordered_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ResultDetail(Answer):
    number = serializers.IntegerField(help_text="Of the case.")
    expected = ObjectField()
    output = ObjectField(allow_null=True)
    error = serializers.CharField(allow_null=True, help_text="Its code.")
    message = serializers.CharField(allow_null=True)
    score = serializers.FloatField(
        allow_null=True, help_text="From 0 to 1; null where only all cases tell."
    )
    cost_usd_micros = serializers.IntegerField()
    latency_ms = serializers.IntegerField()


class Results(Answer):
    items = ResultDetail(many=True)
    next_after = serializers.IntegerField(
        allow_null=True, help_text="Pass it as after to go on; null at the end."
    )


class NewRule(StrictSerializer):
    """What an alias asks of versions that it is to point at."""

    alias = serializers.SlugField(max_length=64)
    set = serializers.CharField(max_length=64)
    metric = serializers.CharField(max_length=32)
    bound = serializers.FloatField(
        min_value=0,
        help_text="At least, by the lower end of the interval; of mae and smape at "
        "most, by the upper end.",
    )


class RuleDetail(Answer):
    id = serializers.UUIDField()
    alias = serializers.CharField()
    set = serializers.CharField()
    metric = serializers.CharField()
    bound = serializers.FloatField()
    text = serializers.CharField(help_text="The rule in words.")
    set_by = serializers.CharField()
    set_at = serializers.DateTimeField()


class NewTrial(StrictSerializer):
    """One question for a version."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    input = serializers.DictField(help_text="Has to fit the model's input schema.")
    data_class = serializers.ChoiceField(
        choices=CLASSES,
        default="",
        allow_blank=True,
        help_text="Left out: it goes to no model outside.",
    )


class TrialDetail(Answer):
    id = serializers.UUIDField()
    model = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=WorkStatus.choices)
    output = ObjectField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    cost_usd_micros = serializers.IntegerField()
    latency_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
