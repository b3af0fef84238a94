"""JSON Schema 2020-12: what is a schema, and how a value breaks one.

References outside the schema are never followed, patterns run in an engine without
backtracking, and no message repeats the value it is about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from model_registry.json_values import JsonObject, kind_of
from orchestrator_site.schemas.api import SchemaInvalid, check_schema, compile_schema

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One place where a value breaks a schema; both places are JSON Pointers."""

    pointer: str
    schema_pointer: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Say it for a person."""
        return (
            f"at '{self.pointer}' {self.expected}; "
            f"found {self.found} (schema '{self.schema_pointer}')"
        )


class CompiledSchema:
    """A schema ready to check values, from any thread."""

    def __init__(self, schema: JsonObject) -> None:
        self._validator = compile_schema(schema, mask="value", validate_formats=True)

    def mismatches(self, value: object) -> list[Mismatch]:
        """List the first few mismatches; an empty list means that `value` fits."""
        if self._validator.is_valid(value):
            return []
        errors = self._validator.iter_errors(value)
        return [
            _mismatch(error) for error, _ in zip(errors, range(SHOWN), strict=False)
        ]


def schema_problem(schema: JsonObject) -> str | None:
    """Say why `schema` cannot be used, if it cannot."""
    try:
        check_schema(schema)
    except SchemaInvalid as error:
        place = f"'{error.pointer[:200]}'" if error.pointer else "it"
        return f"{place} {error.message}"
    return None


def _mismatch(error: Any) -> Mismatch:  # noqa: ANN401 - the library's own error
    return Mismatch(
        pointer=_pointer(error.instance_path),
        schema_pointer=_pointer(error.schema_path),
        expected=error.message,
        found=kind_of(error.instance),
    )


def _pointer(path: Iterable[str | int]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in parts)
