"""The form that a flow's input schema asks for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from flows.builder.posted import posted_values
from flows.builder.schema_form import (
    Form,
    Property,
    config_of,
    properties_of,
    values_of,
)
from flows.errors import InputInvalid, Problem

PREFIX = "input"
# For a schema that names no properties.
WHOLE = Property(name="json", kind="json", title="JSON", is_required=True, default={})


def blank_form(schema: Mapping[str, Any]) -> Form:
    """The form with the schema's defaults."""
    properties = _properties(schema)
    return Form(properties=properties, values=values_of(properties, {}), prefix=PREFIX)


def read_input(schema: Mapping[str, Any], posted: QueryDict) -> tuple[Any, Form]:
    """What was filled in as an input, and the form to show it in again."""
    properties = _properties(schema)
    values = posted_values(properties, posted, prefix=PREFIX)
    form = Form(properties=properties, values=values, prefix=PREFIX)
    value = config_of(properties, values)
    return value[WHOLE.name] if properties == (WHOLE,) else value, form


def with_error(form: Form, error: InputInvalid) -> Form:
    """The form with the error at its field."""
    problem = Problem(
        code=error.code,
        message=f"{error.detail['reason']}.",
        pointer=error.pointer,
    )
    return Form(
        properties=form.properties,
        values=form.values,
        problems=[problem],
        prefix=PREFIX,
    )


def _properties(schema: Mapping[str, Any]) -> tuple[Property, ...]:
    return tuple(map(_plain, properties_of(schema))) or (WHOLE,)


def _plain(asked: Property) -> Property:
    """The property as one of values: whatever its format, nothing is an expression."""
    return replace(asked, reads=None, items=tuple(map(_plain, asked.items)))
