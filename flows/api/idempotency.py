"""The header Idempotency-Key: what is repeated under one key is done once."""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from flows.api.refusals import IdempotencyKeyInvalid, IdempotencyKeyMissing

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")


def key_header(*, gives: str, required: bool = False) -> OpenApiParameter:
    """Describe the header; `gives` is what the same key gives again."""
    return OpenApiParameter(
        HEADER,
        location=OpenApiParameter.HEADER,
        required=required,
        description=f"The same key gives the same {gives}, however often it is sent.",
    )


def find_key(request: Request) -> str | None:
    """The key that was sent, if any. Raises: IdempotencyKeyInvalid."""
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return key


def require_key(request: Request) -> str:
    """The key. Raises: IdempotencyKeyMissing, IdempotencyKeyInvalid."""
    key = find_key(request)
    if key is None:
        raise IdempotencyKeyMissing
    return key
