"""How events of the model registry are told; a part of `flows.event_kinds`. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from flows.event_kind import Kind, Words


def _alias_moved(data: Mapping[str, Any]) -> Words:
    if data.get("old") is None:
        return _("{actor} pointed {alias} of {subject} at version {new}")
    return _("{actor} moved {alias} of {subject} from version {old} to {new}")


def _standing_changed(data: Mapping[str, Any]) -> Words:
    if data.get("new") == "approved":
        return _("{actor} approved version {version} of {subject}")
    return _("{actor} set version {version} of {subject} from {old} to {new}")


def _tried(data: Mapping[str, Any]) -> Words:
    if "workspace" in data:
        return _("{actor} of {workspace} tried version {version} of {subject}")
    return _("{actor} tried version {version} of {subject}")


MODEL_KINDS: Mapping[str, Kind] = {
    "model.registered": Kind(
        "models", "cpu", _("Model registered"), _("{actor} registered model {name}")
    ),
    "version.registered": Kind(
        "models",
        "versions",
        _("Model version registered"),
        _("{actor} registered version {version} of {subject}"),
    ),
    "limits.changed": Kind(
        "models",
        "adjustments-horizontal",
        _("Limits changed"),
        _("{actor} changed how {subject} may be called"),
    ),
    "alias.moved": Kind("models", "tags", _("Alias moved"), _alias_moved),
    "version.standing_changed": Kind(
        "models", "user-check", _("Version's standing changed"), _standing_changed
    ),
    "model.changed": Kind(
        "models",
        "pencil",
        _("Model described"),
        _("{actor} changed {fields} of {subject}"),
    ),
    "model.governed": Kind(
        "models",
        "shield-check",
        _("Governance record changed"),
        _("{actor} changed {fields} in the governance record of {subject}"),
    ),
    "price.set": Kind(
        "models",
        "pencil",
        _("Price set"),
        _("{actor} set what version {version} of {subject} costs from {valid_from} on"),
    ),
    "grant.given": Kind(
        "models",
        "link",
        _("Model granted"),
        _("{actor} let {workspace} use {subject}: {access}"),
    ),
    "grant.withdrawn": Kind(
        "models",
        "unlink",
        _("Grant withdrawn"),
        _("{actor} stopped {workspace} from using {subject}"),
    ),
    "grant.received": Kind(
        "models",
        "link",
        _("Model received"),
        _("{actor} of another workspace let this one use its model {name}: {access}"),
    ),
    "grant.lost": Kind(
        "models",
        "unlink",
        _("Model no longer received"),
        _("{actor} of another workspace stopped this one from using its model {name}"),
    ),
    "evaluation.set_made": Kind(
        "models",
        "zoom-check",
        _("Evaluation set made"),
        _("{actor} made the evaluation set {name} of {cases} cases"),
    ),
    "evaluation.set_deleted": Kind(
        "models",
        "zoom-check",
        _("Evaluation set deleted"),
        _("{actor} deleted the evaluation set {name}"),
    ),
    "version.evaluated": Kind(
        "models",
        "zoom-check",
        _("Version evaluated"),
        _("{actor} evaluated version {version} of {subject} on {set}: {figures}"),
    ),
    "version.drifted": Kind(
        "models",
        "trending-down",
        _("Drift noticed"),
        _("{actor} noticed drift of version {version} of {subject}: {feature}, {tag}"),
    ),
    "version.drift_ended": Kind(
        "models",
        "trending-down",
        _("Drift over"),
        _(
            "{actor} noticed no drift any more of version {version} of {subject}: "
            "{feature}, {tag}"
        ),
    ),
    "alias.rule_set": Kind(
        "models",
        "shield-check",
        _("Rule for an alias set"),
        _("{actor} asks of {alias} of {subject}: {rule}"),
    ),
    "alias.rule_removed": Kind(
        "models",
        "shield-check",
        _("Rule for an alias removed"),
        _("{actor} no longer asks of {alias} of {subject}: {rule}"),
    ),
    "model.tried": Kind("models", "flask", _("Model tried"), _tried),
    "grant.tried": Kind(
        "models",
        "flask",
        _("Shared model tried"),
        _("{actor} tried version {version} of {name}, a model of another workspace"),
    ),
    "copy.given": Kind(
        "models",
        "copy",
        _("Model copied from here"),
        _("{actor} of {workspace} copied version {version} of {subject}"),
    ),
    "copy.received": Kind(
        "models",
        "copy",
        _("Model copied"),
        _("{actor} made {subject} from version {version} of {name} of {workspace}"),
    ),
    "artefact.added": Kind(
        "models", "cpu", _("File of a model kept"), _("{actor} added the file {name}")
    ),
    "artefact.deleted": Kind(
        "models",
        "cpu",
        _("File of a model deleted"),
        _("{actor} deleted the file {name}"),
    ),
    "credential.set": Kind(
        "models", "key", _("Credential set"), _("{actor} set the credential {name}")
    ),
    "credential.deleted": Kind(
        "models",
        "key",
        _("Credential deleted"),
        _("{actor} deleted the credential {name}"),
    ),
    "credential.rotated": Kind(
        "models",
        "key",
        _("Credential encrypted anew"),
        _("{actor} encrypted the credential {name} with a new key"),
    ),
}
