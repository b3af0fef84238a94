import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.patch import difference

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("a/~", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("before", "after", "operations"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, [{"op": "replace", "path": "/a", "value": True}]),
        ({"a": 1}, {}, [{"op": "remove", "path": "/a"}]),
        ({}, {"a/b": 1}, [{"op": "add", "path": "/a~1b", "value": 1}]),
        ([1, 2], [1, 3], [{"op": "replace", "path": "/1", "value": 3}]),
        ([1], [1, 2], [{"op": "replace", "path": "", "value": [1, 2]}]),
    ],
)
def test_difference_is_the_least_that_changed(before, after, operations):
    assert difference(before, after) == operations


@given(JSON, JSON)
def test_patch_applied_to_the_proposal_gives_the_result(before, after):
    result = before
    for operation in difference(before, after):
        result = apply(result, operation)
    assert repr(ordered(result)) == repr(ordered(after))


def apply(value, operation):
    """One operation of RFC 6902, on a copy."""
    path = operation["path"]
    if path == "":
        return operation["value"]
    head, *rest = path[1:].split("/")
    name = head.replace("~1", "/").replace("~0", "~")
    inner = {**operation, "path": "".join(f"/{part}" for part in rest)}
    if isinstance(value, list):
        index = int(name)
        return [*value[:index], apply(value[index], inner), *value[index + 1 :]]
    if not rest and operation["op"] == "remove":
        return {key: kept for key, kept in value.items() if key != name}
    return {**value, name: apply(value.get(name), inner)}


def ordered(value):
    if isinstance(value, dict):
        return sorted((name, ordered(inner)) for name, inner in value.items())
    return [ordered(inner) for inner in value] if isinstance(value, list) else value
