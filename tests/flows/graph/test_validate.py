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
        ({"type": "object", "$ref": "https://shop.example/schema"}, "of its own"),
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


def warnings_of(drawing: str, **keys: object) -> list[str]:
    problems = validate(graph(drawing, **keys), NODE_TYPES)
    return [each.message for each in problems if each.severity == "warning"]


LOOP = "input -> a -> cond, cond:true -> out, cond:false ~> a"
EACH = "input -> map -> out, cond2:true -> b, cond2:false -> c, b -> d, c -> d"
IN_MAP = dict.fromkeys(["cond2", "b", "c", "d"], "map")


@pytest.mark.parametrize(
    ("drawing", "more", "words"),
    [
        ("input -> cond, cond:true -> out", {}, "a run that leaves by it ends there"),
        (LOOP, {}, "a loop that has used all its rounds then fails the run"),
        (
            "input -> a -> out",
            {"a": {"on_error": {"action": "port"}}},
            "a step that fails for good then fails the run",
        ),
    ],
)
def test_warning_says_what_an_open_port_means(
    drawing: str, more: dict[str, dict[str, object]], words: str
) -> None:
    (message,) = warnings_of(drawing, more=more)
    assert words in message


def test_a_join_that_may_be_unmet_says_so() -> None:
    drawing = "input -> a -> join -> out, input -> b -> join"
    config = {"join": {"mode": "n_of_m", "count": 2}}
    (message,) = warnings_of(drawing, configs=config)
    assert "a join that too few branches reach then fails the run" in message


def test_the_last_node_of_an_item_needs_no_edge() -> None:
    assert warnings_of(EACH, parents=IN_MAP) == []
    (message,) = warnings_of(
        "input -> map -> out, cond2:true -> b",
        parents={"cond2": "map", "b": "map"},
    )
    assert "an item that leaves by it ends there" in message


@pytest.mark.parametrize(
    ("result", "codes"),
    [
        ("steps.d", []),
        ("[item, index, steps.cond2.result]", []),
        ("steps.b", ["reference_not_always_upstream"]),
        ("has(steps.b) ? steps.b : steps.c", ["reference_not_always_upstream"]),
        ("has(steps.b) && has(steps.c) ? 1 : 2", []),
        ("steps.out", ["reference_not_upstream"]),
        ("round", ["variable_not_here"]),
    ],
)
def test_the_result_of_a_map_reads_what_every_item_has(
    result: str, codes: list[str]
) -> None:
    configs = {"map": {"items": "input.items", "result": result}}
    assert errors_of(EACH, parents=IN_MAP, configs=configs) == codes


@pytest.mark.parametrize(
    ("at", "source", "codes"),
    [
        ("a", "round + rounds.size()", []),
        ("a", "steps.cond.result", ["reference_not_upstream"]),
        ("a", "has(steps.cond)", ["reference_not_upstream"]),
        ("out", "steps.a.x", []),
        ("out", "round", ["variable_not_here"]),
        ("out", "feedback", ["variable_not_here"]),
    ],
)
def test_a_loop_sees_its_rounds_and_what_is_behind_it_the_last_one(
    at: str, source: str, codes: list[str]
) -> None:
    assert errors_of(LOOP, configs={at: {"values": {"x": source}}}) == codes


def test_a_note_in_a_map_does_not_fill_it() -> None:
    made = errors_of(
        "input -> map -> out, note",
        types={"note": "note"},
        parents={"note": "map"},
        configs={"note": {"text": "To do."}},
    )
    assert made == ["map_body_empty"]


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ("input.list", []),
        ("input.anything", []),
        ("[1, 2]", []),
        ("input.list.map(x, x)", []),
        ("steps.a.v", []),
        ("input.both", []),
        ("input.text", ["items_not_list"]),
        ("input.rows", []),
        ("steps.cond.result", ["items_not_list"]),
        ("steps.cond", ["items_not_list"]),
        ("input.list.size()", ["items_not_list"]),
        ("{'a': 1}", ["items_not_list"]),
        ("'a,b'", ["items_not_list"]),
    ],
)
def test_a_list_node_goes_through_a_list(items: str, codes: list[str]) -> None:
    schema = {
        "type": "object",
        "properties": {
            "list": {"type": "array"},
            "text": {"enum": ["a", "b"]},
            "both": {"type": ["array", "null"]},
            "rows": {"$ref": "#/$defs/rows"},
        },
        "$defs": {"rows": {"type": "array"}},
    }
    for type_, config in (("filter", {"keep": "true"}), ("map", {})):
        made = errors_of(
            "input -> a -> cond, cond:true -> each -> out, cond:false -> fail, b",
            types={"each": type_},
            parents={"b": "each"} if type_ == "map" else {"b": "map9"},
            configs={"each": {"items": items, **config}},
            input_schema=schema,
        )
        assert [code for code in made if code == "items_not_list"] == codes


def test_items_of_items_are_known_from_the_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": {"type": "object", "properties": {"n": {"type": "number"}}},
            }
        },
    }
    made = errors_of(
        "input -> map1 -> out, map2, b",
        parents={"map2": "map1", "b": "map2"},
        configs={"map1": {"items": "input.rows"}, "map2": {"items": "item.n"}},
        input_schema=schema,
    )
    assert made == ["items_not_list"]


@pytest.mark.parametrize(
    ("drawing", "more", "settings", "codes"),
    [
        ("input -> a -> model -> out", {}, {}, []),
        ("input -> wait -> out", {}, {}, ["express_not_possible"]),
        ("input -> approval:approved -> out", {}, {}, ["express_not_possible"]),
        ("input -> get -> keyed -> out", {}, {}, []),
        ("input -> get -> out", {"get": {"queue": "a"}}, {}, ["express_not_possible"]),
        ("input -> post -> out", {}, {}, ["express_not_possible"]),
        (
            "input -> a -> out",
            {"a": {"retry": {"attempts": 2}}},
            {},
            ["express_not_possible"],
        ),
        (
            "input -> a -> out",
            {"a": {"retry": {"attempts": 2, "backoff_s": 0}}},
            {},
            [],
        ),
        (
            "input -> model -> out",
            {"model": {"queue": "gpu"}},
            {},
            ["express_not_possible"],
        ),
        ("input -> out", {}, {"deadline_s": 5}, ["express_not_possible"]),
        (
            "input -> out",
            {},
            {"concurrency": {"limit": 1, "when_full": "refuse"}},
            ["express_not_possible"],
        ),
    ],
)
def test_an_express_flow_is_recorded_whole(
    drawing: str,
    more: dict[str, dict[str, object]],
    settings: dict[str, object],
    codes: list[str],
) -> None:
    url = "https://shop.example/"
    made = errors_of(
        drawing,
        more=more,
        settings={"durability": "express", **settings},
        types=dict.fromkeys(("get", "post", "keyed"), "http_request"),
        configs={
            "get": {"url": url},
            "post": {"url": url, "method": "POST"},
            "keyed": {"url": url, "method": "POST", "idempotency": "header"},
        },
    )
    assert made == codes


@pytest.mark.parametrize("on", [[], ["egress_unreachable", "egress_timed_out"]])
def test_what_must_not_happen_twice_is_not_tried_again(on: list[str]) -> None:
    retry = {"attempts": 2, "on": on}
    made = {
        "types": {"post": "http_request"},
        "configs": {"post": {"url": "https://shop.example/", "method": "POST"}},
    }
    drawing = "input -> post -> out"
    codes = errors_of(drawing, more={"post": {"retry": retry}}, **made)
    assert codes == ["retry_would_repeat"]
    retry["on"] = ["egress_unreachable"]
    assert errors_of(drawing, more={"post": {"retry": retry}}, **made) == []


def test_a_retry_may_ask_about_its_output_only() -> None:
    for source, codes in (
        ("output.x > 1", []),
        ("steps.input.x", ["variable_not_here"]),
        ("input.x", ["variable_not_here"]),
        ("output.x >", ["expression_invalid"]),
    ):
        retry = {"attempts": 2, "when": source}
        more = {"a": {"retry": retry}}
        assert errors_of("input -> a -> out", more=more) == codes


def test_a_key_of_concurrency_is_compiled() -> None:
    for key, codes in (
        ("input.customer", []),
        ("input.customer +", ["expression_invalid"]),
        ("context.x", ["concurrency_key_not_of_input"]),
    ):
        settings = {"concurrency": {"limit": 1, "key": key}}
        assert errors_of("input -> out", settings=settings) == codes


def test_a_run_that_lets_go_of_its_slot_may_wait() -> None:
    settings = {"concurrency": {"limit": 1, "hold_while_waiting": False}}
    drawing = "input -> wait -> out"
    assert warnings_of(drawing, settings=settings) == []
    settings["concurrency"]["hold_while_waiting"] = True
    assert len(warnings_of(drawing, settings=settings)) == 1
