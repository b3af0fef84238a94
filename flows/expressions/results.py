"""From the library's value to JSON, within limits."""

from typing import Any

from cel_expr_python import cel

from flows.errors import ExpressionFailed

MAX_RESULT_BYTES = 256_000
MAX_RESULT_DEPTH = 64
STRING = cel.Type.STRING


class ErrorValue(Exception):
    """The library's value is an error, and its text is the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_result(value: Any) -> Any:  # noqa: ANN401 - the library's value, JSON
    """Turn the library's value into JSON.

    Raises: ErrorValue if it is an error; ExpressionFailed if it is no JSON or larger
    than 256 kB.
    """
    raw = value.value()
    if raw is None or isinstance(raw, int):
        return raw
    return _Reader().read(value, 0)


class _Reader:
    """Reads one value and counts its bytes, so that a large one is never built."""

    def __init__(self) -> None:
        self.left = MAX_RESULT_BYTES

    def read(self, value: Any, depth: int) -> Any:  # noqa: ANN401
        raw = value.value()
        if isinstance(raw, str):
            return self._text(value, raw)
        self._spend(2)
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
        self._spend(len(raw) + 2)
        return raw

    def _container(
        self, raw: list[Any] | dict[Any, Any], depth: int
    ) -> list[Any] | dict[str, Any]:
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
            raise ExpressionFailed(
                f"The result is larger than {MAX_RESULT_BYTES:,} bytes. Keep less of it."
            )


def _finite(number: float) -> float:
    if number - number != 0:
        raise ExpressionFailed(
            "The result is not a finite number. Check what it divides by."
        )
    return number
