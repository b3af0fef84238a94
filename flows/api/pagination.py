"""Pages by key: rows that are inserted meanwhile neither repeat nor hide others."""

import base64
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet

from flows.api.refusals import CursorInvalid

RowT = TypeVar("RowT", bound=Model)

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


def page(
    rows: QuerySet[RowT],
    present: Callable[[RowT], dict[str, Any]],
    asked: dict[str, Any],
    *,
    key: str = "id",
) -> dict[str, Any]:
    """Give the rows after `asked["cursor"]`, highest key first.

    `key` names a unique field. `next_cursor` is null on the last page.
    Raises: CursorInvalid.
    """
    limit = asked["limit"]
    if "cursor" in asked:
        position = _decode(rows.model, key, asked["cursor"])
        rows = rows.filter(**{f"{key}__lt": position})
    found = list(rows.order_by(f"-{key}")[: limit + 1])
    shown = found[:limit]
    is_last = len(found) <= limit
    return {
        "items": [present(row) for row in shown],
        "next_cursor": None if is_last else _encode(getattr(shown[-1], key)),
    }


def _encode(position: object) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode()


def _decode(model: type[Model], key: str, cursor: str) -> object:
    try:
        text = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
        field = cast("Field[Any, Any]", model._meta.get_field(key))
        position: object = field.to_python(text)
    except (ValueError, ValidationError):
        raise CursorInvalid from None
    return position
