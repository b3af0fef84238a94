"""Every function and macro of expressions, for completion and for the reference.

Source: github.com/google/cel-spec/blob/master/doc/langdef.md, "Standard Definitions".
"""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how it is called, what it does, and an example with its value.

    A `method` stands behind a value and a dot, a `macro` too, and names each entry.
    """

    kind: Literal["function", "method", "macro"]
    name: str
    signature: str
    help: str
    example: str
    value: Any


MOMENT = "timestamp('2026-03-04T05:06:07.089Z')"
ZONE = "An IANA name or an offset such as '+02:00' may stand in the brackets; else UTC."

ROWS: tuple[tuple[Any, ...], ...] = (
    (
        "function",
        "has",
        "has(value.field) → bool",
        "Whether the object has the field. The value itself must be there.",
        "has({'a': 1}.b)",
        False,
    ),
    (
        "function",
        "size",
        "size(text | list | object | bytes) → int",
        "Characters of a text, entries of a list or object.",
        "size('größe')",
        5,
    ),
    (
        "function",
        "string",
        "string(value) → text",
        "Writes a number, truth, time, duration or bytes as text.",
        "string(1.5)",
        "1.5",
    ),
    (
        "function",
        "int",
        "int(text | number | timestamp) → int",
        "A whole number: of a fraction without what is behind the point, of a timestamp "
        "its seconds since 1970.",
        "int('12')",
        12,
    ),
    (
        "function",
        "uint",
        "uint(text | number) → uint",
        "A whole number that cannot be negative.",
        "uint(7)",
        7,
    ),
    (
        "function",
        "double",
        "double(text | number) → double",
        "A fraction, to compute with other fractions.",
        "double(1) + 0.5",
        1.5,
    ),
    (
        "function",
        "bool",
        "bool(text | bool) → bool",
        "Reads 'true' and 'false', in the spellings that are common.",
        "bool('true')",
        True,
    ),
    (
        "function",
        "bytes",
        "bytes(text) → bytes",
        "The text in UTF-8. Convert bytes with string() before they are a result.",
        "size(bytes('ö'))",
        2,
    ),
    (
        "function",
        "type",
        "type(value) → type",
        "The kind of a value: int, double, string, bool, list, map or null_type.",
        "type([1]) == list",
        True,
    ),
    (
        "function",
        "dyn",
        "dyn(value) → value",
        "The same value, without its type being checked beforehand.",
        "dyn(1) == 1.0",
        True,
    ),
    (
        "function",
        "timestamp",
        "timestamp(text | int) → timestamp",
        "Reads RFC 3339, or seconds since 1970. Convert it with string() before it is "
        "a result.",
        "string(timestamp(0))",
        "1970-01-01T00:00:00Z",
    ),
    (
        "function",
        "duration",
        "duration(text) → duration",
        "Reads a span of time such as '36h' or '1m30s'. Added to a timestamp it gives "
        "another.",
        "string(timestamp(0) + duration('36h'))",
        "1970-01-02T12:00:00Z",
    ),
    (
        "method",
        "contains",
        "text.contains(text) → bool",
        "Whether the text has the other in it.",
        "'parcel'.contains('arc')",
        True,
    ),
    (
        "method",
        "startsWith",
        "text.startsWith(text) → bool",
        "Whether the text begins with the other.",
        "'ORD-17'.startsWith('ORD-')",
        True,
    ),
    (
        "method",
        "endsWith",
        "text.endsWith(text) → bool",
        "Whether the text ends with the other.",
        "'a@shop.example'.endsWith('.example')",
        True,
    ),
    (
        "method",
        "matches",
        "text.matches(r'pattern') → bool",
        "Whether a part of the text fits the regular expression (RE2), which is written "
        "out. ^ and $ mean the ends.",
        r"'ORD-123456'.matches(r'^ORD-\d{6}$')",
        True,
    ),
    (
        "macro",
        "all",
        "list.all(x, question) → bool",
        "Whether the question holds for every entry.",
        "[1, 2].all(x, x > 0)",
        True,
    ),
    (
        "macro",
        "exists",
        "list.exists(x, question) → bool",
        "Whether it holds for at least one entry.",
        "[1, 2].exists(x, x > 1)",
        True,
    ),
    (
        "macro",
        "exists_one",
        "list.exists_one(x, question) → bool",
        "Whether it holds for exactly one entry.",
        "[1, 2].exists_one(x, x > 0)",
        False,
    ),
    (
        "macro",
        "map",
        "list.map(x, value) → list, list.map(x, question, value) → list",
        "The value of each entry, or of those for which the question holds.",
        "[1, 2, 3].map(x, x > 1, x * 10)",
        [20, 30],
    ),
    (
        "macro",
        "filter",
        "list.filter(x, question) → list",
        "The entries for which the question holds.",
        "[1, 2, 3].filter(x, x > 1)",
        [2, 3],
    ),
    *(
        (
            "method",
            name,
            f"timestamp.{name}(zone) → int",
            f"{text} {ZONE}",
            f"{MOMENT}.{name}()",
            value,
        )
        for name, text, value in (
            ("getFullYear", "The year.", 2026),
            ("getMonth", "The month, 0 for January.", 2),
            ("getDate", "The day of the month, from 1.", 4),
            ("getDayOfMonth", "The day of the month, from 0.", 3),
            ("getDayOfWeek", "The day of the week, 0 for Sunday.", 3),
            ("getDayOfYear", "The day of the year, from 0.", 62),
        )
    ),
    *(
        (
            "method",
            name,
            f"timestamp.{name}(zone) → int, duration.{name}() → int",
            f"{text} {ZONE}",
            f"{MOMENT}.{name}()",
            value,
        )
        for name, text, value in (
            ("getHours", "The hour, or whole hours of a duration.", 5),
            ("getMinutes", "The minute, or whole minutes of a duration.", 6),
            ("getSeconds", "The second, or whole seconds of a duration.", 7),
            ("getMilliseconds", "The milliseconds within the second.", 89),
        )
    ),
)
FUNCTIONS = tuple(Function(*row) for row in ROWS)
# Names of types, as type() gives them.
TYPES = (
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "uint",
)
