"""Orders under an idempotency key: what is asked for again under one is there already."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from model_registry.errors import OrderRefused
from model_registry.json_values import canonical
from model_registry.models import Order

AnyOrder = TypeVar("AnyOrder", bound=Order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """A request that may be sent again under its key, if it has one.

    A key counts in the workspace, and for one `asker` alone if one is given. Two requests
    with one key must have `request` in common, a value of JSON.
    """

    workspace_id: UUID
    key: str | None
    request: object
    asker: str = ""

    @property
    def known_as(self) -> UUID:
        """What stands for the key, wherever else the same key is used."""
        return uuid5(self.workspace_id, f"{self.asker} {self.key}")

    @property
    def fingerprint(self) -> bytes:
        """What the same request has again."""
        return hashlib.sha256(canonical(self.request).encode()).digest()


def order_once(
    kind: type[AnyOrder], asked: Repeatable, make: Callable[[], AnyOrder]
) -> tuple[AnyOrder, bool]:
    """The order that was made under the key, else a new one, and whether it is new.

    Raises: OrderRefused if the key was used for another request, or as `make` says.
    """
    if asked.key is None:
        return make(), True
    if earlier := _find(kind, asked):
        return earlier, False
    try:
        with transaction.atomic():
            order = make()
            order.known_as, order.fingerprint = asked.known_as, asked.fingerprint
            order.save(update_fields=("known_as", "fingerprint"))
    except (IntegrityError, OrderRefused):
        # The same request may have come first by a moment.
        if earlier := _find(kind, asked):
            return earlier, False
        raise
    return order, True


def _find(kind: type[AnyOrder], asked: Repeatable) -> AnyOrder | None:
    earlier = kind._default_manager.filter(known_as=asked.known_as).first()
    if earlier is None or bytes(earlier.fingerprint or b"") == asked.fingerprint:
        return earlier
    error = OrderRefused(
        f"The idempotency key '{asked.key}' was used for another request. Use a new key "
        "for a new one."
    )
    error.code = "idempotency_key_reused"
    raise error
