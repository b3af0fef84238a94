import time

import pytest

from flows.graph.validate import validate
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import document, graph

BRANCHES = "input -> cond, cond:true -> a -> out, cond:false -> b -> out"
PARALLEL = "input -> a -> join -> out, input -> b -> join"


def errors_of(drawing: str, **keys: object) -> list[str]:
    problems = validate(graph(drawing, **keys), NODE_TYPES)
    return [each.code for each in problems if each.severity == "error"]


def reading(source: str) -> dict[str, object]:
    return {"out": {"values": {"x": source}}}


@pytest.mark.parametrize("drawing", ["input -> out", BRANCHES, PARALLEL])
def test_sound_graph_has_no_problems(drawing: str) -> None:
    assert validate(graph(drawing), NODE_TYPES) == []


@pytest.mark.parametrize(
    ("drawing", "source"),
    [
        (PARALLEL, "[steps.a.x, steps.b.x, steps.join.arrived, steps.input.y]"),
        (BRANCHES, "steps.cond.result"),
        (BRANCHES, "has(steps.a) ? steps.a.x : steps.b.x == 1 && has(steps.b)"),
    ],
)
def test_step_that_is_there_may_be_read(drawing: str, source: str) -> None:
    assert errors_of(drawing, configs=reading(source)) == []


@pytest.mark.parametrize(
    ("drawing", "source", "code"),
    [
        (BRANCHES, "steps.a.x", "reference_not_always_upstream"),
        (BRANCHES, "has(steps.a.x) && steps.a.x", "reference_not_always_upstream"),
        (BRANCHES, "has(steps.a) ? 1 : steps.b.x", "reference_not_always_upstream"),
        (PARALLEL, "steps.out.x", "reference_not_upstream"),
        (PARALLEL, "has(steps.zzz)", "reference_unknown_node"),
    ],
)
def test_step_that_may_not_be_there_is_refused(
    drawing: str, source: str, code: str
) -> None:
    assert errors_of(drawing, configs=reading(source)) == [code]


def test_outputs_behind_ports_of_one_node_are_exclusive() -> None:
    drawing = "input -> switch, switch:a -> out1, switch:b -> j -> out2"
    assert errors_of(drawing + ", switch:otherwise -> fail") == []


def test_problems_are_found_beside_each_other() -> None:
    made = errors_of(
        "input -> a -> b -> a, input:no -> out1, input -> out2, q -> c",
        types={"q": "quux"},
        configs={"out2": {"values": {"x": "1 +"}}, "c": {"values": {}, "more": 1}},
        input_schema={"type": "string"},
    )
    assert made == [
        "input_schema_invalid",
        "graph_has_cycle",
        "expression_invalid",
        "outputs_not_exclusive",
        "node_type_unknown",
        "node_unreachable",
        "node_config_invalid",
        "node_unreachable",
        "edge_source_port_unknown",
    ]


def test_unknown_config_of_a_branch_makes_no_false_problem() -> None:
    drawing = "input -> cond, cond:true -> out1, cond:false -> out2"
    assert errors_of(drawing, configs={"cond": {}}) == ["node_config_invalid"]


def test_every_fault_of_a_config_is_a_problem() -> None:
    config = {"cases": [{"port": "A", "when": ""}, {"when": "true", "x": 1}]}
    problems = validate(
        graph("input -> switch -> out", configs={"switch": config}), NODE_TYPES
    )
    assert [
        each.pointer for each in problems if each.code == "node_config_invalid"
    ] == [
        "/cases/0/port",
        "/cases/0/when",
        "/cases/1/port",
        "/cases/1/x",
    ]


def test_ports_of_a_switch_must_differ() -> None:
    case = {"port": "a", "when": "true"}
    made = graph("input -> switch -> out", configs={"switch": {"cases": [case, case]}})
    problem = validate(made, NODE_TYPES)[0]
    assert (problem.code, problem.pointer) == ("node_config_invalid", "/cases")
    assert "the port 'a' is taken; give each case a port of its own" in problem.message


def test_name_of_a_value_must_be_a_word() -> None:
    made = graph("input -> out", configs={"out": {"values": {"a b": "1"}}})
    problem = validate(made, NODE_TYPES)[0]
    assert (problem.code, problem.pointer) == ("node_config_invalid", "/values/a b")
    assert "A name in 'values' is 'a b'." in problem.message


def test_reference_inside_a_circle_waits_until_the_circle_is_gone() -> None:
    configs = {"b": {"values": {"x": "steps.a.x", "y": "steps.gone.x"}}}
    assert errors_of("input -> a -> b -> a, b -> out", configs=configs) == [
        "graph_has_cycle",
        "reference_unknown_node",
    ]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, 'Write "type": "object"'),
        ({"type": "string"}, 'Write "type": "object"'),
        ({"type": ["object"]}, 'Write "type": "object"'),
        ({"type": "object", "required": "a"}, "at '/required'"),
        ({"type": "object", "properties": {"a": {"pattern": "("}}}, "pattern"),
        (
            {"type": "object", "$schema": "http://json-schema.org/draft-07/schema#"},
            "Use",
        ),
        ({"type": "object", "$ref": "https://shop.example/schema"}, "cannot fetch"),
    ],
)
def test_input_schema_must_be_one_of_an_object(
    schema: dict[str, object], words: str
) -> None:
    problems = validate(graph("input -> out", input_schema=schema), NODE_TYPES)
    assert [each.code for each in problems] == ["input_schema_invalid"]
    assert words in problems[0].message


def test_label_names_the_node_for_people() -> None:
    made = document("input -> cond, cond:true -> out")
    made["nodes"][1]["label"] = "Is it safe?"
    problems = validate(graph("input", **made), NODE_TYPES)
    assert "'Is it safe?' (cond)" in problems[0].message


def test_large_graph_is_validated_in_a_moment() -> None:
    rows = ["input -> cond0"]
    for n in range(120):
        rows.append(f"cond{n}:true -> a{n} -> join{n} -> cond{n + 1}")
        rows.append(f"cond{n}:false -> b{n} -> join{n}")
    rows.append("cond120:true -> out, cond120:false -> out")
    started = time.process_time()
    values = {f"v{n}": f"steps.join{n}.arrived" for n in range(100)}
    assert errors_of(", ".join(rows), configs={"out": {"values": values}}) == []
    assert time.process_time() - started < 3
