"""Expressions that would keep a process busy, each as a family that grows with `n`."""

from collections.abc import Callable
from typing import Any, NamedTuple

TEXT = "ab" * 450_000


class Attack(NamedTuple):
    """What to evaluate at size `n`, with what as `input`."""

    name: str
    source: Callable[[int], str]
    given: Callable[[int], Any] = lambda n: None
    most: int = 1_000_000


def fixed(source: str) -> Callable[[int], str]:
    return lambda n: source


def ints(n: int) -> list[int]:
    return [1] * n


def text(n: int) -> str:
    return "a" * n


def rows(n: int) -> list[dict[str, Any]]:
    return [{"a": 1, "b": "x"}] * n


def words(n: int) -> list[str]:
    return ["a" * 50] * n


def zeros_and_ones(n: int) -> str:
    """Text without a period, so that a pattern's states do not repeat."""
    state, found = 1, []
    for _ in range(n):
        state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        found.append("ab"[state >> 16 & 1])
    return "".join(found)


def joined(part: str, sign: str) -> Callable[[int], str]:
    return lambda n: sign.join([part] * n)


def around(left: str, middle: str, right: str) -> Callable[[int], str]:
    return lambda n: left * n + middle + right * n


ORDINARY = [
    Attack(
        "a condition",
        fixed("input.confidence >= 0.8 && input.text.size() < 2000"),
        lambda n: {"confidence": 0.9, "text": "Where is my parcel?"},
        1,
    ),
    Attack(
        "a field", fixed("input.text"), lambda n: {"text": "Where is my parcel?"}, 1
    ),
]

SOURCES = [
    Attack("brackets", around("(", "1", ")")),
    Attack("lists in lists", around("[", "", "]")),
    Attack("objects in objects", around("{'a':", "1", "}")),
    Attack("calls in calls", around("size(", "''", ")")),
    Attack("signs", around("-", "1", "")),
    Attack("negations", around("!", "true", "")),
    Attack("sums", joined("1", "+")),
    Attack("ands", joined("true", "&&")),
    Attack("ors", joined("input == 1", "||")),
    Attack("choices", around("true?1:", "1", "")),
    Attack("fields", around("", "input", ".a")),
    Attack("places", around("", "input", "[0]")),
    Attack("entries of a list", lambda n: f"[{joined('1', ',')(n)}]"),
    Attack(
        "entries of an object",
        lambda n: "{" + ",".join(f"{k}:1" for k in range(n)) + "}",
    ),
    Attack("a long text", around("", "'", "a")),
    Attack("a long number", around("9", "", "")),
    Attack("a long name", around("x", "", "")),
    Attack("a comment", around("//", "", "")),
    Attack("quotes", around("'", "", "")),
    Attack("backslashes", around("\\", "", "")),
    Attack("chained macros", around("", "['a']", ".map(x, x + x)")),
    Attack("nested macros", around("[1].exists(x, ", "true", ")")),
]

READING = [
    Attack("many numbers", fixed("size(input)"), ints),
    Attack("many rows", fixed("size(input)"), rows),
    Attack("empty lists", fixed("size(input)"), lambda n: [[]] * n),
    Attack("many keys", fixed("size(input)"), lambda n: {str(k): 1 for k in range(n)}),
    Attack("a long text, sized", fixed("size(input)"), text),
    Attack("text beyond ASCII", fixed("size(input)"), lambda n: "ü" * n),
    Attack("a copy", fixed("[input]"), ints),
    Attack("a copy of rows", fixed("{'a': input}"), rows),
    Attack(
        "many copies", lambda n: f"[{joined('input', ',')(n)}]", lambda n: ints(9_000)
    ),
    Attack(
        "many copies of a text",
        lambda n: f"[{joined('input', ',')(n)}]",
        lambda n: TEXT,
    ),
    Attack("equal lists", joined("input == input", "&&"), lambda n: ints(50_000)),
    Attack("equal rows", fixed("input == input && input == input"), rows),
    Attack("a needle in lists", joined("-1 in input", "||"), lambda n: ints(50_000)),
    Attack(
        "added lists",
        lambda n: f"({joined('input', '+')(n)}).size()",
        lambda n: ints(20_000),
    ),
    Attack("added lists, longer", fixed(f"({'+'.join(['input'] * 25)}).size()"), ints),
    Attack(
        "added texts", lambda n: f"({joined('input', '+')(n)}).size()", lambda n: TEXT
    ),
    Attack("sizes of a text", joined("size(input)", "+"), lambda n: TEXT),
    Attack(
        "conversions", joined("string(bytes(input)) == input", "&&"), lambda n: TEXT
    ),
    Attack(
        "a text in a text",
        fixed("input.s.contains(input.n)"),
        lambda n: {"s": text(2 * n), "n": text(n) + "b"},
    ),
    Attack("a word in a text", fixed("input.contains('aaaaaaaaaaaaaaab')"), text),
    Attack(
        "a long duration", fixed("duration(input) > duration('1h')"), lambda n: "1h" * n
    ),
]

PATTERNS = [
    Attack(
        "a pattern of words", fixed("input.matches('(?i)refund|money|needle')"), text
    ),
    Attack(
        "many optional letters",
        lambda n: f"input.matches('{'.?' * n}x')",
        lambda n: "a",
    ),
    Attack(
        "optional letters, long text", fixed(f"input.matches('{'.?' * 30}x')"), text
    ),
    Attack(
        "a letter and 12 more",
        fixed("input.matches('(a|b)*a(a|b){12}c')"),
        zeros_and_ones,
        200_000,
    ),
    Attack(
        "a letter and 50 more",
        fixed("input.matches('(a|b)*a(a|b){50}c')"),
        zeros_and_ones,
        200_000,
    ),
    Attack("counts in counts", fixed("input.matches('(a{0,30}){0,30}b')"), text),
    Attack(
        "a count that grows",
        lambda n: f"input.matches('(a{{0,{n}}}){{0,10}}b')",
        lambda n: text(1_000),
    ),
    Attack(
        "alphabets",
        fixed(r"input.matches(r'(\pL*\pN*\pS*){0,9}$')"),
        zeros_and_ones,
        200_000,
    ),
    Attack(
        "all but one letter", lambda n: f"input.matches('{'[^x]' * n}x')", lambda n: "a"
    ),
    Attack(
        "many patterns",
        joined("input.matches('.*a.?b.?c$')", "||"),
        lambda n: text(2_000),
    ),
]

MACROS = [
    Attack("all of many", fixed("input.all(x, x > 0)"), ints, 9_999),
    Attack(
        "all of many rows", fixed("input.all(x, x.a > 0 && x.b == 'x')"), rows, 9_999
    ),
    Attack(
        "a long question",
        lambda n: f"input.exists(x, {joined('x > 9', '||')(n)})",
        lambda n: ints(9_000),
    ),
    Attack(
        "times and zones",
        lambda n: (
            "input.exists(x, "
            + joined("timestamp(x).getHours('Europe/Berlin') > 99", "||")(n)
            + ")"
        ),
        lambda n: ["2026-01-01T00:00:00Z"] * 9_000,
    ),
    Attack(
        "durations",
        lambda n: (
            "input.exists(x, " + joined("duration(x) > duration('99h')", "||")(n) + ")"
        ),
        lambda n: ["1h"] * 9_000,
    ),
    Attack(
        "lists for each",
        lambda n: f"input.exists(x, [{joined('x', ',')(n)}].size() == 1)",
        lambda n: ints(9_000),
    ),
    Attack(
        "objects for each",
        lambda n: (
            "input.exists(x, {"
            + ",".join(f"{k}:x" for k in range(n))
            + "}.size() == 1)"
        ),
        lambda n: ints(9_000),
    ),
    Attack("map", fixed("input.map(x, x)"), ints),
    Attack("map of rows", fixed("input.map(x, {'a': x, 'b': x.a})"), rows),
    Attack("filter", fixed("input.filter(x, true)"), rows),
    Attack(
        "map with a text",
        fixed("input.l.map(x, input.s)"),
        lambda n: {"l": ints(n), "s": TEXT[:500_000]},
    ),
    Attack(
        "map with a list",
        fixed("input.l.map(x, input.m)"),
        lambda n: {"l": ints(n), "m": ints(50_000)},
    ),
    Attack(
        "map with sums",
        fixed("input.l.map(x, input.s + 'a').size()"),
        lambda n: {"l": ints(n), "s": TEXT[:500_000]},
    ),
    Attack(
        "pairs",
        fixed("input.l.all(x, x in input.m)"),
        lambda n: {"l": ints(9_000), "m": [2] * n + [1]},
    ),
    Attack(
        "pairs of itself", fixed("input.all(x, x in input)"), lambda n: list(range(n))
    ),
    Attack(
        "sizes for each",
        fixed("input.l.all(x, size(input.s) > 0)"),
        lambda n: {"l": ints(9_000), "s": text(n)},
    ),
    Attack(
        "texts for each",
        fixed("input.l.exists(x, input.s.contains('aaab'))"),
        lambda n: {"l": ints(9_000), "s": text(n)},
    ),
    Attack(
        "a text in texts",
        fixed("input.l.exists(x, x.contains(input.n))"),
        lambda n: {"l": words(9_000), "n": text(n)},
    ),
    Attack(
        "added lists for each",
        fixed("input.l.exists(x, size(input.m + input.m + input.m) == 1)"),
        lambda n: {"l": ints(1_000), "m": ints(n)},
    ),
    Attack(
        "equal lists for each",
        fixed("input.l.all(x, input.m == input.m)"),
        lambda n: {"l": ints(1_000), "m": ints(n)},
    ),
    Attack(
        "one list many times",
        lambda n: f"[{joined('input', ',')(n)}].all(x, x == x)",
        lambda n: ints(20_000),
    ),
    Attack(
        "patterns for each",
        lambda n: f"input.exists(x, x.matches('{'.?' * n}x'))",
        lambda n: words(1_000),
    ),
    Attack(
        "patterns for many",
        fixed("input.exists(x, x.matches('^ORD-[0-9]{6}$'))"),
        words,
    ),
    Attack(
        "a name that hides input", fixed("input.all(input, input > 0)"), ints, 9_999
    ),
]

ATTACKS = (*SOURCES, *READING, *PATTERNS, *MACROS)
