"""JSON Schemas that people send: compiled, and within bounds.

A schema is small beside what it may ask of whoever checks a value: patterns that take
memory, references that double each other, and recursion that applies twice to one place.
So it is walked as a check of a value would, before it is taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

import jsonschema_rs
import orjson

from orchestrator_site.schemas.patterns import pattern_size

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_BYTES = 256_000
TYPES = (
    "a type is array, boolean, integer, null, number, object or string, or a list of "
    "different ones"
)
# Schemas that are applied in all and within each other, and pieces of all patterns, of
# which each takes up to 1 kB.
MAX_APPLIED, MAX_OPEN, MAX_PIECES = 10_000, 150, 50_000
# Places of which one schema may refer to itself.
MAX_RECURSIONS = 100

# Keywords that hold schemas: applied to the value itself, or to what is in it.
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
MAPS = ("properties", "patternProperties", "dependentSchemas")
SINGLE = (
    "not",
    "if",
    "then",
    "else",
    "items",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "propertyNames",
)
IN_PLACE = frozenset({*LISTS[:3], "dependentSchemas", "not", "if", "then", "else"})
ANYWHERE = "*"


class SchemaInvalid(Exception):
    """The schema cannot be taken; `message` goes on behind its name or its place."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


def compile_schema(
    schema: dict[str, Any],
    *,
    mask: str | None = None,
    validate_formats: bool = False,
) -> jsonschema_rs.Draft202012Validator:
    """Compile a schema; patterns run without backtracking, and nothing is fetched.

    With a `mask` messages say that in the place of the value they are about.
    """
    return jsonschema_rs.Draft202012Validator(
        schema,
        offline=True,
        mask=mask,
        validate_formats=validate_formats,
        pattern_options=jsonschema_rs.RegexOptions(),
    )


@lru_cache(maxsize=256)
def validator(
    schema: bytes, mask: str | None = None
) -> jsonschema_rs.Draft202012Validator:
    """Compile a schema, or take it as it was compiled before."""
    return compile_schema(orjson.loads(schema), mask=mask)


def check_schema(schema: Mapping[str, Any]) -> None:
    """Hold a schema against its meta-schema and the bounds. Raises: SchemaInvalid."""
    dialect = schema.get("$schema", DIALECT)
    if dialect != DIALECT:
        raise SchemaInvalid(
            f"names the dialect {dialect!r}. Use {DIALECT}.", "/$schema"
        )
    text = orjson.dumps(schema)
    if len(text) > MAX_BYTES:
        raise SchemaInvalid(
            f"has {len(text):,} bytes, and {MAX_BYTES:,} are allowed. Shorten it."
        )
    _check_patterns(schema)
    _Walk(schema).apply(schema, "", ())
    try:
        validator(text)
    except jsonschema_rs.ValidationError as error:
        place = "".join(f"/{_escape(str(part))}" for part in error.instance_path)
        # Of the meta-schema only the types are one of several things.
        said = TYPES if "'anyOf'" in error.message else error.message[:200]
        raise SchemaInvalid(f"is no JSON Schema: {said}. Correct it.", place) from None


def _check_patterns(schema: Mapping[str, Any]) -> None:
    """Bound the memory of the patterns, before they are compiled."""
    left = MAX_PIECES
    stack: list[tuple[str, object]] = [("", schema)]
    while stack:
        pointer, found = stack.pop()
        if isinstance(found, Mapping):
            left -= sum(map(pattern_size, _patterns(found)))
        if left < 0:
            raise SchemaInvalid(
                f"has patterns that stand for more than {MAX_PIECES:,} characters "
                "together. Use fewer or smaller repetitions.",
                pointer,
            )
        for key, inner in _inside(found):
            stack.append((f"{pointer}/{_escape(str(key))}", inner))


def _inside(value: object) -> Iterator[tuple[object, object]]:
    """What an object or a list holds, by its key or place."""
    if isinstance(value, Mapping):
        return iter(value.items())
    return enumerate(value) if isinstance(value, list) else iter(())


def _escape(key: str) -> str:
    """Write a key as part of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _patterns(schema: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(schema.get("pattern"), str):
        yield schema["pattern"]
    if isinstance(schema.get("patternProperties"), Mapping):
        yield from schema["patternProperties"]


@dataclass(slots=True)
class _Open:
    """A schema that is being applied, and from where within its value it refers to itself."""

    depth: int
    places: list[tuple[str, ...]] = field(default_factory=list)


class _Walk:
    """Applies every schema to a value that has all that they speak of."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._left = MAX_APPLIED
        self._open: dict[int, _Open] = {}

    def apply(self, schema: object, pointer: str, place: tuple[str, ...]) -> None:
        """Apply a schema, at `pointer` of the document, to what is at `place`."""
        if not isinstance(schema, Mapping):
            return
        self._left -= 1
        if self._left < 0 or len(self._open) > MAX_OPEN:
            raise SchemaInvalid(
                f"leads through more than {MAX_APPLIED:,} schemas, or more than "
                f"{MAX_OPEN} within each other. Use fewer references.",
                pointer,
            )
        opened = self._open.get(id(schema))
        if opened is not None:
            self._close(opened, place, pointer)
            return
        self._open[id(schema)] = _Open(len(place))
        for target, where, name in self._inner(schema, pointer):
            self.apply(target, where, place if name is None else (*place, name))
        del self._open[id(schema)]

    def _close(self, opened: _Open, place: tuple[str, ...], pointer: str) -> None:
        """A schema within itself: fine at different places, exponential at one."""
        opened.places.append(place[opened.depth :])
        many = len(opened.places) > MAX_RECURSIONS
        if many or any(_may_meet(*pair) for pair in combinations(opened.places, 2)):
            raise SchemaInvalid(
                "applies to one place by several ways that refer to each other, which "
                "doubles with each level of a value. Let one of them do.",
                pointer,
            )

    def _inner(
        self, schema: Mapping[str, Any], pointer: str
    ) -> Iterator[tuple[object, str, str | None]]:
        if "$ref" in schema or "$dynamicRef" in schema:
            yield self._target(schema, pointer), str(schema["$ref"])[1:], None
        for keyword in (*LISTS, *MAPS, *SINGLE):
            if keyword not in schema:
                continue
            for key, inner in _schemas(keyword, schema[keyword]):
                where = f"{pointer}/{keyword}" + (f"/{_escape(key)}" if key else "")
                yield inner, where, None if keyword in IN_PLACE else _name(keyword, key)

    def _target(self, schema: Mapping[str, Any], pointer: str) -> object:
        reference = str(schema.get("$ref", ""))
        if "$dynamicRef" in schema or not reference.startswith("#"):
            raise SchemaInvalid(
                "refers to another place than one of its own. Write #/$defs/name.",
                pointer,
            )
        found: object = self._root
        for part in reference[1:].split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping | bool) or reference[1:2] not in ("", "/"):
            raise SchemaInvalid(
                f"refers to '{reference[:60]}', which is no schema. "
                "Write #/$defs/name.",
                pointer,
            )
        return found


def _schemas(keyword: str, value: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401
    if keyword in LISTS and isinstance(value, list):
        yield from ((str(place), inner) for place, inner in enumerate(value))
    elif keyword in MAPS and isinstance(value, Mapping):
        yield from ((str(key), inner) for key, inner in value.items())
    elif keyword in SINGLE:
        yield "", value


def _name(keyword: str, key: str) -> str:
    """Which fields or entries a keyword is about."""
    return key if keyword == "properties" else ANYWHERE


def _may_meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two places can be the same."""
    if len(one) != len(other):
        return False
    return all(
        left == right or ANYWHERE in (left, right)
        for left, right in zip(one, other, strict=True)
    )
