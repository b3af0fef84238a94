"""Checking a run's input against its flow's schema."""

from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson

from flows.errors import InputInvalid


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(orjson.loads(schema))


def check_input(schema: dict[str, Any], value: object) -> None:
    """Hold an input against a flow's schema.

    Raises: InputInvalid with the JSON pointer of the first place that does not fit.
    """
    validator = _validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
    error = next(validator.iter_errors(value), None)
    if error is not None:
        pointer = "".join(f"/{part}" for part in error.instance_path)
        raise InputInvalid(pointer, str(error.message))
