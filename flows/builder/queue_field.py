"""Whose workers carry a node's steps out, as a field of its form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from flows.graph.catalog import REMOTE, RUNS_QUEUE
from flows.graph.models import QUEUE_NAME
from flows.selectors.queues import EVERY_QUEUE, known_queues, served_queues


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueField:
    """What is typed, what is wrong with it, and which names could be.

    `note` tells that nobody takes from that queue now.
    """

    text: str
    error: str
    note: str
    hint: str
    known: list[str]


def queue_of(
    workspace_id: UUID,
    document: Mapping[str, Any],
    node: Mapping[str, Any],
    posted: QueryDict | None,
) -> QueueField | None:
    """The field of a node; None for a type whose steps the run itself carries out.

    A node of such a type that names a queue has the field all the same, to remove it.
    """
    given = str(node.get("queue") or "")
    if node.get("type") not in REMOTE and not given:
        return None
    text = given if posted is None else posted.get("queue", "").strip()
    error = _error(str(node.get("type")), text)
    named = {each.get("queue") for each in document["nodes"]} - {None, "", RUNS_QUEUE}
    return QueueField(
        text=text,
        error=error,
        note="" if error else _note(text),
        hint=_hint(str(node.get("type"))),
        known=sorted(known_queues(workspace_id) | named),
    )


def _error(type_name: str, text: str) -> str:
    if not text:
        return ""
    if type_name not in REMOTE:
        return _("The run carries these steps out itself. Leave it empty.")
    if text == RUNS_QUEUE:
        said = _("%(name)s is the queue of the runs themselves. Choose another name.")
        return said % {"name": text}
    if not re.fullmatch(QUEUE_NAME, text):
        return _(
            "Enter up to 40 of a to z, 0 to 9, _ and -, beginning with a letter, such "
            "as gpu."
        )
    return ""


def _note(text: str) -> str:
    if not text or {text, EVERY_QUEUE} & served_queues():
        return ""
    said = _("No worker takes from %(name)s now. Steps wait until one does.")
    return said % {"name": text}


def _hint(type_name: str) -> str:
    if type_name == "model":
        return _("Empty for what the model's version says.")
    return _("Empty for the worker that drives the run.")
