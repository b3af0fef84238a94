"""From the library's value to JSON, within limits."""

from typing import Any

import orjson
from cel_expr_python import cel

from flows.errors import ExpressionFailed

MAX_RESULT_BYTES = 256_000
MAX_RESULT_DEPTH = 64
# Reading a value by itself takes about as long as writing so many bytes.
EACH_VALUE = 24
TOO_LARGE = (
    f"The result is larger than {MAX_RESULT_BYTES:,} bytes, or put together from too "
    "many values. Keep less of it."
)
STRING, ERROR, UNKNOWN = cel.Type.STRING, cel.Type.ERROR, cel.Type.UNKNOWN


class ErrorValue(Exception):
    """The library's value is an error, and its text is the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_result(value: Any, *, is_small: bool) -> Any:  # noqa: ANN401 - the library's, JSON
    """Turn the library's value into JSON.

    One that is surely small is read in one go; others part by part, so that a large
    one is never built. Raises: ErrorValue if it is an error; ExpressionFailed if it is
    no JSON or larger than 256 kB.
    """
    if is_small and value.type() not in (ERROR, UNKNOWN):
        plain = value.plain_value()
        if plain is None or isinstance(plain, bool) or _is_json(plain):
            return plain
    return _Reader().read(value, 0)


def _is_json(plain: object) -> bool:
    """Tell whether it is JSON; if not, the reader knows the reason."""
    try:
        text = orjson.dumps(plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except (TypeError, ValueError):
        return False
    if len(text) > MAX_RESULT_BYTES:
        raise ExpressionFailed(TOO_LARGE)
    # A number that is not finite is written as null.
    return b"null" not in text or orjson.loads(text) == plain


class _Reader:
    """Reads one value and counts its bytes, so that a large one is never built."""

    def __init__(self) -> None:
        self.left = MAX_RESULT_BYTES

    def read(self, value: Any, depth: int) -> Any:  # noqa: ANN401
        raw = value.value()
        if isinstance(raw, str):
            return self._text(value, raw)
        if raw is None or isinstance(raw, int):
            return raw
        if isinstance(raw, float):
            return _finite(raw)
        if isinstance(raw, list | dict) and depth < MAX_RESULT_DEPTH:
            return self._container(raw, depth)
        raise ExpressionFailed(
            f"The result holds a {value.type().name().lower()}, which is not JSON. "
            "Convert it with string()."
        )

    def _text(self, value: Any, raw: str) -> str:  # noqa: ANN401
        # Text is the only other kind of value that an error looks like in Python.
        if value.type() != STRING:
            raise ErrorValue(raw)
        self._spend(len(raw))
        return raw

    def _container(
        self, raw: list[Any] | dict[Any, Any], depth: int
    ) -> list[Any] | dict[str, Any]:
        self._spend(EACH_VALUE * len(raw))
        if isinstance(raw, list):
            return [self.read(item, depth + 1) for item in raw]
        found: dict[str, Any] = {}
        for key, item in raw.items():
            if not isinstance(key, str):
                raise ExpressionFailed(
                    f"The result has the key {key!r}, which is not text. "
                    "Convert keys with string()."
                )
            self._spend(len(key) + 3)
            found[key] = self.read(item, depth + 1)
        return found

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ExpressionFailed(TOO_LARGE)


def _finite(number: float) -> float:
    if number - number != 0:
        raise ExpressionFailed(
            "The result is not a finite number. Check what it divides by."
        )
    return number
