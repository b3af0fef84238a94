"""What the documentation shows is true."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from flows.expressions import compile as compiling
from flows.expressions import cost
from flows.expressions.functions import FUNCTIONS
from flows.expressions.results import MAX_RESULT_BYTES
from flows.expressions.variables import KNOWN
from flows.graph import models
from flows.graph.checks import expressions, maps
from flows.graph.limits import MAX_BYTES, MAX_DEPTH
from flows.graph.models import schema_document
from flows.graph.parse import parse, parse_text
from flows.graph.validate import validate
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import document
from tests.flows.graph.problem_cases import CASES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "graph-format.md").read_text(encoding="utf-8")
CODE = {
    word
    for span in re.findall(
        r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    )
    for word in re.findall(r"[A-Za-z_]+", span)
}
SCHEMA = json.loads((DOCS / "flow.schema.json").read_text(encoding="utf-8"))


def test_published_schema_is_that_of_the_parser() -> None:
    """Write it anew with: json.dumps(schema_document(), indent=2)."""
    assert schema_document() == SCHEMA


def test_published_schema_takes_a_sound_document() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert jsonschema_rs.is_valid(SCHEMA, document("input -> out"))


@pytest.mark.parametrize(
    "code",
    ["format_unsupported", "key_unknown", "field_missing", "field_invalid"]
    + ["node_id_invalid", "node_timeout_out_of_range"],
)
def test_published_schema_refuses_what_the_parser_refuses(code: str) -> None:
    assert not jsonschema_rs.is_valid(SCHEMA, CASES[code].document)


def test_example_is_a_sound_flow() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert validate(parse(parse_text(example[1].encode())), NODE_TYPES) == []


def test_every_node_type_is_in_the_table() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| .* \| .* \|$", PAGE, re.MULTILINE)
    assert set(NODE_TYPES) <= set(rows)


@pytest.mark.parametrize(
    "part",
    [
        models.FlowDocument,
        models.NodePart,
        models.EdgePart,
        models.RetryPart,
        models.OnErrorPart,
        models.SettingsPart,
        models.ConcurrencyPart,
    ],
)
def test_every_key_is_described(part: type[models.Part]) -> None:
    assert set(part.model_fields) <= CODE


def test_every_variable_and_function_is_described() -> None:
    by_time = {each.name for each in FUNCTIONS if each.name.startswith("get")}
    assert {each.name for each in FUNCTIONS} - by_time <= CODE
    assert KNOWN <= CODE


@pytest.mark.parametrize(
    "words",
    [
        f"At most {models.MAX_NODES:,} nodes",
        f"At most {models.MAX_EDGES:,} edges",
        f"at most {MAX_BYTES:,} bytes",
        f"nests at most {MAX_DEPTH} levels",
        f"at most {models.MAX_CONFIG_BYTES:,} bytes",
        f"above 0, at most {models.MAX_TIMEOUT_S}",
        f"(1 to {models.MAX_ROUNDS})",
        f"2 to {models.MAX_ATTEMPTS}",
        f"-{models.MAX_PRIORITY} to {models.MAX_PRIORITY}",
        f"nest {maps.MAX_NESTING} deep",
        f"at most {maps.MAX_STEPS:,} steps",
        f"{compiling.MAX_SOURCE:,} characters",
        f"{cost.MAX_INPUT_BYTES:,} bytes and {cost.MAX_INPUT_VALUES:,} values",
        f"at most {cost.MAX_BUILT_ITEMS:,} entries",
        f"about {cost.MAX_NS // 1_000_000} ms",
        f"The result: {MAX_RESULT_BYTES:,} bytes",
        f"{expressions.MAX_WORDS:,} words and signs, with {expressions.EACH} more",
    ],
)
def test_limits_are_those_that_hold(words: str) -> None:
    assert words in PAGE
