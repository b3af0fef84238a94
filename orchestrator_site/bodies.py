"""Bodies of requests: how large they say they are, before any of them is read."""

from django.http import HttpRequest

MEGABYTE = 1024 * 1024
# What stands around a file in a form.
FORM_BYTES = 10_000


def declared_bytes(request: HttpRequest) -> int:
    """What the body of a request has, as its header says."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def most_in_form(megabytes: int) -> int:
    """What a form may have whose file may have so many megabytes."""
    return megabytes * MEGABYTE + FORM_BYTES
