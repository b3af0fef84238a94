"""What uses a model or a flow: the flows that name it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from flows.models import Flow
from orchestrator_site.accounts.api import Workspace


class Use(NamedTuple):
    """A flow that names something, and as what; in its draft, in what is published.

    `names` are aliases of a model, or numbers of a flow's versions.
    """

    flow: Flow
    names: tuple[str, ...]
    in_draft: bool
    in_published: bool


class Sought(NamedTuple):
    """A kind of node, the field that names what is sought, and the one that says which."""

    type: str
    field: str
    name: str
    which: str
    usual: str = ""


def list_uses(workspace: Workspace, model: str) -> list[Use]:
    """The flows whose draft or published version calls the model, by their names."""
    return _uses(workspace, Sought("model", "model", model, "alias", "champion"))


def list_callers(flow: Flow) -> list[Use]:
    """The flows whose draft or published version runs a version of this one."""
    return _uses(flow.workspace, Sought("subflow", "flow", flow.slug, "version"))


def _uses(workspace: Workspace, sought: Sought) -> list[Use]:
    """Every flow's documents are read, in one query."""
    flows = Flow.objects.in_workspace(workspace).select_related("published")
    found = (_use(flow, sought) for flow in flows.order_by("name").iterator(100))
    return [use for use in found if use is not None]


def _use(flow: Flow, sought: Sought) -> Use | None:
    draft = set(_names(bytes(flow.draft), sought))
    published = flow.published
    live = set(_names(bytes(published.document), sought)) if published else set()
    if not draft and not live:
        return None
    return Use(flow, tuple(sorted(draft | live)), bool(draft), bool(live))


def _names(document: bytes, sought: Sought) -> Iterator[str]:
    """As what a document names it; drafts may be unfinished."""
    if sought.name.encode() not in document:
        return
    nodes = orjson.loads(document).get("nodes", [])
    for node in nodes if isinstance(nodes, list) else []:
        config: Any = node.get("config") if isinstance(node, dict) else None
        if not isinstance(config, dict) or node.get("type") != sought.type:
            continue
        if config.get(sought.field) == sought.name:
            yield str(config.get(sought.which, sought.usual))
