"""Changes to the registry; each writes to the ledger in the same transaction."""

import re
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from model_registry import resolving
from model_registry.adapters.registry import find_adapter
from model_registry.builtin.shipped import shipped_manifests
from model_registry.errors import (
    AliasNameInvalid,
    ManifestInvalid,
    ModelDiffers,
    UnknownModel,
    UnknownVersion,
)
from model_registry.json_values import digest
from model_registry.manifest import SLUG, Manifest, parse_manifest
from model_registry.models import Alias, Model, ModelVersion
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.egress.api import installation_allowance
from orchestrator_site.ledger.api import Subject, record

OF_THE_MODEL = ("capability", "input_schema", "output_schema")


@transaction.atomic
def register(
    workspace: Workspace, manifest: Manifest, actor: str
) -> tuple[ModelVersion, bool]:
    """Add the manifest's version, and its model when it is new; then move the alias.

    Returns the version and whether it was added: a version of the same digest is
    there already, and stays as it is.
    Raises: ManifestInvalid if this machine cannot call the version; ModelDiffers if
    the manifest changes what belongs to the model.
    """
    version, created = _add_version(workspace, manifest, actor)
    if manifest.alias:
        _point(version, manifest.alias, actor)
    return version, created


@transaction.atomic
def register_builtin(workspace: Workspace, actor: str) -> list[ModelVersion]:
    """Register the models that ship; an alias that somebody set stays where it is."""
    versions = []
    for text in shipped_manifests().values():
        manifest = parse_manifest(text)
        version, _ = _add_version(workspace, manifest, actor)
        versions.append(version)
        if manifest.alias and not version.model.aliases.filter(name=manifest.alias):
            _point(version, manifest.alias, actor)
    return versions


@transaction.atomic
def move_alias(
    workspace: Workspace, model: str, alias: str, version: int, *, actor: str
) -> Alias:
    """Let `alias` point at version number `version`; an unknown alias is made.

    Raises: UnknownModel, UnknownVersion, AliasNameInvalid.
    """
    if not re.fullmatch(SLUG, alias):
        raise AliasNameInvalid(
            f"{alias!r} cannot be an alias: use small letters, digits, - and _."
        )
    models = Model.objects.in_workspace(workspace).select_for_update()
    owner = models.filter(name=model).first()
    if owner is None:
        names = ", ".join(
            Model.objects.in_workspace(workspace).values_list("name", flat=True)
        )
        raise UnknownModel(
            f"There is no model {model!r}. Known are: {names or 'none'}."
        )
    target = owner.versions.filter(number=version).first()
    if target is None:
        numbers = ", ".join(map(str, owner.versions.values_list("number", flat=True)))
        raise UnknownVersion(f"{model} has no version {version}. It has: {numbers}.")
    return _point(target, alias, actor)


def _add_version(
    workspace: Workspace, manifest: Manifest, actor: str
) -> tuple[ModelVersion, bool]:
    _check_here(manifest)
    model = _model(workspace, manifest, actor)
    content = _digest(manifest)
    found = model.versions.filter(digest=content).first()
    if found:
        return found, False
    last = model.versions.aggregate(last=Max("number"))["last"] or 0
    version = ModelVersion.objects.create(
        model=model,
        number=last + 1,
        adapter=manifest.version.adapter,
        runs=manifest.version.runs,
        queue=manifest.version.queue or "",
        settings=manifest.version.settings,
        digest=content,
        created_by=actor,
    )
    data = {"version": version.number, "adapter": version.adapter, "digest": content}
    _record(model, "version.registered", actor, data)
    return version, True


def _digest(manifest: Manifest) -> str:
    """Versions without a queue keep the digest that they had before there were any."""
    content = manifest.model_dump(exclude={"description", "alias"})
    if manifest.version.queue is None:
        del content["version"]["queue"]
    return digest(content)


def _check_here(manifest: Manifest) -> None:
    adapter = find_adapter(manifest.version.adapter)
    if adapter is None:
        raise ManifestInvalid(
            [f"version.adapter: no {manifest.version.adapter!r} here."]
        )
    values = adapter.settings.model_validate(manifest.version.settings)
    if manifest.version.queue:
        return  # it is called where that queue is served, by what is there
    if problem := adapter.check(values, installation_allowance()):
        raise ManifestInvalid([f"version.settings.{problem}"])


def _model(workspace: Workspace, manifest: Manifest, actor: str) -> Model:
    fixed = {field: getattr(manifest, field) for field in OF_THE_MODEL}
    model, created = (
        Model.objects.in_workspace(workspace)
        .select_for_update()
        .get_or_create(
            name=manifest.model,
            defaults={
                **fixed,
                "workspace": workspace,
                "description": manifest.description,
            },
        )
    )
    if created:
        data = {"name": model.name, "capability": model.capability}
        _record(model, "model.registered", actor, data)
        return model
    changed = [field for field in OF_THE_MODEL if getattr(model, field) != fixed[field]]
    if changed:
        raise ModelDiffers(
            f"The manifest changes {' and '.join(changed)} of {model.name}. These belong "
            "to the model, and flows rely on them: register a new model of another name."
        )
    return model


def _point(version: ModelVersion, name: str, actor: str) -> Alias:
    aliases = version.model.aliases.select_related("version")
    alias = aliases.filter(name=name).first() or Alias(model=version.model, name=name)
    old = None if alias._state.adding else alias.version.number
    if old == version.number:
        return alias
    alias.version = version
    alias.save()
    data = {"alias": name, "old": old, "new": version.number, "digest": version.digest}
    _record(version.model, "alias.moved", actor, data)
    transaction.on_commit(resolving.forget)
    resolving.forget()
    return alias


def _record(model: Model, kind: str, actor: str, data: Mapping[str, object]) -> None:
    record(
        workspace_id=model.workspace_id,
        subject=Subject("model", model.id),
        kind=kind,
        actor=actor,
        data=data,
    )
