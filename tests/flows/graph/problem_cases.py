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


BRANCHES = "input -> cond, cond:true -> a -> out, cond:false -> b -> out"

CASES: dict[str, Case] = {
    "document_not_json": Case(
        changed(ui={"x": float("nan")}), "not finite", pointer="/ui/x"
    ),
    "document_too_large": Case(changed(ui={"x": "a" * 1_000_000}), "1,000,000"),
    "document_too_deep": Case(
        changed(ui={"x": nested(70)}), "64 levels", pointer="/ui/x" + "/0" * 63
    ),
    "key_duplicate": Case(b'{"name": "a", "name": "b"}', "'name' stands twice"),
    "format_unsupported": Case(
        changed(format="baton.flow/2"), 'Write "baton.flow/1"', pointer="/format"
    ),
    "key_unknown": Case(
        with_node(retry={"tries": 3}),
        "Node 'a': 'retry' is not a known key",
        node_id="a",
        pointer="/nodes/1/retry",
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
}
