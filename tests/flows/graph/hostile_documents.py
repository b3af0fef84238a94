"""Documents that somebody sends to keep the validator busy, and what it answers."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.flows.graph.large_graphs import (
    NODES,
    Document,
    chain,
    flow,
    node,
    question,
    row,
    step,
)


class Hostile(NamedTuple):
    """A text or document, the first problem's code, and where it is."""

    make: Callable[[], bytes | Document]
    code: str
    place: str


def circle() -> Document:
    made = chain()
    made["edges"][-1] |= {"target": "t0"}
    return made


def unreachable() -> Document:
    lonely = [step(f"t{n}", f"{n}") for n in range(NODES - 2)]
    ends = [node("input", "input"), node("out", "output")]
    return flow([*ends, *lonely], [("input", "out")])


def parallel_outputs() -> Document:
    count = NODES - 1
    outputs = [node(f"o{n}", "output") for n in range(count)]
    edges = [("input", f"o{n}") for n in range(count)]
    return flow([node("input", "input"), *outputs], edges)


def nested_maps() -> Document:
    ids = [f"m{n}" for n in range(NODES - 2)]
    maps = [node(node_id, "map", items="item") for node_id in ids]
    for outer, inner in zip(ids, maps[1:], strict=False):
        inner["parent"] = outer
    ends = [node("input", "input"), node("out", "output")]
    return flow([*ends, *maps], [("input", "m0"), ("m0", "out")])


def nested_loops() -> Document:
    count = (NODES - 2) // 2
    heads, tails = ([f"{side}{n}" for n in range(count)] for side in "ac")
    inner = [step(node_id, "round") for node_id in heads]
    inner += [question(node_id) for node_id in tails]
    back = [(tail, head, "false", 3) for head, tail in zip(heads, tails, strict=True)]
    on = [(tail, target, "true") for target, tail in row(["out", *tails])]
    return flow(
        [node("input", "input"), *inner, node("out", "output")],
        [*row(["input", *heads, tails[-1]]), *on, *back],
    )


def feedback_everywhere() -> Document:
    made = chain(lambda n: "round")
    made["edges"] += [
        {"id": f"f{n}", "source": f"t{NODES - 4 - n}", "target": f"t{n * 7 % 300}"}
        | {"kind": "feedback", "max_rounds": 3}
        for n in range(4_000)
    ]
    return made


def many_keys() -> Document:
    made = chain()
    made["nodes"][700]["config"] = {f"k{n}": 1 for n in range(250_000)}
    return made


def unknown_keys() -> Document:
    return chain() | {f"k{n}": 1 for n in range(250_000)}


def unknown_keys_of_nodes() -> Document:
    made = chain()
    for each in made["nodes"]:
        each |= {f"k{n}": 1 for n in range(50)}
    return made


def long_expressions() -> Document:
    return chain(lambda n: f"[{','.join(['1'] * 350)},{n}].size()")


def list_by_schema() -> Document:
    properties = {"items": {"$ref": "#/$defs/who"}}
    schema = {
        "type": "object",
        "properties": properties,
        "$defs": {"who": {"type": "string"}},
    }
    return mapping(input_schema=schema)


def with_schema(**schema: Any) -> Document:
    ends = [node("input", "input"), node("out", "output")]
    return flow(ends, [("input", "out")], input_schema={"type": "object", **schema})


def doubling() -> Document:
    """References of which each doubles the next: 2 to the power of 60 checks."""
    defs = {
        f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(60)
    } | {"a60": True}
    return with_schema(**{"$defs": defs, "$ref": "#/$defs/a0"})


def patterns() -> Document:
    """Patterns that take a megabyte each."""
    held = {f"p{n}": {"pattern": "(a{1,100}){1,100}" + str(n)} for n in range(5_000)}
    return with_schema(properties=held)


def mapping(items: str = "input.items", **more: Any) -> Document:
    inner = [node("m", "map", items=items), step("b", "item") | {"parent": "m"}]
    ends = [node("input", "input"), node("out", "output")]
    return flow([*ends, *inner], row(["input", "m", "out"]), **more)


def in_ui(text: bytes) -> bytes:
    """A sound document with `text` as a value in it."""
    made = flow([node("input", "input")], [], ui={"x": "HERE"})
    return json.dumps(made).encode().replace(b'"HERE"', text)


def deep(depth: int) -> bytes:
    return in_ui(b"[" * depth + b"]" * depth)


def with_config(value: Any) -> Document:
    made = chain()
    made["nodes"][700]["config"] = {"values": {"v": value}}
    return made


HOSTILE: dict[str, Hostile] = {
    "a circle": Hostile(circle, "graph_has_cycle", "t0"),
    "nodes that nothing leads to": Hostile(unreachable, "node_unreachable", "t0"),
    "outputs side by side": Hostile(parallel_outputs, "outputs_not_exclusive", "o1"),
    "maps in maps": Hostile(nested_maps, "nested_too_deep", "m7"),
    "loops in loops": Hostile(nested_loops, "nested_too_deep", "a6"),
    "feedback everywhere": Hostile(feedback_everywhere, "nested_too_deep", "t6"),
    "a step that is not there": Hostile(
        lambda: chain(lambda n: f"steps.z{n}.v"), "reference_unknown_node", "t1"
    ),
    "a step that comes later": Hostile(
        lambda: chain(lambda n: f"steps.t{NODES - 3}.v"), "reference_not_upstream", "t1"
    ),
    "a map over a text": Hostile(list_by_schema, "items_not_list", "m"),
    "a map over a number": Hostile(
        lambda: mapping(items="1 + 1"), "items_not_list", "m"
    ),
    "a schema that doubles": Hostile(
        doubling, "input_schema_invalid", "/$defs/a58/allOf/1"
    ),
    "patterns in a schema": Hostile(
        patterns, "input_schema_invalid", "/properties/p4995"
    ),
    "no expressions": Hostile(
        lambda: chain(lambda n: f"foo{n} +"), "expression_invalid", "t1"
    ),
    "long expressions": Hostile(long_expressions, "expressions_too_long", "t559"),
    "3 MB of schema": Hostile(
        lambda: with_schema(description="a" * 3_000_000), "input_schema_invalid", ""
    ),
    "10 MB in a config": Hostile(
        lambda: with_config("a" * 10_000_000),
        "document_too_large",
        "/nodes/700/config/values/v",
    ),
    "10 MB of text": Hostile(
        lambda: json.dumps(with_config("a" * 10_000_000)).encode(),
        "document_too_large",
        "",
    ),
    "many keys in a config": Hostile(many_keys, "config_too_large", "t699"),
    "unknown keys": Hostile(unknown_keys, "key_unknown", "/k0"),
    "unknown keys of nodes": Hostile(unknown_keys_of_nodes, "key_unknown", "input"),
    "a million nodes": Hostile(
        lambda: flow([{}] * 1_000_000, []), "field_invalid", "/nodes"
    ),
    "10,000 levels": Hostile(lambda: deep(10_000), "document_too_deep", ""),
    "100 levels": Hostile(lambda: deep(100), "document_too_deep", "/ui/x" + "/0" * 63),
    "NaN": Hostile(
        lambda: in_ui(b"[" + b"1," * 2_000_000 + b"NaN]"),
        "document_not_json",
        "/ui/x/2000000",
    ),
    "half a character": Hostile(
        lambda: in_ui(rb'{"a": "\ud800"}'), "document_not_json", "/ui/x/a"
    ),
    "half a character in a key": Hostile(
        lambda: in_ui(rb'{"\ud800": 1}'), "document_not_json", "/ui/x"
    ),
    "a key twice": Hostile(
        lambda: in_ui(b"[" + b'{"a":1},' * 500_000 + b'{"a":1,"a":2}]'),
        "key_duplicate",
        "/ui/x/500000/a",
    ),
}
