"""What the documentation shows is true."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from flows.graph.models import schema_document
from flows.graph.parse import parse, parse_text
from flows.graph.validate import validate
from flows.nodes.registry import NODE_TYPES
from tests.factories.graphs import document
from tests.flows.graph.problem_cases import CASES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "graph-format.md").read_text(encoding="utf-8")
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
