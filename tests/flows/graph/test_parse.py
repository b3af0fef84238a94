import json
from typing import Any

import pytest

from flows.errors import GraphInvalid
from flows.graph.document import canonical, dump, graph_hash
from flows.graph.parse import parse, parse_text
from tests.factories.graphs import document, graph


def codes_of(value: Any) -> list[str]:
    with pytest.raises(GraphInvalid) as refusal:
        parse(value)
    return [problem.code for problem in refusal.value.problems]


def test_absent_keys_get_their_defaults() -> None:
    made = document("input -> out")
    made["nodes"] = [{"id": "input", "type": "input"}]
    made["edges"] = [{"id": "e", "source": "input", "target": "out"}]
    parsed = parse(made)
    node, edge = parsed.nodes[0], parsed.edges[0]
    assert (node.type_version, node.label, node.config) == (1, "", {})
    assert (node.position.x, node.timeout_s, node.ui) == (0, None, {})
    assert (edge.source_port, edge.target_port) == ("out", "in")


def test_all_structural_problems_come_at_once() -> None:
    made = document("input -> a -> out")
    made["format"] = "other/1"
    made["nodes"][1] |= {"id": "Not this", "timeout_s": 99_999, "retry": 3}
    made["edges"][0]["kind"] = "backwards"
    del made["edges"][1]["target"]
    assert codes_of(made) == [
        "format_unsupported",
        "node_id_invalid",
        "field_invalid",
        "node_timeout_out_of_range",
        "field_invalid",
        "field_missing",
    ]


@pytest.mark.parametrize("key", ["notes", "groups"])
def test_key_that_is_not_executed_yet_is_refused(key: str) -> None:
    assert codes_of(document("input -> out", **{key: {}})) == ["key_unknown"]


@pytest.mark.parametrize("value", [None, 3, "text", [], [{}], True, b"{}", {1: 2}])
def test_value_that_is_no_object_is_refused(value: Any) -> None:
    assert codes_of(value) in (["field_invalid"], ["document_not_json"])


@pytest.mark.parametrize("seconds", [-1, 0, 3600.5, "60", True])
def test_time_limit_out_of_range_is_refused(seconds: Any) -> None:
    made = document("input -> a -> out", timeouts={"a": seconds})
    assert codes_of(made) == ["node_timeout_out_of_range"]


@pytest.mark.parametrize("seconds", [0.001, 1, 3600])
def test_time_limit_in_range_is_taken(seconds: float) -> None:
    assert graph("input -> a", timeouts={"a": seconds}).node("a").timeout_s == seconds


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"position": {"x": 5e6}}, "'x' is 5,000,000. Enter a number of at most 1,000"),
        ({"position": {"x": "1"}}, "'x' is text. Make it a number."),
        ({"type_version": 0}, "'type_version' is 0. Enter a number of at least 1."),
        ({"type_version": 1.5}, "'type_version' is a number. Make it a whole number."),
        ({"type_version": True}, "'type_version' is true or false. Make it a whole"),
        ({"label": "a" * 201}, "…'. Shorten it to 200 characters."),
        ({"label": None}, "'label' is null. Make it text."),
        ({"type": "No Type"}, "'type' is 'No Type'. Write it to match ^[a-z]"),
        ({"config": []}, "'config' is a list. Make it an object."),
        ({"id": 7}, "'id' is a number. Make it text."),
    ],
)
def test_message_says_what_the_value_is_and_may_be(
    keys: dict[str, Any], message: str
) -> None:
    made = document("input -> out")
    made["nodes"][0] |= keys
    with pytest.raises(GraphInvalid) as refusal:
        parse(made)
    assert message in refusal.value.problems[0].message


def test_nodes_and_edges_are_counted() -> None:
    nodes = [{"id": f"n{n}", "type": "join"} for n in range(5_001)]
    edges = [{"id": f"e{n}", "source": "a", "target": "b"} for n in range(20_001)]
    assert codes_of(document("input", nodes=nodes)) == ["field_invalid"]
    assert codes_of(document("input", edges=edges)) == ["field_invalid"]


def test_many_problems_are_cut_at_500() -> None:
    made = document("input -> out", ui={})
    made |= {f"key{n}": 1 for n in range(600)}
    assert len(codes_of(made)) == 500


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"a": 1, "a": 2}', "key_duplicate"),
        (b'{"nodes": [{"id": "a", "id": "b"}]}', "key_duplicate"),
        (b"{", "document_not_json"),
        (b"", "document_not_json"),
        (b"\xff\xfe\xfa", "document_not_json"),
        (b"[" * 100_000, "document_too_deep"),
        (b"[" + b" " * 5_000_000 + b"]", "document_too_large"),
        (b"9" * 5_000, "document_not_json"),
    ],
)
def test_text_that_is_no_plain_json_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(GraphInvalid) as refusal:
        parse_text(text)
    assert [problem.code for problem in refusal.value.problems] == [code]


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999", b"1" + b"0" * 30])
def test_number_outside_json_is_refused(number: bytes) -> None:
    text = json.dumps(document("input -> out", ui={"x": "HERE"})).encode()
    value = parse_text(text.replace(b'"HERE"', number))
    assert codes_of(value) == ["document_not_json"]


def test_lone_surrogate_is_refused() -> None:
    assert codes_of(document("input", ui={"x": "\ud800"})) == ["document_not_json"]


def test_same_document_has_the_same_hash_in_any_order() -> None:
    made = document("input -> out")
    turned = dict(reversed(made.items()))
    assert canonical(made) == canonical(turned)
    assert graph_hash(canonical(made)) == graph_hash(canonical(turned))
    assert graph_hash(b"{}").startswith("sha256:44136fa355b3678a")


def test_error_carries_the_problems_as_data() -> None:
    with pytest.raises(GraphInvalid, match="The flow has 1 problem") as refusal:
        parse(document("input", name=""))
    assert refusal.value.detail["problems"][0]["pointer"] == "/name"


def test_dump_spells_out_defaults() -> None:
    assert dump(graph("input -> out"))["nodes"][0]["type_version"] == 1


def test_a_text_with_nul_is_refused_since_postgresql_cannot_keep_it():
    with pytest.raises(GraphInvalid) as caught:
        parse(document("in -> out", name="sup\0port"))
    assert [problem.code for problem in caught.value.problems] == ["document_not_json"]
