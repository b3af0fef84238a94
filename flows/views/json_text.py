"""JSON for people: indented, with its names and texts told apart."""

import re
from typing import Any

import orjson
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST = 60_000
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
    return format_html('<span class="json-{}">{}</span>', kind, found[0])
