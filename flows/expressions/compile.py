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
from flows.expressions.cost import check_cost
from flows.expressions.messages import compile_problem, runtime_problem
from flows.expressions.paths import ABSENT, Path, find_mentions, names_of, read_path
from flows.expressions.reads import Reads, find_reads
from flows.expressions.references import Reference, find_references
from flows.expressions.results import ErrorValue, read_result
from flows.expressions.tokens import tokens
from flows.expressions.variables import KNOWN, absence, bound_name
from flows.expressions.weight import Weight, find_macro, weigh

__all__ = ["Expression", "Reference", "compile_expression"]

MAX_SOURCE = 2_000
DYNAMIC = "DYN"

ENV = cel.NewEnv(variables=dict.fromkeys(sorted(KNOWN), cel.Type.DYN))


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. It may be evaluated from any thread.

    `names` are the variables it reads, other than `steps`; `path` are the names of one
    that only reads a field; `kind` is the CEL type of its value, "DYN" if that depends
    on what it reads; `words` counts its words and signs.
    """

    source: str
    words: int
    references: frozenset[Reference]
    names: tuple[str, ...]
    path: Path
    kind: str
    _reads: Reads
    _weight: Weight
    _program: Any

    def evaluate(self, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Compute the value, as JSON.

        `variables` holds what exists where the expression stands; only what it names is
        read. Raises: ExpressionFailed if there is no value, or it is no JSON, or too
        large, or if it names what does not exist there.
        """
        self._check_names(variables)
        if self.path and (found := read_path(variables, self.path)) is not ABSENT:
            return found
        bound = self._reads.bind(variables)
        is_small = check_cost(self._weight, bound)
        program = self._program or read_program(self.source)
        try:
            value = program.eval(data=bound)
        except (RuntimeError, ValueError, TypeError, OverflowError) as error:
            raise ExpressionFailed(runtime_problem(str(error), self.source)) from None
        try:
            return read_result(value, is_small=is_small)
        except ErrorValue as error:
            raise ExpressionFailed(runtime_problem(error.reason, self.source)) from None

    def check(self, variables: Mapping[str, Any]) -> None:
        """Say whether the values may be worked on. Raises: ExpressionFailed."""
        self._check_names(variables)
        check_cost(self._weight, self._reads.bind(variables))

    def _check_names(self, variables: Mapping[str, Any]) -> None:
        for name in self.names:
            if name not in variables:
                raise ExpressionFailed(runtime_problem(absence(name), self.source))


# About 7 kB each: enough for the largest flow to run without compiling anew.
@lru_cache(maxsize=5_000)
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
    macro = find_macro(words)
    bound = None if macro is None else bound_name(words, macro)
    mentions = find_mentions(words, bound)
    weight = weigh(words, macro, mentions)
    references = find_references(words)
    is_path = [(each.start, each.end) for each in mentions] == [(0, len(words))]
    # Only a path that leads nowhere is ever given to the library.
    program = None if is_path else read_program(source)
    return Expression(
        source=source,
        words=len(words),
        references=references,
        names=names_of(mentions),
        path=mentions[0].path if is_path else (),
        kind=DYNAMIC if program is None else _kind(program),
        _reads=find_reads(mentions),
        _weight=weight,
        _program=program,
    )


@lru_cache(maxsize=256)
def read_program(source: str) -> Any:  # noqa: ANN401 - the library's
    try:
        return ENV.compile(source)
    except (RuntimeError, ValueError) as error:
        raise compile_problem(str(error), source) from None


def _kind(program: Any) -> str:  # noqa: ANN401 - the library's
    return str(program.return_type().name()).partition("<")[0]
