"""Flows as text, so that a test's drawing is its text."""

import re
from typing import Any

from flows.graph.parse import parse
from flows.graph.schema import Graph

BODY = re.compile(r"(?P<map>[a-z][a-z0-9_]*)\{(?P<body>[^{}]*)\}")
HOP = re.compile(r"^(?P<id>[a-z][a-z0-9_]*)(?::(?P<port>[a-z][a-z0-9_]*))?$")
PREFIXES = {
    "in": "input",
    "input": "input",
    "out": "output",
    "output": "output",
    "join": "join",
    "cond": "condition",
    "switch": "switch",
    "model": "model",
    "fail": "fail",
    "map": "map",
    "wait": "wait",
    "approval": "approval",
}
CONFIGS: dict[str, dict[str, Any]] = {
    "input": {},
    "output": {"values": {}},
    "transform": {"values": {}},
    "condition": {"when": "true"},
    "model": {"model": "echo", "input": {}},
    "join": {},
    "fail": {"code": "refused", "message": "Refused."},
    "map": {"items": "input.items"},
    "wait": {"for_s": "60"},
    "approval": {"title": "Please look"},
}


def document(
    drawing: str,
    *,
    configs: dict[str, dict[str, Any]] | None = None,
    timeouts: dict[str, float] | None = None,
    types: dict[str, str] | None = None,
    parents: dict[str, str] | None = None,
    more: dict[str, dict[str, Any]] | None = None,
    rounds: int = 3,
    **keys: Any,
) -> dict[str, Any]:
    """Make a flow document of a drawing.

    `input -> a -> b, a -> c, b -> out, c -> out` draws chains, apart by commas or line
    ends. `cond:true -> x` leaves by a port. Types come from the id up to its first
    digit or underscore: in/input, out/output, join, cond (condition), switch, model
    (echo, champion), map, wait, approval, fail; every other id is a transform.
    `cond:false ~> a` draws a feedback edge of at most `rounds` rounds, `map{a -> b} -> out`
    nodes in the body of a map, as `parents` does; a node alone is drawn too. `more` adds
    keys to nodes (retry, on_error), `timeouts` sets `timeout_s`, `types` overrules. Configs
    work as they are (a condition is true, a switch has a case that is false for each port
    that is drawn); `configs` replaces them. Other keywords set keys of the document.
    """
    drawing, inside = _take_bodies_out(drawing)
    hops, parents = list(_hops(drawing)), inside | (parents or {})
    ids = list(dict.fromkeys(hop for chain in hops for hop, _, _ in chain))
    nodes = [
        {
            "id": node_id,
            "type": (types or {}).get(node_id) or _type_of(node_id),
            "position": {"x": 200 * index, "y": 0},
        }
        for index, node_id in enumerate(ids)
    ]
    edges = _edges(hops, rounds)
    for node in nodes:
        given = (configs or {}).get(node["id"])
        node["config"] = _config(node, edges) if given is None else given
        if node["id"] in (timeouts or {}):
            node["timeout_s"] = (timeouts or {})[node["id"]]
        if node["id"] in parents:
            node["parent"] = parents[node["id"]]
        node |= (more or {}).get(node["id"], {})
    return {
        "format": "baton.flow/1",
        "name": "drawn",
        "input_schema": {"type": "object"},
        "nodes": nodes,
        "edges": edges,
    } | keys


def graph(drawing: str, **keys: Any) -> Graph:
    """Parse the document of a drawing; keywords as for `document`."""
    return parse(document(drawing, **keys))


def _edges(
    chains: list[list[tuple[str, str, bool]]], rounds: int
) -> list[dict[str, Any]]:
    edges = [
        {"source": source, "source_port": port, "target": target}
        | ({"kind": "feedback", "max_rounds": rounds} if is_feedback else {})
        for chain in chains
        for (source, port, _), (target, _, is_feedback) in zip(
            chain, chain[1:], strict=False
        )
    ]
    for index, edge in enumerate(edges, 1):
        edge["id"] = f"e{index}"
    return edges


def _take_bodies_out(drawing: str) -> tuple[str, dict[str, str]]:
    """Draw the bodies of maps beside them, and say which nodes stand in which."""
    parents: dict[str, str] = {}
    while found := BODY.search(drawing):
        for chain in _hops(found["body"]):
            for node_id, _, _ in chain:
                parents.setdefault(node_id, found["map"])
        before, behind = drawing[: found.start()], drawing[found.end() :]
        drawing = f"{before}{found['map']}{behind}, {found['body']}"
    return drawing, parents


def _hops(drawing: str) -> list[list[tuple[str, str, bool]]]:
    """Chains of (node, port it is left by, whether feedback leads to it)."""
    chains = []
    for line in re.split(r"[,\n]", drawing):
        if line.strip():
            parts = re.split(r"(->|~>)", line)
            arrows = ["", *parts[1::2]]
            chains.append(
                [
                    (*_hop(text.strip()), arrow == "~>")
                    for text, arrow in zip(parts[::2], arrows, strict=True)
                ]
            )
    return chains


def _hop(text: str) -> tuple[str, str]:
    found = HOP.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no node or node:port")
    return found["id"], found["port"] or "out"


def _type_of(node_id: str) -> str:
    return PREFIXES.get(re.split(r"[0-9_]", node_id)[0], "transform")


def _config(node: dict[str, Any], edges: list[dict[str, Any]]) -> dict[str, Any]:
    if node["type"] != "switch":
        return dict(CONFIGS.get(node["type"], {}))
    drawn = [edge["source_port"] for edge in edges if edge["source"] == node["id"]]
    ports = [port for port in dict.fromkeys(drawn) if port != "otherwise"]
    return {"cases": [{"port": port, "when": "false"} for port in ports or ["never"]]}
