import pytest

from model_registry.card import card_html
from model_registry.manifest_lines import line_of
from model_registry.word_diff import differing


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("# One\n## Two", "<h2>One</h2><h3>Two</h3>"),
        ("a\nb\n\nc", "<p>a\nb</p><p>c</p>"),
        ("#no heading", "<p>#no heading</p>"),
        ("- a\n- b\n  c", "<ul><li>a</li><li>b\nc</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("text\n- a", "<p>text</p><ul><li>a</li></ul>"),
        (
            "```py\n# x\n<b>\n```\nend",
            "<pre><code># x\n&lt;b&gt;</code></pre><p>end</p>",
        ),
        ("```\nnever ends", "<pre><code>never ends</code></pre>"),
        ("`a*b` and **c**", "<p><code>a*b</code> and <strong>c</strong></p>"),
        ("`**x**`", "<p><code>**x**</code></p>"),
        ("a **b", "<p>a **b</p>"),
    ],
)
def test_markdown_of_cards(text, html):
    assert card_html(text) == html


def test_table_is_one():
    html = card_html("| A | B |\n|---|--:|\n| **1** | `2` |")
    assert html.count("<th ") == 2
    assert "<td><strong>1</strong></td><td><code>2</code></td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "# <img src=x onerror=alert(1)>",
        "- <b onclick=x>",
        "[x](javascript:alert(1))",
        '[x](https://a.example/"onclick="x)',
        "[<script>](https://a.example)",
        "`<script>`",
        "| <i> |\n|---|\n| <u> |",
        "```\n</code></pre><script>\n```",
        "&lt;script&gt;",
    ],
)
def test_nothing_in_a_card_is_markup_of_the_page(text):
    html = card_html(text)
    for wrong in ("<script", "<img", "<b ", "<i>", "<u>", 'href="java', '"onclick'):
        assert wrong not in html


def test_link_goes_to_https_only():
    link = '<a href="https://a.example/b?c=1&amp;d" rel="noreferrer noopener">x</a>'
    assert card_html("[x](https://a.example/b?c=1&d)") == f"<p>{link}</p>"
    assert card_html("[x](http://a.example)") == "<p>[x](http://a.example)</p>"


MANIFEST = """\
model: shop
tags:
  - mail
  - Bad
version:
  adapter: echo
  settings: {base_url: x}
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("model", 1),
        ("tags.1", 4),
        ("tags.9", 2),
        ("version.settings.base_url", 7),
        ("version.settings.model", 7),
        ("capability", None),
    ],
)
def test_place_of_a_manifest_has_its_line(place, line):
    assert line_of(MANIFEST, place) == line


@pytest.mark.parametrize("text", ["a: b: c", "x: &a 1", "", "- 1"])
def test_unreadable_manifest_has_no_lines(text):
    assert line_of(text, "model") is None


def test_words_that_differ_are_marked():
    assert differing("one two three", "one four three") == [
        ("same", "one "),
        ("del", "two"),
        ("ins", "four"),
        ("same", " three"),
    ]
    assert differing("same", "same") == [("same", "same")]


def test_long_texts_differ_as_a_whole():
    old, new = "a " * 3000, "b " * 3000
    assert differing(old, new) == [("del", old), ("ins", new)]
