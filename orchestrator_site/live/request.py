"""What a page may say over its socket, and how much of it."""

from collections.abc import Collection
from typing import ClassVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FRAME_CHARS = 65_536
TOPICS = 200


class Junk(Exception):
    """Not what our own pages send."""

    close_code: ClassVar[int] = 4400


class Request(BaseModel):
    """Topics to watch, each with the last id that the page knows, and to forget."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    watch: dict[str, int | None] = Field(default={}, max_length=TOPICS)
    unwatch: list[str] = Field(default=[])


def parse(text: str | None, *, watched: Collection[str]) -> Request:
    """Read one frame. Raises: Junk, also for topics beyond the limit of a socket."""
    if text is None or len(text) > FRAME_CHARS:
        raise Junk(f"Frames are text, of at most {FRAME_CHARS} characters.")
    try:
        request = Request.model_validate(orjson.loads(text))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Junk("Not a message of our pages.") from error
    if len({*watched, *request.watch} - {*request.unwatch}) > TOPICS:
        raise Junk(f"A socket watches at most {TOPICS} topics.")
    return request
