"""Random graphs of ports and edges, and every run that they can have."""

from itertools import product

from hypothesis import strategies as st

from flows.graph.schema import Edge, Graph, Node

Ports = dict[str, tuple[str, ...]]


@st.composite
def random_graphs(draw: st.DrawFn) -> tuple[Graph, Ports]:
    """Small graphs whose edges point forward, from nodes of one to three ports."""
    size = draw(st.integers(2, 8))
    ids = ["input", *(f"n{n}" for n in range(1, size))]
    ports: Ports = {
        node_id: tuple("pqr"[: draw(st.sampled_from([1, 1, 2, 2, 3]))])
        for node_id in ids
    }
    edges = []
    for target in range(1, size):
        for _ in range(draw(st.integers(1, 3))):
            source = ids[draw(st.integers(0, target - 1))]
            port = draw(st.sampled_from(ports[source]))
            edges.append((source, port, ids[target]))
    return made_of(ids, edges), ports


def made_of(
    ids: list[str],
    edges: list[tuple[str, str, str]],
    feedback: list[tuple[str, str]] = [],  # noqa: B006 - only read
) -> Graph:
    """A graph of edges (source, port, target) and feedback edges (source, target)."""
    return Graph(
        name="random",
        input_schema={},
        nodes=tuple(Node(id=node_id, type="any") for node_id in ids),
        edges=(
            *(
                Edge(id=f"e{n}", source=source, source_port=port, target=target)
                for n, (source, port, target) in enumerate(dict.fromkeys(edges))
            ),
            *(
                Edge(id=f"f{n}", source=tail, target=head, is_feedback=True)
                for n, (tail, head) in enumerate(dict.fromkeys(feedback))
            ),
        ),
    )


def every_run(drawn: Graph, ports: Ports, start: str = "input") -> list[set[str]]:
    """The nodes that start, for every combination of choices."""
    runs = []
    for chosen in product(*(ports[node_id] for node_id in drawn.order)):
        choice = dict(zip(drawn.order, chosen, strict=True))
        started = {start}
        for node_id in drawn.order:
            if any(
                edge.source in started and choice[edge.source] == edge.source_port
                for edge in drawn.incoming(node_id)
            ):
                started.add(node_id)
        runs.append(started)
    return runs
