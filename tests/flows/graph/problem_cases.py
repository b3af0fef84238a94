"""One document for each problem code, and what its problem must say."""

from typing import Any, NamedTuple

from tests.factories.graphs import document


class Case(NamedTuple):
    """A document with the problem, the place it must name, and words of its message."""

    document: Any
    words: str
    node_id: str | None = None
    edge_id: str | None = None
    pointer: str = ""


def changed(drawing: str = "input -> out", **change: Any) -> dict[str, Any]:
    return document(drawing, **change)


def with_node(index: int = 1, **keys: Any) -> dict[str, Any]:
    made = document("input -> a -> out")
    made["nodes"][index] |= keys
    return made


def with_edge(**keys: Any) -> dict[str, Any]:
    made = document("input -> a -> out")
    made["edges"][1] |= keys
    return made


def without(key: str) -> dict[str, Any]:
    made = document("input -> out")
    del made[key]
    return made


def reading(source: str, drawing: str = "input -> a -> out") -> dict[str, Any]:
    return document(drawing, configs={"out": {"values": {"x": source}}})


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


LOOP = "input -> a -> cond, cond:true -> out, cond:false ~> a, cond:exhausted -> fail"
MAPPED = "input -> map -> out, b"
IN_MAP = {"b": "map"}


def looped(drawing: str = LOOP, index: int = -1, **keys: Any) -> dict[str, Any]:
    """A loop, of which one edge is changed; keys that are None are left out."""
    made = document(drawing)
    edge = made["edges"][index]
    edge |= keys
    for key in [key for key, value in edge.items() if value is None]:
        del edge[key]
    return made


def mapped(drawing: str = MAPPED, **keys: Any) -> dict[str, Any]:
    return document(drawing, **({"parents": IN_MAP} | keys))


def with_settings(drawing: str = "input -> out", **settings: Any) -> dict[str, Any]:
    return document(drawing, settings=settings)


def nest(depth: int) -> dict[str, Any]:
    """Maps in maps, with a node in the innermost."""
    maps = [f"map{n}" for n in range(depth)]
    parents = dict(zip([*maps[1:], "b"], maps, strict=True))
    configs = {name: {"items": "item"} for name in maps[1:]}
    return document(
        f"input -> map0 -> out, {', '.join(maps)}, b", parents=parents, configs=configs
    )


BRANCHES = "input -> cond, cond:true -> a -> out, cond:false -> b -> out"

CASES: dict[str, Case] = {
    "document_not_json": Case(
        changed(ui={"x": float("nan")}), "not finite", pointer="/ui/x"
    ),
    "document_too_large": Case(
        changed(ui={"x": "a" * 5_000_000}), "5,000,000 are allowed", pointer="/ui/x"
    ),
    "document_too_deep": Case(
        changed(ui={"x": nested(70)}), "64 levels", pointer="/ui/x" + "/0" * 63
    ),
    "key_duplicate": Case(
        b'{"ui": [{"a": 1, "a": 2}]}', "'a' stands twice", pointer="/ui/0/a"
    ),
    "format_unsupported": Case(
        changed(format="baton.flow/2"), 'Write "baton.flow/1"', pointer="/format"
    ),
    "key_unknown": Case(
        with_node(retry={"attempts": 2, "tries": 3}),
        "Node 'a': 'tries' is not a known key",
        node_id="a",
        pointer="/nodes/1/retry/tries",
    ),
    "queue_not_possible": Case(
        with_node(queue="gpu"), "which the run itself carries out", node_id="a"
    ),
    "field_missing": Case(without("name"), "'name' is missing", pointer="/name"),
    "field_invalid": Case(
        with_node(label=7),
        "Node 'a': 'label' is a number. Make it text.",
        node_id="a",
        pointer="/nodes/1/label",
    ),
    "node_id_invalid": Case(
        with_node(id="A-1"), "The id 'A-1' cannot", node_id="A-1", pointer="/nodes/1/id"
    ),
    "node_id_duplicate": Case(with_node(id="out"), "2 nodes have the id", "out"),
    "edge_id_duplicate": Case(with_edge(id="e1"), "2 edges have the id", None, "e1"),
    "node_timeout_out_of_range": Case(
        with_node(timeout_s=0),
        "Time limit is 0 s. Enter more than 0 and at most 3600 seconds.",
        node_id="a",
        pointer="/nodes/1/timeout_s",
    ),
    "node_type_unknown": Case(
        with_node(type="modell"), "Did you mean 'model'?", node_id="a"
    ),
    "node_type_version_unsupported": Case(
        with_node(type_version=2), "Use version 1.", node_id="a"
    ),
    "node_config_invalid": Case(
        with_node(config={"values": {"x": 5}}),
        "'a': 'x' is a number. Make it text.",
        node_id="a",
        pointer="/values/x",
    ),
    "edge_source_unknown": Case(with_edge(source="z"), "starts at 'z'", None, "e2"),
    "edge_target_unknown": Case(with_edge(target="z"), "ends at 'z'", None, "e2"),
    "edge_source_port_unknown": Case(
        with_edge(source_port="error"), "Use 'out'.", None, "e2"
    ),
    "edge_target_port_unknown": Case(
        with_edge(target_port="left"), "Use 'in'.", None, "e2"
    ),
    "edge_duplicate": Case(
        changed("input -> a -> out, a -> out"), "'e2' and 'e3'", None, "e3"
    ),
    "graph_has_cycle": Case(
        changed("input -> a -> b -> c -> a, c -> out"), "a → b → c → a", node_id="a"
    ),
    "graph_has_no_input": Case(changed("a -> out"), "no input node"),
    "graph_has_many_inputs": Case(
        changed("input -> out, in2 -> out"), "remove 'in2'", node_id="in2"
    ),
    "graph_has_no_output": Case(changed("input -> a"), "no output node"),
    "node_unreachable": Case(
        changed("input -> out, a -> out"), "'a' cannot be reached", node_id="a"
    ),
    "outputs_not_exclusive": Case(
        changed("input -> out, input -> a -> out2"),
        "both outputs 'out' and 'out2'",
        node_id="out2",
    ),
    "port_unconnected": Case(
        changed("input -> cond, cond:true -> out"),
        "port 'false' of 'cond'",
        node_id="cond",
    ),
    "input_schema_invalid": Case(
        changed(input_schema={"type": "object", "properties": {"a": {"type": "txt"}}}),
        "no JSON Schema",
        pointer="/properties/a/type",
    ),
    "expression_invalid": Case(
        reading("1 + inptu.a"),
        "'out': The name 'inptu' is not known. Did you mean 'input'? (character 5)",
        node_id="out",
        pointer="/values/x",
    ),
    "reference_unknown_node": Case(
        reading("steps.aa.x"), "Did you mean steps.a?", "out", None, "/values/x"
    ),
    "reference_not_upstream": Case(
        document("input -> a -> out", configs={"a": {"values": {"x": "steps.out"}}}),
        "does not come before it",
        node_id="a",
        pointer="/values/x",
    ),
    "reference_not_always_upstream": Case(
        reading("steps.a.x", BRANCHES), "has(steps.a)", "out", None, "/values/x"
    ),
    "config_too_large": Case(
        with_node(config={"values": {"x": "1" * 300_000}}),
        "The config of 'a' has 300,019 bytes",
        node_id="a",
        pointer="/nodes/1/config",
    ),
    "rounds_without_feedback": Case(
        with_edge(max_rounds=3), "only a feedback edge has", edge_id="e2"
    ),
    "feedback_rounds_missing": Case(
        looped(index=3, max_rounds=None), "Give max_rounds, 1 to 1000", edge_id="e4"
    ),
    "feedback_to_map": Case(
        mapped("input -> map -> cond, cond:true -> out, cond:false ~> map, b"),
        "Put a transform before the map",
        edge_id="e4",
    ),
    "edge_crosses_map": Case(
        mapped(MAPPED + ", map -> b"), "from 'map' to 'b'", edge_id="e3"
    ),
    "feedback_not_dominated": Case(
        looped("input -> a -> cond, input -> cond, cond:true -> out, cond:false ~> a"),
        "some way reaches 'cond' without passing it",
        edge_id="e5",
    ),
    "feedback_heads_differ": Case(
        looped(
            "input -> a -> b -> switch, switch:p ~> a, switch:q ~> b,"
            "switch:otherwise -> out"
        ),
        "feeds back to 'b', and edge 'e4'",
        edge_id="e5",
    ),
    "exhausted_inside_loop": Case(
        looped(
            "input -> a -> cond, cond:false ~> a, cond:exhausted -> b -> cond2,"
            "cond2:false ~> a, cond2:true -> out"
        ),
        "leads back into it",
        edge_id="e4",
    ),
    "leaves_loop_early": Case(
        looped(LOOP + ", a -> log -> out"), "'log' runs once", edge_id="e6"
    ),
    "parent_unknown": Case(with_node(parent="z"), "stands in 'z'", node_id="a"),
    "parent_not_map": Case(
        document("input -> a -> out, b", parents={"b": "a"}),
        "Only maps have nodes in them",
        node_id="b",
    ),
    "node_not_in_map": Case(
        mapped("input -> map -> out, out2, b", parents={"out2": "map", "b": "map"}),
        "begins and ends outside of maps",
        node_id="out2",
    ),
    "map_body_empty": Case(
        document("input -> map -> out"), "'map' has no nodes in it", node_id="map"
    ),
    "nested_too_deep": Case(nest(7), "'b' stands in 7 loops and maps", node_id="b"),
    "too_many_steps": Case(
        document(
            "input -> a -> b -> cond, cond:false ~> b, cond:true -> cond2,"
            "cond2:false ~> a, cond2:true -> out",
            rounds=400,
        ),
        "100,000 are possible",
    ),
    "retry_not_possible": Case(
        with_node(-1, retry={"attempts": 2}), "the type output", node_id="out"
    ),
    "retry_would_repeat": Case(
        with_node(
            type="http_request",
            config={"method": "POST", "url": "https://shop.example/orders"},
            retry={"attempts": 2, "on": ["http_status"]},
        ),
        "Let retry.on be egress_host_not_found and egress_unreachable",
        node_id="a",
    ),
    "error_port_not_possible": Case(
        with_node(-1, on_error={"action": "port"}), "nothing comes", node_id="out"
    ),
    "default_missing": Case(
        with_node(on_error={"action": "default"}), "Give output", node_id="a"
    ),
    "default_needs_port": Case(
        document(
            BRANCHES, more={"cond": {"on_error": {"action": "default", "output": {}}}}
        ),
        "no port 'out'",
        node_id="cond",
    ),
    "join_count_too_large": Case(
        document(
            "input -> a -> join -> out, join:unmet -> fail",
            configs={"join": {"mode": "n_of_m", "count": 3}},
        ),
        "waits for 3 branches, but 1 lead",
        node_id="join",
    ),
    "port_twice": Case(
        document(
            "input -> switch, switch:error -> out, switch:otherwise -> fail",
            more={"switch": {"on_error": {"action": "port"}}},
        ),
        "a port 'error' of its own",
        node_id="switch",
    ),
    "items_not_list": Case(
        mapped(
            input_schema={
                "type": "object",
                "properties": {"items": {"type": "string"}},
            }
        ),
        "its items are text",
        node_id="map",
        pointer="/items",
    ),
    "expressions_too_long": Case(
        document(
            "input -> a -> " + " -> ".join(f"b{n}" for n in range(5)) + " -> out",
            configs={
                f"b{n}": {
                    "values": {
                        f"v{v}": f"[{','.join(['1'] * 500)}].size() + {n * 100 + v}"
                        for v in range(100)
                    }
                }
                for n in range(5)
            },
        ),
        "those from 'b4' on were not read",
        node_id="b4",
    ),
    "reference_to_own_map": Case(
        mapped(configs={"b": {"values": {"x": "steps.map.items"}}}),
        "Read item or index",
        node_id="b",
        pointer="/values/x",
    ),
    "reference_into_map": Case(
        mapped(configs={"out": {"values": {"x": "steps.b.x"}}}),
        "Read steps.map.items",
        node_id="out",
        pointer="/values/x",
    ),
    "variable_not_here": Case(
        reading("item.price"),
        "'item' exists only in the body of a map",
        node_id="out",
        pointer="/values/x",
    ),
    "concurrency_key_not_of_input": Case(
        with_settings(concurrency={"limit": 1, "key": "steps.a.x"}),
        "only the variable 'input'",
        pointer="/settings/concurrency/key",
    ),
    "express_not_possible": Case(
        with_settings("input -> wait -> out", durability="express"),
        "'wait' (wait)",
        node_id="wait",
    ),
    "slot_held_while_waiting": Case(
        with_settings("input -> approval -> out", concurrency={"limit": 1}),
        "counts towards the limit of 1",
        node_id="approval",
    ),
}
