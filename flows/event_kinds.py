"""How each kind of event is told: one row for every kind that is recorded anywhere.

Pure. A test holds the table against the code.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Kind(NamedTuple):
    """How a kind of event is told.

    `sentence` is a text with `{names}`, or chooses one by the event's data. The
    names are those that `describe` knows, and what `data` holds.
    """

    group: str
    icon: str
    title: Words
    sentence: Words | Callable[[Mapping[str, Any]], Words]


GROUPS: Mapping[str, Words] = {
    "runs": _("Runs and steps"),
    "approvals": _("Approvals"),
    "flows": _("Flows"),
    "models": _("Models"),
    "people": _("People and tokens"),
    "services": _("Outside services"),
}


def _step_completed(data: Mapping[str, Any]) -> Words:
    if "decision" in data:
        return _("{actor} decided {step}: {port}")
    if "model" in data:
        return _("{step} got its answer from {model} {model_version}")
    if data.get("port") not in (None, "out"):
        return _("{step} went on by {port}")
    return _("{step} succeeded")


def _run_failed(data: Mapping[str, Any]) -> Words:
    if data.get("address"):
        return _("The run failed at {step}: {code}")
    return _("The run failed: {code}")


def _alias_moved(data: Mapping[str, Any]) -> Words:
    if data.get("old") is None:
        return _("{actor} pointed {alias} of {subject} at version {new}")
    return _("{actor} moved {alias} of {subject} from version {old} to {new}")


def _approval_decided(data: Mapping[str, Any]) -> Words:
    if data.get("outcome") == "rejected":
        return _("{actor} rejected what {step} proposed")
    if data.get("edited"):
        return _("{actor} edited and approved what {step} proposed")
    return _("{actor} approved what {step} proposed")


KINDS: Mapping[str, Kind] = {
    "run.started": Kind(
        "runs", "player-play", _("Run started"), _("{actor} started {flow}")
    ),
    "run.completed": Kind(
        "runs", "circle-check", _("Run succeeded"), _("The run succeeded")
    ),
    "run.failed": Kind("runs", "circle-x", _("Run failed"), _run_failed),
    "run.cancelled": Kind(
        "runs", "circle-minus", _("Run cancelled"), _("{actor} cancelled the run")
    ),
    "run.poisoned": Kind(
        "runs",
        "alert-octagon",
        _("Run set aside"),
        _("The run was set aside for a person after it stopped {crashes} workers"),
    ),
    "step.started": Kind(
        "runs", "loader-2", _("Step started"), _("{step} began its call")
    ),
    "step.waiting": Kind(
        "runs", "user-circle", _("Step waits"), _("{step} waits for a person")
    ),
    "step.completed": Kind(
        "runs", "circle-check", _("Step succeeded"), _step_completed
    ),
    "step.failed": Kind(
        "runs", "circle-x", _("Step failed"), _("{step} failed: {code}")
    ),
    "step.cancelled": Kind(
        "runs", "circle-minus", _("Step given up"), _("{step} was given up")
    ),
    "signal.sent": Kind(
        "runs", "webhook", _("Event sent"), _("{actor} sent the event {name}")
    ),
    "approval.opened": Kind(
        "approvals",
        "user-circle",
        _("Approval asked"),
        _("{step} asks a person to decide"),
    ),
    "approval.claimed": Kind(
        "approvals", "user-check", _("Approval claimed"), _("{actor} claimed {step}")
    ),
    "approval.released": Kind(
        "approvals",
        "arrow-back-up",
        _("Approval released"),
        _("{actor} released {step} for others"),
    ),
    "approval.decided": Kind(
        "approvals", "checkbox", _("Approval decided"), _approval_decided
    ),
    "approval.withdrawn": Kind(
        "approvals",
        "circle-minus",
        _("Approval withdrawn"),
        _("{step} no longer needs a decision"),
    ),
    "flow.created": Kind(
        "flows", "plus", _("Flow created"), _("{actor} created {flow}")
    ),
    "flow.draft_saved": Kind(
        "flows",
        "pencil",
        _("Draft saved"),
        _("{actor} saved revision {revision} of the draft of {flow}"),
    ),
    "flow.published": Kind(
        "flows",
        "versions",
        _("Flow published"),
        _("{actor} published version {number} of {flow}"),
    ),
    "model.registered": Kind(
        "models", "cpu", _("Model registered"), _("{actor} registered model {name}")
    ),
    "version.registered": Kind(
        "models",
        "versions",
        _("Model version registered"),
        _("{actor} registered version {version} of {subject}"),
    ),
    "alias.moved": Kind("models", "tags", _("Alias moved"), _alias_moved),
    "workspace.created": Kind(
        "people", "home", _("Workspace created"), _("{actor} created workspace {slug}")
    ),
    "workspace.closed": Kind(
        "people", "lock", _("Workspace closed"), _("{actor} closed the workspace")
    ),
    "profile.changed": Kind(
        "people", "users", _("Profile changed"), _("{actor} changed their settings")
    ),
    "demo.seeded": Kind(
        "people",
        "home",
        _("Demo filled"),
        _("{actor} put the demo's models, flows, people and runs here"),
    ),
    "membership.created": Kind(
        "people", "users", _("Member added"), _("{actor} added {subject} as {role}")
    ),
    "membership.role_changed": Kind(
        "people",
        "users",
        _("Role changed"),
        _("{actor} made {subject} {to}, before {from}"),
    ),
    "membership.deactivated": Kind(
        "people",
        "user-off",
        _("Member deactivated"),
        _("{actor} ended the membership of {subject}"),
    ),
    "token.created": Kind(
        "people",
        "key",
        _("Token created"),
        _("{actor} created API token {prefix} for {scopes}"),
    ),
    "token.revoked": Kind(
        "people", "key", _("Token revoked"), _("{actor} revoked API token {prefix}")
    ),
    "membership.reactivated": Kind(
        "people",
        "users",
        _("Member reactivated"),
        _("{actor} let {subject} back in"),
    ),
    "membership.removed": Kind(
        "people",
        "user-off",
        _("Member removed"),
        _("{actor} removed {subject} from the workspace"),
    ),
    "invite.created": Kind(
        "people",
        "link",
        _("Invitation made"),
        _("{actor} made an invitation for the role {role}"),
    ),
    "invite.accepted": Kind(
        "people",
        "user-check",
        _("Invitation accepted"),
        _("{actor} accepted an invitation"),
    ),
    "invite.revoked": Kind(
        "people",
        "unlink",
        _("Invitation taken back"),
        _("{actor} took back an invitation"),
    ),
    "password.changed": Kind(
        "people", "lock", _("Password changed"), _("{subject} chose a new password")
    ),
    "password.reset": Kind(
        "people",
        "lock",
        _("Password reset"),
        _("{actor} reset the password of {subject}"),
    ),
    "egress.allowed": Kind(
        "services",
        "world-www",
        _("Service allowed"),
        _("{actor} let flows call {origin}"),
    ),
    "egress.withdrawn": Kind(
        "services",
        "world-www",
        _("Service stopped"),
        _("{actor} stopped flows from calling {origin}"),
    ),
}
UNREADABLE = "event.unreadable"
BROKEN = Kind(
    "",
    "alert-octagon",
    _("Unreadable event"),
    _("This event was damaged and cannot be read. Verify the ledger."),
)
OTHER = Kind("", "info-circle", _("Event"), _("{actor} recorded {kind}"))


def kind_of(name: str) -> Kind:
    """How events of this kind are told; what is not known any more is told plainly."""
    return BROKEN if name == UNREADABLE else KINDS.get(name, OTHER)


def kinds_of(group: str) -> list[str]:
    """The kinds of events of one group."""
    return [name for name, kind in KINDS.items() if kind.group == group]
