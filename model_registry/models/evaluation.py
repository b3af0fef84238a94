"""Evaluation sets, and what versions achieved on them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from model_registry.governance import DataClass
from model_registry.json_values import canonical
from model_registry.models.grant import Grant
from model_registry.models.model import Model
from model_registry.models.version import ModelVersion
from orchestrator_site.accounts.api import WorkspaceOwned, new_id

CLASSES = [(each.value, each.value) for each in DataClass]


class EvaluationSet(WorkspaceOwned):
    """Cases with their right answers, for the models of one capability; never changed.

    `measure` says how answers are compared, `target` which property of them; both are
    found from capability and cases where nobody states them. `digest` covers the cases.
    """

    class Source(models.TextChoices):
        """Where the cases come from."""

        UPLOAD = "upload", "a file"
        RUNS = "runs", "runs"
        DECISIONS = "decisions", "reviewers' decisions"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(max_length=64)
    capability = models.SlugField(max_length=64)
    source = models.CharField(max_length=12, choices=Source)
    measure = models.CharField(max_length=12)
    target = models.CharField(max_length=100, blank=True)
    data_class = models.CharField(max_length=16, blank=True, choices=CLASSES)
    case_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Names are unique in a workspace."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name"), name="evaluation_set_name_unique"
            ),
        )

    def __str__(self) -> str:
        """Give the name."""
        return self.name


class EvaluationCase(models.Model):
    """A question and what is right about the answer: the properties that count."""

    id = models.BigAutoField(primary_key=True)
    evaluation_set = models.ForeignKey(
        EvaluationSet, on_delete=models.CASCADE, related_name="cases"
    )
    number = models.PositiveIntegerField()
    input = models.JSONField()
    expected = models.JSONField()
    tags = models.JSONField(default=list)

    class Meta:
        """Numbers count from 1 in each set."""

        ordering = ("evaluation_set", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("evaluation_set", "number"), name="case_number_unique_in_set"
            ),
        )

    def __str__(self) -> str:
        """Name the set and the number."""
        return f"{self.evaluation_set.name} {self.number}"


class WorkStatus(models.TextChoices):
    """Where work that was ordered from the workers stands."""

    QUEUED = "queued", "waits for a worker"
    RUNNING = "running", "under way"
    COMPLETED = "completed", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class Order(models.Model):
    """Base: work for whichever worker takes it. The row is the truth.

    The worker in `held_by` has it until `held_until`; after that it is anybody's.
    `takes` counts how often it was taken since it last got on. `queue` names the
    workers that may take it, as for the version that they call.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    status = models.CharField(
        max_length=10, choices=WorkStatus, default=WorkStatus.QUEUED
    )
    error = models.CharField(max_length=2000, blank=True)
    queue = models.CharField(max_length=40, default="")
    held_by = models.UUIDField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    takes = models.PositiveSmallIntegerField(default=0)
    ordered_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A table of its own for each kind."""

        abstract = True

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.ended_at is not None


class Evaluation(Order):
    """A version run against a set.

    `metrics` is a list of what `model_registry.evaluations.measures.Metric` holds;
    `by_tag` has the main one of the cases of each tag. `answered` counts cases that the model gave an answer to, `latency_ms` adds up.
    """

    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="evaluations"
    )
    evaluation_set = models.ForeignKey(
        EvaluationSet, on_delete=models.PROTECT, related_name="evaluations"
    )
    metrics = models.JSONField(default=list)
    by_tag = models.JSONField(default=dict)
    case_count = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    cost_usd_micros = models.BigIntegerField(default=0)
    latency_ms = models.BigIntegerField(default=0)

    class Meta:
        """The newest first; what is not over is found at once."""

        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=("version", "evaluation_set", "-created_at"),
                name="evaluation_recent",
            ),
            models.Index(
                fields=("created_at",),
                name="evaluation_open",
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Say what is evaluated on what."""
        return f"{self.version} on {self.evaluation_set}"


class CaseResult(models.Model):
    """What a version said to one case; `error` is a code where it said nothing.

    `score` is how right it was, from 0 to 1; empty where only all cases together tell.
    """

    id = models.BigAutoField(primary_key=True)
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="results"
    )
    case = models.ForeignKey(EvaluationCase, on_delete=models.CASCADE, related_name="+")
    output = models.JSONField(null=True)
    error = models.CharField(max_length=64, blank=True)
    message = models.CharField(max_length=500, blank=True)
    score = models.FloatField(null=True)
    cost_usd_micros = models.BigIntegerField(default=0)
    latency_ms = models.PositiveIntegerField(default=0)

    class Meta:
        """Each case once."""

        constraints = (
            models.UniqueConstraint(
                fields=("evaluation", "case"), name="result_unique_of_case"
            ),
        )

    def __str__(self) -> str:
        """Name the case."""
        return f"{self.evaluation_id}: {self.case_id}"

    @property
    def expected_text(self) -> str:
        """What was right, as JSON."""
        return canonical(self.case.expected)

    @property
    def output_text(self) -> str:
        """What the version said, as JSON."""
        return canonical(self.output)


class AliasRule(models.Model):
    """What a version has to show before an alias may point at it.

    The worse end of the metric's interval has to be at least, or where less is better
    at most, `bound`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(
        Model, on_delete=models.PROTECT, related_name="alias_rules"
    )
    alias = models.SlugField(max_length=64)
    evaluation_set = models.ForeignKey(
        EvaluationSet, on_delete=models.PROTECT, related_name="alias_rules"
    )
    metric = models.CharField(max_length=32)
    bound = models.FloatField()
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One bound for each metric."""

        ordering = ("alias", "evaluation_set__name", "metric")
        constraints = (
            models.UniqueConstraint(
                fields=("model", "alias", "evaluation_set", "metric"),
                name="alias_rule_unique",
            ),
        )

    def __str__(self) -> str:
        """Say what is asked for."""
        return f"{self.alias}: {self.metric} on {self.evaluation_set}"


class Trial(Order):
    """One question that somebody tried on a version; forgotten after a day.

    A `grant` is what another workspace asks by; when it ends, so do its questions.
    """

    version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="trials"
    )
    grant = models.ForeignKey(
        Grant, on_delete=models.CASCADE, related_name="trials", null=True
    )
    input = models.JSONField()
    data_class = models.CharField(max_length=16, blank=True, choices=CLASSES)
    output = models.JSONField(null=True)
    cost_usd_micros = models.BigIntegerField(default=0)
    latency_ms = models.PositiveIntegerField(default=0)

    class Meta:
        """What is not over is found at once."""

        indexes = (
            models.Index(
                fields=("created_at",),
                name="trial_open",
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Name the version."""
        return f"a trial of {self.version}"
