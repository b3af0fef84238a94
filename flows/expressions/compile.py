"""One expression: compiled once, evaluated many times, never trusted further.

In this binding an error is a value and counts as true in Python, so nothing that comes
out of the library goes further than `read_result`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from flows.errors import ExpressionFailed, ExpressionInvalid
from flows.expressions.messages import compile_problem, runtime_problem
from flows.expressions.references import Reference, find_references
from flows.expressions.results import ErrorValue, read_result
from flows.expressions.tokens import tokens
from flows.expressions.variables import PLAIN, absence, find_names
from flows.expressions.weight import Weight, check_work, weigh

__all__ = ["Expression", "Reference", "compile_expression"]

MAX_SOURCE = 2_000

ENV = cel.NewEnv(variables=dict.fromkeys((*PLAIN, "steps"), cel.Type.DYN))


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. It may be evaluated from any thread.

    `names` are the variables it reads, other than `steps`.
    """

    source: str
    references: frozenset[Reference]
    names: tuple[str, ...]
    _steps: tuple[str, ...]
    _weight: Weight
    _program: Any

    def evaluate(self, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Compute the value, as JSON.

        `variables` holds what exists where the expression stands; only what it names is
        bound. Raises: ExpressionFailed if there is no value, or it is no JSON, or too
        large, or if it names what does not exist there.
        """
        bound: dict[str, Any] = {}
        for name in self.names:
            if name not in variables:
                raise ExpressionFailed(runtime_problem(absence(name), self.source))
            bound[name] = variables[name]
        if self._steps:
            steps = variables["steps"]
            bound["steps"] = {
                name: steps[name] for name in self._steps if name in steps
            }
        if bound:
            check_work(self._weight, bound)
        try:
            value = self._program.eval(data=bound)
        except (RuntimeError, ValueError, TypeError, OverflowError) as error:
            raise ExpressionFailed(runtime_problem(str(error), self.source)) from None
        try:
            return read_result(value)
        except ErrorValue as error:
            raise ExpressionFailed(runtime_problem(error.reason, self.source)) from None


@lru_cache(maxsize=1024)
def compile_expression(source: str) -> Expression:
    """Compile a CEL source.

    Raises: ExpressionInvalid with the place if it breaks the language or a limit.
    """
    if len(source) > MAX_SOURCE:
        raise ExpressionInvalid(
            f"The expression has {len(source):,} characters. "
            f"Shorten it to {MAX_SOURCE:,}.",
            MAX_SOURCE,
        )
    words = tokens(source)
    if not words:
        raise ExpressionInvalid("The expression is empty. Enter one.")
    weight = weigh(words)
    references = find_references(words)
    try:
        program = ENV.compile(source)
    except (RuntimeError, ValueError) as error:
        raise compile_problem(str(error), source) from None
    return Expression(
        source=source,
        references=references,
        names=find_names(words),
        _steps=tuple({reference.step for reference in references}),
        _weight=weight,
        _program=program,
    )
