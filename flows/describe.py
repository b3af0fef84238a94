"""What happened, in sentences. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from flows.event_kinds import kind_of

Words = str | Promise
Names = Mapping[str, str]
SYSTEM: Mapping[str, Words] = {
    "system:worker": _("Baton"),
    "system:cli": _("The command line"),
    "system:seed": _("The first start"),
}
UNKNOWN: Mapping[str, Words] = {
    "user": _("Somebody who has left"),
    "token": _("An API token"),
}


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


def name_of(actor: str, names: Names) -> str:
    """Who did it, as people call them."""
    if actor in names:
        return names[actor]
    prefix, _colon, rest = actor.partition(":")
    return str(SYSTEM.get(actor) or UNKNOWN.get(prefix) or rest)


def describe(entry: Entry, names: Names) -> str:
    """Tell an event in one sentence.

    `names` maps actors (`user:<id>`), subjects (`flow:<id>`) and steps
    (`step:<run>:<address>`) to what people call them.
    """
    return _sentence(entry).format_map(_Filling(_values(entry, names)))


def describe_html(entry: Entry, names: Names) -> SafeString:
    """The sentence with its names marked as strong."""
    values = _values(entry, names)
    marked = {name: format_html("<b>{}</b>", value) for name, value in values.items()}
    # The sentences are ours, and what they are filled with is escaped.
    return mark_safe(_sentence(entry).format_map(_Filling(marked)))  # noqa: S308


class _Filling(dict[str, str]):
    """What a sentence is filled with; an event that was damaged may lack a name."""

    def __missing__(self, name: str) -> str:
        return f"({name})"


def _sentence(entry: Entry) -> str:
    sentence = kind_of(entry.kind).sentence
    return str(sentence(entry.data) if callable(sentence) else sentence)


def _values(entry: Entry, names: Names) -> dict[str, str]:
    data = entry.data
    address = data.get("address") or ""
    subject, subject_id = entry.subject
    flow = f"flow:{data.get('flow')}"
    return {
        **{key: str(value) for key, value in data.items()},
        "kind": entry.kind,
        "actor": name_of(entry.actor, names),
        "flow": names.get(flow, flow),
        "step": names.get(f"step:{data.get('run')}:{address}", address),
        "subject": names.get(f"{subject}:{subject_id}", subject),
    }
