"""Rules that hold for any document."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import GraphInvalid
from flows.graph.document import dump
from flows.graph.parse import parse
from flows.graph.validate import validate
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import document

VALID = document(
    """
    input -> a -> cond, input -> model -> cond, cond:true -> b
    cond:false -> switch, switch:one -> fail, switch:otherwise -> b
    b -> c -> cond2, cond2:true -> map, cond2:false ~> b, cond2:exhausted -> fail2
    map -> join, map -> wait -> join -> out, join:unmet -> out2
    item1 -> cond3, cond3:true -> item2, cond3:false ~> item1, cond3:exhausted -> item3
    map2, item4
    """,
    parents=dict.fromkeys(["item1", "item2", "item3", "cond3", "map2"], "map")
    | {"item4": "map2"},
    configs={
        "model": {"model": "echo", "input": {"text": "input.text"}},
        "b": {"values": {"n": "round", "before": "rounds.map(r, r.b.n)"}},
        "map": {"items": "input.rows", "result": "has(steps.item2) ? 1 : index"},
        "map2": {"items": "item.parts"},
        "item4": {"values": {"x": "outer.index + index"}},
        "join": {"mode": "n_of_m", "count": 1},
        "out": {
            "values": {"x": "steps.a", "y": "steps.model.z", "z": "steps.map.items"}
        },
        "fail": {"code": "no", "message": "{{ steps.a.x }}"},
    },
    more={
        "a": {
            "retry": {"attempts": 3, "on": ["expression_failed"], "when": "output.x"}
        },
        "model": {"on_error": {"action": "default", "output": {"z": 1}}},
        "c": {"on_error": {"action": "fail"}, "timeout_s": 5},
    },
    settings={
        "deadline_s": 60,
        "priority": 2,
        "concurrency": {"limit": 2, "key": "input.customer"},
    },
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["input", "out", "cond", "steps.a", "{{ x", "true", "e1", "in"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5)
            | st.sampled_from([*VALID, *VALID["nodes"][1], *VALID["edges"][7]]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a document."""
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        each = stack.pop()
        pairs = each.items() if isinstance(each, dict) else enumerate(each)
        for key, inner in list(pairs):
            found.append((each, key))
            if isinstance(inner, dict | list):
                stack.append(inner)
    return found


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    made = copy.deepcopy(VALID)
    for _ in range(draw(st.integers(1, 4))):
        container, key = draw(st.sampled_from(places(made)))
        match draw(st.sampled_from(["replace", "remove", "copy"])):
            case "replace":
                container[key] = draw(JSON)
            case "remove":
                del container[key]
            case "copy":
                source, name = draw(st.sampled_from(places(VALID)))
                container[key] = copy.deepcopy(source[name])
        if not places(made):
            return made
    return made


def check(value: Any) -> None:
    try:
        parsed = parse(value)
    except GraphInvalid:
        return
    assert parse(dump(parsed)) == parsed
    for problem in validate(parsed, NODE_TYPES):
        assert problem.node_id is None or parsed.has_node(problem.node_id)
    places_in_order = {node_id: n for n, node_id in enumerate(parsed.order)}
    for source, target in parsed.links:
        if source in places_in_order and target in places_in_order:
            assert places_in_order[source] < places_in_order[target]


@settings(max_examples=120, deadline=None)
@given(JSON)
def test_any_value_is_parsed_or_refused(value: Any) -> None:
    check(value)


@settings(max_examples=120, deadline=None)
@given(mutations())
def test_any_change_of_a_sound_document_is_answered_with_problems(value: Any) -> None:
    check(value)


def test_sound_document_has_no_problem() -> None:
    problems = validate(parse(VALID), NODE_TYPES)
    assert [each.code for each in problems if each.severity == "error"] == []
