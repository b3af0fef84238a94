import jsonschema_rs
import pytest

from flows.nodes.base import Data, Done, Failed
from flows.nodes.parse import NODE

READ = [
    ({}, '{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}),
    ({}, " 7 ", 7),
    ({"format": "csv"}, "sku,n\r\na1,2\nb2,5\n", [{"sku": "a1", "n": "2"}, {"sku": "b2", "n": "5"}]),
    ({"format": "csv"}, '\ufeffname,said\nAda,"one, ""two""\nthree"\n\n', [{"name": "Ada", "said": 'one, "two"\nthree'}]),
    ({"format": "csv", "delimiter": "semicolon"}, "a;b\n1,5;2\n", [{"a": "1,5", "b": "2"}]),
    ({"format": "csv"}, "a,b", []),
    ({"format": "lines"}, "one\r\ntwo\n\nfour\n", ["one", "two", "", "four"]),
    ({"format": "lines"}, "", []),
]  # fmt: skip
REFUSED = [
    ({}, '{"a": 1,\n  "b": }', "line 2, column 8"),
    ({}, "", "no JSON"),
    ({}, "NaN", "line 1, column 1"),
    ({}, '"\\ud800"', "no JSON"),
    ({}, "[" * 65 + "]" * 65, "deeper than 64"),
    ({"format": "csv"}, "a,b\n1,2\n1,2,3\n", "line 3, column 3"),
    ({"format": "csv"}, "a,b\n1\n", "line 2, column 2"),
    ({"format": "csv"}, "a,a\n1,2\n", "two columns are called 'a'"),
    ({"format": "csv"}, "a,\n1,2\n", "column 2 has no name"),
    ({"format": "csv"}, "", "no line of column names"),
    ({"format": "csv"}, 'a\n"open\n', "line 2"),
    ({"format": "csv"}, 'a\n"x"y\n', "line 2"),
]


@pytest.mark.parametrize(("config", "text", "value"), READ)
def test_text_is_read(config: dict, text: str, value: object) -> None:
    config = NODE.config(text="input.text", **config)
    result = NODE.run(config, Data({"text": text}, {}))
    assert result == Done({"value": value})
    assert jsonschema_rs.is_valid(NODE.output_schema(config, {}), result.output)


@pytest.mark.parametrize(("config", "text", "words"), REFUSED)
def test_what_cannot_be_read_fails_with_its_place(
    config: dict, text: str, words: str
) -> None:
    result = NODE.run(
        NODE.config(text="input.text", **config), Data({"text": text}, {})
    )
    assert isinstance(result, Failed)
    assert result.code == "parse_failed"
    assert words in result.message


def test_deepest_json_that_is_stored_is_read() -> None:
    config = NODE.config(text="input.text")
    deepest = "[" * 64 + "]" * 64
    assert isinstance(NODE.run(config, Data({"text": deepest}, {})), Done)


def test_other_values_than_text_fail() -> None:
    result = NODE.run(NODE.config(text="input.n"), Data({"n": 1}, {}))
    assert isinstance(result, Failed)
    assert result.code == "parse_not_text"
