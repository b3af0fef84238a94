"""JSON for people."""

import re

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.views.json_text import LONGEST, JsonText

TAG = re.compile(r"<[^>]*>")
UNESCAPED = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#x27;", "'"),
    ("&amp;", "&"),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES)
def test_marks_change_nothing_of_the_text(value):
    text = TAG.sub("", JsonText(value).html)
    for escaped, plain in UNESCAPED:
        text = text.replace(escaped, plain)
    assert orjson.loads(text) == value


@pytest.mark.parametrize("text", ["<script>", '"><b>', "a\nb"])
def test_nothing_in_a_value_is_markup(text):
    tags = set(TAG.findall(JsonText({text: text}).html))
    assert all(tag == "</span>" or tag.startswith('<span class="json-') for tag in tags)


def test_names_and_texts_are_told_apart():
    html = JsonText({"a": "b"}).html
    assert '<span class="json-key">&quot;a&quot;</span>' in html
    assert '<span class="json-string">&quot;b&quot;</span>' in html


def test_what_is_too_long_is_cut_and_says_so():
    assert JsonText("x" * (LONGEST + 1)).is_cut
    assert not JsonText("x").is_cut
