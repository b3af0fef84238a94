"""A version's graph as a drawing with the states of one run. Pure.

Distances are pixels at full size, from the top left of the drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from flows.graph.regions import Regions, find_regions
from flows.graph.schema import Edge, Graph, Node
from flows.nodes.registry import NODE_TYPES
from flows.views.boxes import HEIGHT, MAP, WIDEST, Box, label_of, place, ports_of
from flows.views.node_states import NodeState
from flows.views.passages import Passage, passage
from flows.views.paths import LIFT, LIFT_STEP, STUB, Line, Point, forward, over

MARGIN = 40
# Room for the words that stand over the drawing.
ABOVE = 56
SMALL_LETTER = 6.2
SHAPES = {
    "model": "tile-model",
    "condition": "tile-check",
    "switch": "tile-check",
    "validate": "tile-check",
    "approval": "tile-person",
    "input": "tile-end",
    "output": "tile-end",
    "fail": "tile-end",
}
States = Mapping[str, NodeState]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A node with its box; a note has no state, and a map holds others."""

    id: str
    label: str
    type: str
    icon: str
    shape: str
    box: Box
    state: NodeState
    text: str = ""

    @property
    def is_map(self) -> bool:
        """Whether others stand in it."""
        return self.type == MAP

    @property
    def address(self) -> str:
        """What selecting it shows: its step, or the node where it has several or none."""
        return self.state.address or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """An edge as lines of SVG; `label` is empty for the port `out`."""

    line: Line
    state: Passage
    is_feedback: bool
    label: str
    label_at: Point
    label_width: int

    @property
    def label_left(self) -> float:
        """Where the label begins, from its middle."""
        return -self.label_width / 2

    @property
    def icon_left(self) -> float:
        """Where the icon of a feedback edge's label begins."""
        return self.label_left + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything to draw, nodes in the order in which they run, maps before theirs.

    It begins at `left`, `top`.
    """

    left: int
    top: int
    width: int
    height: int
    nodes: list[DrawnNode]
    edges: list[DrawnEdge]
    ports: list[Point]


def draw(graph: Graph, states: States) -> Drawing:
    """Place a graph's nodes and edges; nodes without a state have not started."""
    boxes, regions = place(graph), find_regions(graph)
    ends = [_ends(graph, boxes, edge) for edge in graph.forward]
    edges = [
        _edge(edge, start, end, passage(edge, states, regions))
        for edge, (start, end) in zip(graph.forward, ends, strict=True)
    ]
    loops = [_loop(edge, graph, boxes, regions, states) for edge in graph.feedback]
    top = min(
        *(box.y for box in boxes.values()), *(loop.label_at.y - 10 for loop in loops)
    )
    left = min(box.x for box in boxes.values())
    return Drawing(
        left=round(left - MARGIN),
        top=round(top - ABOVE),
        width=round(max(box.right for box in boxes.values()) - left + 2 * MARGIN),
        height=round(max(box.bottom for box in boxes.values()) - top + ABOVE + MARGIN),
        nodes=[
            _node(graph.node(node_id), boxes[node_id], states)
            for node_id in _outer_first(graph)
        ],
        edges=[*sorted(edges, key=lambda edge: edge.state != "dead"), *loops],
        ports=sorted({point for pair in ends for point in pair}),
    )


def icon_of(node_type: str) -> str:
    """The icon of a type of nodes."""
    kind = NODE_TYPES.get(node_type)
    return kind.icon if kind else "help-octagon"


def _outer_first(graph: Graph) -> Sequence[str]:
    """Nodes in the order of the graph, those that the order leaves out at the end."""
    rest = [node.id for node in graph.nodes if node.id not in set(graph.order)]
    return [*graph.order, *rest]


def _node(node: Node, box: Box, states: States) -> DrawnNode:
    return DrawnNode(
        id=node.id,
        label=label_of(node),
        type=node.type,
        icon=icon_of(node.type),
        shape=SHAPES.get(node.type, ""),
        box=box,
        state=states.get(node.id, NodeState("pending")),
        text=str(node.config.get("text", "")) if node.type == "note" else "",
    )


def _ends(graph: Graph, boxes: Mapping[str, Box], edge: Edge) -> tuple[Point, Point]:
    """Where an edge leaves its source and enters its target."""
    source, target = boxes[edge.source], boxes[edge.target]
    node = graph.node(edge.source)
    ports = ports_of(graph, node)
    share = (ports.index(edge.source_port) + 1) / (len(ports) + 1)
    height = HEIGHT if node.type == MAP else source.height
    start = Point(source.right, source.y + height * share)
    return start, Point(target.x, target.y + HEIGHT / 2)


def _edge(edge: Edge, start: Point, end: Point, state: Passage) -> DrawnEdge:
    line = forward(start, end)
    # A long level edge runs behind the nodes between: its label stays at its start.
    is_level = abs(end.y - start.y) < HEIGHT and end.x - start.x > WIDEST
    label = _label(
        edge.source_port, state, room=0 if is_level else abs(end.x - start.x)
    )
    beside = Point(start.x + 6 + _width(label) / 2, start.y)
    return DrawnEdge(
        line=line,
        state=state,
        is_feedback=False,
        label=label,
        label_at=beside if is_level else line.label_at,
        label_width=_width(label),
    )


def _loop(
    edge: Edge,
    graph: Graph,
    boxes: Mapping[str, Box],
    regions: Regions,
    states: States,
) -> DrawnEdge:
    """A feedback edge: above the nodes of its loop, and of those within it."""
    source, head = boxes[edge.source], boxes[edge.target]
    loop = regions.loops.get(edge.target)
    body = [boxes[node_id] for node_id in loop.body] if loop else [source, head]
    inner = [each for each in regions.loops.values() if loop and each.body < loop.body]
    top = min(box.y for box in body) - LIFT - LIFT_STEP * len(inner)
    start, end = Point(source.middle, source.y), Point(head.middle, head.y)
    if source is head:
        start, end = start._replace(x=start.x + 32), end._replace(x=end.x - 32)
    line = over(start, end, top)
    label = rounds_in_words(edge, states.get(edge.target))
    return DrawnEdge(
        line=line,
        state=passage(edge, states, regions),
        is_feedback=True,
        label=label,
        label_at=line.label_at,
        label_width=_width(label) + 16,
    )


def rounds_in_words(edge: Edge, head: NodeState | None) -> str:
    """How many rounds a feedback edge allows, or in which of them its loop is."""
    most = edge.max_rounds or 1
    if head is not None and head.round:
        return _("round %(n)d of %(most)d") % {"n": head.round, "most": most}
    return _("up to %(most)d rounds") % {"most": most}


def _label(port: str, state: Passage, *, room: float) -> str:
    """The port; that it was not taken only where there is room to say so."""
    if port == "out":
        return ""
    long = _("%(port)s, not taken") % {"port": port}
    return long if state == "dead" and room > _width(long) + 2 * STUB else port


def _width(label: str) -> int:
    return round(12 + SMALL_LETTER * len(label))
