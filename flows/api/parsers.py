"""Reading request bodies."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from flows.api.refusals import BodyRefused
from flows.errors import GraphInvalid
from flows.graph.limits import MAX_BYTES, limit_problems, parse_text, too_large


class BoundedJSONParser(BaseParser):
    """JSON of bounded size and depth, without repeated keys and without NaN."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON value
        """Read the body. Raises: BodyRefused."""
        size = int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
        if size > MAX_BYTES:
            raise BodyRefused([too_large(size)])
        try:
            value = parse_text(stream.read(MAX_BYTES))
        except GraphInvalid as error:
            raise BodyRefused(error.problems) from None
        if problems := limit_problems(value):
            raise BodyRefused(problems)
        return value
