"""Which flows call a model."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from flows.models import Flow
from orchestrator_site.accounts.api import Workspace


class Use(NamedTuple):
    """A flow that calls a model, by which aliases; in its draft, in what is published."""

    flow: Flow
    aliases: tuple[str, ...]
    in_draft: bool
    in_published: bool


def list_uses(workspace: Workspace, model: str) -> list[Use]:
    """The flows whose draft or published version names the model, by their names.

    Every flow's documents are read, in one query.
    """
    flows = Flow.objects.in_workspace(workspace).select_related("published")
    found = (_use(flow, model) for flow in flows.order_by("name").iterator(100))
    return [use for use in found if use is not None]


def _use(flow: Flow, model: str) -> Use | None:
    draft = set(_aliases(bytes(flow.draft), model))
    published = flow.published
    live = set(_aliases(bytes(published.document), model)) if published else set()
    if not draft and not live:
        return None
    return Use(flow, tuple(sorted(draft | live)), bool(draft), bool(live))


def _aliases(document: bytes, model: str) -> Iterator[str]:
    """The aliases by which a document names the model; drafts may be unfinished."""
    if model.encode() not in document:
        return
    nodes = orjson.loads(document).get("nodes", [])
    for node in nodes if isinstance(nodes, list) else []:
        config: Any = node.get("config") if isinstance(node, dict) else None
        if isinstance(config, dict) and config.get("model") == model:
            yield str(config.get("alias", "champion"))
