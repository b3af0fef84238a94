"""The only module of this package that others import."""

from orchestrator_site.schemas.bounds import (
    DIALECT,
    SchemaInvalid,
    check_schema,
    compile_schema,
    validator,
)
from orchestrator_site.schemas.patterns import pattern_size
from orchestrator_site.schemas.words import BOUNDS, KINDS, kind_of, number

__all__ = [
    "BOUNDS",
    "DIALECT",
    "KINDS",
    "SchemaInvalid",
    "check_schema",
    "compile_schema",
    "kind_of",
    "number",
    "pattern_size",
    "validator",
]
