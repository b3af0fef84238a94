"""CEL expressions and texts with {{ }} in them, within limits. Pure."""

from flows.errors import ExpressionFailed, ExpressionInvalid
from flows.expressions.compile import Expression, Reference, compile_expression
from flows.expressions.text import Text, compile_text

__all__ = [
    "Expression",
    "ExpressionFailed",
    "ExpressionInvalid",
    "Reference",
    "Text",
    "compile_expression",
    "compile_text",
]
