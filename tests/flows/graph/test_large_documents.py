"""Five thousand nodes are validated in a moment, and hostile documents refused in one."""

import time

import pytest

from flows.errors import GraphInvalid, Problem
from flows.graph.parse import parse, parse_text
from flows.graph.validate import MAX_PROBLEMS, validate
from flows.nodes.registry import NODE_TYPES
from tests.flows.graph.hostile_documents import HOSTILE, parallel_outputs
from tests.flows.graph.large_graphs import SOUND

# Of the processor, many times what it takes: what grows with the square takes longer.
SECONDS = 6


def problems_of(document: object) -> list[Problem]:
    began = time.process_time()
    try:
        if isinstance(document, bytes):
            document = parse_text(document)
        found = validate(parse(document), NODE_TYPES)
    except GraphInvalid as error:
        found = error.problems
    assert time.process_time() - began < SECONDS
    return found


@pytest.mark.parametrize("name", SOUND)
def test_a_large_sound_graph_has_no_errors(name: str) -> None:
    found = problems_of(SOUND[name]())
    assert [each for each in found if each.severity == "error"] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_with_the_place_named(name: str) -> None:
    case = HOSTILE[name]
    first = problems_of(case.make())[0]
    assert (first.code, first.node_id or first.edge_id or first.pointer) == (
        case.code,
        case.place,
    )
    assert len(first.message) < 400


def test_of_many_problems_the_first_errors_are_kept() -> None:
    found = problems_of(parallel_outputs())
    assert len(found) <= MAX_PROBLEMS
    assert {each.severity for each in found} == {"error"}
