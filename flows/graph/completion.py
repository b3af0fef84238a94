"""What an expression may name where it stands, for an editor that completes names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Literal

from flows.expressions.variables import MEANINGS
from flows.graph import shapes
from flows.graph.catalog import SET_CONTEXT
from flows.graph.checks.context import Catalog, Context
from flows.graph.checks.nodes import read_context
from flows.graph.checks.references import find_fault, find_gap, variables_at
from flows.graph.schema import Graph, Node
from flows.graph.shapes import NAMES, Schema
from flows.graph.uses import OF_ITEM, ExpressionUse

# In a config, in one that is evaluated for each item, and in retry.when.
Place = Literal["config", "each", "retry"]
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_NAMES, MAX_FIELDS_DEEP = 1_000, 3
ENTRY = "[]"
NOTHING_MORE: Mapping[str, Schema] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name as it is written, with what its value is in words, and what it means.

    `asks_first` tells of a step that some runs skip: it is only there after has(). An
    `entry` is not written itself: `input.items[]` and `input.items[].price` are what the
    variable of a macro over the list stands for.
    """

    name: str
    kind: Literal["variable", "step", "field", "entry"]
    type: str = ""
    help: str = ""
    asks_first: bool = False


def names_at(
    graph: Graph,
    catalog: Catalog,
    node_id: str,
    place: Place = "config",
    *,
    outputs: Mapping[str, Schema] = NOTHING_MORE,
) -> list[Name]:
    """List the variables, steps and known fields that exist there, at most 1,000.

    Variables come first, then the steps in stored order, each before its fields.
    `outputs` are what is known of the outputs of nodes beyond their types.
    """
    context, _problems = read_context(graph, catalog)
    context = replace(context, outputs=outputs)
    return list(islice(_names(context, graph.node(node_id), place), MAX_NAMES))


def names_in_key(graph: Graph, catalog: Catalog) -> list[Name]:
    """List what the key of the flow's concurrency may name: the input, as above."""
    context, _problems = read_context(graph, catalog)
    return list(islice(_variable(context, "input", graph.input_schema), MAX_NAMES))


def _names(context: Context, node: Node, place: Place) -> Iterator[Name]:
    if place == "retry":
        yield from _variable(context, "output", context.known.output(node.id))
    else:
        yield from _variables(context, node, place)
        yield from _steps(context, node, place)


def _variables(context: Context, node: Node, place: Place) -> Iterator[Name]:
    there = variables_at(context, node) | set(OF_ITEM if place == "each" else ())
    for name in MEANINGS:
        if name in there:
            schema = context.known.schema(node.id, (name,))
            if place == "each" and name == "item":
                schema = context.known.entry(node.id)
            yield from _variable(context, name, schema)
            if name == "context":
                yield from _context_fields(context, node)


def _steps(context: Context, node: Node, place: Place) -> Iterator[Name]:
    use = ExpressionUse(
        pointer="", words=0, provides=OF_ITEM if place == "each" else ()
    )
    for other in _seen(context, node, use):
        name = f"steps.{other.id}"
        schema = context.known.output(other.id)
        yield Name(
            name=name,
            kind="step",
            type=_kind(context, schema),
            help=other.label or other.type,
            asks_first=find_gap(context, node, other.id, use) is not None,
        )
        yield from _fields(context, name, schema)


def _seen(context: Context, node: Node, use: ExpressionUse) -> Iterator[Node]:
    """The nodes whose outputs can be there, in stored order."""
    for other in context.graph.nodes:
        is_placed = {node.id, other.id} <= context.ways.place.keys()
        if is_placed and find_fault(context, node, other.id, use) is None:
            yield other


def _context_fields(context: Context, node: Node) -> Iterator[Name]:
    """Names that nodes before this one set."""
    use = ExpressionUse(pointer="", words=0)
    for other in _seen(context, node, use):
        if other.type == SET_CONTEXT:
            yield from _fields(context, "context", context.known.output(other.id))


def _variable(context: Context, name: str, schema: Schema | None) -> Iterator[Name]:
    kind = _kind(context, schema)
    yield Name(name=name, kind="variable", type=kind, help=MEANINGS[name])
    yield from _fields(context, name, schema)


def _fields(
    context: Context, name: str, schema: Schema | None, depth: int = 1
) -> Iterator[Name]:
    root = context.graph.input_schema
    kind: Literal["field", "entry"] = "entry" if ENTRY in name else "field"
    entry = shapes.items(schema, root)
    if entry is not None and depth < MAX_FIELDS_DEEP:
        one = f"{name}{ENTRY}"
        yield Name(name=one, kind="entry", type=_kind(context, entry))
        yield from _fields(context, one, entry, depth + 1)
    for key, inner in shapes.fields(schema, root).items():
        if not IDENTIFIER.fullmatch(key):
            continue
        written = f"{name}.{key}"
        text = inner.get("description", inner.get("title", ""))
        says = _kind(context, inner)
        yield Name(name=written, kind=kind, type=says, help=str(text))
        if depth < MAX_FIELDS_DEEP:
            yield from _fields(context, written, inner, depth + 1)


def _kind(context: Context, schema: Schema | None) -> str:
    kinds = shapes.kinds(schema, context.graph.input_schema) or ()
    return " or ".join(dict.fromkeys(NAMES.get(kind, kind) for kind in sorted(kinds)))
