"""What happened, in sentences. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from flows.engine.addresses import Address, Pass
from flows.event_kinds import kind_of
from orchestrator_site.shell.actors import name_of
from orchestrator_site.shell.figures import clock

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


def step_name(address: Address, labels: Names) -> str:
    """A step as people call it: "Evaluate, round 2" or "Pay, item 17".

    `labels` are those of the nodes. A scope, which has no node, is called by what it is
    a pass of: "Each order, item 3".
    """
    passes = address.passes
    label = labels.get(address.node_id, address.node_id)
    if not address.node_id and passes:
        label = labels.get(passes[-1].key, passes[-1].key)
    return ", ".join([label, *(pass_name(each) for each in passes)])


def pass_name(found: Pass) -> str:
    """A round or an item, in words."""
    words = gettext("round %(n)s") if found.kind == "round" else gettext("item %(n)s")
    return words % {"n": found.number}


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
    parent = f"{data.get('parent')}:{data.get('parent_address')}"
    return {
        **{key: _value(key, value) for key, value in data.items()},
        "kind": entry.kind,
        "actor": name_of(entry.actor, names),
        "flow": names.get(flow, flow),
        "step": names.get(f"step:{data.get('run')}:{address}", address),
        "parent_step": names.get(f"step:{parent}", str(data.get("parent_address"))),
        "subject": names.get(f"{subject}:{subject_id}", subject),
    }


def _value(key: str, value: Any) -> str:  # noqa: ANN401  any JSON value
    if key == "until" and isinstance(value, str):
        return _moment(value)
    if key == "events" and isinstance(value, list):
        return gettext(" or ").join(map(str, value))
    return str(value)


def _moment(text: str) -> str:
    """A time as the reader's clock shows it."""
    try:
        return clock(datetime.fromisoformat(text))
    except ValueError:
        return text
