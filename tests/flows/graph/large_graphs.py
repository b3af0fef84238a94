"""Documents of 5,000 nodes, sound ones and hostile ones, by name."""

import random
from collections.abc import Callable, Iterable
from typing import Any

NODES, EDGES = 5_000, 20_000
Document = dict[str, Any]
CONFIGS: dict[str, Document] = {
    "transform": {"values": {}},
    "output": {"values": {}},
    "map": {"items": "input.items"},
}


def flow(
    nodes: list[Document], edges: Iterable[tuple[Any, ...]], **more: Any
) -> Document:
    """A document of nodes, and of edges (source, target, port, rounds of feedback)."""
    return {
        "format": "baton.flow/1",
        "name": "large",
        "input_schema": {"type": "object"},
        "nodes": nodes,
        "edges": [edge(number, *each) for number, each in enumerate(edges)],
    } | more


def node(node_id: str, type_: str = "transform", **config: Any) -> Document:
    made = {"id": node_id, "type": type_, "position": {"x": 0, "y": 0}}
    return made | {"config": config or dict(CONFIGS.get(type_, {}))}


def edge(
    number: int, source: str, target: str, port: str = "out", rounds: int = 0
) -> Document:
    made = {"id": f"e{number}", "source": source, "source_port": port, "target": target}
    return made | ({"kind": "feedback", "max_rounds": rounds} if rounds else {})


def step(node_id: str, source: str) -> Document:
    return node(node_id, values={"v": source})


def question(node_id: str, source: str = "input.n > 0") -> Document:
    return node(node_id, "condition", when=source)


def row(ids: list[str]) -> list[tuple[str, str]]:
    return list(zip(ids, ids[1:], strict=False))


def chain(read: Callable[[int], str] = lambda n: f"steps.t{n - 1}.v + {n}") -> Document:
    """A row of steps of which each reads the one before."""
    ids = [f"t{n}" for n in range(NODES - 2)]
    steps = [
        step("t0", "input.n"),
        *(step(f"t{n}", read(n)) for n in range(1, len(ids))),
    ]
    return flow(
        [node("input", "input"), *steps, node("out", "output")],
        row(["input", *ids, "out"]),
    )


def fan_out() -> Document:
    """Parallel branches that one join waits for, and an output that reads them."""
    ids = [f"t{n}" for n in range(NODES - 3)]
    read = {f"v{n}": f"steps.t{n}.v" for n in range(100)}
    return flow(
        [
            node("input", "input"),
            *(step(node_id, f"input.n + {n}") for n, node_id in enumerate(ids)),
            node("join", "join"),
            node("out", "output", values=read),
        ],
        [
            *(("input", node_id) for node_id in ids),
            *((node_id, "join") for node_id in ids),
            ("join", "out"),
        ],
    )


def diamonds() -> Document:
    """Branches that part and meet again, one behind the other."""
    nodes, edges, last = [node("input", "input")], [], "input"
    for n in range((NODES - 2) // 4):
        nodes += [question(f"c{n}", f"input.n > {n}"), step(f"a{n}", f"{n} + 1")]
        nodes += [step(f"b{n}", f"{n} + 2"), node(f"j{n}", "join")]
        edges += [(last, f"c{n}"), (f"c{n}", f"a{n}", "true"), (f"a{n}", f"j{n}")]
        edges += [(f"c{n}", f"b{n}", "false"), (f"b{n}", f"j{n}")]
        last = f"j{n}"
    read = {f"v{n}": f"steps.j{n * 10}.arrived" for n in range(100)}
    return flow([*nodes, node("out", "output", values=read)], [*edges, (last, "out")])


def ifs() -> Document:
    """A long if, else if, else if, with an output for each."""
    count = (NODES - 2) // 2
    nodes = [node("input", "input"), node("out", "output")]
    edges: list[tuple[Any, ...]] = [("input", "c0"), (f"c{count - 1}", "out", "true")]
    for n in range(count):
        nodes += [question(f"c{n}", f"input.n > {n}"), node(f"o{n}", "output")]
        edges.append((f"c{n}", f"o{n}", "false"))
    edges += [(f"c{n}", f"c{n + 1}", "true") for n in range(count - 1)]
    return flow(nodes, edges)


def one_else() -> Document:
    """A long if, of which every else leads to one output."""
    count = NODES - 3
    nodes = [question(f"c{n}", f"input.n > {n}") for n in range(count)]
    ends = [node("input", "input"), node("out", "output"), node("no", "output")]
    return flow(
        [*ends, *nodes],
        [
            ("input", "c0"),
            *((f"c{n}", f"c{n + 1}", "true") for n in range(count - 1)),
            *((f"c{n}", "no", "false") for n in range(count)),
            (f"c{count - 1}", "out", "true"),
        ],
    )


def dense(*, of_questions: bool = False) -> Document:
    """As many edges as there may be, in no order; each step reads an earlier one."""
    chance = random.Random(7)  # noqa: S311 - the same graph each time
    ids = [f"t{n}" for n in range(NODES - 2)]
    ports = ["true", "false"] if of_questions else ["out"]
    edges = dict.fromkeys(
        (ids[n - 1], ids[n], port) for n in range(1, len(ids)) for port in ports
    )
    while len(edges) < EDGES - 2:
        source, target = sorted(chance.sample(range(len(ids)), 2))
        edges[ids[source], ids[target], chance.choice(ports)] = None
    make, read = (question, "result") if of_questions else (step, "v")
    inner = [
        make(ids[n], f"steps.{ids[chance.randrange(n)]}.{read}" if n else "input.n")
        for n in range(len(ids))
    ]
    ends = [("input", ids[0]), (ids[-1], "out", ports[0])]
    return flow(
        [node("input", "input"), *inner, node("out", "output")], [*edges, *ends]
    )


def loops() -> Document:
    """Loops one behind the other."""
    nodes, edges, last = [node("input", "input")], [], ("input", "out")
    for n in range((NODES - 3) // 2):
        nodes += [
            step(f"a{n}", f"round + {n}"),
            question(f"c{n}", f"steps.a{n}.v > {n}"),
        ]
        edges += [(last[0], f"a{n}", last[1]), (f"a{n}", f"c{n}")]
        edges += [(f"c{n}", f"a{n}", "false", 3), (f"c{n}", "no", "exhausted")]
        last = (f"c{n}", "true")
    ends = [node("no", "fail", code="no", message="No."), node("out", "output")]
    return flow([*nodes, *ends], [*edges, (last[0], "out", last[1])])


def maps() -> Document:
    """Maps one behind the other, each with a step in it."""
    count = (NODES - 2) // 2
    nodes = [node("input", "input"), node("out", "output")]
    for n in range(count):
        read = f"steps.b{n}.v" if n % 2 else "item"
        nodes.append(node(f"m{n}", "map", items="input.items", result=read))
        nodes.append(step(f"b{n}", f"item + {n}") | {"parent": f"m{n}"})
    return flow(nodes, row(["input", *(f"m{n}" for n in range(count)), "out"]))


def crossing_cases() -> Document:
    """Switches that lead to each other's branches: 50 to the power of 90 ways."""
    cases = [{"port": f"p{n}", "when": "false"} for n in range(50)]
    ids = [f"s{n}" for n in range(90)]
    nodes = [node(node_id, "switch", cases=cases) for node_id in ids]
    edges: list[tuple[Any, ...]] = [("input", "s0")]
    for n, node_id in enumerate(ids):
        follow = ids[n + 1 : n + 51] or ["out"]
        edges += [(node_id, follow[k % len(follow)], f"p{k}") for k in range(50)]
        edges.append((node_id, follow[0], "otherwise"))
    out = node("out", "output", values={"v": "has(steps.s9) ? 1 : steps.s0.port"})
    return flow([node("input", "input"), *nodes, out], dict.fromkeys(edges))


def crossing_outputs() -> Document:
    """Two long rows that only one choice keeps apart, each step near an output."""
    rows = [[f"{side}{n}" for n in range(NODES // 2 - 2)] for side in "ab"]
    edges: list[tuple[Any, ...]] = [("input", "c")]
    for ids, port, out in zip(rows, ("true", "false"), ("one", "other"), strict=True):
        edges += [("c", ids[0], port), *row(ids), *((node_id, out) for node_id in ids)]
    inner = [step(node_id, "input.n") for ids in rows for node_id in ids]
    ends = [node("one", "output"), node("other", "output")]
    return flow([node("input", "input"), question("c"), *inner, *ends], edges)


SOUND: dict[str, Callable[[], Document]] = {
    "chain": chain,
    "fan-out and join": fan_out,
    "diamonds": diamonds,
    "if, else if, outputs": ifs,
    "if, else if, one else": one_else,
    "20,000 edges": dense,
    "20,000 edges of ifs": lambda: dense(of_questions=True),
    "loops": loops,
    "maps": maps,
    "crossing cases": crossing_cases,
    "crossing outputs": crossing_outputs,
}
