"""What happened, in sentences: one table from the kind of an event to words. Pure.

Every kind that is recorded anywhere has a row; a test holds the table against the code.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Names = Mapping[str, str]


class Entry(NamedTuple):
    """An event as it is told. `at` is when it was recorded; `hash` is hexadecimal."""

    chain_id: UUID
    seq: int
    at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]
    hash: str

    @property
    def subject(self) -> tuple[str, str]:
        """Type and id of what the event is about."""
        subject = self.data.get("subject")
        if subject is None:
            return "run", str(self.chain_id)
        return subject["type"], subject["id"]


class Kind(NamedTuple):
    """How a kind of event is told.

    `sentence` is a text with `{names}`, or chooses one by the event's data. The names
    are those of `_values`, and what `data` holds.
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
}
SYSTEM: Mapping[str, Words] = {
    "system:worker": _("Baton"),
    "system:cli": _("The command line"),
    "system:seed": _("The first start"),
}
UNKNOWN: Mapping[str, Words] = {
    "user": _("Somebody who has left"),
    "token": _("An API token"),
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
}


def kinds_of(group: str) -> list[str]:
    """The kinds of events of one group."""
    return [name for name, kind in KINDS.items() if kind.group == group]


def name_of(actor: str, names: Names) -> str:
    """Who did it, as people call them."""
    if actor in names:
        return names[actor]
    prefix, _colon, rest = actor.partition(":")
    return str(SYSTEM.get(actor) or UNKNOWN.get(prefix) or rest)


def describe(entry: Entry, names: Names) -> str:
    """Tell an event in one sentence.

    `names` maps actors (`user:<id>`), subjects (`flow:<id>`) and steps
    (`step:<address>`) to what people call them.
    """
    return _sentence(entry).format_map(_values(entry, names))


def describe_html(entry: Entry, names: Names) -> SafeString:
    """The sentence with its names marked as strong."""
    values = {
        key: format_html("<b>{}</b>", value)
        for key, value in _values(entry, names).items()
    }
    return format_html(_sentence(entry), **values)


def _sentence(entry: Entry) -> str:
    sentence = KINDS[entry.kind].sentence
    return str(sentence(entry.data) if callable(sentence) else sentence)


def _values(entry: Entry, names: Names) -> dict[str, str]:
    data = entry.data
    address = data.get("address") or ""
    subject, subject_id = entry.subject
    flow = f"flow:{data.get('flow')}"
    return {
        **{key: str(value) for key, value in data.items()},
        "actor": name_of(entry.actor, names),
        "flow": names.get(flow, flow),
        "step": names.get(f"step:{address}", address),
        "subject": names.get(f"{subject}:{subject_id}", subject),
    }
