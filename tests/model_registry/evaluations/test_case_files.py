import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.errors import CasesInvalid
from model_registry.evaluations.case_files import MAX_CASES, Shapes, read_cases

SHAPES = Shapes(
    input={
        "type": "object",
        "required": ["text"],
        "properties": {"text": {"type": "string"}, "amount": {"type": "number"}},
        "additionalProperties": False,
    },
    output={
        "type": "object",
        "required": ["label", "score"],
        "properties": {
            "label": {"type": ["string", "null"]},
            "score": {"type": "number"},
        },
    },
)


def read(text, *, is_csv=False):
    return read_cases(text.encode(), SHAPES, is_csv=is_csv)


def problems(text, *, is_csv=False):
    with pytest.raises(CasesInvalid) as refused:
        read(text, is_csv=is_csv)
    return list(refused.value.problems)


def test_json_lines_are_cases():
    text = (
        '{"input": {"text": "a"}, "expected": {"label": "x"}, "tags": ["vip"]}\n\n'
        '{"input": {"text": "b", "amount": 2}, "expected": {"label": null, "score": 1}}\r\n'
    )
    one, other = read(text)
    assert (one.line, one.tags, one.expected) == (1, ("vip",), {"label": "x"})
    assert (other.line, other.input) == (3, {"text": "b", "amount": 2})


def test_csv_cells_are_what_the_schema_says():
    text = (
        "\ufeffinput.text,input.amount,expected.label,tags\r\n"
        '12,3.5,"one\ntwo",vip mail\r\n'
        "true,,,\r\n"
        "b,1,x,\r\n"
    )
    with pytest.raises(CasesInvalid) as refused:
        read(text, is_csv=True)
    # An empty cell is nothing, and a case has to expect something.
    assert refused.value.problems == (
        "line 4: expected has to be an object that is not empty.",
    )
    one, other = read(text.replace("true,,,\r\n", ""), is_csv=True)
    assert one.input == {"text": "12", "amount": 3.5}
    assert (one.expected, one.tags, one.line) == (
        {"label": "one\ntwo"},
        ("vip", "mail"),
        2,
    )
    assert (other.line, other.input) == (4, {"text": "b", "amount": 1})


def test_every_problem_is_told_with_its_line():
    told = problems(
        "[1]\n"
        "{oops\n"
        '{"input": {"text": 1}, "expected": {"label": 2}}\n'
        '{"input": {"text": "a"}, "expected": {}, "note": 1}\n'
        '{"input": {"text": "a"}, "expected": {"score": NaN}}\n'
        '{"input": {"text": "a"}, "expected": {"score": 1}, "tags": ["A b"]}\n'
    )
    assert [line.split(":")[0] for line in told] == [
        "line 1",
        "line 2",
        "line 3",
        "line 3",
        "line 4",
        "line 4",
        "line 5",
        "line 6",
    ]
    assert "not an object" in told[0]
    assert "note: unknown" in told[4]


def test_a_problem_does_not_repeat_what_stands_there():
    told = problems('{"input": {"text": 4711471147}, "expected": {"label": "x"}}')
    assert "4711471147" not in "".join(told)


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("input.text", "line 1: there is no column expected.NAME."),
        ("expected.label,text,input.text", "line 1: the column 'text' is neither"),
        (
            "input.text,expected.label,input.text",
            "line 1: the column 'input.text' stands",
        ),
    ],
)
def test_csv_without_the_right_head_is_refused(head, problem):
    assert any(
        line.startswith(problem) for line in problems(f"{head}\na,b\n", is_csv=True)
    )


def test_csv_rows_have_as_many_cells_as_the_head():
    told = problems("input.text,expected.label\na\na,b,c\n", is_csv=True)
    assert told == [
        "line 2: 1 cells, and the head has 2.",
        "line 3: 3 cells, and the head has 2.",
    ]


def test_csv_cell_that_is_no_number_is_told():
    told = problems("input.text,input.amount,expected.label\na,many,b\n", is_csv=True)
    assert told == ["line 2: input.amount is neither text nor JSON here."]


def test_what_is_no_text_is_told_with_its_line():
    with pytest.raises(CasesInvalid, match="line 2: not UTF-8"):
        read_cases(b"{}\n\xff", SHAPES, is_csv=False)


@pytest.mark.parametrize("is_csv", [True, False])
def test_an_empty_file_is_refused(is_csv):
    assert problems("", is_csv=is_csv)


def test_too_many_cases_are_refused():
    line = '{"input": {"text": "a"}, "expected": {"label": "x"}}\n'
    told = problems(line * (MAX_CASES + 2))
    assert told == [f"line {MAX_CASES + 1}: more than 10,000 cases."]


def test_a_file_full_of_problems_is_told_in_part():
    told = problems("x\n" * 300)
    assert (len(told), told[-1]) == (201, "and 100 more.")


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1
    )
)
def test_json_lines_come_back_as_they_went(texts):
    rows = [{"input": {"text": text}, "expected": {"label": text}} for text in texts]
    cases = read("\n".join(map(json.dumps, rows)))
    assert [case.input for case in cases] == [row["input"] for row in rows]


@given(st.binary(max_size=300), st.booleans())
def test_whatever_is_uploaded_is_read_or_refused(content, is_csv):
    try:
        told = read_cases(content, SHAPES, is_csv=is_csv)
    except CasesInvalid as refused:
        told = refused.problems
    assert told
