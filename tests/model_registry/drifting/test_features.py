import pytest

from model_registry.drifting.features import MOST_FEATURES, Reader

SHARE = {"type": "number", "minimum": 0, "maximum": 1}
ASKED = {
    "properties": {
        "text": {"type": "string"},
        "channel": {"type": "string", "enum": ["chip", "online"]},
    }
}
SAID = {
    "properties": {
        "intent": {"type": ["string", "null"], "enum": ["refund", None]},
        "sure": {"type": "boolean"},
        "confidence": SHARE,
        "answer": {"type": "string"},
        "amount": {"type": "number", "minimum": 0},
    }
}


def features(asked, said):
    return dict(Reader(ASKED, SAID).features(asked, said))


def test_what_the_schemas_list_is_sorted_and_texts_are_only_measured():
    said = {"intent": "refund", "sure": True, "confidence": 0.94, "answer": "Dear Mo"}
    assert features({"text": "x" * 20, "channel": "chip"}, said) == {
        "output.intent": "refund",
        "output.sure": "true",
        "output.confidence": "0.9",
        "input.channel": "chip",
        "input.size": "<32",
    }


def test_what_is_absent_is_a_sort_of_its_own():
    found = features({}, {"intent": None})
    assert found["output.intent"] == "null"
    assert found["output.confidence"] == "absent"
    assert found["input.size"] == "<1"


@pytest.mark.parametrize(
    ("value", "sort"), [(0, "0.0"), (0.099, "0.0"), (0.1, "0.1"), (1, "0.9")]
)
def test_scores_fall_into_tenths(value, sort):
    assert features({}, {"confidence": value})["output.confidence"] == sort


def test_wide_schemas_are_counted_in_part():
    wide = {"properties": {f"p{number}": SHARE for number in range(50)}}
    found = Reader(wide, wide).features({}, {})
    assert len(found) == MOST_FEATURES


@pytest.mark.parametrize(
    "schema", [{}, {"properties": {"a": True}}, {"type": "object"}]
)
def test_schemas_that_say_nothing_give_nothing(schema):
    assert Reader(schema, schema).features({"a": 1}, {"a": 1}) == []
