"""Words of a CEL source, as far as the limits and the references need them.

Source: github.com/google/cel-spec/blob/master/doc/langdef.md, "Syntax".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    r"""
    (?P<blank>\s+|//[^\n]*)
  | (?P<string>[bB]?[rR](?:\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|"[^"\n]*"|'[^'\n]*')
      |[bB]?(?:\"\"\"(?s:(?:\\.|[^\\])*?)\"\"\"|'''(?s:(?:\\.|[^\\])*?)'''
             |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*|`[^`\n]*`)
  | (?P<number>[0-9][A-Za-z0-9_]*(?:\.[0-9]+)?)
  | (?P<sign>.)
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One word, sign, number or string with its place in the source."""

    kind: str
    text: str
    offset: int


def tokens(source: str) -> list[Token]:
    """Split the source; blanks and comments are left out."""
    return list(iter_tokens(source))


def iter_tokens(source: str, start: int = 0) -> Iterator[Token]:
    """Split the source from `start` on, as far as the caller reads."""
    for match in TOKEN.finditer(source, start):
        kind = match.lastgroup or "sign"
        if kind != "blank":
            yield Token(kind, match.group(), match.start())


def string_value(token: Token) -> str | None:
    """Text of a string literal without escapes; None for any other."""
    quoted = re.fullmatch(r"""(["'])([A-Za-z0-9_]*)\1""", token.text)
    return quoted.group(2) if quoted else None
