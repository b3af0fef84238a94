"""JSON for people: indented, with its names and texts told apart."""

import re
from typing import Any

import orjson
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

LONGEST = 60_000
BREAK = mark_safe(r'<span class="json-break">\n</span>')
TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=:)|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<other>-?\d[\d.eE+-]*|true|false|null)|(?P<plain>[^\"\dtfn-]+|.)",
    re.DOTALL,
)


class JsonText:
    """A JSON value as marked text; `is_cut` where only its beginning is shown."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401  any JSON value
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
        self.is_cut = len(text) > LONGEST
        self.html = _marked(text[:LONGEST])


def _marked(text: str) -> SafeString:
    return format_html_join(
        "", "{}", ((_mark(found),) for found in TOKEN.finditer(text))
    )


def _mark(found: re.Match[str]) -> SafeString | str:
    kind = found.lastgroup
    if kind == "plain":
        return found[0]
    return format_html('<span class="json-{}">{}</span>', kind, _broken(found[0]))


def _broken(text: str) -> SafeString:
    """Mark the line breaks inside a text, so that it is shown line by line."""
    return format_html_join(BREAK, "{}", ((line,) for line in text.split(r"\n")))
