"""Every node type there is, by hand."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flows.nodes import (
    approval,
    condition,
    fail,
    join,
    model,
    output,
    switch,
    transform,
)
from flows.nodes import input as input_
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
)

NODE_TYPES: Mapping[str, NodeType[Any]] = MappingProxyType(
    {node.name: node for node in _ALL}
)
