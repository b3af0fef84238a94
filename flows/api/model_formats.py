"""What clients send about models and what they get, for the description of the API."""

from rest_framework import serializers

from flows.api.answers import Answer
from flows.api.fields import ObjectField
from flows.api.requests import PageRequest, StrictSerializer
from model_registry.api import Artefact, Grant, Model, Status

STATUSES = [(status.value, status.value) for status in Status]


class ModelFilters(PageRequest):
    """Which models, newest first."""

    search = serializers.CharField(
        default="",
        max_length=100,
        help_text="In name, description, capability and tags.",
    )
    capability = serializers.CharField(default="", max_length=64)
    kind = serializers.ChoiceField(default="", choices=["", *Model.Kind.values])
    tag = serializers.CharField(default="", max_length=64)
    status = serializers.ChoiceField(
        default="", choices=[("", ""), *STATUSES], help_text="That of any version."
    )


class NewModel(StrictSerializer):
    """A manifest, as docs/registry.md describes it."""

    manifest = ObjectField()


class NewGovernance(StrictSerializer):
    """What is stated is changed, the rest stays."""

    governance = ObjectField()


class NewStanding(StrictSerializer):
    """Where a version stands from now on, and why."""

    status = serializers.ChoiceField(choices=STATUSES)
    reason = serializers.CharField(max_length=500)


class NewPrice(StrictSerializer):
    """A price, as in a manifest."""

    price = ObjectField()


class NewAlias(StrictSerializer):
    """Where an alias points from now on."""

    alias = serializers.CharField(max_length=64)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class MoveFilters(PageRequest):
    """Which moves, the last one first."""

    alias = serializers.CharField(required=False, max_length=64)


class MomentRequest(StrictSerializer):
    """At which moment."""

    at = serializers.DateTimeField(required=False, help_text="Left out: now.")


class NewCredential(StrictSerializer):
    """A secret; no answer ever holds it."""

    value = serializers.CharField(max_length=10_000, write_only=True)


class NewGrant(StrictSerializer):
    """Which workspace may do what."""

    workspace = serializers.CharField(max_length=50, help_text="Its slug.")
    access = serializers.ChoiceField(choices=Grant.Access.choices)


class NewModelCopy(StrictSerializer):
    """What the copy is called, and of what it is one."""

    name = serializers.CharField(max_length=64)
    alias = serializers.CharField(default="champion", max_length=64)


class SharedBy(Answer):
    workspace = serializers.CharField(help_text="Slug of whoever it belongs to.")
    access = serializers.ChoiceField(choices=Grant.Access.choices)


class ModelSummary(Answer):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Model.Kind.choices)
    capability = serializers.CharField()
    description = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    owner = serializers.CharField(allow_null=True, help_text="E-mail address.")
    data_class = serializers.CharField(allow_null=True)
    risk_class = serializers.CharField(allow_null=True)
    review_by = serializers.DateField(allow_null=True)
    versions = serializers.IntegerField(help_text="How many.")
    aliases = ObjectField(help_text="Alias to number of version.")
    created_at = serializers.DateTimeField()
    shared_by = SharedBy(allow_null=True, help_text="Null for an own model.")


class CallableVersion(Answer):
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=STATUSES)
    digest = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    manifest = ObjectField(allow_null=True, help_text="Null without access to copy.")


class SharedModelDetail(ModelSummary):
    card = serializers.CharField()
    governance = ObjectField()
    input_schema = ObjectField()
    output_schema = ObjectField()
    is_hidden = serializers.BooleanField(
        help_text="Flows get an own model of that name instead."
    )
    callable = CallableVersion(many=True)


class Origin(Answer):
    workspace = serializers.CharField(help_text="Its slug.")
    model = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField()
    at = serializers.DateTimeField()


class CopiedModel(Answer):
    model = serializers.CharField()
    version = serializers.IntegerField()
    origin = Origin()
    missing_credential = serializers.CharField(
        allow_null=True, help_text="Name of a credential to set in this workspace."
    )


class ModelDetail(ModelSummary):
    card = serializers.CharField()
    governance = ObjectField()
    person = ObjectField(allow_null=True)
    input_schema = ObjectField()
    output_schema = ObjectField()


class SimilarModel(Answer):
    model = serializers.CharField()
    is_same = serializers.BooleanField(
        help_text="The same thing answers; else it takes and gives the same."
    )


class Registered(Answer):
    model = serializers.CharField()
    version = serializers.IntegerField()
    created = serializers.BooleanField(help_text="False where it was there already.")
    similar = SimilarModel(many=True)


class ModelVersionSummary(Answer):
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=STATUSES)
    adapter = serializers.CharField()
    runs = serializers.CharField()
    digest = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class StandingMove(Answer):
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField()
    changed_by = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class ModelVersionDetail(ModelVersionSummary):
    manifest = ObjectField(help_text="Would register this version elsewhere.")
    origin = Origin(allow_null=True, help_text="Null if it was not copied.")
    standing = StandingMove(many=True)


class ComparedValue(Answer):
    place = serializers.CharField()
    one = serializers.JSONField(allow_null=True)
    other = serializers.JSONField(allow_null=True)
    differs = serializers.BooleanField()


class Comparison(Answer):
    values = ComparedValue(many=True)


class AliasTarget(Answer):
    alias = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class AliasMoved(Answer):
    alias = serializers.CharField()
    old = serializers.IntegerField(allow_null=True)
    new = serializers.IntegerField()
    moved_by = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class CredentialSummary(Answer):
    name = serializers.CharField()
    set_by = serializers.CharField()
    set_at = serializers.DateTimeField()
    rotated_at = serializers.DateTimeField(allow_null=True)


class NewArtefact(StrictSerializer):
    """A file of a model; what it is, its content says."""

    file = serializers.FileField(help_text="ONNX, or scikit-learn saved by skops.")


class ArtefactDetail(Answer):
    sha256 = serializers.CharField(help_text="What a version names it by.")
    name = serializers.CharField()
    format = serializers.ChoiceField(choices=Artefact.Format.choices)
    size = serializers.IntegerField(help_text="In bytes.")
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class GrantDetail(Answer):
    id = serializers.UUIDField()
    model = serializers.CharField()
    workspace = serializers.CharField(help_text="Slug of whoever may use it.")
    access = serializers.ChoiceField(choices=Grant.Access.choices)
    granted_by = serializers.CharField()
    at = serializers.DateTimeField()
