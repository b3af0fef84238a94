"""The expression language, for the settings of models.

The registry calls it by its name: it stands below flows and imports none of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.expressions import (
    Expression,
    ExpressionFailed,
    ExpressionInvalid,
    compile_expression,
)
from model_registry.expressions import Evaluate


def compile_for_model(source: str, variables: Sequence[str]) -> Evaluate:
    """Compile an expression that reads only these variables. Raises: ValueError."""
    try:
        expression = compile_expression(source)
    except ExpressionInvalid as error:
        raise ValueError(error.message) from None
    foreign = [name for name in expression.names if name not in variables]
    if expression.references or foreign:
        known = " and ".join(variables)
        name = foreign[0] if foreign else "steps"
        raise ValueError(f"reads '{name}'; there is only {known}")
    return _Evaluation(expression).evaluate


class _Evaluation:
    def __init__(self, expression: Expression) -> None:
        self._expression = expression

    def evaluate(self, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        try:
            return self._expression.evaluate(variables)
        except ExpressionFailed as error:
            raise ValueError(error.message) from None
