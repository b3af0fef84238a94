"""Checking a run's input against its flow's schema."""

from typing import Any

import orjson

from flows.errors import InputInvalid
from orchestrator_site.schemas.api import validator


def check_input(schema: dict[str, Any], value: object) -> None:
    """Hold an input against a flow's schema.

    Raises: InputInvalid with the JSON pointer of the first place that does not fit.
    """
    compiled = validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
    error = next(compiled.iter_errors(value), None)
    if error is not None:
        pointer = "".join(f"/{part}" for part in error.instance_path)
        raise InputInvalid(pointer, str(error.message))
