"""From a JSON value to a graph, or all structural problems at once."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flows.errors import GraphInvalid, Problem
from flows.graph.document import FORMAT
from flows.graph.limits import limit_problems, parse_text
from flows.graph.models import (
    MAX_CONFIG_BYTES,
    MAX_TIMEOUT_S,
    EdgePart,
    FlowDocument,
    NodePart,
    Part,
    SettingsPart,
)
from flows.graph.schema import Edge, Graph, Node, OnError, Position, Retry
from flows.graph.settings import Concurrency, Settings
from flows.graph.words import pointer, sentence

__all__ = ["parse", "parse_text"]

MAX_PROBLEMS = 500
MANY_PROBLEMS = 2_000


def parse(document: object) -> Graph:
    """Read a flow document.

    Raises: GraphInvalid with all structural problems, the first 500 of them.
    """
    if problems := limit_problems(document):
        raise GraphInvalid(problems)
    try:
        parsed = FlowDocument.model_validate(document)
    except ValidationError as error:
        details = islice(_details(error, document), MAX_PROBLEMS)
        raise GraphInvalid([_problem(each, document) for each in details]) from None
    if problems := [*_repeated_ids(parsed), *_large_configs(parsed)]:
        raise GraphInvalid(problems)
    return Graph(
        name=parsed.name,
        input_schema=parsed.input_schema,
        nodes=tuple(_node(part) for part in parsed.nodes),
        edges=tuple(_edge(part) for part in parsed.edges),
        settings=_settings(parsed.settings),
        ui=parsed.ui,
    )


def _settings(part: SettingsPart) -> Settings:
    given = part.concurrency
    return Settings(
        durability=part.durability,
        deadline_s=part.deadline_s,
        priority=part.priority,
        concurrency=Concurrency(**given.model_dump()) if given else None,
        data_class=part.data_class,
    )


def _node(part: NodePart) -> Node:
    return Node(
        id=part.id,
        type=part.type,
        type_version=part.type_version,
        label=part.label,
        config=part.config,
        position=Position(x=part.position.x, y=part.position.y),
        parent=part.parent,
        retry=_retry(part),
        on_error=_on_error(part),
        timeout_s=part.timeout_s,
        queue=part.queue,
        ui=part.ui,
    )


def _retry(part: NodePart) -> Retry | None:
    if part.retry is None:
        return None
    return Retry(**{**part.retry.model_dump(), "on": tuple(part.retry.on)})


def _on_error(part: NodePart) -> OnError | None:
    if part.on_error is None:
        return None
    return OnError(action=part.on_error.action, output=part.on_error.output)


def _edge(part: EdgePart) -> Edge:
    return Edge(
        id=part.id,
        source=part.source,
        source_port=part.source_port,
        target=part.target,
        target_port=part.target_port,
        is_feedback=part.kind == "feedback",
        max_rounds=part.max_rounds,
    )


def _details(error: ValidationError, document: Any) -> Iterator[ErrorDetails]:  # noqa: ANN401
    """What does not fit, node by node if so much is wrong that listing it takes long."""
    if error.error_count() <= MANY_PROBLEMS or not isinstance(document, dict):
        yield from error.errors()
        return
    shown = dict(islice(document.items(), MANY_PROBLEMS))
    yield from _part_details(FlowDocument, {**shown, "nodes": [], "edges": []}, ())
    for key, part in (("nodes", NodePart), ("edges", EdgePart)):
        parts = document.get(key)
        for place, each in enumerate(parts if isinstance(parts, list) else ()):
            yield from _part_details(part, each, (key, place))


def _part_details(
    part: type[Part], value: object, place: tuple[int | str, ...]
) -> Iterator[ErrorDetails]:
    try:
        part.model_validate(value)
    except ValidationError as error:
        for detail in error.errors():
            yield {**detail, "loc": (*place, *detail["loc"])}


def _large_configs(parsed: FlowDocument) -> Iterator[Problem]:
    for place, node in enumerate(parsed.nodes):
        size = len(orjson.dumps(node.config))
        if size > MAX_CONFIG_BYTES:
            yield Problem(
                code="config_too_large",
                message=f"The config of '{node.id}' has {size:,} bytes, and "
                f"{MAX_CONFIG_BYTES:,} are allowed. Move what it holds into the input "
                "or another node.",
                node_id=node.id,
                pointer=f"/nodes/{place}/config",
            )


def _repeated_ids(parsed: FlowDocument) -> Iterator[Problem]:
    for node_id, count in Counter(node.id for node in parsed.nodes).items():
        if count > 1:
            yield Problem(
                code="node_id_duplicate",
                message=f"{count} nodes have the id '{node_id}'. "
                "Give each node an id of its own.",
                node_id=node_id,
            )
    for edge_id, count in Counter(edge.id for edge in parsed.edges).items():
        if count > 1:
            yield Problem(
                code="edge_id_duplicate",
                message=f"{count} edges have the id '{edge_id}'. "
                "Give each edge an id of its own.",
                edge_id=edge_id,
            )


def _problem(detail: ErrorDetails, document: object) -> Problem:
    path = detail["loc"]
    owner = _owner_id(path, document)
    noun = {"nodes": "Node", "edges": "Edge"}.get(str(path[0]) if path else "")
    return Problem(
        code=_code(detail),
        message=(f"{noun} '{owner}': " if noun and owner else "") + _message(detail),
        pointer=pointer(detail),
        node_id=owner if path[:1] == ("nodes",) else None,
        edge_id=owner if path[:1] == ("edges",) else None,
    )


def _code(detail: ErrorDetails) -> str:
    path, kind = detail["loc"], detail["type"]
    if kind == "missing":
        return "field_missing"
    if kind == "extra_forbidden":
        return "key_unknown"
    if path == ("format",):
        return "format_unsupported"
    if path[:1] == ("nodes",) and len(path) == 3:
        return {
            "id": "node_id_invalid",
            "timeout_s": "node_timeout_out_of_range",
        }.get(str(path[2]), "field_invalid")
    return "field_invalid"


def _message(detail: ErrorDetails) -> str:
    match _code(detail), detail["input"]:
        case "format_unsupported", found:
            return f'The format is {found!r}. Write "{FORMAT}".'
        case "node_timeout_out_of_range", int() | float() as seconds:
            return (
                f"Time limit is {seconds:g} s. "
                f"Enter more than 0 and at most {MAX_TIMEOUT_S} seconds."
            )
        case "node_id_invalid", str() as node_id:
            return (
                f"The id '{node_id[:60]}' cannot be used in expressions. Start "
                "with a letter a to z; then a to z, digits and _, 40 at most."
            )
    return sentence(detail)


def _owner_id(path: tuple[int | str, ...], document: Any) -> str | None:  # noqa: ANN401
    if len(path) < 2 or path[0] not in ("nodes", "edges"):
        return None
    part = document[path[0]][path[1]]
    found = part.get("id") if isinstance(part, dict) else None
    return found if isinstance(found, str) else None
