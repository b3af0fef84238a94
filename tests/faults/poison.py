"""Bodies that nobody should send: each is refused by whoever reads it well."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

PLACE = "<here>"
DEEP, LARGE = 100_000, 10_000_000
SELDOM = 500


def poisoned(slug: str, number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many (path, body); the flow of this slug could be run."""
    chance = random.Random(seed)  # noqa: S311  makes up bodies
    for nth in range(number):
        spoil = _too_large if nth % SELDOM == 0 else chance.choice(SPOILS)
        path, body = chance.choice(BODIES)(slug, _value(chance))
        yield path, spoil(json.dumps(body).encode(), chance)


def _value(chance: random.Random, depth: int = 4) -> Any:
    """Any JSON with one place in it for what is wrong."""
    if depth == 0 or chance.random() < 0.3:
        return PLACE
    others = [chance.choice([None, True, 1, -2.5, "text", "é", [], {}]) for _ in "ab"]
    inner = _value(chance, depth - 1)
    if chance.random() < 0.5:
        return [*others, inner]
    return {f"key{n}": each for n, each in enumerate([inner, *others])}


def _run(slug: str, value: Any) -> tuple[str, Any]:
    return "/runs", {"flow": slug, "input": {"n": 1, "token": "t", "more": value}}


def _flow(_slug: str, value: Any) -> tuple[str, Any]:
    return "/flows", {"slug": "poison", "document": value}


def _event(_slug: str, value: Any) -> tuple[str, Any]:
    return "/events", {"name": "paid", "key": "k", "data": value}


def _instead(*texts: bytes) -> Callable[[bytes, random.Random], bytes]:
    place = json.dumps(PLACE).encode()
    return lambda body, chance: body.replace(place, chance.choice(texts))


def _too_large(body: bytes, _chance: random.Random) -> bytes:
    return body.replace(PLACE.encode(), b"x" * LARGE)


def _too_deep(body: bytes, chance: random.Random) -> bytes:
    opened, closed = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    deep = opened * DEEP + b"1" + closed * DEEP
    return body.replace(json.dumps(PLACE).encode(), deep)


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(1, len(body) - 1)]


def _goes_on(body: bytes, chance: random.Random) -> bytes:
    return body + chance.choice([b"}", b",", b"null", b"\0", body])


def _no_object(_body: bytes, chance: random.Random) -> bytes:
    return chance.choice([b"[]", b'"text"', b"1", b"null", b"true", b"", b"   "])


def _unknown(body: bytes, _chance: random.Random) -> bytes:
    return b'{"nodes": [], ' + body[1:]


BODIES = (_run, _run, _flow, _event)
SPOILS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _instead(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"),
    _instead(rb'"\ud800"', rb'"a\udfff"', rb'{"\ud800": 1}', rb'"\ud800\ud800"'),
    _instead(b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\xaf"', b'"\xf8\x88\x80\x80\x80"'),
    _instead(b"'x'", b"01", b"+1", b"0x10", b"undefined", b'"\x00"', b'"\n"', b"1."),
    _too_deep,
    _cut,
    _goes_on,
    _no_object,
    _unknown,
)
