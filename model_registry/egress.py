"""Which origins a model may be called at: only those the operator listed."""

from collections.abc import Iterable
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of `url`; None when it has no usable origin."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    return parts.scheme, parts.hostname.rstrip("."), port


def refusal(url: str, allowed: Iterable[str]) -> str | None:
    """Say why `url` may not be called, or None when its origin is listed."""
    wanted = origin(url)
    if wanted is None:
        return f"{url} has no scheme, host and port that can be called."
    if any(origin(entry) == wanted for entry in allowed):
        return None
    scheme, host, port = wanted
    shown = f"[{host}]" if ":" in host else host
    return (
        f"{scheme}://{shown}:{port} is not listed in BATON_EGRESS_ALLOW. "
        "Add this origin there if models may be called at it."
    )
