"""From schemas to fields and back to configs."""

import pytest
from django.http import QueryDict

from flows.builder.posted import posted_values
from flows.builder.said import Said
from flows.builder.schema_form import Form, config_of, properties_of, values_of
from flows.errors import Problem
from flows.nodes.registry import NODE_TYPES

CONFIGS = {
    "condition": {"when": "input.n > 0"},
    "switch": {"cases": [{"port": "many", "when": "input.n > 9"}], "mode": "all"},
    "model": {"model": "echo", "alias": "champion", "input": {"text": "input.t"}},
    "transform": {"values": {"a": "1", "b": "2"}},
    "fail": {"code": "no_stock", "message": "Nothing is left."},
    "approval": {
        "title": "Refund?",
        "show": {"order": "input.order"},
        "roles": ["reviewer"],
        "exclude_starter": True,
        "risk": "high",
    },
    "wait": {
        "for_s": "60",
        "events": [{"name": "order.paid", "key": "input.id", "port": "paid"}],
    },
    "map": {
        "items": "input.l",
        "concurrency": 5,
        "on_item_error": "keep",
        "result": "item",
    },
    "filter": {"items": "input.l", "keep": "item.n > 0"},
    "sort": {"items": "input.l", "by": "item.n", "descending": False},
    "deduplicate": {"items": "input.l", "by": "item.n", "keep": "last"},
    "parse": {"text": "input.t", "format": "csv", "delimiter": "comma"},
    "template": {"text": "Dear {{ input.name }}"},
    "emit_event": {"name": "order.paid", "key": "input.id", "ttl_s": 60.0},
    "set_context": {"values": {"who": "input.name"}},
    "output": {"values": {"answer": "input.t"}},
    "subflow": {"flow": "refund", "version": 3, "input": {"id": "input.id"}},
    "join": {"mode": "n_of_m", "count": 2},
    "validate": {"value": "input", "schema": {"required": ["a"]}},
    "aggregate": {
        "items": "input.l",
        "compute": "sum",
        "value": "item.n",
        "group_by": "item.kind",
    },
    "http_request": {
        "method": "POST",
        "url": "https://shop.example/orders",
        "headers": {"X-Id": "{{ input.id }}"},
        "body": {"n": "1"},
        "ok_statuses": [201, 409],
        "timeout_s": 5.0,
        "max_bytes": 1000,
        "idempotency": "header",
    },
}


def properties(name: str):
    return properties_of(NODE_TYPES[name].config.model_json_schema())


def kinds(schema):
    return {each.name: each.kind for each in properties_of(schema)}


@pytest.mark.parametrize("name", CONFIGS)
def test_config_survives_its_form(name):
    asked = properties(name)
    assert config_of(asked, values_of(asked, CONFIGS[name])) == CONFIGS[name]


def readings(asked, pointer: str):
    """How the field at a pointer of the config says that it is read."""
    name, *inner = pointer.removeprefix("/").split("/")
    [found] = [each for each in asked if each.name == name]
    if found.kind == "list":
        return readings(found.items, inner[-1])
    return found.reads


@pytest.mark.parametrize("name", sorted(NODE_TYPES))
def test_every_expression_stands_in_a_field_that_says_how_it_is_read(name):
    node_type, asked = NODE_TYPES[name], properties(name)
    config = node_type.config.model_validate(CONFIGS.get(name, {}))
    written = node_type.expressions(config)
    assert {at: readings(asked, at) for at, _, _ in written} == {
        at: reading for at, _, reading in written
    }
    fields = [
        inner for each in asked for inner in (each.items or [each]) if inner.reads
    ]
    assert bool(fields) == bool(written)


def test_every_node_type_has_a_form():
    typed = {
        (name, each.name)
        for name in NODE_TYPES
        for each in properties(name)
        if each.kind == "json"
    }
    assert typed == {("validate", "schema"), ("http_request", "ok_statuses")}


def test_posted_rows_become_a_map_without_blank_ones():
    posted = QueryDict(mutable=True)
    posted.setlist("config/values:key", ["a", "", " b "])
    posted.setlist("config/values:value", ["1", "", "2"])
    asked = properties("transform")
    values = posted_values(asked, posted)
    assert config_of(asked, values) == {"values": {"a": "1", "b": "2"}}


def test_added_row_is_shown_and_means_nothing_yet():
    asked = properties("transform")
    values = posted_values(asked, QueryDict("add=values"))
    assert values["values"] == [("", "")]
    assert config_of(asked, values) == {"values": {}}


def test_removed_row_is_gone():
    posted = QueryDict(mutable=True)
    posted.setlist("config/cases/port", ["first", "second"])
    posted.setlist("config/cases/when", ["true", "false"])
    posted["remove"] = "cases:0"
    asked = properties("switch")
    config = config_of(asked, posted_values(asked, posted))
    assert config == {"cases": [{"port": "second", "when": "false"}]}


def test_text_that_is_no_number_stays_for_the_validator():
    asked = properties_of({"properties": {"n": {"type": "integer"}}})
    assert config_of(asked, {"n": "many"}) == {"n": "many"}
    assert config_of(asked, {"n": "12"}) == {"n": 12}


def test_options_keep_their_types():
    asked = properties_of({"properties": {"level": {"enum": [1, 2]}}})
    assert config_of(asked, {"level": "2"}) == {"level": 2}


def test_problem_stands_at_the_row_that_it_points_to():
    asked = properties("transform")
    values = values_of(asked, {"values": {"good": "1", "bad": "1 +"}})
    problem = Problem(code="expression_invalid", message="No.", pointer="/values/bad")
    [field] = Form(properties=asked, values=values, problems=[problem]).fields
    assert [row.said.errors for row in field.rows] == [(), ("No.",)]
    assert field.said.errors == ()


def test_empty_field_is_no_mistake_before_somebody_typed():
    asked = properties("condition")
    problem = Problem(code="node_config_invalid", message="Empty.", pointer="/when")
    form = {"properties": asked, "values": {"when": ""}, "problems": [problem]}
    assert Form(**form).fields[0].said.errors == ("Empty.",)
    assert Form(**form, is_fresh=True).fields[0].said.errors == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": 5},
        {"properties": {"a": True}},
        {"properties": {"a": {"type": ["string", "null"]}}},
        {"properties": {"a": {"enum": 3}}},
        {"properties": {"a": {"$ref": "#/nowhere"}}},
        {"properties": {"a": {"type": "array"}}},
    ],
)
def test_schema_of_an_unfinished_draft_gives_a_form(schema):
    asked = properties_of(schema)
    values = values_of(asked, {})
    assert len(Form(properties=asked, values=values).fields) <= 1


def test_optional_value_is_of_the_kind_behind_null():
    schema = {
        "properties": {
            "due": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "long": {"type": "string", "maxLength": 2000},
        }
    }
    assert kinds(schema) == {"due": "number", "long": "long"}


def test_mistake_in_an_expression_is_shown_with_what_stands_around_it():
    asked = properties("transform")
    values = values_of(asked, {"values": {"bad": "steps.a.n + ghost"}})
    problem = Problem(
        code="expression_invalid", message="No.", pointer="/values/bad", offset=12
    )
    [field] = Form(properties=asked, values=values, problems=[problem]).fields
    [row] = field.rows
    [spot] = row.said.spots
    assert (spot.before, spot.at, spot.after) == ("steps.a.n + ", "ghost", "")
    assert row.html_id == "field-values-0-value"


def test_warning_is_no_mistake_of_its_field():
    asked = properties("template")
    problem = Problem(
        code="w", message="Look.", pointer="/text", severity="warning", offset=3
    )
    values = {"text": "Dear"}
    [field] = Form(properties=asked, values=values, problems=[problem]).fields
    assert field.said == Said(warnings=("Look.",))
