"""The expressions of a document: where each stands, and what it reads."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from flows.errors import ExpressionInvalid
from flows.expressions import compile_expression, compile_text

# How a text is read: as CEL, as text with {{ }} in it, or as CEL that is evaluated for
# each item of a list.
Reading = Literal["cel", "text", "each"]
# What exists in addition where an expression is evaluated for each item.
OF_ITEM = ("item", "index")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpressionUse:
    """One expression: its place in the config, and what came of compiling it.

    `references` holds (node id, whether the expression asks has(steps.<id>) first),
    `names` the other variables that it reads, and `provides` those of them that exist
    at this place of the config, whatever stands around the node. `path` are the names
    of an expression that only reads a field (`steps.a.items`), `kind` is the CEL type
    of its value, "DYN" if that depends on what it reads, and `words` counts its words and signs.
    """

    pointer: str
    words: int
    references: Collection[tuple[str, bool]] = ()
    names: Collection[str] = ()
    provides: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    kind: str = "DYN"
    error: str | None = None
    offset: int = 0


def read_use(pointer: str, source: str, reading: Reading) -> ExpressionUse:
    """Compile one expression, or the expressions of one text."""
    try:
        if reading == "text":
            expressions = compile_text(source).expressions
        else:
            expressions = (compile_expression(source),)
    except ExpressionInvalid as error:
        return ExpressionUse(
            pointer=pointer, words=0, error=error.message, offset=error.offset
        )
    is_one = reading != "text"
    return ExpressionUse(
        pointer=pointer,
        words=sum(each.words for each in expressions),
        references=frozenset(
            found for each in expressions for found in each.references
        ),
        names=frozenset(name for each in expressions for name in each.names),
        provides=OF_ITEM if reading == "each" else (),
        path=expressions[0].path if is_one else (),
        kind=expressions[0].kind if is_one else "STRING",
    )
