"""Spans of time as people type them."""

import pytest

from flows.builder.spans import seconds_of, span_text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90 s", 90),
        ("1.5", 1.5),
        ("1,5 h", 5400),
        ("250ms", 0.25),
        (" 2 MIN ", 120),
        ("3 d", 259_200),
    ],
)
def test_a_span_is_a_number_with_a_unit(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "-3", "1e9", "5 weeks", "nan", "1 2", "٣"]
)
def test_what_is_no_span_means_none(text):
    assert seconds_of(text) is None


@pytest.mark.parametrize("text", ["90 s", "2 min", "36 h", "3 d", "0.5 s"])
def test_a_span_is_shown_as_it_was_typed(text):
    assert span_text(seconds_of(text)) == text


def test_no_span_is_shown_as_nothing():
    assert span_text(None) == ""
