"""Addresses whose host is written out, with values filled in behind it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from flows.expressions import compile_text
from flows.nodes.base import Failed

ORIGIN = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\])"
    r"(?::\d{1,5})?(?=[/?]|$)"
)
# RFC 3986 without the fragment, which is not sent.
WRITABLE = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*")


def check_url(source: str) -> None:
    """Refuse a URL of which an expression could choose more than path and query.

    Raises: ValueError
    """
    literal, *filled = source.split("{{", 1)
    origin = ORIGIN.match(literal)
    if origin is None or (filled and origin.end() == len(literal)):
        raise ValueError(
            "begin with https:// and a host that is written out, then '/'; "
            "expressions may stand only behind that"
        )
    if urlsplit(origin[0]).port == 0 or not WRITABLE.fullmatch(literal):
        raise ValueError(
            "the address holds a character or port that cannot stand there; "
            "percent-encode it"
        )


def fill_url(source: str, variables: Mapping[str, Any]) -> str | Failed:
    """Fill in the values, each percent-encoded, so that none adds a part of the URL.

    Raises: ExpressionFailed
    """
    url = compile_text(source).render(variables, encode=_encoded)
    if WRITABLE.fullmatch(url) is None or _goes_up(url):
        return Failed(
            code="http_url_invalid",
            message="With its values filled in, the address has a character that "
            "cannot stand there, or a path part '.' or '..'. Check what is filled in.",
        )
    return url


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _goes_up(url: str) -> bool:
    path = urlsplit(url).path.lower().replace("%2e", ".")
    return any(part in (".", "..") for part in path.split("/"))
