"""Text with expressions in it: `Dear {{ input.name }}`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from flows.errors import ExpressionFailed, ExpressionInvalid
from flows.expressions.compile import Expression, compile_expression
from flows.expressions.results import MAX_RESULT_BYTES
from flows.expressions.tokens import iter_tokens

OPEN, CLOSE = "{{", "}}"


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled text: literal parts and expressions in turn."""

    parts: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in the order in which they stand."""
        return tuple(part for part in self.parts if isinstance(part, Expression))

    def render(
        self,
        variables: Mapping[str, Any],
        *,
        encode: Callable[[str], str] | None = None,
    ) -> str:
        """Fill in the values: text as it is, null as nothing, the rest as compact JSON.

        `encode` is applied to what is filled in, never to what stands there literally.
        Raises: ExpressionFailed if an expression fails or the text grows too large.
        """
        rendered = "".join(
            part if isinstance(part, str) else _filled(part, variables, encode)
            for part in self.parts
        )
        if len(rendered) > MAX_RESULT_BYTES:
            raise ExpressionFailed(
                f"The text is longer than {MAX_RESULT_BYTES:,} characters. Shorten it."
            )
        return rendered


@lru_cache(maxsize=256)
def compile_text(source: str) -> Text:
    """Compile a text.

    Raises: ExpressionInvalid with the place in the whole text.
    """
    parts: list[str | Expression] = []
    at = 0
    while (opened := source.find(OPEN, at)) >= 0:
        if opened > at:
            parts.append(source[at:opened])
        start = opened + len(OPEN)
        end = _end(source, start)
        parts.append(_compile(source[start:end], start))
        at = end + len(CLOSE)
    if at < len(source):
        parts.append(source[at:])
    return Text(tuple(parts))


def _compile(source: str, start: int) -> Expression:
    try:
        return compile_expression(source.strip())
    except ExpressionInvalid as error:
        blank = len(source) - len(source.lstrip())
        raise ExpressionInvalid(error.message, start + blank + error.offset) from None


def _end(source: str, start: int) -> int:
    """Find the braces that close the expression: not those in strings or maps."""
    depth = 0
    closing: int | None = None
    for word in iter_tokens(source, start):
        if word.text == "}" and closing == word.offset:
            return closing - 1
        closing = None
        if word.text == "{":
            depth += 1
        elif word.text == "}" and depth:
            depth -= 1
        elif word.text == "}":
            closing = word.offset + 1
    raise ExpressionInvalid(
        "'{{' is not closed. Add '}}' after the expression, "
        'or write {{ "{{" }} for the two braces themselves.',
        start - len(OPEN),
    )


def _filled(
    part: Expression,
    variables: Mapping[str, Any],
    encode: Callable[[str], str] | None,
) -> str:
    shown = _shown(part.evaluate(variables))
    return shown if encode is None else encode(shown)


def _shown(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value
    return "" if value is None else orjson.dumps(value).decode()
