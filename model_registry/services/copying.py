"""Making a model of one's own from a version that another workspace shares."""

from django.db import transaction
from pydantic import TypeAdapter, ValidationError

from model_registry.documents import manifest_document
from model_registry.errors import CopyRefused
from model_registry.facts import Slug
from model_registry.manifest import check_manifest
from model_registry.models import Grant, Model, ModelVersion, VersionCopy
from model_registry.received import list_callable
from model_registry.services.events import record_of
from model_registry.services.registering import register

NAME: TypeAdapter[str] = TypeAdapter(Slug)


@transaction.atomic
def copy_model(
    grant: Grant, *, name: str, alias: str = "champion", actor: str
) -> ModelVersion:
    """Register what `alias` points at as a new model of the workspace, as a draft.

    Credentials do not come with it: their names stay in its settings.
    Raises: CopyRefused if the grant is not to copy, the name is taken or is that of the
    model, or the alias points nowhere; ManifestInvalid if this machine cannot call it.
    """
    _check(grant, name)
    source = list_callable(grant.model).filter(aliases__name=alias).first()
    if source is None:
        raise CopyRefused(f"{grant.name} has no alias {alias!r} to copy from.")
    manifest = check_manifest({**manifest_document(source), "model": name})
    version, _ = register(grant.workspace, manifest, actor, may_move=False)
    VersionCopy.objects.create(version=version, source=source, copied_by=actor)
    _record_both(version, source, actor)
    return version


def _check(grant: Grant, name: str) -> None:
    if grant.access != Grant.Access.COPY:
        raise CopyRefused(f"{grant.name} is shared to be called, not to be copied.")
    if grant.model.kind != Model.Kind.MODEL:
        raise CopyRefused(f"{grant.name} is a person or a team of another workspace.")
    try:
        NAME.validate_python(name)
    except ValidationError:
        raise CopyRefused(
            "A name is 1 to 64 small letters, digits, - and _, a letter first."
        ) from None
    if name == grant.name:
        raise CopyRefused(
            f"Flows here that call {name} get the shared model. Give the copy another "
            "name, or they would get a draft."
        )
    if Model.objects.in_workspace(grant.workspace).filter(name=name).exists():
        raise CopyRefused(f"There is a model {name!r} in this workspace already.")


def _record_both(version: ModelVersion, source: ModelVersion, actor: str) -> None:
    """Tell the ledgers of both workspaces."""
    here, there = version.model.workspace, source.model.workspace
    record_of(
        source.model,
        "copy.given",
        actor,
        {
            "version": source.number,
            "digest": source.digest,
            "to": str(here.pk),
            "workspace": here.name,
        },
    )
    record_of(
        version.model,
        "copy.received",
        actor,
        {
            "name": source.model.name,
            "version": source.number,
            "digest": source.digest,
            "from": str(there.pk),
            "workspace": there.name,
        },
    )
