"""A model: a promise to turn one shape of JSON into another."""

from django.conf import settings
from django.db import models

from model_registry.governance import DataClass, RiskClass, TrainsOnData
from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class Model(WorkspaceOwned):
    """What flows name. Kind, capability and schemas never change once registered.

    A person or a team is an entry too: somebody who can be asked. `contract` is the
    digest of capability and schemas. Empty text is not stated.
    """

    class Kind(models.TextChoices):
        """Who answers."""

        MODEL = "model", "a model"
        PERSON = "person", "a person"
        TEAM = "team", "a team"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MODEL)
    name = models.SlugField(max_length=64)
    capability = models.SlugField(max_length=64)
    description = models.CharField(max_length=2000, blank=True)
    card = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    input_schema = models.JSONField()
    output_schema = models.JSONField()
    contract = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    provider = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    data_class = models.CharField(
        max_length=16, blank=True, choices=[(c.value, c.value) for c in DataClass]
    )
    retention = models.CharField(max_length=300, blank=True)
    trains_on_data = models.CharField(
        max_length=8,
        choices=[(c.value, c.value) for c in TrainsOnData],
        default=TrainsOnData.UNKNOWN.value,
    )
    risk_class = models.CharField(
        max_length=16, blank=True, choices=[(c.value, c.value) for c in RiskClass]
    )
    risk_reason = models.CharField(max_length=500, blank=True)
    review_by = models.DateField(null=True, blank=True)

    who = models.CharField(max_length=300, blank=True)
    rate_usd_micros_per_minute = models.PositiveBigIntegerField(null=True, blank=True)
    expected_wait_s = models.PositiveIntegerField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)

    class Meta:
        """Names are unique in a workspace."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name"), name="model_name_unique_in_workspace"
            ),
            models.CheckConstraint(
                name="model_person_says_who",
                condition=models.Q(kind="model", who="")
                | (~models.Q(kind="model") & ~models.Q(who="")),
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "capability"), name="model_capability"),
            models.Index(fields=("workspace", "contract"), name="model_contract"),
        )

    def __str__(self) -> str:
        """Give the name."""
        return self.name


class ModelTag(WorkspaceOwned):
    """A word that finds a model; belongs to the model's workspace, which lists them."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="tags")
    name = models.SlugField(max_length=64)

    class Meta:
        """Each word once."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("model", "name"), name="model_tag_unique_in_model"
            ),
        )
        indexes = (models.Index(fields=("workspace", "name"), name="model_tag_words"),)

    def __str__(self) -> str:
        """Give the word."""
        return self.name
