"""How the builder shows node types: where they stand, how they look, what they start as."""

from collections.abc import Callable, Mapping
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
    Group(
        gettext_lazy("Check and decide"), "check", ("condition", "switch", "validate")
    ),
    Group(gettext_lazy("People"), "person", ("approval",)),
    Group(
        gettext_lazy("Repeat, wait and join"),
        "data",
        ("map", "subflow", "wait", "emit_event", "join", "merge"),
    ),
    Group(
        gettext_lazy("Lists"), "data", ("filter", "sort", "deduplicate", "aggregate")
    ),
    Group(
        gettext_lazy("Data and tools"),
        "data",
        ("transform", "template", "parse", "set_context", "http_request", "note"),
    ),
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
    "template": {"text": ""},
    "parse": {"text": "", "format": "json"},
    "validate": {"value": "", "schema": {"type": "object"}},
    "filter": {"items": "", "keep": ""},
    "sort": {"items": "", "by": "item"},
    "deduplicate": {"items": "", "by": "item"},
    "aggregate": {"items": "", "compute": "count"},
    "set_context": {"values": {}},
    "wait": {"for_s": "60"},
    "subflow": {"flow": "", "version": 1, "input": {}},
    "map": {"items": ""},
    "emit_event": {"name": "", "key": "", "data": {}},
    "http_request": {"method": "GET", "url": "https://"},
}

# What stands at the foot of types whose config says little.
FEET = {
    "input": gettext_lazy("Starts a run"),
    "join": gettext_lazy("All that arrive"),
    "approval": gettext_lazy("A person decides"),
    "merge": gettext_lazy("What its branches gave"),
    "filter": gettext_lazy("Keeps some items"),
    "sort": gettext_lazy("Puts items in order"),
    "deduplicate": gettext_lazy("One of each kind"),
    "validate": gettext_lazy("Fits the schema or not"),
    "template": gettext_lazy("Writes a text"),
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
    match node_type.name:
        case "switch":
            return [*_named_ports(config, "cases"), "otherwise"]
        case "wait":
            named = _named_ports(config, "events")
            is_timed = bool(config.get("for_s") or config.get("until"))
            return [*named, *(["timeout"] if is_timed else [])] if named else ["out"]
    return list(node_type.out_ports(node_type.config.model_construct(**config)))


def _named_ports(config: Config, key: str) -> list[str]:
    rows = config.get(key)
    found = rows if isinstance(rows, list) else []
    names = [row.get("port") for row in found if isinstance(row, dict)]
    return list(dict.fromkeys(name for name in names if name and isinstance(name, str)))


# Whose foot is one word of their config, and what stands there without it.
WORDS = {
    "model": ("model", gettext_lazy("No model yet")),
    "fail": ("code", ""),
    "subflow": ("flow", gettext_lazy("No flow yet")),
    "emit_event": ("name", gettext_lazy("No name yet")),
    "parse": ("format", ""),
    "aggregate": ("compute", ""),
    "note": ("text", ""),
}
# How many letters of it.
SHOWN, SHOWN_OF_NOTE = 60, 280


def _foot(type_name: str, config: Config, ports: list[str]) -> str:
    if type_name in WORDS:
        key, otherwise = WORDS[type_name]
        most = SHOWN_OF_NOTE if type_name == "note" else SHOWN
        return str(config.get(key) or otherwise)[:most]
    if type_name in ("condition", "switch"):
        said = ngettext("%(n)d branch", "%(n)d branches", len(ports))
        return said % {"n": len(ports)}
    if type_name in COUNTED:
        return COUNTED[type_name](config)
    return str(FEET.get(type_name, ""))


def _values(config: Config) -> str:
    values = config.get("values")
    count = len(values) if isinstance(values, dict) else 0
    return ngettext("%(n)d value", "%(n)d values", count) % {"n": count}


def _items(config: Config) -> str:
    at_once = config.get("concurrency") or 10
    return _("For each item, %(n)s at once") % {"n": at_once}


def _request(config: Config) -> str:
    """The method and the host, which is written out."""
    host = str(config.get("url") or "").partition("://")[2].partition("/")[0]
    return f"{config.get('method') or 'GET'} {host}".strip()[:SHOWN]


def _awaited(config: Config) -> str:
    events = config.get("events")
    count = len(events) if isinstance(events, list) else 0
    if count:
        return ngettext("%(n)d event", "%(n)d events", count) % {"n": count}
    return str(_("Until a time") if config.get("until") else _("For some time"))


COUNTED: Mapping[str, Callable[[Config], str]] = {
    "transform": _values,
    "output": _values,
    "set_context": _values,
    "http_request": _request,
    "wait": _awaited,
    "map": _items,
}
