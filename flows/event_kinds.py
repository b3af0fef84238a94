"""How each kind of event is told: one row for every kind that is recorded anywhere.

Pure. A test holds the table against the code.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from flows.event_kind import Kind, Words
from flows.model_event_kinds import MODEL_KINDS

GROUPS: Mapping[str, Words] = {
    "runs": _("Runs and steps"),
    "approvals": _("Approvals"),
    "flows": _("Flows"),
    "models": _("Models"),
    "people": _("People and tokens"),
    "services": _("Outside services"),
}


def _run_started(data: Mapping[str, Any]) -> Words:
    if "parent" in data:
        return _("{parent_step} started {flow} as its subflow")
    return _("{actor} started {flow}")


def _step_started(data: Mapping[str, Any]) -> Words:
    if "items" in data:
        return _("{step} began to go through its items, {items} in all")
    return _("{step} began its call")


def _step_waiting(data: Mapping[str, Any]) -> Words:
    if "approval" in data:
        return _("{step} waits for a person")
    if "child" in data:
        return _("{step} waits for the run of its subflow")
    if not data.get("events"):
        return _("{step} waits until {until}")
    if data.get("until"):
        return _("{step} waits for {events}, at the latest until {until}")
    return _("{step} waits for {events}")


# What a step may have that says more than that it succeeded.
COMPLETIONS: Mapping[str, Words] = {
    "decision": _("{actor} decided {step}: {port}"),
    "resolved": _("{actor} found that {step} had happened"),
    "instead_of": _("{step} failed with {instead_of} and goes on with its default"),
    "signal": _("{step} got the event that it waited for"),
    "child": _("{step} got the output of its subflow"),
    "missed": _(
        "{step} got its answer from {model} {model_version}, since others gave none"
    ),
    "model": _("{step} got its answer from {model} {model_version}"),
}


def _step_completed(data: Mapping[str, Any]) -> Words:
    for fact, sentence in COMPLETIONS.items():
        if fact in data:
            return sentence
    if data.get("port") not in (None, "out"):
        return _("{step} went on by {port}")
    return _("{step} succeeded")


def _step_failed(data: Mapping[str, Any]) -> Words:
    if data.get("port"):
        return _("{step} failed, and the run goes on by its port {port}: {code}")
    return _("{step} failed: {code}")


def _step_late(data: Mapping[str, Any]) -> Words:
    if data.get("code"):
        return _("{step} failed after nobody waited for it any more: {code}")
    return _("{step} ended after nobody waited for it any more")


def _run_failed(data: Mapping[str, Any]) -> Words:
    if data.get("address"):
        return _("The run failed at {step}: {code}")
    return _("The run failed: {code}")


def _run_paused(data: Mapping[str, Any]) -> Words:
    if data.get("with_parent"):
        return _("{actor} paused the run together with the one that started it")
    return _("{actor} paused the run")


def _run_resumed(data: Mapping[str, Any]) -> Words:
    if data.get("with_parent"):
        return _("{actor} let the run go on together with the one that started it")
    return _("{actor} let the run go on")


def _approval_decided(data: Mapping[str, Any]) -> Words:
    if data.get("outcome") == "rejected":
        return _("{actor} rejected what {step} proposed")
    if data.get("edited"):
        return _("{actor} edited and approved what {step} proposed")
    return _("{actor} approved what {step} proposed")


KINDS: Mapping[str, Kind] = {
    **MODEL_KINDS,
    "run.started": Kind("runs", "player-play", _("Run started"), _run_started),
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
    "run.released": Kind(
        "runs",
        "refresh",
        _("Run released"),
        _("{actor} let workers try the run again"),
    ),
    "run.paused": Kind("runs", "player-pause", _("Run paused"), _run_paused),
    "run.resumed": Kind("runs", "player-play", _("Run resumed"), _run_resumed),
    "step.started": Kind("runs", "loader-2", _("Step started"), _step_started),
    "step.queued": Kind(
        "runs", "stack-2", _("Step queued"), _("{step} waits in the queue {queue}")
    ),
    "step.waiting": Kind("runs", "clock", _("Step waits"), _step_waiting),
    "step.completed": Kind(
        "runs", "circle-check", _("Step succeeded"), _step_completed
    ),
    "step.failed": Kind("runs", "circle-x", _("Step failed"), _step_failed),
    "step.retrying": Kind(
        "runs",
        "refresh",
        _("Step tried again"),
        _("{step} is tried again at {until}, as attempt {attempt}"),
    ),
    "step.in_doubt": Kind(
        "runs",
        "help-octagon",
        _("Step in doubt"),
        _("{step} may or may not have happened, and a person has to say"),
    ),
    "step.resolved": Kind(
        "runs",
        "user-check",
        _("Doubt resolved"),
        _("{actor} found that {step} had not happened, so it is tried again"),
    ),
    "step.cancel_requested": Kind(
        "runs", "circle-minus", _("Step cancelled"), _("{actor} gave up {step}")
    ),
    "step.detached": Kind(
        "runs",
        "unlink",
        _("Step detached"),
        _("{step} may have happened already, and nothing waits for it any more"),
    ),
    "step.late": Kind("runs", "history", _("Late end of a step"), _step_late),
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
    "flow.shared": Kind(
        "flows", "link", _("Flow shared"), _("{actor} let {workspace} copy {flow}")
    ),
    "flow.unshared": Kind(
        "flows",
        "unlink",
        _("Flow no longer shared"),
        _("{actor} stopped {workspace} from copying {flow}"),
    ),
    "flow.received": Kind(
        "flows",
        "link",
        _("Flow received"),
        _("{actor} of {workspace} let this workspace copy its flow {name}"),
    ),
    "flow.lost": Kind(
        "flows",
        "unlink",
        _("Flow no longer received"),
        _("{actor} of {workspace} stopped this workspace from copying its flow {name}"),
    ),
    "flow.copy_given": Kind(
        "flows",
        "copy",
        _("Flow copied from here"),
        _("{actor} of {by} copied version {number} of {flow}"),
    ),
    "flow.copied": Kind(
        "flows",
        "copy",
        _("Flow copied"),
        _("{actor} made {flow} from version {number} of {name} of {workspace}"),
    ),
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
