"""Every node type there is, by hand."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flows.nodes import (
    aggregate,
    approval,
    condition,
    deduplicate,
    emit_event,
    fail,
    http_request,
    join,
    merge,
    model,
    note,
    output,
    parse,
    set_context,
    sort,
    subflow,
    switch,
    template,
    transform,
    validate,
    wait,
)
from flows.nodes import filter as filter_
from flows.nodes import input as input_
from flows.nodes import map as map_
from flows.nodes.base import NodeType

_ALL: tuple[NodeType[Any], ...] = (
    input_.NODE,
    model.NODE,
    transform.NODE,
    condition.NODE,
    switch.NODE,
    join.NODE,
    approval.NODE,
    output.NODE,
    fail.NODE,
    merge.NODE,
    map_.NODE,
    wait.NODE,
    subflow.NODE,
    emit_event.NODE,
    http_request.NODE,
    set_context.NODE,
    template.NODE,
    parse.NODE,
    validate.NODE,
    filter_.NODE,
    aggregate.NODE,
    sort.NODE,
    deduplicate.NODE,
    note.NODE,
)

NODE_TYPES: Mapping[str, NodeType[Any]] = MappingProxyType(
    {node.name: node for node in _ALL}
)
