import jsonschema_rs
import pytest
from pydantic import ValidationError

from flows.nodes.base import Data
from flows.nodes.validate import NODE

SCHEMA = {
    "type": "object",
    "properties": {"a/b": {"type": "integer"}, "list": {"items": {"minimum": 0}}},
    "required": ["a/b"],
}


def test_value_that_fits_leaves_by_valid() -> None:
    config = NODE.config(value="input", schema=SCHEMA)
    result = NODE.run(config, Data({"a/b": 1}, {}))
    assert result.port == "valid"
    assert result.output == {"valid": True, "errors": [], "value": {"a/b": 1}}


def test_every_place_that_does_not_fit_is_told() -> None:
    config = NODE.config(value="input", schema=SCHEMA)
    value = {"a/b": "x", "list": [1, -1, -2]}
    result = NODE.run(config, Data(value, {}))
    assert result.port == "invalid"
    pointers = [error["pointer"] for error in result.output["errors"]]
    assert sorted(pointers) == ["/a~1b", "/list/1", "/list/2"]
    assert jsonschema_rs.is_valid(NODE.output_schema(config, {}), result.output)


def test_errors_are_counted_up_to_a_limit() -> None:
    config = NODE.config(value="input.list", schema={"items": False})
    result = NODE.run(config, Data({"list": list(range(5_000))}, {}))
    assert len(result.output["errors"]) == 100


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "strnig"}, "/type"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "dialect"),
        ({"$ref": "https://elsewhere.example/schema"}, "of its own"),
        ({"properties": {"a": {"minimum": "1"}}}, "/properties/a/minimum"),
    ],
)
def test_schema_must_be_one_and_fetches_nothing(schema: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        NODE.config(value="input", schema=schema)
