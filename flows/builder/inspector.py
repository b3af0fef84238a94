"""The form beside the canvas: for one node, or for the flow when none is selected."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from flows.builder.field_words import worded
from flows.builder.flow_settings import FlowSettings, settings_of
from flows.builder.palette import face, tile_of
from flows.builder.policies import Policies, policies_of
from flows.builder.posted import posted_values
from flows.builder.queue_field import QueueField, queue_of
from flows.builder.said import Spot, spot_of
from flows.builder.schema_form import (
    Form,
    Property,
    Values,
    config_of,
    properties_of,
    values_of,
)
from flows.builder.spans import seconds_of
from flows.errors import Problem
from flows.graph.checks.settings import KEY as CONCURRENCY_KEY
from flows.graph.limits import escape
from flows.graph.models import MAX_TIMEOUT_S
from flows.nodes.base import NodeType
from flows.nodes.registry import NODE_TYPES
from flows.services.publishing import problems_of
from model_registry.api import model_names

Document = dict[str, Any]
# "'Clear?' (is_clear): " at the head of a problem's sentence.
NAMED = re.compile(r"^'[^']*'(?: \([a-z0-9_]+\))?: ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspected:
    """A form, and what it makes of its node or flow.

    `result` is None where what was typed cannot stand in a document yet; the page keeps
    the form then.
    """

    form: Form
    result: dict[str, Any] | None
    node: dict[str, Any]
    type: NodeType[Any] | None = None
    choices: Mapping[str, list[str]]
    policies: Policies | None = None
    queue: QueueField | None = None
    timeout: str = ""
    timeout_error: str = ""
    has_timeout: bool = False

    @property
    def general(self) -> list[str]:
        """What is wrong with the node and belongs to none of its fields."""
        names = [f"/{escape(each.name)}" for each in self.form.properties]
        return [
            problem.message
            for problem in self.form.problems
            if not any(problem.pointer.startswith(name) for name in names)
            and problem.severity == "error"
        ]

    @property
    def spots(self) -> list[Spot]:
        """Where the condition of its retries is wrong, which is no part of its config."""
        when = self.policies.texts["when"] if self.policies else ""
        return _spots(self.form.problems, "", when)

    @property
    def tile(self) -> str:
        """The shape of its tile."""
        return tile_of(self.type.name) if self.type else "data"

    @property
    def result_json(self) -> str:
        """The result for an attribute; empty if there is none."""
        return "" if self.result is None else json.dumps(self.result)


def inspect_node(
    workspace_id: UUID, document: Document, node_id: str, posted: QueryDict | None
) -> Inspected | None:
    """Make the form of a node as it is or, if something was posted, as it becomes.

    None if the document has no such node.
    """
    node = next((each for each in _nodes(document) if each.get("id") == node_id), None)
    if node is None:
        return None
    node_type = NODE_TYPES.get(str(node.get("type")))
    properties = _properties(node_type)
    values = values_of(properties, node.get("config") or {})
    timeout_error = ""
    ports = face(str(node.get("type")), node.get("config") or {})["ports"]
    policies = policies_of(node, ports, posted)
    queue = queue_of(workspace_id, document, node, posted)
    if posted is not None:
        values = posted_values(properties, posted)
        node, timeout_error = _changed(node, config_of(properties, values), posted)
        node = _with_queue(_with_policies(node, policies), queue)
    problems = _problems(workspace_id, _with(document, node), node_id)
    return Inspected(
        form=Form(
            properties=properties,
            values=values,
            problems=problems,
            is_fresh=posted is None,
        ),
        result=None
        if timeout_error or _has_twins(values) or _has_errors(policies, queue)
        else {**_own(node), **face(str(node.get("type")), node.get("config") or {})},
        node=node,
        type=node_type,
        choices=_choices(workspace_id, node_type, values),
        policies=policies,
        queue=queue,
        timeout=_timeout(node, posted),
        timeout_error=timeout_error,
        has_timeout=_has_timeout(node_type) or node.get("timeout_s") is not None,
    )


def _has_timeout(node_type: NodeType[Any] | None) -> bool:
    """Whether the form asks for one: not for what is quick, or limits itself."""
    if node_type is None or node_type.runs != "wait":
        return False
    return "timeout_s" not in node_type.config.model_fields


def _properties(node_type: NodeType[Any] | None) -> tuple[Property, ...]:
    if node_type is None:
        return ()
    schema = node_type.config.model_json_schema()
    return worded(node_type.name, properties_of(schema))


def _nodes(document: Document) -> list[dict[str, Any]]:
    nodes = document.get("nodes")
    found = nodes if isinstance(nodes, list) else []
    return [node for node in found if isinstance(node, dict)]


def _with(document: Document, node: dict[str, Any]) -> Document:
    nodes = [node if each["id"] == node["id"] else each for each in _nodes(document)]
    return {**document, "nodes": nodes}


def _problems(workspace_id: UUID, document: Document, node_id: str) -> list[Problem]:
    """Those of the node; its form needs no name before the words."""
    found = problems_of(workspace_id, document)
    mine = [problem for problem in found if problem.node_id == node_id]
    return [replace(each, message=NAMED.sub("", each.message)) for each in mine]


def _own(node: dict[str, Any]) -> dict[str, Any]:
    keys = ("id", "label", "config", "timeout_s", "queue", "retry", "on_error")
    return {key: node.get(key) for key in keys}


def _changed(
    node: dict[str, Any], config: dict[str, Any], posted: QueryDict
) -> tuple[dict[str, Any], str]:
    """The node with what was posted; a time limit that is none is left out, with why."""
    changed = {**node, "config": config, "label": posted.get("label", "").strip()[:200]}
    text = posted.get("timeout_s", "").strip()
    if not text:
        return {**changed, "timeout_s": None}, ""
    seconds = _seconds(text)
    if seconds is None:
        said = _("Enter a number up to %(most)s, or leave it empty for the default.")
        return changed, said % {"most": MAX_TIMEOUT_S}
    return {**changed, "timeout_s": seconds}, ""


def _with_policies(node: dict[str, Any], policies: Policies | None) -> dict[str, Any]:
    """The node with what is typed about its errors, where that can be read."""
    if policies is None or policies.errors:
        return node
    return {**node, "retry": policies.retry, "on_error": policies.on_error}


def _with_queue(node: dict[str, Any], queue: QueueField | None) -> dict[str, Any]:
    if queue is None or queue.error:
        return node
    return {**node, "queue": queue.text or None}


def _has_errors(policies: Policies | None, queue: QueueField | None) -> bool:
    """Whether something is typed beside the config that cannot be read."""
    return bool((policies and policies.errors) or (queue and queue.error))


def _seconds(text: str) -> float | None:
    seconds = seconds_of(text)
    return seconds if seconds and seconds <= MAX_TIMEOUT_S else None


def _timeout(node: dict[str, Any], posted: QueryDict | None) -> str:
    if posted is not None:
        return posted.get("timeout_s", "")
    seconds = node.get("timeout_s")
    return "" if seconds is None else f"{seconds:g}"


def _has_twins(values: Values) -> bool:
    """Whether two rows have one name: an object would lose one of them."""
    rows = [value for value in values.values() if isinstance(value, list)]
    names = [[row[0] for row in each if isinstance(row, tuple)] for each in rows]
    return any(len(set(each)) < len(each) for each in names if any(each))


def _choices(
    workspace_id: UUID, node_type: NodeType[Any] | None, values: Values
) -> dict[str, list[str]]:
    """What the registry offers, by the pointer of the field."""
    if node_type is None or node_type.name != "model":
        return {}
    known = model_names(workspace_id)
    aliases = known.get(values["model"], frozenset())
    return {
        "/model": _with_current(known, values["model"]),
        "/alias": _with_current(aliases, values["alias"]),
    }


def _with_current(names: Any, current: str) -> list[str]:  # noqa: ANN401 - any iterable
    return sorted({*names, current} - {""})


@dataclass(frozen=True, kw_only=True, slots=True)
class InspectedFlow:
    """The flow's own form."""

    name: str
    name_error: str
    input_schema: str
    schema_errors: list[str]
    runs: FlowSettings
    problems: list[str]
    spots: list[Spot]
    result: dict[str, Any] | None

    @property
    def result_json(self) -> str:
        """The result for an attribute; empty if there is none."""
        return "" if self.result is None else json.dumps(self.result)


def inspect_flow(
    workspace_id: UUID, document: Document, posted: QueryDict | None
) -> InspectedFlow:
    """Make the form of what belongs to the flow as a whole."""
    name = str(document.get("name", ""))
    text = json.dumps(document.get("input_schema", {}), indent=2, ensure_ascii=False)
    if posted is not None:
        name, text = posted.get("name", "").strip(), posted.get("input_schema", "")
    runs = settings_of(document.get("settings") or {}, posted)
    schema, errors = _schema(text)
    of_settings: list[str] = []
    spots: list[Spot] = []
    if schema is not None:
        changed = {**document, "name": name or "-", "input_schema": schema}
        found = problems_of(workspace_id, {**changed, "settings": runs.value})
        errors = [problem.message for problem in found if _is_of_schema(problem)]
        of_settings = [
            problem.message
            for problem in found
            if problem.pointer.startswith("/settings")
        ]
        spots = _spots(found, CONCURRENCY_KEY, runs.texts["key"])
    name_error = "" if 0 < len(name) <= 200 else _("Enter 1 to 200 characters.")
    return InspectedFlow(
        name=name,
        name_error=name_error,
        input_schema=text,
        schema_errors=errors,
        runs=runs,
        problems=of_settings,
        spots=spots,
        result=None
        if schema is None or name_error or runs.errors
        else {"name": name, "input_schema": schema, "settings": runs.value},
    )


def _spots(problems: Sequence[Problem], pointer: str, text: str) -> list[Spot]:
    """Where a text is wrong that has problems at a pointer."""
    return [
        spot_of(text, problem.offset)
        for problem in problems
        if problem.pointer == pointer and problem.offset is not None
    ]


def _is_of_schema(problem: Problem) -> bool:
    is_coded = problem.code == "input_schema_invalid"
    return is_coded or problem.pointer.startswith("/input_schema")


def _schema(text: str) -> tuple[dict[str, Any] | None, list[str]]:
    try:
        schema = json.loads(text)
    except ValueError as error:
        return None, [_("This is not JSON: %(error)s.") % {"error": error}]
    if not isinstance(schema, dict):
        return None, [_("Write an object: { … }.")]
    return schema, []
