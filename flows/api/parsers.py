"""Reading request bodies."""

from collections.abc import Mapping
from typing import IO, Any, ClassVar

from django.conf import settings
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from flows.api.refusals import BodyRefused
from flows.errors import GraphInvalid
from flows.graph.limits import (
    MAX_BYTES,
    MAX_VALUE_BYTES,
    limit_problems,
    parse_text,
    too_large,
)
from model_registry.api import MAX_CASES_BYTES
from orchestrator_site.bodies import declared_bytes, most_in_form


class BoundedJSONParser(BaseParser):
    """JSON of bounded size and depth, without repeated keys and without NaN."""

    media_type = "application/json"
    max_bytes: ClassVar[int] = MAX_VALUE_BYTES

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON value
        """Read the body. Raises: BodyRefused."""
        _require_small(parser_context, self.max_bytes)
        try:
            value = parse_text(stream.read(self.max_bytes), max_bytes=self.max_bytes)
        except GraphInvalid as error:
            raise BodyRefused(error.problems) from None
        if problems := limit_problems(value, max_bytes=self.max_bytes):
            raise BodyRefused(problems)
        return value


class DocumentParser(BoundedJSONParser):
    """A body that brings a flow document, with room for what stands beside it."""

    max_bytes = MAX_BYTES + 10_000


class FileParser(BaseParser):
    """A file with evaluation cases, taken as it is."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - the base promises a mapping
        """Read the body as bytes. Raises: BodyRefused where it is too large."""
        return stream.read(_require_small(parser_context, MAX_CASES_BYTES))


class CsvParser(FileParser):
    """Cases in a table."""

    media_type = "text/csv"


class JsonLinesParser(FileParser):
    """Cases as one object a line."""

    media_type = "application/x-ndjson"


class ArtefactParser(MultiPartParser):
    """A form with a file of a model; what is too large is not even begun."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        """Read the form. Raises: BodyRefused where it is too large."""
        _require_small(parser_context, most_in_form(settings.UPLOAD_MB))
        return super().parse(stream, media_type, parser_context)


def _require_small(parser_context: Mapping[str, Any] | None, max_bytes: int) -> int:
    """Give how large the body is, before it is read. Raises: BodyRefused."""
    size = declared_bytes((parser_context or {})["request"])
    if size > max_bytes:
        raise BodyRefused([too_large(size, max_bytes=max_bytes)])
    return size
