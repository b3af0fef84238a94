"""How the builder shows node types: where they stand, how they look, what they start as."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import ValidationError

from flows.nodes.base import NodeType
from flows.nodes.registry import NODE_TYPES

# Its shape tells the kind of a node, before any word or colour does.
Tile = Literal["end", "model", "check", "person", "data"]
Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Some types under a heading."""

    label: str | Promise
    tile: Tile
    names: tuple[str, ...]


GROUPS = (
    Group(gettext_lazy("Start and finish"), "end", ("input", "output", "fail")),
    Group(gettext_lazy("Models"), "model", ("model",)),
    Group(gettext_lazy("Check and decide"), "check", ("condition", "switch")),
    Group(gettext_lazy("People"), "person", ("approval",)),
    Group(gettext_lazy("Data and tools"), "data", ("transform", "join")),
)
# What a new node needs so that its form shows what is to be filled in.
STARTING: Mapping[str, Config] = {
    "model": {"model": "", "input": {}},
    "transform": {"values": {}},
    "output": {"values": {}},
    "condition": {"when": ""},
    "switch": {"cases": [{"port": "first", "when": ""}]},
    "fail": {"code": "refused", "message": ""},
    "approval": {"title": "", "roles": ["reviewer", "admin", "owner"]},
}

# What stands at the foot of types whose config says little.
FEET = {
    "input": gettext_lazy("Starts a run"),
    "join": gettext_lazy("All that arrive"),
    "approval": gettext_lazy("A person decides"),
}


def groups() -> list[tuple[Group, list[NodeType[Any]]]]:
    """The palette: every type there is; those without a group stand in the last."""
    listed = {name for group in GROUPS for name in group.names}
    rest = tuple(name for name in NODE_TYPES if name not in listed)
    *first, last = GROUPS
    whole = [*first, Group(last.label, last.tile, (*last.names, *rest))]
    found = [(group, _types(group.names)) for group in whole]
    return [(group, types) for group, types in found if types]


def _types(names: tuple[str, ...]) -> list[NodeType[Any]]:
    return [NODE_TYPES[name] for name in names if name in NODE_TYPES]


def types() -> dict[str, dict[str, Any]]:
    """What the canvas needs to know of each type, as JSON."""
    return {
        node_type.name: {
            "label": node_type.label,
            "icon": node_type.icon,
            "tile": group.tile,
            "inPorts": list(node_type.in_ports),
            "config": STARTING.get(node_type.name, {}),
            **face(node_type.name, STARTING.get(node_type.name, {})),
        }
        for group, found in groups()
        for node_type in found
    }


def tile_of(type_name: str) -> Tile:
    """The shape of a type's tile."""
    return next((g.tile for g in GROUPS if type_name in g.names), "data")


def face(type_name: str, config: Config) -> dict[str, Any]:
    """What a node shows of its config: its out ports, and the words at its foot."""
    node_type = NODE_TYPES.get(type_name)
    if node_type is None:
        return {"ports": [], "foot": _("Unknown type")}
    ports = _ports(node_type, config)
    return {"ports": ports, "foot": _foot(type_name, config, ports)}


def _ports(node_type: NodeType[Any], config: Config) -> list[str]:
    """Also those of a config that is not finished: wires must not fall off meanwhile."""
    try:
        return list(node_type.out_ports(node_type.config.model_validate(config)))
    except ValidationError:
        pass
    if node_type.name == "switch":
        return [*_named_cases(config), "otherwise"]
    return list(node_type.out_ports(node_type.config.model_construct(**config)))


def _named_cases(config: Config) -> list[str]:
    cases = config.get("cases")
    rows = cases if isinstance(cases, list) else []
    names = [row.get("port") for row in rows if isinstance(row, dict)]
    return list(dict.fromkeys(name for name in names if name and isinstance(name, str)))


def _foot(type_name: str, config: Config, ports: list[str]) -> str:
    match type_name:
        case "model":
            return str(config.get("model") or _("No model yet"))
        case "fail":
            return str(config.get("code") or "")
        case "condition" | "switch":
            said = ngettext("%(n)d branch", "%(n)d branches", len(ports))
            return said % {"n": len(ports)}
        case "transform" | "output":
            values = config.get("values")
            count = len(values) if isinstance(values, dict) else 0
            return ngettext("%(n)d value", "%(n)d values", count) % {"n": count}
    return str(FEET.get(type_name, ""))
