"""The only module of this package that others import."""

from orchestrator_site.schemas.bounds import (
    DIALECT,
    SchemaInvalid,
    check_schema,
    compile_schema,
    validator,
)
from orchestrator_site.schemas.patterns import pattern_size

__all__ = [
    "DIALECT",
    "SchemaInvalid",
    "check_schema",
    "compile_schema",
    "pattern_size",
    "validator",
]
