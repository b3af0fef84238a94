from typing import Any

from flows.expressions import compile_expression
from flows.graph.completion import MAX_NAMES, Name, names_at, names_in_key
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import graph

CUSTOMER = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "As on the invoice."},
        "two words": {"type": "string"},
        "address": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
SCHEMA = {
    "type": "object",
    "properties": {
        "customer": {"$ref": "#/$defs/customer"},
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"price": {"type": "number"}}},
        },
    },
    "$defs": {"customer": CUSTOMER},
}


def names(drawing: str, node_id: str, *place: Any, **keys: Any) -> dict[str, Name]:
    drawn = graph(drawing, input_schema=SCHEMA, **keys)
    return {each.name: each for each in names_at(drawn, NODE_TYPES, node_id, *place)}


def test_fields_of_the_input_are_known_from_its_schema() -> None:
    found = names("input -> a -> out", "a")
    assert found["input.customer.name"].type == "text"
    assert found["input.customer.name"].help == "As on the invoice."
    assert "input.customer.address.city" in found
    assert not [name for name in found if "two words" in name]


def test_only_steps_before_a_node_are_named() -> None:
    found = names("input -> a -> b -> out, input -> c -> out", "b")
    assert [name for name, each in found.items() if each.kind == "step"] == [
        "steps.input",
        "steps.a",
    ]


def test_outputs_give_their_fields() -> None:
    configs = {"a": {"values": {"total": "1"}}}
    found = names("input -> a -> cond, cond:true -> out", "out", configs=configs)
    assert found["steps.a.total"].kind == "field"
    assert found["steps.cond.result"].type == "true or false"


def test_a_step_that_some_runs_skip_has_to_be_asked_for() -> None:
    found = names("input -> cond, cond:true -> a -> j, cond:false -> j", "j")
    assert found["steps.a"].asks_first
    assert not found["steps.cond"].asks_first


def test_an_output_that_an_error_may_replace_is_not_known() -> None:
    found = names(
        "input -> cond -> out",
        "out",
        more={"cond": {"on_error": {"action": "port"}}},
    )
    assert "steps.cond" in found
    assert "steps.cond.result" not in found


def test_in_a_map_its_item_is_there() -> None:
    keys = {"parents": {"b": "map"}}
    inside = names("input -> map -> out, b", "b", **keys)
    assert inside["item.price"].type == "a number"
    assert inside["index"].help == "Its place in the list, from 0."
    outside = names("input -> map -> out, b", "out", **keys)
    assert not {"item", "round"} & set(outside)
    result = names("input -> map -> out, b", "map", "each", **keys)
    assert {"item.price", "steps.b"} <= set(result)


def test_for_each_item_of_a_list_node_the_item_is_that_of_its_list() -> None:
    found = names(
        "input -> filter -> out",
        "filter",
        "each",
        types={"filter": "filter"},
        configs={"filter": {"items": "input.items", "keep": "true"}},
    )
    assert found["item.price"].type == "a number"


def test_in_a_loop_its_rounds_are_there() -> None:
    drawing = "input -> a -> cond, cond:true -> out, cond:false ~> a"
    assert {"round", "rounds", "feedback"} <= set(names(drawing, "a"))
    assert "round" not in names(drawing, "out")


def test_what_was_set_before_is_in_the_context() -> None:
    found = names(
        "input -> ctx -> a -> out, input -> ctx2 -> out",
        "a",
        types={"ctx": "set_context", "ctx2": "set_context"},
        configs={"ctx": {"values": {"who": "1"}}, "ctx2": {"values": {"other": "1"}}},
    )
    assert "context.who" in found
    assert "context.other" not in found


def test_a_retry_sees_its_output() -> None:
    found = names("input -> cond -> out", "cond", "retry")
    assert set(found) == {"output", "output.result"}


def test_a_key_sees_the_input_alone() -> None:
    drawn = graph("input -> cond -> out", input_schema=SCHEMA)
    found = [each.name for each in names_in_key(drawn, NODE_TYPES)]
    assert found[:3] == ["input", "input.customer", "input.customer.name"]
    assert all(name.startswith("input") for name in found)


def test_every_name_can_be_written() -> None:
    for name, each in names("input -> a -> b -> cond -> out", "out").items():
        if each.kind == "entry":
            continue
        assert compile_expression(name).path == tuple(name.split("."))


def test_entries_of_a_list_have_their_fields() -> None:
    found = names("input -> a -> out", "a")
    entries = {name: each.type for name, each in found.items() if each.kind == "entry"}
    assert entries == {
        name: kind
        for step in ("input", "steps.input")
        for name, kind in {
            f"{step}.items[]": "an object",
            f"{step}.items[].price": "a number",
        }.items()
    }


def test_lists_of_lists_are_followed_no_deeper_than_fields() -> None:
    deep = {"type": "array", "items": {"$ref": "#/$defs/deep"}}
    drawn = graph(
        "input -> out",
        input_schema={
            "type": "object",
            "properties": {"rows": {"$ref": "#/$defs/deep"}},
            "$defs": {"deep": deep},
        },
    )
    found = [each.name for each in names_in_key(drawn, NODE_TYPES)]
    assert found == ["input", "input.rows", "input.rows[]"]


def test_more_may_be_known_of_an_output_than_its_type_says() -> None:
    drawn = graph("input -> model -> out")
    schema = {"type": "object", "properties": {"label": {"type": "string"}}}
    found = {
        each.name: each.type
        for each in names_at(drawn, NODE_TYPES, "out", outputs={"model": schema})
    }
    assert found["steps.model.label"] == "text"


def test_nodes_in_a_circle_are_left_out() -> None:
    assert set(names("input -> a -> b -> a, b -> out", "out")) >= {"input"}
    assert "steps.a" not in names("input -> a -> b -> a, b -> out", "out")


def test_the_list_is_bounded() -> None:
    properties = {f"p{n}": {"type": "string"} for n in range(2 * MAX_NAMES)}
    drawn = graph(
        "input -> out", input_schema={"type": "object", "properties": properties}
    )
    assert len(names_at(drawn, NODE_TYPES, "out")) == MAX_NAMES
