"""Typed readers of environment variables; a wrong value stops the start, by name.

Any variable `NAME` can also be given as `NAME_FILE`, the path of a file that holds
the value, so that secrets stay out of process listings.
"""

import os
from pathlib import Path

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


class SettingInvalid(Exception):
    """An environment variable has a value that cannot be used."""


def text(name: str, default: str = "") -> str:
    """Read `NAME`, or the file named by `NAME_FILE`, without surrounding space."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default).strip()
    if name in os.environ:
        raise SettingInvalid(f"{name} and {name}_FILE are both set. Keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingInvalid(
            f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
        ) from error


def flag(name: str, *, default: bool) -> bool:
    """Read a yes-or-no variable."""
    word = text(name, "yes" if default else "no").lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise SettingInvalid(f"{name} is {word!r}. Set it to yes or no.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Read a whole number between `low` and `high`, both included."""
    word = text(name, str(default))
    try:
        value = int(word)
    except ValueError as error:
        raise SettingInvalid(
            f"{name} is {word!r}. Set it to a whole number."
        ) from error
    if not low <= value <= high:
        raise SettingInvalid(f"{name} is {value}. Set it between {low} and {high}.")
    return value


def words(name: str) -> tuple[str, ...]:
    """Read a comma-separated list; empty where the variable is not set."""
    return tuple(word.strip() for word in text(name).split(",") if word.strip())


def folder(name: str, default: Path) -> Path:
    """Read a folder's path, made absolute."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default
