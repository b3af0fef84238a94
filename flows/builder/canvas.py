"""What `<flow-editor>` is given: a flow and how its nodes look."""

from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static

from flows.builder.palette import face, types
from flows.builder.words import words


def canvas_data(document: Mapping[str, Any]) -> dict[str, Any]:
    """A flow document for `{{ data|json_script:"…" }}`; the element names that id."""
    return {
        "document": document,
        "faces": faces(document),
        "types": types(),
        "words": words(),
        "sprite": static("vendor/icons.svg"),
    }


def faces(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The faces of all nodes by id."""
    return {
        node["id"]: face(node["type"], node.get("config", {}))
        for node in document["nodes"]
    }
