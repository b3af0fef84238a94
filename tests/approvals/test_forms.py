import pytest

from approvals.errors import FieldsInvalid
from approvals.forms import FieldsForm

SCHEMA = {
    "properties": {
        "code": {"type": "string", "maxLength": 20, "title": "Order code"},
        "count": {"type": "integer", "minimum": 1},
        "share": {"type": "number"},
        "urgent": {"type": "boolean"},
        "level": {"enum": [1, 2]},
        "tags": {"type": "array"},
    }
}


def form_of(proposed, sent=None, schema=SCHEMA):
    data = None
    if sent is not None:
        data = {f"field-{name}": value for name, value in sent.items()}
    return FieldsForm(proposed, schema, data)


@pytest.mark.parametrize(
    ("proposed", "sent", "read"),
    [
        ({"answer": "a"}, {"answer": " b "}, {"answer": " b "}),
        ({"answer": None}, {"answer": ""}, {"answer": None}),
        ({"answer": None}, {"answer": "b"}, {"answer": "b"}),
        ({"answer": "a\r\nb"}, {"answer": "a\r\nb"}, {"answer": "a\r\nb"}),
        ({"answer": "a\nb"}, {"answer": "a\r\nc"}, {"answer": "a\nc"}),
        ({"count": 2}, {"count": "3"}, {"count": 3}),
        ({"share": 2}, {"share": "2"}, {"share": 2}),
        ({"share": 0.5}, {"share": "0.25"}, {"share": 0.25}),
        ({"urgent": True}, {}, {"urgent": False}),
        ({"level": 1}, {"level": "2"}, {"level": 2}),
        ({"tags": ["a"]}, {"tags": '["a", "b"]'}, {"tags": ["a", "b"]}),
    ],
)
def test_values_come_back_as_the_json_they_were(proposed, sent, read):
    form = form_of(proposed, sent)
    assert form.is_valid(), form.errors
    assert form.changed() == read
    assert type(form.changed().popitem()[1]) is type(read.popitem()[1])


@pytest.mark.parametrize(
    ("proposed", "sent"),
    [
        ({"count": 2}, {"count": "two"}),
        ({"count": 2}, {"count": "0"}),
        ({"share": 1.5}, {"share": "nan"}),
        ({"level": 1}, {"level": "3"}),
        ({"tags": []}, {"tags": "[1,"}),
    ],
)
def test_what_cannot_be_read_is_marked_at_its_field(proposed, sent):
    form = form_of(proposed, sent)
    assert not form.is_valid()
    (name,) = proposed
    assert form.fields[name].widget.attrs["aria-invalid"] == "true"


def test_long_text_gets_room_and_a_code_gets_a_line():
    form = form_of({"answer": "a", "code": "F-1"})
    assert "<textarea" in str(form["answer"])
    assert "<input" in str(form["code"])
    assert form["code"].label == "Order code"


def test_refusal_of_the_schema_goes_to_its_field():
    form = form_of({"a/b": "x"}, {"a/b": "y"})
    form.is_valid()
    form.show_error(FieldsInvalid("/a~1b/0", "too long"))
    assert form.errors["a/b"] == ["This does not fit: too long."]


def test_proposal_outside_its_choices_is_not_replaced_by_the_first():
    choices = form_of({"level": 7}).fields["level"].choices
    assert choices[0] == ("", "–")
