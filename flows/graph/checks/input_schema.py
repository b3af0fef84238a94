"""The schema of the run's input."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.checks.context import Context
from orchestrator_site.schemas.api import SchemaInvalid, check_schema


def bad_input_schema(context: Context) -> Iterator[Problem]:
    """A schema that is none, takes too much, or is not one of an object."""
    schema = context.graph.input_schema
    try:
        check_schema(schema)
    except SchemaInvalid as error:
        yield _problem(error.message, error.pointer)
        return
    if schema.get("type") != "object":
        yield _problem('is not one of an object. Write "type": "object".', "/type")


def _problem(message: str, pointer: str) -> Problem:
    place = f" at '{pointer[:200]}'" if pointer else ""
    return Problem(
        code="input_schema_invalid",
        message=f"The input schema{place} {message}",
        pointer=pointer,
    )
