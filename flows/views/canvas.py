"""A version's graph as a drawing with the states of one run. Pure.

Distances are pixels at full size, from the top left of the drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from flows.graph.schema import Edge, Graph, Node
from flows.nodes.registry import NODE_TYPES

MARGIN = 40
HEIGHT = 64
NARROWEST, WIDEST, STEP = 152, 240, 8
TILE, LETTER, SMALL_LETTER = 52, 6.8, 6.2
CORNER, STUB, ARROW = 10, 20, 8

EdgeState = Literal["open", "taken", "moving", "dead"]
SHAPES = {
    "model": "tile-model",
    "condition": "tile-check",
    "switch": "tile-check",
    "approval": "tile-person",
    "input": "tile-end",
    "output": "tile-end",
    "fail": "tile-end",
}


class StepState(NamedTuple):
    """What the drawing shows of a node's last attempt."""

    status: str
    port: str | None
    word: str
    figure: str


class Point(NamedTuple):
    """A place on the drawing."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A node with its place; `word` and `figure` stand at its foot."""

    id: str
    label: str
    type: str
    icon: str
    shape: str
    at: Point
    width: int
    height: int
    status: str
    word: str
    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """An edge as an SVG path with its arrow; `label` is empty for the port `out`."""

    path: str
    arrow: str
    state: EdgeState
    label: str
    label_at: Point
    label_width: int

    @property
    def label_left(self) -> float:
        """Where the label begins, from its middle."""
        return -self.label_width / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything to draw, nodes in the order in which they run."""

    width: int
    height: int
    nodes: list[DrawnNode]
    edges: list[DrawnEdge]
    ports: list[Point]


def draw(graph: Graph, states: Mapping[str, StepState]) -> Drawing:
    """Place a graph's nodes and edges; nodes without a state have not started."""
    left = min(node.position.x for node in graph.nodes) - MARGIN
    top = min(node.position.y for node in graph.nodes) - MARGIN
    nodes = {
        node_id: _node(graph.node(node_id), states.get(node_id), Point(left, top))
        for node_id in graph.order
    }
    ends = [_ends(graph, nodes, edge) for edge in graph.edges]
    edges = [
        _edge(edge, start, end, states)
        for edge, (start, end) in zip(graph.edges, ends, strict=True)
    ]
    return Drawing(
        width=round(max(node.at.x + node.width for node in nodes.values()) + MARGIN),
        height=round(max(node.at.y + HEIGHT for node in nodes.values()) + MARGIN),
        nodes=list(nodes.values()),
        edges=sorted(edges, key=lambda edge: edge.state != "dead"),
        ports=sorted({point for pair in ends for point in pair}),
    )


def label_of(node: Node) -> str:
    """What people call a node."""
    kind = NODE_TYPES.get(node.type)
    return node.label or (kind.label if kind else node.id)


def icon_of(node_type: str) -> str:
    """The icon of a type of nodes."""
    kind = NODE_TYPES.get(node_type)
    return kind.icon if kind else "help-octagon"


def _node(node: Node, state: StepState | None, origin: Point) -> DrawnNode:
    label = label_of(node)
    wanted = TILE + LETTER * len(label)
    width = min(max(NARROWEST, STEP * -int(-wanted // STEP)), WIDEST)
    return DrawnNode(
        id=node.id,
        label=label,
        type=node.type,
        icon=icon_of(node.type),
        shape=SHAPES.get(node.type, ""),
        at=Point(node.position.x - origin.x, node.position.y - origin.y),
        width=width,
        height=HEIGHT,
        status=state.status if state else "pending",
        word=state.word if state else "",
        figure=state.figure if state else "",
    )


def _ends(
    graph: Graph, nodes: Mapping[str, DrawnNode], edge: Edge
) -> tuple[Point, Point]:
    """Where an edge leaves its source and enters its target."""
    source, target = nodes[edge.source], nodes[edge.target]
    ports = list(dict.fromkeys(way.source_port for way in graph.outgoing(edge.source)))
    kind = NODE_TYPES.get(source.type)
    if kind:
        node = graph.node(edge.source)
        ports = list(kind.out_ports(kind.config.model_validate(dict(node.config))))
    place = (ports.index(edge.source_port) + 1) / (len(ports) + 1)
    start = Point(source.at.x + source.width, source.at.y + HEIGHT * place)
    return start, Point(target.at.x, target.at.y + HEIGHT / 2)


def _edge(
    edge: Edge, start: Point, end: Point, states: Mapping[str, StepState]
) -> DrawnEdge:
    state = _state_of(edge, states)
    # A long level edge runs behind the nodes between: its label stays at its start.
    is_level = abs(end.y - start.y) < HEIGHT and end.x - start.x > WIDEST
    label = _label(
        edge.source_port, state, room=0 if is_level else abs(end.x - start.x)
    )
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    tip = Point(end.x - 4, end.y)
    goes_back = end.x < start.x + STUB
    return DrawnEdge(
        path=_around(start, tip) if goes_back else _curve(start, tip),
        arrow=f"{tip.x},{tip.y} {tip.x - ARROW},{tip.y - 4} {tip.x - ARROW},{tip.y + 4}",
        state=state,
        label=label,
        label_at=Point(start.x + 6 + _width(label) / 2, start.y)
        if is_level
        else middle,
        label_width=_width(label),
    )


def _label(port: str, state: EdgeState, *, room: float) -> str:
    """The port; that it was not taken only where there is room to say so."""
    if port == "out":
        return ""
    long = _("%(port)s, not taken") % {"port": port}
    return long if state == "dead" and room > _width(long) + 2 * STUB else port


def _width(label: str) -> int:
    return round(12 + SMALL_LETTER * len(label))


def _state_of(edge: Edge, states: Mapping[str, StepState]) -> EdgeState:
    source, target = states.get(edge.source), states.get(edge.target)
    if source is None or source.status not in ("completed", "skipped"):
        return "open"
    if source.status == "skipped" or source.port != edge.source_port:
        return "dead"
    return "moving" if target and target.status == "running" else "taken"


def _curve(start: Point, end: Point) -> str:
    bend = max((end.x - start.x) / 2, STUB)
    return (
        f"M{start.x} {start.y}C{start.x + bend} {start.y} "
        f"{end.x - bend} {end.y} {end.x} {end.y}"
    )


def _around(start: Point, end: Point) -> str:
    """Orthogonal, through the gap between the rows, for a target further left."""
    right, left = start.x + STUB, end.x - STUB
    middle = (start.y + end.y) / 2
    if abs(start.y - end.y) < HEIGHT:
        middle = max(start.y, end.y) + HEIGHT
    first, last = CORNER, CORNER
    down = first if middle > start.y else -first
    up = last if end.y > middle else -last
    return (
        f"M{start.x} {start.y}H{right - CORNER}"
        f"Q{right} {start.y} {right} {start.y + down}"
        f"V{middle - down}Q{right} {middle} {right - CORNER} {middle}"
        f"H{left + CORNER}Q{left} {middle} {left} {middle + up}"
        f"V{end.y - up}Q{left} {end.y} {left + CORNER} {end.y}H{end.x}"
    )
