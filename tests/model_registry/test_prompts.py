import pytest

from model_registry.errors import ModelInputInvalid
from model_registry.prompts import fill, unknown_placeholders

VALUE = {"text": "hi", "n": 1, "who": {"name": "Mara", "tags": ["a", "ü"]}, "no": None}


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("plain { text }", "plain { text }"),
        ("{{input.text}} and {{ input.n }}", "hi and 1"),
        ("{{ input.who.name }}", "Mara"),
        ("{{ input.who.tags }}", '["a", "ü"]'),
        ("{{ input.who.tags.1 }}", "ü"),
        ("{{ input.no }}", "null"),
    ],
)
def test_names_are_filled_in(prompt, text):
    assert fill(prompt, VALUE) == text


def test_whole_input_is_json():
    assert fill("{{ input }}", {"a": 1}) == '{"a": 1}'


@pytest.mark.parametrize(
    "path", ["nobody", "who.nobody", "text.upper", "who.tags.2", "who.__class__"]
)
def test_missing_name_is_told(path):
    with pytest.raises(ModelInputInvalid, match=rf"input\.{path}"):
        fill("{{ input." + path + " }}", VALUE)


@pytest.mark.parametrize("text", ["\ud800", "a\x00"])
def test_text_that_cannot_be_sent_is_told(text):
    with pytest.raises(ModelInputInvalid, match="cannot be sent"):
        fill("{{ input.a }}", {"a": text})


def test_filled_in_text_is_not_read_again():
    assert fill("{{ input.a }}", {"a": r"{{ input.b }}\1", "b": "x"}) == (
        r"{{ input.b }}\1"
    )


@pytest.mark.parametrize(
    "text",
    ["{{ x }}", "{{ input.a | upper }}", "{{ input.a", "{{}}", "{{ input['a'] }}"],
)
def test_what_would_not_be_filled_in_is_found(text):
    assert unknown_placeholders(f"a {text}") == [text]
    assert unknown_placeholders("a {{ input.b }} {c}") == []
