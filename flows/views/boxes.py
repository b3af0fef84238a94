"""Where the nodes of a graph stand on its drawing, and how large they are. Pure.

Distances are pixels at full size. A map is as large as the nodes in it need. Their places
count from its top left corner, and they stand below its head whatever they say.
`static/flows/builder/boxes.js` does the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flows.graph.schema import Graph, Node
from flows.nodes.registry import NODE_TYPES

HEIGHT = 64
NARROWEST, WIDEST, STEP = 152, 240, 8
BESIDE_LABEL, LETTER = 56, 6.7
PORT_STEP = 24
BODY_PAD, BODY_TOP = 24, 88
# A map that nothing is in yet.
EMPTY_WIDTH, EMPTY_HEIGHT = 264, 168
MAP = "map"
Size = tuple[float, float]


class Box(NamedTuple):
    """A node's place on the drawing and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way between left and right."""
        return self.x + self.width / 2


def label_of(node: Node) -> str:
    """What people call a node."""
    kind = NODE_TYPES.get(node.type)
    return node.label or (kind.label if kind else node.id)


def ports_of(graph: Graph, node: Node) -> list[str]:
    """The ways out of a node from top to bottom, drawn ones that it lacks at the end."""
    kind = NODE_TYPES.get(node.type)
    ports: list[str] = []
    if kind:
        ports = list(kind.out_ports(kind.config.model_validate(dict(node.config))))
    if node.on_error is not None and node.on_error.action == "port":
        ports.append("error")
    if any(edge.source == node.id for edge in graph.feedback):
        ports.append("exhausted")
    drawn = [edge.source_port for edge in graph.outgoing(node.id)]
    return list(dict.fromkeys([*ports, *drawn]))


def place(graph: Graph) -> dict[str, Box]:
    """The box of each node by id."""
    children: defaultdict[str | None, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        parent = node.parent if node.parent and graph.has_node(node.parent) else None
        children[parent].append(node)
    sizes: dict[str, Size] = {}
    boxes: dict[str, Box] = {}
    for node in children[None]:
        _measure(node, graph, children, sizes)
        at = node.position.x, node.position.y
        _put(node, at, children, sizes, boxes)
    return boxes


Children = Mapping[str | None, list[Node]]


def _measure(
    node: Node, graph: Graph, children: Children, sizes: dict[str, Size]
) -> Size:
    wanted = STEP * -int(-(BESIDE_LABEL + LETTER * len(label_of(node))) // STEP)
    width: float = min(max(NARROWEST, wanted), WIDEST)
    height: float = max(HEIGHT, len(ports_of(graph, node)) * PORT_STEP + STEP)
    if node.type == MAP:
        width, height = EMPTY_WIDTH, EMPTY_HEIGHT
    left, down = _shift(children.get(node.id, ()))
    for child in children.get(node.id, ()):
        inner = _measure(child, graph, children, sizes)
        width = max(width, child.position.x + left + inner[0] + BODY_PAD)
        height = max(height, child.position.y + down + inner[1] + BODY_PAD)
    sizes[node.id] = width, height
    return width, height


def _put(
    node: Node,
    at: tuple[float, float],
    children: Children,
    sizes: Mapping[str, Size],
    boxes: dict[str, Box],
) -> None:
    boxes[node.id] = Box(*at, *sizes[node.id])
    inside = children.get(node.id, ())
    left, down = _shift(inside)
    for child in inside:
        place = at[0] + child.position.x + left, at[1] + child.position.y + down
        _put(child, place, children, sizes, boxes)


def _shift(inside: Sequence[Node]) -> tuple[float, float]:
    """How far nodes have to move to stand in the body of their map."""
    left = min((node.position.x for node in inside), default=BODY_PAD)
    top = min((node.position.y for node in inside), default=BODY_TOP)
    return max(0, BODY_PAD - left), max(0, BODY_TOP - top)
