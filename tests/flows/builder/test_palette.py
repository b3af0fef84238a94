"""How the builder shows node types."""

import pytest

from flows.builder.canvas import canvas_data
from flows.builder.palette import STARTING, face, groups, types
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import document


def test_palette_shows_every_type_once():
    shown = [each.name for _, found in groups() for each in found]
    assert sorted(shown) == sorted(NODE_TYPES)


@pytest.mark.parametrize("name", NODE_TYPES)
def test_new_node_has_the_ports_of_its_type(name):
    ports = types()[name]["ports"]
    assert ("out" in ports) or name in {
        "output",
        "fail",
        "condition",
        "switch",
        "approval",
        "validate",
        "note",
    }
    assert set(STARTING) <= set(NODE_TYPES)


def test_unfinished_switch_keeps_its_ports():
    cases = [{"port": "first", "when": ""}, {"port": "first"}, {"port": 5}, "x"]
    assert face("switch", {"cases": cases})["ports"] == ["first", "otherwise"]
    assert face("switch", {"cases": 5})["ports"] == ["otherwise"]


def test_unfinished_wait_keeps_its_ports():
    events = [{"name": "", "key": "", "port": "paid"}, {"port": ""}]
    assert face("wait", {"events": events})["ports"] == ["paid"]
    assert face("wait", {"events": events, "for_s": "9"})["ports"] == [
        "paid",
        "timeout",
    ]
    assert face("wait", {})["ports"] == ["out"]


@pytest.mark.parametrize(
    ("name", "config", "foot"),
    [
        (
            "http_request",
            {"method": "POST", "url": "https://a.example/x"},
            "POST a.example",
        ),
        ("wait", {"events": [{}, {}]}, "2 events"),
        ("map", {"concurrency": 4}, "For each item, 4 at once"),
        ("wait", {"until": "input.at"}, "Until a time"),
        ("subflow", {"flow": "refund"}, "refund"),
        ("note", {"text": "Ask finance. " * 9}, "Ask finance. " * 9),
    ],
)
def test_foot_says_what_a_node_does(name, config, foot):
    assert face(name, config)["foot"] == foot


def test_unknown_type_has_a_face():
    assert face("gone", {})["ports"] == []


def test_canvas_gets_the_face_of_every_node():
    data = canvas_data(document("in -> cond, cond:true -> out"))
    assert data["faces"]["cond"]["ports"] == ["true", "false"]
    assert set(data["faces"]) == {"in", "cond", "out"}
