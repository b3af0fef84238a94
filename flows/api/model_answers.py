"""Rows of the registry as the API gives them."""

from typing import Any

from flows.selectors import moment_text
from model_registry import api as registry


def model_summary(model: registry.Model) -> dict[str, Any]:
    """A model in a list."""
    return {
        "name": model.name,
        "kind": model.kind,
        "capability": model.capability,
        "description": model.description,
        "tags": [tag.name for tag in model.tags.all()],
        "owner": model.owner.email if model.owner else None,
        "data_class": model.data_class or None,
        "risk_class": model.risk_class or None,
        "review_by": model.review_by.isoformat() if model.review_by else None,
        "versions": model.version_count,  # type: ignore[attr-defined]
        "aliases": {alias.name: alias.version.number for alias in model.aliases.all()},
        "created_at": moment_text(model.created_at),
        "shared_by": None,
    }


def received_summary(grant: registry.Grant, model: registry.Model) -> dict[str, Any]:
    """A model of another workspace in a list: nothing about its people and drafts."""
    aliases = model.aliases.all()
    return {
        **model_summary(model),
        "owner": None,
        "versions": len({alias.version_id for alias in aliases}),
        "shared_by": {"workspace": grant.model.workspace.slug, "access": grant.access},
    }


def received_detail(grant: registry.Grant) -> dict[str, Any]:
    """A model of another workspace, as far as this one may see it."""
    model = grant.model
    may_read = grant.access == registry.Grant.Access.COPY
    versions = registry.list_callable(model)
    return {
        **received_summary(grant, model),
        "card": model.card,
        "governance": registry.governance_document(model),
        "input_schema": model.input_schema,
        "output_schema": model.output_schema,
        "is_hidden": registry.is_hidden(grant),
        "callable": [_callable(each, may_read=may_read) for each in versions],
    }


def copied(version: registry.ModelVersion) -> dict[str, Any]:
    """A version that was copied just now, and what it still needs here."""
    return {
        "model": version.model.name,
        "version": version.number,
        "origin": origin_of(version),
        "missing_credential": registry.missing_credential(version) or None,
    }


def origin_of(version: registry.ModelVersion) -> dict[str, Any] | None:
    """Where a version was copied from; None if it was not."""
    origin = getattr(version, "origin", None)
    if origin is None:
        return None
    source = origin.source
    return {
        "workspace": source.model.workspace.slug,
        "model": source.model.name,
        "version": source.number,
        "digest": source.digest,
        "at": moment_text(origin.at),
    }


def model_detail(model: registry.Model) -> dict[str, Any]:
    """A model with all that is on record."""
    is_person = model.kind != registry.Model.Kind.MODEL
    return {
        **model_summary(model),
        "card": model.card,
        "governance": registry.governance_document(model),
        "person": registry.person_document(model) if is_person else None,
        "input_schema": model.input_schema,
        "output_schema": model.output_schema,
    }


def version_summary(version: registry.ModelVersion) -> dict[str, Any]:
    """A version in a list."""
    return {
        "number": version.number,
        "status": version.standing.status,
        "adapter": version.adapter,
        "runs": version.runs,
        "digest": version.digest,
        "aliases": [alias.name for alias in version.aliases.all()],
        "created_by": version.created_by,
        "created_at": moment_text(version.created_at),
    }


def version_detail(version: registry.ModelVersion) -> dict[str, Any]:
    """A version with its manifest and where it stood, the last change first."""
    return {
        **version_summary(version),
        "manifest": registry.manifest_document(version),
        "origin": origin_of(version),
        "standing": [_standing(each) for each in version.standing_changes.all()],
    }


def alias_moved(move: registry.AliasMove) -> dict[str, Any]:
    """A move of an alias."""
    return {
        "alias": move.alias,
        "old": move.old.number if move.old else None,
        "new": move.new.number,
        "moved_by": move.moved_by,
        "reason": move.reason,
        "at": moment_text(move.at),
    }


def credential_summary(credential: registry.Credential) -> dict[str, Any]:
    """A credential without its value."""
    return {
        "name": credential.name,
        "set_by": credential.set_by,
        "set_at": moment_text(credential.set_at),
        "rotated_at": moment_text(credential.rotated_at),
    }


def artefact_detail(artefact: registry.Artefact) -> dict[str, Any]:
    """A file of a model without its bytes."""
    return {
        "sha256": artefact.sha256,
        "name": artefact.name,
        "format": artefact.format,
        "size": artefact.size,
        "created_by": artefact.created_by,
        "created_at": moment_text(artefact.created_at),
    }


def grant_detail(grant: registry.Grant) -> dict[str, Any]:
    """Who may use a model."""
    return {
        "id": str(grant.pk),
        "model": grant.name,
        "workspace": grant.workspace.slug,
        "access": grant.access,
        "granted_by": grant.granted_by,
        "at": moment_text(grant.at),
    }


def _callable(version: registry.ModelVersion, *, may_read: bool) -> dict[str, Any]:
    return {
        "number": version.number,
        "status": version.standing.status,
        "digest": version.digest,
        "aliases": [alias.name for alias in version.aliases.all()],
        "manifest": registry.manifest_document(version) if may_read else None,
    }


def _standing(change: registry.StandingChange) -> dict[str, Any]:
    return {
        "old": change.old or None,
        "new": change.new,
        "changed_by": change.changed_by,
        "reason": change.reason,
        "at": moment_text(change.at),
    }
