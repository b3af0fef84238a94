"""Running the conductor's statements on Django's own connection."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection


def execute(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement with `%s` for its values and give its rows."""
    if connection.vendor == "sqlite":
        values = [item.hex if isinstance(item, UUID) else item for item in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
