"""Reading the registry; the number of queries never depends on the number of rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from model_registry.comparing import Row, compare_documents
from model_registry.digests import call_of, contract_of
from model_registry.documents import version_document
from model_registry.errors import UnknownArtefact, UnknownModel, UnknownVersion
from model_registry.manifest import Manifest
from model_registry.models import (
    Alias,
    AliasMove,
    Artefact,
    Credential,
    Grant,
    Model,
    ModelLimits,
    ModelTag,
    ModelVersion,
    StandingChange,
    VersionStanding,
)
from orchestrator_site.accounts.api import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFilter:
    """What a list is narrowed to; empty text narrows nothing.

    `search` is looked for in name, description, capability and tags; `status` is that
    of any version.
    """

    search: str = ""
    capability: str = ""
    kind: str = ""
    tag: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Similar:
    """A model that is there already: it takes and gives the same, or is the same."""

    model: str
    is_same: bool


EVERYTHING = ModelFilter()
NOT_LISTED = ("card", "input_schema", "output_schema")


def list_models(
    workspace: Workspace,
    wanted: ModelFilter = EVERYTHING,
    granted: Collection[UUID] = (),
) -> QuerySet[Model]:
    """Own models by name, with owner, tags, aliases with their versions' standing.

    Each has `version_count`, and `last_number` and `last_status` of its newest version;
    what is long is not read. `granted` are ids of models that the workspace may use of
    others, which are listed, too.
    """
    return described(_reached(workspace, granted).filter(matching(workspace, wanted)))


def _reached(workspace: Workspace, granted: Collection[UUID]) -> QuerySet[Model]:
    """Own models, and the granted ones."""
    if not granted:
        return Model.objects.in_workspace(workspace)
    return Model.objects.filter(Q(workspace=workspace) | Q(pk__in=granted))


def described(found: QuerySet[Model]) -> QuerySet[Model]:
    """Read of each what `list_models` says."""
    aliases = Alias.objects.select_related("version__standing")
    versions = ModelVersion.objects.filter(model=OuterRef("pk")).order_by()
    counts = versions.values("model").annotate(count=Count("pk")).values("count")
    newest = VersionStanding.objects.filter(version__model=OuterRef("pk"))
    newest = newest.order_by("-version__number")
    return (
        found.select_related("owner")
        .prefetch_related("tags", Prefetch("aliases", queryset=aliases))
        .annotate(
            version_count=Coalesce(Subquery(counts), 0),
            last_number=Subquery(newest.values("version__number")[:1]),
            last_status=Subquery(newest.values("status")[:1]),
        )
        .defer(*NOT_LISTED)
    )


def get_model(workspace: Workspace, name: str) -> Model:
    """An own model. Raises: UnknownModel."""
    found = list_models(workspace).defer(None).filter(name=name).first()
    if found is None:
        raise UnknownModel(f"There is no model {name!r} in this workspace.")
    return found


def get_version(workspace: Workspace, name: str, number: int) -> ModelVersion:
    """A version of an own model. Raises: UnknownModel, UnknownVersion."""
    model = get_model(workspace, name)
    found = list_versions(model).filter(number=number).first()
    if found is None:
        raise UnknownVersion(f"{name} has no version {number}.")
    found.model = model  # with all that was read beside it
    return found


def list_capabilities(workspace: Workspace) -> list[str]:
    """The capabilities there are, by name."""
    models = Model.objects.in_workspace(workspace).order_by("capability")
    return list(models.values_list("capability", flat=True).distinct())


def list_versions(model: Model) -> QuerySet[ModelVersion]:
    """The newest first, each with its standing, aliases and prices."""
    versions = model.versions.select_related(
        "model", "standing", "origin__source__model__workspace"
    )
    return versions.prefetch_related("aliases", "prices").order_by("-number")


def list_received(workspace: Workspace) -> QuerySet[Grant]:
    """Models of other workspaces that this one may use."""
    grants = Grant.objects.in_workspace(workspace)
    return grants.select_related("model__workspace").order_by("name")


def list_given(model: Model) -> QuerySet[Grant]:
    """Who else may use a model."""
    return model.grants.select_related("workspace").order_by("workspace__slug")


def list_stood_in_for(model: Model) -> list[str]:
    """Names of the models of its workspace that name it as a stand-in."""
    limits = ModelLimits.objects.filter(model__workspace=model.workspace_id)
    rows = limits.order_by("model__name").values_list("model__name", "fallback")
    return [name for name, fallback in rows if model.name in fallback]


def list_moves(model: Model) -> QuerySet[AliasMove]:
    """All moves of a model's aliases, the last one first."""
    return model.alias_moves.select_related("old", "new")


def list_standing_changes(model: Model) -> QuerySet[StandingChange]:
    """All changes of where its versions stood, the last one first."""
    changes = StandingChange.objects.filter(version__model=model)
    return changes.select_related("version").order_by("-at", "-id")


def version_at(model: Model, alias: str, moment: datetime) -> ModelVersion | None:
    """The version at which the alias pointed then; None before it was made."""
    move = list_moves(model).filter(alias=alias, at__lte=moment).first()
    return move.new if move else None


def list_credentials(workspace: Workspace) -> QuerySet[Credential]:
    """Names and dates; the value is not even read from the database."""
    return Credential.objects.in_workspace(workspace).defer("value")


def list_artefacts(workspace: Workspace) -> QuerySet[Artefact]:
    """The files of models that a workspace keeps, without what is in them."""
    return Artefact.objects.in_workspace(workspace)


def get_artefact(workspace: Workspace, sha256: str) -> Artefact:
    """Find one by its digest. Raises: UnknownArtefact."""
    found = list_artefacts(workspace).filter(sha256=sha256).first()
    if found is None:
        raise UnknownArtefact(f"No file with the SHA-256 {sha256} was uploaded.")
    return found


def versions_by_digest(workspace: Workspace) -> dict[str, list[str]]:
    """Which versions name a file, by its digest."""
    versions = ModelVersion.objects.filter(
        model__workspace=workspace, settings__has_key="sha256"
    )
    users: dict[str, list[str]] = {}
    for version in versions.select_related("model").order_by("model__name", "number"):
        users.setdefault(version.settings["sha256"], []).append(str(version))
    return users


def models_by_credential(workspace: Workspace) -> dict[str, list[str]]:
    """Which models have a version that refers to a credential, by its name."""
    versions = ModelVersion.objects.filter(
        model__workspace=workspace, settings__has_key="credential"
    )
    pairs = versions.values_list("settings__credential", "model__name").order_by(
        "model__name"
    )
    found: dict[str, list[str]] = {}
    for credential, model in pairs.distinct():
        if credential:
            found.setdefault(credential, []).append(model)
    return found


def compare(one: ModelVersion, other: ModelVersion) -> list[Row]:
    """Two versions side by side: every value of either, by its place."""
    return compare_documents(version_document(one), version_document(other))


def find_similar(workspace: Workspace, manifest: Manifest) -> list[Similar]:
    """Models of another name that do what the manifest's would; the same ones first."""
    others = Model.objects.in_workspace(workspace).exclude(name=manifest.model)
    call = call_of(manifest.version)
    same = others.filter(versions__call_digest=call) if call else others.none()
    names = list(same.order_by("name").values_list("name", flat=True).distinct())
    like = others.filter(contract=contract_of(manifest), kind=manifest.kind)
    more = like.exclude(name__in=names).order_by("name").values_list("name", flat=True)
    return [Similar(name, is_same=True) for name in names] + [
        Similar(name, is_same=False) for name in more
    ]


def matching(workspace: Workspace, wanted: ModelFilter) -> Q:
    """What holds for the models that a list is narrowed to."""
    found = Q()
    if wanted.search:
        found &= (
            Q(name__icontains=wanted.search)
            | Q(description__icontains=wanted.search)
            | Q(capability__icontains=wanted.search)
            | _tagged(name__icontains=wanted.search)
        )
    if wanted.capability:
        found &= Q(capability=wanted.capability)
    if wanted.kind:
        found &= Q(kind=wanted.kind)
    if wanted.tag:
        found &= _tagged(name=wanted.tag)
    if wanted.status:
        standings = VersionStanding.objects.filter(
            Q(workspace=workspace)
            | Exists(Alias.objects.filter(version=OuterRef("version"))),
            version__model=OuterRef("pk"),
            status=wanted.status,
        )
        found &= Q(Exists(standings))
    return found


def _tagged(**wanted: str) -> Q:
    return Q(Exists(ModelTag.objects.filter(model=OuterRef("pk"), **wanted)))
