"""Registering models and versions; each writes to the ledger in the same transaction."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from model_registry.adapters.registry import find_adapter
from model_registry.artefact_store import folder_of, keep_files
from model_registry.builtin.shipped import read_shipped
from model_registry.digests import call_of, contract_of, digest_of
from model_registry.errors import GovernanceDiffers, ManifestInvalid, ModelDiffers
from model_registry.facts import PriceTerms
from model_registry.governance import Status
from model_registry.manifest import Manifest, ManifestVersion, check_manifest
from model_registry.models import Model, ModelVersion
from model_registry.services.aliases import point
from model_registry.services.describing import (
    change_person,
    describe,
    govern,
    governance_values,
    write_tags,
)
from model_registry.services.events import record_of
from model_registry.services.prices import set_price
from model_registry.services.standing import begin_standing, set_standing
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.egress.api import installation_allowance

OF_THE_MODEL = ("kind", "capability", "input_schema", "output_schema")
SHIPPED_BY = "system:setup"


@transaction.atomic
def register(
    workspace: Workspace,
    manifest: Manifest,
    actor: str,
    *,
    may_govern: bool = False,
    may_move: bool,
) -> tuple[ModelVersion, bool]:
    """Add the manifest's version, and its model when it is new; then move the alias.

    What the manifest states about a model that exists is changed to that; its
    governance record only if the actor `may_govern`, an alias that is there already
    only if they `may_move` it. A new version is a draft.
    Returns the version and whether it was added: a version of the same digest is
    there already, and stays as it is.
    Raises: ManifestInvalid if this machine cannot call the version, or the alias is not
    the actor's to move; ModelDiffers if the manifest changes what belongs to the model; GovernanceDiffers; PriceTaken.
    """
    _check_here(workspace, manifest.version)
    model, is_new = _model(workspace, manifest, actor)
    if not is_new:
        _state(model, manifest, actor, may_govern=may_govern)
    version, created = _add_version(model, manifest, actor)
    for terms in _prices(manifest, version, is_new=created):
        set_price(version, terms, actor=actor)
    if manifest.alias:
        if not may_move:
            _refuse_move(version, manifest.alias)
        point(version, manifest.alias, actor)
    return version, created


def _refuse_move(version: ModelVersion, name: str) -> None:
    elsewhere = version.model.aliases.exclude(version=version)
    if elsewhere.filter(name=name).exists():
        raise ManifestInvalid(
            [
                f"alias: {name} points at a version already, and your role does not "
                "include moving it. Leave the line out."
            ]
        )


@transaction.atomic
def register_builtin(workspace: Workspace, actor: str) -> list[ModelVersion]:
    """Register the models that ship, approved as they ship.

    What somebody set stays: an alias, a standing, what is said about the model.
    """
    versions = []
    for document in read_shipped().values():
        manifest = check_manifest(document)
        _check_here(workspace, manifest.version)
        model, _ = _model(workspace, manifest, actor)
        version, created = _add_version(model, manifest, actor)
        if created:
            for terms in _prices(manifest, version, is_new=created):
                set_price(version, terms, actor=actor)
            set_standing(
                version, Status.APPROVED, actor=SHIPPED_BY, reason="Ships with Baton."
            )
        versions.append(version)
        if manifest.alias and not model.aliases.filter(name=manifest.alias):
            point(version, manifest.alias, actor)
    return versions


def _add_version(
    model: Model, manifest: Manifest, actor: str
) -> tuple[ModelVersion, bool]:
    content = digest_of(manifest)
    found = model.versions.filter(digest=content).first()
    if found:
        return found, False
    last = model.versions.aggregate(last=Max("number"))["last"] or 0
    version = ModelVersion.objects.create(
        model=model,
        number=last + 1,
        digest=content,
        call_digest=call_of(manifest.version),
        created_by=actor,
        **_call_values(manifest.version),
    )
    data = {"version": version.number, "adapter": version.adapter, "digest": content}
    record_of(model, "version.registered", actor, data)
    begin_standing(version, actor)
    return version, True


def _call_values(version: ManifestVersion | None) -> dict[str, Any]:
    """People are waited for, by nobody's adapter."""
    if version is None:
        return {"adapter": "", "runs": ModelVersion.Runs.WAIT, "settings": {}}
    return {
        "adapter": version.adapter,
        "runs": version.runs,
        "queue": version.queue or "",
        "settings": version.settings,
    }


def _check_here(workspace: Workspace, version: ManifestVersion | None) -> None:
    if version is None:
        return
    adapter = find_adapter(version.adapter)
    if adapter is None:
        raise ManifestInvalid([f"version.adapter: no {version.adapter!r} here."])
    values = adapter.settings.model_validate(version.settings)
    if version.queue:
        return  # it is called where that queue is served, by what is there
    if "sha256" in version.settings:
        keep_files(workspace.pk)
    folder = folder_of(workspace.pk, version.settings)
    if problem := adapter.check(values, installation_allowance(), folder):
        raise ManifestInvalid([f"version.settings.{problem}"])


def _model(workspace: Workspace, manifest: Manifest, actor: str) -> tuple[Model, bool]:
    fixed = {field: getattr(manifest, field) for field in OF_THE_MODEL}
    model, created = (
        Model.objects.in_workspace(workspace)
        .select_for_update()
        .get_or_create(
            name=manifest.model,
            defaults={
                **fixed,
                **governance_values(manifest.governance, only_stated=False),
                **(manifest.person.model_dump() if manifest.person else {}),
                "workspace": workspace,
                "contract": contract_of(manifest),
                "description": manifest.description,
                "card": manifest.card,
            },
        )
    )
    if created:
        write_tags(model, manifest.tags)
        data = {"name": model.name, "capability": model.capability}
        record_of(model, "model.registered", actor, data)
        return model, True
    changed = [field for field in OF_THE_MODEL if getattr(model, field) != fixed[field]]
    if changed:
        raise ModelDiffers(
            f"The manifest changes {' and '.join(changed)} of {model.name}. These belong "
            "to the model, and flows rely on them: register a new model of another name."
        )
    return model, False


def _state(model: Model, manifest: Manifest, actor: str, *, may_govern: bool) -> None:
    """Change what is said about a model to what the manifest states."""
    stated = {
        name: getattr(manifest, name)
        for name in ("description", "card", "tags")
        if name in manifest.model_fields_set
    }
    describe(model, actor=actor, **stated)
    if manifest.person:
        change_person(model, manifest.person, actor=actor)
    if may_govern:
        govern(model, manifest.governance, actor=actor)
        return
    values = governance_values(manifest.governance, only_stated=True)
    differing = [
        name for name, value in values.items() if getattr(model, name) != value
    ]
    if differing:
        raise GovernanceDiffers(
            f"The manifest changes {' and '.join(differing)} in the governance record of "
            f"{model.name}. Leave that out, or let somebody change it who may approve "
            "models."
        )


def _prices(
    manifest: Manifest, version: ModelVersion, *, is_new: bool
) -> tuple[PriceTerms, ...]:
    """The stated prices; else, for a new version, the one in the adapter's settings."""
    if manifest.prices or not is_new or "price" not in version.settings:
        return manifest.prices
    price = version.settings["price"]
    if price is None:
        return ()
    return (PriceTerms(valid_from=timezone.now(), **price),)
