"""The schema of the run's input."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from flows.errors import Problem
from flows.graph.checks.context import Context
from flows.graph.limits import escape

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def bad_input_schema(context: Context) -> Iterator[Problem]:
    """A schema that is none, or not one of an object."""
    schema = context.graph.input_schema
    dialect = schema.get("$schema", DIALECT)
    if dialect != DIALECT:
        yield _problem(f"names the dialect {dialect!r}. Use {DIALECT}.", "/$schema")
        return
    if (flaw := _flaw(schema)) is not None:
        yield flaw
        return
    if schema.get("type") != "object":
        yield _problem('is not one of an object. Write "type": "object".', "/type")


def _flaw(schema: Mapping[str, Any]) -> Problem | None:
    try:
        # Patterns run without backtracking, and nothing is fetched.
        jsonschema_rs.Draft202012Validator(
            dict(schema), offline=True, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError as error:
        place = "".join(f"/{escape(str(part))}" for part in error.instance_path)
        return _problem(f"is no JSON Schema: {error.message}. Correct it.", place)
    return None


def _problem(message: str, pointer: str) -> Problem:
    place = f" at '{pointer}'" if pointer else ""
    return Problem(
        code="input_schema_invalid",
        message=f"The input schema{place} {message}",
        pointer=pointer,
    )
